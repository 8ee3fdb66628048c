"""The night rule, at its limits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crampdetect.analysis.counts import Counts, counts, counts_of, status_of
from crampdetect.records import Quality
from crampdetect.storage.log import open_log
from tests.test_log_examples import example_replay

HOUR = 3600.0


@pytest.mark.parametrize(
    ("valid_h", "duration_h", "status"),
    [
        (3.9, 3.999, "excerpt"),
        (4.0, 4.0, "ok"),
        (3.9999, 4.0, "insufficient"),
        (3.9999, 5.0, "insufficient"),
        (4.0, 5.0, "partial"),
        (6.9999, 10.0, "insufficient"),
        (7.0, 10.0, "partial"),
        (8.9999, 10.0, "partial"),
        (9.0, 10.0, "ok"),
        (10.0, 10.0, "ok"),
        (0.0, 8.0, "insufficient"),
        (0.0, 0.0, "excerpt"),
    ],
)
def test_status_at_the_limits(valid_h: float, duration_h: float, status: str) -> None:
    quality = Quality(valid_s=valid_h * HOUR, gap_s=(duration_h - valid_h) * HOUR)
    assert status_of(quality, duration_h * HOUR) == status


def test_limits_hold_where_floats_would_miss_them() -> None:
    # 0.7 * 20700.7 is a float above 14490.49.
    assert status_of(Quality(valid_s=14490.49), 20700.7) == "partial"


def test_a_rate_is_of_valid_hours_and_of_cramps_only() -> None:
    found = example_replay(kinds=("cramp", "cramp", "unsure", "tonic", "upright")).episodes
    quality = Quality(valid_s=8 * HOUR, gap_s=0.5 * HOUR)
    assert counts(found, quality, 8.5 * HOUR) == Counts(2, 1, 0.25, "ok")


@pytest.mark.parametrize(("valid_h", "duration_h"), [(1.0, 1.0), (3.0, 8.0)])
def test_no_rate_where_nothing_can_be_said(valid_h: float, duration_h: float) -> None:
    found = example_replay(kinds=("cramp",)).episodes
    tally = counts(found, Quality(valid_s=valid_h * HOUR), duration_h * HOUR)
    assert (tally.cramps, tally.per_valid_hour) == (1, None)


@pytest.mark.parametrize("valid_s", [-1.0, 100.5])
def test_more_valid_than_recorded_time_is_refused(valid_s: float) -> None:
    with pytest.raises(ValueError, match="are valid; expected"):
        status_of(Quality(valid_s=valid_s), 100.0)


@given(st.floats(0, 1), st.floats(0, 50_000))
def test_a_rate_exists_just_for_nights_with_enough_valid_time(part: float, duration: float) -> None:
    tally = counts([], Quality(valid_s=part * duration), duration)
    assert (tally.per_valid_hour is None) == (tally.status in ("excerpt", "insufficient"))


def test_the_log_and_the_replay_give_the_same_counts() -> None:
    replay = example_replay(kinds=("cramp", "cramp", "unsure", "rhythmic"))
    with open_log("sqlite://") as log:
        log.add(replay)
        (night,) = log.nights()
    expected = counts(replay.episodes, replay.quality, replay.recording.duration_s)
    assert counts_of(night) == expected
    assert expected.per_valid_hour == 2 / 7.6
