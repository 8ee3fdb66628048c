"""One independent random stream for each generator and event, so that none shifts another."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

__all__ = ["Origin", "Seeds"]


class Origin(IntEnum):
    """What draws random numbers; the number is part of the seed, so entries are only ever added."""

    PERSON = 0
    REST = 1
    MAINS = 2
    TWITCHES = 3
    ACCELEROMETER = 4
    CRAMP = 10
    BODY_MOVEMENT = 11
    LIMB_MOVEMENT = 12
    PERIODIC = 13
    RHYTHMIC = 14
    TONIC = 15
    UPRIGHT = 16
    HOLD = 17
    POP = 18
    LEAD_OFF = 19
    DROPOUT = 20
    MAINS_RISE = 21
    REACTION = 22
    CLONUS = 23
    MYOCLONUS = 24
    SLEEP_START = 25
    RESTLESS_LEGS = 26
    DYSTONIA = 27
    VIBRATION = 28
    OVERLOAD = 29
    REMOVAL = 30
    SENSOR = 40
    NIGHT = 100
    WORLD = 101


@dataclass(frozen=True, slots=True)
class Seeds:
    """All random streams of one person and one of that person's nights.

    Parameters
    ----------
    seed : int
        The person.
    night : int
        Which night of that person, from 0.

    Examples
    --------
    >>> first = Seeds(7).generator(Origin.CRAMP, 0).random()
    >>> first == Seeds(7).generator(Origin.CRAMP, 0).random()
    True
    >>> first == Seeds(7).generator(Origin.CRAMP, 1).random()
    False
    >>> first == Seeds(7, night=1).generator(Origin.CRAMP, 0).random()
    False
    >>> trait = Seeds(7).of_person(Origin.CRAMP).random()
    >>> trait == Seeds(7, night=1).of_person(Origin.CRAMP).random()
    True
    """

    seed: int
    night: int = 0

    def __post_init__(self) -> None:
        if self.night < 0:
            raise ValueError(f"night {self.night} was asked, expected 0 or more")

    def generator(self, *key: int) -> np.random.Generator:
        """Return the stream of this key in this night, whatever else has been drawn."""
        # night 0 needs no mark: no generator's key begins with NIGHT
        night = (int(Origin.NIGHT), self.night) if self.night else ()
        return self._stream(*night, *key)

    def of_person(self, trait: int) -> np.random.Generator:
        """Return the stream of a trait, the same in all nights of this person."""
        return self._stream(int(Origin.PERSON), trait)

    def _stream(self, *key: int) -> np.random.Generator:
        sequence = np.random.SeedSequence(self.seed, spawn_key=tuple(int(part) for part in key))
        return np.random.Generator(np.random.PCG64(sequence))
