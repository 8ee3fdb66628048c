"""Window features: a table of names first, then the numbers.

All are computed whole for each window, from the filtered signal unless the table says raw.
"""

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from crampdetect.detection.grid import BINS_PER_WINDOW, WINDOW_LENGTH, WINDOW_STEP
from crampdetect.detection.mains import line_frequencies, usable_band
from crampdetect.detection.types import Array, Capability

__all__ = ["SPECTRAL", "WINDOW_FEATURES", "Spectrum", "amplitude_features", "column"]

#: Name -> what it is. The order is the order of the columns.
WINDOW_FEATURES: dict[str, str] = {
    "root_mean_square": "RMS, in the unit of the stream",
    "mean_absolute_value": "MAV, in the unit of the stream",
    "waveform_length": "WL, summed absolute difference per second, in the unit per second",
    "zero_crossings": "ZC, sign changes per second",
    "slope_sign_changes": "SSC, turning points per second",
    "kurtosis": "fourth moment over squared second moment; 3 for Gaussian noise",
    "mean_frequency": "MNF of the power in the band without mains lines, in Hz (raw)",
    "median_frequency": "MDF of the same, in Hz (raw)",
    "high_frequency_ratio": "power at 150 Hz and above over that below, mains lines left out (raw)",
    "low_frequency_ratio": "share of power at 2-18 Hz, where motion artefact lives (raw)",
    "line_ratio": "share of the band's power within 4 Hz of a mains line (raw)",
}
#: Those that mean nothing behind a comb filter or at a low rate.
SPECTRAL = frozenset({"mean_frequency", "median_frequency", "high_frequency_ratio"})
_COLUMNS = {name: index for index, name in enumerate(WINDOW_FEATURES)}

#: Half width of a mains line in Hz: the main lobe of a Hann taper over half a second.
LINE_HALF_WIDTH = 4.0
#: Where the high-frequency ratio divides (a seizure detector listens above it: Conradsen 2012, PMID
#: 22156944; [A] here) and where motion artefact ends (below 20 Hz: De Luca 2010).
HIGH_FREQUENCY = 150.0
ARTEFACT_BAND = (2.0, 18.0)


def column(name: str) -> int:
    """Column of feature `name`.

    Examples
    --------
    >>> column("root_mean_square")
    0
    """
    return _COLUMNS[name]


def windows_of(bins: Array, count: int) -> Array:
    """Sums over the bins of `count` windows that start every half window.

    Parameters
    ----------
    bins : Array, shape (n_bins,)
        ``n_bins >= (count + 1) * BINS_PER_WINDOW / 2``.
    """
    view = np.lib.stride_tricks.sliding_window_view(bins, BINS_PER_WINDOW)
    sums: Array = np.ascontiguousarray(view[:: BINS_PER_WINDOW // 2][:count]).sum(axis=1)
    return sums


def amplitude_features(values: Array, edges: NDArray[np.int64], count: int, out: Array) -> Array:
    """Fill the time-domain columns of `out` and return the envelope bins.

    Parameters
    ----------
    values : Array, shape (2 + n_samples,)
        Filtered signal behind the two samples before it, which only serve the first differences.
    edges : array of int, shape (n_bins + 1,)
        Bin bounds relative to the first counted sample.
    count : int
        Number of windows.
    out : Array, shape (count, n_features)
        Written in place.

    Returns
    -------
    Array, shape (n_bins,)
        Mean square of each bin.
    """
    starts = edges[:-1]
    inner = values[2:]
    squares = inner * inner
    bin_squares = np.add.reduceat(squares, starts)
    bin_sizes = np.diff(edges).astype(np.float64)
    sizes = windows_of(bin_sizes, count)
    power = windows_of(bin_squares, count) / sizes
    difference = np.diff(values)
    seconds = float(WINDOW_LENGTH)

    def summed(series: Array) -> Array:
        return windows_of(np.add.reduceat(series, starts), count)

    def counted(happens: NDArray[np.bool_]) -> Array:
        before = np.searchsorted(np.flatnonzero(happens), edges)
        return windows_of(np.diff(before).astype(np.float64), count)

    out[:, column("root_mean_square")] = np.sqrt(power)
    out[:, column("mean_absolute_value")] = summed(np.abs(inner)) / sizes
    out[:, column("waveform_length")] = summed(np.abs(difference[1:])) / seconds
    out[:, column("zero_crossings")] = counted(inner * values[1:-1] < 0) / seconds
    out[:, column("slope_sign_changes")] = counted(difference[1:] * difference[:-1] < 0) / seconds
    fourth = summed(squares * squares) / sizes
    with np.errstate(divide="ignore", invalid="ignore"):
        out[:, column("kurtosis")] = np.where(power > 0, fourth / (power * power), 0.0)
    return np.asarray(bin_squares / bin_sizes)


class Spectrum:
    """Spectral columns of one EMG channel; what the sensor cannot show is left NaN.

    The power of a window is the sum of the tapered periodograms of its two halves (Welch), so each
    half is transformed once.

    Parameters
    ----------
    rate : Fraction
    capability : {"spectral", "spectral_reduced", "envelope"}
    """

    def __init__(self, rate: Fraction, capability: Capability) -> None:
        self._rate = rate
        self._length = int(WINDOW_STEP * rate)
        self._taper = np.hanning(self._length)
        self._capability = capability
        self._frequencies = np.fft.rfftfreq(self._length, 1.0 / float(rate)).astype(np.float64)
        self._mains = 0
        self._select(50)

    @property
    def length(self) -> int:
        """Samples of a half window that are transformed (at most one fewer than it holds)."""
        return self._length

    @property
    def frequencies(self) -> Array:
        """Of the bins, in Hz."""
        return self._frequencies

    def fill(self, halves: Array, mains: int, out: Array) -> Array:
        """Write the spectral columns of `out` and return the power of the halves by bin.

        Parameters
        ----------
        halves : Array, shape (n_windows + 1, length)
            Raw half windows; window *k* is halves *k* and *k + 1*.
        mains : int
        out : Array, shape (n_windows, n_features)
        """
        of_halves = self._power(halves, mains)
        power = of_halves[:-1] + of_halves[1:]
        muscle = np.take(power, self._muscle, axis=1)
        total = muscle.sum(axis=1)
        lines = np.take(power, self._lines, axis=1).sum(axis=1)
        artefact = np.take(power, self._artefact, axis=1).sum(axis=1)
        out[:, column("line_ratio")] = _share(lines, lines + total)
        out[:, column("low_frequency_ratio")] = _share(artefact, artefact + total)
        if self._capability == "envelope":
            return of_halves
        frequencies = self._frequencies[self._muscle]
        summed = np.cumsum(muscle, axis=1)
        half = (summed < summed[:, -1:] / 2).sum(axis=1)
        low = muscle[:, : self._first_high].sum(axis=1)
        high = muscle[:, self._first_high :].sum(axis=1)
        out[:, column("mean_frequency")] = _share((muscle * frequencies).sum(axis=1), total)
        out[:, column("median_frequency")] = frequencies[half]
        out[:, column("high_frequency_ratio")] = _share(high, low)
        return of_halves

    def line_share(self, halves: Array, mains: int) -> Array:
        """Share of the band's power within 4 Hz of a mains line, of each half window."""
        power = self._power(halves, mains)
        lines = np.take(power, self._lines, axis=1).sum(axis=1)
        return _share(lines, lines + np.take(power, self._muscle, axis=1).sum(axis=1))

    def _power(self, halves: Array, mains: int) -> Array:
        """Tapered periodograms, shape (n_halves, n_frequencies)."""
        if mains != self._mains:
            self._select(mains)
        centred = halves - halves.mean(axis=1, keepdims=True)
        centred *= self._taper
        spectrum = np.fft.rfft(centred, axis=1)
        power: Array = spectrum.real**2 + spectrum.imag**2
        return power

    def _select(self, mains: int) -> None:
        low, high = usable_band(self._rate)
        frequencies = self._frequencies
        band = (frequencies >= low) & (frequencies <= high)
        line = np.zeros(frequencies.shape[0], dtype=bool)
        for centre in line_frequencies(mains, self._rate):
            line |= np.abs(frequencies - centre) <= LINE_HALF_WIDTH
        self._mains = mains
        self._muscle = np.flatnonzero(band & ~line)
        self._lines = np.flatnonzero(band & line)
        self._artefact = np.flatnonzero(
            (frequencies >= ARTEFACT_BAND[0]) & (frequencies <= ARTEFACT_BAND[1])
        )
        self._first_high = int(np.searchsorted(frequencies[self._muscle], HIGH_FREQUENCY))


def _share(part: Array, whole: Array) -> Array:
    """`part` over `whole`, 0 where there is nothing."""
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)
