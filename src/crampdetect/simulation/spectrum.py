"""The spectrum of surface EMG, in Hz, and noise that has it at any sampling frequency."""

from functools import lru_cache

import numpy as np

from crampdetect.detection.types import Array

__all__ = ["MuscleNoise", "anti_alias_gain", "muscle_power", "white_level"]

#: Corner frequencies of the spectral model, Hz: within what Stulen & De Luca 1981 (IEEE Trans
#: Biomed Eng 28:515) and Hermens 1992 report for surface electrodes [R-m]; median frequency
#: 95 Hz, above the 75 Hz read for a nearly resting foot muscle [V Serrao 2007].
LOW_CORNER, HIGH_CORNER = 60.0, 120.0
#: Surface EMG has next to nothing above this, Hz [V2 SENIAM, ISEK]; levels refer to 0-500 Hz.
TOP_FREQUENCY = 500.0
#: Length of the shaping filter, s: the model forgets within 1 / (2 pi 60 Hz) = 3 ms, so 128 ms
#: to each side hold its shape within 1 % of power, tapered.
FILTER_SECONDS = 0.256


def anti_alias_gain(frequencies: Array, sampling_frequency: float) -> Array:
    """Amplitude gain of the sensor's low-pass filter, a fourth-order Butterworth at 0.4 fs.

    Parameters
    ----------
    frequencies : Array
        In Hz, above half of the sampling frequency too.
    sampling_frequency : float
        In Hz.

    Examples
    --------
    >>> round(float(anti_alias_gain(np.array([400.0]), 1000.0)[0]), 3)
    0.707
    """
    corner = 0.4 * sampling_frequency
    return np.asarray(1.0 / np.sqrt(1.0 + (frequencies / corner) ** 8), dtype=np.float64)


def muscle_power(frequencies: Array, scale: float = 1.0) -> Array:
    """Power density of surface EMG of 1 uV RMS over 0-500 Hz.

    Parameters
    ----------
    frequencies : Array
        In Hz.
    scale : float
        Stretches the spectrum along frequency; 1.15 lifts the median frequency by 15 %.

    Returns
    -------
    Array
        In uV^2 / Hz, one-sided.

    References
    ----------
    Shwedyk, Balasubramanian, Scott 1977, IEEE Trans Biomed Eng 24:417 (the model
    ``f^2 / ((f^2 + l^2) (f^2 + h^2)^2)``) [R-m].

    Examples
    --------
    >>> f = np.arange(0.0, 500.0, 0.5)
    >>> round(float(muscle_power(f).sum() * 0.5), 2)
    1.0
    """

    def shape(f: Array) -> Array:
        squared = (f / scale) ** 2
        return np.asarray(
            squared / ((squared + LOW_CORNER**2) * (squared + HIGH_CORNER**2) ** 2),
            dtype=np.float64,
        )

    grid = np.arange(0.0, TOP_FREQUENCY, 0.5)
    total = float(shape(grid).sum()) * 0.5
    return shape(np.asarray(frequencies, dtype=np.float64)) / total


def white_level(sampling_frequency: float) -> float:
    """RMS at this rate of white noise that has 1 uV RMS over 0-500 Hz.

    Examples
    --------
    >>> round(white_level(500.0) ** 2, 2)
    0.5
    """
    return float(np.sqrt(min(1.0, sampling_frequency / 2 / TOP_FREQUENCY)))


@lru_cache(maxsize=256)
def _taps(sampling_frequency: float, scale: float) -> Array:
    """Linear-phase filter that gives unit white noise the power density of the model."""
    half = round(FILTER_SECONDS * sampling_frequency / 2)
    n_taps = 2 * half + 1
    # a fine grid, so that tapering the impulse response is the only approximation
    n_grid = 1 << (8 * n_taps).bit_length()
    frequencies = np.arange(n_grid // 2 + 1, dtype=np.float64)
    frequencies *= sampling_frequency / n_grid
    gain = np.sqrt(muscle_power(frequencies, scale) * sampling_frequency / 2)
    gain *= anti_alias_gain(frequencies, sampling_frequency)
    impulse = np.fft.irfft(gain, n_grid)
    centred = np.concatenate([impulse[-half:], impulse[: half + 1]])
    return np.asarray(centred * np.hanning(n_taps + 2)[1:-1], dtype=np.float64)


class MuscleNoise:
    """Endless Gaussian noise with the spectrum of surface EMG, 1 uV RMS over 0-500 Hz.

    At lower rates the part of the power above the sensor's band is missing, as it is in life.

    Parameters
    ----------
    sampling_frequency : float
        In Hz.
    rng : numpy.random.Generator
        Owned by this noise from here on.
    scale : float
        See `muscle_power`.

    Examples
    --------
    >>> noise = MuscleNoise(1000.0, np.random.default_rng(0))
    >>> bool(0.9 < np.sqrt(np.mean(noise.take(20_000) ** 2)) < 1.0)
    True
    """

    def __init__(
        self, sampling_frequency: float, rng: np.random.Generator, scale: float = 1.0
    ) -> None:
        self._taps = _taps(sampling_frequency, scale)
        self._rng = rng
        self._white = rng.standard_normal(self._taps.size - 1)

    def take(self, n_samples: int) -> Array:
        """Return the next `n_samples`, in uV, shape (n_samples,)."""
        # imported here: scipy.signal costs a second that planning alone need not pay
        from scipy.signal import oaconvolve

        if n_samples == 0:
            return np.zeros(0)
        white = np.concatenate([self._white, self._rng.standard_normal(n_samples)])
        self._white = white[n_samples:]
        return np.asarray(oaconvolve(white, self._taps, mode="valid"), dtype=np.float64)
