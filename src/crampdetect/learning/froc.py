"""Sensitivity against false alarms as the threshold on the probability falls (FROC). Pure.

Every verdict of every kind takes part with its probability, so the curve shows the probability
alone; what the detector reports also obeys written rules, and its point may lie beside the curve.

Bunch et al. 1978, J Appl Photogr Eng 4:166 (free-response operating characteristic).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from crampdetect.learning.scoring_detection import EIGHT_HOURS_S
from crampdetect.learning.scoring_matching import PRIMARY, eligible
from crampdetect.learning.scoring_outcome import Compared

__all__ = ["Froc", "FrocPoint", "Growing", "froc"]

#: False alarms per unit at which the curve is read.
READ_AT = (0.05, 0.1, 0.25, 0.5, 1.0)
#: A curve of more rises than this is thinned to as many points.
_MOST_POINTS = 200


@dataclass(frozen=True, slots=True)
class FrocPoint:
    """Where verdicts from `threshold` on are called cramps.

    Parameters
    ----------
    threshold : float
        Probability.
    sensitivity_scorable, sensitivity_all : float or None
        None where there are no such cramps.
    false_alarms : float
        Per unit of the curve.
    """

    threshold: float
    sensitivity_scorable: float | None
    sensitivity_all: float | None
    false_alarms: float


@dataclass(frozen=True, slots=True)
class Froc:
    """The curve.

    Parameters
    ----------
    unit : {"valid night", "8 valid hours", "recording"}
        Of false alarms: nights where any is valid, else valid time, else recordings.
    points : tuple of FrocPoint
        By falling threshold.
    read_at : tuple of (float, float or None)
        False alarms per unit, and the sensitivity (scorable) that the curve reaches with no more.
    """

    unit: str
    points: tuple[FrocPoint, ...]
    read_at: tuple[tuple[float, float | None], ...]


@dataclass(frozen=True, slots=True)
class _Step:
    """What one verdict changes."""

    probability: float
    found_all: bool
    found_scorable: bool
    false: bool


class Growing:
    """A greatest one-to-one matching that grows by one verdict at a time (Kuhn 1955).

    Cramps once found stay found, so each verdict adds a cramp or none.

    Examples
    --------
    >>> growing = Growing()
    >>> growing.add([0, 1]), growing.add([0]), growing.add([1])
    (True, True, False)
    """

    def __init__(self) -> None:
        self._owner: dict[int, list[int]] = {}

    def add(self, cramps: list[int]) -> bool:
        """Whether a verdict that may be any of `cramps` lets one more cramp be found."""
        # Depth first without recursion: a chain of verdicts may be as long as a night has them.
        tried: set[int] = set()
        path: list[int] = []
        open_verdicts = [(cramps, iter(cramps))]
        while open_verdicts:
            cramp = next((each for each in open_verdicts[-1][1] if each not in tried), None)
            if cramp is None:
                open_verdicts.pop()
                del path[-1:]
                continue
            tried.add(cramp)
            path.append(cramp)
            owner = self._owner.get(cramp)
            if owner is None:
                for claimed, (verdict, _) in zip(path, open_verdicts, strict=True):
                    self._owner[claimed] = verdict
                return True
            open_verdicts.append((owner, iter(owner)))
        return False


def froc(nights: Sequence[Compared]) -> Froc:
    """The curve over all nights under the primary criterion.

    Examples
    --------
    >>> froc([]).points
    ()
    """
    unit, exposure, counted = _unit(nights)
    steps: list[_Step] = []
    for night, counts in zip(nights, counted, strict=True):
        steps += _steps(night, counts)
    steps.sort(key=lambda step: -step.probability)
    cramps = [cramp for night in nights for cramp in night.references]
    n_scorable = sum(cramp.scorable for cramp in cramps)
    points: list[FrocPoint] = []
    scorable = every = false = 0
    for place, step in enumerate(steps):
        scorable, every = scorable + step.found_scorable, every + step.found_all
        false += step.false
        if place + 1 < len(steps) and steps[place + 1].probability == step.probability:
            continue
        points.append(
            FrocPoint(
                step.probability,
                scorable / n_scorable if n_scorable else None,
                every / len(cramps) if cramps else None,
                false / exposure,
            )
        )
    read = tuple((rate, _reached(points, rate, n_scorable)) for rate in READ_AT)
    return Froc(unit, tuple(_thinned(points)), read)


def _unit(nights: Sequence[Compared]) -> tuple[str, float, list[bool]]:
    """Name and number of units, and whether the false alarms of each night count."""
    valid = [each.night.is_valid for each in nights]
    if any(valid):
        return "valid night", float(sum(valid)), valid
    valid_s = sum(each.night.valid_s for each in nights)
    if valid_s > 0:
        return "8 valid hours", valid_s / EIGHT_HOURS_S, [True] * len(nights)
    return "recording", float(max(len(nights), 1)), [True] * len(nights)


def _steps(night: Compared, false_counts: bool) -> list[_Step]:
    allowed = eligible(night.lie, PRIMARY)
    every, visible = Growing(), Growing()
    steps = []
    by_probability = sorted(enumerate(night.found), key=lambda each: -each[1].probability)
    for column, verdict in by_probability:
        cramps = [int(row) for row in allowed[:, column].nonzero()[0]]
        found = every.add(cramps)
        seen = visible.add([row for row in cramps if night.references[row].scorable])
        false = not found and not night.touches_censored[column] and false_counts
        steps.append(_Step(verdict.probability, found, seen, false))
    return steps


def _reached(points: Sequence[FrocPoint], rate: float, n_scorable: int) -> float | None:
    if not n_scorable:
        return None
    within = [point.sensitivity_scorable or 0.0 for point in points if point.false_alarms <= rate]
    return max(within, default=0.0)


def _thinned(points: list[FrocPoint]) -> list[FrocPoint]:
    """The points at which sensitivity rises, and the last; of many only every k-th."""
    corners = [
        point
        for before, point in zip([None, *points], points, strict=False)
        if before is None or point.sensitivity_all != before.sensitivity_all
    ]
    corners += points[-1:] if points and corners[-1] is not points[-1] else []
    if len(corners) <= _MOST_POINTS:
        return corners
    last = len(corners) - 1
    places = {round(k * last / (_MOST_POINTS - 1)) for k in range(_MOST_POINTS)}
    return [corners[place] for place in sorted(places)]
