"""Sensitivity, false alarms, predictive value: the figures that a detector is judged by. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from crampdetect.learning.scoring_intervals import Rate, Share, cluster_bootstrap
from crampdetect.learning.scoring_matching import Criterion
from crampdetect.learning.scoring_outcome import Outcome

__all__ = [
    "CountError",
    "Detection",
    "QuietNights",
    "count_error",
    "detection",
    "per_8_valid_hours",
    "per_valid_night",
    "quiet_nights",
]

#: Seconds of valid time that rates are told for besides the night.
EIGHT_HOURS_S = 8 * 3600
#: Standard deviations on either side of 95 % of a normal distribution (limits of agreement).
_NORMAL_95 = 1.959964


@dataclass(frozen=True, slots=True)
class Detection:
    """Figures under one matching criterion.

    Parameters
    ----------
    criterion : str
    sensitivity_scorable, sensitivity_all : Share
        Found cramps among those that could be seen, and among all.
    positive_predictive_value : Share
        Right verdicts among right and false ones.
    f1 : float or None
        Harmonic mean of `sensitivity_all` and the predictive value.
    false_alarms : int
        In all nights.
    per_valid_night : Rate
        False alarms in nights with enough valid time, per such night.
    per_8_valid_hours : Rate
        False alarms in all nights, per 8 hours that the detector took for valid.
    """

    criterion: str
    sensitivity_scorable: Share
    sensitivity_all: Share
    positive_predictive_value: Share
    f1: float | None
    false_alarms: int
    per_valid_night: Rate
    per_8_valid_hours: Rate


@dataclass(frozen=True, slots=True)
class CountError:
    """Found minus true count, over valid nights.

    Parameters
    ----------
    nights : int
    bias, mean_absolute : float or None
        Cramps a night; None without nights.
    low, high : float or None
        95 % limits of agreement; None with fewer than two nights.

    References
    ----------
    Bland and Altman 1986, Lancet, doi:10.1016/S0140-6736(86)90837-8.
    """

    nights: int
    bias: float | None
    mean_absolute: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class QuietNights:
    """Valid nights in which no cramp happened.

    Parameters
    ----------
    nights : int
    without_false_alarm : Share
    false_alarms : Rate
        Per such night.
    """

    nights: int
    without_false_alarm: Share
    false_alarms: Rate


def detection(outcomes: Sequence[Outcome], criterion: Criterion, seed: int) -> Detection:
    """The figures of all nights under one criterion; `seed` is that of the bootstrap.

    Examples
    --------
    >>> from crampdetect.learning.scoring_matching import PRIMARY
    >>> detection([], PRIMARY, seed=0).sensitivity_all.value is None
    True
    """
    hits = sum(each.hits(criterion) for each in outcomes)
    false = [len(each.false_alarms[criterion.name]) for each in outcomes]
    cramps = sum(each.cramps() for each in outcomes)
    errors = sum(false) + cramps - hits
    return Detection(
        criterion.name,
        _sensitivity(outcomes, criterion, seed, scorable=True),
        _sensitivity(outcomes, criterion, seed, scorable=False),
        Share.counted(hits, hits + sum(false)),
        2 * hits / (2 * hits + errors) if hits + errors else None,
        sum(false),
        per_valid_night(outcomes, false),
        per_8_valid_hours(outcomes, false),
    )


def per_valid_night(outcomes: Sequence[Outcome], counts: Sequence[int]) -> Rate:
    """Rate of `counts` (one per night), of and per valid nights.

    Examples
    --------
    >>> per_valid_night([], []).exposure
    0.0
    """
    valid = [
        count for each, count in zip(outcomes, counts, strict=True) if each.compared.night.is_valid
    ]
    return Rate.counted(sum(valid), float(len(valid)))


def per_8_valid_hours(outcomes: Sequence[Outcome], counts: Sequence[int]) -> Rate:
    """Rate of `counts` (one per night) of all nights, per 8 hours of the detector's valid time.

    Examples
    --------
    >>> per_8_valid_hours([], []).value is None
    True
    """
    valid_s = sum(each.compared.night.valid_s for each in outcomes)
    return Rate.counted(sum(counts), valid_s / EIGHT_HOURS_S)


def count_error(outcomes: Sequence[Outcome]) -> CountError:
    """How far nightly counts are off; censored cramps and ignored verdicts count on neither side.

    Examples
    --------
    >>> count_error([]).bias is None
    True
    """
    errors = [
        each.hits() + len(each.false) - each.cramps()
        for each in outcomes
        if each.compared.night.is_valid
    ]
    n = len(errors)
    if not n:
        return CountError(0, None, None, None, None)
    bias = sum(errors) / n
    absolute = sum(abs(error) for error in errors) / n
    if n < 2:
        return CountError(n, bias, absolute, None, None)
    spread = (sum((error - bias) ** 2 for error in errors) / (n - 1)) ** 0.5 * _NORMAL_95
    return CountError(n, bias, absolute, bias - spread, bias + spread)


def quiet_nights(outcomes: Sequence[Outcome]) -> QuietNights:
    """False alarms of valid nights without a true cramp; a censored cramp is one.

    Examples
    --------
    >>> quiet_nights([]).nights
    0
    """
    false = [
        len(each.false)
        for each in outcomes
        if each.compared.night.is_valid
        and not each.compared.references
        and not each.compared.censored
    ]
    n = len(false)
    return QuietNights(n, Share.counted(false.count(0), n), Rate.counted(sum(false), float(n)))


def _sensitivity(
    outcomes: Sequence[Outcome], criterion: Criterion, seed: int, *, scorable: bool
) -> Share:
    hits = [each.hits(criterion, scorable=scorable) for each in outcomes]
    cramps = [each.cramps(scorable=scorable) for each in outcomes]
    patients = [each.compared.night.patient for each in outcomes]
    names = [each.compared.night.name for each in outcomes]
    # A night of an unknown patient is a cluster of its own, and of no patient by that name.
    whose = [
        f"night {name}" if patient is None else f"patient {patient}"
        for patient, name in zip(patients, names, strict=True)
    ]
    return Share.counted(sum(hits), sum(cramps), cluster_bootstrap(hits, cramps, whose, seed))
