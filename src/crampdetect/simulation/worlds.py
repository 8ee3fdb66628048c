"""Other worlds than the default table: every uncertain number drawn anew within its range.

A classifier that is trained in many worlds cannot lean on a number that nobody knows.
"""

from dataclasses import replace
from zlib import crc32

import numpy as np

from crampdetect.simulation.other_world import confounder_heavy, other_world
from crampdetect.simulation.parameters import NightParameters
from crampdetect.simulation.seeds import Origin, Seeds
from crampdetect.simulation.stress import Stress
from crampdetect.simulation.stress_cramps import CRAMP_STRESS, MOTOR_UNIT_STRESS
from crampdetect.simulation.stress_nights import CONTACT_STRESS, MOVEMENT_STRESS, REST_STRESS

__all__ = ["CHOICES", "STRESS", "in_world", "randomised"]

#: The range of every field that is drawn anew.
STRESS: dict[str, Stress] = {
    **REST_STRESS,
    **MOTOR_UNIT_STRESS,
    **CRAMP_STRESS,
    **MOVEMENT_STRESS,
    **CONTACT_STRESS,
}
#: Fields of which one of several values is taken, each as often.
CHOICES: dict[str, tuple[float | str, ...]] = {
    "mains_frequency": (50.0, 60.0),
    "isi_distribution": ("gamma", "lognormal"),
}
#: Spread of the sigma of a lognormal whose median is drawn anew [A].
SIGMA_FACTORS = (0.8, 1.25)


def in_world(base: NightParameters, world: str, seed: int) -> NightParameters:
    """The table of a world by its name.

    Parameters
    ----------
    base : NightParameters
    world : {"default", "random", "heavy", "random heavy", "other"}
        As documented, drawn anew, with two to three times the look-alikes, both of these, or the
        second set of assumptions.
    seed : int
        Of a world that is drawn.

    Raises
    ------
    ValueError
        For another name.

    Examples
    --------
    >>> in_world(NightParameters(), "default", 1) == NightParameters()
    True
    """
    if world not in ("default", "random", "heavy", "random heavy", "other"):
        raise ValueError(f"found world {world!r}; expected default, random, heavy or other")
    if world == "other":
        return other_world(base)
    table = confounder_heavy(base) if world.endswith("heavy") else base
    return randomised(table, seed) if world.startswith("random") else table


def randomised(base: NightParameters, seed: int) -> NightParameters:
    """Draw a world: a table in which all that is assumed or merely recalled is drawn anew.

    Each field has its own random stream: a field more leaves the others as they are.

    Parameters
    ----------
    base : NightParameters
        Rates, sensor, and what is known, are taken from it.
    seed : int
        Of the world.

    Examples
    --------
    >>> world = randomised(NightParameters(), 1)
    >>> 0.60 <= world.cramp_still_share <= 0.95
    True
    >>> world == randomised(NightParameters(), 1), world == randomised(NightParameters(), 2)
    (True, False)
    """
    seeds = Seeds(seed)
    drawn: dict[str, object] = {}
    for name, stress in STRESS.items():
        rng = seeds.generator(Origin.WORLD, crc32(name.encode()))
        drawn[name] = _drawn(getattr(base, name), stress, name.endswith("_share"), rng)
    for name, values in CHOICES.items():
        rng = seeds.generator(Origin.WORLD, crc32(name.encode()))
        drawn[name] = values[int(rng.integers(len(values)))]
    return replace(base, **drawn)  # type: ignore[arg-type]


def _drawn(value: object, stress: Stress, is_share: bool, rng: np.random.Generator) -> object:
    """One field of a world."""
    low, high = stress.low, stress.high
    if stress.way == "between":
        return float(rng.uniform(low, high))
    if stress.way == "ends":
        return tuple(sorted(float(end) for end in rng.uniform(low, high, 2)))
    if stress.way == "log":
        return _log(low, high, rng)
    if stress.way == "median":
        assert isinstance(value, tuple)
        return _log(low, high, rng), value[1] * float(rng.uniform(*SIGMA_FACTORS))
    if stress.way == "shares":
        assert isinstance(value, tuple)
        weights = [share * _log(low, high, rng) for share in value]
        return tuple(weight / sum(weights) for weight in weights)
    factor = _log(low, high, rng)
    if isinstance(value, tuple):
        return tuple(end * factor for end in value)
    assert isinstance(value, float)
    return min(1.0, value * factor) if is_share else value * factor


def _log(low: float, high: float, rng: np.random.Generator) -> float:
    return float(low * (high / low) ** rng.random())
