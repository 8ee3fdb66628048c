"""Parts become EMG samples: one sampler, fed with parts, asked for blocks in order."""

import numpy as np

from crampdetect.detection.types import Array
from crampdetect.simulation.background import Mains
from crampdetect.simulation.emg_channel import EmgChannel
from crampdetect.simulation.front_end import FrontEnd
from crampdetect.simulation.parameters import NightParameters
from crampdetect.simulation.parts import Hum, Part
from crampdetect.simulation.person import Person, RestingFloor
from crampdetect.simulation.seeds import Seeds

__all__ = ["EmgSampler", "quantised"]

#: A 16-bit converter's codes.
LOWEST_CODE, HIGHEST_CODE = -32768, 32767


def quantised(
    values: Array, resolution: float, limits: tuple[int, int] = (LOWEST_CODE, HIGHEST_CODE)
) -> Array:
    """Values as a converter gives them: whole multiples of `resolution`, cut at its rails.

    Parameters
    ----------
    values : Array
    resolution : float
        In their unit.
    limits : tuple of int
        Lowest and highest code; of 16 bits by default.

    Examples
    --------
    >>> quantised(np.array([0.16, 1e9]), 0.15).round(2)
    array([1.50000e-01, 4.91505e+03])
    """
    codes = np.clip(np.rint(values / resolution), *limits)
    return np.asarray(codes * resolution, dtype=np.float64)


class EmgSampler:
    """The EMG channels of one reading of a night.

    Parameters
    ----------
    rate : float
        In Hz.
    parameters : NightParameters
    person : Person
    floor : RestingFloor
    seeds : Seeds
    """

    def __init__(
        self,
        rate: float,
        parameters: NightParameters,
        person: Person,
        floor: RestingFloor,
        seeds: Seeds,
    ) -> None:
        self._rate = rate
        self._mains_uv = person.mains_uv
        self._mains = Mains(rate, parameters, seeds)
        self._channels = [
            EmgChannel(number, rate, parameters, person, floor, seeds)
            for number in range(parameters.emg_channels)
        ]
        self._front_end = FrontEnd(rate, parameters, seeds)
        self._hums: list[Hum] = []

    def accept(self, part: Part) -> None:
        """Take a part whose first sample has not been asked for yet."""
        if isinstance(part, Hum):
            self._hums.append(part)
        for channel in self._channels:
            channel.accept(part)

    def block(self, number: int, start: int, stop: int) -> Array:
        """Samples `start` to `stop` (exclusive) in the stream's unit, shape (n, n_channels)."""
        times = np.arange(start, stop) / self._rate
        wave = self._mains.wave(times)
        hum = self._hum_uv(times) * wave
        values = np.empty((times.size, len(self._channels)))
        for column, channel in enumerate(self._channels):
            values[:, column] = channel.block(number, times, start, hum)
        values = self._front_end.amplify(values)
        for column, channel in enumerate(self._channels):
            channel.lift(values[:, column], times, wave, self._front_end.rail_uv)
        self._hums = [hum for hum in self._hums if hum.start_s + hum.duration_s > times[-1]]
        return self._front_end.convert(values)

    def _hum_uv(self, times_s: Array) -> Array | float:
        """Amplitude of the hum: the night's own, and what comes and goes."""
        amplitude: Array | float = self._mains_uv
        for hum in self._hums:
            inside = np.clip(times_s - hum.start_s, 0.0, 1.0)
            inside *= np.clip(hum.start_s + hum.duration_s - times_s, 0.0, 1.0)
            amplitude = amplitude + hum.amplitude_uv * inside
        return amplitude
