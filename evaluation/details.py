"""What a report does not say of a set of nights: alerts of strong cramps, short cramps, misses."""

import statistics
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from crampdetect.learning.scoring_intervals import Share
from crampdetect.learning.scoring_matching import PRIMARY
from crampdetect.learning.scoring_night import Night
from crampdetect.learning.scoring_outcome import Outcome, compare, judge
from crampdetect.learning.scoring_reference import Reference
from crampdetect.learning.scoring_strata import DURATIONS_S, Stratum

__all__ = ["Alerts", "Details", "Missed", "Verdicts", "details"]

#: Cramps that a person should be told of while they last: level (plateau over floor), seconds.
ALERT_LEVEL, ALERT_WITHIN_S = 4.0, 15.0
NOTHING = "no event"


@dataclass(frozen=True, slots=True)
class Alerts:
    """Alerts of cramps from a level on.

    Parameters
    ----------
    least_level, within_s : float
    in_time : Share
        Alerted within that time of the true onset, among *all* such cramps, missed ones too.
    alerted : Share
        Alerted at all.
    median_s, p90_s : float or None
        From the true onset to the alert, of those alerted.
    """

    least_level: float
    within_s: float
    in_time: Share
    alerted: Share
    median_s: float | None
    p90_s: float | None


@dataclass(frozen=True, slots=True)
class Missed:
    """Scorable cramps that were missed, by the verdict that overlapped them most."""

    called: str
    cramps: int
    median_level: float | None
    median_duration_s: float


@dataclass(frozen=True, slots=True)
class Verdicts:
    """For one choice of verdicts: scorable cramps by duration, and those missed."""

    scorable_by_duration: tuple[Stratum, ...]
    missed: tuple[Missed, ...]


@dataclass(frozen=True, slots=True)
class Details:
    """Of one set of nights."""

    alerts: Alerts
    cramp_only: Verdicts
    unsure_as_cramp: Verdicts


def details(nights: Sequence[Night]) -> Details:
    """What the report leaves out.

    Examples
    --------
    >>> details([]).alerts.in_time.of
    0
    """
    compared = [compare(night) for night in nights]
    only, both = (
        [judge(each, kinds) for each in compared] for kinds in (("cramp",), ("cramp", "unsure"))
    )
    return Details(_alerts(only), _verdicts(only, ("cramp",)), _verdicts(both, ("cramp", "unsure")))


def _alerts(outcomes: Sequence[Outcome]) -> Alerts:
    latencies: list[float | None] = []
    for outcome in outcomes:
        found = {row: outcome.compared.found[column] for row, column in outcome.pairs[PRIMARY.name]}
        for row, cramp in enumerate(outcome.compared.references):
            if cramp.scorable and (cramp.level or 0.0) >= ALERT_LEVEL:
                alert = found[row].alert_s if row in found else None
                latencies.append(None if alert is None else alert - cramp.onset_s)
    told = [each for each in latencies if each is not None]
    median, p90 = np.quantile(told, [0.5, 0.9]).tolist() if told else (None, None)
    return Alerts(
        ALERT_LEVEL,
        ALERT_WITHIN_S,
        Share.counted(sum(each <= ALERT_WITHIN_S for each in told), len(latencies)),
        Share.counted(len(told), len(latencies)),
        median,
        p90,
    )


def _verdicts(outcomes: Sequence[Outcome], kinds: Sequence[str]) -> Verdicts:
    judged: list[tuple[float, bool]] = []
    missed: dict[str, list[Reference]] = defaultdict(list)
    for outcome in outcomes:
        rows = outcome.found_rows
        for row, cramp in enumerate(outcome.compared.references):
            if cramp.scorable:
                judged.append((cramp.duration_s, row in rows))
                if row not in rows:
                    missed[_called(outcome, row, kinds)].append(cramp)
    counted = [_missed(called, cramps) for called, cramps in missed.items()]
    counted.sort(key=lambda each: (-each.cramps, each.called))
    return Verdicts(_by_duration(judged), tuple(counted))


def _missed(called: str, cramps: Sequence[Reference]) -> Missed:
    levels = [cramp.level for cramp in cramps if cramp.level is not None]
    level = statistics.median(levels) if levels else None
    return Missed(called, len(cramps), level, statistics.median(c.duration_s for c in cramps))


def _called(outcome: Outcome, row: int, kinds: Sequence[str]) -> str:
    """What the verdict that shares most with a missed cramp said."""
    shared = outcome.compared.lie.shared_s[row]
    if not shared.size or shared.max() <= 0:
        return NOTHING
    kind = outcome.compared.found[int(shared.argmax())].kind
    return f"{kind}, of other bounds" if kind in kinds else kind


def _by_duration(judged: Sequence[tuple[float, bool]]) -> tuple[Stratum, ...]:
    strata = []
    for low, high in zip((0.0, *DURATIONS_S), (*DURATIONS_S, None), strict=True):
        found = [hit for value, hit in judged if value >= low and (high is None or value < high)]
        label = f"from {low:g}" if high is None else f"{low:g} to {high:g}"
        strata.append(Stratum(label, low, high, Share.counted(sum(found), len(found))))
    return tuple(strata)
