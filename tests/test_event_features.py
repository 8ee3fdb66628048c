"""Features of events against what was put into them."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crampdetect.detection.event_features import Event, describe
from crampdetect.detection.event_table import EVENT_FEATURES
from crampdetect.detection.flow import Candidate
from crampdetect.detection.grid import BINS_PER_STEP
from crampdetect.detection.rows import COLUMNS, row_column


def candidate(active: int, columns: dict[str, float] | None = None) -> Candidate:
    """Quiet windows, `active` ones at four times the resting level, quiet ones; a leg at rest."""
    before, count = 20, active + 28
    rows = np.zeros((count, len(COLUMNS)))
    rows[:, 0] = np.arange(100, 100 + count)
    inside = slice(before, before + active)
    for name, value in {"level": 2.0, "valid": 1.0, "gravity_z": 1.0, "kurtosis": 4.0}.items():
        rows[:, row_column(name)] = value
    rows[:, row_column("root_mean_square")] = 2.0
    rows[inside, row_column("root_mean_square")] = 8.0
    rows[:, row_column("bin_0") :] = 4.0
    rows[inside, row_column("bin_0") :] = 64.0
    for name, value in (columns or {}).items():
        rows[inside, row_column(name)] = value
    return Candidate(0, rows, before, before + active, True, False)


def described(one: Candidate) -> Event:
    event = describe(one, 2.0, 1.5)
    assert event is not None
    assert set(event.features) <= set(EVENT_FEATURES)
    assert all(np.isfinite(value) for value in event.features.values())
    return event


def test_an_event_is_described_as_it_was_made() -> None:
    event = described(candidate(60))
    assert event.onset_bin == 120 * BINS_PER_STEP
    assert event.offset_bin == 180 * BINS_PER_STEP
    expected = {
        "duration_s": 30.0, "level_ratio": 4.0, "peak_ratio": 4.0, "plateau_fraction": 1.0,
        "level_variation": 0.0, "rise_s": 0.0, "duty_cycle": 1.0, "longest_pause_s": 0.0,
        "modulation": 0.0, "kurtosis": 4.0, "rest_share": 0.25, "unknown_fraction": 0.0,
        "motion_at_onset_g": 0.0, "still_at_onset_s": 30.0, "longest_still_s": 30.0,
        "moving_fraction": 0.0, "turned_deg": 0.0, "upright_at_onset": 0.0, "upright_fraction": 0.0,
    }  # fmt: skip
    assert {name: event.features[name] for name in expected} == expected


@pytest.mark.parametrize(("ramp", "rise"), [([2.0, 4.0, 6.0], 1.5), ([6.3], 0.5), ([6.4], 0.0)])
def test_the_rise_is_until_80_percent_of_the_level(ramp: list[float], rise: float) -> None:
    one = candidate(60)
    one.rows[20 : 20 + len(ramp), row_column("root_mean_square")] = ramp
    assert described(one).features["rise_s"] == rise


@pytest.mark.parametrize("bins", range(1, 10))
def test_onset_and_offset_are_exact_to_50_ms(bins: int) -> None:
    one = candidate(60)
    one.rows[20, row_column("bin_0") : row_column("bin_0") + bins] = 4.0
    one.rows[79, -bins:] = 4.0
    event = described(one)
    assert event.onset_bin == 1200 + bins
    assert event.offset_bin == 1800 - bins
    assert event.features["duration_s"] == pytest.approx(30.0 - bins * 0.1)


@pytest.mark.parametrize(
    ("moves_at", "still"), [(0, 0.0), (10, 5.0), (15, 7.5), (16, 8.0), (40, 20.0)]
)
def test_stillness_counts_until_the_leg_moves(moves_at: int, still: float) -> None:
    one = candidate(60)
    one.rows[20 + moves_at :, row_column("moving")] = 1.0
    assert described(one).features["still_at_onset_s"] == still
    # Motion up to 2 s before the EMG is motion first.
    one.rows[17, row_column("moving")] = 1.0
    assert described(one).features["still_at_onset_s"] == 0.0
    assert described(one).features["moving_fraction"] == (60 - moves_at) / 60


def test_what_the_sleeper_does_about_it_does_not_change_the_core() -> None:
    calm, reacted = candidate(60), candidate(60)
    reacted.rows[44:80, row_column("moving")] = 1.0
    reacted.rows[44:80, row_column("root_mean_square")] *= np.tile([3.0, 0.5], 18)
    reacted.rows[44:80, row_column("kurtosis")] = 90.0
    for name in ("level_ratio", "peak_ratio", "level_variation", "kurtosis", "plateau_fraction"):
        assert described(reacted).features[name] == described(calm).features[name]


def test_a_pause_of_1_5_s_after_the_core_ends_the_event() -> None:
    one = candidate(60)
    one.rows[50:, row_column("moving")] = 1.0
    one.rows[54:57, row_column("bin_0") :] = 4.0
    assert described(one).features["duration_s"] == 17.0
    one.rows[54, row_column("bin_0") :] = 64.0
    assert described(one).features["duration_s"] == 30.0


def test_standing_up_ends_the_event_unless_it_began_upright() -> None:
    one = candidate(60)
    one.rows[50:, row_column("upright")] = 1.0
    event = described(one)
    assert event.features["duration_s"] == pytest.approx(15.0, abs=0.5)
    assert event.features["upright_at_onset"] == 0.0
    upright = described(candidate(60, {"upright": 1.0}))
    assert upright.features["duration_s"] == 30.0
    assert upright.features["upright_at_onset"] == upright.features["upright_fraction"] == 1.0


@pytest.mark.parametrize("degrees", [0.0, 15.0, 60.0, 180.0])
def test_a_turn_of_the_leg_is_its_angle(degrees: float) -> None:
    angle = np.radians(degrees)
    one = candidate(60, {"gravity_z": np.cos(angle), "gravity_x": np.sin(angle)})
    assert described(one).features["turned_deg"] == pytest.approx(degrees, abs=1e-5)


def test_unknown_windows_and_motion_are_absent_or_counted() -> None:
    nothing = dict.fromkeys(("moving", "upright", "dynamic", "gravity_x"), np.nan)
    event = described(candidate(60, nothing))
    assert not [name for name in event.features if "still" in name or "upright" in name]
    half = candidate(60)
    half.rows[30:60:2, row_column("valid")] = 0.0
    assert described(half).features["unknown_fraction"] == 0.25


def test_what_is_unknown_is_no_pause() -> None:
    # Clipped windows and short gaps: a cramp must not come "in bursts with pauses" for them.
    one = candidate(60)
    for first in (30, 45, 60):
        one.rows[first : first + 6, row_column("valid")] = 0.0
    assert described(one).features["duty_cycle"] == 1.0
    assert described(one).features["longest_pause_s"] == 0.0


def test_twitches_are_no_events() -> None:
    twitch = {"kurtosis": 25.0, "low_frequency_ratio": 0.1}
    assert describe(candidate(10, twitch), 2.0, 1.5) is None
    # A pop of the electrode, a movement, and ten seconds of it are.
    assert describe(candidate(10, twitch | {"low_frequency_ratio": 0.8}), 2.0, 1.5) is not None
    assert describe(candidate(10, twitch | {"moving": 1.0}), 2.0, 1.5) is not None
    assert describe(candidate(20, twitch), 2.0, 1.5) is not None


@given(st.integers(20, 80), st.sampled_from([0.25, 0.5, 2.0, 4.0]), st.integers(0, 99))
def test_gain_changes_no_feature(active: int, gain: float, seed: int) -> None:
    one = candidate(active)
    generator = np.random.default_rng(seed)
    one.rows[:, row_column("root_mean_square")] *= generator.uniform(0.7, 1.4, one.rows.shape[0])
    one.rows[:, row_column("bin_0") :] *= generator.uniform(
        0.5, 2.0, (one.rows.shape[0], BINS_PER_STEP)
    )
    louder = replace(one, rows=one.rows.copy())
    louder.rows[:, [row_column("root_mean_square"), row_column("level")]] *= gain
    louder.rows[:, row_column("bin_0") :] *= gain * gain
    assert describe(one, 2.0, 1.5) == describe(louder, 2.0, 1.5)
