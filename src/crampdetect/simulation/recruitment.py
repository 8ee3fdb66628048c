"""Which motor units are active at what rate, so that their sum follows an envelope: voluntary."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from crampdetect.detection.types import Array
from crampdetect.simulation.firing import Firing

__all__ = ["BIN_RATE", "Course", "IntArray", "Recruitment", "VoluntaryUnits", "gain_to"]

IntArray = NDArray[np.int64]

#: Rates are constant within bins of 10 ms, as fine as the envelopes' grid.
BIN_RATE = 100.0
#: Threshold of the last unit over that of an early one: half of all join below 0.16 of the range
#: (Fuglevand 1993, J Neurophysiol 70:2470 [R-m]).
THRESHOLD_RANGE = 30.0
#: Steps of the table of power over drive.
DRIVE_STEPS = 512


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """What units do in some bins.

    Parameters
    ----------
    trains : IntArray, shape (n,)
        Which trains discharge; each has its own memory of its last discharge.
    units : IntArray, shape (n,)
        The unit behind each train.
    rates : Array, shape (n, n_bins)
        In discharges per second.
    gain : Array, shape (n_bins,)
        Factor in uV that brings the expected power to that of the envelope.
    """

    trains: IntArray
    units: IntArray
    rates: Array
    gain: Array


class Recruitment(Protocol):
    """Turns an envelope into courses, bin after bin."""

    n_trains: int

    def course(self, first: int, envelope_uv: Array) -> Course:
        """What the units do in the bins from `first`, which have this envelope."""


class VoluntaryUnits:
    """Ordered recruitment: the drive that an envelope needs, and every unit's rate at it.

    Parameters
    ----------
    firing : Firing
    sizes : Array, shape (n_units,)
        RMS of a unit at one discharge per second, small ones first.
    rng : numpy.random.Generator
    """

    def __init__(self, firing: Firing, sizes: Array, rng: np.random.Generator) -> None:
        n = sizes.size
        self.n_trains = n
        self._power = sizes**2
        order = np.linspace(0.0, 1.0, n)
        self.thresholds = (THRESHOLD_RANGE**order - 1.0) / (THRESHOLD_RANGE - 1.0)
        self.thresholds *= firing.last_recruited
        lowest = firing.start_rate + firing.start_rate_sd * rng.standard_normal(n)
        self._lowest = np.maximum(lowest, 0.5 * firing.start_rate)
        highest = firing.peak_rate + firing.peak_rate_sd * rng.standard_normal(n)
        self._slope = np.maximum(highest - self._lowest, 0.0)
        self._drives = np.linspace(0.0, 1.0, DRIVE_STEPS + 1)
        table = self._power @ self.rates(self._drives)
        self._table = table * (firing.full_uv**2 / table[-1])

    def rates(self, drive: Array) -> Array:
        """Rates at this drive (0-1), shape (n_units, n); earlier units stay ahead of later ones."""
        above = drive[np.newaxis, :] - self.thresholds[:, np.newaxis]
        rates = self._lowest[:, np.newaxis] + self._slope[:, np.newaxis] * above
        return np.asarray(np.where(above > 0, rates, 0.0), dtype=np.float64)

    def course(self, first: int, envelope_uv: Array) -> Course:
        """What the units do; what the drive's steps leave over is made up by the gain."""
        drive = np.interp(envelope_uv**2, self._table, self._drives)
        rates = self.rates(drive)
        active = np.flatnonzero(rates.any(axis=1))
        gain = gain_to(envelope_uv, self._power @ rates)
        return Course(active, active, rates[active], gain)


def gain_to(envelope_uv: Array, power: Array) -> Array:
    """Factor that turns this expected power into that of the envelope; 0 where there is none."""
    root = np.sqrt(power)
    return np.divide(envelope_uv, root, out=np.zeros(root.size), where=root > 0)
