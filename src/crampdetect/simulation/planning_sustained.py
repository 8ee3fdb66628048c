"""Sustained activity of one night that is no cramp, and who else is in the bed."""

from crampdetect.simulation.agenda import Agenda
from crampdetect.simulation.disturbances import BedVibration
from crampdetect.simulation.draws import log_uniform, lognormal, lying_pitch, sign
from crampdetect.simulation.events import Event
from crampdetect.simulation.holds import Tonic
from crampdetect.simulation.prospect import Prospect
from crampdetect.simulation.rem import RemActivity
from crampdetect.simulation.seeds import Origin
from crampdetect.simulation.upright import Upright

__all__ = ["plan_dystonia", "plan_partner", "plan_toilet_trips", "plan_tonic", "upright"]

#: From one REM period to the next, and the first after falling asleep, s [R-h].
REM_CYCLE_S = 5400.0


def upright(
    prospect: Prospect,
    key: tuple[int, ...],
    onset_s: float,
    duration_s: float,
    walks_s: tuple[float, float],
    sits: bool,
    detail: str,
) -> Upright:
    """Return a time out of bed with the efforts of the table."""
    given, rng = prospect.parameters, prospect.seeds.generator(*key, 0)
    maximal_uv = prospect.person.maximal_uv
    standing_uv = float(rng.uniform(*given.standing_effort)) * maximal_uv
    walking_uv = float(rng.uniform(*given.walking_effort)) * maximal_uv
    active_share = float(rng.uniform(0.74, 0.98))
    return Upright(
        onset_s=onset_s,
        duration_s=duration_s,
        level=prospect.level(standing_uv, onset_s),
        walking_level=prospect.level(walking_uv, onset_s),
        walks_s=float(rng.uniform(*walks_s)),
        stride_rate=float(rng.uniform(0.7, 1.0)),
        active_share=0.1 if sits else active_share,
        turn_deg=sign(rng) * float(rng.uniform(20.0, 120.0)),
        pitch_deg=lying_pitch(rng),
        detail=detail,
        key=key,
    )


def plan_toilet_trips(prospect: Prospect) -> list[Event]:
    """Draw times out of bed: walk there, stand or sit, walk back, lie down otherwise.

    Who gets up at all does so at least once in 8 h; the mean over all persons is the table's.
    """
    given, counting = prospect.parameters, prospect.rng(Origin.UPRIGHT)
    mean = given.toilet_trips / max(given.toilet_share, 1e-9)
    in_8_hours = 1 + int(counting.poisson(mean - 1.0)) if mean >= 1 else counting.binomial(1, mean)
    trips = int(in_8_hours) if prospect.person.habits.gets_up else 0
    events: list[Event] = []
    for number in range(prospect.night_count(counting, trips)):
        rng = prospect.rng(Origin.UPRIGHT, number)
        duration = float(rng.uniform(*given.toilet_trip_s))
        sits = bool(rng.random() < 0.5)  # [A]
        onset = prospect.agenda.place(rng, duration, margin_s=10.0)
        if onset is not None:
            key = (int(Origin.UPRIGHT), number)
            events.append(
                upright(prospect, key, onset, duration, (10.0, 30.0), sits, "toilet trip")
            )
    return events


def plan_tonic(prospect: Prospect) -> list[Event]:
    """Draw REM periods without atonia, 3-5 a night at 90 min, in the few persons who have them."""
    given, counting = prospect.parameters, prospect.rng(Origin.TONIC)
    periods = int(counting.integers(3, 6)) if prospect.person.habits.tonic_sleep else 0
    events: list[Event] = []
    for number in range(periods):
        rng = prospect.rng(Origin.TONIC, number)
        duration, level = float(rng.uniform(*given.tonic_s)), float(rng.uniform(*given.tonic_level))
        per_min = log_uniform(rng, given.phasic_per_min)
        onset = REM_CYCLE_S * (number + 1) + float(rng.uniform(-900.0, 900.0))  # [A]
        # movements may fall into it, so the night's agenda is asked and not told
        if prospect.agenda.free(onset, onset + duration):
            events.append(
                RemActivity(
                    onset_s=onset,
                    duration_s=duration,
                    level=max(1.0, level),
                    phasic_per_min=per_min,
                    detail="tonic REM activity",
                    key=(int(Origin.TONIC), number),
                )
            )
    return events


def plan_dystonia(prospect: Prospect) -> list[Event]:
    """Draw dystonic holds, 1-3 a night [A], in the few persons who have them."""
    given, counting = prospect.parameters, prospect.rng(Origin.DYSTONIA)
    count = int(counting.integers(1, 4)) if prospect.person.habits.dystonia else 0
    own = Agenda(given.duration_s)
    events: list[Event] = []
    for number in range(prospect.night_count(counting, count)):
        rng = prospect.rng(Origin.DYSTONIA, number)
        duration = float(rng.uniform(*given.dystonia_s))
        active_uv = float(rng.uniform(*given.dystonia_effort)) * prospect.person.maximal_uv
        ramp_s = float(rng.uniform(3.0, 30.0))  # [A]
        onset = prospect.agenda.place(rng, duration, take=False)
        if onset is not None and own.free(onset, onset + duration):
            own.add(onset, onset + duration)
            events.append(
                Tonic(
                    onset_s=onset,
                    duration_s=duration,
                    level=prospect.level(active_uv, onset),
                    ramp_s=ramp_s,
                    detail="dystonic hold",
                    key=(int(Origin.DYSTONIA), number),
                )
            )
    return events


def plan_partner(prospect: Prospect) -> list[Event]:
    """Draw how another person in the bed moves the sensor; it asks nobody."""
    given, counting = prospect.parameters, prospect.rng(Origin.VIBRATION)
    mean = given.partner_movements * prospect.scale * prospect.person.habits.partner
    events: list[Event] = []
    for number in range(int(counting.poisson(mean))):
        rng = prospect.rng(Origin.VIBRATION, number)
        duration = lognormal(rng, given.body_movement_s, (3.0, 45.0))
        motion_g = log_uniform(rng, given.partner_g)
        if duration < given.duration_s:
            events.append(
                BedVibration(
                    onset_s=float(rng.random()) * (given.duration_s - duration),
                    duration_s=duration,
                    motion_g=motion_g,
                    detail="bed partner moves",
                    key=(int(Origin.VIBRATION), number),
                )
            )
    return events
