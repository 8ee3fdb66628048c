"""What a generator of events knows while a night is planned."""

from dataclasses import dataclass

import numpy as np

from crampdetect.simulation.agenda import Agenda
from crampdetect.simulation.parameters import NightParameters
from crampdetect.simulation.person import Person, RestingFloor
from crampdetect.simulation.seeds import Origin, Seeds

__all__ = ["Prospect"]

#: The base rates of the table are per 8 h.
RATE_SECONDS = 28_800.0


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
