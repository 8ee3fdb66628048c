"""Choosing settings and features on nights of other persons than those that were learnt from."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace

import numpy as np
from sklearn.linear_model import LogisticRegression

from crampdetect.detection.types import Array
from crampdetect.learning.boosting import Booster, Settings, boost
from crampdetect.learning.harvest import Harvest

__all__ = ["CANDIDATES", "Choice", "calibration", "choose", "log_loss", "usual_weights"]

#: What is tried; the first is the plainest.
CANDIDATES: tuple[Settings, ...] = (
    Settings(),
    Settings(leaves=6, rounds=200),
    Settings(leaves=24, rounds=80, least_rows=60),
    Settings(learning_rate=0.04, rounds=240),
    Settings(l2=30.0),
)
#: Cramps a night in one leg of the patients of trials (Roguin 2017: 1.1 in both): what
#: probabilities are calibrated to.
USUAL_CRAMPS = 0.55
#: Details of movements that only a cramp brings about.
REACTIONS = ("grabs", "sits up", "stretches the cramp", "gets up because", "moves as the cramp")
#: A feature that does not lower the loss by half a per cent is dropped, if the loss without all
#: such stays within one per cent [A].
LEAST_HELP, MOST_HARM = 0.005, 1.01
SHUFFLES = 3


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen, and what every candidate and feature was worth on the choosing nights."""

    settings: Settings
    features: tuple[str, ...]
    losses: tuple[tuple[dict[str, float], float], ...]
    help: dict[str, float]
    loss: float


def usual_weights(rows: Harvest, cramps_per_night: float) -> Array:
    """Weights that make cramps and reactions as rare as in a usual night, of whole events only."""
    of_cramps = rows.kinds == "cramp"
    for words in REACTIONS:
        of_cramps |= np.char.startswith(rows.details, words)
    weights = np.where(of_cramps, USUAL_CRAMPS / cramps_per_night, 1.0)
    return np.where(rows.ended, weights, 0.0)


def log_loss(scores: Array, cramp: Array, weights: Array) -> float:
    """Mean negative log likelihood of `cramp` (0 or 1) under log odds `scores`, in nats."""
    losses = np.logaddexp(0.0, np.where(cramp > 0, -scores, scores))
    return float(np.average(losses, weights=weights))


def calibration(scores: Array, cramp: Array, weights: Array) -> tuple[float, float]:
    """Slope and offset that turn scores into calibrated log odds (Platt 1999)."""
    fitted = LogisticRegression(C=1e6).fit(scores[:, np.newaxis], cramp, sample_weight=weights)
    return float(fitted.coef_[0, 0]), float(fitted.intercept_[0])


def _loss(booster: Booster, rows: Harvest, weights: Array) -> float:
    """Log loss of calibrated scores: how well they sort, whatever the rate of cramps was."""
    scores, cramp = booster.scores(rows), (rows.kinds == "cramp").astype(np.float64)
    slope, offset = calibration(scores, cramp, weights)
    return log_loss(slope * scores + offset, cramp, weights)


def choose(
    learnt: Harvest,
    other: Harvest,
    weights: Array,
    features: Sequence[str],
    seed: int,
    say: Callable[[str], None],
    tried: Sequence[Settings] = CANDIDATES,
) -> Choice:
    """Settings by the loss on `other`, then features that help there.

    Parameters
    ----------
    learnt, other : Harvest
        Of different persons.
    weights : Array, shape (n_rows of other,)
    features : sequence of str
        All that are offered.
    seed : int
    say : callable
        Told what is being tried.
    tried : sequence of Settings
    """
    losses: list[tuple[dict[str, float], float]] = []
    for candidate in tried:
        say(f"settings {len(losses) + 1} of {len(tried)}")
        # One bag tells settings apart as well as all of them.
        booster = boost(learnt, features, replace(candidate, bags=1), seed)
        losses.append((asdict(candidate), _loss(booster, other, weights)))
    settings = tried[min(range(len(tried)), key=lambda index: losses[index][1])]
    booster = boost(learnt, features, settings, seed)
    loss, helps = _loss(booster, other, weights), _helps(booster, other, weights, seed)
    kept = tuple(name for name in features if helps[name] >= LEAST_HELP * loss)
    say("features")
    without = _loss(boost(learnt, kept, settings, seed), other, weights)
    if without > MOST_HARM * loss:
        kept, without = tuple(features), loss
    return Choice(settings, kept, tuple(losses), helps, without)


def _helps(booster: Booster, rows: Harvest, weights: Array, seed: int) -> dict[str, float]:
    """By how much the loss rises when a feature is shuffled (permutation importance)."""
    generator = np.random.default_rng(seed)
    known = np.flatnonzero(weights > 0)
    rows, weights = rows.pick(known), weights[known]
    cramp = (rows.kinds == "cramp").astype(np.float64)
    scores = booster.scores(rows)
    slope, offset = calibration(scores, cramp, weights)
    loss = log_loss(slope * scores + offset, cramp, weights)
    helps = {}
    for name in booster.features:
        rises = []
        for _ in range(SHUFFLES):
            shuffled = rows.pick(np.arange(len(rows)))
            shuffled.column(name)[:] = generator.permutation(rows.column(name))
            odds = slope * booster.scores(shuffled) + offset
            rises.append(log_loss(odds, cramp, weights) - loss)
        helps[name] = float(np.mean(rises))
    return helps
