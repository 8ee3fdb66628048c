"""Training on invented events: what comes out says what scikit-learn says, and leans as told."""

import json
import math
from functools import cache

import numpy as np
import pytest

from crampdetect.detection.event_table import EVENT_FEATURES
from crampdetect.detection.model import LARGEST_MODEL, parse_model
from crampdetect.learning.boosting import (
    DIRECTION,
    MOTION,
    NOT_OFFERED,
    Booster,
    Settings,
    boost,
    offered,
    table,
)
from crampdetect.learning.choosing import log_loss
from crampdetect.learning.harvest import NAMES, Harvest
from crampdetect.learning.trained_model import MODEL_KINDS, naming_tree, trained_variant
from crampdetect.learning.training import Harvests, train
from crampdetect.learning.trees import document

FEW = Settings(rounds=20, leaves=6, least_rows=5, bags=2)


def invented(count: int, seed: int, cramps: float = 0.3) -> Harvest:
    """Events whose duration and stillness tell cramps, imperfectly."""
    rng = np.random.default_rng(seed)
    cramp = rng.random(count) < cramps
    features = rng.uniform(0.0, 1.0, (count, len(NAMES)))
    columns = {
        "ended": np.where(rng.random(count) < 0.7, 1.0, 0.0),
        "duration_s": rng.lognormal(np.where(cramp, 3.5, 1.5), 0.8),
        "active_still_s": np.where(cramp, rng.uniform(4, 60, count), rng.uniform(0, 10, count)),
        "motion_at_onset_g": np.where(cramp, 0.0, rng.uniform(0, 0.5, count)),
        "median_frequency": rng.uniform(60, 120, count),
    }
    for name, values in columns.items():
        features[:, NAMES.index(name)] = values
    kinds = np.where(cramp, "cramp", rng.choice(["limb_movement", "tonic", "upright"], count))
    return Harvest(
        features, kinds, rng.integers(0, 30, count), np.full(count, 5.0), np.full(count, 40.0),
        np.full(count, "x", dtype="U96"), np.zeros(count), np.ones(count),
    )  # fmt: skip


def test_the_written_model_says_what_was_fitted() -> None:
    rows = invented(1500, 1)
    features = offered(spectral=True, motion=True)
    booster = boost(rows, features, FEW, 0)
    namer = naming_tree(rows, features)
    variant = trained_variant(booster, namer, (0.8, -0.5), ("spectral",), ("acc3",))
    text = document("t", "", MODEL_KINDS, [variant])
    model = parse_model(text, "t.json")
    other = invented(200, 2)
    expected = 0.8 * booster.scores(other) - 0.5
    shares = namer.predict_proba(table(other, features))
    for row in range(len(other)):
        event = dict(zip(NAMES, other.features[row].tolist(), strict=True))
        said = model.probabilities(model.variants[0], event)
        assert said["cramp"] == pytest.approx(1 / (1 + math.exp(-expected[row])), abs=1e-4)
        assert sum(said.values()) == pytest.approx(1.0)
        best = str(namer.classes_[np.argmax(shares[row])])
        others = {str(kind): p for kind, p in said.items() if kind != "cramp"}
        assert others[best] == pytest.approx(max(others.values()), rel=1e-3)


def test_a_missing_value_goes_where_scikit_learn_sends_it() -> None:
    rows = invented(1500, 1)
    gone = np.random.default_rng(3).random(len(rows)) < 0.3
    rows.features[gone, NAMES.index("active_still_s")] = np.nan
    features = offered(spectral=True, motion=True)
    booster = boost(rows, features, FEW, 0)
    variant = trained_variant(
        booster, naming_tree(rows, features), (1.0, 0.0), ("spectral",), ("acc3",)
    )
    model = parse_model(document("t", "", MODEL_KINDS, [variant]), "t.json")
    for row in range(100):
        event = dict(zip(NAMES, rows.features[row].tolist(), strict=True))
        known = {name: value for name, value in event.items() if value == value}
        said = model.probabilities(model.variants[0], known)["cramp"]
        expected = booster.scores(rows.pick(np.array([row])))[0]
        assert said == pytest.approx(1 / (1 + math.exp(-expected)), abs=1e-4)


@cache
def leaning() -> Booster:
    return boost(invented(1500, 1), offered(spectral=True, motion=True), FEW, 0)


@pytest.mark.parametrize(("name", "way"), sorted(DIRECTION.items()))
def test_a_feature_leans_only_the_way_it_may(name: str, way: int) -> None:
    other = invented(60, 4)
    column = NAMES.index(name)
    scores = []
    for value in (-1.0, 0.0, 0.2, 0.5, 1.0, 5.0, 60.0):
        other.features[:, column] = value
        scores.append(leaning().scores(other))
    steps = np.diff(np.array(scores), axis=0) * way
    assert (steps >= -1e-9).all()


def test_what_a_recording_cannot_show_is_not_offered() -> None:
    assert not MOTION & set(offered(spectral=True, motion=False))
    assert "frequency_shift" not in offered(spectral=False, motion=True)
    assert not NOT_OFFERED & set(offered(spectral=True, motion=True))
    assert set(EVENT_FEATURES) >= set(DIRECTION) | MOTION | NOT_OFFERED


def test_training_gives_a_model_of_all_capabilities_that_loads() -> None:
    harvests = Harvests(
        invented(300, 1), (invented(90, 2, 0.0), invented(90, 3, 0.0)), invented(150, 4),
        invented(150, 5),
    )  # fmt: skip
    tried = (FEW, Settings(rounds=10, leaves=4, least_rows=5, bags=1))
    trained, again = (
        train("tiny", harvests, 0, lambda what, share: None, (), tried) for _ in range(2)
    )
    assert trained.text == again.text
    assert len(trained.text) < LARGEST_MODEL
    model = parse_model(trained.text, "tiny.json")
    for capability in ("spectral", "spectral_reduced", "envelope"):
        for motion in ("acc3", "acc", "none"):
            assert model.variant(capability, motion)
    json.dumps(trained.report)
    variants = trained.report["variants"]
    assert isinstance(variants, dict)
    assert set(variants) == {
        "spectral, acc3", "spectral, none", "envelope, acc3", "envelope, none",
    }  # fmt: skip
    for told in variants.values():
        assert told["loss"] < 0.5
        assert told["features"]


def test_the_log_loss_is_that_of_the_textbook() -> None:
    scores, cramp = np.array([0.0, 2.0]), np.array([1.0, 0.0])
    expected = (math.log(2) + math.log(1 + math.exp(2))) / 2
    assert log_loss(scores, cramp, np.ones(2)) == pytest.approx(expected)
