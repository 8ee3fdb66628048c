"""EMG as a sum of motor unit potentials under an envelope."""

import numpy as np

from crampdetect.detection.types import Array
from crampdetect.simulation.firing import Firing
from crampdetect.simulation.muaps import PHASES, draw_units, templates
from crampdetect.simulation.parts import Activation
from crampdetect.simulation.recruitment import BIN_RATE, IntArray, Recruitment, VoluntaryUnits
from crampdetect.simulation.rotation import SHIFTS, RotatingUnits
from crampdetect.simulation.trains import Trains

__all__ = ["MotorUnitSignal"]

#: Bins that are generated at once: 4 s.
CHUNK_BINS = 400
#: Discharges that are turned into samples at once, which bounds the memory.
BATCH = 2048
#: Steps in which a spectrum drifts, and how far it may go: stays an EMG of the calf [A].
STAGES, DRIFT_CLIP = 6, (0.7, 1.3)
#: Random walk of the common drive's phase, rad per bin: it is no clock [A].
PHASE_WALK = 0.1


class MotorUnitSignal:
    """EMG of motor units under an envelope, sample after sample.

    The discharges are the same at every sampling frequency, and however the samples are asked for.

    Parameters
    ----------
    activation : Activation
        With a firing; its generator is not used.
    firing : Firing
    sampling_frequency : float
        In Hz.
    first_s : float
        Time of the first sample since the activation's start.
    rng : numpy.random.Generator
        Owned by this signal from here on.

    Examples
    --------
    >>> firing = Firing(style="voluntary", n_units=40, isi_cv=0.15)
    >>> rng = np.random.default_rng(0)
    >>> activation = Activation(0.0, np.full(2000, 30.0), rng, firing=firing)
    >>> signal = MotorUnitSignal(activation, firing, 1000.0, 0.0, rng)
    >>> bool(27 < np.sqrt(np.mean(signal.take(20_000) ** 2)) < 33)
    True
    """

    def __init__(
        self,
        activation: Activation,
        firing: Firing,
        sampling_frequency: float,
        first_s: float,
        rng: np.random.Generator,
    ) -> None:
        self._envelope, self._grid_rate = activation.envelope_uv, activation.grid_rate
        self._rate, self._first_s = sampling_frequency, first_s
        self._firing, self._rng = firing, rng
        self._n_bins = int(np.ceil(self._envelope.size / self._grid_rate * BIN_RATE))
        in_cramp = firing.style == "cramp"
        n_units = firing.n_units * (SHIFTS if in_cramp else 1)
        units = draw_units(firing, n_units, activation.spectrum_scale, rng)
        self._sizes = units.sizes
        self._drift = activation.spectrum_drift
        self._stages = np.linspace(1.0, self._stretch(self._n_bins), STAGES if self._drift else 1)
        self._table, self._centre = templates(units.stretched(self._stages), sampling_frequency)
        self._recruitment: Recruitment = (
            RotatingUnits(firing, units.sizes, self._bins(0, self._n_bins), rng)
            if in_cramp
            else VoluntaryUnits(firing, units.sizes, rng)
        )
        self._trains = Trains(firing, self._recruitment.n_trains, rng)
        self._phase = float(rng.uniform(0.0, 2 * np.pi))
        self._next_bin = 0
        self._position = 0  # of the first sample that has not been taken
        self._ahead = np.zeros(0)  # samples from there on, as far as any discharge reaches

    def take(self, n_samples: int) -> Array:
        """Return the next `n_samples`, in uV, shape (n_samples,); behind the envelope zeros."""
        wanted_s = (self._position + n_samples + self._centre) / self._rate + self._first_s
        while self._next_bin < self._n_bins and self._next_bin / BIN_RATE <= wanted_s:
            self._generate()
        taken = np.zeros(n_samples)
        n = min(n_samples, self._ahead.size)
        taken[:n] = self._ahead[:n]
        self._ahead = self._ahead[n:].copy()
        self._position += n_samples
        return taken

    def _stretch(self, number: int) -> float:
        """By how much the spectrum has drifted in this bin."""
        return float(np.clip(1.0 + self._drift * number / BIN_RATE / 60.0, *DRIFT_CLIP))

    def _bins(self, first: int, n_bins: int) -> Array:
        """The envelope in these bins."""
        times = (np.arange(first, first + n_bins) + 0.5) / BIN_RATE
        grid = np.arange(self._envelope.size)
        position = times * self._grid_rate - 0.5
        return np.asarray(np.interp(position, grid, self._envelope), dtype=np.float64)

    def _generate(self) -> None:
        """Let the units discharge in the next bins and add their potentials."""
        first = self._next_bin
        n_bins = min(CHUNK_BINS, self._n_bins - first)
        self._next_bin = first + n_bins
        course = self._recruitment.course(first, self._bins(first, n_bins))
        rows, times = self._trains.take(course.trains, course.rates * self._common_drive(n_bins))
        bins = np.minimum((times * BIN_RATE).astype(np.int64), n_bins - 1)
        units = course.units[rows]
        heights = course.gain[bins] * self._sizes[units]
        stage = int(np.abs(self._stages - self._stretch(first)).argmin())
        since = times + first / BIN_RATE - self._first_s
        places = np.rint(since * (self._rate * PHASES)).astype(np.int64)
        for start in range(0, places.size, BATCH):
            part = slice(start, start + BATCH)
            self._add(units[part] + stage * self._sizes.size, places[part], heights[part])

    def _common_drive(self, n_bins: int) -> Array:
        """Factor that all rates share, about 1."""
        firing = self._firing
        steps = 2 * np.pi * firing.common_drive_frequency / BIN_RATE
        phase = self._phase + np.cumsum(steps + PHASE_WALK * self._rng.standard_normal(n_bins))
        self._phase = float(phase[-1])
        return np.asarray(1.0 + firing.common_drive * np.sin(phase), dtype=np.float64)

    def _add(self, units: IntArray, places: IntArray, heights: Array) -> None:
        """Add potentials at places in units of a sample over `PHASES`."""
        waves = self._table[units, places % PHASES] * heights[:, np.newaxis]
        first = places // PHASES - self._centre - self._position
        indices = first[:, np.newaxis] + np.arange(self._table.shape[2])
        kept = indices >= 0
        added = np.zeros(max(self._ahead.size, int(indices.max()) + 1))
        added += np.bincount(indices[kept], waves[kept], minlength=added.size)
        added[: self._ahead.size] += self._ahead
        self._ahead = added
