"""Curve over the threshold, calibration, and what trials would see."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

from crampdetect.learning.froc import Growing, froc
from crampdetect.learning.rate_ratio import rate_ratio, recovery
from crampdetect.learning.reliability import reliability
from crampdetect.learning.scoring import Found, Night, TrueEvent, score
from crampdetect.learning.scoring_outcome import compare, judge
from tests.scored_nights import HOURS_8, cramp, found, night, nights


@given(nights())
def test_the_curve_rises_and_each_point_is_the_threshold_applied(made: list[Night]) -> None:
    compared = [compare(each) for each in made]
    curve = froc(compared)
    for before, after in zip(curve.points, curve.points[1:], strict=False):
        assert after.threshold < before.threshold
        assert after.false_alarms >= before.false_alarms
        assert (after.sensitivity_all or 0) >= (before.sensitivity_all or 0)
    cramps = sum(len(each.references) for each in compared)
    for point in curve.points:
        hits = false = 0
        for each in compared:
            verdicts = [Found(*v) for v in each.night.found]
            kept = [v._replace(kind="cramp") for v in verdicts if v.probability >= point.threshold]
            outcome = judge(compare(replace(each.night, found=kept)), ["cramp"])
            hits += outcome.hits()
            false += len(outcome.false)
        assert point.sensitivity_all == (hits / cramps if cramps else None)
        assert point.false_alarms * len(made) == pytest.approx(false)


def test_a_curve_by_hand() -> None:
    truth = [cramp(1000), cramp(5000)]
    verdicts = [
        found(1000, probability=0.9),
        found(8000, probability=0.8),
        found(5000, 40, "tonic", 0.7),  # by probability alone it is one
        found(9000, 40, "artefact", 0.1),
    ]
    curve = froc([compare(night(truth, verdicts))])
    assert curve.unit == "valid night"
    assert [(p.threshold, p.sensitivity_all, p.false_alarms) for p in curve.points] == [
        (0.9, 0.5, 0.0),
        (0.7, 1.0, 1.0),
        (0.1, 1.0, 2.0),
    ]
    assert curve.read_at == ((0.05, 0.5), (0.1, 0.5), (0.25, 0.5), (0.5, 0.5), (1.0, 1.0))


def test_a_long_chain_of_verdicts_is_followed_to_its_end() -> None:
    growing, n = Growing(), 3000
    assert all(growing.add([k, k + 1]) for k in range(n))
    assert growing.add([0])  # every verdict moves on by one cramp
    assert not growing.add([0])
    assert growing.add([n + 1, 0])


@pytest.mark.parametrize(
    ("made", "unit"),
    [
        ([night(duration_s=3600)], "8 valid hours"),
        ([night(duration_s=3600, valid_s=0.0)], "recording"),
        ([], "recording"),
    ],
)
def test_the_unit_is_what_there_is(made: list[Night], unit: str) -> None:
    assert froc([compare(each) for each in made]).unit == unit


def test_calibration_by_hand() -> None:
    truth = [cramp(1000)]
    verdicts = [
        found(1000, probability=1.0),
        found(5000, probability=0.95),
        found(7000, 40, "artefact", 0.0),
        found(9000, 40, "artefact", 0.3),
    ]
    got = reliability([compare(night(truth, verdicts))])
    assert (got.verdicts, got.base_rate) == (4, 0.25)
    assert got.brier == pytest.approx((0.95**2 + 0.3**2) / 4)
    assert got.brier_of_base_rate == pytest.approx(0.25 * 0.75)
    assert (got.bins[9].cramps.count, got.bins[9].cramps.of) == (1, 2)
    assert got.bins[9].mean_probability == pytest.approx(0.975)
    assert got.bins[3].cramps.of == 1  # 0.3 is the lower limit of its bin
    assert got.bins[5].mean_probability is None


def many(false_alarms: int, missed_every: int = 0) -> list[Night]:
    """Nights with one cramp on average, some missed, and false alarms in each."""
    rng = np.random.default_rng(5)
    made = []
    for number in range(150):
        onsets = [1000.0 * k for k in range(1, 1 + int(rng.poisson(1.0)))]
        hits = [
            found(each)
            for k, each in enumerate(onsets)
            if not missed_every or (number + k) % missed_every
        ]
        false = [found(20_000.0 + 500 * k) for k in range(false_alarms)]
        made.append(night([cramp(each) for each in onsets], hits + false, f"n{number:03d}"))
    return made


def test_a_perfect_detector_recovers_the_ratio() -> None:
    for true_ratio, got in zip((0.6, 1.0), score(many(0)).cramp_only.rate_ratio, strict=True):
        assert got.detector == got.truth
        assert got.detector is not None
        assert got.detector.median == pytest.approx(true_ratio, abs=0.05)
        assert 0.92 < got.detector.coverage < 0.98


def test_misses_do_not_bend_the_ratio_and_false_alarms_pull_it_to_one() -> None:
    missing = score(many(0, missed_every=3)).cramp_only.rate_ratio[0].detector
    noisy = score(many(1)).cramp_only.rate_ratio[0].detector
    assert missing is not None
    assert noisy is not None
    assert missing.median == pytest.approx(0.6, abs=0.05)
    # (0.6 + 1) / (1 + 1) = 0.8
    assert noisy.median == pytest.approx(0.8, abs=0.04)
    assert noisy.coverage < 0.8


def test_trials_need_valid_nights_with_cramps() -> None:
    for made in ([], [night()], [night(name="a"), night(name="b")], many(1)[:1]):
        assert all(each.detector is None for each in score(made).cramp_only.rate_ratio)


@pytest.mark.filterwarnings("error")
def test_trials_need_valid_hours() -> None:
    outcomes = []
    for name in ("a", "b"):
        made = night([cramp(1000)], [found(1000)], name, valid_s=0.0)
        object.__setattr__(made, "status", "ok")
        outcomes.append(judge(compare(made), ["cramp"]))
    for each in recovery(outcomes, seed=0):
        assert (each.detector, each.truth, each.from_nights) == (None, None, 0)


def test_counts_of_zero_still_give_a_ratio() -> None:
    zero, hours = np.zeros((1, 4), dtype=np.int64), np.full((1, 4), 8.0)
    log_ratio, error = rate_ratio(zero, zero, (hours, hours))
    assert log_ratio[0] == 0.0
    assert error[0] == pytest.approx(2.0)  # sqrt(1 / 0.5 + 1 / 0.5)


def test_hours_are_the_offset() -> None:
    counts = np.array([[2, 2, 2, 2]])
    long, short = np.full((1, 4), 8.0), np.full((1, 4), 4.0)
    assert np.exp(rate_ratio(counts, counts, (long, short))[0][0]) == pytest.approx(2.0)


def test_a_seed_gives_the_same_bytes() -> None:
    made = many(1)
    assert score(made, seed=3).to_json() == score(made, seed=3).to_json()
    assert score(made, seed=3).to_json() != score(made, seed=4).to_json()


def test_confounders_are_counted_and_their_share_is_of_events() -> None:
    series = [
        TrueEvent("limb_movement", 100.0 * k, 3, 4.0, f"periodic series {k}") for k in range(1, 11)
    ]
    hum = TrueEvent("artefact", 9000, 60, 5.0, "mains hum of 23 uV")
    verdicts = [found(100, 3), found(200, 3), found(9010, 20), found(9035, 20), found(20_000)]
    rows = score([night([*series, hum], verdicts)]).cramp_only.confounders
    told = [(r.label, r.events, r.false_alarms, r.accepted and r.accepted.value) for r in rows]
    assert told == [
        ("limb_movement: periodic series", 10, 2, 0.2),
        ("artefact: mains hum", 1, 2, 1.0),
        ("nothing", None, 1, None),
    ]
    assert rows[0].per_valid_night.value == 2.0
    assert HOURS_8 == 28_800
