"""Parts of the EMG on their way into samples, each adding its share to block after block."""

from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from crampdetect.detection.types import Array
from crampdetect.simulation.background import add_twitches
from crampdetect.simulation.envelopes import GRID_RATE
from crampdetect.simulation.parts import Activation, Motion, Step, Twitches
from crampdetect.simulation.spectrum import MuscleNoise

__all__ = ["ActivationTrack", "ArtefactTrack", "StepTrack", "Track", "TwitchTrack"]


class Track(Protocol):
    """Something that adds itself to blocks, until its stop index."""

    stop: int

    def add_to(self, values: Array, times_s: Array, start: int) -> None:
        """Add the share of the block whose first sample has index `start`."""


class ActivationTrack:
    """Noise under an envelope; takes its noise in order, block by block."""

    def __init__(self, activation: Activation, rate: float) -> None:
        length_s = activation.envelope_uv.size / activation.grid_rate
        self.start = max(0, int(np.ceil(activation.start_s * rate)))
        self.stop = int(np.ceil((activation.start_s + length_s) * rate))
        self._activation = activation
        self._noise = MuscleNoise(rate, activation.rng, activation.spectrum_scale)

    def add_to(self, values: Array, times_s: Array, start: int) -> None:
        """Add the share of this block."""
        first = max(self.start - start, 0)
        last = min(self.stop - start, values.size)
        if first < last:
            seen = self._activation
            position = (times_s[first:last] - seen.start_s) * seen.grid_rate - 0.5
            grid = np.arange(seen.envelope_uv.size)
            envelope = np.interp(position, grid, seen.envelope_uv)
            values[first:last] += envelope * self._noise.take(last - first)


class ArtefactTrack:
    """The slow swing that a motion leaves; a cubic spline adds nothing above 20 Hz."""

    def __init__(self, motion: Motion, rate: float) -> None:
        from scipy.interpolate import CubicSpline

        size = motion.artefact_uv.size
        grid = motion.start_s + (np.arange(size) + 0.5) / GRID_RATE
        self._course = CubicSpline(grid, motion.artefact_uv)
        self.start = int(np.ceil(grid[0] * rate))
        self.stop = int(np.ceil(grid[-1] * rate))

    def add_to(self, values: Array, times_s: Array, start: int) -> None:
        """Add the share of this block."""
        first = max(self.start - start, 0)
        last = min(self.stop - start, values.size)
        if first < last:
            values[first:last] += self._course(times_s[first:last])


@dataclass
class TwitchTrack:
    """Single potentials."""

    twitches: Twitches
    rate: float
    stop: int = field(init=False)

    def __post_init__(self) -> None:
        ends = self.twitches.times_s + self.twitches.lengths_s
        self.stop = int(np.ceil(ends.max() * self.rate)) if ends.size else 0

    def add_to(self, values: Array, times_s: Array, start: int) -> None:
        """Add the share of this block."""
        add_twitches(values, self.rate, start, self.twitches)


@dataclass
class StepTrack:
    """An electrode pop and its recovery."""

    step: Step
    rate: float
    stop: int = field(init=False)

    def __post_init__(self) -> None:
        # after ten time constants less than one converter code is left
        end = self.step.start_s + 10 * self.step.time_constant_s
        self.stop = int(np.ceil(end * self.rate))

    def add_to(self, values: Array, times_s: Array, start: int) -> None:
        """Add the share of this block."""
        first = max(int(np.ceil(self.step.start_s * self.rate)) - start, 0)
        last = min(self.stop - start, values.size)
        if first < last:
            since = (times_s[first:last] - self.step.start_s) / self.step.time_constant_s
            values[first:last] += self.step.height_uv * np.exp(-since)
