"""From a filtered channel to windows: features, quality and the envelope."""

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from crampdetect.detection.features import (
    WINDOW_FEATURES,
    Spectrum,
    amplitude_features,
    column,
)
from crampdetect.detection.flow import EmgWindows, Filtered
from crampdetect.detection.grid import (
    BIN_LENGTH,
    BINS_PER_STEP,
    WINDOW_STEP,
    bound,
    bounds,
    first_at,
    last_before,
)
from crampdetect.detection.hum import HumFlutter
from crampdetect.detection.quality import GAP, HUM_SHARE, judge_windows
from crampdetect.detection.stage import Stage
from crampdetect.detection.types import Array, Capability, Gap

__all__ = ["EmgWindowing"]

#: A filter that has just started is not listened to for this long, in seconds: five time constants
#: of the narrowest notch (Q / (pi f) = 0.19 s at 50 Hz).
SETTLING = Fraction(1)


class EmgWindowing(Stage[Filtered | Gap, EmgWindows]):
    """Cut a filtered channel into windows; every window index comes out exactly once.

    Parameters
    ----------
    rate : Fraction
    capability : {"spectral", "spectral_reduced", "envelope"}
    rails : tuple of float or None
    resolution : float or None
    """

    def __init__(
        self,
        rate: Fraction,
        capability: Capability,
        rails: tuple[float, float] | None,
        resolution: float | None,
    ) -> None:
        self._rate, self._rails, self._resolution = rate, rails, resolution
        self._spectrum = Spectrum(rate, capability)
        self._flutter = HumFlutter()
        self._settling = bound(1, SETTLING, rate)
        self._next = 0
        self._fresh_at = -1
        self._raw: Array = np.empty(0)
        self._values: Array = np.empty(0)
        self._start = 0

    def push(self, item: Filtered | Gap) -> list[EmgWindows]:
        """Windows that `item` completes, or that it says will never be complete."""
        if isinstance(item, Gap):
            self._forget()
            # Only steps that lie wholly before the end of the gap: it may go on.
            return self._absent(last_before(item.stop, WINDOW_STEP, self._rate))
        out: list[EmgWindows] = []
        if item.fresh_at != self._fresh_at:
            self._forget()
            self._fresh_at, self._start = item.fresh_at, item.start
            out += self._absent(first_at(item.fresh_at + self._settling, WINDOW_STEP, self._rate))
        self._raw = np.concatenate((self._raw, item.raw))
        self._values = np.concatenate((self._values, item.values))
        return out + self._complete(item.mains)

    def flush(self) -> list[EmgWindows]:
        """A window that is not full at the end is not judged."""
        return []

    def _forget(self) -> None:
        self._raw, self._values = np.empty(0), np.empty(0)
        self._flutter.forget()
        self._fresh_at = -1

    def _absent(self, until: int) -> list[EmgWindows]:
        count = until - self._next
        if count <= 0:
            return []
        first, self._next = self._next, until
        return [
            EmgWindows(
                first,
                np.full((count, len(WINDOW_FEATURES)), np.nan),
                np.full(count, GAP, dtype=np.int8),
                np.full((count, BINS_PER_STEP), np.nan),
            )
        ]

    def _complete(self, mains: int) -> list[EmgWindows]:
        stop = self._start + self._values.shape[0]
        count = last_before(stop, WINDOW_STEP, self._rate) - self._next - 1
        if count <= 0:
            return []
        out = self._compute(count, mains)
        self._next += count
        keep = max(self._start, bound(self._next, WINDOW_STEP, self._rate) - 2)
        self._raw = self._raw[keep - self._start :].copy()
        self._values = self._values[keep - self._start :].copy()
        self._start = keep
        return [out]

    def _compute(self, count: int, mains: int) -> EmgWindows:
        n_bins = (count + 1) * BINS_PER_STEP
        edges = bounds(self._next * BINS_PER_STEP, n_bins + 1, BIN_LENGTH, self._rate)
        first, last = int(edges[0]), int(edges[-1])
        features = np.full((count, len(WINDOW_FEATURES)), np.nan)
        before = min(2, first - self._start)
        values = self._values[first - self._start - before : last - self._start]
        values = np.concatenate((np.full(2 - before, values[0]), values))
        envelope = amplitude_features(values, edges - first, count, features)
        starts = edges[:-1:BINS_PER_STEP] - self._start
        raw = self._halves(self._raw, starts)
        power = self._spectrum.fill(raw, mains, features)
        # Rounded so that numpy's last-bit differences between processors end here.
        features = features.astype(np.float32).astype(np.float64)
        quality = self._judge(raw, power, starts, mains, features[:, column("line_ratio")])
        steps = envelope[: count * BINS_PER_STEP].reshape(count, BINS_PER_STEP)
        return EmgWindows(self._next, features, quality, steps.copy())

    def _halves(self, values: Array, starts: NDArray[np.int64]) -> Array:
        return np.lib.stride_tricks.sliding_window_view(values, self._spectrum.length)[starts]

    def _judge(
        self,
        raw: Array,
        power: Array,
        starts: NDArray[np.int64],
        mains: int,
        line_ratio: Array,
    ) -> NDArray[np.int8]:
        """Quality of the windows; what the notches left is looked at where hum is strong."""
        strong = line_ratio >= HUM_SHARE
        flutter = self._flutter.of(power, self._spectrum.frequencies, mains, strong)
        residual = np.zeros(strong.shape[0])
        rows = np.flatnonzero(strong)
        if rows.shape[0]:
            first = self._spectrum.line_share(self._halves(self._values, starts[rows]), mains)
            second = self._spectrum.line_share(self._halves(self._values, starts[rows + 1]), mains)
            residual[rows] = (first + second) / 2
        return judge_windows(raw, self._rails, self._resolution, line_ratio, flutter, residual)
