"""The documented rules as a table: sustained, no rhythm, EMG before motion, still, not upright."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crampdetect.detection.detector import Detector
from crampdetect.detection.event_table import EVENT_FEATURES
from crampdetect.detection.judging import verdict
from crampdetect.detection.model_schema import Variant
from crampdetect.detection.profiles import profile
from crampdetect.detection.types import Episode, Kind
from tests.streams import Leg, rules_model
from tests.test_model_rules import MODEL, WITH_MOTION, WITHOUT_MOTION, highest

#: A cramp as the documented rules see it, in a leg that moves only to end it.
CRAMP = {
    "duration_s": 60.0,
    "duty_cycle": 1.0,
    "kurtosis": 4.0,
    "longest_still_s": 40.0,
    "low_frequency_ratio": 0.1,
    "modulation": 0.3,
    "moving_fraction": 0.2,
    "plateau_fraction": 0.9,
    "rest_share": 0.3,
    "rhythm_index": 0.2,
    "still_at_onset_s": 40.0,
    "turned_deg": 10.0,
    "unknown_fraction": 0.0,
    "upright_at_onset": 0.0,
    "upright_fraction": 0.0,
}


def kind_of(changes: dict[str, float], variant: Variant, name: str = "standard") -> Kind:
    return verdict(MODEL.probabilities(variant, CRAMP | changes), profile(f"{name}-1"))


TABLE: list[tuple[dict[str, float], Kind]] = [
    ({}, "cramp"),
    # Sustained: 10 s at the least, up to 10 min; active most of the time.
    ({"duration_s": 10.0}, "cramp"),
    ({"duration_s": 9.95}, "limb_movement"),
    ({"duration_s": 9.95, "turned_deg": 20.0}, "body_movement"),
    ({"duration_s": 9.95, "upright_at_onset": 1.0}, "upright"),
    ({"duration_s": 9.95, "low_frequency_ratio": 0.8, "kurtosis": 25.0}, "artefact"),
    ({"duration_s": 9.95, "low_frequency_ratio": 0.8}, "limb_movement"),
    ({"duration_s": 9.95, "kurtosis": 25.0}, "limb_movement"),
    ({"duration_s": 599.0}, "cramp"),
    ({"duration_s": 600.0}, "unsure"),
    ({"duration_s": 900.0}, "tonic"),
    ({"duty_cycle": 0.75}, "cramp"),
    ({"duty_cycle": 0.74, "moving_fraction": 0.1}, "limb_movement"),
    ({"duty_cycle": 0.74, "moving_fraction": 0.2}, "body_movement"),
    # Not rhythmic: a rhythm that is deep; a shallow one is doubtful.
    ({"rhythm_index": 0.49, "modulation": 0.9}, "cramp"),
    ({"rhythm_index": 0.5, "modulation": 0.46}, "rhythmic"),
    ({"rhythm_index": 0.5, "modulation": 0.44}, "unsure"),
    ({"rhythm_index": 0.5, "modulation": 0.46, "turned_deg": 20.0}, "body_movement"),
    # EMG before motion, in a leg that stays still.
    ({"still_at_onset_s": 8.0, "longest_still_s": 8.0}, "cramp"),
    ({"still_at_onset_s": 7.5}, "unsure"),
    ({"still_at_onset_s": 0.0, "longest_still_s": 20.0}, "unsure"),
    ({"still_at_onset_s": 0.0, "longest_still_s": 20.0, "duration_s": 900.0}, "tonic"),
    ({"still_at_onset_s": 0.0, "longest_still_s": 19.5}, "voluntary_hold"),
    ({"still_at_onset_s": 0.0, "longest_still_s": 5.0}, "voluntary_hold"),
    ({"still_at_onset_s": 0.0, "longest_still_s": 4.5}, "body_movement"),
    ({"still_at_onset_s": 0.0, "longest_still_s": 10.0, "upright_fraction": 0.5}, "upright"),
    # What the sleeper does about it does not undo it.
    ({"moving_fraction": 0.9, "turned_deg": 90.0, "upright_fraction": 0.6}, "cramp"),
    # Not upright at onset.
    ({"upright_at_onset": 1.0}, "upright"),
    # The tone stayed as the new rest; half of it not judged.
    ({"rest_share": 0.79}, "cramp"),
    ({"rest_share": 0.8}, "cramp"),
    ({"rest_share": 0.8, "duration_s": 110.0}, "tonic"),
    ({"unknown_fraction": 0.49}, "cramp"),
    ({"unknown_fraction": 0.5}, "unsure"),
    ({"unknown_fraction": 0.5, "duration_s": 9.9}, "artefact"),
]


@pytest.mark.parametrize(("changes", "kind"), TABLE)
def test_decision_table_with_motion(changes: dict[str, float], kind: Kind) -> None:
    assert set(CRAMP) <= set(EVENT_FEATURES)
    assert kind_of(changes, WITH_MOTION) == kind


WITHOUT: list[tuple[dict[str, float], Kind]] = [
    ({}, "cramp"),
    ({"duration_s": 29.9}, "unsure"),
    ({"duration_s": 30.0}, "cramp"),
    ({"duration_s": 9.9}, "limb_movement"),
    ({"duration_s": 900.0}, "tonic"),
    ({"duty_cycle": 0.89}, "body_movement"),
    ({"plateau_fraction": 0.69}, "unsure"),
    ({"rhythm_index": 0.5, "modulation": 0.46}, "rhythmic"),
    ({"rhythm_index": 0.5, "modulation": 0.44}, "unsure"),
    ({"rest_share": 0.8}, "cramp"),
    ({"rest_share": 0.8, "duration_s": 110.0}, "tonic"),
    ({"unknown_fraction": 0.5}, "unsure"),
    ({"unknown_fraction": 0.5, "duration_s": 9.9}, "artefact"),
    ({"upright_at_onset": 1.0, "still_at_onset_s": 0.0}, "cramp"),
]


@pytest.mark.parametrize(("changes", "kind"), WITHOUT)
def test_decision_table_without_motion(changes: dict[str, float], kind: Kind) -> None:
    assert kind_of(changes, WITHOUT_MOTION) == kind


events = st.fixed_dictionaries(
    {
        name: st.just(value) | st.just(value) | st.floats(0.0, highest(name))
        for name, value in CRAMP.items()
    }
)


@given(events)
def test_a_cramp_is_all_of_the_documented_rules(event: dict[str, float]) -> None:
    rules = (
        10.0 <= event["duration_s"] < 600.0
        and event["duty_cycle"] >= 0.75
        and event["rhythm_index"] < 0.5
        and event["still_at_onset_s"] >= 8.0
        and event["upright_at_onset"] < 0.5
        and (event["rest_share"] < 0.8 or event["duration_s"] < 110.0)
        and (event["moving_fraction"] >= 0.001 or event["duration_s"] < 300.0)
        and event["unknown_fraction"] < 0.5
    )
    assert (kind_of(event, WITH_MOTION) == "cramp") == rules


@given(events, st.floats(0.0, 1e4))
def test_a_leg_that_is_still_for_longer_is_no_less_a_cramp(
    event: dict[str, float], more: float
) -> None:
    stiller = event | {"still_at_onset_s": event["still_at_onset_s"] + more}
    before, after = (MODEL.probabilities(WITH_MOTION, one)["cramp"] for one in (event, stiller))
    assert after >= before


def test_a_cramp_while_the_motion_sensor_is_silent_is_judged_without_it() -> None:
    # Its features of motion are absent; "0 s still" must not stand for "not known".
    leg = Leg(seconds=300.0, bursts=((150.0, 200.0, 6.0),), motions=())
    silent = Leg(seconds=300.0, motions=(), gaps=((140.0, 260.0),))
    detector = Detector(leg.signals(), rules_model(), profile("standard-1"))
    items = [*leg.pieces("emg", 20_000), *silent.pieces("acc", 2_000)]
    out = [one for item in items for one in detector.push(item)] + detector.flush()
    (episode,) = (one for one in out if isinstance(one, Episode))
    assert episode.kind == "cramp"
    assert "no motion sensor, so a held muscle cannot be told from a cramp" in episode.reasons
