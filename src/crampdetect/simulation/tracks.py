"""Parts of the EMG on their way into samples, each adding its share to block after block."""

from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from crampdetect.detection.types import Array
from crampdetect.simulation.background import add_twitches
from crampdetect.simulation.envelopes import GRID_RATE
from crampdetect.simulation.motor_units import MotorUnitSignal
from crampdetect.simulation.parts import Activation, Motion, Step, Twitches
from crampdetect.simulation.spectrum import MuscleNoise

__all__ = ["ActivationTrack", "ArtefactTrack", "StepTrack", "Track", "TwitchTrack"]

#: Sets the channels' streams apart from those that an event's generator spawns.
CHANNEL_KEY = 0xC4A7


class Track(Protocol):
    """Something that adds itself to blocks, until its stop index."""

    stop: int

    def add_to(self, values: Array, times_s: Array, start: int) -> None:
        """Add the share of the block whose first sample has index `start`."""


def _stream(activation: Activation, channel: int) -> np.random.Generator:
    """A stream of its own for each channel, whichever are asked for and in which order."""
    seed = activation.rng.bit_generator.seed_seq
    if not isinstance(seed, np.random.SeedSequence):
        raise TypeError(f"the generator of an activation has no SeedSequence but {seed!r}")
    key = (*seed.spawn_key, CHANNEL_KEY, channel)
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed.entropy, spawn_key=key)))


class ActivationTrack:
    """Motor units or noise under an envelope; generated in order, block by block.

    Parameters
    ----------
    activation : Activation
    rate : float
        In Hz.
    channel : int
        Of the EMG; every channel sees other motor units under the same envelope.
    """

    def __init__(self, activation: Activation, rate: float, channel: int = 0) -> None:
        length_s = activation.envelope_uv.size / activation.grid_rate
        self.start = max(0, int(np.ceil(activation.start_s * rate)))
        self.stop = int(np.ceil((activation.start_s + length_s) * rate))
        self._activation = activation
        self._gain = activation.gains[channel] if channel < len(activation.gains) else 0.0
        rng = _stream(activation, channel)
        self._noise, self._units = None, None
        if activation.firing is None:
            self._noise = MuscleNoise(rate, rng, activation.spectrum_scale)
        else:
            first_s = self.start / rate - activation.start_s
            self._units = MotorUnitSignal(activation, activation.firing, rate, first_s, rng)

    def add_to(self, values: Array, times_s: Array, start: int) -> None:
        """Add the share of this block."""
        first = max(self.start - start, 0)
        last = min(self.stop - start, values.size)
        if first >= last:
            return
        if self._units is not None:
            values[first:last] += self._gain * self._units.take(last - first)
        elif self._noise is not None:
            seen = self._activation
            position = (times_s[first:last] - seen.start_s) * seen.grid_rate - 0.5
            grid = np.arange(seen.envelope_uv.size)
            envelope = np.interp(position, grid, seen.envelope_uv)
            values[first:last] += self._gain * envelope * self._noise.take(last - first)


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
    channel: int = 0
    stop: int = field(init=False)

    def __post_init__(self) -> None:
        ends = self.twitches.times_s + self.twitches.lengths_s
        self.stop = int(np.ceil(ends.max() * self.rate)) if ends.size else 0

    def add_to(self, values: Array, times_s: Array, start: int) -> None:
        """Add the share of this block."""
        add_twitches(values, self.rate, start, self.twitches, self.channel)


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
