"""Time stamps against the sample count: a level that rises for good where samples were lost."""

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from crampdetect.detection.types import Array

__all__ = ["ExpectedLevel", "LevelWatch", "LevelledRows", "LostRows", "with_levels"]

#: Rows of a recording, and how many samples were lost before each of them.
LostRows = tuple[Array, NDArray[np.int64]]
#: The same with a level (or a rise of it) for each row, in samples.
LevelledRows = tuple[Array, NDArray[np.int64], Array]


class ExpectedLevel:
    """How far stamps are ahead of the sample count, in samples, since the first stamp."""

    def __init__(self, rate: float, unit: float) -> None:
        self._rate, self._unit = rate, unit
        self._origin = np.nan
        self._rows = 0
        self._last = 0.0

    def levels(self, stamps: Array, lost: NDArray[np.int64]) -> Array:
        """Levels of consecutive rows; a row without stamp keeps the level before it."""
        finite = stamps[np.isfinite(stamps)]
        if np.isnan(self._origin) and finite.size:
            self._origin = float(finite[0])
        index = self._rows + np.arange(len(stamps)) + np.cumsum(lost)
        level = (stamps - self._origin) * self._unit * self._rate - index
        last_known = np.maximum.accumulate(np.where(np.isfinite(level), np.arange(len(level)), -1))
        level = np.where(last_known >= 0, level[last_known], self._last)
        if len(level):
            self._rows, self._last = int(index[-1]) + 1, float(level[-1])
        return level


def with_levels(
    blocks: Iterable[LostRows], expected: ExpectedLevel, column: int
) -> Iterator[LevelledRows]:
    """Yield the rows with the level of each; `column` of the rows holds the stamps."""
    for rows, lost in blocks:
        yield rows, lost, expected.levels(rows[:, column], lost)


class LevelWatch:
    """Finds rises of the level that last: its lowest value before against its lowest after.

    A delay (stall, then backlog) lifts the level for a while; a loss lifts it for good.
    """

    def __init__(self, threshold: float, window: int, *, jitters: bool = True) -> None:
        self._threshold = threshold
        # Delays only lift the level; without any, what is too low is a damaged stamp.
        self._before = np.min if jitters else np.max
        self._window = max(window, 1)

    def rises(self, blocks: Iterable[LevelledRows]) -> Iterator[LevelledRows]:
        """Yield the rows with the rise at each, in samples; holds back one window of rows."""
        recent = np.empty(0)
        pending: LevelledRows | None = None
        for block in blocks:
            pending = block if pending is None else _join(pending, block)
            ready = len(pending[2]) - self._window
            if ready > 0:
                rise, recent = self._find(recent, pending[2], ready)
                yield pending[0][:ready], pending[1][:ready], rise
                pending = (pending[0][ready:], pending[1][ready:], pending[2][ready:])
        if pending is not None and len(pending[2]):
            rise, _ = self._find(recent, pending[2], len(pending[2]))
            yield pending[0], pending[1], rise

    def _find(self, recent: Array, level: Array, ready: int) -> tuple[Array, Array]:
        before = len(recent)
        joined = np.concatenate((recent, level))
        rise = np.zeros(ready)
        steps = np.diff(joined[: before + ready], prepend=joined[:1])
        start = 0
        for at in np.flatnonzero(steps > self._threshold):
            if at < max(before, 1):
                continue
            level_before = float(self._before(joined[max(start, at - self._window) : at]))
            lasting = float(joined[at : at + self._window].min()) - level_before
            if lasting > self._threshold:
                rise[at - before] = lasting
                start = int(at)
        end = before + ready
        return rise, joined[max(start, end - self._window) : end]


def _join(first: LevelledRows, second: LevelledRows) -> LevelledRows:
    return (
        np.concatenate((first[0], second[0])),
        np.concatenate((first[1], second[1])),
        np.concatenate((first[2], second[2])),
    )
