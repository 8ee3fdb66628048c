"""What an event is called, rule by rule."""

import pytest

from crampdetect.learning.labels import label
from crampdetect.simulation.truth import TruthEvent

CRAMP = TruthEvent("cramp", 100.0, 60.0, 5.0)
WEAK = TruthEvent("cramp", 100.0, 60.0, 1.3)
TURN = TruthEvent("body_movement", 150.0, 20.0, 9.0, "posture shift")
OFF = TruthEvent("lead_off", 500.0, 60.0, 1.0)


@pytest.mark.parametrize(
    ("bounds", "truth", "kind"),
    [
        ((102.0, 158.0), [CRAMP], "cramp"),
        ((120.0, 133.0), [CRAMP], "cramp"),
        ((105.0, 110.0), [CRAMP], "cramp"),
        ((120.0, 130.0), [CRAMP], None),  # a crumb
        ((60.0, 141.0), [CRAMP], "cramp"),  # 41 of 81 s
        ((20.0, 130.0), [CRAMP], None),  # 30 of 110 s: neither
        ((0.0, 110.0), [CRAMP], "tonic"),  # 10 of 110 s
        ((102.0, 158.0), [WEAK], None),
        ((155.0, 170.0), [CRAMP, TURN], None),
        ((159.0, 170.0), [CRAMP, TURN], "body_movement"),
        ((510.0, 520.0), [OFF], "artefact"),
        ((300.0, 303.0), [CRAMP], "limb_movement"),
        ((300.0, 330.0), [CRAMP], "tonic"),
    ],
)
def test_an_event_is_called_by_the_rules(
    bounds: tuple[float, float], truth: list[TruthEvent], kind: str | None
) -> None:
    found = label(*bounds, {}, truth)
    assert (found and found.kind) == kind


def test_what_lies_below_18_hz_is_called_an_artefact_where_nothing_happened() -> None:
    found = label(300.0, 303.0, {"low_frequency_ratio": 0.9}, [CRAMP])
    assert found is not None
    assert found.kind == "artefact"
    assert found.event is None


def test_the_label_names_the_event_behind_it() -> None:
    found = label(159.0, 170.0, {}, [CRAMP, TURN])
    assert found is not None
    assert found.event is TURN
