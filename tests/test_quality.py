"""Which windows cannot be judged, and that large or coarse signals are not among them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crampdetect.detection.quality import (
    CLIPPED,
    FLAGS,
    GAP,
    LEAD_OFF,
    MAINS,
    VALID,
    clipped_share,
    judge_windows,
)
from crampdetect.detection.types import Array

RATE = 1000
HALF = RATE // 2
#: 10 bit over 3.3 mV, as a BITalino gives them.
STEP = 3.2
RAILS = (-512 * STEP, 511 * STEP)


def muscle(seconds: float = 4.0, level: float = 10.0, rate: int = RATE, seed: int = 1) -> Array:
    """Noise of the colour of surface EMG, in microvolts."""
    generator = np.random.default_rng(seed)
    white = generator.normal(size=int(seconds * rate) + 2)
    values = white[1:-1] - 0.5 * white[:-2] - 0.3 * white[2:]
    return np.asarray(values / values.std() * level)


def slow(seconds: float, frequency: float, amplitude: float, rate: int = RATE) -> Array:
    time = np.arange(int(seconds * rate)) / rate
    return np.asarray(amplitude * np.sin(2 * np.pi * frequency * time + 0.4))


def codes(
    values: Array,
    rails: tuple[float, float] | None = None,
    resolution: float | None = None,
    line: float = 0.0,
    rate: int = RATE,
    flutter: float = 0.0,
    residual: float = 0.0,
) -> list[int]:
    halves = values.reshape(-1, rate // 2)
    of_hum = (np.full(halves.shape[0] - 1, value) for value in (line, flutter, residual))
    return [int(code) for code in judge_windows(halves, rails, resolution, *of_hum)]


def test_the_names_of_the_flags_are_those_of_the_quality_seconds() -> None:
    assert FLAGS == ("valid", "gap", "lead_off", "mains", "clipped", "warm_up")
    assert (FLAGS[VALID], FLAGS[GAP], FLAGS[CLIPPED]) == ("valid", "gap", "clipped")


@pytest.mark.parametrize("level", [0.01, 10.0, 1000.0])
def test_muscle_is_valid(level: float) -> None:
    values = muscle(level=level)
    assert codes(values) == codes(values, (-1e4, 1e4), 1e-3) == [VALID] * 7


def test_a_flat_window_is_lead_off_and_half_a_flat_one_is_not() -> None:
    values = muscle()
    values[2 * HALF : 5 * HALF] = 123.0
    # Windows are two halves: only those that are flat throughout have no contact.
    assert codes(values) == [VALID, VALID, LEAD_OFF, LEAD_OFF, VALID, VALID, VALID]


def test_half_a_window_at_a_rail_is_lead_off_whatever_the_other_half() -> None:
    values = np.clip(muscle(), *RAILS)
    values[3 * HALF : 4 * HALF : 2] = RAILS[1]
    values[3 * HALF + 1 : 4 * HALF : 2] = RAILS[0]
    assert codes(values, RAILS) == [VALID, VALID, LEAD_OFF, LEAD_OFF, VALID, VALID, VALID]


@pytest.mark.parametrize(("at_rail", "code"), [(5, VALID), (6, CLIPPED), (499, CLIPPED)])
@pytest.mark.parametrize("rail", [0, 1])
def test_more_than_half_a_percent_at_a_rail_is_clipped(at_rail: int, code: int, rail: int) -> None:
    values = muscle(1.0)
    values[:at_rail] = RAILS[rail] * 0.9999  # within the tolerance of a code or so
    assert codes(values, RAILS) == [code]


@pytest.mark.parametrize("step", [0.0, 0.01, STEP])
@pytest.mark.parametrize("rate", [500, 1000, 2000])
def test_a_flat_top_is_clipped_where_rails_are_not_known(rate: int, step: float) -> None:
    values = np.clip(muscle(4.0, 2000.0, rate), -1000.0, 1000.0)
    if step:
        values = np.round(values / step) * step
    assert codes(values, None, step or None, rate=rate).count(CLIPPED) >= 6


def test_a_flat_top_is_seen_beside_declared_rails_that_are_wider() -> None:
    values = np.clip(muscle(level=2000.0), -1000.0, 1000.0)
    assert codes(values, (-5000.0, 5000.0)).count(CLIPPED) >= 6


@settings(max_examples=60, deadline=None)
@given(
    st.floats(0.1, 3.0),
    st.floats(50.0, 500.0),
    st.floats(0.6, 3.0),
    st.sampled_from([500, 1000, 2000]),
    st.booleans(),
)
def test_a_slow_large_artefact_on_a_coarse_grid_is_not_clipped(
    frequency: float, amplitude: float, noise: float, rate: int, told: bool
) -> None:
    steps = slow(10.0, frequency, amplitude, rate) + muscle(10.0, noise, rate)
    values = np.round(steps) * STEP
    found = codes(values, RAILS if told else None, STEP if told else None, rate=rate)
    # A rest of one sample in a hundred windows is no loss of a night.
    assert found.count(CLIPPED) <= 1


@pytest.mark.parametrize(("frequency", "amplitude"), [(0.7, 400.0), (1.5, 200.0)])
def test_nor_is_one_without_any_noise(frequency: float, amplitude: float) -> None:
    values = np.round(slow(10.0, frequency, amplitude)) * STEP
    assert CLIPPED not in codes(values)


def test_hum_is_no_contact_where_it_flutters_or_swamps_all() -> None:
    values = muscle(1.0)
    assert codes(values, RAILS, STEP, line=0.98, flutter=2.2) == [MAINS]
    assert codes(values, RAILS, STEP, line=0.98, flutter=np.inf) == [MAINS]
    assert codes(values, RAILS, STEP, line=0.9997, flutter=2.0) == [VALID]
    assert codes(values, RAILS, STEP, line=0.98, residual=0.61) == [MAINS]
    assert codes(values, RAILS, STEP, line=0.979, flutter=np.inf, residual=0.9) == [VALID]
    assert codes(values, RAILS, STEP, line=0.9999, flutter=0.0) == [MAINS]


def test_a_rail_is_told_before_hum_and_no_contact_before_both() -> None:
    clipped = np.clip(muscle(1.0, 2000.0), *RAILS)
    assert codes(clipped, RAILS, STEP, line=0.9999) == [CLIPPED]
    assert codes(np.full(RATE, RAILS[1]), RAILS, STEP, line=0.9999) == [LEAD_OFF]


@settings(max_examples=50, deadline=None)
@given(st.floats(0.5, 2.0), st.integers(0, 1000), st.floats(1.0, 3000.0))
def test_gain_with_rails_and_step_changes_no_share(gain: float, seed: int, level: float) -> None:
    values = np.clip(np.round(muscle(2.0, level, seed=seed) / STEP) * STEP, *RAILS)
    low, high = RAILS
    plain = clipped_share(values.reshape(-1, HALF), RAILS, STEP)
    scaled = clipped_share(
        (values * gain).reshape(-1, HALF), (low * gain, high * gain), STEP * gain
    )
    np.testing.assert_allclose(scaled, plain, atol=1e-12)


@given(st.integers(0, 1000), st.floats(0.0, 2000.0))
def test_a_share_is_a_share_and_the_input_is_not_changed(seed: int, level: float) -> None:
    values = np.clip(muscle(2.0, level, seed=seed), -600.0, 600.0)
    halves = values.reshape(-1, HALF)
    before = halves.copy()
    shares = clipped_share(halves, (-600.0, 600.0), None)
    at_rail = (np.abs(halves) >= 600.0 * 0.999).mean(axis=1)
    assert ((shares >= at_rail) & (shares <= 1.0)).all()
    assert (halves == before).all()
