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
    >>> reasons("upright", {"duration_s": 40.0, "level_ratio": 3.12})
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
    if kind == "unsure" and measures["duration_s"] >= 600:
        out.append("longer than cramps usually last")
    return out


_LOOKALIKES: dict[Kind, Callable[[Mapping[str, float]], str]] = {
    "limb_movement": lambda measures: (
        "too short for a cramp" if measures["duration_s"] < 10 else "came in bursts with pauses"
    ),
    "body_movement": lambda measures: (
        "the leg moved as the muscle worked"
        if "moving_fraction" in measures
        else "came in pieces, as movements do"
    ),
    "upright": lambda measures: (
        "the leg was upright when it began"
        if measures.get("upright_at_onset", 1.0) >= 0.5
        else "the leg was upright while it lasted"
    ),
    "voluntary_hold": lambda measures: (
        "the leg moved first, then the muscle held steady"
        if measures.get("still_at_onset_s", 1.0) == 0.0
        else "held too steadily to be called a cramp"
    ),
    "tonic": lambda measures: (
        "the tone stayed up as a new resting level"
        if measures.get("rest_share", 0.0) >= 0.8
        else "went on longer than cramps usually last"
    ),
    "rhythmic": lambda measures: (
        f"came in a steady rhythm of {measures.get('rhythm_hz', 0.0):.1f} per second"
    ),
    "artefact": lambda measures: "looks like the electrode, not like the muscle",
}
