"""The comb filter of a sensor: nulls in the spectrum, and at run time the wrong ones."""

from dataclasses import replace

import numpy as np
from scipy.signal import welch

from crampdetect.detection.types import Array
from crampdetect.simulation import (
    NightParameters,
    scripted_night,
)
from crampdetect.simulation.comb import CombFilter, comb_courses
from crampdetect.simulation.seeds import Seeds
from crampdetect.simulation.sensors import with_sensor
from tests.simulated_signals import SHORT, STILL, rms, seconds, whole

MINUTE = replace(SHORT, duration_s=61.0, mains_uv=(2.0, 2.0))


def nulls(values: Array, rate: float, mains: float) -> list[float]:
    """Power at 1 and 3 times the comb's own frequency over that at 2 and 4 times, in decibels."""
    frequencies, power = welch(values, rate, nperseg=2048)

    def at(hz: float) -> float:
        return float(power[np.abs(frequencies - hz) < 1.2].mean())

    comb = rate / (2 * round(rate / (2 * mains)))
    return [10 * np.log10(at(k * comb) / at((k + 1) * comb)) for k in (1, 3)]


def test_the_comb_has_nulls_and_passes_to_the_other_mains_frequency() -> None:
    parameters = with_sensor(
        replace(STILL, duration_s=7200.0, resting_uv=(60.0, 60.0)), "umyo-base"
    )
    seed = next(s for s in range(99) if 900 < two_courses(parameters, s) < 5000)
    (_, usual), (flip_s, other), *rest = comb_courses(parameters, Seeds(seed))
    back_s = rest[0][0] if rest else 7200.0
    assert (usual, other) == (50.0, 60.0)
    night = scripted_night([], parameters, seed)
    emg = whole(night, "emg")[:, 0]
    before = seconds(emg, 1116, flip_s - 300, flip_s - 1)
    during = seconds(emg, 1116, flip_s + 1, min(back_s - 1, flip_s + 300))
    assert max(nulls(before, 1116, 50)) < -12
    assert min(nulls(before, 1116, 60)) > -10
    assert max(nulls(during, 1116, 60)) < -12
    assert min(nulls(during, 1116, 50)) > -10
    plain = whole(
        scripted_night([], replace(parameters, comb_filtered=False, duration_s=300.0), seed), "emg"
    )
    assert min(nulls(plain[:, 0], 1116, 50) + nulls(plain[:, 0], 1116, 60)) > -6


def two_courses(parameters: NightParameters, seed: int) -> float:
    """When the comb flips for the first time, 0 if it does not or is soon back."""
    courses = comb_courses(parameters, Seeds(seed))
    stops = [start for start, _ in courses[2:]] + [parameters.duration_s]
    return courses[1][0] if len(courses) > 1 and stops[0] - courses[1][0] > 120 else 0.0


def test_the_comb_does_not_show_how_the_stream_was_cut() -> None:
    values = np.random.default_rng(1).normal(size=(5000, 2)).round()
    courses = [(0.0, 50.0), (1.0, 60.0), (1.001, 50.0), (3.3, 60.0)]
    all_at_once = CombFilter(1116.0, courses, 2).push(values)
    cut = CombFilter(1116.0, courses, 2)
    pieces = [cut.push(values[a:b]) for a, b in ((0, 1), (1, 8), (8, 1117), (1117, 5000))]
    assert np.array_equal(np.concatenate(pieces), all_at_once)
    assert np.array_equal(all_at_once[11:1116], values[11:1116] + values[: 1116 - 11])
    assert np.array_equal(all_at_once[1118:3680], values[1118:3680] + values[1118 - 11 : 3680 - 11])
    assert np.array_equal(all_at_once[3683:], values[3683:] + values[3683 - 9 : -9])


def test_hum_is_gone_behind_the_comb_tuned_to_it() -> None:
    parameters = replace(with_sensor(MINUTE, "umyo-base"), mains_uv=(40.0, 40.0), comb_flips=False)
    through = whole(scripted_night([], parameters), "emg")
    plain = whole(scripted_night([], replace(parameters, comb_filtered=False)), "emg")
    assert rms(seconds(through - through.mean(), 1116, 1, 60)) < 12  # 50.7 Hz is not 50 Hz
    assert rms(seconds(plain - plain.mean(), 1116, 1, 60)) > 25
