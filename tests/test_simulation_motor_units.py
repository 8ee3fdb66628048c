"""Simulated motor units fire as asked, and their sum follows envelope and spectrum."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from crampdetect.detection.types import Array
from crampdetect.simulation.firing import Firing, cramp_firing, tonic_firing, voluntary_firing
from crampdetect.simulation.muaps import draw_units
from crampdetect.simulation.recruitment import VoluntaryUnits
from crampdetect.simulation.rotation import SHIFTS, RotatingUnits
from crampdetect.simulation.trains import Trains
from tests.motor_unit_signals import CRAMP, TABLE, VOLUNTARY


def discharges(firing: Firing, rate: float, n_trains: int, n_chunks: int) -> list[Array]:
    """Times of each train at a constant rate, made of chunks of 4 s."""
    trains = Trains(firing, n_trains, np.random.default_rng(3))
    found: list[list[Array]] = [[] for _ in range(n_trains)]
    for chunk in range(n_chunks):
        rows, times = trains.take(np.arange(n_trains), np.full((n_trains, 400), rate))
        for row in range(n_trains):
            found[row].append(times[rows == row] + 4.0 * chunk)
    return [np.sort(np.concatenate(times)) for times in found]


@pytest.mark.parametrize("distribution", ["gamma", "lognormal"])
@pytest.mark.parametrize(("isi_cv", "rate"), [(0.45, 15.0), (0.15, 15.0), (0.15, 8.0)])
def test_intervals_vary_as_asked(distribution: str, isi_cv: float, rate: float) -> None:
    shape = "gamma" if distribution == "gamma" else "lognormal"
    firing = replace(VOLUNTARY, isi_cv=isi_cv, isi_distribution=shape, doublet_share=0.0)  # type: ignore[arg-type]
    trains = discharges(firing, rate, 40, 15)
    spread = [np.diff(times).std() / np.diff(times).mean() for times in trains]
    assert np.mean(spread) == pytest.approx(isi_cv, rel=0.05)
    assert np.mean([times.size for times in trains]) / 60 == pytest.approx(rate, rel=0.02)


def test_doublets_are_a_share_of_the_discharges_and_do_not_raise_the_rate() -> None:
    firing = replace(CRAMP, isi_cv=0.15, doublet_share=0.04)
    trains = discharges(firing, 15.0, 60, 15)
    intervals = np.concatenate([np.diff(times) for times in trains])
    assert np.mean(intervals <= 0.010) == pytest.approx(0.04, abs=0.005)
    assert intervals.min() >= 0.003
    assert sum(times.size for times in trains) / 60 / 60 == pytest.approx(15.0, rel=0.02)


def test_a_changing_rate_and_a_pause_are_followed() -> None:
    trains = Trains(VOLUNTARY, 200, np.random.default_rng(1))
    rates = np.tile(np.repeat([8.0, 0.0, 24.0, 12.0], 100), (200, 1))
    counts = np.zeros(4)
    for _ in range(5):
        _, times = trains.take(np.arange(200), rates)
        counts += np.histogram(times, [0, 1, 2, 3, 4])[0]
    np.testing.assert_allclose(counts / 1000, [8, 0, 24, 12], rtol=0.05)


def test_the_table_says_how_units_fire() -> None:
    cramps = [cramp_firing(TABLE, np.random.default_rng(seed)) for seed in range(300)]
    assert np.mean([firing.isi_cv for firing in cramps]) == pytest.approx(0.45, abs=0.03)
    assert np.std([firing.isi_cv for firing in cramps]) == pytest.approx(0.10, abs=0.02)
    assert {15, 60} >= {min(f.n_units for f in cramps), max(f.n_units for f in cramps)}
    holds = [voluntary_firing(TABLE, np.random.default_rng(seed)) for seed in range(300)]
    assert np.mean([firing.isi_cv for firing in holds]) == pytest.approx(0.15, abs=0.02)
    assert tonic_firing(TABLE, np.random.default_rng(1)).peak_rate == TABLE.tonic_peak_rate
    # a world in which cramp and hold are equally regular
    alike = replace(TABLE, cramp_isi_cv=TABLE.voluntary_isi_cv)
    assert cramp_firing(alike, np.random.default_rng(1)).isi_cv < 0.3


def test_small_units_are_recruited_first_and_fire_faster_with_the_drive() -> None:
    rng = np.random.default_rng(2)
    units = draw_units(VOLUNTARY, VOLUNTARY.n_units, 1.0, rng)
    recruitment = VoluntaryUnits(VOLUNTARY, units.sizes, rng)
    seen: list[NDArray[np.int64]] = []
    gains: list[float] = []
    last = np.zeros(0)
    for envelope_uv in (5.0, 15.0, 40.0, 120.0):
        course = recruitment.course(0, np.full(10, envelope_uv))
        # always the smallest ones, without a hole
        assert list(course.units) == list(range(course.units.size))
        assert np.all(course.rates[: last.size, 0] > last)
        last = course.rates[:, 0]
        seen.append(course.units)
        power = (course.rates[:, 0] * units.sizes[course.units] ** 2).sum()
        assert np.sqrt(power) * course.gain[0] == pytest.approx(envelope_uv)
        gains.append(course.gain[0])
    # the drive alone nearly makes the envelope
    np.testing.assert_allclose(gains, gains[-1], rtol=0.2)
    counts = [recruited.size for recruited in seen]
    assert counts[0] >= 2
    assert counts == sorted(set(counts))
    assert counts[-1] == VOLUNTARY.n_units
    assert 5 < last.min() < last.max() < 33
    assert last[0] == pytest.approx(25, abs=6)
    assert np.all(np.diff(units.sizes) >= 0)


def test_units_in_cramp_rotate() -> None:
    lengths: list[float] = []
    first, final, means, busy = [], [], [], []
    for seed in range(4):
        rng = np.random.default_rng(seed)
        sizes = draw_units(CRAMP, SHIFTS * CRAMP.n_units, 1.0, rng).sizes
        units = RotatingUnits(CRAMP, sizes, np.full(60_000, 20.0), rng)
        lengths += list((units.stops_s - units.starts_s)[units.stops_s < 600.0])
        for begin in range(6000, 60_000, 18_000):
            course = units.course(begin, np.full(6000, 20.0))
            firing = course.rates > 0
            busy.append(firing.sum(axis=0).mean() / CRAMP.n_units)
            means.append(course.rates[firing].mean())
            inside = (units.starts_s > begin / 100) & (units.stops_s < (begin + 6000) / 100)
            for row in course.rates[inside[course.trains]]:
                active = row[row > 0]
                first.append(active[0])
                final.append(active[-1])
    assert 24 < np.mean(lengths) < 30
    assert np.std(lengths) == pytest.approx(18, abs=3)
    # one is relieved by another at once
    assert np.mean(busy) == pytest.approx(1.0, abs=0.01)
    assert 14.5 < np.mean(means) < 20
    assert 17 < np.mean(first) < 21
    assert np.mean(final) == pytest.approx(6.0, abs=0.3)
