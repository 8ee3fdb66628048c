"""What a generator of events knows while a night is planned."""

from dataclasses import dataclass

import numpy as np

from crampdetect.simulation.agenda import Agenda
from crampdetect.simulation.draws import lognormal
from crampdetect.simulation.events import Event
from crampdetect.simulation.parameters import NightParameters
from crampdetect.simulation.person import Person, RestingFloor
from crampdetect.simulation.seeds import Origin, Seeds

__all__ = ["Prospect"]

#: The base rates of the table are per 8 h.
RATE_SECONDS = 28_800.0
#: What the lateral head shows of a movement over the medial one: median, sigma, and limits [A].
LATERAL_GAIN, LATERAL_LIMITS = (0.7, 0.4), (0.15, 1.0)
#: The same of tonic activity, in which the whole calf is active [A].
TONIC_LATERAL_GAIN = (0.7, 1.0)
#: The last word of an event's key: neither planning nor drawing uses it.
_GAINS = 2


@dataclass(frozen=True, slots=True, eq=False)
class Prospect:
    """The night to be planned: table, seeds, person, floor, and what is already taken."""

    parameters: NightParameters
    seeds: Seeds
    person: Person
    floor: RestingFloor
    agenda: Agenda

    @property
    def scale(self) -> float:
        """Length of the night over 8 h."""
        return self.parameters.duration_s / RATE_SECONDS

    def rng(self, origin: Origin, *ordinal: int) -> np.random.Generator:
        """Return the planning stream of a generator, or of one of its events."""
        return self.seeds.generator(origin, *ordinal)

    def level(self, active_uv: float, time_s: float) -> float:
        """RMS over the resting RMS when activity of `active_uv` is added at that time."""
        return float(np.hypot(1.0, active_uv / self.floor.at(time_s)))

    def night_count(self, rng: np.random.Generator, in_8_hours: int) -> int:
        """How many of the events of 8 h fall into this night: thinned, or more in a longer one."""
        whole, rest = divmod(self.scale, 1.0)
        return int(whole) * in_8_hours + int(rng.binomial(in_8_hours, rest))

    def gains(self, event: Event) -> tuple[float, ...]:
        """What each channel shows of an event; cramps have theirs already, being focal."""
        if self.parameters.emg_channels == 1 or event.kind == "cramp":
            return event.gains
        rng = self.seeds.generator(*event.key, _GAINS)
        if event.kind == "tonic":
            return 1.0, float(rng.uniform(*TONIC_LATERAL_GAIN))
        return 1.0, lognormal(rng, LATERAL_GAIN, LATERAL_LIMITS)
