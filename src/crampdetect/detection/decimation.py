"""Streaming decimation of EMG that is sampled faster than the core needs."""

from fractions import Fraction

import numpy as np
from scipy.signal import cheby2, sosfilt, sosfilt_zi

from crampdetect.detection.stage import Stage
from crampdetect.detection.types import Array, Gap, Samples

__all__ = ["HIGHEST_RATE", "Decimator", "decimation_factor"]

#: Rates up to here (Hz) are used as they are; Delsys' 2148 Hz is the fastest wearable rate.
HIGHEST_RATE = Fraction(2200)
#: Stop-band attenuation of the anti-alias filter in dB: an alias stays below one part in 3,000.
STOPBAND_DB = 70.0


def decimation_factor(rate: Fraction) -> int:
    """Smallest whole factor that brings `rate` to at most ``HIGHEST_RATE``.

    Examples
    --------
    >>> decimation_factor(Fraction(44100)), decimation_factor(Fraction(2148))
    (21, 1)
    """
    return max(1, -(-rate // HIGHEST_RATE))


class Decimator(Stage[Samples | Gap, Samples | Gap]):
    """Low-pass (Chebyshev II, order 10) and keep every `factor`-th sample, counted from index 0."""

    def __init__(self, factor: int) -> None:
        if factor < 2:
            raise ValueError(f"decimation factor is {factor}; expected at least 2")
        self._factor = factor
        self._sos = cheby2(10, STOPBAND_DB, 1.0 / factor, output="sos")
        self._rest = sosfilt_zi(self._sos)
        self._state: Array | None = None

    def push(self, item: Samples | Gap) -> list[Samples | Gap]:
        """Decimated samples; a gap resets the filter."""
        start, stop = -(-item.start // self._factor), -(-item.stop // self._factor)
        if isinstance(item, Gap):
            # Even one that holds no kept sample: the stages behind must start afresh.
            self._state = None
            return [Gap(item.stream, start, stop, item.cause, item.estimated)]
        if item.values.shape[0] == 0:
            return []
        if self._state is None:
            self._state = self._rest[:, :, np.newaxis] * item.values[0]
        filtered, self._state = sosfilt(self._sos, item.values, axis=0, zi=self._state)
        kept = np.ascontiguousarray(filtered[start * self._factor - item.start :: self._factor])
        return [Samples(item.stream, start, kept)] if kept.shape[0] else []

    def flush(self) -> list[Samples | Gap]:
        """Nothing is owed."""
        return []
