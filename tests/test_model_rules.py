"""rules-1 is what its source builds, and every answer in it can be given."""

import importlib.util
import math
from types import ModuleType

import pytest

from crampdetect.detection.judging import verdict
from crampdetect.detection.model_schema import Tree, Variant
from crampdetect.detection.profiles import profile
from crampdetect.detection.types import KINDS, Kind
from tests.streams import ROOT, rules_model

MODEL = rules_model()
WITH_MOTION = MODEL.variant("spectral", "acc3")
WITHOUT_MOTION = MODEL.variant("spectral", "none")
SHARES = ("fraction", "share", "ratio", "cycle", "index", "at_onset")


def highest(feature: str) -> float:
    """Largest value that a feature can have."""
    if feature == "turned_deg":
        return 180.0
    return 1.0 if feature.endswith(SHARES) and feature != "rest_share" else 1e4


def witnesses(variant: Variant) -> list[tuple[tuple[float, ...], dict[str, float]]]:
    """Each leaf with an event whose answers lead there; the answers must not contradict."""
    (tree,) = variant.trees
    found: list[tuple[tuple[float, ...], dict[str, float]]] = []

    def walk(node: int, low: dict[str, float], high: dict[str, float]) -> None:
        if tree.left[node] < 0:
            # A little above: values are rounded to float32 before they are compared.
            event = {one.feature: low.get(one.feature, 0.0) * 1.000001 for one in variant.inputs}
            for feature, value in event.items():
                assert value < high.get(feature, math.inf)
                assert value <= highest(feature)
            found.append((tree.value[node], event))
            return
        feature = variant.inputs[tree.feature[node]].feature
        threshold = tree.threshold[node]
        assert threshold > 0.0
        walk(tree.left[node], low, {**high, feature: min(high.get(feature, math.inf), threshold)})
        walk(tree.right[node], {**low, feature: max(low.get(feature, 0.0), threshold)}, high)

    walk(0, {}, {})
    return found


def leaves(tree: Tree) -> list[tuple[float, ...]]:
    return [value for value, left in zip(tree.value, tree.left, strict=True) if left < 0]


def builder() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build", ROOT / "models" / "build_rules.py")
    if spec is None or spec.loader is None:
        raise AssertionError("models/build_rules.py cannot be imported")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_file_is_what_its_source_builds() -> None:
    built: str = builder().document()  # type: ignore[no-untyped-call, unused-ignore]
    assert built == (ROOT / "models" / "rules-1.json").read_text(encoding="utf-8")


def test_every_recording_has_a_variant() -> None:
    for capability in ("spectral", "spectral_reduced", "envelope"):
        assert MODEL.variant(capability, "acc3") is WITH_MOTION
        assert MODEL.variant(capability, "none") is WITHOUT_MOTION
        # Fewer than three axes show no posture.
        assert MODEL.variant(capability, "acc") is WITHOUT_MOTION


@pytest.mark.parametrize("variant", [WITH_MOTION, WITHOUT_MOTION], ids=["acc3", "none"])
def test_every_leaf_is_reachable_and_sums_to_one(variant: Variant) -> None:
    reached = witnesses(variant)
    assert len(reached) == len(leaves(variant.trees[0]))
    for value, event in reached:
        assert math.fsum(value) == pytest.approx(1.0, abs=1e-12)
        assert tuple(MODEL.probabilities(variant, event).values()) == value


def test_every_kind_is_reachable_with_motion_and_none_that_needs_it_without() -> None:
    standard = profile("standard-1")

    def kinds(variant: Variant) -> set[Kind]:
        events = [event for _, event in witnesses(variant)]
        return {verdict(MODEL.probabilities(variant, event), standard) for event in events}

    assert kinds(WITH_MOTION) == set(KINDS)
    assert kinds(WITHOUT_MOTION) == set(KINDS) - {"upright", "voluntary_hold"}


def test_without_motion_nothing_of_motion_is_asked() -> None:
    asked = {one.feature for one in WITHOUT_MOTION.inputs}
    words = ("still", "moving", "motion", "upright", "turned")
    assert not [name for name in asked if any(word in name for word in words)]


def test_the_strict_profile_never_says_cramp_without_motion() -> None:
    events = [event for _, event in witnesses(WITHOUT_MOTION)]
    found = {
        verdict(MODEL.probabilities(WITHOUT_MOTION, one), profile("strict-1")) for one in events
    }
    assert "cramp" not in found
    assert "unsure" in found
