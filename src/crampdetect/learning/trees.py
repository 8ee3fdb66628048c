"""Trained scikit-learn ensembles as plain numbers: the trees of a model file.

What makes the file say exactly what scikit-learn says:

- The file asks ``value < threshold``, scikit-learn ``value <= threshold``. crampdetect rounds every
  value to float32, so the next float32 above scikit-learn's threshold asks the same question.
  Train on values that are rounded the same way (:func:`training_column`).
- scikit-learn decides at each node where a missing value goes. Each feature is therefore listed as
  two inputs: missing in the first lies below, in the second above every threshold.
- Binary boosting has one score for the second class; with 0 for the first, softmax of both is its
  logistic function.

``models/README.md`` documents the format.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier

__all__ = [
    "Nodes",
    "document",
    "histogram_baseline",
    "histogram_trees",
    "inputs_of",
    "strict_threshold",
    "training_column",
    "tree_of",
    "variant",
]

Array = NDArray[np.float64]

#: Beside every threshold; crampdetect limits a value that is present to 3e38.
MISSING_LEFT, MISSING_RIGHT = -1e300, 1e300
#: Above every value that is present, below a missing one that goes right.
ALL_LEFT = 1e100
LARGEST_FLOAT32 = float(np.finfo(np.float32).max)


@dataclass(frozen=True)
class Nodes:
    """The nodes of one tree; `left` is -1 at a leaf, `value` has shape (n_nodes, n_classes)."""

    feature: NDArray[np.int64]
    at_most: Array
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    missing_left: NDArray[np.bool_]
    value: Array


def strict_threshold(at_most: float) -> float:
    """The threshold `t` for which float32 `x` has ``x < t`` exactly if ``x <= at_most``.

    Examples
    --------
    >>> strict_threshold(0.5) == float(np.nextafter(np.float32(0.5), np.float32(1)))
    True
    """
    if at_most >= LARGEST_FLOAT32:
        return ALL_LEFT
    nearest = np.float32(max(at_most, -LARGEST_FLOAT32))
    if float(nearest) > at_most:
        return float(nearest)
    return float(np.nextafter(nearest, np.float32(np.inf)))


def training_column(values: Sequence[float] | Array, transform: str) -> Array:
    """Values of one input as crampdetect will see them: transformed, then rounded to float32."""
    column = np.asarray(values, dtype=np.float64)
    if transform == "log":
        column = np.log(np.maximum(column, 1e-12))
    return np.clip(column, -3e38, 3e38).astype(np.float32).astype(np.float64)


def variant(
    classifier: Any,  # noqa: ANN401 - a class without types
    inputs: Sequence[tuple[str, str]],
    capabilities: Sequence[str],
    motion: Sequence[str],
) -> dict[str, object]:
    """One variant of a model document.

    Parameters
    ----------
    classifier : fitted RandomForest- or HistGradientBoostingClassifier
    inputs : sequence of (event feature, "identity" or "log")
        What the columns were that it was trained on.
    capabilities, motion : sequence of str
        The recordings that it may judge.

    Raises
    ------
    ValueError
        It is another classifier, or has something that the format cannot hold.
    """
    n_classes = len(getattr(classifier, "classes_", ()))
    match classifier:
        case RandomForestClassifier():
            link, start, trees = "identity", np.zeros(n_classes), _forest(classifier)
        case HistGradientBoostingClassifier():
            link, start, trees = (
                "softmax",
                histogram_baseline(classifier),
                histogram_trees(classifier),
            )
        case _:
            raise ValueError(f"classifier is a {type(classifier).__name__}; expected an ensemble")
    return {
        "capabilities": list(capabilities),
        "motion": list(motion),
        "link": link,
        "inputs": inputs_of(inputs),
        "start": start.tolist(),
        "trees": [tree_of(nodes) for nodes in trees],
    }


def inputs_of(inputs: Sequence[tuple[str, str]]) -> list[dict[str, object]]:
    """The inputs of a variant: each feature for missing values on the left, and on the right."""
    return [
        {"feature": feature, "transform": transform, "missing": missing}
        for feature, transform in inputs
        for missing in (MISSING_LEFT, MISSING_RIGHT)
    ]


def document(
    name: str, description: str, classes: Iterable[str], variants: Sequence[dict[str, object]]
) -> str:
    """The text of the model file; `classes` are ``classifier.classes_``."""
    model = {
        "format": "crampdetect-model",
        "format_version": 1,
        "name": name,
        "description": description,
        "kinds": [str(kind) for kind in classes],
        "variants": list(variants),
    }
    return json.dumps(model, allow_nan=False, separators=(",", ":")) + "\n"


def tree_of(nodes: Nodes) -> dict[str, object]:
    """One tree of a model file."""
    inner = nodes.left >= 0
    # Two inputs a feature: the first for nodes whose missing values go left.
    inputs = np.where(inner, 2 * nodes.feature + ~nodes.missing_left, 0)
    asked = zip(inner.tolist(), nodes.at_most.tolist(), strict=True)
    return {
        "feature": inputs.tolist(),
        "threshold": [strict_threshold(at_most) if ask else 0 for ask, at_most in asked],
        "left": np.where(inner, nodes.left, -1).tolist(),
        "right": np.where(inner, nodes.right, -1).tolist(),
        "value": _short(np.where(inner[:, np.newaxis], 0.0, nodes.value)),
    }


def _short(table: Array) -> list[list[float]]:
    """Rows with whole zeros: most numbers of a tree are zero, and `0` is half of `0.0`."""
    return [[number or 0 for number in row] for row in table.tolist()]


def _forest(forest: RandomForestClassifier) -> list[Nodes]:
    """A forest's probability is the mean of its leaves' shares."""
    out = []
    for tree in (one.tree_ for one in forest.estimators_):
        counts = tree.value[:, 0, :]
        out.append(
            Nodes(
                tree.feature.astype(np.int64),
                tree.threshold,
                tree.children_left.astype(np.int64),
                tree.children_right.astype(np.int64),
                tree.missing_go_to_left.astype(bool),
                counts / counts.sum(axis=1, keepdims=True) / len(forest.estimators_),
            )
        )
    return out


def histogram_baseline(boosted: HistGradientBoostingClassifier) -> Array:
    """Score of each class before the first tree."""
    # The trees of this class have no public attribute (scikit-learn 1.5 to 1.9).
    raw = np.asarray(boosted._baseline_prediction, dtype=np.float64).reshape(-1)
    return np.concatenate((np.zeros(1), raw)) if raw.shape[0] == 1 else raw


def histogram_trees(boosted: HistGradientBoostingClassifier) -> list[Nodes]:
    """The trees of gradient boosting; of two classes the second has the score."""
    out = []
    for row in boosted._predictors:
        for index, predictor in enumerate(row):
            nodes = predictor.nodes
            if nodes["is_categorical"].any():
                raise ValueError("a tree splits by category; the format asks `value < threshold`")
            leaf = nodes["is_leaf"].astype(bool)
            value = np.zeros((len(nodes), len(boosted.classes_)))
            value[:, 1 if len(row) == 1 else index] = nodes["value"]
            out.append(
                Nodes(
                    nodes["feature_idx"].astype(np.int64),
                    nodes["num_threshold"],
                    np.where(leaf, -1, nodes["left"].astype(np.int64)),
                    np.where(leaf, -1, nodes["right"].astype(np.int64)),
                    nodes["missing_go_to_left"].astype(bool),
                    value,
                )
            )
    return out
