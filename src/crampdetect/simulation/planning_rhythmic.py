"""Series, trains and twitching of one night: periodic, rhythmic, alternating, clonus, myoclonus."""

import numpy as np

from crampdetect.simulation.draws import log_uniform, lognormal
from crampdetect.simulation.events import Event
from crampdetect.simulation.movements import LimbMovement, Rhythmic
from crampdetect.simulation.prospect import Prospect
from crampdetect.simulation.pulses import movement_classes
from crampdetect.simulation.seeds import Origin
from crampdetect.simulation.twitching import MyoclonusTrain

__all__ = ["plan_clonus", "plan_myoclonus", "plan_periodic_series", "plan_rhythmic"]

#: Bursts of alternating activation in one leg: per second, and length in s [R-h].
ALTERNATING_RATE, ALTERNATING_BURST_S = (0.5, 3.0), (0.1, 0.5)


def plan_periodic_series(prospect: Prospect) -> list[Event]:
    """Draw series of periodic limb movements in those persons who have them."""
    given = prospect.parameters
    due = round(prospect.person.habits.periodic_per_h * given.duration_s / 3600.0)
    events: list[Event] = []
    drawn, series = 0, 0
    while drawn < due:
        series += 1
        rng = prospect.rng(Origin.PERIODIC, series)
        # at least 4 by rule [V AASM]; about 20 in a series [A]; more in the first half [R-m]
        size = min(4 + int(rng.poisson(16)), max(4, due - drawn))
        drawn += size
        events += _series(prospect, series, size, rng)
    return events


def _series(
    prospect: Prospect, series: int, size: int, rng: np.random.Generator
) -> list[LimbMovement]:
    given = prospect.parameters
    onset = float(rng.beta(1.2, 2.0)) * given.duration_s
    share = float(rng.uniform(*given.periodic_calf_share))
    _, limb_movement = movement_classes(given)
    events: list[LimbMovement] = []
    for number in range(size):
        onset += lognormal(rng, given.periodic_interval_s, (10.0, 90.0))
        duration = lognormal(rng, (2.0, 0.35), (0.5, 10.0))
        active_uv = log_uniform(rng, given.limb_movement_uv) * share
        motion_g = log_uniform(rng, given.limb_movement_g)
        if not prospect.agenda.free(onset - 2.0, onset + duration + 2.0):
            continue
        prospect.agenda.add(onset, onset + duration)
        events.append(
            limb_movement(
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
    """Draw trains of rhythmic feet movements, and of activity that alternates between the legs."""
    given, counting = prospect.parameters, prospect.rng(Origin.RHYTHMIC)
    low, high = (round(end) for end in given.rhythmic_trains)
    trains = int(counting.integers(low, high + 1)) if prospect.person.habits.rhythmic else 0
    events: list[Event] = []
    for number in range(prospect.night_count(counting, trains)):
        rng = prospect.rng(Origin.RHYTHMIC, number)
        alternates = rng.random() < given.alternating_share
        rate = log_uniform(rng, ALTERNATING_RATE if alternates else given.rhythmic_rate)
        lengths = ALTERNATING_BURST_S if alternates else given.rhythmic_burst_s
        burst_s = min(float(rng.uniform(*lengths)), 0.6 / rate)
        events += _train(
            prospect,
            Origin.RHYTHMIC,
            number,
            rng,
            rate=rate,
            burst_s=burst_s,
            duration_s=log_uniform(rng, given.rhythmic_s),
            detail="alternating leg muscle activation" if alternates else "rhythmic feet movements",
        )
    return events


def plan_clonus(prospect: Prospect) -> list[Event]:
    """Draw clonus, 1-3 times a night in the rare persons who have it [A]."""
    given, counting = prospect.parameters, prospect.rng(Origin.CLONUS)
    count = int(counting.integers(1, 4)) if prospect.person.habits.clonus else 0
    events: list[Event] = []
    for number in range(prospect.night_count(counting, count)):
        rng = prospect.rng(Origin.CLONUS, number)
        rate = float(rng.uniform(*given.clonus_rate))
        duration_s = log_uniform(rng, given.clonus_s)
        events += _train(
            prospect,
            Origin.CLONUS,
            number,
            rng,
            rate=rate,
            burst_s=0.5 / rate,
            duration_s=duration_s,
            detail="clonus",
        )
    return events


def _train(
    prospect: Prospect,
    origin: Origin,
    number: int,
    rng: np.random.Generator,
    *,
    rate: float,
    burst_s: float,
    duration_s: float,
    detail: str,
) -> list[Event]:
    """Place one train, where there is room."""
    active_uv = log_uniform(rng, prospect.parameters.body_movement_uv) / 2  # [A]
    motion_g = float(rng.uniform(0.015, 0.1))  # 0.05-0.3 g peak [R-h]
    onset = prospect.agenda.place(rng, duration_s)
    if onset is None:
        return []
    return [
        Rhythmic(
            onset_s=onset,
            duration_s=duration_s,
            level=prospect.level(active_uv, onset),
            burst_rate=rate,
            burst_s=burst_s,
            motion_g=motion_g,
            detail=detail,
            key=(int(origin), number),
        )
    ]


def plan_myoclonus(prospect: Prospect) -> list[Event]:
    """Draw 1-2 stretches [A] of excessive fragmentary myoclonus in those persons who have it."""
    given, counting = prospect.parameters, prospect.rng(Origin.MYOCLONUS)
    count = int(counting.integers(1, 3)) if prospect.person.habits.myoclonus else 0
    events: list[Event] = []
    for number in range(prospect.night_count(counting, count)):
        rng = prospect.rng(Origin.MYOCLONUS, number)
        duration = min(log_uniform(rng, given.myoclonus_train_s), 0.9 * given.duration_s)
        active_uv, per_min = (
            log_uniform(rng, given.myoclonus_uv),
            log_uniform(rng, given.myoclonus_train_per_min),
        )
        onset = float(rng.random()) * (given.duration_s - duration)
        events.append(
            MyoclonusTrain(
                onset_s=onset,
                duration_s=duration,
                level=prospect.level(active_uv, onset),
                per_min=per_min,
                detail="fragmentary myoclonus train",
                key=(int(Origin.MYOCLONUS), number),
            )
        )
    return events
