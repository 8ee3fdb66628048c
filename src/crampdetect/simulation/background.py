"""What is always there: the resting floor, mains hum, twitches and heart beats."""

import numpy as np

from crampdetect.detection.types import Array
from crampdetect.simulation.parameters import NightParameters
from crampdetect.simulation.parts import Twitches
from crampdetect.simulation.person import Person, RestingFloor
from crampdetect.simulation.seeds import Origin, Seeds
from crampdetect.simulation.spectrum import MuscleNoise, anti_alias_gain, white_level

__all__ = ["Mains", "RestingNoise", "add_twitches", "background_twitches", "heartbeats"]

#: Slow excursions of the mains frequency: period (s) and share of the largest deviation [A].
EXCURSIONS = ((660.0, 0.6), (97.0, 0.4))
#: Amplitude of the harmonics over that of the fundamental: odd ones stand out [R-m].
HARMONICS = (1.0, 0.2, 0.4, 0.1)


class RestingNoise:
    """The resting EMG: muscle-like noise on a slow course, and white noise.

    The white noise is the amplifier's, and that of electrodes which age; the floor holds both.
    """

    def __init__(
        self, rate: float, parameters: NightParameters, floor: RestingFloor, seeds: Seeds
    ) -> None:
        self._rate = rate
        self._floor = floor
        self._noise = MuscleNoise(rate, seeds.generator(Origin.REST, 1))
        self._amplifier = seeds.generator(Origin.REST, 2)
        self._amplifier_uv = parameters.amplifier_noise_uv

    def take(self, times_s: Array) -> Array:
        """The next samples, at these times, in uV."""
        white_power = self._amplifier_uv**2 + self._floor.contact_uv(times_s) ** 2
        muscle_uv = np.sqrt(np.maximum(self._floor.level_uv(times_s) ** 2 - white_power, 0.0))
        values = self._noise.take(times_s.size) * muscle_uv
        white_uv = np.sqrt(white_power) * white_level(self._rate)
        values += self._amplifier.standard_normal(times_s.size) * white_uv
        return values


class Mains:
    """Hum at a slowly wandering frequency, with three harmonics."""

    def __init__(self, rate: float, parameters: NightParameters, seeds: Seeds) -> None:
        rng = seeds.generator(Origin.MAINS)
        self._frequency = parameters.mains_frequency
        self._deviation = parameters.mains_deviation
        self._phases = rng.uniform(0.0, 2 * np.pi, len(EXCURSIONS) + len(HARMONICS))
        orders: Array = np.arange(1, len(HARMONICS) + 1, dtype=np.float64)
        # a harmonic above half of the rate folds, weakened by the sensor's low-pass filter
        self._gains = np.array(HARMONICS) * anti_alias_gain(orders * self._frequency, rate)

    def wave(self, times_s: Array) -> Array:
        """Hum of amplitude 1 (of the fundamental) at these times."""
        cycles = self._frequency * times_s
        for (period, share), phase in zip(EXCURSIONS, self._phases, strict=False):
            turn = 2 * np.pi / period
            cycles += self._deviation * share / turn * np.sin(turn * times_s + phase)
        # one complex exponential and its powers instead of a sine for each harmonic
        rotor = np.exp(2j * np.pi * (cycles - np.floor(cycles)))
        power = np.ones_like(rotor)
        values = np.zeros(times_s.size)
        for gain, phase in zip(self._gains, self._phases[len(EXCURSIONS) :], strict=True):
            power = power * rotor
            values += gain * (power.real * np.cos(phase) - power.imag * np.sin(phase))
        return values


def add_twitches(
    values: Array, rate: float, start: int, twitches: Twitches, channel: int = 0
) -> None:
    """Add single motor-unit potentials to `values`, whose first sample has index `start`.

    The waveform is the second derivative of a Gaussian: three phases, no area.
    """
    if channel >= len(twitches.gains):
        return
    peaks_uv = twitches.peaks_uv * twitches.gains[channel]
    for time, peak, length in zip(twitches.times_s, peaks_uv, twitches.lengths_s, strict=True):
        first = max(start, int(np.ceil((time - 0.7 * length) * rate)))
        last = min(start + values.size, int(np.ceil((time + 0.7 * length) * rate)))
        if first < last:
            u = (np.arange(first, last) / rate - time) / (length / 6)
            values[first - start : last - start] += peak * (1.0 - u**2) * np.exp(-(u**2) / 2)


def background_twitches(
    times_s: Array,
    block: int,
    rate: float,
    parameters: NightParameters,
    person: Person,
    seeds: Seeds,
) -> Array:
    """Fasciculations and fragmentary myoclonus of one block, in uV.

    Each block has its own random stream, so nothing is carried over.
    """
    rng = seeds.generator(Origin.TWITCHES, block)
    values = np.zeros(times_s.size)
    start, length_s = round(float(times_s[0]) * rate), times_s.size / rate
    n = rng.poisson(person.fasciculations_per_min * length_s / 60.0)
    # none so near the end that it would be cut
    times = times_s[0] + rng.uniform(0.02, max(0.02, length_s - 0.02), n)
    low, high = parameters.fasciculation_uv
    peaks = rng.uniform(low, high, n) * rng.choice([-1.0, 1.0], n)
    add_twitches(values, rate, start, Twitches(times, peaks, rng.uniform(0.005, 0.015, n)))
    n_bursts = rng.poisson(person.myoclonus_per_h * length_s / 3600.0)
    noise = MuscleNoise(rate, rng.spawn(1)[0])
    for _ in range(n_bursts):
        size = round(float(rng.uniform(0.075, 0.150)) * rate)
        position = round(float(rng.random()) * (times_s.size - size))
        burst_uv = float(rng.uniform(*parameters.myoclonus_uv)) * np.hanning(size)
        if position >= 0:
            values[position : position + size] += noise.take(size) * burst_uv
    return values


def heartbeats(times_s: Array, person: Person) -> Twitches:
    """The QRS complexes of 80 ms that fall into these times; breathing moves them a little."""
    period = 60.0 / person.heart_rate
    first, last = (int(np.floor(t / period)) for t in (times_s[0], times_s[-1]))
    times = np.arange(first, last + 1) * period
    times = times + 0.03 * np.sin(2 * np.pi * 0.25 * times)
    ones = np.ones(times.size)
    return Twitches(times, person.heartbeat_uv * ones, 0.08 * ones)
