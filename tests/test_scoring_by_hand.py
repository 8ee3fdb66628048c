"""The figures of a detector in cases worked out by hand."""

from dataclasses import replace

import pytest

from crampdetect.learning.scoring import Found, Night, TrueEvent, score
from crampdetect.simulation.truth import TruthEvent
from tests.scored_nights import HOURS_8, cramp, found, night


def test_a_night_worked_out_by_hand() -> None:
    truth = [
        cramp(1000, 40, 8.0),  # found 2 s late, 4 s too short
        cramp(2000, 20, 1.8),  # missed: only unsure
        cramp(3000, 60, 1.2),  # not scorable, found
        cramp(5000, 40, 9.0),  # missed: the detector called the time invalid
        TrueEvent("gap", 6000, 100),
        cramp(6050, 60, 5.0),  # censored: 50 of 60 s in the gap
        TrueEvent("limb_movement", 8000, 5, 4.0, "periodic series 2"),
    ]
    verdicts = [
        Found(1002, 36, "cramp", 0.9, alert_s=1010.0),
        found(2001, 18, "unsure", 0.5),
        found(3000, 60, probability=0.7),
        found(6010, 50),  # mostly in the gap: neither
        found(6090, 40),  # touches the censored cramp only: neither
        found(7999, 8, probability=0.8),  # false: the movement
        found(9000, 30, probability=0.6),  # false: nothing
        found(9000, 30, "artefact", 0.1),
    ]
    report = score([night(truth, verdicts, valid_s=HOURS_8 - 200)])
    nights_ = report.nights
    assert (nights_.cramps, nights_.scorable_cramps, nights_.censored_cramps) == (4, 3, 1)
    assert nights_.valid_share == pytest.approx((HOURS_8 - 200) / (HOURS_8 - 100))
    first = report.cramp_only.primary
    assert (first.sensitivity_scorable.count, first.sensitivity_scorable.of) == (1, 3)
    assert (first.sensitivity_all.count, first.sensitivity_all.of) == (2, 4)
    assert first.positive_predictive_value.value == 0.5
    assert first.f1 == 0.5
    assert first.per_valid_night.value == 2.0
    assert report.cramp_only.ignored_verdicts == 2
    both = report.unsure_as_cramp.primary
    assert (both.sensitivity_scorable.count, both.sensitivity_all.count) == (2, 3)
    assert report.unsure_per_valid_night.value == 1.0
    timing = report.cramp_only.timing
    assert (timing.onset_error_s.median, timing.offset_error_s.median) == (1.0, -1.0)
    assert (timing.alert_latency_s.alerted, timing.alert_latency_s.median) == (1, 10.0)
    assert report.cramp_only.count_error.bias == 0.0
    blamed = {each.label: each.false_alarms for each in report.cramp_only.confounders}
    assert blamed["limb_movement: periodic series"] == 1
    assert blamed["nothing"] == 1


def test_two_verdicts_of_one_cramp_are_one_hit_and_one_false_alarm() -> None:
    report = score([night([cramp(1000, 60)], [found(1000, 60), found(1000, 60)])])
    first = report.cramp_only.primary
    assert (first.sensitivity_all.count, first.false_alarms) == (1, 1)
    assert report.cramp_only.confounders[0].label == "cramp found already"


def test_bad_overlap_is_a_miss_and_a_false_alarm() -> None:
    report = score([night([cramp(1000, 100)], [found(1000, 15)])])
    first = report.cramp_only.primary
    assert (first.sensitivity_all.count, first.false_alarms) == (0, 1)
    assert report.cramp_only.confounders[0].label == "cramp missed, overlap too small"
    assert report.cramp_only.detection[2].sensitivity_all.count == 1


def test_only_valid_nights_count_for_the_nightly_rate() -> None:
    short = night([], [found(100)], "short", duration_s=3600)
    poor = night([], [found(100)], "poor", valid_s=0.6 * HOURS_8)
    good = [night([], [found(100)], "good"), night([], [], "silent")]
    figures = score([short, poor, *good]).cramp_only
    assert (figures.primary.per_valid_night.count, figures.primary.per_valid_night.exposure) == (
        1,
        2,
    )
    assert figures.primary.per_8_valid_hours.count == 3
    assert figures.primary.per_8_valid_hours.exposure == pytest.approx(1 / 8 + 0.6 + 2)
    assert figures.quiet_nights.without_false_alarm.value == 0.5


def test_nightly_counts_by_hand() -> None:
    made = [
        night([cramp(1000)], [found(1000), found(9000), found(12_000)], "a"),  # 2 too many
        night([cramp(1000), cramp(5000)], [found(1000)], "b"),  # 1 too few
        night([], [], "c"),
    ]
    error = score(made).cramp_only.count_error
    assert error.bias == pytest.approx(1 / 3)
    assert error.mean_absolute == 1.0
    spread = 1.959964 * (((5 / 3) ** 2 + (4 / 3) ** 2 + (1 / 3) ** 2) / 2) ** 0.5
    assert (error.low, error.high) == pytest.approx((1 / 3 - spread, 1 / 3 + spread))


def test_strata_hold_their_lower_limit() -> None:
    levels = [1.4, 1.5, 2.0, 4.0, 8.0, 16.0, None]
    made = [night([cramp(1000, 40, level)], [], f"n{k}") for k, level in enumerate(levels)]
    figures = score(made).cramp_only
    assert [each.sensitivity.of for each in figures.by_level] == [1] * 7
    assert figures.by_level[-1].label == "not known"
    lengths = [9.9, 10, 20, 45, 120, 600]
    made = [night([cramp(1000, length)], [], f"n{k}") for k, length in enumerate(lengths)]
    assert [each.sensitivity.of for each in score(made).cramp_only.by_duration] == [1] * 6


def test_deciles_are_tenths() -> None:
    made = [night([cramp(1000, 40, 2.0 + k / 10)], [], f"n{k:03d}") for k in range(100)]
    assert [each.sensitivity.of for each in score(made).cramp_only.by_level_decile] == [10] * 10


@pytest.mark.parametrize(
    "made",
    [
        [],
        [night()],
        [night([TrueEvent("gap", 0, HOURS_8), cramp(100)], [found(100)], valid_s=0.0)],
        [night([cramp(100, 0)], [found(100, 0)])],
    ],
)
def test_edges_have_figures_or_none(made: list[Night]) -> None:
    report = score(made)
    assert "NaN" not in report.to_json()
    assert report.cramp_only.primary.sensitivity_all.count == 0


def test_all_censored_is_no_sensitivity_and_no_false_alarm() -> None:
    gap = TrueEvent("gap", 0, HOURS_8)
    report = score([night([gap, cramp(100)], [found(100)], valid_s=0.0)])
    assert report.nights.censored_cramps == 1
    assert report.cramp_only.primary.sensitivity_all.value is None
    assert report.cramp_only.primary.false_alarms == 0
    assert report.nights.valid_share is None


def test_events_of_the_simulator_are_taken_as_they_are() -> None:
    made = night([], [found(60, 30)])
    report = score([replace(made, truth=[TruthEvent("cramp", 60.0, 30.0, 8.0, "x")])])
    assert report.cramp_only.primary.sensitivity_scorable.value == 1.0


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda: night([], [found(1, 1, "cramps")]), "night: the kind 'cramps' is unknown"),
        (lambda: night([], [found(1, -1)]), "expected a duration from 0"),
        (lambda: night([], [found(1, 1, "cramp", 1.2)]), "a probability of 0 to 1"),
        (lambda: night([], [found(float("nan"))]), "expected finite numbers"),
        (lambda: night([], [found(-0.5)]), "a verdict begins at -0.5 s; expected from 0 s"),
        (lambda: night([], [found(HOURS_8 + 11)]), "a verdict begins at 28811 s"),
        (lambda: night([cramp(HOURS_8 + 11)]), "a true cramp begins at 28811 s"),
        (
            lambda: night([], [found(1e304, 1.7976931e308)], duration_s=1e304, valid_s=0.0),
            "a verdict ends at inf s; expected a finite number",
        ),
        (lambda: TrueEvent("nap", 1, 1), "the kind 'nap' is unknown"),
        (lambda: cramp(-1), "onset_s is -1; expected a number from 0"),
        (lambda: night(duration_s=0.0), "lasts 0.0 s; expected more than 0 s"),
        (lambda: night(duration_s=1e308), r"lasts 1e\+308 s; expected more than 0 s and finite ms"),
        (lambda: night(valid_s=1e308), r"has 1e\+308 valid s; expected finite ms"),
        (lambda: night(valid_s=HOURS_8 + 1), "expected 0 s to the duration"),
        (lambda: score([night(), night()]), "two nights are named night"),
    ],
)
def test_wrong_input_gets_a_sentence(wrong: object, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        wrong()  # type: ignore[operator]


def test_the_claim_follows_the_truth() -> None:
    real = replace(night(name="real"), simulated=False)
    assert score([night()]).claim.startswith("Simulation figures")
    assert score([real]).claim_level == "annotated"
    assert score([night(), real]).claim_level == "mixed"


def test_valid_time_is_compared_span_by_span_where_spans_are_known() -> None:
    truth = [TrueEvent("gap", 1000, 100)]
    # Wrongly valid in the gap, wrongly invalid for 100 s elsewhere: the lengths hide it.
    spans = [(0.0, 5000.0), (5100.0, HOURS_8)]
    one = Night("n", truth, [], valid_s=HOURS_8 - 100, duration_s=HOURS_8, valid_spans=spans)
    nights_ = score([one]).nights
    assert not nights_.by_lengths
    assert nights_.valid_share == pytest.approx((HOURS_8 - 200) / (HOURS_8 - 100))
    blind = score([replace(one, valid_spans=None)]).nights
    assert blind.by_lengths
    assert blind.valid_share == pytest.approx(1.0)
