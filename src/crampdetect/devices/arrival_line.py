"""The line from sample index to host time of one epoch: causal, bounded, robust.

Bytes arrive late, never early, and by a varying delay. So of every 16 s of samples only the
promptest arrival counts, and the line through these points is that of Theil and Sen, which a stall
of the radio or of the computer does not pull away.
"""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from crampdetect.detection.types import Array

__all__ = ["ArrivalLine", "FittedLine"]

#: Seconds of samples of which the promptest arrival is kept [A]; doubled when there are too many.
BIN_SECONDS = 16
MOST_BINS = 512
#: A slope is believed from this many seconds on: delays of 20 ms are then 300 ppm, and become less
#: with every minute [A]. Before that it is the one of the epoch before, or the nominal one.
LEAST_SPAN_S = 60.0
#: Points that the slope is taken from, and the least distance of a pair, in shares of the span.
MOST_POINTS, LEAST_APART = 64, 0.25


@dataclass(frozen=True, slots=True)
class FittedLine:
    """Host time of a sample: ``origin_ns + (index - first) * ns_per_sample``.

    Parameters
    ----------
    first : int
        Index at which the epoch began.
    origin_ns : float
        Monotonic host time at which that sample was there to be read, in nanoseconds.
    ns_per_sample : float
    """

    first: int
    origin_ns: float
    ns_per_sample: float

    def ns(self, index: float) -> float:
        """Monotonic host time of the sample `index`, in nanoseconds."""
        return self.origin_ns + (index - self.first) * self.ns_per_sample

    def index(self, ns: float) -> float:
        """Index of the sample at a host time."""
        return self.first + (ns - self.origin_ns) / self.ns_per_sample

    def ppm(self, rate: Fraction) -> float:
        """How much faster than `rate` (Hz) the device samples, in parts per million."""
        return (1e9 / (self.ns_per_sample * float(rate)) - 1.0) * 1e6


class ArrivalLine:
    """Gathers the arrivals of one epoch.

    Parameters
    ----------
    rate : Fraction
        Nominal, in Hz.
    first : int
        Index of the first sample of the epoch.
    ns_per_sample : float or None
        Slope to begin with; None is the nominal one.
    """

    def __init__(self, rate: Fraction, first: int, ns_per_sample: float | None = None) -> None:
        self._nominal = 1e9 / float(rate)
        self._slope = self._nominal if ns_per_sample is None else ns_per_sample
        self._first = first
        self._width = int(BIN_SECONDS * rate)
        self._base_ns: int | None = None
        self._bins: list[tuple[int, float]] = []
        self._last_bin = -1

    @property
    def span_s(self) -> float:
        """Seconds of samples between the first and the last point."""
        if len(self._bins) < 2:
            return 0.0
        return (self._bins[-1][0] - self._bins[0][0]) * self._nominal / 1e9

    def add(self, stop: int, monotonic_ns: int) -> None:
        """Samples up to `stop` (exclusive) had arrived at `monotonic_ns`."""
        if self._base_ns is None:
            self._base_ns = monotonic_ns
        ahead = stop - self._first
        excess = monotonic_ns - self._base_ns - ahead * self._nominal
        number = ahead // self._width
        if number != self._last_bin:
            self._last_bin = number
            self._bins.append((ahead, excess))
            if len(self._bins) > MOST_BINS:
                self._halve()
        elif excess < self._bins[-1][1]:
            self._bins[-1] = (ahead, excess)

    def _halve(self) -> None:
        pairs = zip(self._bins[::2], self._bins[1::2], strict=False)
        odd = self._bins[-1:] if len(self._bins) % 2 else []
        self._bins = [min(pair, key=lambda one: one[1]) for pair in pairs] + odd
        self._width *= 2
        self._last_bin = self._bins[-1][0] // self._width

    def fit(self) -> FittedLine | None:
        """The line so far; None before anything arrived."""
        if self._base_ns is None:
            return None
        ahead = np.array([one[0] for one in self._bins], dtype=np.float64)
        excess = np.array([one[1] for one in self._bins], dtype=np.float64)
        slope = self._slope - self._nominal
        if self.span_s >= LEAST_SPAN_S:
            slope = _theil_sen(ahead, excess)
        offset = float(np.median(excess - slope * ahead))
        return FittedLine(self._first, self._base_ns + offset, self._nominal + slope)


def _theil_sen(x: Array, y: Array) -> float:
    """Median slope over pairs of points that lie far enough apart."""
    if x.shape[0] > MOST_POINTS:
        chosen = np.unique(np.linspace(0, x.shape[0] - 1, MOST_POINTS).round().astype(np.intp))
        x, y = x[chosen], y[chosen]
    first, second = np.triu_indices(x.shape[0], 1)
    apart = x[second] - x[first]
    far = apart >= LEAST_APART * (x[-1] - x[0])
    return float(np.median((y[second] - y[first])[far] / apart[far]))
