"""Turn a trained scikit-learn ensemble into a crampdetect model: a new file, not new code.

``python examples/trees_to_model.py FILE.json`` trains a small forest on invented numbers (it knows
nothing about cramps) and writes it. :mod:`crampdetect.learning.trees` takes any fitted
``RandomForestClassifier`` or ``HistGradientBoostingClassifier`` whose classes are kinds of
crampdetect; ``models/README.md`` documents the format.
"""

import sys
from pathlib import Path

import numpy as np
from sklearn.ensemble import RandomForestClassifier

from crampdetect.learning.trees import document, training_column, variant


def main(path: Path) -> None:
    """Train on invented events, so that there is something to write."""
    generator = np.random.default_rng(1)
    kinds = np.repeat(["cramp", "limb_movement"], 200)
    seconds = generator.lognormal(np.repeat([4.0, 1.0], 200), 0.5)
    still = np.where(kinds == "cramp", generator.uniform(5, 60, 400), 0.0)
    inputs = [("duration_s", "log"), ("still_at_onset_s", "identity")]
    rows = [training_column(seconds, "log"), training_column(still, "identity")]
    forest = RandomForestClassifier(20, max_leaf_nodes=8, random_state=1)
    forest.fit(np.column_stack(rows), kinds)
    one = variant(forest, inputs, ("spectral", "spectral_reduced", "envelope"), ("acc3",))
    text = document(path.stem, "Invented numbers: an example.", forest.classes_, [one])
    path.write_text(text, encoding="utf-8")
    print(f"{path}: {len(text)} bytes, forest of {len(forest.estimators_)} trees")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python examples/trees_to_model.py FILE.json")
    main(Path(sys.argv[1]))
