"""Movements of one night: large, isolated, and those of falling asleep."""

from crampdetect.simulation.disturbances import Overload
from crampdetect.simulation.draws import log_uniform, lognormal, lying_pitch, sign
from crampdetect.simulation.events import Event
from crampdetect.simulation.movements import BodyMovement, LimbMovement
from crampdetect.simulation.prospect import Prospect
from crampdetect.simulation.pulses import movement_classes
from crampdetect.simulation.seeds import Origin

__all__ = ["plan_body_movements", "plan_limb_movements", "plan_sleep_starts"]

#: A strong movement: half of all large ones reach this, g [A].
STRONG_G = 0.5
#: uV: no movement drives an input whose rails lie beyond this, "1.5-5 mV" [A].
WIDEST_RAILS_UV = 5000.0
#: Isolated movements in 8 h at most: "0-100" [A].
MOST_LIMB_MOVEMENTS = 100
#: How long falling asleep takes, s: sleep starts happen then [A].
FALLING_ASLEEP_S = 1800.0


def plan_body_movements(prospect: Prospect) -> list[Event]:
    """Draw large muscle movements; some leave another posture, few overload the input."""
    given, counting = prospect.parameters, prospect.rng(Origin.BODY_MOVEMENT)
    mean = given.body_movements * prospect.scale * prospect.person.habits.body_factor
    events: list[Event] = []
    for number in range(int(counting.poisson(mean))):
        movement = _body_movement(prospect, number)
        if movement is not None:
            events += [movement, *_overload(prospect, number, movement)]
    return events


def _body_movement(prospect: Prospect, number: int) -> BodyMovement | None:
    given, rng = prospect.parameters, prospect.rng(Origin.BODY_MOVEMENT, number)
    duration = lognormal(rng, given.body_movement_s, (3.0, 45.0))
    active_uv, motion_g = (
        log_uniform(rng, x) for x in (given.body_movement_uv, given.body_movement_g)
    )
    lead_s = float(rng.uniform(*given.body_movement_lead_s))
    shifts = rng.random() < min(1.0, given.posture_shifts / max(given.body_movements, 1e-9))
    turn, pitch = sign(rng) * float(rng.uniform(20.0, 120.0)), lying_pitch(rng)
    onset = prospect.agenda.place(rng, duration)
    if onset is None:
        return None
    body_movement, _ = movement_classes(given)
    return body_movement(
        onset_s=onset,
        duration_s=duration,
        level=prospect.level(active_uv, onset),
        motion_g=motion_g,
        lead_s=lead_s,
        turn_deg=turn if shifts else 0.0,
        pitch_deg=pitch,
        detail="posture shift" if shifts else "large movement",
        key=(int(Origin.BODY_MOVEMENT), number),
    )


def _overload(prospect: Prospect, number: int, movement: BodyMovement) -> list[Event]:
    """Few of the strong movements drive the input to its rails for 0.3-3 s [A]."""
    rng = prospect.rng(Origin.OVERLOAD, number)
    happens = rng.random() < prospect.parameters.overload_share
    duration = min(log_uniform(rng, (0.3, 3.0)), 0.8 * movement.duration_s)
    start = movement.onset_s + float(rng.random()) * (movement.duration_s - duration)
    times = float(rng.uniform(1.3, 3.0))
    within_reach = prospect.parameters.emg_rails_uv <= WIDEST_RAILS_UV
    if not (happens and within_reach and movement.motion_g >= STRONG_G):
        return []
    return [
        Overload(
            onset_s=start,
            duration_s=duration,
            times=times,
            detail="clipped in a strong movement",
            key=(int(Origin.OVERLOAD), number),
        )
    ]


def plan_limb_movements(prospect: Prospect) -> list[Event]:
    """Draw isolated limb movements."""
    given, counting = prospect.parameters, prospect.rng(Origin.LIMB_MOVEMENT)
    mean = given.limb_movements * prospect.scale * prospect.person.habits.limb_factor
    most = max(MOST_LIMB_MOVEMENTS, 2 * given.limb_movements) * prospect.scale
    _, limb_movement = movement_classes(given)
    events: list[Event] = []
    for number in range(int(counting.poisson(min(mean, most)))):
        rng = prospect.rng(Origin.LIMB_MOVEMENT, number)
        duration = lognormal(rng, given.limb_movement_s, (0.5, 10.0))
        active_uv = log_uniform(rng, given.limb_movement_uv)
        motion_g = log_uniform(rng, given.limb_movement_g)
        onset = prospect.agenda.place(rng, duration)
        if onset is not None:
            events.append(
                limb_movement(
                    onset_s=onset,
                    duration_s=duration,
                    level=prospect.level(active_uv, onset),
                    motion_g=motion_g,
                    detail="isolated movement",
                    key=(int(Origin.LIMB_MOVEMENT), number),
                )
            )
    return events


def plan_sleep_starts(prospect: Prospect) -> list[Event]:
    """Draw hypnic jerks: one short burst of the whole body in the first half hour."""
    given, counting = prospect.parameters, prospect.rng(Origin.SLEEP_START)
    share = min(1.0, FALLING_ASLEEP_S / given.duration_s)
    events: list[Event] = []
    for number in range(int(counting.poisson(given.sleep_starts))):
        rng = prospect.rng(Origin.SLEEP_START, number)
        duration = log_uniform(rng, given.sleep_start_s)
        active_uv = log_uniform(rng, given.limb_movement_uv)
        motion_g = float(rng.uniform(0.1, 0.5))  # one spike [R-m]
        onset = prospect.agenda.place(rng, duration, within=(0.0, share))
        if onset is not None:
            events.append(
                LimbMovement(
                    onset_s=onset,
                    duration_s=duration,
                    level=prospect.level(active_uv, onset),
                    motion_g=motion_g,
                    detail="hypnic jerk",
                    key=(int(Origin.SLEEP_START), number),
                )
            )
    return events
