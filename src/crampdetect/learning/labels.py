"""What an event of the detector is called, given what really happened.

Written rules
-------------
- At least half of it lies in cramps: ``cramp``. Less than a fifth: no cramp. Between: not used.
- A crumb of a cramp (it begins 10 s or more after the cramp and is less than a fifth of it) is not
  used: whether it is called one matters only to where the cramp ends.
- A cramp that nobody could see (plateau below 1.5 times rest, the contract's line for a scorable
  one) teaches nothing: events that lie in it are not used.
- No cramp: the kind of the true event that it overlaps best (intersection over union), so that an
  hour of raised tone does not name the movement inside it; mains steps and what only the mattress
  does are not asked. Where nothing happened it is
  named by what it looks like: ``artefact`` below 18 Hz, ``limb_movement`` up to 10 s, else
  ``tonic`` (the raised tone after a cramp, a drifting rest).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crampdetect.detection.types import Kind
from crampdetect.simulation.truth import SCORABLE_LEVEL, TruthEvent

__all__ = ["Label", "label"]

#: Shares of an event in cramps, as the rules above say [A].
MOSTLY, HARDLY = 0.5, 0.2
LATE_S, CRUMB = 10.0, 0.2
#: Details of true events that make no activity of their own.
NO_CAUSE = ("mains hum", "bed partner")
#: A leg movement lasts at most 10 s (AASM, PMC9619152).
LONGEST_MOVEMENT_S = 10.0
#: Share of power below 18 Hz above which it is no muscle [A].
ARTEFACT_SHARE = 0.6


@dataclass(frozen=True, slots=True)
class Label:
    """The kind an event is called, and the true event behind it (None: nothing happened)."""

    kind: Kind
    event: TruthEvent | None


def label(
    onset_s: float, offset_s: float, measures: Mapping[str, float], truth: Sequence[TruthEvent]
) -> Label | None:
    """The label of an event; None if it teaches nothing.

    Parameters
    ----------
    onset_s, offset_s : float
        In seconds of the recording.
    measures : mapping of str to float
        Event features by name.
    truth : sequence of TruthEvent

    Examples
    --------
    >>> cramp = TruthEvent("cramp", 100.0, 60.0, 5.0)
    >>> label(102.0, 158.0, {}, [cramp]).kind, label(500.0, 503.0, {}, [cramp]).kind
    ('cramp', 'limb_movement')
    """
    shared = [
        (min(offset_s, one.offset_s) - max(onset_s, one.onset_s), one)
        for one in truth
        if one.onset_s < offset_s and onset_s < one.offset_s
    ]
    length = offset_s - onset_s
    cramps = [(seconds, one) for seconds, one in shared if one.kind == "cramp"]
    if cramps:
        inside = sum(seconds for seconds, _ in cramps)
        longest = max(cramps, key=lambda pair: pair[0])[1]
        if inside >= MOSTLY * length:
            crumb = onset_s - longest.onset_s > LATE_S and length < CRUMB * longest.duration_s
            seen = longest.level >= SCORABLE_LEVEL and not crumb
            return Label("cramp", longest) if seen else None
        if inside >= HARDLY * length:
            return None
    others = [
        (seconds / (length + one.duration_s - seconds), one)
        for seconds, one in shared
        if one.kind != "cramp" and not one.detail.startswith(NO_CAUSE)
    ]
    if not others:
        return Label(_by_looks(length, measures), None)
    best = max(others, key=lambda pair: pair[0])[1]
    if best.kind == "gap" or best.kind == "lead_off":
        return Label("artefact", best)
    return Label(best.kind, best)


def _by_looks(length_s: float, measures: Mapping[str, float]) -> Kind:
    if measures.get("low_frequency_ratio", 0.0) >= ARTEFACT_SHARE:
        return "artefact"
    return "limb_movement" if length_s < LONGEST_MOVEMENT_S else "tonic"
