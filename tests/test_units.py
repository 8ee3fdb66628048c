"""Units as files spell them."""

import numpy as np
import pytest

from crampdetect.storage.units import acc_scale, emg_scale, implausible_emg


@pytest.mark.parametrize(
    ("unit", "factor"),
    [
        ("V", 1e6),
        ("v", 1e6),
        ("mV", 1e3),
        (" mv ", 1e3),
        ("uV", 1.0),
        ("UV", 1.0),
        ("\N{MICRO SIGN}V", 1.0),
        ("\N{GREEK SMALL LETTER MU}V", 1.0),
        ("[µV]", 1.0),
        ("nV", 1e-3),
        ("", None),
        ("a.u.", None),
        ("ADC", None),
        ("degC", None),
        ("g", None),
    ],
)
def test_voltages(unit: str, factor: float | None) -> None:
    assert emg_scale(unit) == factor


@pytest.mark.parametrize(
    ("unit", "factor"),
    [
        ("g", 1.0),
        ("G", 1.0),
        ("mg", 1e-3),
        ("m/s^2", 1 / 9.80665),
        ("m/s2", 1 / 9.80665),
        ("m/(s^2)", 1 / 9.80665),
        ("m/s**2", 1 / 9.80665),
        ("m / s²", 1 / 9.80665),
        ("", None),
        ("uV", None),
        ("deg/s", None),
    ],
)
def test_accelerations(unit: str, factor: float | None) -> None:
    assert acc_scale(unit) == factor


def noise(level: float, count: int = 60_000) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.random.default_rng(0).normal(0, level, count)


@pytest.mark.parametrize("level", [0.02, 3.0, 900.0])
def test_possible_rests(level: float) -> None:
    assert implausible_emg(noise(level), "Gastroc") is None


@pytest.mark.parametrize("level", [0.005, 6000.0, 1e9])
def test_impossible_rests_are_one_sentence_with_the_channel(level: float) -> None:
    said = implausible_emg(noise(level)[:, np.newaxis], "Gastroc")
    assert said is not None
    assert "'Gastroc'" in said
    assert "--unit" in said


def test_rest_counts_and_not_the_contraction() -> None:
    values = noise(3.0)
    values[10_000:50_000] *= 1e5
    assert implausible_emg(values, "Gastroc") is None


def test_an_electrode_offset_that_drifts_is_no_level() -> None:
    values = noise(3.0) + np.linspace(-1_500_000, 1_500_000, 60_000)
    assert implausible_emg(values, "Gastroc") is None


@pytest.mark.parametrize(
    "values", [np.zeros(60_000), np.full(60_000, 123.456), np.zeros(0), np.ones(1), noise(1.0, 20)]
)
def test_flat_or_short_says_nothing(values: np.ndarray[tuple[int], np.dtype[np.float64]]) -> None:
    assert implausible_emg(values, "Gastroc") is None


def test_missing_samples_are_ignored() -> None:
    values = noise(3.0)
    values[::7] = np.nan
    assert implausible_emg(values, "Gastroc") is None
