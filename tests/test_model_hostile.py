"""Whatever a model file holds, loading ends in a model or in one sentence (ModelError)."""

import copy
import json
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crampdetect.detection.event_table import EVENT_FEATURES
from crampdetect.detection.model import Model, parse_model
from crampdetect.errors import ModelError
from tests.streams import ROOT

RULES = json.loads((ROOT / "models" / "rules-1.json").read_text(encoding="utf-8"))
#: The places that decide something: each is tried with each of the values below.
PLACES: list[tuple[Any, ...]] = [
    *((key,) for key in RULES),
    *(("variants", 0, key) for key in RULES["variants"][0]),
    *(("variants", 0, "inputs", 0, key) for key in ("feature", "transform", "missing")),
    ("variants", 0, "trees", 0),
    *(("variants", 0, "trees", 0, key) for key in RULES["variants"][0]["trees"][0]),
    *(("variants", 0, "trees", 0, key, 0) for key in RULES["variants"][0]["trees"][0]),
    ("variants", 0, "start", 0),
    ("kinds", 0),
]
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.integers(-3, 60)
    | st.floats(allow_nan=True)
    | st.text(max_size=5)
    | st.sampled_from(["cramp", "softmax", "log", "spectral", "acc3", "duration_s"]),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=12,
)
#: Numbers that an event may have, and some that it never should.
measures = st.dictionaries(
    st.sampled_from(sorted(EVENT_FEATURES)), st.floats() | st.floats(0, 1000), max_size=24
)


def load(text: str) -> Model | None:
    """The model, or None after one sentence that names the file and fits on a line."""
    try:
        return parse_model(text, "m.json")
    except ModelError as error:
        assert str(error).startswith("m.json: ")
        assert "\n" not in str(error)
        return None


def with_text(place: tuple[Any, ...], text: str) -> str:
    """The rules with JSON `text` in one place."""
    document = copy.deepcopy(RULES)
    part = document
    for key in place[:-1]:
        part = part[key]
    part[place[-1]] = "@@here@@"
    return json.dumps(document).replace('"@@here@@"', text)


def test_a_measure_that_is_not_a_number_is_an_absent_one() -> None:
    model = parse_model(with_text(("variants", 0, "inputs", 1, "missing"), "0.0"), "m.json")
    variant = model.variants[0]
    assert variant.inputs[1].feature == "duty_cycle"
    event = {"duration_s": 60.0, "still_at_onset_s": 40.0}
    absent = model.probabilities(variant, event)
    assert model.probabilities(variant, event | {"duty_cycle": float("nan")}) == absent
    assert model.probabilities(variant, event | {"duty_cycle": 1.0}) != absent


def judges(model: Model, event: dict[str, float]) -> None:
    """Every variant of `model` gives finite probabilities."""
    for variant in model.variants:
        for probability in model.probabilities(variant, event).values():
            assert 0.0 <= probability <= 1.0


@given(json_values)
@example({"format": "crampdetect-model"})
@example({"format": "crampdetect-model", "format_version": 1, "name": "x", "kinds": ["cramp"]})
def test_arbitrary_json_is_refused(value: Any) -> None:
    assert load(json.dumps(value)) is None


@given(st.text())
def test_arbitrary_text_is_refused(text: str) -> None:
    assert load(text) is None


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(PLACES), json_values, measures)
def test_a_changed_model_is_a_model_or_refused(
    place: tuple[Any, ...], value: Any, event: dict[str, float]
) -> None:
    model = load(with_text(place, json.dumps(value)))
    if model is not None:
        judges(model, event)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_children_that_do_not_follow_their_parent_are_refused(data: st.DataObject) -> None:
    tree = copy.deepcopy(RULES["variants"][0]["trees"][0])
    count = len(tree["left"])
    node = data.draw(st.integers(0, count - 1))
    child = data.draw(st.integers(-3, count + 2))
    tree["left"][node] = child
    model = load(with_text(("variants", 0, "trees", 0), json.dumps(tree)))
    leaf = tree["right"][node] == -1
    assert (model is not None) == (child == -1 if leaf else node < child < count)
    if model is not None:
        judges(model, data.draw(measures))


@pytest.mark.parametrize(
    "text",
    [
        *("NaN", "Infinity", "-Infinity", "1e999", "-1e999", "1" + "0" * 400, "9" * 5000),
        *("true", '"1"', "null", "{}", "[]", "[1.0]"),
    ],
)
@pytest.mark.parametrize(
    "place", [one for one in PLACES if one[-1] == "missing" or one[-2:] == ("threshold", 0)]
)
def test_a_number_is_a_finite_number(place: tuple[Any, ...], text: str) -> None:
    assert load(with_text(place, text)) is None


@pytest.mark.parametrize("key", ["feature", "threshold", "left", "right", "value"])
@pytest.mark.parametrize("change", [1, -1])
def test_arrays_of_a_tree_have_one_length(key: str, change: int) -> None:
    values = RULES["variants"][0]["trees"][0][key]
    other = [*values, values[-1]] if change > 0 else values[:-1]
    assert load(with_text(("variants", 0, "trees", 0, key), json.dumps(other))) is None


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("kinds",), ["cramp"] * 8),
        (("kinds",), RULES["kinds"][1:]),
        (("kinds",), [*RULES["kinds"][:7], "sneeze"]),
        (("format",), "other-model"),
        (("format_version",), 2),
        (("variants", 0, "capabilities"), ["spectral", "acoustic"]),
        (("variants", 0, "capabilities"), []),
        (("variants", 0, "link"), "logistic"),
        (("variants", 0, "inputs", 0, "feature"), "pulse"),
        (("variants", 0, "inputs", 0, "transform"), "sqrt"),
        (("variants", 0, "inputs"), RULES["variants"][0]["inputs"][:3]),
        (("variants", 0, "trees", 0, "feature", 0), -1),
        (("variants", 0, "start"), [0.0] * 7),
    ],
)
def test_a_part_that_is_not_ours_is_refused(place: tuple[Any, ...], value: Any) -> None:
    assert load(json.dumps(RULES)) is not None
    assert load(with_text(place, json.dumps(value))) is None
