"""Nights with known truth and verdicts, for the tests of scoring."""

from collections.abc import Sequence

from hypothesis import strategies as st

from crampdetect.learning.scoring import Found, Night, TrueEvent

__all__ = ["HOURS_8", "cramp", "found", "night", "nights"]

HOURS_8 = 8 * 3600.0


def cramp(onset_s: float, duration_s: float = 40.0, level: float | None = 6.0) -> TrueEvent:
    return TrueEvent("cramp", onset_s, duration_s, level)


def found(
    onset_s: float, duration_s: float = 40.0, kind: str = "cramp", probability: float = 0.9
) -> Found:
    return Found(onset_s, duration_s, kind, probability)


def night(
    truth: Sequence[TrueEvent] = (),
    verdicts: Sequence[Found] = (),
    name: str = "night",
    patient: str | None = None,
    duration_s: float = HOURS_8,
    valid_s: float | None = None,
) -> Night:
    valid = duration_s if valid_s is None else valid_s
    return Night(name, truth, verdicts, valid, duration_s, patient=patient)


@st.composite
def nights(draw: st.DrawFn) -> list[Night]:
    """A few nights with cramps, look-alikes, invalid time, and verdicts right and wrong."""
    made = []
    for number in range(draw(st.integers(0, 4))):
        truth, verdicts = [], []
        for minute in sorted(draw(st.sets(st.integers(0, 470), max_size=8))):
            onset, length = minute * 60.0, float(draw(st.integers(1, 90)))
            kind = draw(st.sampled_from(["cramp", "cramp", "limb_movement", "gap", "upright"]))
            level = draw(st.sampled_from([1.0, 1.5, 5.0, 20.0]))
            truth.append(TrueEvent(kind, onset, length, level))
            for shift in draw(st.lists(st.integers(-20, 40), max_size=2)):
                found_kind = draw(st.sampled_from(["cramp", "unsure", "artefact"]))
                begin = max(0.0, onset + shift)
                probability = draw(st.sampled_from([0.1, 0.5, 0.8, 1.0]))
                verdicts.append(Found(begin, length, found_kind, probability))
        patient = draw(st.sampled_from([None, "a", "b"]))
        made.append(night(truth, verdicts, f"n{number}", patient))
    return made
