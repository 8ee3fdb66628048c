"""Motor unit action potentials (MUAPs): their sizes, waveforms, and tables of them as sampled."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from crampdetect.detection.types import Array
from crampdetect.simulation.firing import Firing
from crampdetect.simulation.spectrum import TOP_FREQUENCY, anti_alias_gain

__all__ = ["PHASES", "MotorUnits", "draw_units", "templates"]

#: Positions within a sample at which waveforms are tabulated: at 1 kHz to 0.06 ms.
PHASES = 8
#: Median frequency of a contraction at the skin, Hz: as of `muscle_power`, to whose sources it
#: belongs.
MEDIAN_FREQUENCY = 95.0
#: A potential lasts this many widths (sigma) of its Gaussian: beyond, less than 3 % of its
#: energy is left [D].
WIDTHS = 5.0
#: Potentials last 5-15 ms at the skin, s [R-m]; the usual length before all are fitted [A].
SHORTEST_S, USUAL_S, LONGEST_S = 0.005, 0.011, 0.015
#: Share of energy in the three-phase component, uniform over units; the rest has two phases.
#: With this spread the sum is nearly as broad as `muscle_power` [D].
THREE_PHASE = (0.0, 0.8)


@dataclass(frozen=True, slots=True, eq=False)
class MotorUnits:
    """Units under one electrode, small ones first; arrays of shape (n_units,).

    Parameters
    ----------
    sizes : Array
        RMS that a unit would have at one discharge per second, relative.
    widths_s : Array
        Width (sigma) of the Gaussian that the waveform is derived from, in seconds.
    phases : Array
        Angle between the two-phase (0) and the three-phase waveform (pi / 2).
    """

    sizes: Array
    widths_s: Array
    phases: Array

    def stretched(self, scales: Array) -> "MotorUnits":
        """All units again and again, their spectra stretched by each of these factors."""
        n = scales.size
        widths_s = (self.widths_s / scales[:, np.newaxis]).ravel()
        return MotorUnits(np.tile(self.sizes, n), widths_s, np.tile(self.phases, n))

    def amplitude(self, frequencies: Array) -> NDArray[np.complex128]:
        """Amplitude density of every waveform, unit energy over 0-500 Hz.

        Parameters
        ----------
        frequencies : Array, shape (n,)
            In Hz.

        Returns
        -------
        NDArray of complex, shape (n_units, n)
            In seconds (of a waveform in 1 / sqrt(s)), one-sided.
        """
        grid = np.arange(0.0, TOP_FREQUENCY, 2.0)
        energy = 2.0 * (np.abs(self._shape(grid)) ** 2).sum(axis=1) * 2.0
        return np.asarray(self._shape(frequencies) / np.sqrt(energy)[:, np.newaxis])

    def _shape(self, frequencies: Array) -> NDArray[np.complex128]:
        """First and second derivative of a Gaussian, mixed."""
        turn = 2 * np.pi * np.outer(self.widths_s, frequencies)
        two = 1j * turn * np.cos(self.phases)[:, np.newaxis]
        three = turn**2 * np.sin(self.phases)[:, np.newaxis] * np.sqrt(2.0 / 3.0)
        return np.asarray((two + three) * np.exp(-(turn**2) / 2))


def draw_units(firing: Firing, n_units: int, scale: float, rng: np.random.Generator) -> MotorUnits:
    """Draw units whose summed spectrum has its median at 95 Hz times `scale`.

    Sizes grow exponentially from unit to unit, so that small ones are many (Fuglevand 1993, J
    Neurophysiol 70:2470 [R-m]).

    Parameters
    ----------
    firing : Firing
    n_units : int
    scale : float
        Stretches the spectrum, that is, shortens the potentials.
    rng : numpy.random.Generator

    Examples
    --------
    >>> firing = Firing(style="voluntary", n_units=30, isi_cv=0.15)
    >>> units = draw_units(firing, 30, 1.0, np.random.default_rng(1))
    >>> bool(np.all(np.diff(units.sizes) >= 0))
    True
    """
    order = np.linspace(0.0, 1.0, n_units)
    depth = np.exp(firing.size_sd * rng.standard_normal(n_units))
    sizes = np.sort(firing.size_range**order * depth)
    lengths = USUAL_S * np.exp(firing.muap_sd * _spread(n_units, rng))
    widths = np.clip(lengths, SHORTEST_S, LONGEST_S) / WIDTHS
    signs = rng.choice([-1.0, 1.0], n_units)
    phases = signs * np.arcsin(np.sqrt(rng.uniform(*THREE_PHASE, n_units)))
    units = MotorUnits(sizes, widths, phases)
    # the spectrum of all together is known better than that of any one
    found = _median_frequency(units)
    return replace(units, widths_s=widths * found / (MEDIAN_FREQUENCY * scale))


def _spread(n: int, rng: np.random.Generator) -> Array:
    """Draw from a standard normal, one of each quarter in every four neighbours.

    So a few active units sound about like all of them.
    """
    from scipy.special import ndtri

    quarters = rng.permuted(np.tile(np.arange(4), (-(-n // 4), 1)), axis=1).ravel()[:n]
    return np.asarray(ndtri((quarters + rng.uniform(0.01, 0.99, n)) / 4), dtype=np.float64)


def _median_frequency(units: MotorUnits) -> float:
    """Median frequency of the summed power of units that fire alike, in Hz."""
    grid = np.arange(0.0, TOP_FREQUENCY, 1.0)
    power = units.sizes**2 @ np.abs(units.amplitude(grid)) ** 2
    course = np.cumsum(power)
    return float(np.interp(0.5 * course[-1], course, grid + 0.5))


def templates(units: MotorUnits, sampling_frequency: float) -> tuple[Array, int]:
    """Waveforms of unit energy as the sensor samples them, at each of `PHASES` delays.

    Parameters
    ----------
    units : MotorUnits
    sampling_frequency : float
        In Hz.

    Returns
    -------
    table : Array, shape (n_units, PHASES, n_samples)
        Delayed by 0, 1 / PHASES, ... samples; a train of one discharge per second has 1 uV RMS.
    centre : int
        Index of the potential's middle at no delay.
    """
    # twice the longest width and the low-pass filter's ringing (four samples of 1 / (0.4 fs))
    half = int(np.ceil(4.5 * units.widths_s.max() * sampling_frequency)) + 8
    n_samples = 2 * half + 1
    fine_rate = PHASES * sampling_frequency
    n_fine = 1 << (2 * n_samples * PHASES - 1).bit_length()
    frequencies = np.arange(n_fine // 2 + 1) * fine_rate / n_fine
    kept = frequencies < 2.5 * TOP_FREQUENCY
    spectra = np.zeros((units.sizes.size, frequencies.size), dtype=np.complex128)
    spectra[:, kept] = units.amplitude(frequencies[kept])
    spectra *= anti_alias_gain(frequencies, sampling_frequency)
    waves = np.fft.irfft(spectra, n_fine, axis=1) * fine_rate
    # sample k of delay p is at k - half - p / PHASES samples from the middle
    delays = np.arange(PHASES)[:, np.newaxis]
    places = (np.arange(n_samples)[np.newaxis, :] - half) * PHASES - delays
    return np.asarray(waves[:, places % n_fine], dtype=np.float64), half
