"""Sustained activity of one night that is no cramp: toilet trips, holds, tonic stretches."""

import numpy as np

from crampdetect.simulation.agenda import Agenda
from crampdetect.simulation.draws import lying_pitch, sign
from crampdetect.simulation.events import Event
from crampdetect.simulation.holds import Tonic, VoluntaryHold
from crampdetect.simulation.prospect import Prospect
from crampdetect.simulation.seeds import Origin
from crampdetect.simulation.upright import Upright

__all__ = ["plan_holds", "plan_toilet_trips", "plan_tonic"]

#: The evening stretch: 6 holds of 10 s, 5 s apart (3 a side within 3 min [V Hallegraeff 2012]).
SESSION_HOLDS, SESSION_HOLD_S, SESSION_PAUSE_S = 6, 10.0, 5.0


def plan_toilet_trips(prospect: Prospect) -> list[Event]:
    """Draw times out of bed: walk there, stand or sit, walk back, lie down otherwise."""
    given, counting = prospect.parameters, prospect.rng(Origin.UPRIGHT)
    maximal_uv = prospect.person.maximal_uv
    events: list[Event] = []
    for number in range(counting.poisson(given.toilet_trips * prospect.scale)):
        rng = prospect.rng(Origin.UPRIGHT, number)
        duration = float(rng.uniform(*given.toilet_trip_s))
        standing_uv = float(rng.uniform(*given.standing_effort)) * maximal_uv
        walking_uv = float(rng.uniform(*given.walking_effort)) * maximal_uv
        sits = rng.random() < 0.5  # [A]
        active_share = float(rng.uniform(0.74, 0.98))
        onset = prospect.agenda.place(rng, duration, margin_s=10.0)
        if onset is not None:
            events.append(
                Upright(
                    onset_s=onset,
                    duration_s=duration,
                    level=prospect.level(standing_uv, onset),
                    walking_level=prospect.level(walking_uv, onset),
                    walks_s=float(rng.uniform(10.0, 30.0)),
                    stride_rate=float(rng.uniform(0.7, 1.0)),
                    active_share=0.1 if sits else active_share,
                    turn_deg=sign(rng) * float(rng.uniform(20.0, 120.0)),
                    pitch_deg=lying_pitch(rng),
                    detail="toilet trip",
                    key=(int(Origin.UPRIGHT), number),
                )
            )
    return events


def plan_holds(prospect: Prospect) -> list[Event]:
    """Draw the stretches before sleep, and single holds of 2-20 s while awake."""
    given, counting = prospect.parameters, prospect.rng(Origin.HOLD)
    begin = float(counting.uniform(60.0, 240.0))
    has_session = counting.random() < given.hold_sessions
    single = int(counting.poisson(given.single_holds * prospect.scale))
    session_s = SESSION_HOLDS * (SESSION_HOLD_S + SESSION_PAUSE_S)
    events: list[Event] = []
    if has_session and prospect.agenda.free(begin - 5.0, begin + session_s):
        prospect.agenda.add(begin - 5.0, begin + session_s)
        for number in range(SESSION_HOLDS):
            onset = begin + number * (SESSION_HOLD_S + SESSION_PAUSE_S)
            rng = prospect.rng(Origin.HOLD, 0, number)
            events.append(
                _hold(prospect, rng, (0, number), onset, SESSION_HOLD_S, "evening stretch")
            )
    for number in range(single):
        rng = prospect.rng(Origin.HOLD, 1, number)
        duration = float(rng.uniform(2.0, 20.0))
        place = prospect.agenda.place(rng, duration, margin_s=5.0)
        if place is not None:
            events.append(_hold(prospect, rng, (1, number), place, duration, "awake in bed"))
    return events


def _hold(
    prospect: Prospect,
    rng: np.random.Generator,
    key: tuple[int, int],
    onset_s: float,
    duration_s: float,
    detail: str,
) -> VoluntaryHold:
    active_uv = float(rng.uniform(*prospect.parameters.hold_effort)) * prospect.person.maximal_uv
    return VoluntaryHold(
        onset_s=onset_s,
        duration_s=duration_s,
        level=prospect.level(active_uv, onset_s),
        motion_g=float(rng.uniform(0.1, 0.4)),
        lead_s=float(rng.uniform(0.5, 2.0)),
        detail=detail,
        key=(int(Origin.HOLD), *key),
    )


def plan_tonic(prospect: Prospect) -> list[Event]:
    """Draw tonic REM activity and dystonic holds in the few persons who have them."""
    given, counting = prospect.parameters, prospect.rng(Origin.TONIC)
    # 3-5 REM periods, 1-3 dystonic holds [A]; drawn used or not, so that neither shifts the other
    periods = int(counting.integers(3, 6)) * (counting.random() < given.tonic_sleep_share)
    dystonic = int(counting.integers(1, 4)) * (counting.random() < given.dystonia_share)
    own = Agenda(given.duration_s)
    events: list[Event] = []
    for number in range(periods + dystonic):
        rng = prospect.rng(Origin.TONIC, number)
        in_sleep = number < periods
        duration = float(rng.uniform(600, 1800) if in_sleep else rng.uniform(300, 3600))
        sleep_level = float(rng.uniform(2.0, 4.0))
        active_uv = float(rng.uniform(0.1, 0.4)) * prospect.person.maximal_uv
        # movements may fall into it, so the night's agenda is asked and not told
        onset = prospect.agenda.place(rng, duration, take=False)
        if onset is not None and own.free(onset, onset + duration):
            own.add(onset, onset + duration)
            level = sleep_level if in_sleep else prospect.level(active_uv, onset)
            events.append(
                Tonic(
                    onset_s=onset,
                    duration_s=duration,
                    level=level,
                    detail="tonic REM activity" if in_sleep else "dystonic hold",
                    key=(int(Origin.TONIC), number),
                )
            )
    return events
