"""How well onset, offset and length of found cramps are known, and how soon alerts come. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from crampdetect.learning.scoring_matching import PRIMARY
from crampdetect.learning.scoring_outcome import Outcome

__all__ = ["ErrorSpread", "Latency", "RatioSpread", "Timing", "timing"]


@dataclass(frozen=True, slots=True)
class ErrorSpread:
    """Found minus true time in seconds, over matched cramps; None without any.

    Parameters
    ----------
    cramps : int
    median : float or None
        Signed: below 0 is too early.
    absolute_median, absolute_p90 : float or None
    """

    cramps: int
    median: float | None
    absolute_median: float | None
    absolute_p90: float | None


@dataclass(frozen=True, slots=True)
class RatioSpread:
    """Natural logarithm of found over true duration: 0 is exact, 0.69 twice too long.

    Parameters
    ----------
    cramps : int
    median, lower_quartile, upper_quartile : float or None
    """

    cramps: int
    median: float | None
    lower_quartile: float | None
    upper_quartile: float | None


@dataclass(frozen=True, slots=True)
class Latency:
    """Seconds from the true onset to the alert, over found cramps with an alert.

    Parameters
    ----------
    alerted, of : int
        Found cramps with a known time of alert, and all found cramps.
    median, p90 : float or None
    """

    alerted: int
    of: int
    median: float | None
    p90: float | None


@dataclass(frozen=True, slots=True)
class Timing:
    """Errors of time over the cramps found under the primary criterion."""

    onset_error_s: ErrorSpread
    offset_error_s: ErrorSpread
    log_duration_ratio: RatioSpread
    alert_latency_s: Latency


def timing(outcomes: Sequence[Outcome]) -> Timing:
    """Errors of time of all nights.

    Examples
    --------
    >>> timing([]).onset_error_s.median is None
    True
    """
    onset: list[float] = []
    offset: list[float] = []
    ratio: list[float] = []
    latency: list[float] = []
    for outcome in outcomes:
        for row, column in outcome.pairs[PRIMARY.name]:
            true, found = outcome.compared.references[row], outcome.compared.found[column]
            onset.append(found.onset_s - true.onset_s)
            offset.append(found.offset_s - true.offset_s)
            # Both are longer than 0 s, as they overlap.
            ratio.append(math.log(found.duration_s / true.duration_s))
            if found.alert_s is not None:
                latency.append(found.alert_s - true.onset_s)
    quartiles = _quantiles(ratio, 0.5, 0.25, 0.75)
    median, p90 = _quantiles(latency, 0.5, 0.9)
    return Timing(
        _errors(onset),
        _errors(offset),
        RatioSpread(len(ratio), *quartiles),
        Latency(len(latency), len(onset), median, p90),
    )


def _errors(values: list[float]) -> ErrorSpread:
    (median,) = _quantiles(values, 0.5)
    return ErrorSpread(len(values), median, *_quantiles([abs(value) for value in values], 0.5, 0.9))


def _quantiles(values: list[float], *levels: float) -> list[float | None]:
    if not values:
        return [None] * len(levels)
    return [float(value) for value in np.quantile(values, levels)]
