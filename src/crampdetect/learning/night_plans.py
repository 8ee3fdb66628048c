"""Which nights are made, for what: training, mining, choosing and testing never share a person."""

from dataclasses import dataclass, replace
from hashlib import sha256

from crampdetect.simulation import (
    NightParameters,
    SimulatedNight,
    in_world,
    simulate_night,
)
from crampdetect.simulation.sensors import with_sensor

__all__ = ["ROLES", "NightPlan", "make_night", "plans", "seeds_from_digest"]

#: First person (seed) of each role; a role has fewer than a million.
ROLES: dict[str, int] = {
    "train": 1_000_000,
    "mine": 2_000_000,
    "mine again": 3_000_000,
    "choose": 4_000_000,
    "calibrate": 5_000_000,
}
#: Persons of tests are drawn from here on, beyond all of the above.
FIRST_TEST_PERSON = 1_000_000_000
#: Cramps a night where there must be many to learn from; the usual rate is in the table.
DENSE = 8.0


@dataclass(frozen=True, slots=True)
class NightPlan:
    """One night to be made.

    Parameters
    ----------
    person, night : int
        Seed of the person, and which of that person's nights.
    world : str
        See `crampdetect.simulation.in_world`.
    sensor : str
        A name of ``simulation.sensors``.
    hours : float
    cramps_per_night : float or None
        Per 8 h, all in the instrumented leg; None: as in the table.
    """

    person: int
    night: int = 0
    world: str = "default"
    sensor: str = "default"
    hours: float = 8.0
    cramps_per_night: float | None = None


def make_night(plan: NightPlan) -> SimulatedNight:
    """The night of a plan.

    Examples
    --------
    >>> make_night(NightPlan(7, hours=0.1)).duration
    Fraction(360, 1)
    """
    base = NightParameters(duration_s=plan.hours * 3600.0)
    base = in_world(base, plan.world, plan.person)
    if plan.cramps_per_night is not None:
        # All of them in this leg; and who has ten a night does not tear the sensor off for each.
        base = replace(
            base,
            cramps_per_night=plan.cramps_per_night,
            cramp_side_share=1.0,
            cramp_removal_share=0.0,
        )
    return simulate_night(with_sensor(base, plan.sensor), plan.person, plan.night)


def plans(role: str, seed: int, count: int) -> list[NightPlan]:
    """The nights of a role.

    Parameters
    ----------
    role : str
        One of `ROLES`.
    seed : int
        0 to 99; another one makes other persons.
    count : int
        At most 10,000.

    Raises
    ------
    ValueError
        The seed or the count is out of range.
    """
    if not 0 <= seed < 100 or not 0 < count <= 10_000:
        raise ValueError(
            f"found seed {seed} and {count} nights; expected a seed of 0 to 99, 1 to 10000 nights"
        )
    first = ROLES[role] + seed * 10_000
    return [_plan(role, number, first + number) for number in range(count)]


#: Sensors in turn. Nights at 500 Hz and more serve all models, the others the envelope models.
SENSORS = (
    "default", "cyton", "default", "gforcepro", "default", "ganglion",
    "umyo", "default", "umyo-base", "shimmer3-512", "default", "bitalino",
)  # fmt: skip


def _plan(role: str, number: int, person: int) -> NightPlan:
    sensor = SENSORS[number % len(SENSORS)]
    if role.startswith("mine"):
        return NightPlan(person, 0, "random heavy", sensor, cramps_per_night=0.0)
    # Half as documented, half drawn anew: what is assumed must not be leant on.
    world = ("default", "random")[number // len(SENSORS) % 2]
    return NightPlan(person, 0, world, sensor, cramps_per_night=DENSE)


def seeds_from_digest(digest: str, count: int) -> list[int]:
    """Persons for a test: drawn from the SHA-256 of a model file, so that no training knew them.

    Parameters
    ----------
    digest : str
        Hexadecimal.
    count : int

    Examples
    --------
    >>> seeds_from_digest("00", 2) == seeds_from_digest("00", 3)[:2]
    True
    """
    seeds = []
    for number in range(count):
        drawn = sha256(f"{digest}:{number}".encode()).digest()
        seeds.append(FIRST_TEST_PERSON + int.from_bytes(drawn[:6], "big"))
    return seeds
