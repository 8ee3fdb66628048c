"""Simulated accelerometers clip, average, sit askew, or are not there."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from crampdetect.simulation import (
    scripted_night,
)
from crampdetect.simulation.acc_mounting import Averaging, tilted
from crampdetect.simulation.movements import BodyMovement
from crampdetect.simulation.sensors import with_sensor
from crampdetect.simulation.upright import Upright
from tests.simulated_signals import SHORT, STILL, rms, seconds, whole

MINUTE = replace(SHORT, duration_s=61.0, mains_uv=(2.0, 2.0))


def test_acceleration_is_cut_at_2_g() -> None:
    kick = BodyMovement(onset_s=20, duration_s=10, level=20, motion_g=9.0)
    for name, rail in (("umyo", 2.0), ("ganglion", 2.048), ("default", 4.096)):
        acc = whole(scripted_night([kick], with_sensor(MINUTE, name), 1), "acc")
        assert np.abs(acc).max() <= rail
        if name != "default":
            assert (np.abs(acc) > rail - 0.02).sum() >= 5


@pytest.mark.parametrize("rate", [10, 20, 25])
def test_slow_acceleration_is_averaged_not_picked(rate: int) -> None:
    factor = Averaging(-(-100 // rate)).factor
    times = Averaging(factor).indices(0, 50 * rate) / (rate * factor)
    for frequency, least, most in (
        (0.1 * rate, 0.93, 1.0),
        (rate, 0.0, 1e-9),
        (1.2 * rate, 0, 0.04),
    ):
        wave = np.sin(2 * np.pi * frequency * times + 0.3)[:, np.newaxis]
        seen = Averaging(factor).push(wave)
        assert least <= np.sqrt(2) * rms(seen) <= most
    cut = Averaging(factor)
    fine = np.random.default_rng(2).normal(size=(times.size, 3))
    parts, position = [], 0
    for start, stop in ((0, 1), (1, 7), (7, 50 * rate)):
        size = cut.indices(start, stop).size
        parts.append(cut.push(fine[position : position + size]))
        position += size
    assert position == times.size
    assert np.array_equal(np.concatenate(parts), Averaging(factor).push(fine))


def test_walking_at_10_hz_shows_no_false_slow_motion() -> None:
    walk = Upright(
        onset_s=20, duration_s=38, level=5, walking_level=20, walks_s=18, stride_rate=0.9
    )
    fast = whole(scripted_night([walk], replace(MINUTE, acc_rate=Fraction(100)), 1), "acc")
    slow = whole(scripted_night([walk], replace(MINUTE, acc_rate=Fraction(10)), 1), "acc")
    at = np.arange(240, 570)
    # what a tenth of the samples would show, against their mean over two periods
    weights = np.sin(np.pi * (np.arange(20) + 0.5) / 20) ** 2
    mean = np.stack(
        [np.convolve(fast[:, k], weights / weights.sum())[10 * at] for k in range(3)], 1
    )
    assert rms(slow[at] - mean) < 0.35 * rms(fast[10 * at] - mean)


def test_a_sensor_sits_askew_by_at_most_what_the_table_says() -> None:
    for angle in (0.0, 7.0, 10.0):
        turn = tilted(angle, 33.0)
        assert turn @ turn.T == pytest.approx(np.eye(3))
        assert np.degrees(np.arccos(turn[0, 0])) == pytest.approx(angle, abs=1e-6)
    stand = Upright(onset_s=10, duration_s=45, level=5)
    seen = []
    for seed in range(6):
        table = replace(STILL, duration_s=61.0, acc_misalignment_deg=10.0, acc_gain_error=0.03,
                        acc_offset_g=0.03)  # fmt: skip
        straight, askew = (
            seconds(whole(scripted_night([stand], p, seed), "acc"), 100, 20, 50).mean(axis=0)
            for p in (replace(STILL, duration_s=61.0), table)
        )
        assert abs(np.linalg.norm(askew) - np.linalg.norm(straight)) < 0.1
        seen.append(float(np.abs(askew - straight).max()))
    assert 0.02 < max(seen) < 0.3
    assert len(set(seen)) == 6


def test_without_an_accelerometer_there_is_one_stream() -> None:
    night = scripted_night([], replace(MINUTE, acc_axes=0))
    assert [info.stream for info in night.signals] == ["emg"]
    assert {item.stream for item in night.read()} == {"emg"}
    assert set(night.lengths) == {"emg"}
