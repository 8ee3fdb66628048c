"""The events of one night, drawn from the parameter table."""

from collections.abc import Callable
from dataclasses import replace

from crampdetect.simulation.agenda import Agenda
from crampdetect.simulation.events import Event
from crampdetect.simulation.night import SimulatedNight
from crampdetect.simulation.parameters import NightParameters
from crampdetect.simulation.person import RestingFloor, draw_person
from crampdetect.simulation.planning_contact import plan_contact, plan_removal
from crampdetect.simulation.planning_cramps import plan_cramps
from crampdetect.simulation.planning_holds import plan_holds, plan_restless_legs
from crampdetect.simulation.planning_movements import (
    plan_body_movements,
    plan_limb_movements,
    plan_sleep_starts,
)
from crampdetect.simulation.planning_rhythmic import (
    plan_clonus,
    plan_myoclonus,
    plan_periodic_series,
    plan_rhythmic,
)
from crampdetect.simulation.planning_sustained import (
    plan_dystonia,
    plan_partner,
    plan_toilet_trips,
    plan_tonic,
)
from crampdetect.simulation.prospect import Prospect
from crampdetect.simulation.seeds import Seeds

__all__ = ["plan_events", "simulate_night"]

#: Rare and long first: they are the hardest to place, and cramps must not depend on the rest.
PLANS: tuple[Callable[[Prospect], list[Event]], ...] = (
    plan_cramps,
    plan_toilet_trips,
    plan_holds,
    plan_restless_legs,
    plan_tonic,
    plan_dystonia,
    plan_clonus,
    plan_rhythmic,
    plan_sleep_starts,
    plan_body_movements,
    plan_limb_movements,
    plan_periodic_series,
    plan_myoclonus,
    plan_partner,
    plan_contact,
)


def plan_events(parameters: NightParameters, seed: int, night: int = 0) -> tuple[Event, ...]:
    """Draw what happens in one night, without its signals.

    Each generator and each event has its own random stream: other cramps in the table leave the
    movements as they are, except where the two would collide.

    Parameters
    ----------
    parameters : NightParameters
    seed : int
        The person: how often things happen, levels, conditions.
    night : int
        Which night of that person, from 0: what happens, and how the sensor sits.

    Returns
    -------
    tuple of Event
        In order of onset.

    Examples
    --------
    >>> plan_events(NightParameters(), 3) == plan_events(NightParameters(), 3)
    True
    >>> plan_events(NightParameters(), 3) == plan_events(NightParameters(), 3, night=1)
    False
    """
    prospect = prospect_of(parameters, Seeds(seed, night))
    events = [event for plan in PLANS for event in plan(prospect)]
    events += plan_removal(prospect, events)
    events = [replace(event, gains=prospect.gains(event)) for event in events]
    return tuple(sorted(events, key=lambda event: (event.onset_s, event.key)))


def prospect_of(parameters: NightParameters, seeds: Seeds) -> Prospect:
    """Return the empty night that is to be planned."""
    person = draw_person(parameters, seeds)
    floor = RestingFloor(parameters, person, seeds)
    return Prospect(parameters, seeds, person, floor, Agenda(parameters.duration_s))


def simulate_night(parameters: NightParameters, seed: int, night: int = 0) -> SimulatedNight:
    """Draw one night: a person, what happens, and the signals it makes.

    Parameters
    ----------
    parameters : NightParameters
    seed : int
        The person.
    night : int
        Which night of that person, from 0. The same seed and night give the same bits.

    Returns
    -------
    SimulatedNight

    Notes
    -----
    Figures obtained on such nights are simulation figures.

    Examples
    --------
    >>> night = simulate_night(NightParameters(duration_s=600), 1)
    >>> sum(item.stop - item.start for item in night.read() if item.stream == "acc")
    60000
    """
    return SimulatedNight(parameters, seed, plan_events(parameters, seed, night), night)
