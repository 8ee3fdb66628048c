"""Two EMG channels share the leg and the mains, and neither noise nor electrodes."""

import tracemalloc
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from scipy.signal import welch

from crampdetect.detection.types import Array
from crampdetect.simulation import (
    NightParameters,
    plan_events,
    quiet,
    scripted_night,
    simulate_night,
)
from crampdetect.simulation.contact import LeadOff, Pop
from crampdetect.simulation.cramps import Cramp
from crampdetect.simulation.events import Event
from crampdetect.simulation.movements import BodyMovement
from tests.simulated_signals import SHORT, STILL, muscle_band, rms, seconds, whole


def correlation(two: Array) -> float:
    return float(np.asarray(np.corrcoef(two.T))[0, 1])


def test_a_second_channel_leaves_the_first_as_it_is() -> None:
    one, two = (simulate_night(replace(SHORT, emg_channels=n), 6) for n in (1, 2))
    assert two.signals[0].channels == ("EMG MG", "EMG LG")
    first, both = whole(one, "emg")[:, 0], whole(two, "emg")
    assert np.array_equal(first, both[:, 0], equal_nan=True)
    assert np.array_equal(whole(one, "acc"), whole(two, "acc"), equal_nan=True)


def test_cramps_may_be_one_sided() -> None:
    events: list[Event] = [
        Cramp(onset_s=60, duration_s=40, level=10, gains=(1.0, 0.05)),
        Cramp(onset_s=160, duration_s=40, level=10, gains=(0.05, 1.0)),
    ]
    night = scripted_night(events, replace(STILL, emg_channels=2), 2)
    emg = whole(night, "emg")
    levels = []
    for column in (0, 1):
        band = muscle_band(emg[:, [column]], 1000)
        floor = rms(seconds(band, 1000, 10, 50))
        levels.append([rms(seconds(band, 1000, a + 8, a + 35)) / floor for a in (60, 160)])
    assert levels[0][0] > 6 > 1.6 > levels[0][1]
    assert levels[1][1] > 4 > 2.0 > levels[1][0]


def test_hum_is_shared_and_noise_is_not() -> None:
    parameters = replace(STILL, duration_s=61.0, emg_channels=2)
    noise = whole(scripted_night([], parameters, 1), "emg")
    assert abs(correlation(noise)) < 0.03
    hum = whole(scripted_night([], replace(parameters, mains_uv=(50.0, 50.0)), 1), "emg") - noise
    assert correlation(hum) > 0.999
    assert rms(hum[:, 0]) != pytest.approx(rms(hum[:, 1]), rel=0.02)
    move = BodyMovement(onset_s=20, duration_s=10, level=1, motion_g=1.0)
    swing = whole(scripted_night([move], parameters, 1), "emg") - noise
    assert abs(correlation(swing)) > 0.9
    assert rms(swing[:, 0]) != pytest.approx(rms(swing[:, 1]), rel=0.02)


def test_one_pair_may_be_off_and_the_other_not() -> None:
    events: list[Event] = [
        LeadOff(onset_s=100, duration_s=30, mode="rail"),
        Pop(onset_s=200, duration_s=8, height_uv=3000.0),
    ]
    emg = whole(scripted_night(events, replace(STILL, emg_channels=2), 1), "emg")
    off = seconds(emg, 1000, 100, 130)
    assert np.ptp(off[:, 0]) == 0
    assert 1.0 < rms(off[:, 1]) < 6.0
    assert np.abs(seconds(emg, 1000, 200, 208)).max(axis=0)[1] < 100


@pytest.mark.parametrize("mode", ["rail", "flat", "mains", "noise"])
def test_the_reference_takes_all_pairs_with_it(mode: str) -> None:
    lifted = LeadOff(onset_s=100, duration_s=30, mode=mode, hum_uv=900.0, channel=None)
    cramp = Cramp(onset_s=90, duration_s=60, level=20)
    night = scripted_night([cramp, lifted], replace(STILL, emg_channels=2), 1)
    off = seconds(whole(night, "emg"), 1000, 101, 130)
    for column in (0, 1):
        loud = rms(off[:, column])
        assert {"rail": loud > 4000, "flat": loud < 0.3, "mains": 500 < loud < 800,
                "noise": 200 < loud < 400}[mode]  # fmt: skip
    assert night.truth.of_kind("lead_off")[0].invalid


def test_loose_contact_has_more_power_at_low_frequencies() -> None:
    lifted = LeadOff(onset_s=20, duration_s=200, mode="noise", hum_uv=900.0)
    emg = seconds(whole(scripted_night([lifted], STILL, 1), "emg"), 1000, 21, 219)[:, 0]
    frequencies, power = welch(emg, 1000, nperseg=4096)

    def at(hz: float) -> float:
        return float(np.median(power[np.abs(frequencies - hz) < 0.15 * hz]))

    assert 5 < at(10) / at(100) < 20  # 1/f: 10


def test_time_is_valid_while_one_pair_is_on() -> None:
    lifted = LeadOff(onset_s=100, duration_s=30)
    for channels, invalid in ((1, True), (2, False)):
        night = scripted_night([lifted], replace(STILL, emg_channels=channels))
        assert night.truth.of_kind("lead_off")[0].invalid is invalid
    drawn = {
        event.channel
        for seed in range(40)
        for event in plan_events(NightParameters(emg_channels=2), seed)
        if isinstance(event, LeadOff | Pop)
    }
    assert drawn == {0, 1, None}


def test_memory_is_bounded_with_two_channels_comb_and_averaging() -> None:
    def peak(duration_s: float) -> int:
        table = replace(
            quiet(NightParameters(duration_s=duration_s, emg_channels=2)),
            emg_rate=Fraction(250), acc_rate=Fraction(10), comb_filtered=True, comb_flips=True,
            emg_highpass=20.0,
        )  # fmt: skip
        night = scripted_night([], table)
        tracemalloc.start()
        for _ in night.read():
            pass
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(300.0)  # imports and caches
    assert peak(3600.0) < 1.1 * peak(300.0) + 200_000
