"""Reasons are words a lay person understands, and claim nothing that was not measured."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crampdetect.detection.event_table import EVENT_FEATURES
from crampdetect.detection.reasons import duration_words, reasons
from crampdetect.detection.types import KINDS, Kind

#: Words of the workshop that no reason may use.
JARGON = (
    "rms",
    "emg",
    "hz",
    "threshold",
    "feature",
    "probab",
    "nan",
    "window",
    "fraction",
    "index",
)
measures = st.fixed_dictionaries(
    {"duration_s": st.floats(0.5, 1200.0)},
    optional={name: st.floats(0.0, 1000.0) for name in EVENT_FEATURES if name != "duration_s"},
)


@given(st.sampled_from(KINDS), measures)
def test_every_kind_has_reasons_in_plain_words(kind: Kind, event: dict[str, float]) -> None:
    found = reasons(kind, event)
    assert found
    assert len(set(found)) == len(found)
    for reason in found:
        assert reason == reason.strip()
        assert reason.isprintable()
        assert not reason.endswith(".")
        assert not [word for word in JARGON if word in reason.lower().split()]


@given(st.sampled_from(KINDS), st.floats(0.5, 1200.0))
def test_the_duration_is_always_said_and_is_enough(kind: Kind, seconds: float) -> None:
    assert f"lasted {duration_words(seconds)}" in reasons(kind, {"duration_s": seconds})


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        *((0.5, "0.5 s"), (9.94, "9.9 s"), (10.0, "10 s"), (94.4, "94 s"), (599.0, "599 s")),
        *((600.0, "10 min"), (1200.0, "20 min")),
    ],
)
def test_duration_words(seconds: float, words: str) -> None:
    assert duration_words(seconds) == words


@pytest.mark.parametrize(
    ("still", "reason"),
    [
        (None, "no motion sensor, so a held muscle cannot be told from a cramp"),
        (0.0, "the leg moved as it began"),
        (12.0, "the leg did not move before it, nor for its first 12 s"),
        (60.0, "the leg did not move before it or during it"),
    ],
)
@pytest.mark.parametrize("kind", ["cramp", "unsure"])
def test_a_cramp_says_what_the_leg_did(kind: Kind, still: float | None, reason: str) -> None:
    event = {"duration_s": 60.0, "level_ratio": 4.04}
    if still is not None:
        event["still_at_onset_s"] = still
    assert reasons(kind, event) == ("lasted 60 s", "4.0 times your resting level", reason)


def test_doubts_are_said() -> None:
    long = {"duration_s": 660.0, "still_at_onset_s": 660.0, "unknown_fraction": 0.1}
    assert reasons("unsure", long)[-2:] == (
        "part of it could not be measured",
        "longer than cramps usually last",
    )
    assert "part of it could not be measured" in reasons("cramp", long)
    assert not [one for one in reasons("unsure", long | {"duration_s": 599.0}) if "longer" in one]
    clear = reasons("cramp", long | {"unknown_fraction": 0.09})
    assert "part of it could not be measured" not in clear


@pytest.mark.parametrize(
    ("kind", "changes", "first"),
    [
        ("limb_movement", {"duration_s": 9.9}, "too short for a cramp"),
        ("limb_movement", {"duty_cycle": 0.5}, "came in bursts with pauses"),
        (
            "limb_movement",
            {"duty_cycle": 1.0, "moving_fraction": 0.2},
            "the leg moved as the muscle worked",
        ),
        ("limb_movement", {"duty_cycle": 1.0}, "more like a movement of the leg than like a cramp"),
        ("body_movement", {"moving_fraction": 0.5}, "the leg moved as the muscle worked"),
        ("body_movement", {"duty_cycle": 0.5}, "came in pieces, as movements do"),
        ("body_movement", {"duty_cycle": 0.9}, "more like turning over than like a cramp"),
        ("upright", {"upright_at_onset": 1.0}, "the leg was upright when it began"),
        ("upright", {"upright_fraction": 0.5}, "the leg was upright while it lasted"),
        ("upright", {}, "more like standing or walking than like a cramp"),
        (
            "voluntary_hold",
            {"still_at_onset_s": 0.0},
            "the leg moved first, then the muscle was held",
        ),
        (
            "voluntary_hold",
            {"recent_activity": 0.2},
            "the muscle had been busy in the minutes before",
        ),
        (
            "voluntary_hold",
            {},
            "more like a muscle that is held on purpose than like a cramp",
        ),
        ("tonic", {"rest_share": 0.9}, "the tone stayed up as a new resting level"),
        ("tonic", {"duration_s": 700.0}, "went on longer than cramps usually last"),
        ("tonic", {"recent_activity": 0.5}, "the muscle had been busy in the minutes before"),
        ("tonic", {}, "more like a raised tone than like a cramp"),
        (
            "rhythmic",
            {"rhythm_hz": 0.94, "rhythm_index": 0.6},
            "came in a steady rhythm of 0.9 per second",
        ),
        ("rhythmic", {}, "came in repeated bursts, as rhythmic movements do"),
        ("artefact", {}, "looks like the electrode, not like the muscle"),
    ],
)
def test_a_look_alike_says_first_why_it_is_none(
    kind: Kind, changes: dict[str, float], first: str
) -> None:
    assert reasons(kind, {"duration_s": 40.0} | changes)[0] == first


def test_nothing_is_said_of_a_leg_whose_motion_was_not_measured() -> None:
    # Without motion rules-1 says body_movement of what comes in pieces.
    said = " ".join(reasons("body_movement", {"duration_s": 40.0, "duty_cycle": 0.6}))
    assert "moved" not in said


def test_still_to_the_end_is_not_still_for_its_first_part() -> None:
    # Windows are of half a second, durations of 50 ms: 50.0 of 50.05 s is all of it.
    said = reasons("cramp", {"duration_s": 50.05, "still_at_onset_s": 50.0})
    assert said[-1] == "the leg did not move before it or during it"
