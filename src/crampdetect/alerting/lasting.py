"""Which looks of the detector belong to one lasting cramp, and what became of it. Pure.

An open event is looked at again and again, by every channel, and its onset may be seen better each
time. A person is told once: at the first look that says cramp. Looks that say something else
change nothing, since only the final verdict is one; that comes after 30 s of quiet.
"""

from fractions import Fraction
from typing import Literal

from crampdetect.detection.grid import BIN_LENGTH, BINS_PER_STEP, BINS_PER_WINDOW, bound
from crampdetect.detection.merging import CRAMP_LIKE
from crampdetect.detection.types import Episode, Provisional

__all__ = ["LastingCramp", "Outcome"]

Outcome = Literal["over", "withdrawn"]
#: Longest time between two looks (30 s) and between two pieces of one cramp (30 s), in 50-ms bins:
#: a look within both belongs to the cramp before.
SAME_BINS = 1200
#: Without a look for so many windows of 0.5 s, and without a verdict, nothing goes on any more:
#: more than twice what the detector takes to settle (60 s) [A].
FORGOTTEN_WINDOWS = 300


class LastingCramp:
    """Follows the cramp that seems to be going on, if any."""

    def __init__(self) -> None:
        self._onset_bin: int | None = None
        self._cramp_bin = self._last_bin = 0

    @property
    def lasts(self) -> bool:
        """Whether a cramp was told that is not settled yet."""
        return self._onset_bin is not None

    def look(self, provisional: Provisional) -> bool:
        """Whether this is a cramp that nobody was told of."""
        reached = _reached(provisional.window)
        same = self.lasts and provisional.onset_bin <= self._last_bin + SAME_BINS
        if same:
            self._last_bin = max(self._last_bin, reached)
        if provisional.kind != "cramp":
            return False
        self._onset_bin, self._cramp_bin, self._last_bin = provisional.onset_bin, reached, reached
        return not same

    def verdict(self, episode: Episode, rate: Fraction) -> Outcome | None:
        """What a final verdict says of it; None if it is of another event.

        Parameters
        ----------
        episode : Episode
        rate : Fraction
            That it counts in, in Hz.
        """
        if self._onset_bin is None:
            return None
        start = bound(self._onset_bin, BIN_LENGTH, rate)
        stop = bound(self._cramp_bin, BIN_LENGTH, rate)
        covered = min(episode.offset, stop) - max(episode.onset, start)
        if 2 * covered >= stop - start:
            self._onset_bin = None
            return "over" if episode.kind in CRAMP_LIKE else "withdrawn"
        # Verdicts come in order: behind it there will be none of it.
        return self._forget() if episode.onset >= stop else None

    def passed(self, window: int) -> Outcome | None:
        """Time went on to `window`; what nothing was heard of for long is withdrawn."""
        silent = (window * BINS_PER_STEP - self._last_bin) > FORGOTTEN_WINDOWS * BINS_PER_STEP
        return self._forget() if self.lasts and silent else None

    def _forget(self) -> Outcome:
        self._onset_bin = None
        return "withdrawn"


def _reached(window: int) -> int:
    """The bin up to which the window before `window` reaches."""
    return (window - 1) * BINS_PER_STEP + BINS_PER_WINDOW
