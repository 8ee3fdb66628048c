"""A trained model as a document of plain numbers.

The cramp score *s* (log odds) and the names of look-alikes come from different trees. With the
scores *s* for ``cramp`` and log *q* for each other kind, whose *q* sum to one in every leaf of one
naming tree, softmax gives exactly the logistic function of *s* for ``cramp`` and shares the rest
by *q*.
"""

from collections.abc import Sequence

import numpy as np
from sklearn.tree import DecisionTreeClassifier

from crampdetect.detection.types import KINDS, Array
from crampdetect.learning.boosting import Booster, table
from crampdetect.learning.harvest import Harvest
from crampdetect.learning.trees import (
    Nodes,
    histogram_baseline,
    histogram_trees,
    inputs_of,
    tree_of,
)

__all__ = ["MODEL_KINDS", "naming_tree", "trained_variant"]

MODEL_KINDS: tuple[str, ...] = tuple(kind for kind in KINDS if kind != "unsure")
#: Leaves and least events of the naming tree: few enough to be read by a person [A].
NAMING_LEAVES, NAMING_ROWS = 32, 20
#: A look-alike that a leaf never saw there is still possible (Laplace's rule).
SMOOTHING = 1.0


def naming_tree(rows: Harvest, features: Sequence[str]) -> DecisionTreeClassifier:
    """One tree that names look-alikes, fitted on whole events that are no cramps."""
    others = rows.pick(rows.ended & (rows.kinds != "cramp"))
    tree = DecisionTreeClassifier(
        max_leaf_nodes=NAMING_LEAVES,
        min_samples_leaf=NAMING_ROWS,
        class_weight="balanced",
        random_state=0,
    )
    return tree.fit(table(others, features), others.kinds)


def trained_variant(
    booster: Booster,
    namer: DecisionTreeClassifier,
    calibration: tuple[float, float],
    capabilities: Sequence[str],
    motion: Sequence[str],
) -> dict[str, object]:
    """One variant of a model document.

    Parameters
    ----------
    booster : Booster
    namer : DecisionTreeClassifier
        Of the same features.
    calibration : tuple of float
        Slope and offset that turn the booster's score into calibrated log odds.
    capabilities, motion : sequence of str
    """
    slope, offset = calibration
    cramp = MODEL_KINDS.index("cramp")
    start, share = np.zeros(len(MODEL_KINDS)), slope / len(booster.bags)
    start[cramp] = offset
    trees = [tree_of(_naming(namer))]
    for bag in booster.bags:
        start[cramp] += share * histogram_baseline(bag)[1]
        for nodes in histogram_trees(bag):
            value = np.zeros((nodes.value.shape[0], len(MODEL_KINDS)))
            # Six decimals of log odds: a tenth of the file, a millionth of a probability.
            value[:, cramp] = np.round(share * nodes.value[:, 1], 6)
            trees.append(tree_of(_with(nodes, value)))
    return {
        "capabilities": list(capabilities),
        "motion": list(motion),
        "link": "softmax",
        "inputs": inputs_of([(name, "identity") for name in booster.features]),
        "start": start.tolist(),
        "trees": trees,
    }


def _with(nodes: Nodes, value: Array) -> Nodes:
    return Nodes(nodes.feature, nodes.at_most, nodes.left, nodes.right, nodes.missing_left, value)


def _naming(namer: DecisionTreeClassifier) -> Nodes:
    """Leaves of log shares; nothing is said of cramps."""
    tree = namer.tree_
    counts = tree.value[:, 0, :] * tree.n_node_samples[:, np.newaxis]
    value = np.zeros((tree.node_count, len(MODEL_KINDS)))
    others = [index for index, kind in enumerate(MODEL_KINDS) if kind != "cramp"]
    smoothed = np.full((tree.node_count, len(others)), SMOOTHING)
    for column, kind in enumerate(namer.classes_):
        smoothed[:, others.index(MODEL_KINDS.index(str(kind)))] += counts[:, column]
    value[:, others] = np.round(np.log(smoothed / smoothed.sum(axis=1, keepdims=True)), 6)
    return Nodes(
        tree.feature.astype(np.int64),
        tree.threshold,
        tree.children_left.astype(np.int64),
        tree.children_right.astype(np.int64),
        tree.missing_go_to_left.astype(bool),
        value,
    )
