"""Simulated acceleration obeys gravity, and contact fails as contacts do."""

import numpy as np
import pytest
from scipy.signal import welch

from crampdetect.simulation import (
    scripted_night,
)
from crampdetect.simulation.contact import LeadOff, Pop
from crampdetect.simulation.cramps import Cramp
from crampdetect.simulation.events import Event
from crampdetect.simulation.movements import BodyMovement, LimbMovement, Rhythmic
from crampdetect.simulation.upright import Upright
from tests.simulated_signals import STILL, muscle_band, rms, seconds, whole


def test_gravity_is_1_g_at_rest_and_along_the_shank_when_upright() -> None:
    events: list[Event] = [
        BodyMovement(onset_s=50, duration_s=6, motion_g=0.5, turn_deg=90, pitch_deg=10),
        Upright(onset_s=120, duration_s=60, level=5, turn_deg=40, pitch_deg=-5),
    ]
    acc = whole(scripted_night(events, STILL, 1), "acc")
    places = {"before": (10, 45), "turned": (60, 115), "up": (126, 174), "back": (190, 290)}
    means = {name: seconds(acc, 100, *span).mean(axis=0) for name, span in places.items()}
    for mean in means.values():
        assert np.linalg.norm(mean) == pytest.approx(1.0, abs=0.01)
    for name in ("before", "turned", "back"):
        assert abs(means[name][0]) < 0.35
    assert means["turned"][0] == pytest.approx(-np.sin(np.radians(10)), abs=0.01)
    assert means["up"][0] < -0.95

    def roll(name: str) -> float:
        mean = means[name]
        return float(np.degrees(np.arctan2(float(mean[1]), float(mean[2]))))

    assert (roll("turned") - roll("before")) % 360 == pytest.approx(90, abs=2)
    assert (roll("back") - roll("turned")) % 360 == pytest.approx(40, abs=2)
    noise = seconds(acc, 100, 10, 45).std(axis=0)
    assert ((noise > 0.0018) & (noise < 0.0045)).all()


def test_the_leg_lies_still_in_a_cramp_but_not_in_a_movement() -> None:
    events: list[Event] = [
        Cramp(onset_s=60, duration_s=40, level=10, tremor_g=0.008),
        BodyMovement(onset_s=150, duration_s=10, level=20, motion_g=0.8),
        LimbMovement(onset_s=200, duration_s=2, level=10, motion_g=0.2),
    ]
    acc = whole(scripted_night(events, STILL, 1), "acc")
    dynamic = acc - np.apply_along_axis(np.convolve, 0, acc, np.ones(100) / 100, "same")
    size = np.sqrt((dynamic**2).sum(axis=1))

    def at(start: float, stop: float) -> float:
        return rms(seconds(size, 100, start, stop))

    assert at(20, 55) < at(70, 95) < 0.012
    assert at(150, 160) > 0.1
    assert at(200, 202) > 0.02


def test_walking_has_bursts_and_heel_strikes_at_the_stride_rate() -> None:
    walk = Upright(
        onset_s=60, duration_s=120, level=5, walking_level=20, walks_s=50, stride_rate=0.8
    )
    night = scripted_night([walk], STILL, 3)
    emg = seconds(muscle_band(whole(night, "emg"), 1000), 1000, 65, 110)
    levels = np.sqrt((emg.reshape(-1, 50) ** 2).mean(axis=1))
    frequencies, power = welch(levels - levels.mean(), 20, nperseg=400)
    assert frequencies[np.argmax(power)] == pytest.approx(0.8, abs=0.1)
    along = seconds(whole(night, "acc"), 100, 65, 110)[:, 0]
    assert along.min() < -1.5
    struck = np.flatnonzero(along < -1.35)
    strides = 1 + int((np.diff(struck) > 50).sum())
    assert 0.75 * 36 < strides <= 38  # 45 s at 0.8 Hz; the softest strikes are below this line


def test_rhythmic_movements_are_rhythmic_in_both_streams() -> None:
    event = Rhythmic(onset_s=60, duration_s=60, level=15, burst_rate=1.5, motion_g=0.05)
    night = scripted_night([event], STILL, 3)
    emg = seconds(muscle_band(whole(night, "emg"), 1000), 1000, 62, 118)
    levels = np.sqrt((emg.reshape(-1, 50) ** 2).mean(axis=1))
    frequencies, power = welch(levels - levels.mean(), 20, nperseg=400)
    assert frequencies[np.argmax(power)] == pytest.approx(1.5, abs=0.15)
    assert seconds(whole(night, "acc"), 100, 62, 118).std(axis=0).max() > 0.02


@pytest.mark.parametrize("mode", ["rail", "flat", "mains"])
def test_an_electrode_that_is_off_shows_no_muscle(mode: str) -> None:
    events: list[Event] = [
        Cramp(onset_s=90, duration_s=60, level=20),
        LeadOff(onset_s=100, duration_s=30, mode=mode, hum_uv=1000),
    ]
    night = scripted_night(events, STILL, 1)
    off = seconds(whole(night, "emg"), 1000, 100, 130)[:, 0]
    if mode == "rail":
        assert np.ptp(off) == 0
        assert off[0] == pytest.approx(4915.05)
    elif mode == "flat":
        assert rms(off) < 0.3
    else:
        assert np.abs(off).max() > 900
    assert rms(seconds(whole(night, "emg"), 1000, 92, 100)) > 10
    assert night.truth.of_kind("lead_off")[0].onset_s == 100


def test_a_pop_recovers_within_its_duration() -> None:
    night = scripted_night([Pop(onset_s=100, duration_s=4, height_uv=-2000)], STILL, 1)
    emg = whole(night, "emg")[:, 0]
    assert emg[100_000] == pytest.approx(-2000, abs=15)
    assert emg[101_000] == pytest.approx(-2000 * np.exp(-1), abs=15)
    assert rms(seconds(emg, 1000, 108, 120)) < 3
