"""Features of windows against plain formulas, one sample after the other as the books say."""

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import periodogram

from crampdetect.detection.emg_windows import EmgWindowing
from crampdetect.detection.features import SPECTRAL, WINDOW_FEATURES, column
from crampdetect.detection.flow import Filtered
from crampdetect.detection.mains import line_frequencies, usable_band
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
    # Whole numbers: zeros and repeats, which are no crossings and no turns, do occur.
    return raw, np.round(np.convolve(raw - 3.0, [0.2, 0.0, -0.2], "same"))


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
