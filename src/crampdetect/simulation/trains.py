"""Trains of discharges of motor units: renewal processes under a course of their rate."""

import numpy as np

from crampdetect.detection.types import Array
from crampdetect.simulation.firing import Firing
from crampdetect.simulation.recruitment import BIN_RATE, IntArray

__all__ = ["Trains"]

#: A second discharge follows no sooner, s: the muscle fibre's refractory time [R-m].
SHORTEST_DOUBLET_S = 0.003


class Trains:
    """Renewal trains of discharges, each with the interval that is still running.

    Intervals are drawn for a rate of 1 and stretched by the course of the rate, so that at a
    constant rate their coefficient of variation is the one asked for.

    Parameters
    ----------
    firing : Firing
    n_trains : int
    rng : numpy.random.Generator
    """

    def __init__(self, firing: Firing, n_trains: int, rng: np.random.Generator) -> None:
        self._firing, self._rng = firing, rng
        # each begins somewhere within its first interval
        self._pending = self._intervals((n_trains, 1))[:, 0] * rng.random(n_trains)

    def take(self, trains: IntArray, rates: Array) -> tuple[IntArray, Array]:
        """Discharges of the next bins.

        Parameters
        ----------
        trains : IntArray, shape (n,)
            Which trains go on; the others stand still.
        rates : Array, shape (n, n_bins)
            Discharges per second, doublets included.

        Returns
        -------
        rows : IntArray, shape (n_discharges,)
            Row of `rates` that each belongs to.
        times_s : Array, shape (n_discharges,)
            Since the beginning of the bins; the second of a doublet may lie behind their end.
        """
        n, n_bins = rates.shape
        if n == 0:
            return np.zeros(0, np.int64), np.zeros(0)
        share = self._firing.doublet_share
        passed = np.zeros((n, n_bins + 1))
        np.cumsum(rates * ((1.0 - share) / BIN_RATE), axis=1, out=passed[:, 1:])
        rows, positions = self._positions(trains, passed[:, -1])
        # one interpolation for all trains, laid end to end
        apart = float(passed[:, -1].max()) + 1.0
        span = n_bins / BIN_RATE
        number = np.arange(n)[:, np.newaxis]
        at = (passed + number * apart).ravel()
        edges = (np.arange(n_bins + 1) / BIN_RATE + number * span).ravel()
        times = np.interp(positions + rows * apart, at, edges) - rows * span
        second = self._rng.random(times.size) < share / (1.0 - share)
        pause = self._rng.uniform(SHORTEST_DOUBLET_S, self._firing.doublet_s, int(second.sum()))
        return (
            np.concatenate([rows, rows[second]]),
            np.concatenate([times, times[second] + pause]),
        )

    def _positions(self, trains: IntArray, totals: Array) -> tuple[IntArray, Array]:
        """Discharges on the stretched axis on which every rate is 1, up to `totals`."""
        columns = int(1.2 * totals.max()) + 8
        positions = self._pending[trains, np.newaxis]
        while (positions[:, -1] < totals).any():
            more = positions[:, -1:] + self._intervals((trains.size, columns)).cumsum(axis=1)
            positions = np.concatenate([positions, more], axis=1)
        inside = positions < totals[:, np.newaxis]
        following = positions[np.arange(trains.size), inside.sum(axis=1)]
        self._pending[trains] = following - totals
        return np.nonzero(inside)[0], positions[inside]

    def _intervals(self, shape: tuple[int, int]) -> Array:
        """Intervals of mean 1."""
        variance = max(self._firing.isi_cv, 1e-3) ** 2
        if self._firing.isi_distribution == "gamma":
            return self._rng.standard_gamma(1.0 / variance, shape) * variance
        sigma2 = np.log1p(variance)
        return self._rng.lognormal(-sigma2 / 2, np.sqrt(sigma2), shape)
