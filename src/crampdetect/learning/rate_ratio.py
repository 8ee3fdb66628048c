"""Whether a trial that counts with this detector would see the true effect. Pure.

Trials are made of the scored nights: 42 nights of phase A and 42 of phase B are drawn with
replacement; in B each true cramp happens with the true ratio only, and takes its hit or miss with
it, while false alarms stay. What is then estimated shows how far misses (which cost power) and
false alarms (which pull every ratio towards 1) spoil the effect.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from crampdetect.detection.types import Array
from crampdetect.learning.scoring_outcome import Outcome

__all__ = ["NightCounts", "Recovered", "Recovery", "rate_ratio", "recovery"]

#: Nights per phase, and the true ratios asked for.
NIGHTS = 42
TRUE_RATIOS = (0.6, 1.0)
#: Simulated trials: the coverage is then known to 0.7 % (one standard error at 95 %).
_TRIALS = 1000

Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class NightCounts:
    """What each valid night contributes, shape (n_nights,).

    Parameters
    ----------
    hits, misses, false_alarms : array of int
    valid_h : Array
        Hours.
    """

    hits: Counts
    misses: Counts
    false_alarms: Counts
    valid_h: Array


@dataclass(frozen=True, slots=True)
class Recovered:
    """Rate ratios estimated in the simulated trials.

    Parameters
    ----------
    median, low, high : float
        Median and the middle 95 % of the estimates.
    coverage : float
        Share of 95 % intervals that hold the true ratio.
    excludes_one : float
        Share of 95 % intervals that exclude 1: the power, or for a true ratio of 1 the share of
        false findings.
    """

    median: float
    low: float
    high: float
    coverage: float
    excludes_one: float


@dataclass(frozen=True, slots=True)
class Recovery:
    """One true ratio: what the detector's counts say of it, and what the true counts would.

    Parameters
    ----------
    true_ratio : float
    nights_per_phase, trials, from_nights : int
        `from_nights` valid nights were drawn from.
    detector, truth : Recovered or None
        None where there are fewer than two valid nights with valid hours, or no true cramp in
        them.
    """

    true_ratio: float
    nights_per_phase: int
    trials: int
    from_nights: int
    detector: Recovered | None
    truth: Recovered | None


def recovery(outcomes: Sequence[Outcome], seed: int) -> tuple[Recovery, ...]:
    """Simulated trials over the valid nights, for every true ratio; `seed` draws them.

    Examples
    --------
    >>> [each.true_ratio for each in recovery([], seed=0)]
    [0.6, 1.0]
    """
    nights = _night_counts(outcomes)
    n = int(nights.hits.size)
    results = []
    for ratio in TRUE_RATIOS:
        detector = truth = None
        if n > 1 and (nights.hits + nights.misses).any():
            detector, truth = _trials(nights, ratio, np.random.default_rng(seed))
        results.append(Recovery(ratio, NIGHTS, _TRIALS, n, detector, truth))
    return tuple(results)


def rate_ratio(before: Counts, after: Counts, hours: tuple[Array, Array]) -> tuple[Array, Array]:
    """Rate of `after` over that of `before`, on the log scale, with its standard error.

    A quasi-Poisson estimate with offset log(valid hours): the variance is that of Poisson counts
    times their dispersion (at least 1). Where a phase has no count, half a count is added to both.

    Parameters
    ----------
    before, after : array of int, shape (n_trials, n_nights)
    hours : (Array, Array), each of that shape
        Valid hours of the nights.

    Returns
    -------
    (Array, Array), each of shape (n_trials,)

    References
    ----------
    McCullagh and Nelder 1989, Generalized Linear Models, section 6.2.

    Examples
    --------
    >>> counts, hours = np.array([[2, 1, 3]]), np.full((1, 3), 8.0)
    >>> log_ratio, error = rate_ratio(counts, counts, (hours, hours))
    >>> float(log_ratio[0]), round(float(error[0]), 3)
    (0.0, 0.577)
    """
    none = (before.sum(axis=1) == 0) | (after.sum(axis=1) == 0)
    first, second = (each.sum(axis=1) + none / 2 for each in (before, after))
    first_rate, second_rate = first / hours[0].sum(axis=1), second / hours[1].sum(axis=1)
    log_ratio = np.log(second_rate / first_rate)
    squares = _pearson(before, hours[0], first_rate) + _pearson(after, hours[1], second_rate)
    freedom = before.shape[1] + after.shape[1] - 2
    dispersion = np.maximum(squares / freedom, 1.0)
    return log_ratio, np.sqrt(dispersion * (1 / first + 1 / second))


def _pearson(counts: Counts, hours: Array, rate: Array) -> Array:
    expected = hours * rate[:, np.newaxis]
    return np.asarray(((counts - expected) ** 2 / expected).sum(axis=1))


def _night_counts(outcomes: Sequence[Outcome]) -> NightCounts:
    nights = [(each, each.compared.night) for each in outcomes]
    # Without valid hours there is no rate.
    valid = [each for each, night in nights if night.is_valid and night.valid_s > 0]
    hits = np.array([each.hits() for each in valid], dtype=np.int64)
    cramps = np.array([each.cramps() for each in valid], dtype=np.int64)
    false = np.array([len(each.false) for each in valid], dtype=np.int64)
    hours = np.array([each.compared.night.valid_s / 3600 for each in valid], dtype=np.float64)
    return NightCounts(hits, cramps - hits, false, hours)


def _trials(
    nights: NightCounts, ratio: float, rng: np.random.Generator
) -> tuple[Recovered, Recovered]:
    before, after = (rng.integers(nights.hits.size, size=(_TRIALS, NIGHTS)) for _ in range(2))
    kept_hits = rng.binomial(nights.hits[after], ratio)
    kept_misses = rng.binomial(nights.misses[after], ratio)
    hours = nights.valid_h[before], nights.valid_h[after]
    found = nights.hits + nights.false_alarms
    detector = rate_ratio(found[before], kept_hits + nights.false_alarms[after], hours)
    true = nights.hits + nights.misses
    truth = rate_ratio(true[before], kept_hits + kept_misses, hours)
    return _summary(*detector, ratio), _summary(*truth, ratio)


def _summary(log_ratio: Array, error: Array, ratio: float) -> Recovered:
    reach = float(stdtrit(2 * NIGHTS - 2, 0.975)) * error
    low, median, high = np.exp(np.quantile(log_ratio, [0.025, 0.5, 0.975]))
    covered = np.abs(log_ratio - np.log(ratio)) <= reach
    excluded = np.abs(log_ratio) > reach
    return Recovered(
        float(median), float(low), float(high), float(covered.mean()), float(excluded.mean())
    )
