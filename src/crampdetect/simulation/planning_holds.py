"""Deliberate contractions of one night: stretching, pushing, and restless legs in the evening."""

import numpy as np

from crampdetect.simulation.draws import log_uniform
from crampdetect.simulation.events import Event
from crampdetect.simulation.holds import VoluntaryHold
from crampdetect.simulation.isometric import IsometricHold
from crampdetect.simulation.movements import Rhythmic
from crampdetect.simulation.planning_sustained import upright
from crampdetect.simulation.prospect import Prospect
from crampdetect.simulation.seeds import Origin

__all__ = ["plan_holds", "plan_restless_legs"]

#: The evening stretch: 6 holds of 10 s, 5 s apart (3 a side within 3 min [V Hallegraeff 2012]).
SESSION_HOLDS, SESSION_HOLD_S, SESSION_PAUSE_S = 6, 10.0, 5.0
#: Restless legs: bouts an evening, how long it lasts (s), and how far a bout's parts are apart [A].
RESTLESS_BOUTS, RESTLESS_EVENING_S, RESTLESS_PAUSE_S = 6.0, 5400.0, (2.0, 25.0)


def plan_holds(prospect: Prospect) -> list[Event]:
    """Draw the stretches before sleep, further sessions, and single holds while awake."""
    given, counting = prospect.parameters, prospect.rng(Origin.HOLD)
    whole, rest = divmod(given.hold_sessions, 1.0)
    # who stretches does so most evenings: person and night decide in equal parts
    habit = 0.5 * (prospect.person.habits.stretches + float(counting.random()))
    sessions = int(whole) + (_triangular(habit) < rest)
    events: list[Event] = []
    for session in range(sessions):
        events += _session(prospect, session)
    for number in range(int(counting.poisson(given.single_holds * prospect.scale))):
        rng = prospect.rng(Origin.HOLD, 1, number)
        duration = float(rng.uniform(*given.hold_s))
        place = prospect.agenda.place(rng, duration, margin_s=5.0)
        if place is not None:
            key = (int(Origin.HOLD), 1, number)
            events.append(_hold(prospect, rng, key, place, duration, "single hold"))
    return events


def _triangular(mean_of_two: float) -> float:
    """Distribution function of the mean of two uniform numbers, so that its value is uniform."""
    u = mean_of_two
    return 2 * u**2 if u < 0.5 else 1 - 2 * (1 - u) ** 2


def _session(prospect: Prospect, session: int) -> list[Event]:
    """Six holds in a row; the first session is before sleep."""
    rng = prospect.rng(Origin.HOLD, 2, session)
    length_s = SESSION_HOLDS * (SESSION_HOLD_S + SESSION_PAUSE_S)
    begin: float | None = float(rng.uniform(60.0, 240.0))
    if session:
        begin = prospect.agenda.place(rng, length_s, margin_s=10.0, take=False)
    if begin is None or not prospect.agenda.free(begin - 5.0, begin + length_s):
        return []
    prospect.agenda.add(begin - 5.0, begin + length_s)
    detail = "stretch session" if session else "evening stretch"
    events: list[Event] = []
    for number in range(SESSION_HOLDS):
        onset = begin + number * (SESSION_HOLD_S + SESSION_PAUSE_S)
        key = (int(Origin.HOLD), 0, session * SESSION_HOLDS + number)
        own = prospect.seeds.generator(*key)
        events.append(_hold(prospect, own, key, onset, SESSION_HOLD_S, detail))
    return events


def _hold(
    prospect: Prospect,
    rng: np.random.Generator,
    key: tuple[int, ...],
    onset_s: float,
    duration_s: float,
    detail: str,
) -> VoluntaryHold:
    """One hold; some are pushed against the bed end and begin in a still leg."""
    given = prospect.parameters
    active_uv = float(rng.uniform(*given.hold_effort)) * prospect.person.maximal_uv
    motion_g, lead_s = float(rng.uniform(*given.hold_motion_g)), float(rng.uniform(0.5, 2.0))
    still = rng.random() < given.hold_still_share
    return (IsometricHold if still else VoluntaryHold)(
        onset_s=onset_s,
        duration_s=duration_s,
        level=prospect.level(active_uv, onset_s),
        motion_g=motion_g,
        lead_s=lead_s,
        detail=f"{detail}, leg still" if still else detail,
        key=key,
    )


def plan_restless_legs(prospect: Prospect) -> list[Event]:
    """Draw bouts of restless legs, awake in the evening: stretching, rubbing, walking about."""
    counting = prospect.rng(Origin.RESTLESS_LEGS)
    evening_s = min(RESTLESS_EVENING_S, prospect.parameters.duration_s)
    mean = RESTLESS_BOUTS * evening_s / RESTLESS_EVENING_S * prospect.person.habits.restless
    events: list[Event] = []
    for bout in range(int(counting.poisson(mean))):
        onset = float(counting.uniform(0.0, evening_s))
        for part in range(int(counting.integers(2, 7))):
            key = (int(Origin.RESTLESS_LEGS), bout, part)
            rng = prospect.seeds.generator(*key)
            found = _restless(prospect, rng, key, onset)
            if prospect.agenda.free(found.onset_s - 3.0, found.offset_s + 3.0):
                prospect.agenda.add(found.onset_s, found.offset_s)
                events.append(found)
            onset = found.offset_s + float(rng.uniform(*RESTLESS_PAUSE_S))
    return events


def _restless(
    prospect: Prospect, rng: np.random.Generator, key: tuple[int, ...], onset_s: float
) -> Event:
    """One thing done about restless legs; shares and lengths [A]."""
    what = str(rng.choice(["stretch", "rubbing", "walking"], p=[0.55, 0.35, 0.10]))
    detail = f"restless legs, {what}"
    if what == "stretch":
        duration = float(rng.uniform(*prospect.parameters.hold_s))
        return _hold(prospect, rng, key, onset_s, duration, detail)
    if what == "walking":
        duration = float(rng.uniform(40.0, 180.0))
        walks = (0.3 * duration, 0.5 * duration)
        return upright(prospect, key, onset_s, duration, walks, False, detail)
    rate = float(rng.uniform(1.0, 3.0))
    return Rhythmic(
        onset_s=onset_s,
        duration_s=log_uniform(rng, (5.0, 40.0)),
        level=prospect.level(log_uniform(rng, (5.0, 40.0)), onset_s),
        burst_rate=rate,
        burst_s=0.4 / rate,
        motion_g=float(rng.uniform(0.05, 0.2)),
        detail=detail,
        key=key,
    )
