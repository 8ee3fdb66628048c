"""The resting level of a channel: what every amplitude is compared with.

Written rules
-------------
- Learnt once 30 s of usable windows are steady (60th over 10th percentile of RMS below 1.25: rest
  measured 1.1, a cramp that waxes and wanes 1.5 [A]); after 5 min of usable windows it is taken
  as it is, 20th percentile. Until then: warm-up.
- Then the median of the windows of the last 10 min that were quiet (below 1.5 times the level),
  looked at every 10 s, rising by at most 3 % and falling as it will. If 80 % of the last 30 s lie a
  fifth below the level, it drops to them at once: what was learnt was not rest.
- If that happens within 10 min of learning and by more than a third, the time since is taken back:
  a night that started within a cramp had learnt it as rest.
- A sudden fall to less than 0.6 of the lowest level of the last hours, 10 min or more after
  learning, is no muscle that relaxed but contact that was lost: the level stays, the quieter
  windows are lead-off, and after 20 min the level is learnt anew.
- A level that was raised but steady for 2 min, at most 2.5 times the old one, is the new rest (tone
  stays up to twice as high for minutes after a cramp; sweat raises the floor [A]).
- It bridges a gap of up to 5 min. After a longer one (the electrodes may have been put on again),
  and after 20 min without one quiet window, it is learnt anew.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from crampdetect.detection.contact_loss import ContactLoss
from crampdetect.detection.features import column
from crampdetect.detection.flow import EmgWindows, RestedWindows
from crampdetect.detection.order_statistics import median
from crampdetect.detection.quality import LEAD_OFF, VALID
from crampdetect.detection.ring import Ring
from crampdetect.detection.stage import Stage
from crampdetect.detection.types import Array

__all__ = ["RestingLevel"]

#: All in windows (0.5 s); the rules above say why.
LEARN_WINDOWS = 60
FALLBACK_WINDOWS = 600
MEMORY_WINDOWS = 1200
TICK_WINDOWS = 20
RECENT_WINDOWS = 60
FORGET_WINDOWS = 600
RESTLESS_WINDOWS = 2400
RAISED_WINDOWS = 240
PROBATION_WINDOWS = 1200
#: Ranks of the 10th and 60th percentile among them.
RAISED_RANKS = (24, 144)
HIGHEST_RAISED = 2.5
STEADY_RATIO = 1.25
QUIET_RATIO = 1.5
HIGHEST_RISE = 1.03
#: A fall by a fifth is more than the 1-s windows of a steady rest scatter (3-10 %) [A].
FALLEN_RATIO = 0.8
#: Rank of the 80th percentile among the recent windows.
FALLEN_RANK = 48
#: Where the LSB is unknown the level may not be zero; far below any amplifier's noise.
SMALLEST_LEVEL = 1e-9


class RestingLevel(Stage[EmgWindows, RestedWindows]):
    """Learn and follow the resting level of one channel.

    Parameters
    ----------
    resolution : float or None
        LSB of the channel: a level below its quantisation noise (LSB / sqrt(12)) is not believed.
    """

    def __init__(self, resolution: float | None) -> None:
        floor = SMALLEST_LEVEL if resolution is None else resolution / float(np.sqrt(12.0))
        self._floor = max(floor, SMALLEST_LEVEL)
        self._level = float("nan")
        self._learning = Ring(FALLBACK_WINDOWS)
        self._quiet = Ring(MEMORY_WINDOWS)
        self._recent = Ring(RECENT_WINDOWS)
        self._raised = Ring(RAISED_WINDOWS)
        self._absent = 0
        self._restless = 0
        self._learnt_at = 0
        self._contact = ContactLoss()

    def push(self, item: EmgWindows) -> list[RestedWindows]:
        """The same windows with their resting level."""
        count = item.quality.shape[0]
        level = np.empty(count)
        taken_back = np.full(count, -1, dtype=np.int64)
        rms = item.features[:, column("root_mean_square")]
        quality = item.quality.copy()
        start = 0
        while start < count:
            # The level changes at fixed window indices only, so cuts do not show.
            tick = TICK_WINDOWS - (item.first + start) % TICK_WINDOWS
            stop = min(count, start + tick)
            level[start:stop] = self._level
            usable = item.quality[start:stop] == VALID
            quality[start:stop][usable & self._contact.quieter(rms[start:stop])] = LEAD_OFF
            self._absorb(rms[start:stop], usable)
            if (item.first + stop) % TICK_WINDOWS == 0:
                taken_back[stop - 1] = self._tick(item.first + stop)
            start = stop
        return [RestedWindows(replace(item, quality=quality), level, taken_back)]

    def flush(self) -> list[RestedWindows]:
        """Nothing is owed."""
        return []

    def _absorb(self, rms: Array, usable: NDArray[np.bool_]) -> None:
        known = np.flatnonzero(usable)
        self._absent = self._absent + rms.shape[0]
        if known.shape[0] == 0:
            return
        self._absent = int(rms.shape[0] - 1 - known[-1])
        values = rms[known]
        if self._level != self._level:
            self._learning.extend(values)
            return
        self._recent.extend(values)
        values = values[~self._contact.quieter(values)]
        self._raised.extend(values)
        calm = np.flatnonzero(values < QUIET_RATIO * self._level)
        self._quiet.extend(values[calm])
        since = self._restless + values.shape[0]
        self._restless = int(values.shape[0] - 1 - calm[-1]) if calm.shape[0] else since

    def _tick(self, window: int) -> int:
        """Learn, follow or forget; return the window since which the level was none, or -1."""
        if self._absent > FORGET_WINDOWS or self._restless >= RESTLESS_WINDOWS:
            self._forget()
        elif self._contact.lost:
            if self._contact.wait(self._mostly_below(), TICK_WINDOWS):
                self._forget()
        elif self._level == self._level:
            before, since = self._level, self._learnt_at
            self._follow()
            if window - since >= PROBATION_WINDOWS and not self._contact.lost:
                self._contact.follow(self._level)
            if self._level * QUIET_RATIO < before and window - since < PROBATION_WINDOWS:
                self._learnt_at = window
                return since
        else:
            self._learn()
            self._learnt_at = window
        return -1

    def _forget(self) -> None:
        self._level = float("nan")
        self._learning.clear()
        self._quiet.clear()
        self._recent.clear()
        self._raised.clear()
        self._restless = 0
        self._contact.forget()

    def _mostly_below(self) -> float:
        """What 80 % of the last 30 s lie below."""
        return float(np.partition(self._recent.values(), FALLEN_RANK)[FALLEN_RANK])

    def _learn(self) -> None:
        held = self._learning.in_order()
        if held.shape[0] < LEARN_WINDOWS:
            return
        recent = held[-LEARN_WINDOWS:]
        low, high = np.percentile(recent, (10, 60))
        if high < STEADY_RATIO * low:
            learnt = recent
        elif held.shape[0] >= FALLBACK_WINDOWS:
            learnt = held[held <= np.percentile(held, 40)]
        else:
            return
        self._level = max(self._floor, median(learnt))
        self._quiet.refill(learnt)
        self._recent.refill(recent)
        self._learning.clear()

    def _follow(self) -> None:
        level = min(median(self._quiet.values()), self._level * HIGHEST_RISE)
        recent = self._recent.values()
        if recent.shape[0] == RECENT_WINDOWS:
            fallen = self._mostly_below()
            if self._contact.falls(fallen):
                return
            if fallen < FALLEN_RATIO * level:
                level = fallen
                # What is now above the new idea of quiet was not rest.
                quiet = self._quiet.values()
                kept = quiet[quiet < QUIET_RATIO * level]
                self._quiet.refill(kept if kept.shape[0] else recent)
        self._level = max(self._floor, level)
        self._accept_raised()

    def _accept_raised(self) -> None:
        """Take a steady, somewhat higher level for the new rest."""
        values = self._raised.values()
        if values.shape[0] < RAISED_WINDOWS:
            return
        low, high = np.partition(values, RAISED_RANKS)[list(RAISED_RANKS)].tolist()
        raised = QUIET_RATIO * self._level < low and high < HIGHEST_RAISED * self._level
        if raised and high < STEADY_RATIO * low:
            self._level = median(values)
            self._quiet.refill(values)
            self._restless = 0
