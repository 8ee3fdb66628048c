"""The events of one night, drawn from the parameter table."""

from crampdetect.simulation.agenda import Agenda
from crampdetect.simulation.events import Event
from crampdetect.simulation.night import SimulatedNight
from crampdetect.simulation.parameters import NightParameters
from crampdetect.simulation.person import RestingFloor, draw_person
from crampdetect.simulation.planning_contact import plan_contact
from crampdetect.simulation.planning_cramps import plan_cramps
from crampdetect.simulation.planning_movements import (
    plan_body_movements,
    plan_limb_movements,
    plan_periodic_series,
    plan_rhythmic,
)
from crampdetect.simulation.planning_sustained import plan_holds, plan_toilet_trips, plan_tonic
from crampdetect.simulation.prospect import Prospect
from crampdetect.simulation.seeds import Seeds

__all__ = ["plan_events", "simulate_night"]


def plan_events(parameters: NightParameters, seed: int) -> tuple[Event, ...]:
    """Draw what happens in one night, without its signals.

    Each generator and each event has its own random stream: other cramps in the table leave the
    movements as they are, except where the two would collide.

    Parameters
    ----------
    parameters : NightParameters
    seed : int
        Stands for a person and a night.

    Returns
    -------
    tuple of Event
        In order of onset.

    Examples
    --------
    >>> plan_events(NightParameters(), 3) == plan_events(NightParameters(), 3)
    True
    """
    seeds = Seeds(seed)
    person = draw_person(parameters, seeds)
    floor = RestingFloor(parameters, person, seeds)
    prospect = Prospect(parameters, seeds, person, floor, Agenda(parameters.duration_s))
    events: list[Event] = []
    # rare and long first: they are the hardest to place, and cramps must not depend on the rest
    for plan in (
        plan_cramps,
        plan_toilet_trips,
        plan_holds,
        plan_tonic,
        plan_rhythmic,
        plan_body_movements,
        plan_limb_movements,
        plan_periodic_series,
        plan_contact,
    ):
        events += plan(prospect)
    return tuple(sorted(events, key=lambda event: (event.onset_s, event.key)))


def simulate_night(parameters: NightParameters, seed: int) -> SimulatedNight:
    """Draw one night: a person, what happens, and the signals it makes.

    Parameters
    ----------
    parameters : NightParameters
    seed : int
        Stands for a person and a night; the same seed gives the same bits.

    Returns
    -------
    SimulatedNight

    Notes
    -----
    The EMG is noise under envelopes, not motor units; figures obtained on such nights are
    simulation figures.

    Examples
    --------
    >>> night = simulate_night(NightParameters(duration_s=600), 1)
    >>> sum(item.stop - item.start for item in night.read() if item.stream == "acc")
    60000
    """
    return SimulatedNight(parameters, seed, plan_events(parameters, seed))
