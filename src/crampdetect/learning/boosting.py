"""The cramp score: gradient boosting of shallow trees that may only lean the way physiology does.

Monotone constraints say what is known whatever the simulator assumes: more motion, an upright
shank or activity just before never speak for a cramp; activity in a still leg
never speaks against it. Features of regularity (interval statistics of motor units show in them)
are not offered at all: they would learn the generator.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier

from crampdetect.detection.event_table import EVENT_FEATURES
from crampdetect.detection.features import SPECTRAL
from crampdetect.detection.types import Array
from crampdetect.learning.harvest import Harvest
from crampdetect.learning.trees import training_column

__all__ = ["MOTION", "NOT_OFFERED", "Booster", "Settings", "boost", "offered", "table"]

#: Fingerprints of a generator, or without a direction in the evidence (docs/evidence.md).
NOT_OFFERED = frozenset({"level_variation", "kurtosis", "median_frequency", "high_frequency_ratio"})
#: How fast a cramp rises and falls is recalled, not measured ([R-m]: "over 1-10 s or abruptly").
#: Where motion tells a hold from a cramp they are not offered; without motion little else does.
COURSE = frozenset({"rise_s", "fall_s"})
#: What only a three-axis accelerometer shows.
MOTION = frozenset(
    {
        "motion_at_onset_g",
        "motion_median_g",
        "motion_peak_g",
        "motion_at_end_g",
        "motion_correlation",
        "still_at_onset_s",
        "still_before_s",
        "longest_still_s",
        "active_still_s",
        "still_level_ratio",
        "recent_motion",
        "moving_fraction",
        "turned_deg",
        "upright_at_onset",
        "upright_fraction",
    }
)
SPECTRAL_EVENTS = SPECTRAL | {"frequency_shift"}
#: -1: more of it never makes a cramp more probable; 1: never less.
DIRECTION: dict[str, int] = {
    "active_before": -1,
    "recent_activity": -1,
    "lasting_activity": -1,
    "recent_motion": -1,
    "level_before": -1,
    "longest_pause_s": -1,
    "low_frequency_ratio": -1,
    "motion_at_onset_g": -1,
    "motion_median_g": -1,
    "motion_correlation": -1,
    "moving_fraction": -1,
    "turned_deg": -1,
    "upright_at_onset": -1,
    "upright_fraction": -1,
    "unknown_fraction": -1,
    "rest_share": -1,
    "duty_cycle": 1,
    "plateau_fraction": 1,
    "held_share": 1,
    "still_at_onset_s": 1,
    "active_still_s": 1,
}


@dataclass(frozen=True, slots=True)
class Settings:
    """Hyper-parameters of one booster; `bags` are fitted, each without a share of the persons."""

    learning_rate: float = 0.08
    rounds: int = 120
    leaves: int = 12
    least_rows: int = 30
    l2: float = 3.0
    bags: int = 3


@dataclass(frozen=True, slots=True, eq=False)
class Booster:
    """Fitted classifiers whose scores are averaged."""

    features: tuple[str, ...]
    bags: tuple[HistGradientBoostingClassifier, ...]

    def scores(self, rows: Harvest) -> Array:
        """Log odds of a cramp, shape (n_rows,)."""
        columns = table(rows, self.features)
        return np.asarray(np.mean([bag.decision_function(columns) for bag in self.bags], axis=0))


def offered(spectral: bool, motion: bool) -> tuple[str, ...]:
    """Features that a recording of this capability can show and a model may use."""
    hidden = NOT_OFFERED | COURSE if motion else NOT_OFFERED
    if not spectral:
        hidden |= SPECTRAL_EVENTS
    if not motion:
        hidden |= MOTION
    return tuple(name for name in EVENT_FEATURES if name not in hidden)


def table(rows: Harvest, features: Sequence[str]) -> Array:
    """Columns as the detector will see them, rounded to float32, shape (n_rows, n_features)."""
    return np.column_stack([training_column(rows.column(name), "identity") for name in features])


def boost(rows: Harvest, features: Sequence[str], settings: Settings, seed: int) -> Booster:
    """Fit cramp against everything else.

    Parameters
    ----------
    rows : Harvest
    features : sequence of str
    settings : Settings
    seed : int
        Draws which persons each bag leaves out.
    """
    columns, cramp = table(rows, features), rows.kinds == "cramp"
    persons = np.unique(rows.patients)
    drawn = np.random.default_rng(seed).permutation(persons.shape[0]) % max(settings.bags, 1)
    bags = []
    for bag in range(settings.bags):
        used = _kept(rows.patients, persons, drawn == bag, settings.bags)
        classifier = HistGradientBoostingClassifier(
            learning_rate=settings.learning_rate,
            max_iter=settings.rounds,
            max_leaf_nodes=settings.leaves,
            min_samples_leaf=settings.least_rows,
            l2_regularization=settings.l2,
            monotonic_cst=[DIRECTION.get(name, 0) for name in features],
            early_stopping=False,
            random_state=seed + bag,
        )
        bags.append(classifier.fit(columns[used], cramp[used], rows.weights[used]))
    return Booster(tuple(features), tuple(bags))


def _kept(
    patients: NDArray[np.int64], persons: NDArray[np.int64], left_out: NDArray[np.bool_], bags: int
) -> NDArray[np.bool_]:
    if bags == 1:
        return np.ones(patients.shape[0], dtype=bool)
    return ~np.isin(patients, persons[left_out])
