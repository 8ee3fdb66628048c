"""Laws of scoring, whatever the nights."""

import time
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crampdetect.learning.scoring import Found, Night, Report, TrueEvent, score
from tests.scored_nights import HOURS_8, cramp, found, night, nights

#: A score draws thousands of trials.
FEWER = settings(max_examples=25)


def perfect(night_: Night) -> Night:
    """What a detector would say that knows the truth."""
    verdicts = [
        Found(each.onset_s, each.duration_s, each.kind, 1.0 if each.kind == "cramp" else 0.0)
        for each in night_.events
        if each.kind not in ("gap", "lead_off")
    ]
    return replace(night_, found=verdicts)


@given(nights())
@FEWER
def test_a_perfect_detector_finds_all_and_nothing_else(made: list[Night]) -> None:
    # cramps a minute apart, so that none are merged
    apart = [
        replace(each, truth=[event for event in each.events if event.duration_s <= 30])
        for each in made
    ]
    report = score([perfect(each) for each in apart])
    for figures in (report.cramp_only, report.unsure_as_cramp):
        for each in figures.detection:
            assert each.sensitivity_all.count == each.sensitivity_all.of == report.nights.cramps
            assert each.sensitivity_scorable.value in (1.0, None)
            assert each.false_alarms == 0
            assert each.f1 in (1.0, None)
        assert figures.timing.onset_error_s.absolute_p90 in (0.0, None)
        assert figures.count_error.mean_absolute in (0.0, None)
    assert report.reliability.brier in (0.0, None)


@given(nights(), st.integers(0, 99))
@FEWER
def test_order_of_nights_truth_and_verdicts_does_not_matter(made: list[Night], seed: int) -> None:
    dice = Random(seed)
    other = [
        replace(
            each,
            truth=dice.sample(each.events, len(each.events)),
            found=dice.sample(each.found, len(each.found)),
        )
        for each in dice.sample(made, len(made))
    ]
    assert score(made).to_json() == score(other).to_json()


@given(nights())
@FEWER
def test_an_alarm_where_nothing_is_only_lowers_the_predictive_value(made: list[Night]) -> None:
    if not made:
        return
    worse = [replace(made[0], found=[*made[0].found, found(28_700, 30)]), *made[1:]]
    before, after = score(made), score(worse)
    for one, other in zip(before.cramp_only.detection, after.cramp_only.detection, strict=True):
        assert other.sensitivity_all == one.sensitivity_all
        assert other.sensitivity_scorable == one.sensitivity_scorable
        assert other.false_alarms == one.false_alarms + 1
        assert (other.positive_predictive_value.value or 0.0) <= (
            one.positive_predictive_value.value or 1.0
        )
    assert after.cramp_only.timing == before.cramp_only.timing


@given(nights())
@FEWER
def test_every_verdict_is_right_false_or_ignored_and_every_cramp_counts_once(
    made: list[Night],
) -> None:
    report = score(made)
    for figures in (report.cramp_only, report.unsure_as_cramp):
        verdicts = sum(Found(*v).kind in figures.verdicts for each in made for v in each.found)
        first = figures.primary
        assert (
            first.sensitivity_all.count + first.false_alarms + figures.ignored_verdicts == verdicts
        )
        assert first.sensitivity_all.count <= min(verdicts, first.sensitivity_all.of)
        assert sum(each.sensitivity.count for each in figures.by_duration) == (
            first.sensitivity_all.count
        )
        for strata in (figures.by_level, figures.by_level_decile, figures.by_duration):
            assert sum(each.sensitivity.of for each in strata) == report.nights.cramps
        assert sum(each.false_alarms for each in figures.confounders) == first.false_alarms


@given(nights(), st.sampled_from([0.0, 3600.0, 200_000.0]))
@FEWER
def test_hours_do_not_drift(made: list[Night], later_s: float) -> None:
    later = [
        replace(
            each,
            truth=[replace(event, onset_s=event.onset_s + later_s) for event in each.events],
            found=[Found(*v)._replace(onset_s=Found(*v).onset_s + later_s) for v in each.found],
            duration_s=each.duration_s + later_s,
            valid_s=each.valid_s + later_s,
            status=None,
        )
        for each in made
    ]
    for one, other in zip(
        score(made).cramp_only.detection, score(later).cramp_only.detection, strict=True
    ):
        assert other.sensitivity_all == one.sensitivity_all
        assert other.false_alarms == one.false_alarms


@pytest.mark.parametrize("rate", [250, 256, 500, 512, 1000])
def test_a_rounded_step_would_show(rate: int) -> None:
    """A clock that takes int(0.1 * rate) samples for 0.1 s is minutes off by morning."""
    onsets = [600.0 * k for k in range(1, 45)]
    drift = int(0.1 * rate) / (0.1 * rate)
    right = night([cramp(each, 30) for each in onsets], [found(each, 30) for each in onsets])
    wrong = replace(
        right, found=[found(each / drift, 30) for each in onsets if each / drift < HOURS_8]
    )
    assert sensitivity(score([right])) == 1.0
    if drift == 1.0:
        assert sensitivity(score([wrong])) == 1.0
    else:
        assert sensitivity(score([wrong])) < 0.2


def sensitivity(report: Report) -> float:
    value = report.cramp_only.primary.sensitivity_all.value
    assert value is not None
    return value


def test_200_nights_are_quick() -> None:
    truth = [TrueEvent("limb_movement", 100.0 * k, 2, 4.0) for k in range(200)]
    verdicts = [found(100.0 * k, 2, "limb_movement", 0.1) for k in range(200)]
    made = [
        night([cramp(5000), *truth], [found(5001), *verdicts], f"n{k}", patient=f"p{k // 4}")
        for k in range(200)
    ]
    begin = time.process_time()
    assert score(made).cramp_only.primary.sensitivity_all.value == 1.0
    assert time.process_time() - begin < 2.0
