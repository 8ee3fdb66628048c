"""How an accelerometer sits on the shank, errs, and averages."""

from dataclasses import dataclass

import numpy as np

from crampdetect.detection.types import Array
from crampdetect.simulation.parameters import NightParameters
from crampdetect.simulation.seeds import Origin, Seeds

__all__ = ["Averaging", "Mounting", "draw_mounting", "tilted"]


@dataclass(frozen=True, slots=True, eq=False)
class Mounting:
    """What the axes see: `matrix` times the true acceleration, plus `offset_g`; None: the truth."""

    matrix: Array | None
    offset_g: Array

    def seen(self, values: Array) -> Array:
        """Acceleration in g along the axes of the sensor, shape (n, 3)."""
        if self.matrix is None:
            return values
        seen = np.tile(self.offset_g, (values.shape[0], 1))
        # written out: a matmul over many rows differs from one over few in the last bit
        for axis in range(3):
            seen += values[:, [axis]] * self.matrix[:, axis]
        return seen


def tilted(angle_deg: float, towards_deg: float) -> Array:
    """Rotation that tilts the x axis by an angle about an axis across the shank.

    Examples
    --------
    >>> (tilted(90.0, 0.0) @ [1.0, 0.0, 0.0]).round(3) + 0.0
    array([ 0.,  0., -1.])
    """
    angle, towards = np.radians(angle_deg), np.radians(towards_deg)
    _, y, z = 0.0, np.cos(towards), np.sin(towards)
    cross = np.array([[0.0, -z, y], [z, 0.0, 0.0], [-y, 0.0, 0.0]])
    # Rodrigues' formula
    turn = np.eye(3) + np.sin(angle) * cross + (1.0 - np.cos(angle)) * (cross @ cross)
    return np.asarray(turn, dtype=np.float64)


def draw_mounting(parameters: NightParameters, seeds: Seeds) -> Mounting:
    """Draw how the sensor sits in this night, and the errors of gain and offset of the device.

    The roll about the shank is part of the posture, so that only the tilt is left.
    """
    given = parameters
    if not (given.acc_misalignment_deg or given.acc_gain_error or given.acc_offset_g):
        return Mounting(None, np.zeros(3))
    night, device = seeds.generator(Origin.SENSOR, 0), seeds.of_person(Origin.SENSOR)
    device.random()  # the first draw is the gain of the EMG
    gains = 1.0 + given.acc_gain_error * device.uniform(-1.0, 1.0, 3)
    offsets = given.acc_offset_g * device.uniform(-1.0, 1.0, 3)
    tilt = tilted(given.acc_misalignment_deg * float(night.random()), night.uniform(0.0, 360.0))
    return Mounting(gains[:, np.newaxis] * tilt, offsets)


class Averaging:
    """Every `factor`-th sample of a finer grid, weighted over the last two periods (Hann).

    Parameters
    ----------
    factor : int
        Fine samples per coarse one; 1: nothing is averaged.

    Notes
    -----
    An amplitude at the coarse rate's half is halved, at the rate itself it is 0, and beyond it
    stays below 3 %; the delay is one period.

    Examples
    --------
    >>> average = Averaging(4)
    >>> fine = np.ones((average.indices(0, 3).size, 3))
    >>> average.push(fine)[:, 0].round(6)
    array([1., 1., 1.])
    """

    def __init__(self, factor: int) -> None:
        self.factor = factor
        self._n_weights = 2 * factor if factor > 1 else 1
        weights = np.sin(np.pi * (np.arange(self._n_weights) + 0.5) / self._n_weights) ** 2
        self._weights = weights / weights.sum()
        self._before: Array | None = None

    def indices(self, start: int, stop: int) -> Array:
        """Indices on the fine grid that samples `start` to `stop` still need."""
        first = start * self.factor - self._n_weights + 1
        if self._before is not None:
            first = (start - 1) * self.factor + 1
        return np.arange(first, (stop - 1) * self.factor + 1, dtype=np.float64)

    def push(self, fine: Array) -> Array:
        """The next samples, from all values at `indices`; shape (n_samples, n_axes)."""
        if self.factor == 1:
            return fine
        joined = fine if self._before is None else np.concatenate([self._before, fine])
        n = (joined.shape[0] - self._n_weights) // self.factor + 1
        out = np.zeros((n, fine.shape[1]))
        for k, weight in enumerate(self._weights):
            out += weight * joined[k : k + (n - 1) * self.factor + 1 : self.factor]
        self._before = joined[n * self.factor :]
        return out
