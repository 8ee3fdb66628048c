"""Cramps of one night: when, how long, how strong, and how each ends."""

from dataclasses import replace

import numpy as np

from crampdetect.simulation.cramps import Cramp
from crampdetect.simulation.draws import lognormal
from crampdetect.simulation.events import Event
from crampdetect.simulation.parameters import NightParameters
from crampdetect.simulation.person import caught_by_electrode
from crampdetect.simulation.planning_reactions import REACTIONS, Draft, plan_reactions
from crampdetect.simulation.prospect import Prospect
from crampdetect.simulation.seeds import Origin

__all__ = ["plan_cramps"]

#: Least time between two cramps, s: 60 s apart are two by the annotation rule [A].
APART_S = 60.0
#: What happens after the last cramp must still fit into the night, s.
AFTERMATH_S = 240.0


def plan_cramps(prospect: Prospect) -> list[Event]:
    """Draw cramps by a self-exciting process, with movements at onset and reactions.

    Cramps of the leg without the sensor are heard only as what the sleeper does about them.
    """
    events: list[Event] = []
    last_s = -APART_S
    for number, onset_s in sorted(enumerate(_onsets(prospect)), key=lambda pair: pair[1]):
        rng = prospect.rng(Origin.CRAMP, number)
        onset_s = max(onset_s, last_s + APART_S)
        here = _is_here(prospect, rng)
        draft = _draft(prospect, rng)
        cramp = _cramp(prospect, (int(Origin.CRAMP), number), onset_s, draft, rng)
        if cramp.offset_s + AFTERMATH_S > prospect.parameters.duration_s:
            continue
        reactions = plan_reactions(prospect, number, cramp, draft)
        last_s = max(event.offset_s for event in (cramp, *reactions))
        # no longer a pause than before other events: quiet before it must not tell a cramp
        prospect.agenda.add(max(0.0, cramp.onset_s - 3.0), last_s + 5.0)
        events += [cramp, *reactions] if here else [_elsewhere(event) for event in reactions]
    return events


def _onsets(prospect: Prospect) -> list[float]:
    """Onsets in order of descent: those of themselves, then those that follow from others."""
    given, rng = prospect.parameters, prospect.rng(Origin.CRAMP)
    branching, tilt = given.cramp_branching, given.cramp_time_tilt
    rate = prospect.person.cramps_per_night * prospect.scale * (1.0 - branching)
    shares = rng.uniform(0.0, 1.0, rng.poisson(rate))
    if tilt:  # the density falls or rises linearly over the night
        shares = (np.sqrt((1.0 - tilt) ** 2 + 4.0 * tilt * shares) - (1.0 - tilt)) / (2.0 * tilt)
    onsets = [float(share) * given.duration_s for share in shares]
    for onset in onsets:  # grows while it is walked: followers have followers
        delays = rng.exponential(given.cramp_branching_time_s, rng.poisson(branching))
        onsets += [onset + float(delay) for delay in delays if onset + delay < given.duration_s]
    return onsets


def _is_here(prospect: Prospect, rng: np.random.Generator) -> bool:
    """Whether the cramp is in the leg with the sensor, or in both."""
    both, side = rng.random() < prospect.parameters.cramp_both_share, rng.random()
    return bool(both or side < prospect.parameters.cramp_side_share)


def _elsewhere(event: Event) -> Event:
    return replace(event, detail=f"{event.detail}, of the other leg")


def _draft(prospect: Prospect, rng: np.random.Generator) -> Draft:
    """Draw what decides about detection: focus, stillness, reaction and end."""
    given = prospect.parameters
    own = caught_by_electrode(given, rng)
    shared = rng.random() < given.cramp_placement_share
    still = float(rng.uniform(*given.cramp_still_s))
    still = still if rng.random() < given.cramp_still_share else 0.0
    reaction = str(rng.choice(REACTIONS, p=np.array(given.cramp_reactions)))
    # who does not react does not stretch: the share of all cramps is that of the table
    reacting = max(1.0 - given.cramp_reactions[-1], 1e-9)
    stretched = rng.random() < given.cramp_stretch_share / reacting and reaction != "none"
    return Draft(
        focus=prospect.person.placement if shared else own,
        still_s=still,
        reaction=reaction,
        stretched=bool(stretched),
    )


def _cramp(
    prospect: Prospect,
    key: tuple[int, int],
    onset_s: float,
    draft: Draft,
    rng: np.random.Generator,
) -> Cramp:
    given = prospect.parameters
    longer = rng.random() < given.cramp_long_share
    duration = lognormal(
        rng,
        given.cramp_long_duration_s if longer else given.cramp_duration_s,
        given.cramp_duration_clip_s,
    )
    plateau = lognormal(rng, given.cramp_level, given.cramp_level_clip)
    raised = rng.random() < given.cramp_after_share
    prodrome = rng.random() < given.cramp_prodrome_share
    cramp = Cramp(
        onset_s=onset_s,
        duration_s=duration,
        level=_seen(given, plateau, draft.focus),
        detail=str(draft),
        key=key,
        gains=_heads(prospect, rng),
        ramp_s=min(_ramp(given, rng), 0.3 * duration),
        fall_s=min(float(rng.uniform(*given.cramp_fall_s)), 0.3 * duration),
        tremor_g=lognormal(rng, given.cramp_tremor_g, given.cramp_tremor_clip_g),
        tilt_deg=float(np.clip(rng.normal(0.0, given.cramp_tilt_sd_deg), -15.0, 15.0)),
        spectrum_scale=lognormal(rng, given.cramp_spectrum_scale, given.cramp_spectrum_clip),
        spectrum_drift=-float(rng.uniform(*given.cramp_spectrum_fade)),
        prodrome_s=float(rng.uniform(*given.cramp_prodrome_s)) * prodrome,
        twitch_s=float(rng.uniform(*given.cramp_twitch_s)),
        raised_s=float(rng.uniform(*given.cramp_after_s)) * raised,
        raised_by=float(rng.uniform(*given.cramp_after_factor)),
    )
    return _stretched(cramp, given.cramp_surge, rng) if draft.stretched else cramp


def _seen(given: NightParameters, plateau: float, focus: str) -> float:
    """What the electrode sees of a plateau, since cramps are focal: all, a part, or nothing."""
    if focus == "missed":
        return 1.0
    return 1.0 + given.cramp_attenuation * (plateau - 1.0) if focus == "beside" else plateau


def _ramp(given: NightParameters, rng: np.random.Generator) -> float:
    drawn = lognormal(rng, given.cramp_ramp_s, given.cramp_ramp_clip_s)
    choices = given.cramp_ramp_choices_s
    return float(rng.choice(choices)) if choices else drawn


def _heads(prospect: Prospect, rng: np.random.Generator) -> tuple[float, ...]:
    """What the medial and the lateral head show; the stronger is 1."""
    given = prospect.parameters
    head = int(rng.choice(3, p=np.array(given.cramp_heads)))
    other = float(rng.uniform(*given.cramp_other_head))
    alike = float(rng.uniform(0.7, 1.0))
    if given.emg_channels == 1:
        return (1.0,)
    return ((1.0, other), (other, 1.0), (1.0, alike))[head]


def _stretched(cramp: Cramp, surge: tuple[float, float], rng: np.random.Generator) -> Cramp:
    """End a cramp by a forced stretch: a surge of 0.5-3 s, then quiet in less than 2 s."""
    return replace(
        cramp,
        surge=float(rng.uniform(*surge)),
        surge_s=min(float(rng.uniform(0.5, 3.0)), 0.3 * cramp.duration_s),
        fall_s=min(float(rng.uniform(0.3, 1.0)), 0.2 * cramp.duration_s),
    )
