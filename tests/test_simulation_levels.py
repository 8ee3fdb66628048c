"""Simulated EMG is as strong as asked, and has its spectrum in Hz."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from scipy.signal import welch

from crampdetect.simulation import (
    SimulatedNight,
    scripted_night,
)
from crampdetect.simulation.contact import MainsRise
from crampdetect.simulation.cramps import Cramp
from crampdetect.simulation.events import Event, Scene
from crampdetect.simulation.holds import Tonic, VoluntaryHold
from crampdetect.simulation.motion import jerky_motion
from crampdetect.simulation.movements import BodyMovement
from crampdetect.simulation.spectrum import MuscleNoise, anti_alias_gain, muscle_power
from tests.simulated_signals import STILL, muscle_band, rms, seconds, whole


@pytest.mark.parametrize("rate", [1000, 500])
@pytest.mark.parametrize("level", [2.0, 4.0, 8.0, 25.0])
def test_a_cramp_is_as_strong_as_asked(level: float, rate: int) -> None:
    cramp = Cramp(onset_s=120, duration_s=60, level=level, ramp_s=2, fall_s=2, tilt_deg=0)
    night = scripted_night([cramp], replace(STILL, emg_rate=Fraction(rate)), int(level))
    emg = muscle_band(whole(night, "emg"), rate)
    floor = rms(seconds(emg, rate, 30, 110))
    assert rms(seconds(emg, rate, 125, 175)) / floor == pytest.approx(level, rel=0.15)
    # it begins and ends when the truth says, and its ramp is a ramp
    assert rms(seconds(emg, rate, 118, 120)) == pytest.approx(floor, rel=0.15)
    event = night.truth.of_kind("cramp")[0]
    assert (event.onset_s, event.offset_s, event.level) == (120, 180, level)
    assert rms(seconds(emg, rate, 120, 121)) < 0.6 * rms(seconds(emg, rate, 125, 175))
    assert rms(seconds(emg, rate, 250, 300)) == pytest.approx(floor, rel=0.15)


def test_a_forced_stretch_surges_and_then_ends_a_cramp() -> None:
    cramp = Cramp(onset_s=100, duration_s=60, level=8, surge=2.5, surge_s=2, fall_s=0.5)
    emg = muscle_band(whole(scripted_night([cramp], STILL, 3), "emg"), 1000)
    plateau, surge = rms(seconds(emg, 1000, 110, 155)), rms(seconds(emg, 1000, 157.8, 159))
    assert 1.6 < surge / plateau < 3.5
    assert rms(seconds(emg, 1000, 163, 165)) < 6.0


def test_a_missed_cramp_shows_nothing() -> None:
    cramp = Cramp(onset_s=100, duration_s=60, level=1.0, raised_s=60, raised_by=2)
    emg = muscle_band(whole(scripted_night([cramp], STILL, 3), "emg"), 1000)
    assert rms(seconds(emg, 1000, 100, 220)) / rms(seconds(emg, 1000, 20, 90)) < 1.1


def test_the_floor_stays_raised_after_a_cramp() -> None:
    cramp = Cramp(onset_s=60, duration_s=30, level=8, twitch_s=0, raised_s=200, raised_by=2)
    emg = muscle_band(whole(scripted_night([cramp], STILL, 3), "emg"), 1000)
    floor = rms(seconds(emg, 1000, 10, 50))
    assert rms(seconds(emg, 1000, 100, 150)) / floor == pytest.approx(2.0, rel=0.1)
    assert rms(seconds(emg, 1000, 292, 300)) / floor == pytest.approx(1.0, rel=0.1)


def test_the_floor_is_what_the_truth_says() -> None:
    night = scripted_night([], STILL, 9)
    assert night.truth.resting_uv == 2.5
    # the amplifier's band and a bit of the spectrum above it are missing at 1 kHz
    assert rms(whole(night, "emg")) == pytest.approx(2.5, rel=0.06)


@pytest.mark.parametrize(
    "event",
    [
        VoluntaryHold(onset_s=100, duration_s=15, level=10),
        Tonic(onset_s=100, duration_s=150, level=3, ramp_s=5),
    ],
)
def test_sustained_look_alikes_have_their_level(event: Event) -> None:
    emg = muscle_band(whole(scripted_night([event], STILL, 2), "emg"), 1000)
    plateau = rms(seconds(emg, 1000, event.onset_s + 0.2 * event.duration_s, event.offset_s - 5))
    assert plateau / rms(seconds(emg, 1000, 10, 90)) == pytest.approx(event.level, rel=0.25)


def test_a_voluntary_hold_is_steadier_than_a_cramp_and_moves_first() -> None:
    hold = scripted_night([VoluntaryHold(onset_s=100, duration_s=40, level=10)], STILL, 2)
    cramp = scripted_night([Cramp(onset_s=100, duration_s=40, level=10)], STILL, 2)

    def wavering(night: SimulatedNight) -> float:
        emg = seconds(muscle_band(whole(night, "emg"), 1000), 1000, 108, 132)
        levels = np.sqrt((emg.reshape(-1, 500) ** 2).mean(axis=1))
        return float(levels.std() / levels.mean())

    def motion_before(night: SimulatedNight) -> float:
        return float(seconds(whole(night, "acc"), 100, 98.6, 100).std(axis=0).max())

    assert wavering(cramp) > 1.5 * wavering(hold)
    assert motion_before(hold) > 0.01 > 0.005 > motion_before(cramp)


@pytest.mark.parametrize("rate", [200.0, 500.0, 1000.0, 2000.0])
def test_the_spectrum_stands_in_hertz_at_any_rate(rate: float) -> None:
    noise = MuscleNoise(rate, np.random.default_rng(1)).take(round(120 * rate))
    frequencies, power = welch(noise, rate, nperseg=round(rate))
    for low, high in ((20, 40), (40, 60), (60, 80), (80, 160)):
        if high <= 0.4 * rate:
            inside = frequencies[(frequencies >= low) & (frequencies <= high)]
            expected = muscle_power(inside) * anti_alias_gain(inside, rate) ** 2
            found = power[(frequencies >= low) & (frequencies <= high)]
            assert found.sum() / expected.sum() == pytest.approx(1.0, abs=0.05)


def test_cramp_and_rest_differ_in_frequency_by_their_scale() -> None:
    rng = np.random.default_rng

    def median_frequency(scale: float) -> float:
        frequencies, power = welch(
            MuscleNoise(1000, rng(2), scale).take(200_000), 1000, nperseg=1000
        )
        return float(frequencies[np.searchsorted(np.cumsum(power) / power.sum(), 0.5)])

    assert median_frequency(1.0) == pytest.approx(95, abs=4)
    assert median_frequency(1.15) / median_frequency(1.0) == pytest.approx(1.13, abs=0.04)


def test_motion_artefact_lies_below_20_hz() -> None:
    movement = BodyMovement(onset_s=100, duration_s=20, level=1, motion_g=1.5)
    emg = seconds(whole(scripted_night([movement], STILL, 1), "emg"), 1000, 100, 120)[:, 0]
    frequencies, power = welch(emg, 1000, nperseg=2000)
    assert np.sqrt(power[frequencies < 20].sum() * 0.5) > 30
    assert np.sqrt(power[(frequencies > 25) & (frequencies < 450)].sum() * 0.5) < 3.5


def test_motion_artefact_begins_and_ends_at_nothing() -> None:
    for seed in range(5):
        scene = Scene(STILL, 2.5, np.random.default_rng(seed))
        swing = jerky_motion(scene, 0.0, 6.0, 1.5, duty=0.95).artefact_uv
        assert np.abs(swing).max() > 40
        assert np.abs(swing[[0, -1]]).max() < 0.002 * np.abs(swing).max()


def test_mains_hum_is_a_narrow_line_with_harmonics_and_rises_when_told() -> None:
    parameters = replace(STILL, mains_uv=(3.0, 3.0))
    rise = MainsRise(onset_s=150, duration_s=150, hum_uv=30)
    emg = whole(scripted_night([rise], parameters, 1), "emg")[:, 0]

    def line(start: float, stop: float, frequency: float) -> float:
        found, power = welch(seconds(emg, 1000, start, stop), 1000, nperseg=8000)
        near = np.abs(found - frequency) < 0.6
        return float(np.sqrt(2 * power[near].sum() / 8))

    assert line(0, 140, 50) == pytest.approx(3.0, rel=0.1)
    assert line(160, 290, 50) == pytest.approx(33.0, rel=0.1)
    assert line(160, 290, 150) == pytest.approx(13.0, rel=0.1)
    assert line(0, 140, 55) < 0.6
