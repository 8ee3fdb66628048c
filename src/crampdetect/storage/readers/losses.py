"""Samples that a recording lacks: told by a counter exactly, by time stamps within their jitter."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from crampdetect.detection.types import Array
from crampdetect.storage.readers.stamp_levels import (
    ExpectedLevel,
    LevelWatch,
    LostRows,
    with_levels,
)

__all__ = [
    "ARRIVAL_SECONDS",
    "BACKLOG_SECONDS",
    "CounterLoss",
    "Loss",
    "LostRows",
    "NoLoss",
    "StampLoss",
]

#: Stamps of arrival: a jump below 100 ms is taken for jitter of the link [A].
ARRIVAL_SECONDS = 0.1
#: A stalled link delivers late and then all at once; after this long (s) the backlog is in, and
#: only a true loss still shows (Bluetooth stalls last 0.5-2 s).
BACKLOG_SECONDS = 5
#: A device's clock may bear one damaged stamp; a loss still shows in the row after it.
GLITCH_ROWS = 2
#: 16-bit running counters (PLUX) start again here.
RUNNING_WRAP = 1 << 16


class Loss(Protocol):
    """A rule that finds lost samples."""

    @property
    def columns(self) -> tuple[int, ...]:
        """Columns of the file that it needs."""

    @property
    def estimated(self) -> bool:
        """Whether it goes by arrival times."""

    def apply(self, blocks: Iterable[Array]) -> Iterator[LostRows]:
        """Yield the rows again with the samples lost before each; the rule's columns come first."""


@dataclass(frozen=True, slots=True)
class NoLoss:
    """A file without counter and time: nothing can be missing."""

    columns: tuple[int, ...] = ()
    estimated: bool = False

    def apply(self, blocks: Iterable[Array]) -> Iterator[LostRows]:
        """Yield every row with no loss."""
        for rows in blocks:
            yield rows, np.zeros(len(rows), dtype=np.int64)


@dataclass(frozen=True, slots=True)
class CounterLoss:
    """Losses told by a sample counter.

    Parameters
    ----------
    counter : int
        Its column in the file.
    modulus : int or None
        The counter runs from 0 (or any number) to `modulus` - 1 further and starts again; None: it
        runs on (16-bit wrap and saturation understood).
    repeat : int
        Samples that bear the same count (OpenBCI Ganglion: 2 a packet).
    stamp : int or None
        A column of arrival times in seconds: tells losses of whole turns of the counter.
    rate : Fraction or None
        In Hz; needed with `stamp`.
    stamp_unit : float
        Seconds per unit of `stamp`.
    """

    counter: int
    modulus: int | None
    repeat: int = 1
    stamp: int | None = None
    rate: Fraction | None = None
    stamp_unit: float = 1.0

    @property
    def columns(self) -> tuple[int, ...]:
        """Counter, then stamps."""
        return (self.counter,) if self.stamp is None else (self.counter, self.stamp)

    @property
    def estimated(self) -> bool:
        """A counter is exact; arrival times only choose between whole turns."""
        return False

    def apply(self, blocks: Iterable[Array]) -> Iterator[LostRows]:
        """Yield the rows with the samples lost before each.

        Examples
        --------
        >>> rows = np.array([[14.0], [15.0], [0.0], [4.0]])
        >>> [lost.tolist() for _, lost in CounterLoss(0, 16).apply([rows])]
        [[0, 0, 0, 3]]
        """
        if self.modulus is None or self.stamp is None or self.rate is None:
            yield from self._counted(blocks)
            return
        turn = self.modulus * self.repeat
        watch = LevelWatch(turn / 2, round(BACKLOG_SECONDS * self.rate))
        expected = ExpectedLevel(float(self.rate), self.stamp_unit)
        held = with_levels(self._counted(blocks), expected, column=1)
        for rows, lost, rise in watch.rises(held):
            yield rows, lost + _whole(rise / turn) * turn

    def _counted(self, blocks: Iterable[Array]) -> Iterator[LostRows]:
        previous = np.nan
        for rows in blocks:
            count = rows[:, 0]
            steps = np.diff(count, prepend=previous)
            if len(count):
                previous = float(count[-1])
            yield rows, self._lost(steps)

    def _lost(self, steps: Array) -> NDArray[np.int64]:
        known = np.where(np.isfinite(steps), steps, 1.0)
        if self.modulus is None:
            known = np.where(known < -RUNNING_WRAP / 2, known + RUNNING_WRAP, known)
            lost = np.maximum(known - 1, 0)
        elif self.repeat == 1:
            lost = np.mod(known - 1, self.modulus)
        else:  # the same count again is the packet's next sample
            lost = np.maximum(np.mod(known, self.modulus) - 1, 0) * self.repeat
        return _whole(lost)


@dataclass(frozen=True, slots=True)
class StampLoss:
    """Losses told by time stamps.

    Parameters
    ----------
    stamp : int
        Their column in the file.
    rate : Fraction
        In Hz.
    stamp_unit : float
        Seconds per unit of the column.
    rounding : float
        Half a unit of the last digit of a stamp, in seconds.
    estimated : bool
        True for times of arrival: only a jump of 0.1 s that outlasts the backlog is a loss.
    jitter : float
        Seconds by which such times may run backwards.
    """

    stamp: int
    rate: Fraction
    stamp_unit: float = 1.0
    rounding: float = 0.0
    estimated: bool = False
    jitter: float = ARRIVAL_SECONDS

    @property
    def columns(self) -> tuple[int, ...]:
        """The stamps."""
        return (self.stamp,)

    def apply(self, blocks: Iterable[Array]) -> Iterator[LostRows]:
        """Yield the rows with the samples lost before each.

        Examples
        --------
        >>> rows = np.array([[0.0], [0.001], [0.005]])
        >>> [int(n) for _, lost in StampLoss(0, Fraction(1000)).apply([rows]) for n in lost]
        [0, 0, 3]
        """
        rate = float(self.rate)
        threshold, window = 0.5 + 2 * self.rounding * rate, GLITCH_ROWS
        if self.estimated:
            threshold = max(threshold, ARRIVAL_SECONDS * rate)
            window = round(BACKLOG_SECONDS * self.rate)
        watch = LevelWatch(threshold, window, jitters=self.estimated)
        held = with_levels(NoLoss().apply(blocks), ExpectedLevel(rate, self.stamp_unit), column=0)
        for rows, lost, rise in watch.rises(held):
            yield rows, lost + _whole(rise)


def _whole(lost: Array) -> NDArray[np.int64]:
    """Whole samples, bounded so that sums over a damaged file stay within 64 bits."""
    whole: NDArray[np.int64] = np.rint(np.nan_to_num(np.clip(lost, 0, 2.0**40))).astype(np.int64)
    return whole
