"""How the sleeper reacts to a cramp: rarely known, so every share is an assumption."""

from dataclasses import dataclass

import numpy as np

from crampdetect.simulation.cramps import Cramp
from crampdetect.simulation.draws import log_uniform, lognormal, lying_pitch, sign
from crampdetect.simulation.events import Event
from crampdetect.simulation.movements import BodyMovement, LimbMovement
from crampdetect.simulation.parameters import NightParameters
from crampdetect.simulation.prospect import Prospect
from crampdetect.simulation.pulses import movement_classes
from crampdetect.simulation.seeds import Origin
from crampdetect.simulation.upright import Upright

__all__ = ["REACTIONS", "Draft", "plan_reactions"]

REACTIONS = ("in bed", "sit", "stand", "none")
FOCUS_WORDS = {"missed": "focus not under the electrode", "beside": "focus beside the electrode"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What is decided about a cramp before it has a shape.

    Parameters
    ----------
    focus : str
        What the electrode catches: ``"full"``, ``"beside"`` or ``"missed"``.
    still_s : float
        For how long the leg lies still after onset; 0: it moves as the cramp begins.
    reaction : str
        One of `REACTIONS`.
    stretched : bool
        Whether a forced stretch ends it.

    Examples
    --------
    >>> str(Draft(focus="full", still_s=9.0, reaction="sit", stretched=True))
    'still at onset, reaction sit, ended by stretch'
    """

    focus: str
    still_s: float
    reaction: str
    stretched: bool

    def __str__(self) -> str:
        words = (
            FOCUS_WORDS.get(self.focus, ""),
            "still at onset" if self.still_s else "moves at onset",
            f"reaction {self.reaction}",
            "ended by stretch" if self.stretched else "",
        )
        return ", ".join(word for word in words if word)


def plan_reactions(prospect: Prospect, number: int, cramp: Cramp, draft: Draft) -> list[Event]:
    """Draw what the sleeper does: nothing, grab and stretch, sit up, or get up.

    Parameters
    ----------
    prospect : Prospect
    number : int
        Of the cramp, for the seed.
    cramp : Cramp
    draft : Draft
        What was decided about it.
    """
    given, rng = prospect.parameters, prospect.rng(Origin.REACTION, number)
    events: list[Event] = []

    def key() -> tuple[int, int, int]:
        return int(Origin.REACTION), number, len(events)

    early = _early_move(given, cramp, rng, key())
    latency = lognormal(rng, given.cramp_awakening_s, given.cramp_awakening_clip_s)
    latency = max(min(latency, cramp.duration_s + 30.0), draft.still_s)
    if draft.stretched:  # who stretches it away is awake before its end
        latency = min(latency, 0.7 * cramp.duration_s)
    if draft.still_s == 0:
        events.append(early)
    if draft.reaction == "none":
        return events
    events.append(_grab(given, rng, cramp.onset_s + latency, draft.reaction, key()))
    if draft.reaction == "stand":
        events.append(_stand_up(prospect, cramp, events[-1].offset_s, rng, key()))
    elif draft.stretched:
        events.append(_stretch(given, rng, cramp, key()))
    return events


def _early_move(
    given: NightParameters, cramp: Cramp, rng: np.random.Generator, key: tuple[int, ...]
) -> LimbMovement:
    """Stir around the onset: the movement that shortens the muscle may come first."""
    _, limb_movement = movement_classes(given)
    return limb_movement(
        onset_s=max(0.0, cramp.onset_s + float(rng.uniform(-3.0, 4.0))),
        duration_s=float(rng.uniform(1.0, 3.0)),
        level=float(rng.uniform(1.2, 3.0)),
        motion_g=log_uniform(rng, (0.05, 0.4)),
        detail="moves as the cramp begins",
        key=key,
    )


def _grab(
    given: NightParameters,
    rng: np.random.Generator,
    awake_s: float,
    reaction: str,
    key: tuple[int, ...],
) -> BodyMovement:
    """Reach for the calf, rub it, sit up for it."""
    sits = reaction == "sit"
    body_movement, _ = movement_classes(given)
    return body_movement(
        onset_s=awake_s,
        duration_s=lognormal(rng, (12.0 if sits else 7.0, 0.4), (3.0, 30.0)),
        level=float(rng.uniform(1.5, 4.0)),
        motion_g=float(rng.uniform(0.15, 0.6)),
        turn_deg=sign(rng) * float(rng.uniform(20.0, 90.0)) if sits else 0.0,
        pitch_deg=lying_pitch(rng),
        detail="sits up after a cramp" if sits else "grabs the cramping calf",
        key=key,
    )


def _stretch(
    given: NightParameters, rng: np.random.Generator, cramp: Cramp, key: tuple[int, ...]
) -> BodyMovement:
    """Pull the foot up: motion around the surge that ends the cramp."""
    body_movement, _ = movement_classes(given)
    before = cramp.surge_s + cramp.fall_s + float(rng.uniform(0.3, 1.0))
    return body_movement(
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
    given, maximal_uv = prospect.parameters, prospect.person.maximal_uv
    walks = bool(rng.random() < given.cramp_walk_share)
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
