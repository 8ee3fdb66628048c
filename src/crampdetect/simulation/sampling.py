"""Parts become EMG samples: one sampler, fed with parts, asked for blocks in order."""

import numpy as np

from crampdetect.detection.types import Array
from crampdetect.simulation.background import (
    Mains,
    RestingNoise,
    add_twitches,
    background_twitches,
    heartbeats,
)
from crampdetect.simulation.parameters import NightParameters
from crampdetect.simulation.parts import Activation, Contact, Hum, Motion, Part, Step, Twitches
from crampdetect.simulation.person import Person, RestingFloor
from crampdetect.simulation.seeds import Origin, Seeds
from crampdetect.simulation.tracks import (
    ActivationTrack,
    ArtefactTrack,
    StepTrack,
    Track,
    TwitchTrack,
)

__all__ = ["EmgSampler", "quantised"]

#: A 16-bit converter's codes.
LOWEST_CODE, HIGHEST_CODE = -32768, 32767
#: Noise of an amplifier with open inputs tied together, uV RMS [A].
FLAT_NOISE_UV = 0.1


def quantised(values: Array, resolution: float) -> Array:
    """Values as a 16-bit converter gives them: whole multiples of `resolution`, cut at its rails.

    Examples
    --------
    >>> quantised(np.array([0.16, 1e9]), 0.15).round(2)
    array([1.50000e-01, 4.91505e+03])
    """
    codes = np.clip(np.rint(values / resolution), LOWEST_CODE, HIGHEST_CODE)
    return np.asarray(codes * resolution, dtype=np.float64)


class EmgSampler:
    """The EMG channel of one reading of a night.

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
        self._rate, self._parameters = rate, parameters
        self._person, self._seeds = person, seeds
        self._rest = RestingNoise(rate, parameters, floor, seeds)
        self._mains = Mains(rate, parameters, seeds)
        self._flat = seeds.generator(Origin.LEAD_OFF)
        self._tracks: list[Track] = []
        self._hums: list[Hum] = []
        self._contacts: list[Contact] = []

    def accept(self, part: Part) -> None:
        """Take a part whose first sample has not been asked for yet."""
        if isinstance(part, Activation):
            self._tracks.append(ActivationTrack(part, self._rate))
        elif isinstance(part, Motion) and part.artefact_uv.any():
            self._tracks.append(ArtefactTrack(part, self._rate))
        elif isinstance(part, Twitches):
            self._tracks.append(TwitchTrack(part, self._rate))
        elif isinstance(part, Step):
            self._tracks.append(StepTrack(part, self._rate))
        elif isinstance(part, Hum):
            self._hums.append(part)
        elif isinstance(part, Contact):
            self._contacts.append(part)

    def block(self, number: int, start: int, stop: int) -> Array:
        """Samples `start` to `stop` (exclusive) in uV, shape (n_samples, 1)."""
        times = np.arange(start, stop) / self._rate
        wave = self._mains.wave(times)
        values = self._rest.take(times) + self._hum_uv(times) * wave
        values += background_twitches(
            times, number, self._rate, self._parameters, self._person, self._seeds
        )
        if self._person.heartbeat_uv:
            add_twitches(values, self._rate, start, heartbeats(times, self._person))
        for track in self._tracks:
            track.add_to(values, times, start)
        for contact in self._contacts:
            self._lift(values, times, wave, contact)
        self._tracks = [track for track in self._tracks if track.stop > stop]
        self._contacts = [c for c in self._contacts if c.start_s + c.duration_s > times[-1]]
        self._hums = [hum for hum in self._hums if hum.start_s + hum.duration_s > times[-1]]
        return quantised(values, self._parameters.emg_resolution_uv)[:, np.newaxis]

    def _hum_uv(self, times_s: Array) -> Array | float:
        """Amplitude of the hum: the night's own, and what comes and goes."""
        amplitude: Array | float = self._person.mains_uv
        for hum in self._hums:
            inside = np.clip(times_s - hum.start_s, 0.0, 1.0)
            inside *= np.clip(hum.start_s + hum.duration_s - times_s, 0.0, 1.0)
            amplitude = amplitude + hum.amplitude_uv * inside
        return amplitude

    def _lift(self, values: Array, times_s: Array, wave: Array, contact: Contact) -> None:
        """Replace the signal where the electrode is off."""
        off = (times_s >= contact.start_s) & (times_s < contact.start_s + contact.duration_s)
        if contact.mode == "rail":
            values[off] = HIGHEST_CODE * self._parameters.emg_resolution_uv
            return
        values[off] = FLAT_NOISE_UV * self._flat.standard_normal(int(off.sum()))
        if contact.mode == "mains":
            values[off] += contact.hum_uv * wave[off]
