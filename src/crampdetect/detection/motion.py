"""From acceleration to windows: how much the leg moves and how it lies."""

from fractions import Fraction

import numpy as np

from crampdetect.detection.flow import MotionWindows
from crampdetect.detection.grid import WINDOW_STEP, bound, bounds, first_at, last_before
from crampdetect.detection.stage import Stage
from crampdetect.detection.types import Array, Gap, Samples

__all__ = ["MotionWindowing"]


class MotionWindowing(Stage[Samples | Gap, MotionWindows]):
    """Cut acceleration into windows; every window index comes out exactly once.

    Parameters
    ----------
    rate : Fraction
        At least 4 Hz, so that a half window holds two samples.
    n_channels : int
        Axes; with fewer than three there is motion but no posture.
    """

    def __init__(self, rate: Fraction, n_channels: int) -> None:
        self._rate, self._axes = rate, n_channels
        self._next = 0
        self._values: Array = np.empty((0, n_channels))
        self._start = 0

    def push(self, item: Samples | Gap) -> list[MotionWindows]:
        """Windows that `item` completes, or that it says will never be complete."""
        if isinstance(item, Gap):
            self._values = np.empty((0, self._axes))
            # Only steps that lie wholly before the end of the gap: it may go on.
            return self._absent(last_before(item.stop, WINDOW_STEP, self._rate))
        if self._values.shape[0] == 0:
            self._start = item.start
        self._values = np.concatenate((self._values, item.values))
        skipped = self._absent(first_at(self._start, WINDOW_STEP, self._rate))
        return skipped + self._complete()

    def flush(self) -> list[MotionWindows]:
        """A window that is not full at the end is not judged."""
        return []

    def _absent(self, until: int) -> list[MotionWindows]:
        count = until - self._next
        if count <= 0:
            return []
        first, self._next = self._next, until
        return [MotionWindows(first, np.full(count, np.nan), np.full((count, 3), np.nan))]

    def _complete(self) -> list[MotionWindows]:
        stop = self._start + self._values.shape[0]
        count = last_before(stop, WINDOW_STEP, self._rate) - self._next - 1
        if count <= 0:
            return []
        edges = bounds(self._next, count + 2, WINDOW_STEP, self._rate)
        begin, end = int(edges[0]) - self._start, int(edges[-1]) - self._start
        values = self._values[begin:end]
        starts = edges[:-1] - edges[0]
        sums = np.add.reduceat(values, starts, axis=0)
        squares = np.add.reduceat(values * values, starts, axis=0)
        sizes = (edges[2:] - edges[:-2]).astype(np.float64)[:, np.newaxis]
        mean = (sums[:-1] + sums[1:]) / sizes
        variance = np.maximum((squares[:-1] + squares[1:]) / sizes - mean * mean, 0.0)
        total = variance[:, 0].copy()
        for axis in range(1, self._axes):
            total += variance[:, axis]
        gravity = np.full((count, 3), np.nan)
        if self._axes == 3:
            gravity[:] = mean
        out = MotionWindows(
            self._next,
            np.sqrt(total).astype(np.float32).astype(np.float64),
            gravity.astype(np.float32).astype(np.float64),
        )
        self._next += count
        keep = bound(self._next, WINDOW_STEP, self._rate)
        self._values = self._values[keep - self._start :].copy()
        self._start = keep
        return [out]
