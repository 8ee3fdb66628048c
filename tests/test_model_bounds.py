"""A model file of any size and depth costs bounded time and memory, and what it says stays sane."""

import copy
import json
import time
import tracemalloc
from typing import Any

import pytest

from crampdetect.detection.model import LARGEST_MODEL, parse_model
from crampdetect.errors import ModelError
from tests.test_model_hostile import PLACES, RULES, judges, load, with_text


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("depth", [200, 900, 980, 100_000])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")])
def test_deep_nesting_is_refused(
    place: tuple[Any, ...], depth: int, opening: str, closing: str
) -> None:
    assert load(with_text(place, opening * depth + "1" + closing * depth)) is None


@pytest.mark.parametrize("unit", ["[]", "{}", "[0]", "0.5", '"cramp"'])
def test_a_wide_file_costs_bounded_time_and_memory(unit: str) -> None:
    text = with_text(("kinds",), "[" + ",".join([unit] * (500_000 // len(unit))) + "]")
    tracemalloc.start()
    began = time.process_time()
    assert load(text) is None
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    # Tracing makes it about ten times slower than it is; 50 bytes a character bound the memory.
    assert time.process_time() - began < 10.0
    assert peak < 50 * len(text)


def test_a_file_that_is_too_large_is_refused_unread() -> None:
    text = json.dumps(RULES)
    assert load(text + " " * 1000) is not None
    began = time.process_time()
    assert load(text + " " * LARGEST_MODEL) is None
    assert time.process_time() - began < 0.5


def test_a_chain_as_long_as_a_file_allows_is_walked_in_bounded_time() -> None:
    count = 40_001
    inner = range(count - 1)
    chain = {
        "feature": [0] * count,
        "threshold": [1.0] * count,
        "left": [*(node + 1 for node in inner), -1],
        "right": [*([count - 1] * (count - 1)), -1],
        "value": [[0.1] * 8] * count,
    }
    model = load(with_text(("variants", 0, "trees", 0), json.dumps(chain)))
    assert model is not None
    began = time.process_time()
    assert model.probabilities(model.variants[0], {"duration_s": 0.0})["cramp"] == 0.1
    assert time.process_time() - began < 1.0


def test_scores_too_large_to_add_do_not_become_nan() -> None:
    document = copy.deepcopy(RULES)
    variant = document["variants"][0]
    variant["link"], variant["start"] = "softmax", [1e308] * 8
    variant["trees"][0]["value"] = [[1e308] * 8] * len(variant["trees"][0]["value"])
    model = load(json.dumps(document))
    if model is not None:
        judges(model, {"duration_s": 20.0})


@pytest.mark.parametrize("name", ["", "\ud800", "two\nlines", "\x1b[31mred", "x" * 10_000])
def test_a_name_is_short_and_printable(name: str) -> None:
    # It is printed, and written to the log and to JSON as provenance.
    assert load(with_text(("name",), json.dumps(name))) is None


@pytest.mark.parametrize("text", ["true", "1.0", '"' + "1" * 100_000 + '"'])
def test_the_version_is_the_number_one_and_its_message_short(text: str) -> None:
    with pytest.raises(ModelError) as caught:
        parse_model(with_text(("format_version",), text), "m.json")
    assert len(str(caught.value)) < 300
