"""The bedtime check on simulated legs: what is wrong is found, and nothing else."""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import numpy as np
import pytest

from crampdetect.detection.types import Gap, Samples, Status
from crampdetect.link import LinkQuality
from crampdetect.session_check import CHECK_STEPS, BedtimeCheck
from crampdetect.session_check_finding import CheckFinding
from crampdetect.simulation.contact import Dropout, LeadOff, MainsRise
from crampdetect.simulation.movements import BodyMovement
from tests.checked_legs import (
    LEG,
    NOW,
    check_items,
    check_link,
    constant,
    evening,
    found,
    link_events,
    pieces,
    raises,
)


def levels(findings: dict[str, CheckFinding]) -> dict[str, str]:
    """The steps that did not pass; nothing is known of the battery without a link."""
    return {
        step: each.level
        for step, each in findings.items()
        if each.level != "passed" and step != "battery"
    }


@pytest.mark.parametrize("seed", range(1, 7))
def test_a_good_leg_passes_every_step(seed: int) -> None:
    night = evening(raises(), seed=seed)
    check = check_items(pieces(night), night.signals)
    findings = found(check)
    assert tuple(findings) == CHECK_STEPS
    assert levels(findings) == {}
    assert 100 < check.seconds < 112, "it ends with the fifth, not after two minutes"
    assert findings["contractions"].measures["count"] == 5
    assert 1.5 < findings["rest"].measures["level"] < 4.0
    assert abs(findings["gravity"].measures["gravity_g"] - 1.0) < 0.01


@pytest.mark.parametrize(
    "rate", [Fraction(200), Fraction(500), Fraction(34000, 27), Fraction(4000)]
)
def test_it_works_at_every_rate(rate: Fraction) -> None:
    night = evening(raises(), replace(LEG, emg_rate=rate))
    assert levels(found(check_items(pieces(night), night.signals))) == {}


def test_a_sensor_without_scale_is_only_compared_with_itself() -> None:
    leg = replace(LEG, emg_unit="a.u.", emg_hidden_gain=(40.0, 40.0))
    night = evening(raises(), leg)
    assert levels(found(check_items(pieces(night), night.signals))) == {}


def test_how_the_stream_is_cut_makes_no_difference() -> None:
    night = evening(raises(3), replace(LEG, duration_s=120.0))
    one = check_items(night.read(), night.signals)
    two = check_items(pieces(night, 0.037), night.signals)
    assert one.seconds == two.seconds
    assert found(one) == found(two)


def test_what_the_wearer_is_told_follows_the_signal() -> None:
    night = evening(raises())
    check = BedtimeCheck(night.signals, LinkQuality())
    told: list[str] = []
    for item in pieces(night):
        if not told or told[-1] != check.prompt:
            told.append(check.prompt)
        check.push(item)
    assert told[0].startswith("Lie down")
    assert told[1].startswith("Now point the foot down")
    assert [text[-7:-1] for text in told[2:]] == [f"{k} of 5" for k in range(1, 6)]


def test_contractions_that_are_too_weak_or_too_few() -> None:
    weak = evening(raises(level=1.8))
    findings = found(check_items(pieces(weak), weak.signals))
    assert levels(findings) == {"contractions": "failed"}
    said = findings["contractions"]
    assert said.sentence.startswith("your calf rose only ")
    assert said.sentence.endswith("; expected 5 times at least 3 times your rest")
    assert "press the electrodes" in said.advice
    few = evening(raises(3))
    check = check_items(pieces(few), few.signals)
    assert 120.0 <= check.seconds <= 121.0
    assert levels(found(check)) == {"contractions": "doubtful"}
    assert "seen to work 3 times" in found(check)["contractions"].found


def test_an_electrode_that_hangs_loose_all_the_time() -> None:
    for mode, failed in (
        ("rail", {"contact", "mains", "rest", "contractions"}),
        ("flat", {"contact", "rest", "contractions"}),
        ("mains", {"mains", "rest", "contractions"}),
        ("noise", {"rest", "contractions"}),
    ):
        night = evening([*raises(), LeadOff(onset_s=0.0, duration_s=124.9, mode=mode)])
        check = check_items(pieces(night), night.signals)
        findings = found(check)
        bad = {step for step, level in levels(findings).items() if level == "failed"}
        assert failed <= bad, mode
        assert bad <= failed | {"mains"}, mode
        assert any("electrodes" in findings[step].advice for step in bad)
        if mode == "rail":
            assert check.seconds < 25, "nobody has to wait two minutes to hear this"
            assert "is driven to its limit for 100 %" in findings["contact"].found


def test_a_dead_channel_ends_early_and_says_so() -> None:
    night = evening(raises())
    check = check_items(constant(pieces(night), "emg", 0.0), night.signals)
    assert check.seconds < 25
    said = found(check)["contact"]
    assert (said.level, said.measures["bad_share"]) == ("failed", 1.0)
    assert "shows no signal at all" in said.found


def test_one_of_two_electrodes_is_doubtful_and_named() -> None:
    leg = replace(LEG, emg_channels=2)
    off = LeadOff(onset_s=0.0, duration_s=124.9, mode="rail", channel=1)
    night = evening([*raises(), off], leg)
    findings = found(check_items(pieces(night), night.signals))
    assert levels(findings) == {"contact": "doubtful"}
    assert findings["contact"].found.startswith("EMG LG is driven to its limit")


def test_an_electrode_that_came_off_for_a_while() -> None:
    off = LeadOff(onset_s=30.0, duration_s=12.0, mode="rail")
    night = evening([*raises(), off])
    findings = found(check_items(pieces(night), night.signals))
    assert findings["contact"].level == "doubtful"
    assert findings["contractions"].level == "passed"


def test_what_the_sensor_says_of_itself_counts() -> None:
    night = evening(raises())
    check = check_items(pieces(night), night.signals)
    check.push(Status("emg", 0, 10, "lead_off"))
    assert found(check)["contact"].level == "failed"
    check.push(Status("emg", 0, 10, "battery_low"))
    assert found(check)["battery"].level == "failed"
    other = check_items(pieces(night), night.signals)
    other.push(Status("emg", 0, 10, "sensor_fault"))
    assert "a part of it has failed" in found(other)["contact"].found


def test_strong_hum_that_can_be_taken_away_is_doubtful() -> None:
    blanket = MainsRise(onset_s=0.0, duration_s=124.0, hum_uv=50.0)
    night = evening([*raises(), blanket])
    findings = found(check_items(pieces(night), night.signals))
    assert levels(findings) == {"mains": "doubtful"}
    assert "heated blanket" in findings["mains"].advice


def test_a_restless_leg_is_doubtful() -> None:
    moves = [
        BodyMovement(onset_s=float(t), duration_s=8.0, level=10.0, motion_g=0.4)
        for t in range(16, 56, 9)
    ]
    night = evening([*raises(), *moves])
    findings = found(check_items(pieces(night), night.signals))
    assert findings["rest"].level == "doubtful"
    assert "let the leg go loose" in findings["rest"].advice


def test_acceleration_that_is_dead_or_frozen_or_not_there() -> None:
    night = evening(raises())
    for value in (0.0, 0.7):
        items = constant(pieces(night), "acc", value)
        said = found(check_items(items, night.signals))["gravity"]
        assert (said.level, said.found) == ("failed", "the acceleration never changes")
    silent = (item for item in pieces(night) if item.stream == "emg")
    findings = found(check_items(silent, night.signals))
    assert levels(findings) == {"gravity": "failed"}
    without = evening(raises(), replace(LEG, acc_axes=0))
    findings = found(check_items(pieces(without), without.signals))
    assert levels(findings) == {}
    assert findings["gravity"].found.startswith("this sensor has none")
    one = evening(raises(), replace(LEG, acc_axes=1))
    assert levels(found(check_items(pieces(one), one.signals))) == {}


@pytest.mark.parametrize(
    ("gain", "level"), [(1.0, "passed"), (1.07, "doubtful"), (0.92, "doubtful"), (0.8, "failed")]
)
def test_gravity_that_is_off(gain: float, level: str) -> None:
    night = evening(raises())
    items = (
        replace(item, values=item.values * gain)
        if isinstance(item, Samples) and item.stream == "acc"
        else item
        for item in pieces(night)
    )
    assert found(check_items(items, night.signals))["gravity"].level == level


def test_a_turned_sensor_is_told_with_the_axis_that_would_fit() -> None:
    night = evening(raises())
    items = (
        replace(item, values=np.ascontiguousarray(item.values[:, [2, 1, 0]]))
        if isinstance(item, Samples) and item.stream == "acc"
        else item
        for item in pieces(night)
    )
    said = found(check_items(items, night.signals))["gravity"]
    angle = said.measures["shank_angle_deg"]
    assert angle > 45
    assert said.level == "doubtful"
    assert "axis z lies most level" in said.found


def test_a_good_link_with_the_real_decoder_passes() -> None:
    findings = found(check_link(link_events(evening(raises()))))
    assert levels(findings) == {}
    assert findings["loss"].found == "nothing was lost"


def test_three_per_cent_of_scattered_loss_fails_since_nothing_can_be_judged() -> None:
    count = 1500
    generator = np.random.default_rng(3)
    lost = np.flatnonzero(generator.random(count) < 0.03).tolist()
    check = check_link(link_events(evening(raises()), lost))
    said = found(check)["loss"]
    share = said.measures["lost"] / (said.measures["lost"] + said.measures["received"])
    assert 0.02 < share < 0.04
    assert said.level == "failed"
    assert "% of the time can be judged" in said.found
    assert "closer" in said.advice
    assert levels(found(check)) == {"loss": "failed", "contractions": "doubtful"}
    assert found(check)["contractions"].found == "the radio lost too much to count them"


def test_a_little_loss_is_doubtful_and_less_is_nothing() -> None:
    for lost, level in (([400, 401], "passed"), ([200, 400, 600, 800], "doubtful")):
        findings = found(check_link(link_events(evening(raises()), lost)))
        assert findings["loss"].level == level, lost
        assert findings["loss"].measures["lost"] == 80 * len(lost)


def test_a_broken_link_and_a_silent_sensor() -> None:
    night = evening([*raises(), Dropout(onset_s=20.0, duration_s=5.0)])
    quality = LinkQuality()
    check = BedtimeCheck(night.signals, quality)
    for item in pieces(night):
        check.push(item)
    quality.received["emg"], quality.not_connected["emg"], quality.reconnects = 120_000, 5_000, 1
    said = found(check)["loss"]
    assert (said.level, "broke once" in said.found) == ("doubtful", True)
    check.fell_silent()
    assert found(check)["loss"].level == "failed"
    nothing = BedtimeCheck(night.signals, LinkQuality())
    nothing.fell_silent()
    findings = found(nothing)
    assert {each.level for step, each in findings.items() if step != "battery"} == {"failed"}
    assert findings["contact"].found == "the sensor sent nothing"


def test_a_check_that_begins_later_in_a_stream() -> None:
    """Indices need not begin at 0, nor losses that came before."""
    night = evening(raises())
    moved = [
        replace(item, start=item.start + 77_777)
        if isinstance(item, Samples)
        else replace(item, start=item.start + 77_777, stop=item.stop + 77_777)
        for item in pieces(night)
    ]
    quality = LinkQuality(received={"emg": 5}, lost={"emg": 77_772})
    check = BedtimeCheck(night.signals, quality)
    for item in moved:
        check.push(item)
    quality.received["emg"] += 125_000
    assert levels(found(check)) == {}
    assert isinstance(moved[0], Samples | Gap)


def test_battery_told_by_drain_or_not_yet() -> None:
    night = evening([])
    until = NOW + timedelta(hours=8.5)

    def told(
        percent: int | None,
        millivolts: int | None,
        percent_per_hour: float | None = None,
        millivolts_per_hour: float | None = None,
    ) -> CheckFinding:
        check = BedtimeCheck(
            night.signals,
            LinkQuality(),
            percent_per_hour=percent_per_hour,
            millivolts_per_hour=millivolts_per_hour,
        )
        check.battery(0, millivolts, percent)
        return check.findings(0, NOW, until)[-1]

    said = told(91, None, percent_per_hour=10.0)
    assert (said.level, said.found) == ("passed", "91 %, lasts until about 07:36")
    said = told(40, None, percent_per_hour=10.0)
    assert (said.level, said.found) == ("failed", "40 %, lasts until about 02:30")
    assert said.expected == "enough until 07:00"
    assert told(None, 4000, millivolts_per_hour=80.0).found == "4.00 V, lasts until about 08:30"
    assert told(None, 3000, millivolts_per_hour=80.0).level == "failed"
    assert told(80, 4000).found == "80 %, how long it lasts cannot be said yet"
    assert [told(p, None).level for p in (80, 40, 10)] == ["passed", "doubtful", "failed"]
    assert [told(None, v).level for v in (4000, 3700, 3500)] == ["passed", "doubtful", "failed"]
    assert told(None, None).level == "doubtful"


def test_battery_told_by_half_an_hour_of_readings() -> None:
    night = evening([])
    check = BedtimeCheck(night.signals, LinkQuality())
    for minute in range(0, 41, 10):
        check.battery(int(minute * 60e9), None, 90 - minute // 10)
    said = check.findings(int(2400e9), NOW)[-1]
    assert said.level == "passed"
    # 86 % that fall by 6 % an hour
    assert said.measures["lasts_h"] == pytest.approx(86 / 6, rel=0.01)
