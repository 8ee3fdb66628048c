"""A night in words: nothing unmeasured reads as a zero, and times are the wearer's."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from crampdetect.analysis.counts import Counts
from crampdetect.outputs.clock_times import Clock, elapsed, length
from crampdetect.outputs.night_text import (
    CLAIM,
    LOSSES,
    counts_text,
    is_simulated,
    lost_text,
    night_lines,
    rejected_text,
)
from crampdetect.records import Annotation, Quality
from tests.synthetic_night import CRAMPS, UNSURE, night


def test_a_night_has_a_line_for_each_cramp_and_unsure_one_only() -> None:
    lines = night_lines(night())
    told = [line.split()[:2] for line in lines if line.startswith("    ")]
    assert told == [
        ["01:17:10", "cramp"], ["01:23:50", "cramp"], ["02:40:30", "unsure"], ["04:20:30", "cramp"],
    ]  # fmt: skip
    text = "\n".join(lines)
    assert "Friday 13 March 2026 22:47 to Saturday 14 March 2026 06:47 (Europe/Berlin)" in text
    assert "valid 7 h 45 min of 8 h (97 %)" in text
    assert "6 min 40 s electrode off, 5 min mains hum too strong" in text
    assert "leg still at onset" in text
    assert "3 cramps, 1 unsure; 0.39 cramps per valid hour" in text
    assert "status: a whole night" in text


def test_look_alikes_are_counted_by_kind() -> None:
    text = rejected_text(night(8.0))
    assert text == (
        "rejected look-alikes: 1 limb movement, 56 body movements, 1 stretch of standing or walking"
    )
    assert rejected_text(replace(night(), episodes=())) == "rejected look-alikes: none"


@pytest.mark.parametrize(
    ("counted", "valid_s", "told"),
    [
        (Counts(0, 0, 0.0, "ok"), 28800.0, "no cramps; 0.00 cramps per valid hour"),
        (Counts(1, 0, 0.125, "ok"), 28800.0, "1 cramp; 0.12 cramps per valid hour"),
        (Counts(2, 1, None, "excerpt"), 60.0, "2 cramps, 1 unsure"),
        (
            Counts(0, 3, None, "insufficient"),
            7200.0,
            "no cramps in the 2 h that could be judged, 3 unsure",
        ),
        (
            Counts(0, 0, None, "excerpt"),
            0.0,
            "nothing could be judged, so nothing is known of cramps",
        ),
    ],
)
def test_counts_in_words(counted: Counts, valid_s: float, told: str) -> None:
    assert counts_text(counted, valid_s) == told


def test_an_excerpt_and_too_little_valid_time_say_so() -> None:
    assert "status: an excerpt: counts without a rate" in "\n".join(night_lines(night(1.0)))
    short = replace(night(), quality=Quality(valid_s=3600.0, lead_off_s=7 * 3600.0))
    text = "\n".join(night_lines(short))
    assert "status: not enough valid time to say" in text
    assert "per valid hour" not in text


def test_every_cause_of_loss_has_words() -> None:
    names = {name.removesuffix("_s") for name in Quality.__dataclass_fields__}
    assert names - {"valid"} == set(LOSSES)
    assert lost_text(Quality()) == ""
    assert lost_text(Quality(gap_s=0.02, mains_s=60.0)) == (
        "1 min mains hum too strong, under 1 s no data"
    )


def test_warnings_and_simulation_are_told() -> None:
    assert "left out" in "\n".join(night_lines(night()))
    simulated = replace(night(), annotations=(Annotation(0.0, 0.0, "Simulated recording"),))
    assert is_simulated(simulated) and not is_simulated(night())
    assert "no person was recorded" in "\n".join(night_lines(simulated))


def test_an_unknown_start_counts_from_the_beginning() -> None:
    text = "\n".join(night_lines(night(start=None)))
    assert "8 h recorded, start unknown" in text
    assert "+2:30:00  cramp" in text


def test_clock_change_in_the_night() -> None:
    # In Berlin, 2:00 became 3:00 on 29 March 2026.
    clock = Clock(datetime(2026, 3, 29, 1, 30, tzinfo=ZoneInfo("Europe/Berlin")), "Europe/Berlin")
    assert clock.time(3600.0) == "03:30:00"
    assert clock.time(1799.9) == "01:59:59"


def test_a_zone_that_this_computer_lacks_is_told_in_utc() -> None:
    start = datetime(2026, 3, 13, 22, tzinfo=UTC)
    record = replace(night().recording, start=start, timezone="Mars/Olympus")
    assert Clock.of(record) == Clock(start, "UTC")


def test_a_local_start_stays_local() -> None:
    record = replace(night().recording, start=None)
    assert Clock.of(record).time(0.0) == "22:47:10"
    assert Clock.of(record).zone is None


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(0, "0 s"), (0.3, "under 1 s"), (59.6, "1 min"), (60, "1 min"), (3599.9, "1 h"),
     (3600, "1 h"), (7380, "2 h 3 min"), (86399, "24 h")],
)  # fmt: skip
def test_lengths_carry_over(seconds: float, told: str) -> None:
    assert length(seconds) == told


def test_elapsed() -> None:
    assert elapsed(3 * 3600 + 61.9) == "+3:01:01"


def test_the_claim_is_plain() -> None:
    assert "simulated nights only" in CLAIM and "not a medical device" in CLAIM
    assert len(CRAMPS + UNSURE) == 4
