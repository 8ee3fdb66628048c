"""Features of windows against plain formulas, and of events against what was put into them."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import periodogram

from crampdetect.detection.emg_windows import EmgWindowing
from crampdetect.detection.event_features import EVENT_FEATURES, Event, describe
from crampdetect.detection.features import SPECTRAL, WINDOW_FEATURES, column
from crampdetect.detection.flow import Candidate, Filtered
from crampdetect.detection.grid import BINS_PER_STEP
from crampdetect.detection.mains import line_frequencies, usable_band
from crampdetect.detection.rows import COLUMNS, row_column
from crampdetect.detection.types import Array, Capability

RATES = [Fraction(text) for text in ("500", "1000", "1116", "1259.259", "2148")]


def windows(rate: Fraction, raw: Array, values: Array, capability: Capability) -> Array:
    stage = EmgWindowing(rate, capability, None, None)
    (out,) = (one for one in stage.push(Filtered(0, raw, values, 50, 0)) if one.first > 0)
    # The first second belongs to a filter that has just started.
    assert out.first == 2
    return out.features


def signal(rate: Fraction, seconds: int = 4, seed: int = 1) -> tuple[Array, Array]:
    generator = np.random.default_rng(seed)
    raw = generator.normal(size=int(seconds * rate)) * 20.0 + 3.0
    return raw, np.asarray(np.convolve(raw - 3.0, [0.5, 0.0, -0.5], "same"))


def ceil(seconds: Fraction, rate: Fraction) -> int:
    return -int(-seconds * rate // 1)


def plain(values: Array, start: int, stop: int) -> dict[str, float]:
    """The amplitude features of samples `start` to `stop`, one by one as the books say."""
    x = values[start:stop]
    step = np.diff(values[start - 1 : stop])
    turns = np.diff(values[start - 2 : stop])
    return {
        "root_mean_square": float(np.sqrt(np.mean(x**2))),
        "mean_absolute_value": float(np.mean(np.abs(x))),
        "waveform_length": float(np.abs(step).sum()),
        "zero_crossings": float((values[start - 1 : stop - 1] * x < 0).sum()),
        "slope_sign_changes": float((turns[1:] * turns[:-1] < 0).sum()),
        "kurtosis": float(np.mean(x**4) / np.mean(x**2) ** 2),
    }


def spectral(raw: Array, first: int, middle: int, rate: Fraction) -> dict[str, float]:
    """The spectral features of a window from scipy's periodograms of its two halves."""
    length = int(rate / 2)
    power: Any = 0.0
    for start in (first, middle):
        frequencies, part = periodogram(
            raw[start : start + length], float(rate), np.hanning(length), detrend="constant"
        )
        power = power + part
    low, high = usable_band(rate)
    band = (frequencies >= low) & (frequencies <= high)
    line = np.zeros(band.shape, dtype=bool)
    for centre in line_frequencies(50, rate):
        line |= np.abs(frequencies - centre) <= 4.0
    muscle, artefact = band & ~line, (frequencies >= 2.0) & (frequencies <= 18.0)
    total = power[muscle].sum()
    half = np.flatnonzero(np.cumsum(power[muscle]) >= total / 2)[0]
    above = muscle & (frequencies >= 150.0)
    return {
        "mean_frequency": float((power * frequencies)[muscle].sum() / total),
        "median_frequency": float(frequencies[muscle][half]),
        "high_frequency_ratio": float(power[above].sum() / (total - power[above].sum())),
        "low_frequency_ratio": float(power[artefact].sum() / (power[artefact].sum() + total)),
        "line_ratio": float(power[band & line].sum() / (power[band & line].sum() + total)),
    }


@pytest.mark.parametrize("rate", RATES)
def test_window_features_are_the_plain_formulas(rate: Fraction) -> None:
    raw, values = signal(rate)
    found = windows(rate, raw, values, "spectral")
    for row in range(found.shape[0]):
        edges = [ceil(Fraction(2 + row + k, 2), rate) for k in range(3)]
        expected = plain(values, edges[0], edges[2]) | spectral(raw, edges[0], edges[1], rate)
        assert set(expected) == set(WINDOW_FEATURES)
        for name, value in expected.items():
            # Windows are rounded to float32.
            assert found[row, column(name)] == pytest.approx(value, rel=2e-7, abs=1e-12), name


def test_a_window_covers_one_second_to_the_sample() -> None:
    rate = Fraction("1259.259")
    raw, values = signal(rate)
    plainly = windows(rate, raw, values, "spectral")
    first, stop = ceil(Fraction(1), rate), ceil(Fraction(2), rate)
    for index, inside in ((first - 3, False), (first, True), (stop - 1, True), (stop, False)):
        other = values.copy()
        other[index] += 1e4
        changed = windows(rate, raw, other, "spectral")[0] != plainly[0]
        assert changed[column("root_mean_square")] == inside


@pytest.mark.parametrize("capability", ["spectral", "spectral_reduced", "envelope"])
def test_what_a_sensor_cannot_show_is_not_a_number(capability: Capability) -> None:
    found = windows(Fraction(500), *signal(Fraction(500)), capability)
    absent = {name for name in WINDOW_FEATURES if np.isnan(found[:, column(name)]).all()}
    assert absent == (SPECTRAL if capability == "envelope" else set())
    assert np.isfinite(
        found[:, [column(name) for name in WINDOW_FEATURES if name not in absent]]
    ).all()


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(RATES), st.floats(25.0, 215.0), st.floats(0.1, 1000.0))
def test_a_tone_is_its_own_mean_and_median_frequency(
    rate: Fraction, frequency: float, level: float
) -> None:
    time = np.arange(int(3 * rate)) / float(rate)
    tone = level * np.sin(2 * np.pi * frequency * time)
    row = windows(rate, tone, tone, "spectral")[0]
    assert row[column("root_mean_square")] == pytest.approx(level / np.sqrt(2), rel=0.03)
    assert row[column("kurtosis")] == pytest.approx(1.5, rel=0.03)
    assert row[column("zero_crossings")] == pytest.approx(2 * frequency, abs=2)
    if min(abs(frequency - line) for line in line_frequencies(50, rate)) > 9.0:
        assert row[column("median_frequency")] == pytest.approx(frequency, abs=2.1)
        assert row[column("mean_frequency")] == pytest.approx(frequency, abs=2.1)


def candidate(active: int, before: int = 20, after: int = 8, **columns: Any) -> Candidate:
    """Quiet windows, `active` ones at four times the resting level, quiet ones; a leg at rest."""
    count = before + active + after
    rows = np.zeros((count, len(COLUMNS)))
    rows[:, 0] = np.arange(100, 100 + count)
    inside = slice(before, before + active)
    for name, value in {"level": 2.0, "valid": 1.0, "gravity_z": 1.0, "kurtosis": 4.0}.items():
        rows[:, row_column(name)] = value
    rows[:, row_column("root_mean_square")] = 2.0
    rows[inside, row_column("root_mean_square")] = 8.0
    rows[:, row_column("bin_0") :] = 4.0
    rows[inside, row_column("bin_0") :] = 64.0
    for name, value in columns.items():
        rows[inside, row_column(name)] = value
    return Candidate(0, rows, before, before + active, True, False)


def described(one: Candidate) -> Event:
    event = describe(one, 1.5)
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
    upright = described(candidate(60, upright=1.0))
    assert upright.features["duration_s"] == 30.0
    assert upright.features["upright_at_onset"] == upright.features["upright_fraction"] == 1.0


@pytest.mark.parametrize("degrees", [0.0, 15.0, 60.0, 180.0])
def test_a_turn_of_the_leg_is_its_angle(degrees: float) -> None:
    angle = np.radians(degrees)
    one = candidate(60, gravity_z=np.cos(angle), gravity_x=np.sin(angle))
    assert described(one).features["turned_deg"] == pytest.approx(degrees, abs=1e-5)


def test_unknown_windows_and_motion_are_absent_or_counted() -> None:
    nothing = dict.fromkeys(("moving", "upright", "dynamic", "gravity_x"), np.nan)
    event = described(candidate(60, **nothing))
    assert not [name for name in event.features if "still" in name or "upright" in name]
    half = candidate(60)
    half.rows[30:60:2, row_column("valid")] = 0.0
    assert described(half).features["unknown_fraction"] == 0.25


def test_twitches_are_no_events() -> None:
    twitch = {"kurtosis": 25.0, "low_frequency_ratio": 0.1}
    assert describe(candidate(10, **twitch), 1.5) is None
    # A pop of the electrode, a movement, and ten seconds of it are.
    assert describe(candidate(10, **twitch | {"low_frequency_ratio": 0.8}), 1.5) is not None
    assert describe(candidate(10, **twitch, moving=1.0), 1.5) is not None
    assert describe(candidate(20, **twitch), 1.5) is not None


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
    assert describe(one, 1.5) == describe(louder, 1.5)
