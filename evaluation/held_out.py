"""Which held-out nights a model is tried on: none of them was known while it was made.

Persons come from the SHA-256 of the committed model file (``night_plans.seeds_from_digest``), so
that a changed model meets other persons and no training knew them. Profiles are not in that file:
whoever changes their thresholds must not look at these nights.
"""

import hashlib
from pathlib import Path

from crampdetect.learning.night_plans import NightPlan, seeds_from_digest
from crampdetect.simulation.sensors import SENSORS

__all__ = ["SETS", "digest_of", "held_out"]

#: Nights of each set: as documented (the claim), the same with many cramps (for figures by level
#: and duration), with two or three times the look-alikes, and in the second parameterisation.
SETS: dict[str, int] = {"default": 160, "dense": 24, "heavy": 30, "other": 30}
#: Nights of each sensor, with more cramps than usual.
SENSOR_NIGHTS, SENSOR_CRAMPS = 5, 3.0
DENSE_CRAMPS = 6.0


def digest_of(model: Path) -> str:
    """SHA-256 of a model file, hexadecimal."""
    return hashlib.sha256(model.read_bytes()).hexdigest()


def held_out(digest: str, share: float = 1.0) -> dict[str, list[NightPlan]]:
    """The nights of every set.

    Parameters
    ----------
    digest : str
        Of the model file.
    share : float
        Of the nights, for trying out; figures are of all of them.
    """
    counts = {name: max(2, round(count * share)) for name, count in SETS.items()}
    sensors = {name: max(1, round(SENSOR_NIGHTS * share)) for name in SENSORS if name != "default"}
    seeds = iter(seeds_from_digest(digest, sum(counts.values()) + sum(sensors.values())))
    out: dict[str, list[NightPlan]] = {}
    for name, count in counts.items():
        world = "default" if name == "dense" else name
        cramps = DENSE_CRAMPS if name == "dense" else None
        out[name] = [
            NightPlan(next(seeds), 0, world, cramps_per_night=cramps) for _ in range(count)
        ]
    for sensor, count in sensors.items():
        out[f"sensor {sensor}"] = [
            NightPlan(next(seeds), 0, "default", sensor, cramps_per_night=SENSOR_CRAMPS)
            for _ in range(count)
        ]
    return out
