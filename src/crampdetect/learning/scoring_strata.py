"""Sensitivity by how strong and how long a cramp is. Pure."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from crampdetect.learning.scoring_intervals import Share
from crampdetect.learning.scoring_outcome import Outcome
from crampdetect.learning.scoring_reference import Reference

__all__ = ["Stratum", "by_duration", "by_level", "by_level_decile"]

#: Limits of plateau over floor; below the first no electrode can see a cramp.
LEVELS = (1.5, 2.0, 4.0, 8.0, 16.0)
#: Limits of duration in seconds.
DURATIONS_S = (10.0, 20.0, 45.0, 120.0, 600.0)

#: Value of the property by which cramps are sorted, and whether it was found.
_Judged = tuple[float, bool]


@dataclass(frozen=True, slots=True)
class Stratum:
    """Cramps between two limits.

    Parameters
    ----------
    label : str
    low, high : float or None
        From `low` up to below `high`; None where it is open, or (both) where it is not known.
    sensitivity : Share
    """

    label: str
    low: float | None
    high: float | None
    sensitivity: Share


def by_level(outcomes: Sequence[Outcome]) -> tuple[Stratum, ...]:
    """By plateau over floor; cramps whose level nobody measured come last, where there are any.

    Examples
    --------
    >>> [stratum.label for stratum in by_level([])]
    ['below 1.5', '1.5 to 2', '2 to 4', '4 to 8', '8 to 16', 'from 16']
    """
    judged = _judged(outcomes, lambda cramp: cramp.level)
    unknown = [found for level, found in judged if math.isnan(level)]
    strata = _strata([each for each in judged if not math.isnan(each[0])], LEVELS)
    if unknown:
        share = Share.counted(sum(unknown), len(unknown))
        strata = (*strata, Stratum("not known", None, None, share))
    return strata


def by_level_decile(outcomes: Sequence[Outcome]) -> tuple[Stratum, ...]:
    """By deciles of the plateau over floor of these cramps; fewer where levels are equal.

    Examples
    --------
    >>> by_level_decile([])
    ()
    """
    judged = [each for each in _judged(outcomes, lambda cramp: cramp.level) if each[0] >= 0]
    if not judged:
        return ()
    levels = np.array([level for level, _ in judged])
    edges = np.unique(np.quantile(levels, np.linspace(0.1, 0.9, 9), method="higher"))
    inner = [float(edge) for edge in edges if edge > levels.min()]
    return _strata(judged, inner)


def by_duration(outcomes: Sequence[Outcome]) -> tuple[Stratum, ...]:
    """By duration in seconds.

    Examples
    --------
    >>> [stratum.label for stratum in by_duration([])][:2]
    ['below 10', '10 to 20']
    """
    return _strata(_judged(outcomes, lambda cramp: cramp.duration_s), DURATIONS_S)


def _judged(
    outcomes: Sequence[Outcome], value: Callable[[Reference], float | None]
) -> list[_Judged]:
    """The property (NaN where unknown) of every cramp that counts, and whether it was found."""
    judged: list[_Judged] = []
    for outcome in outcomes:
        rows = outcome.found_rows
        for row, cramp in enumerate(outcome.compared.references):
            number = value(cramp)
            judged.append((math.nan if number is None else number, row in rows))
    return judged


def _strata(judged: Sequence[_Judged], limits: Sequence[float]) -> tuple[Stratum, ...]:
    strata = []
    for low, high in zip((None, *limits), (*limits, None), strict=True):
        found = [
            was_found
            for value, was_found in judged
            if (low is None or value >= low) and (high is None or value < high)
        ]
        share = Share.counted(sum(found), len(found))
        strata.append(Stratum(_label(low, high), low, high, share))
    return tuple(strata)


def _label(low: float | None, high: float | None) -> str:
    if low is None:
        return "all" if high is None else f"below {high:.3g}"
    return f"from {low:.3g}" if high is None else f"{low:.3g} to {high:.3g}"
