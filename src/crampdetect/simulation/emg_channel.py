"""One EMG channel: what its electrodes pick up, before any converter."""

from dataclasses import dataclass, replace

import numpy as np

from crampdetect.detection.types import Array
from crampdetect.simulation.background import (
    RestingNoise,
    add_twitches,
    background_twitches,
    heartbeats,
)
from crampdetect.simulation.draws import lognormal, sign
from crampdetect.simulation.lift import Lift
from crampdetect.simulation.parameters import NightParameters
from crampdetect.simulation.parts import Activation, Contact, Motion, Part, Step, Twitches
from crampdetect.simulation.person import Person, RestingFloor
from crampdetect.simulation.seeds import Origin, Seeds
from crampdetect.simulation.skin import HighFrequencyLoss
from crampdetect.simulation.tracks import (
    ActivationTrack,
    ArtefactTrack,
    StepTrack,
    Track,
    TwitchTrack,
)

__all__ = ["EmgChannel"]

#: A second pair of electrodes over the first: sigma of the logarithm of its resting level, of
#: hum and heart beats, and of each motion artefact, which may be of either sign [A].
REST_SIGMA, HUM_SIGMA, ARTEFACT_SIGMA = 0.25, 0.5, 0.5


@dataclass(frozen=True, slots=True)
class _Traits:
    """Levels of a channel over those of the first."""

    rest: float = 1.0
    hum: float = 1.0
    heartbeat: float = 1.0


class EmgChannel:
    """One pair of electrodes in one reading of a night; it takes only the parts that reach it.

    Parameters
    ----------
    number : int
        From 0; what is drawn for the first does not depend on there being a second.
    rate : float
        In Hz.
    parameters : NightParameters
    person : Person
    floor : RestingFloor
    seeds : Seeds
        Of the night.
    """

    def __init__(
        self,
        number: int,
        rate: float,
        parameters: NightParameters,
        person: Person,
        floor: RestingFloor,
        seeds: Seeds,
    ) -> None:
        self._number, self._rate = number, rate
        self._parameters, self._person = parameters, person
        self._night = seeds
        self._seeds = self._own_seeds(number, seeds)
        self._traits = self._draw_traits()
        self._rest = RestingNoise(rate, parameters, floor, self._seeds)
        self._skin = HighFrequencyLoss(rate, person)
        self._tracks: list[Track] = []
        self._lifts: list[Lift] = []

    @staticmethod
    def _own_seeds(number: int, seeds: Seeds) -> Seeds:
        """Noise and twitches of a second channel are its own."""
        if number == 0:
            return seeds
        return Seeds(int(seeds.generator(Origin.SENSOR, 1, number).integers(1 << 62)))

    def _draw_traits(self) -> _Traits:
        if self._number == 0:
            return _Traits()
        rng = self._night.generator(Origin.SENSOR, 2, self._number)
        return _Traits(*(lognormal(rng, (1.0, s)) for s in (REST_SIGMA, HUM_SIGMA, HUM_SIGMA)))

    def accept(self, part: Part) -> None:
        """Take a part whose first sample has not been asked for yet, if it reaches this channel."""
        if isinstance(part, Activation):
            if self._number < len(part.gains) and part.gains[self._number]:
                self._tracks.append(ActivationTrack(part, self._rate, self._number))
        elif isinstance(part, Motion):
            if part.artefact_uv.any():
                self._tracks.append(ArtefactTrack(self._as_seen(part), self._rate))
        elif isinstance(part, Twitches):
            self._tracks.append(TwitchTrack(part, self._rate, self._number))
        elif isinstance(part, Step) and self._is_meant(part):
            self._tracks.append(StepTrack(part, self._rate))
        elif isinstance(part, Contact) and self._is_meant(part):
            self._lifts.append(Lift(part, self._keyed(6, part.start_s)))

    def _is_meant(self, part: Step | Contact) -> bool:
        """Whether a fault is one of these electrodes; None is all of them."""
        return part.channel is None or part.channel == self._number

    def _keyed(self, purpose: int, start_s: float) -> np.random.Generator:
        """A stream keyed by time, so that one part more does not change the others."""
        time_ms = round(1000 * max(start_s, 0.0))
        return self._night.generator(Origin.SENSOR, purpose, self._number, time_ms)

    def _as_seen(self, motion: Motion) -> Motion:
        """The motion with the artefact that it leaves here."""
        if self._number == 0:
            return motion
        rng = self._keyed(4, motion.start_s)
        gain = sign(rng) * lognormal(rng, (1.0, ARTEFACT_SIGMA))
        return replace(motion, artefact_uv=gain * motion.artefact_uv)

    def block(self, number: int, times_s: Array, start: int, hum: Array) -> Array:
        """What reaches the amplifier in block `number`, in uV, shape (n_samples,).

        `hum` is that of the first channel, in uV.
        """
        values = self._traits.rest * self._rest.take(times_s) + self._traits.hum * hum
        values += background_twitches(
            times_s, number, self._rate, self._parameters, self._person, self._seeds
        )
        if self._person.heartbeat_uv:
            beats = heartbeats(times_s, self._person)
            peaks_uv = self._traits.heartbeat * beats.peaks_uv
            add_twitches(values, self._rate, start, replace(beats, peaks_uv=peaks_uv))
        for track in self._tracks:
            track.add_to(values, times_s, start)
        stop = start + times_s.size
        self._tracks = [track for track in self._tracks if track.stop > stop]
        return self._skin.apply(values, times_s)

    def lift(self, values: Array, times_s: Array, wave: Array, rail_uv: float) -> None:
        """Replace what the amplifier would give, in uV, where an electrode is off."""
        for each in self._lifts:
            each.replace_in(values, times_s, wave, rail_uv)
        self._lifts = [each for each in self._lifts if each.stop_s > times_s[-1]]
