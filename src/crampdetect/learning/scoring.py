"""How good a detector is: every figure over a set of nights with known truth. Pure.

Truth is merged by a written rule, verdicts are matched one-to-one, only time that the truth calls
invalid excuses anything, and every figure stands twice: for ``cramp`` verdicts, and with ``unsure``
counted as cramp, so that unsure cannot hide errors.
"""

from collections.abc import Sequence
from itertools import pairwise

from crampdetect.learning.froc import froc
from crampdetect.learning.rate_ratio import recovery
from crampdetect.learning.reliability import reliability
from crampdetect.learning.scoring_confounders import confounders
from crampdetect.learning.scoring_detection import (
    count_error,
    detection,
    per_8_valid_hours,
    per_valid_night,
    quiet_nights,
)
from crampdetect.learning.scoring_events import Found, TrueEvent
from crampdetect.learning.scoring_matching import CRITERIA
from crampdetect.learning.scoring_night import Night
from crampdetect.learning.scoring_outcome import Compared, Outcome, compare, judge
from crampdetect.learning.scoring_reference import invalid_spans, merging
from crampdetect.learning.scoring_report import Figures, Nights, Report
from crampdetect.learning.scoring_strata import by_duration, by_level, by_level_decile
from crampdetect.learning.scoring_timing import timing

__all__ = ["Figures", "Found", "Night", "Nights", "Report", "TrueEvent", "score"]

_CLAIMS = {
    "simulation": "Simulation figures: the nights are made by numbers and say nothing of patients.",
    "annotated": "Figures against annotated nights; crampdetect is not a medical device.",
    "mixed": "Figures of simulated and annotated nights together; they say nothing of patients.",
    "none": "There are no nights, so there are no figures.",
}


def score(nights: Sequence[Night], *, seed: int = 0) -> Report:
    """Score a detector over nights with known truth.

    Parameters
    ----------
    nights : sequence of Night
        In any order, each under a name of its own.
    seed : int
        Of the bootstrap and of the simulated trials: the same seed gives the same report.

    Returns
    -------
    Report

    Raises
    ------
    ValueError
        If two nights have one name.

    Examples
    --------
    >>> truth = [TrueEvent("cramp", 600, 45, level=6.0), TrueEvent("limb_movement", 900, 3)]
    >>> found = [Found(602, 40, "cramp", 0.9), Found(900, 3, "limb_movement", 0.1)]
    >>> report = score([Night("night-1", truth, found, valid_s=28000, duration_s=28800)])
    >>> report.cramp_only.primary.sensitivity_scorable.value
    1.0
    >>> report.cramp_only.primary.per_valid_night.value, report.claim_level
    (0.0, 'simulation')
    """
    ordered = sorted(nights, key=lambda night: night.name)
    for first, second in pairwise(ordered):
        if first.name == second.name:
            raise ValueError(f"two nights are named {first.name}; expected a name for each")
    compared = [compare(night) for night in ordered]
    unsure = [sum(found.kind == "unsure" for found in _verdicts(night)) for night in ordered]
    cramp_only, both = (
        [judge(each, kinds) for each in compared] for kinds in (("cramp",), ("cramp", "unsure"))
    )
    level = _claim_level(ordered)
    return Report(
        level,
        _CLAIMS[level],
        seed,
        _nights(compared),
        merging((night.events, _cramp_intervals(night)) for night in ordered),
        _figures(("cramp",), cramp_only, seed),
        _figures(("cramp", "unsure"), both, seed),
        per_valid_night(cramp_only, unsure),
        per_8_valid_hours(cramp_only, unsure),
        froc(compared),
        reliability(compared),
    )


def _figures(kinds: tuple[str, ...], outcomes: Sequence[Outcome], seed: int) -> Figures:
    return Figures(
        kinds,
        sum(outcome.ignored for outcome in outcomes),
        tuple(detection(outcomes, criterion, seed) for criterion in CRITERIA),
        timing(outcomes),
        count_error(outcomes),
        quiet_nights(outcomes),
        by_level(outcomes),
        by_level_decile(outcomes),
        by_duration(outcomes),
        confounders(outcomes),
        recovery(outcomes, seed),
    )


def _nights(compared: Sequence[Compared]) -> Nights:
    nights = [each.night for each in compared]
    cramps = [cramp for each in compared for cramp in each.references]
    invalid_s = [
        sum(min(stop, night.duration_s) - min(start, night.duration_s) for start, stop in spans)
        for night, spans in ((night, invalid_spans(night.events)) for night in nights)
    ]
    recorded_s = sum(night.duration_s for night in nights)
    truly_valid_s, valid_s = recorded_s - sum(invalid_s), sum(night.valid_s for night in nights)
    rightly_s = sum(_rightly_valid(night) for night in nights)
    known = {night.patient for night in nights if night.patient is not None}
    return Nights(
        len(nights),
        sum(night.is_valid for night in nights),
        len(known) + sum(night.patient is None for night in nights),
        len(cramps),
        sum(cramp.scorable for cramp in cramps),
        sum(len(each.censored) for each in compared),
        recorded_s / 3600,
        truly_valid_s / 3600,
        valid_s / 3600,
        rightly_s / truly_valid_s if truly_valid_s > 0 else None,
        any(night.valid_spans is None for night in nights),
    )


def _rightly_valid(night: Night) -> float:
    """Seconds valid by both truth and detector; all of the detector's if no span is known."""
    if night.valid_spans is None:
        return night.valid_s
    wrong = sum(
        max(0.0, min(stop, last) - max(start, first))
        for start, stop in night.valid_spans
        for first, last in invalid_spans(night.events)
    )
    return sum(stop - start for start, stop in night.valid_spans) - wrong


def _claim_level(nights: Sequence[Night]) -> str:
    kinds = {night.simulated for night in nights}
    if len(kinds) == 2:
        return "mixed"
    if not kinds:
        return "none"
    return "simulation" if True in kinds else "annotated"


def _verdicts(night: Night) -> list[Found]:
    return [Found(*each) for each in night.found]


def _cramp_intervals(night: Night) -> list[tuple[float, float]]:
    return [(each.onset_s, each.offset_s) for each in _verdicts(night) if each.kind == "cramp"]
