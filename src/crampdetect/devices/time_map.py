"""From sample indices to printed times, over all epochs of a night.

Decisions never ask it: they count at the nominal rate. It only prints, and says how long a time
without a link was.
"""

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from crampdetect.devices.arrival_line import FittedLine

__all__ = ["Epoch", "TimeMap"]


@dataclass(frozen=True, slots=True)
class Epoch:
    """One run of a device's counter.

    Parameters
    ----------
    line : FittedLine
        Its `first` is the first index of the epoch.
    stop : int
        Index after its last sample.
    """

    line: FittedLine
    stop: int


@dataclass(frozen=True, slots=True)
class TimeMap:
    """Index of the EMG stream -> host time.

    Parameters
    ----------
    rate : Fraction
        Nominal, in Hz.
    epochs : tuple of Epoch
        In order; at least one.
    """

    rate: Fraction
    epochs: tuple[Epoch, ...]

    def ns(self, index: float) -> float:
        """Monotonic host time of a sample, in nanoseconds; between epochs it is interpolated."""
        for before, after in pairwise(self.epochs):
            if index < before.stop:
                return before.line.ns(index)
            first = after.line.first
            if index < first:
                start, end = before.line.ns(before.stop), after.line.ns(first)
                return start + (index - before.stop) / (first - before.stop) * (end - start)
        return self.epochs[-1].line.ns(index)

    def seconds(self, index: float) -> float:
        """Seconds from sample 0 to a sample."""
        return (self.ns(index) - self.ns(0)) / 1e9

    def ppm(self) -> float:
        """How much faster than nominal the device samples, over its longest epoch."""
        longest = max(self.epochs, key=lambda one: one.stop - one.line.first)
        return longest.line.ppm(self.rate)
