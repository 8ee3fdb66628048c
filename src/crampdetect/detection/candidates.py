"""Find stretches of activity in one channel by hysteresis over the resting level.

Written rules
-------------
- A candidate opens at the first window at or above ``on`` times the resting level; its first window
  is found by walking back while the level was above ``off``, never into the candidate before.
- It ends when 3 s pass below ``off``, or 10 s nearer to rest than to its plateau (their geometric
  mean; the plateau is the highest level that was held for 3 s): a tone raised for minutes after a
  cramp is none of it, while a cramp that wanes for some seconds is one.
- It bridges up to 30 s that cannot be judged (gap, lead-off, mains, clipping); after that it ends
  where it was last seen.
- At 20 min it is cut off, and the next one opens only after a quiet 3 s.
- While it lasts it is shown every 2 s from 8 s on, every 5 s after 15 s and every 30 s after a
  minute, at fixed window indices after its opening.
"""

from collections import deque

import numpy as np

from crampdetect.detection.event_extent import nearer_to_plateau
from crampdetect.detection.flow import Aligned, Candidate, Progress
from crampdetect.detection.rows import COLUMNS, CONTEXT_WINDOWS, row_column, rows_of
from crampdetect.detection.stage import Stage
from crampdetect.detection.types import Array

__all__ = ["Candidates"]

#: In windows of 0.5 s; the rules above say why. What came before is kept for 30 s.
QUIET_WINDOWS = 6
FALLEN_WINDOWS = 20
BRIDGED_WINDOWS = 60
LONGEST_WINDOWS = 2400
HELD_WINDOWS = 6
FIRST_LOOK_WINDOWS = 16
#: Up to which length, and how often: an alert has 15 s from the onset.
LOOKS = ((28, 4), (120, 10), (LONGEST_WINDOWS, 60))
#: How restless the last minutes were: a running mean that forgets within 5 min [A]; and the last
#: half hour, since the tone of REM sleep can stay up as long [A].
RECENT_WINDOWS, LASTING_WINDOWS = 600.0, 3600.0
#: Their columns in a row.
RESTLESS = slice(row_column("recent_activity"), row_column("lasting_activity") + 1)
MOST_ROWS = 2 * CONTEXT_WINDOWS + LONGEST_WINDOWS


class Candidates(Stage[Aligned, "Candidate | Progress"]):
    """Candidates of one channel, open ones shown as they last.

    Parameters
    ----------
    channel : int
    on, off : float
        Multiples of the resting level.
    """

    def __init__(self, channel: int, on: float, off: float) -> None:
        self._channel, self._on, self._off = channel, on, off
        self._rows: Array = np.empty((MOST_ROWS, len(COLUMNS)))
        self._have = 0
        self._opened = 0
        self._last_active = 0
        self._unknown = 0
        self._open = False
        self._spent = False
        self._calm = self._low = 0
        self._window = 0
        self._horizon = 0
        self._barrier = 0.0
        self._held: deque[float] = deque(maxlen=HELD_WINDOWS)
        self._fallen = off
        self._recent = [0.0, 0.0, 0.0]

    def push(self, item: Aligned) -> list[Candidate | Progress]:
        """Candidates that ended, looks at the open one, and how far the channel has come."""
        out: list[Candidate | Progress] = []
        table = rows_of(item, self._channel)
        valid = table[:, 3] == 1.0
        ratio = np.zeros(item.count)
        np.divide(table[:, 1], table[:, 2], out=ratio, where=valid)
        for row, good, times in zip(table, valid.tolist(), ratio.tolist(), strict=True):
            self._note(row, good, times)
            self._append(row)
            out += self._continue(good, times) if self._open else self._wait(good, times)
        self._window = item.first + item.count
        out.append(self._progress())
        return out

    def flush(self) -> list[Candidate | Progress]:
        """The candidate that lasted to the end."""
        out: list[Candidate | Progress] = []
        if self._open:
            out.append(self._close(too_long=False))
        out.append(Progress(self._channel, self._window, self._window + CONTEXT_WINDOWS, False))
        return out

    def _progress(self) -> Progress:
        earliest = self._window - CONTEXT_WINDOWS
        if self._open:
            earliest = int(self._rows[self._opened, 0])
        # A new candidate never walks back past the quiet that ended the one before.
        self._horizon = max(self._horizon, earliest)
        return Progress(self._channel, self._window, self._horizon, self._open)

    def _note(self, row: Array, valid: bool, ratio: float) -> None:
        """Write into `row` how restless muscle and leg were before it, and follow both."""
        activity, motion, lasting = self._recent
        row[RESTLESS] = activity, motion, lasting
        if valid:
            active = float(ratio >= self._off)
            activity += (active - activity) / RECENT_WINDOWS
            lasting += (active - lasting) / LASTING_WINDOWS
        moves = float(row[row_column("moving")])
        if moves == moves:
            motion += (moves - motion) / RECENT_WINDOWS
        self._recent = [activity, motion, lasting]

    def _append(self, row: Array) -> None:
        if not self._open and self._have >= 2 * CONTEXT_WINDOWS:
            self._keep(CONTEXT_WINDOWS)
        self._rows[self._have] = row
        self._have += 1

    def _keep(self, count: int) -> None:
        """Forget all but the last `count` rows."""
        count = min(count, self._have)
        self._rows[:count] = self._rows[self._have - count : self._have].copy()
        self._have = count

    def _wait(self, valid: bool, ratio: float) -> list[Candidate | Progress]:
        if valid:
            self._calm = self._calm + 1 if ratio < self._off else 0
        if self._spent and self._calm >= QUIET_WINDOWS:
            self._spent = False
        if valid and ratio >= self._on and not self._spent:
            self._begin()
        return []

    def _begin(self) -> None:
        self._keep(CONTEXT_WINDOWS + 1)
        self._opened = self._last_active = self._have - 1
        while self._opened and self._is_above(self._rows[self._opened - 1]):
            self._opened -= 1
        self._unknown = self._calm = self._low = 0
        self._held.clear()
        self._fallen = self._off
        self._open = True

    def _is_above(self, row: Array) -> bool:
        return bool(row[0] >= self._barrier and row[3] == 1.0 and row[1] >= self._off * row[2])

    def _hold(self, ratio: float) -> None:
        """Follow the plateau."""
        self._held.append(ratio)
        if len(self._held) == HELD_WINDOWS:
            self._fallen = max(self._fallen, nearer_to_plateau(min(self._held), self._off))

    def _continue(self, valid: bool, ratio: float) -> list[Candidate | Progress]:
        if valid:
            self._hold(ratio)
        if not valid:
            self._unknown += 1
        elif ratio >= self._fallen:
            self._last_active = self._have - 1
            self._unknown = self._calm = self._low = 0
        else:
            self._calm = self._calm + 1 if ratio < self._off else 0
            self._low += 1
        lasted = self._have - self._opened
        fallen = self._calm >= QUIET_WINDOWS or self._low >= FALLEN_WINDOWS
        if fallen or self._unknown >= BRIDGED_WINDOWS:
            return [self._close(too_long=False)]
        if lasted >= LONGEST_WINDOWS:
            self._spent = True
            return [self._close(too_long=True)]
        every = next(step for longest, step in LOOKS if lasted <= longest)
        if lasted >= FIRST_LOOK_WINDOWS and lasted % every == 0:
            return [self._candidate(ended=False, too_long=False)]
        return []

    def _close(self, too_long: bool) -> Candidate:
        candidate = self._candidate(ended=True, too_long=too_long)
        self._barrier = float(self._rows[self._have - 1, 0]) + 1.0
        self._keep(CONTEXT_WINDOWS)
        self._open = False
        self._calm = 0
        return candidate

    def _candidate(self, ended: bool, too_long: bool) -> Candidate:
        return Candidate(
            self._channel,
            self._rows[: self._have].copy(),
            self._opened,
            self._last_active + 1,
            ended,
            too_long,
        )
