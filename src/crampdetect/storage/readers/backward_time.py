"""Time stamps that run backwards for good: two recordings in one file, or a clock that was set."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Protocol

import numpy as np

from crampdetect.detection.types import Array
from crampdetect.errors import RecordingError
from crampdetect.storage.readers.losses import StampLoss

__all__ = ["refuse_backward_time"]


class _Rows(Protocol):
    def place(self, row: int) -> str:
        """Where a row is in the file, for a sentence."""


def refuse_backward_time(
    path: Path, blocks: Iterable[Array], loss: StampLoss, grid: _Rows
) -> Iterator[Array]:
    """Pass rows on while their time rises.

    A step back is tolerated below one sample (and the rounding of the stamps), below
    ``loss.jitter`` where the stamps are times of arrival, and in a single damaged stamp; equal
    stamps are no step back.

    Parameters
    ----------
    path : Path
    blocks : iterable of Array, shape (n_rows, n_columns)
        The stamps are the first column; NaN where there is none.
    loss : StampLoss
        Rate, unit and rounding of the stamps.
    grid : object with ``place(row)``
        Names the place of a row, only asked for a refusal.

    Yields
    ------
    Array

    Raises
    ------
    RecordingError
        Time falls behind what was reached, for two rows or more.

    Examples
    --------
    >>> from fractions import Fraction
    >>> class Lines:
    ...     def place(self, row):
    ...         return f"line {row + 2}"
    >>> rows = np.array([[0.0], [0.01], [0.02], [0.03], [0.0], [0.01]])
    >>> list(refuse_backward_time(Path("a.csv"), [rows], StampLoss(0, Fraction(100)), Lines()))
    Traceback (most recent call last):
    ...
    crampdetect.errors.RecordingError: a.csv: time runs backwards at line 6: 0.03 s then 0.0 s; \
expected rising times
    """
    period = 1 / float(loss.rate)
    tolerated = max(period + 2 * loss.rounding, loss.jitter if loss.estimated else 0.0)
    watch = _Watch(period / loss.stamp_unit, tolerated / loss.stamp_unit)
    for rows in blocks:
        fall = watch.fall(rows[:, 0])
        if fall is not None:
            row, before, after = fall
            # To the microsecond: a unit such as 1e-3 leaves binary dust behind the printed digits.
            before, after = round(before * loss.stamp_unit, 6), round(after * loss.stamp_unit, 6)
            raise RecordingError(
                f"{path}: time runs backwards at {grid.place(row)}: {before} s then {after} s; "
                "expected rising times"
            )
        yield rows


class _Watch:
    """Compares two neighbouring stamps with the highest two neighbours before them.

    One damaged stamp can thus neither be the time that was reached nor a fall behind it.
    """

    def __init__(self, period: float, tolerated: float) -> None:
        self._period, self._tolerated = period, tolerated
        self._stamps, self._rows = np.empty(0), np.empty(0, dtype=np.int64)
        self._highest = -np.inf
        self._n_rows = 0

    def fall(self, stamps: Array) -> tuple[int, float, float] | None:
        """First row behind the time that was reached: its number, the stamp before, its stamp."""
        known = np.flatnonzero(np.isfinite(stamps))
        times = np.concatenate((self._stamps, stamps[known]))
        rows = np.concatenate((self._rows, known + self._n_rows))
        self._n_rows += len(stamps)
        # Three are kept: the next stamp needs the pair before it, the last one its neighbour.
        self._stamps, self._rows = times[-3:], rows[-3:]
        if len(times) < 4:
            return None
        # Each pair as its later, and as its earlier stamp says it, a sample period apart.
        reached = np.minimum(times[:-1] + self._period, times[1:])
        reached = np.maximum.accumulate(np.maximum(reached, self._highest))
        follows = np.maximum(times[:-1], times[1:] - self._period)
        self._highest = float(reached[-3])
        falls = np.flatnonzero(follows[2:] < reached[:-2] - self._tolerated)
        if not falls.size:
            return None
        at = int(falls[0]) + 2
        return int(rows[at]), float(times[at - 1]), float(times[at])
