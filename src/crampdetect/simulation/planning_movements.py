"""Movements of one night: large, isolated, periodic and rhythmic."""

from crampdetect.simulation.draws import (
    log_uniform,
    lognormal,
    lying_pitch,
    poisson_gamma,
    sign,
)
from crampdetect.simulation.events import Event
from crampdetect.simulation.movements import BodyMovement, LimbMovement, Rhythmic
from crampdetect.simulation.prospect import Prospect
from crampdetect.simulation.seeds import Origin

__all__ = [
    "plan_body_movements",
    "plan_limb_movements",
    "plan_periodic_series",
    "plan_rhythmic",
]


def plan_body_movements(prospect: Prospect) -> list[Event]:
    """Draw large muscle movements; some leave another posture."""
    given, counting = prospect.parameters, prospect.rng(Origin.BODY_MOVEMENT)
    mean = given.body_movements * prospect.scale
    shift_share = min(1.0, given.posture_shifts / max(given.body_movements, 1e-9))
    events: list[Event] = []
    for number in range(poisson_gamma(counting, mean, given.body_movement_shape)):
        rng = prospect.rng(Origin.BODY_MOVEMENT, number)
        duration = lognormal(rng, given.body_movement_s, (3.0, 45.0))
        active_uv = log_uniform(rng, given.body_movement_uv)
        motion_g, lead_s = log_uniform(rng, given.body_movement_g), float(rng.uniform(0.0, 0.5))
        shifts = rng.random() < shift_share
        turn, pitch = sign(rng) * float(rng.uniform(20.0, 120.0)), lying_pitch(rng)
        onset = prospect.agenda.place(rng, duration)
        if onset is not None:
            events.append(
                BodyMovement(
                    onset_s=onset,
                    duration_s=duration,
                    level=prospect.level(active_uv, onset),
                    motion_g=motion_g,
                    lead_s=lead_s,
                    turn_deg=turn if shifts else 0.0,
                    pitch_deg=pitch,
                    detail="posture shift" if shifts else "",
                    key=(int(Origin.BODY_MOVEMENT), number),
                )
            )
    return events


def plan_limb_movements(prospect: Prospect) -> list[Event]:
    """Draw isolated limb movements."""
    given, counting = prospect.parameters, prospect.rng(Origin.LIMB_MOVEMENT)
    mean = given.limb_movements * prospect.scale
    count = min(
        poisson_gamma(counting, mean, given.limb_movement_shape), round(100 * prospect.scale)
    )
    events: list[Event] = []
    for number in range(count):
        rng = prospect.rng(Origin.LIMB_MOVEMENT, number)
        duration = lognormal(rng, given.limb_movement_s, (0.5, 10.0))
        active_uv = log_uniform(rng, given.limb_movement_uv)
        motion_g = log_uniform(rng, given.limb_movement_g)
        onset = prospect.agenda.place(rng, duration)
        if onset is not None:
            events.append(
                LimbMovement(
                    onset_s=onset,
                    duration_s=duration,
                    level=prospect.level(active_uv, onset),
                    motion_g=motion_g,
                    key=(int(Origin.LIMB_MOVEMENT), number),
                )
            )
    return events


def plan_periodic_series(prospect: Prospect) -> list[Event]:
    """Draw series of periodic limb movements in those persons who have them."""
    given, counting = prospect.parameters, prospect.rng(Origin.PERIODIC)
    affected = counting.random() < given.periodic_share
    per_hour = lognormal(counting, given.periodic_per_h, (0.0, 90.0))
    due = round(per_hour * given.duration_s / 3600.0) if affected else 0
    events: list[Event] = []
    drawn, series = 0, 0
    while drawn < due:
        series += 1
        rng = prospect.rng(Origin.PERIODIC, series)
        # at least 4 by rule [V AASM]; about 20 in a series [A]; more in the first half [R-m]
        size = min(4 + int(rng.poisson(16)), max(4, due - drawn))
        onset = float(rng.beta(1.2, 2.0)) * given.duration_s
        share = float(rng.uniform(*given.periodic_calf_share))
        for number in range(size):
            drawn += 1
            onset += lognormal(rng, given.periodic_interval_s, (10.0, 90.0))
            duration = lognormal(rng, (2.0, 0.35), (0.5, 10.0))
            active_uv = log_uniform(rng, given.limb_movement_uv) * share
            motion_g = log_uniform(rng, given.limb_movement_g)
            if not prospect.agenda.free(onset - 2.0, onset + duration + 2.0):
                continue
            prospect.agenda.add(onset, onset + duration)
            events.append(
                LimbMovement(
                    onset_s=onset,
                    duration_s=duration,
                    level=prospect.level(active_uv, onset),
                    motion_g=motion_g,
                    detail=f"periodic series {series}",
                    key=(int(Origin.PERIODIC), series, number),
                )
            )
    return events


def plan_rhythmic(prospect: Prospect) -> list[Event]:
    """Draw trains of rhythmic feet movements, and clonus in rare persons."""
    given, counting = prospect.parameters, prospect.rng(Origin.RHYTHMIC)
    trains = int(counting.integers(1, 5)) if counting.random() < given.rhythmic_share else 0
    clonus = int(counting.integers(1, 4)) if counting.random() < given.clonus_share else 0
    events: list[Event] = []
    for number in range(trains + clonus):
        rng = prospect.rng(Origin.RHYTHMIC, number)
        is_clonus = number >= trains
        rate = float(rng.uniform(4.0, 8.0)) if is_clonus else log_uniform(rng, given.rhythmic_rate)
        duration = log_uniform(rng, given.rhythmic_s)
        active_uv = log_uniform(rng, given.body_movement_uv) / 2  # [A]
        burst_s = float(rng.uniform(0.1, 1.0))  # 100-1000 ms [V/R-h]
        motion_g = float(rng.uniform(0.015, 0.1))  # 0.05-0.3 g peak [R-h]
        onset = prospect.agenda.place(rng, duration)
        if onset is not None:
            events.append(
                Rhythmic(
                    onset_s=onset,
                    duration_s=duration,
                    level=prospect.level(active_uv, onset),
                    burst_rate=rate,
                    burst_s=burst_s,
                    motion_g=motion_g,
                    detail="clonus" if is_clonus else "rhythmic feet movements",
                    key=(int(Origin.RHYTHMIC), number),
                )
            )
    return events
