"""Intervals against scipy's closed forms, and the acceptance numbers that they must give."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from crampdetect.learning.scoring_intervals import (
    Rate,
    Share,
    clopper_pearson,
    cluster_bootstrap,
    poisson_interval,
)


@given(st.integers(0, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_clopper_pearson_is_scipys(counted: tuple[int, int]) -> None:
    count, of = counted
    if not of:
        assert clopper_pearson(count, of) == (0.0, 1.0)
        return
    exact = stats.binomtest(count, of).proportion_ci(0.95, method="exact")
    assert clopper_pearson(count, of) == pytest.approx((exact.low, exact.high), abs=1e-9)


@given(st.integers(0, 2000))
def test_garwood_is_the_chi_square_form(count: int) -> None:
    low = stats.chi2.ppf(0.025, 2 * count) / 2 if count else 0.0
    high = stats.chi2.ppf(0.975, 2 * count + 2) / 2
    assert poisson_interval(count) == pytest.approx((low, high), rel=1e-9)


@pytest.mark.parametrize(
    ("hits", "of", "is_enough"), [(11, 11, True), (27, 30, True), (18, 20, False)]
)
def test_a_lower_bound_of_70_per_cent_needs_so_many(hits: int, of: int, is_enough: bool) -> None:
    assert (clopper_pearson(hits, of)[0] > 0.7) is is_enough


@pytest.mark.parametrize(("count", "nights"), [(0, 74), (2, 145), (5, 234)])
def test_an_upper_bound_of_1_in_20_nights_needs_so_many(count: int, nights: int) -> None:
    high, a_night_less = Rate.counted(count, nights).high, Rate.counted(count, nights - 1).high
    assert high is not None
    assert a_night_less is not None
    assert high <= 0.05 < a_night_less


def test_nothing_counted_has_no_value() -> None:
    assert Share.counted(0, 0) == Share(0, 0, None, 0.0, 1.0)
    assert Rate.counted(3, 0.0) == Rate(3, 0.0, None, None, None)


@pytest.mark.parametrize(("count", "of"), [(-1, 3), (4, 3)])
def test_an_impossible_share_is_refused(count: int, of: int) -> None:
    with pytest.raises(ValueError, match="expected a count from 0 to the whole"):
        clopper_pearson(count, of)
    with pytest.raises(ValueError, match="expected one from 0"):
        poisson_interval(-1)


def test_patients_that_differ_widen_the_interval() -> None:
    patients = [f"p{k}" for k in range(10) for _ in range(10)]
    alike = cluster_bootstrap([1, 1, 1, 1, 1, 1, 1, 1, 0, 0] * 10, [1] * 100, patients, seed=1)
    apart = cluster_bootstrap([1] * 80 + [0] * 20, [1] * 100, patients, seed=1)
    assert alike is not None
    assert apart is not None
    assert alike == (0.8, 0.8)
    assert apart[0] < 0.65
    assert apart[1] == 1.0


def test_the_bootstrap_is_seeded_needs_two_and_takes_any_order() -> None:
    counts, wholes = [k % 7 for k in range(40)], [5 + k % 7 for k in range(40)]
    whose = [f"p{k // 2}" for k in range(40)]
    drawn = cluster_bootstrap(counts, wholes, whose, seed=3)
    assert drawn == cluster_bootstrap(counts[::-1], wholes[::-1], whose[::-1], seed=3)
    assert drawn != cluster_bootstrap(counts, wholes, whose, seed=4)
    assert cluster_bootstrap([1, 1], [1, 1], ["a", "a"], seed=3) is None
    assert cluster_bootstrap([1, 0], [1, 0], ["a", "b"], seed=3) is None
