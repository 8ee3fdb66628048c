"""How the sleeper reacts to a cramp: rarely known, so every share is an assumption."""

import numpy as np

from crampdetect.simulation.cramps import Cramp
from crampdetect.simulation.draws import lognormal, lying_pitch, sign
from crampdetect.simulation.events import Event
from crampdetect.simulation.movements import BodyMovement, LimbMovement
from crampdetect.simulation.prospect import Prospect
from crampdetect.simulation.seeds import Origin
from crampdetect.simulation.upright import Upright

__all__ = ["plan_reactions"]

REACTIONS = ("in bed", "sit", "stand", "none")


def plan_reactions(prospect: Prospect, number: int, cramp: Cramp, still_s: float) -> list[Event]:
    """Draw what the sleeper does: nothing, grab and stretch, sit up, or get up.

    Parameters
    ----------
    prospect : Prospect
    number : int
        Of the cramp, for the seed.
    cramp : Cramp
    still_s : float
        For how long the leg lies still after onset; 0: it moves as the cramp begins.
    """
    given, rng = prospect.parameters, prospect.rng(Origin.REACTION, number)
    events: list[Event] = []

    def key() -> tuple[int, int, int]:
        return int(Origin.REACTION), number, len(events)

    early_s, early_length_s = float(rng.uniform(0.0, 4.0)), float(rng.uniform(1.0, 3.0))
    reaction = str(rng.choice(REACTIONS, p=np.array(given.cramp_reactions)))
    latency = lognormal(rng, given.cramp_awakening_s, (5.0, 90.0))
    latency = max(min(latency, cramp.duration_s + 30.0), still_s)
    if cramp.surge > 1:  # who stretches it away is awake before its end
        latency = min(latency, 0.7 * cramp.duration_s)
        reaction = "in bed" if reaction == "none" else reaction
    awake_s = cramp.onset_s + latency
    if still_s == 0:
        events.append(_early_move(cramp.onset_s + early_s, early_length_s, key()))
    if reaction == "none":
        return events
    events.append(_grab(rng, awake_s, reaction, key()))
    if reaction == "stand":
        events.append(_stand_up(prospect, cramp, events[-1].offset_s, rng, key()))
    elif cramp.surge > 1:
        events.append(_stretch(rng, cramp, key()))
    return events


def _early_move(onset_s: float, length_s: float, key: tuple[int, ...]) -> LimbMovement:
    """Stir as the cramp begins."""
    return LimbMovement(
        onset_s=onset_s,
        duration_s=length_s,
        level=1.5,
        motion_g=0.1,
        detail="moves as the cramp begins",
        key=key,
    )


def _grab(
    rng: np.random.Generator, awake_s: float, reaction: str, key: tuple[int, ...]
) -> BodyMovement:
    """Reach for the calf, rub it, sit up for it."""
    sits = reaction == "sit"
    return BodyMovement(
        onset_s=awake_s,
        duration_s=lognormal(rng, (12.0 if sits else 7.0, 0.4), (3.0, 30.0)),
        level=float(rng.uniform(1.5, 4.0)),
        motion_g=float(rng.uniform(0.15, 0.6)),
        turn_deg=sign(rng) * float(rng.uniform(20.0, 90.0)) if sits else 0.0,
        pitch_deg=lying_pitch(rng),
        detail="sits up after a cramp" if sits else "grabs the cramping calf",
        key=key,
    )


def _stretch(rng: np.random.Generator, cramp: Cramp, key: tuple[int, ...]) -> BodyMovement:
    """Pull the foot up: motion around the surge that ends the cramp."""
    before = cramp.surge_s + cramp.fall_s + float(rng.uniform(0.3, 1.0))
    return BodyMovement(
        onset_s=max(cramp.onset_s + 1.0, cramp.offset_s - before),
        duration_s=before + float(rng.uniform(1.0, 3.0)),
        level=float(rng.uniform(1.5, 3.0)),
        motion_g=float(rng.uniform(0.3, 0.8)),
        detail="stretches the cramp away",
        key=key,
    )


def _stand_up(
    prospect: Prospect,
    cramp: Cramp,
    after_s: float,
    rng: np.random.Generator,
    key: tuple[int, ...],
) -> Upright:
    """Get up; standing stretches the calf, so the cramp ends within seconds of it."""
    onset_s = max(after_s, cramp.offset_s - float(rng.uniform(1.0, 5.0)))
    walks = bool(rng.random() < 0.5)
    given, maximal_uv = prospect.parameters, prospect.person.maximal_uv
    standing_uv = float(rng.uniform(*given.standing_effort)) * maximal_uv
    walking_uv = float(rng.uniform(*given.walking_effort)) * maximal_uv
    return Upright(
        onset_s=onset_s,
        duration_s=float(rng.uniform(30.0, 180.0)),
        level=prospect.level(standing_uv, onset_s),
        walking_level=prospect.level(walking_uv, onset_s),
        walks_s=float(rng.uniform(8.0, 40.0)) if walks else 0.0,
        stride_rate=float(rng.uniform(0.7, 1.0)),
        active_share=float(rng.uniform(0.74, 0.98)),
        turn_deg=sign(rng) * float(rng.uniform(20.0, 120.0)),
        pitch_deg=lying_pitch(rng),
        detail="gets up because of a cramp",
        key=key,
    )
