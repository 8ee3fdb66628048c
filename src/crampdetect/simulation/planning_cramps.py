"""Cramps of one night: when, how long, how strong, and how each ends."""

from dataclasses import replace

import numpy as np

from crampdetect.simulation.cramps import Cramp
from crampdetect.simulation.draws import lognormal
from crampdetect.simulation.events import Event
from crampdetect.simulation.parameters import NightParameters
from crampdetect.simulation.planning_reactions import plan_reactions
from crampdetect.simulation.prospect import Prospect
from crampdetect.simulation.seeds import Origin

__all__ = ["plan_cramps"]

#: Least time between two cramps, s: 60 s apart are two by the annotation rule [A].
APART_S = 60.0
#: What happens after the last cramp must still fit into the night, s.
AFTERMATH_S = 240.0


def plan_cramps(prospect: Prospect) -> list[Event]:
    """Draw cramps by a self-exciting process, with movements at onset and reactions."""
    events: list[Event] = []
    last_s = -APART_S
    for number, onset_s in sorted(enumerate(_onsets(prospect)), key=lambda pair: pair[1]):
        rng = prospect.rng(Origin.CRAMP, number)
        onset_s = max(onset_s, last_s + APART_S)
        cramp, still_s = _cramp(prospect, number, onset_s, rng)
        if cramp.offset_s + AFTERMATH_S > prospect.parameters.duration_s:
            continue
        reactions = plan_reactions(prospect, number, cramp, still_s)
        last_s = max(event.offset_s for event in (cramp, *reactions))
        prospect.agenda.add(max(0.0, cramp.onset_s - 25.0), last_s + 5.0)
        events += [cramp, *reactions]
    return events


def _onsets(prospect: Prospect) -> list[float]:
    """Onsets in order of descent: those of themselves, then those that follow from others."""
    given, rng = prospect.parameters, prospect.rng(Origin.CRAMP)
    shape, branching = given.cramp_heterogeneity, given.cramp_branching
    mean = given.cramps_per_night * prospect.scale * (1.0 - branching)
    rate = float(rng.gamma(shape, mean / shape)) if mean > 0 else 0.0
    onsets = [float(t) for t in rng.uniform(0.0, given.duration_s, rng.poisson(rate))]
    for onset in onsets:  # grows while it is walked: followers have followers
        delays = rng.exponential(given.cramp_branching_time_s, rng.poisson(branching))
        onsets += [onset + float(delay) for delay in delays if onset + delay < given.duration_s]
    return onsets


def _cramp(
    prospect: Prospect, number: int, onset_s: float, rng: np.random.Generator
) -> tuple[Cramp, float]:
    """One cramp, and for how long the leg lies still (0: it moves from the beginning)."""
    given = prospect.parameters
    longer = rng.random() < given.cramp_long_share
    duration = lognormal(
        rng,
        given.cramp_long_duration_s if longer else given.cramp_duration_s,
        given.cramp_duration_clip_s,
    )
    plateau = lognormal(rng, given.cramp_level, given.cramp_level_clip)
    level, detail = _under_the_electrode(given, plateau, rng)
    stretched = rng.random() < given.cramp_stretch_share
    still = float(rng.uniform(*given.cramp_still_s))
    still = still if rng.random() < given.cramp_still_share else 0.0
    raised = rng.random() < given.cramp_after_share
    cramp = Cramp(
        onset_s=onset_s,
        duration_s=duration,
        level=level,
        detail=detail,
        key=(int(Origin.CRAMP), number),
        ramp_s=min(lognormal(rng, given.cramp_ramp_s, given.cramp_ramp_clip_s), 0.3 * duration),
        fall_s=min(float(rng.uniform(2.0, 15.0)), 0.3 * duration),  # 2-15 s [A]
        tremor_g=lognormal(rng, given.cramp_tremor_g, (0.002, 0.020)),
        tilt_deg=float(np.clip(rng.normal(0.0, given.cramp_tilt_sd_deg), -15.0, 15.0)),
        spectrum_scale=lognormal(rng, given.cramp_spectrum_scale, (0.8, 1.5)),
        prodrome_s=float(rng.uniform(0, 20)) * (rng.random() < given.cramp_prodrome_share),
        twitch_s=float(rng.uniform(10.0, 60.0)),  # [A]
        raised_s=float(rng.uniform(60.0, 1800.0)) if raised else 0.0,  # 1-30 min [A]
        raised_by=float(rng.uniform(*given.cramp_after_factor)),
    )
    return (_stretched(cramp, given.cramp_surge, rng) if stretched else cramp), still


def _under_the_electrode(
    given: NightParameters, plateau: float, rng: np.random.Generator
) -> tuple[float, str]:
    """What the electrode sees of a plateau, since cramps are focal: all, a part, or nothing."""
    caught = rng.random()
    missed, attenuated = given.cramp_missed_share, given.cramp_attenuated_share
    if caught < missed:
        return 1.0, "focus not under the electrode"
    if caught < missed + attenuated:
        return 1.0 + given.cramp_attenuation * (plateau - 1.0), "focus beside the electrode"
    return plateau, ""


def _stretched(cramp: Cramp, surge: tuple[float, float], rng: np.random.Generator) -> Cramp:
    """End a cramp by a forced stretch: a surge of 0.5-3 s, then quiet in less than 2 s."""
    return replace(
        cramp,
        surge=float(rng.uniform(*surge)),
        surge_s=min(float(rng.uniform(0.5, 3.0)), 0.3 * cramp.duration_s),
        fall_s=min(float(rng.uniform(0.3, 1.0)), 0.2 * cramp.duration_s),
        detail=", ".join(part for part in (cramp.detail, "ended by stretch") if part),
    )
