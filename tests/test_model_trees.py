"""A trained model is a new file: scikit-learn ensembles, written in our format, say the same."""

import math
import runpy
import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier

from crampdetect.detection.event_table import EVENT_FEATURES
from crampdetect.detection.model import LARGEST_MODEL, Model, parse_model
from crampdetect.detection.model_schema import Variant
from crampdetect.detection.types import KINDS, Array
from crampdetect.learning import trees
from tests.streams import ROOT, rules_model

FEATURES = ("duration_s", "level_ratio", "still_at_onset_s", "rhythm_index", "turned_deg")
INPUTS = [(name, "log" if name == "duration_s" else "identity") for name in FEATURES]


def rows_of(count: int, seed: int, missing: float) -> Array:
    """Values on a coarse grid, so that many fall exactly on a threshold."""
    generator = np.random.default_rng(seed)
    rows = np.round(generator.normal(3.0, 4.0, (count, len(FEATURES))) * 4) / 4
    rows[:, 0] = np.abs(rows[:, 0]) + 0.25
    rows[generator.random(rows.shape) < missing] = np.nan
    return rows


def prepared(rows: Array) -> Array:
    return np.column_stack(
        [
            trees.training_column(rows[:, index], transform)
            for index, (_, transform) in enumerate(INPUTS)
        ]
    )


def trained(classifier: Any, n_kinds: int, missing: float) -> Any:
    """Fitted to labels that depend on every column, with noise."""
    rows = prepared(rows_of(600, 1, missing))
    generator = np.random.default_rng(2)
    score = np.nansum(rows * (1.0, 0.5, -0.7, 0.4, -0.3), axis=1) + generator.normal(size=600)
    edges = np.quantile(score, np.linspace(0, 1, n_kinds + 1)[1:-1])
    kinds = np.array([kind for kind in KINDS if kind != "unsure"][:n_kinds])
    return classifier.fit(rows, kinds[np.searchsorted(edges, score)])


def as_model(classifier: Any) -> Model:
    one = trees.variant(classifier, INPUTS, ("spectral",), ("acc3",))
    return parse_model(trees.document("trained", "", classifier.classes_, [one]), "trained.json")


def probabilities(model: Model, rows: Array) -> Array:
    """Row by row; a NaN is left out, as the core does."""
    out = []
    for row in rows.tolist():
        known = {name: x for name, x in zip(FEATURES, row, strict=True) if x == x}
        out.append(list(model.probabilities(model.variants[0], known).values()))
    return np.array(out)


@pytest.mark.parametrize("missing", [0.0, 0.2])
@pytest.mark.parametrize("n_kinds", [2, 5])
@pytest.mark.parametrize("family", ["forest", "boosting"])
def test_the_file_says_what_scikit_learn_says(family: str, n_kinds: int, missing: float) -> None:
    classifier = (
        RandomForestClassifier(25, max_leaf_nodes=31, random_state=3)
        if family == "forest"
        else HistGradientBoostingClassifier(max_iter=25, max_leaf_nodes=15, random_state=3)
    )
    trained(classifier, n_kinds, missing)
    rows = rows_of(1500, 4, missing)
    expected = classifier.predict_proba(prepared(rows))
    model = as_model(classifier)
    assert list(model.kinds) == list(classifier.classes_)
    np.testing.assert_allclose(probabilities(model, rows), expected, rtol=0, atol=1e-6)
    # The comparison means something only if the rows are told apart.
    assert expected.max(axis=0).min() > 0.5


def test_a_value_on_the_threshold_goes_where_scikit_learn_sends_it() -> None:
    values = np.repeat([1.0, 2.0], 20)
    rows = np.column_stack([values] * len(FEATURES))
    forest = RandomForestClassifier(1, bootstrap=False, max_features=None, random_state=1)
    forest.fit(rows, np.where(values == 1.0, "cramp", "tonic"))
    inputs = [(name, "identity") for name in FEATURES]
    one = trees.variant(forest, inputs, ("spectral",), ("acc3",))
    model = parse_model(trees.document("x", "", forest.classes_, [one]), "x.json")
    # The threshold is 1.5: scikit-learn says "at most", and so must the file.
    above = float(np.nextafter(np.float32(1.5), np.float32(2)))
    # Both round to float32 first: the nearer of 1.5 and the next number decides.
    rows = np.array([[1.5] * 5, [1.5 + 1e-9] * 5, [1.5 + 1e-7] * 5, [above] * 5])
    assert probabilities(model, rows)[:, 0].tolist() == [1.0, 1.0, 0.0, 0.0]
    assert forest.predict(rows).tolist() == ["cramp", "cramp", "tonic", "tonic"]


@given(
    st.floats(allow_nan=False),
    st.floats(width=32, allow_nan=False),
)
def test_strict_thresholds_are_exact_for_float32(at_most: float, value: float) -> None:
    threshold = trees.strict_threshold(at_most)
    assert math.isfinite(threshold)
    for near in (value, at_most):
        x = min(max(near, -3e38), 3e38)
        x = struct.unpack("<f", struct.pack("<f", x))[0]
        assert (x < threshold) == (x <= at_most)


def test_what_the_format_cannot_hold_is_refused() -> None:
    with pytest.raises(ValueError, match="expected an ensemble"):
        trees.variant(object(), INPUTS, ("spectral",), ("acc3",))
    rows = np.column_stack([rows_of(300, 1, 0.0)[:, 1:], np.arange(300) % 4])
    kinds = np.where(np.isin(rows[:, -1], (0, 2)), "cramp", "tonic")
    classifier = HistGradientBoostingClassifier(max_iter=2, categorical_features=[4])
    with pytest.raises(ValueError, match="splits by category"):
        trees.variant(classifier.fit(rows, kinds), INPUTS, ("spectral",), ("acc3",))


def bulk(model: Model, variant: Variant, rows: Array) -> Array:
    """Scores of many rows at once: trees in order, all rows of a tree together."""
    scores: Array = np.tile(np.array(variant.start), (rows.shape[0], 1))
    for tree in variant.trees:
        feature, threshold = np.array(tree.feature), np.array(tree.threshold)
        left, right = np.array(tree.left), np.array(tree.right)
        node = np.zeros(rows.shape[0], dtype=np.int64)
        while (left[node] >= 0).any():
            below = rows[np.arange(rows.shape[0]), feature[node]] < threshold[node]
            node = np.where(left[node] < 0, node, np.where(below, left[node], right[node]))
        scores += np.array(tree.value)[node]
    if variant.link == "identity":
        return np.asarray(np.clip(scores, 0.0, 1.0))
    out = []
    for row in scores.tolist():
        weights = [math.exp(score - max(row)) for score in row]
        out.append([weight / math.fsum(weights) for weight in weights])
    return np.asarray(out, dtype=np.float64)


def input_rows(variant: Variant, events: Sequence[dict[str, float]]) -> Array:
    columns = []
    for one in variant.inputs:
        values = [event.get(one.feature, math.nan) for event in events]
        column = trees.training_column(values, one.transform)
        columns.append(np.where(np.isnan(column), one.missing, column))
    return np.column_stack(columns)


@pytest.mark.parametrize("family", ["rules", "forest", "boosting"])
def test_row_by_row_equals_bulk_bit_for_bit(family: str) -> None:
    if family == "rules":
        model = rules_model()
    elif family == "forest":
        model = as_model(trained(RandomForestClassifier(30, random_state=5), 8, 0.1))
    else:
        boosting = HistGradientBoostingClassifier(max_iter=5, max_leaf_nodes=8)
        model = as_model(trained(boosting, 8, 0.1))
    generator = np.random.default_rng(6)
    events = [
        {
            name: float(x)
            for name, x in zip(EVENT_FEATURES, row, strict=True)
            if generator.random() < 0.8
        }
        for row in generator.lognormal(0.0, 3.0, (300, len(EVENT_FEATURES)))
    ]
    for variant in model.variants:
        single = np.array([list(model.probabilities(variant, one).values()) for one in events])
        assert single.tobytes() == bulk(model, variant, input_rows(variant, events)).tobytes()


def test_a_forest_of_100_trees_of_31_leaves_fits() -> None:
    forest = trained(RandomForestClassifier(100, max_leaf_nodes=31, random_state=7), 8, 0.0)
    one = trees.variant(forest, INPUTS, ("spectral",), ("acc3",))
    text = trees.document("forest", "", forest.classes_, [one] * 4)
    assert len(text) < LARGEST_MODEL
    assert len(parse_model(text, "forest.json").variants[3].trees) == 100


def test_the_example_runs_and_its_file_loads(tmp_path: Path) -> None:
    path = tmp_path / "example-forest.json"
    runpy.run_path(str(ROOT / "examples" / "trees_to_model.py"))["main"](path)
    model = parse_model(path.read_text(encoding="utf-8"), path.name)
    variant = model.variant("envelope", "acc3")
    long, short = (
        model.probabilities(variant, {"duration_s": seconds, "still_at_onset_s": still})["cramp"]
        for seconds, still in ((60.0, 30.0), (2.0, 0.0))
    )
    assert model.name == "example-forest"
    assert long > 0.9
    assert short < 0.1
