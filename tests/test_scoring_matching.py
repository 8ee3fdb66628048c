"""One-to-one, as many as possible, then the greatest overlap."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from crampdetect.learning.scoring_matching import CRITERIA, Criterion, eligible, match, overlaps

Intervals = NDArray[np.float64]


@st.composite
def intervals(draw: st.DrawFn) -> Intervals:
    spans = draw(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 30)), max_size=5))
    return np.array([(a, a + n) for a, n in spans], dtype=np.float64).reshape(len(spans), 2)


def best_by_trying(true: Intervals, found: Intervals, criterion: Criterion) -> tuple[int, float]:
    """The slow reference: every assignment of the longer side to the shorter."""
    lie = overlaps(true, found)
    allowed = eligible(lie, criterion)
    ratio = np.where(allowed, lie.ratio, 0.0)
    if len(true) > len(found):
        allowed, ratio = allowed.T, ratio.T
    best = (0, 0.0)
    for columns in permutations(range(allowed.shape[1]), allowed.shape[0]):
        rows = np.arange(allowed.shape[0])
        chosen = list(columns)
        best = max(best, (int(allowed[rows, chosen].sum()), float(ratio[rows, chosen].sum())))
    return best


@given(intervals(), intervals(), st.sampled_from(CRITERIA))
def test_no_assignment_is_better(true: Intervals, found: Intervals, criterion: Criterion) -> None:
    lie = overlaps(true, found)
    pairs = match(lie, criterion)
    total = sum(lie.ratio[pair] for pair in pairs)
    count, best = best_by_trying(true, found, criterion)
    assert len(pairs) == count
    assert total == pytest.approx(best)


@given(intervals(), intervals(), st.sampled_from(CRITERIA))
def test_it_is_one_to_one_and_eligible(
    true: Intervals, found: Intervals, criterion: Criterion
) -> None:
    lie = overlaps(true, found)
    pairs = match(lie, criterion)
    assert len({row for row, _ in pairs}) == len({column for _, column in pairs}) == len(pairs)
    assert all(eligible(lie, criterion)[pair] for pair in pairs)


@given(intervals(), intervals())
def test_overlap_is_symmetric_and_a_share(true: Intervals, found: Intervals) -> None:
    one, other = overlaps(true, found), overlaps(found, true)
    assert np.array_equal(one.ratio, other.ratio.T)
    assert ((one.ratio >= 0) & (one.ratio <= 1)).all()


@pytest.mark.parametrize(
    ("found", "names"),
    [
        ((0, 20), {"iou_0.2", "onset_15s"}),  # exactly 0.2
        ((0, 19), {"onset_15s"}),
        ((0, 50), {"iou_0.2", "iou_0.5", "onset_15s"}),  # exactly 0.5
        ((15, 75), {"iou_0.2", "iou_0.5", "onset_15s"}),
        ((15.1, 75), {"iou_0.2", "iou_0.5"}),
        ((-15, 0), set()),  # they touch
        ((-15, 1), {"onset_15s"}),
        ((0, 0), set()),  # no length
    ],
)
def test_criteria_at_their_limits(found: tuple[float, float], names: set[str]) -> None:
    lie = overlaps(np.array([[0.0, 100.0]]), np.array([found], dtype=np.float64))
    assert {each.name for each in CRITERIA if match(lie, each)} == names


def test_one_more_pair_outweighs_any_overlap() -> None:
    # The first verdict fits the first cramp perfectly, but only it can find the second.
    true = np.array([[0.0, 100.0], [60.0, 160.0]])
    found = np.array([[0.0, 100.0], [0.0, 45.0]])
    assert match(overlaps(true, found)) == ((0, 1), (1, 0))


def test_a_long_verdict_finds_one_cramp_only() -> None:
    true = np.array([[0.0, 100.0], [110.0, 210.0], [220.0, 320.0]])
    assert len(match(overlaps(true, np.array([[0.0, 320.0]])))) == 1
