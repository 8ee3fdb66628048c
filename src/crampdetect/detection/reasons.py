"""Verdicts in words that a lay person understands."""

from collections.abc import Callable, Mapping

from crampdetect.detection.types import Kind

__all__ = ["duration_words", "reasons"]


def duration_words(seconds: float) -> str:
    """A duration as it is spoken.

    Examples
    --------
    >>> duration_words(94.2), duration_words(8.4), duration_words(1210)
    ('94 s', '8.4 s', '20 min')
    """
    if seconds < 10:
        return f"{seconds:.1f} s"
    return f"{seconds:.0f} s" if seconds < 600 else f"{seconds / 60:.0f} min"


def reasons(kind: Kind, measures: Mapping[str, float]) -> tuple[str, ...]:
    """Why an episode was called what it was called, the most telling reason first.

    Parameters
    ----------
    kind : Kind
    measures : mapping of str to float
        Event features by name.

    Examples
    --------
    >>> reasons("upright", {"duration_s": 40.0, "level_ratio": 3.12, "upright_at_onset": 1.0})
    ('the leg was upright when it began', 'lasted 40 s', '3.1 times your resting level')
    """
    base = [f"lasted {duration_words(measures['duration_s'])}"]
    if "level_ratio" in measures:
        base.append(f"{measures['level_ratio']:.1f} times your resting level")
    if kind in ("cramp", "unsure"):
        return (*base, *_motion(measures), *_doubts(kind, measures))
    first = _LOOKALIKES[kind](measures)
    return (first, *base)


def _motion(measures: Mapping[str, float]) -> list[str]:
    still = measures.get("still_at_onset_s")
    if still is None:
        return ["no motion sensor, so a held muscle cannot be told from a cramp"]
    # Stillness counts half windows, durations bins of 50 ms.
    if still + 0.5 >= measures["duration_s"]:
        return ["the leg did not move before it or during it"]
    if still > 0:
        return [f"the leg did not move before it, nor for its first {duration_words(still)}"]
    return ["the leg moved as it began"]


def _doubts(kind: Kind, measures: Mapping[str, float]) -> list[str]:
    out = []
    if measures.get("unknown_fraction", 0.0) >= 0.1:
        out.append("part of it could not be measured")
    if kind == "unsure" and measures["duration_s"] >= LONG_S:
        out.append("longer than cramps usually last")
    if kind == "unsure" and measures.get("recent_activity", 0.0) >= RESTLESS_SHARE:
        out.append("the muscle had been busy in the minutes before")
    return out


def _limb_movement(measures: Mapping[str, float]) -> str:
    if measures["duration_s"] < SHORT_S:
        return "too short for a cramp"
    if measures.get("duty_cycle", 0.0) < PIECES_SHARE:
        return "came in bursts with pauses"
    if measures.get("moving_fraction", 0.0) >= MOVING_SHARE:
        return "the leg moved as the muscle worked"
    return "more like a movement of the leg than like a cramp"


def _body_movement(measures: Mapping[str, float]) -> str:
    if measures.get("moving_fraction", 0.0) >= MOVING_SHARE:
        return "the leg moved as the muscle worked"
    if measures.get("duty_cycle", 0.0) < PIECES_SHARE:
        return "came in pieces, as movements do"
    return "more like turning over than like a cramp"


def _upright(measures: Mapping[str, float]) -> str:
    if measures.get("upright_at_onset", 0.0) >= 0.5:
        return "the leg was upright when it began"
    if measures.get("upright_fraction", 0.0) >= MOVING_SHARE:
        return "the leg was upright while it lasted"
    return "more like standing or walking than like a cramp"


def _voluntary_hold(measures: Mapping[str, float]) -> str:
    if measures.get("still_at_onset_s", 1.0) == 0.0:
        return "the leg moved first, then the muscle was held"
    if measures.get("recent_activity", 0.0) >= RESTLESS_SHARE:
        return "the muscle had been busy in the minutes before"
    return "more like a muscle that is held on purpose than like a cramp"


def _tonic(measures: Mapping[str, float]) -> str:
    if "tonic_after_s" in measures:
        return f"went over into tone that stayed up for {duration_words(measures['tonic_after_s'])}"
    if measures.get("rest_share", 0.0) >= 0.8:
        return "the tone stayed up as a new resting level"
    if measures["duration_s"] >= LONG_S:
        return "went on longer than cramps usually last"
    if measures.get("recent_activity", 0.0) >= RESTLESS_SHARE:
        return "the muscle had been busy in the minutes before"
    return "more like a raised tone than like a cramp"


def _rhythmic(measures: Mapping[str, float]) -> str:
    if measures.get("rhythm_index", 0.0) >= RHYTHM_SHARE and measures.get("rhythm_hz", 0.0) > 0.0:
        return f"came in a steady rhythm of {measures['rhythm_hz']:.1f} per second"
    return "came in repeated bursts, as rhythmic movements do"


def _artefact(measures: Mapping[str, float]) -> str:
    del measures
    return "looks like the electrode, not like the muscle"


#: Where words begin to fit a measure; no verdict hangs on these [A]. A movement lasts at most 10 s
#: (AASM, PMC9619152), a cramp seconds to 10 minutes (Hallegraeff 2017).
SHORT_S, LONG_S = 10.0, 600.0
PIECES_SHARE, MOVING_SHARE, RESTLESS_SHARE, RHYTHM_SHARE = 0.75, 0.2, 0.1, 0.4
_LOOKALIKES: dict[Kind, Callable[[Mapping[str, float]], str]] = {
    "limb_movement": _limb_movement,
    "body_movement": _body_movement,
    "upright": _upright,
    "voluntary_hold": _voluntary_hold,
    "tonic": _tonic,
    "rhythmic": _rhythmic,
    "artefact": _artefact,
}
