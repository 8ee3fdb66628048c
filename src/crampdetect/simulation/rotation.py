"""Motor units in cramp: they come, tire and are relieved, and their sum follows an envelope."""

import numpy as np

from crampdetect.detection.types import Array
from crampdetect.simulation.firing import Firing
from crampdetect.simulation.recruitment import BIN_RATE, Course, IntArray, gain_to

__all__ = ["SHIFTS", "RotatingUnits"]

#: Units of a cramp join in one by one up to this share of its plateau [A].
LAST_JOINS = 0.7
#: Units of each place of a cramp, which relieve one another.
SHIFTS = 2
#: Power is kept over this time, s; within it, units that come and go show [A].
KEEPING_S = 4.0
#: A unit of a cramp that comes at all stays this long, s [A].
SHORTEST_SHIFT_S = 1.0


class RotatingUnits:
    """Units in cramp: each comes for a while at a falling rate, and is then relieved.

    Parameters
    ----------
    firing : Firing
    sizes : Array, shape (SHIFTS * n_units,)
        RMS of a unit at one discharge per second, small ones first; neighbours share a place.
    envelope_uv : Array, shape (n_bins,)
        Of the whole cramp.
    rng : numpy.random.Generator
    """

    def __init__(
        self, firing: Firing, sizes: Array, envelope_uv: Array, rng: np.random.Generator
    ) -> None:
        self._firing = firing
        power = sizes**2
        n_places = sizes.size // SHIFTS
        begins, ends = _places(n_places, envelope_uv)
        self._place_shifts(begins / BIN_RATE, ends / BIN_RATE, rng)
        self.n_trains = self.units.size
        n_bins = envelope_uv.size
        expected = np.zeros(n_bins + 1)
        shared = power.reshape(n_places, SHIFTS).mean(axis=1)
        np.add.at(expected, begins, shared)
        np.add.at(expected, ends, -shared)
        given = self._total_power(power, n_bins)
        self._power = _kept(given, np.maximum(expected[:-1].cumsum(), 0.0))

    def _place_shifts(self, begins_s: Array, ends_s: Array, rng: np.random.Generator) -> None:
        """Fill each place from its beginning to its end, one unit after another."""
        given = self._firing
        shape = (given.unit_active_s / given.unit_active_sd_s) ** 2
        units, starts, stops, lengths = [], [], [], []
        for place, (time, end) in enumerate(zip(begins_s, ends_s, strict=True)):
            turn = int(rng.integers(SHIFTS))
            while time < end:
                length = float(rng.gamma(shape, given.unit_active_s / shape))
                length = max(SHORTEST_SHIFT_S, length)
                units.append(place * SHIFTS + turn % SHIFTS)
                starts.append(time)
                stops.append(min(end, time + length))
                lengths.append(length)
                time, turn = time + length, turn + 1
        self.units = np.array(units, dtype=np.int64)
        self.starts_s, self.stops_s = np.array(starts), np.array(stops)
        self._lengths = np.array(lengths)
        n = self.units.size
        caps = given.peak_rate + given.peak_rate_sd * rng.standard_normal(n)
        first = given.start_rate + given.start_rate_sd * rng.standard_normal(n)
        self._first_rates = np.maximum(np.minimum(first, caps), given.end_rate)

    def _rates(self, trains: IntArray, first: int, n_bins: int) -> Array:
        """Rates of these trains in these bins, shape (n, n_bins)."""
        times = (np.arange(first, first + n_bins) + 0.5) / BIN_RATE
        starts, stops = (a[trains, np.newaxis] for a in (self.starts_s, self.stops_s))
        inside = (times >= starts) & (times < stops)
        spent = np.clip((times - starts) / self._lengths[trains, np.newaxis], 0.0, 1.0)
        top = self._first_rates[trains, np.newaxis]
        falling = top - (top - self._firing.end_rate) * spent**self._firing.decay_power
        return np.asarray(np.where(inside, falling, 0.0), dtype=np.float64)

    def _total_power(self, power: Array, n_bins: int) -> Array:
        """Expected power of all units in every bin."""
        total = np.zeros(n_bins)
        for train, unit in enumerate(self.units):
            first = int(self.starts_s[train] * BIN_RATE)
            last = min(n_bins, int(self.stops_s[train] * BIN_RATE) + 1)
            rates = self._rates(np.array([train]), first, last - first)
            total[first:last] += power[unit] * rates[0]
        return total

    def course(self, first: int, envelope_uv: Array) -> Course:
        """What the units do that are active in these bins."""
        n_bins = envelope_uv.size
        begin, end = first / BIN_RATE, (first + n_bins) / BIN_RATE
        trains = np.flatnonzero((self.starts_s < end) & (self.stops_s > begin))
        rates = self._rates(trains, first, n_bins)
        gain = gain_to(envelope_uv, self._power[first : first + n_bins])
        return Course(trains, self.units[trains], rates, gain)


def _places(n_places: int, envelope_uv: Array) -> tuple[IntArray, IntArray]:
    """First bin and the bin behind the last of each place: small ones come first and leave last."""
    active = envelope_uv[envelope_uv > 0.1 * envelope_uv.max()]
    plateau = float(np.median(active)) if active.size else 1.0
    begins, ends = np.zeros(n_places, np.int64), np.zeros(n_places, np.int64)
    for place, share in enumerate((np.arange(n_places) + 0.5) / n_places):
        above = np.flatnonzero(envelope_uv > LAST_JOINS * share * plateau)
        if above.size:
            begins[place], ends[place] = above[0], above[-1] + 1
    return begins, ends


def _kept(given: Array, expected: Array) -> Array:
    """Power that is set to the envelope: the units' own, smoothed, but not over the ramps."""
    from scipy.ndimage import uniform_filter1d

    ratio = np.divide(given, expected, out=np.ones(given.size), where=expected > 1e-12)
    size = min(given.size, round(KEEPING_S * BIN_RATE))
    smooth = uniform_filter1d(ratio, size, mode="nearest") if size else ratio
    return np.asarray(smooth * expected, dtype=np.float64)
