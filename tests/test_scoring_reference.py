"""Which true cramps count: merging, invalid time, and what an electrode can see."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crampdetect.learning.scoring import TrueEvent
from crampdetect.learning.scoring_reference import (
    invalid_spans,
    is_mostly_within,
    merged,
    merging,
    references,
)
from tests.scored_nights import cramp


def pair(pause_s: float) -> list[TrueEvent]:
    return [cramp(100.1, 20.2), cramp(120.3 + pause_s, 20.0)]


@pytest.mark.parametrize(
    ("pause_s", "cramps", "ambiguous"),
    [(0, 1, 0), (29.999, 1, 0), (30, 2, 1), (59.999, 2, 1), (60, 2, 0), (600, 2, 0)],
)
def test_two_cramps_by_their_pause(pause_s: float, cramps: int, ambiguous: int) -> None:
    assert len(references(pair(pause_s))) == cramps
    assert merging([(pair(pause_s), [])]).ambiguous_pairs == ambiguous


def test_the_rule_holds_at_the_end_of_a_long_night_too() -> None:
    for hour in range(12):
        begin = hour * 3600 + 0.1
        events = [cramp(begin, 20.1), cramp(begin + 50.1, 5)]  # 30.0 s apart
        assert len(references(events)) == 2


def test_what_is_merged_spans_all_and_keeps_the_highest_level() -> None:
    events = [cramp(100, 100, 2.0), cramp(110, 5, 1.2), cramp(225, 5, 9.0)]
    (one,) = references(events)
    assert (one.onset_s, one.offset_s, one.level) == (100, 230, 9.0)


def test_cramps_of_two_sites_stay_two() -> None:
    left, right = (TrueEvent("cramp", 100, 30, site=site) for site in ("left", "right"))
    assert len(references([left, right])) == 2
    assert merging([([left, right], [])]).true_cramps == (2, 2, 2, 2)


def test_counts_under_other_rules() -> None:
    events = [cramp(0, 10), cramp(30, 10), cramp(80, 10), cramp(160, 10)]  # 20, 40, 70 s apart
    counted = merging([(events, [(0.0, 10.0), (50.0, 60.0)])])
    assert counted.within_s == (15, 30, 60, 90)
    assert counted.true_cramps == (4, 3, 2, 1)
    assert counted.found_cramps == (2, 2, 1, 1)
    assert counted.ambiguous_pairs == 1


@pytest.mark.parametrize(
    ("event", "scorable"),
    [
        (cramp(0, level=1.5), True),
        (cramp(0, level=1.49), False),
        (cramp(0, level=None), True),
        (TrueEvent("cramp", 0, 9, 8.0, scorable=False), False),
        (TrueEvent("cramp", 0, 9, 1.0, scorable=True), True),
    ],
)
def test_scorable(event: TrueEvent, scorable: bool) -> None:
    assert references([event])[0].scorable is scorable


def test_censored_is_more_than_half_in_invalid_time() -> None:
    spans = [TrueEvent("gap", 0, 20), TrueEvent("lead_off", 15, 15)]  # together 0 to 30 s
    assert invalid_spans(spans) == ((0, 30),)
    assert not references([cramp(10, 40), *spans])[0].censored  # exactly half
    assert references([cramp(10, 39.9), *spans])[0].censored
    assert references([cramp(0, 0), *spans])[0].censored
    assert not is_mostly_within((30, 30), ((0, 30),))


@given(
    st.lists(st.tuples(st.integers(0, 500), st.integers(1, 50)), max_size=12), st.integers(1, 99)
)
def test_merging_never_adds_and_leaves_wide_pauses(
    spans: list[tuple[int, int]], within_s: int
) -> None:
    sorted_spans = sorted((float(a), float(a + n)) for a, n in spans)
    groups = merged(sorted_spans, within_s)
    assert [place for group in groups for place in group] == list(range(len(spans)))
    ends = [max(sorted_spans[place][1] for place in group) for group in groups]
    starts = [sorted_spans[group[0]][0] for group in groups]
    assert all(after - end >= within_s for end, after in zip(ends, starts[1:], strict=False))
    assert len(merged(sorted_spans, within_s + 10)) <= len(groups)
