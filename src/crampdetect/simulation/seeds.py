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


@dataclass(frozen=True, slots=True)
class Seeds:
    """All random streams of one night.

    Examples
    --------
    >>> first = Seeds(7).generator(Origin.CRAMP, 0).random()
    >>> first == Seeds(7).generator(Origin.CRAMP, 0).random()
    True
    >>> first == Seeds(7).generator(Origin.CRAMP, 1).random()
    False
    """

    seed: int

    def generator(self, *key: int) -> np.random.Generator:
        """Return the stream of this key, whatever else has been drawn."""
        sequence = np.random.SeedSequence(self.seed, spawn_key=tuple(int(part) for part in key))
        return np.random.Generator(np.random.PCG64(sequence))
