"""Simulated nights are the same for a seed, well-formed as streams, and told truly."""

import json
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from math import ceil

import numpy as np
import pytest

from crampdetect.detection.types import Gap, Samples
from crampdetect.simulation import (
    NightParameters,
    plan_events,
    scripted_night,
    simulate_night,
)
from crampdetect.simulation.contact import Dropout, LeadOff, Pop
from crampdetect.simulation.cramps import Cramp
from crampdetect.simulation.events import Event
from crampdetect.simulation.movements import BodyMovement, LimbMovement
from crampdetect.simulation.seeds import Origin
from tests.simulated_signals import SHORT, muscle_band, seconds, whole


def test_a_seed_gives_the_same_bits_however_often_it_is_read() -> None:
    parameters = NightParameters(duration_s=400.0, body_movements=600.0, cramps_per_night=60.0)
    night, again = simulate_night(parameters, 5), simulate_night(parameters, 5)
    first, second, third = list(night.read()), list(night.read()), list(again.read())
    assert len(first) == len(second) == len(third)
    for a, b, c in zip(first, second, third, strict=True):
        if isinstance(a, Samples):
            assert isinstance(b, Samples)
            assert isinstance(c, Samples)
            assert a.values.tobytes() == b.values.tobytes() == c.values.tobytes()
        else:
            assert a == b == c
    assert night.truth == again.truth
    assert night.truth != simulate_night(parameters, 6).truth
    assert not np.array_equal(
        whole(simulate_night(SHORT, 1), "emg"), whole(simulate_night(SHORT, 2), "emg")
    )


def test_one_more_event_changes_nothing_elsewhere() -> None:
    events: list[Event] = [
        LimbMovement(onset_s=30, duration_s=2, level=20),
        BodyMovement(onset_s=50, duration_s=8, level=20),
        Cramp(onset_s=80, duration_s=30, level=8, twitch_s=5),
    ]
    before = scripted_night(events, SHORT, 4)
    added = LimbMovement(onset_s=200, duration_s=2, level=20)
    after = scripted_night([*events, added], SHORT, 4)
    for stream, rate in (("emg", 1000.0), ("acc", 100.0)):
        a = whole(before, "emg" if stream == "emg" else "acc")
        b = whole(after, "emg" if stream == "emg" else "acc")
        assert np.array_equal(a[: round(200 * rate)], b[: round(200 * rate)])
        assert not np.array_equal(seconds(a, rate, 200, 202), seconds(b, rate, 200, 202))
        assert np.array_equal(a[round(204 * rate) :], b[round(204 * rate) :])


def test_fewer_cramps_leave_the_other_generators_as_they_are() -> None:
    with_cramps = plan_events(NightParameters(cramps_per_night=3.0), 8)
    without = plan_events(NightParameters(cramps_per_night=0.0), 8)
    assert any(event.kind == "cramp" for event in with_cramps)
    others = [
        event
        for event in with_cramps
        if isinstance(event, BodyMovement) and event.key[0] == Origin.BODY_MOVEMENT
    ]
    same = [event for event in without if isinstance(event, BodyMovement)]
    # only those that would have fallen into a cramp may have moved
    assert len(set(others) & set(same)) >= 0.85 * len(same) > 10


@pytest.mark.parametrize(
    ("emg_rate", "acc_rate"),
    [
        (Fraction(200), Fraction(25)),
        (Fraction(500), Fraction(50)),
        (Fraction(1259259, 1000), Fraction(4000, 27)),
    ],
)
def test_every_index_is_in_exactly_one_item(emg_rate: Fraction, acc_rate: Fraction) -> None:
    parameters = replace(SHORT, emg_rate=emg_rate, acc_rate=acc_rate, duration_s=250.25)
    gaps = [(20.3, 0.4), (55.0, 20.0), (70.0, 10.0), (110.0, 100.0), (240.0, 10.25)]
    night = scripted_night([Dropout(onset_s=o, duration_s=d) for o, d in gaps], parameters, 1)
    position: dict[str, int] = {"emg": 0, "acc": 0}
    found: dict[str, list[tuple[int, int]]] = {"emg": [], "acc": []}
    for item in night.read():
        assert item.start == position[item.stream]
        assert item.stop > item.start
        position[item.stream] = item.stop
        if isinstance(item, Gap):
            found[item.stream].append((item.start, item.stop))
        else:
            assert item.values.flags.c_contiguous
            assert item.values.dtype == np.float64
            assert np.isfinite(item.values).all()
            rate = emg_rate if item.stream == "emg" else acc_rate
            assert item.stop - item.start <= ceil(60 * rate)
    assert position == night.lengths
    merged = [(20.3, 20.7), (55.0, 80.0), (110.0, 210.0), (240.0, 250.25)]
    for stream, rate in (("emg", emg_rate), ("acc", acc_rate)):
        assert night.lengths["emg" if stream == "emg" else "acc"] == ceil(Fraction(1001, 4) * rate)
        expected = [(ceil(Fraction(a) * rate), ceil(Fraction(b) * rate)) for a, b in merged]
        for (a, b), (c, d) in zip(found[stream], expected, strict=True):
            assert abs(a - c) <= 1  # 20.3 + 0.4 is no exact binary number
            assert abs(b - d) <= 1


def test_a_gap_is_the_same_time_in_both_streams() -> None:
    night = scripted_night([Dropout(onset_s=50, duration_s=20)], SHORT, 1)
    gaps = [item for item in night.read() if isinstance(item, Gap)]
    assert gaps == [Gap("emg", 50_000, 70_000, "missing"), Gap("acc", 5000, 7000, "missing")]


def test_values_are_steps_of_a_16_bit_converter_within_its_rails() -> None:
    events: list[Event] = [
        Pop(onset_s=10, duration_s=8, height_uv=90_000),
        BodyMovement(onset_s=30, duration_s=20, level=60, motion_g=12.0),
    ]
    night = scripted_night(events, SHORT, 2)
    for info in night.signals:
        values = whole(night, info.stream)
        step = info.resolution[0]
        rails = info.rails[0]
        assert step is not None
        assert rails is not None
        codes = values / step
        assert np.abs(codes - np.rint(codes)).max() < 1e-6
        assert values.max() == pytest.approx(rails[1], abs=step / 10)
        assert values.min() >= rails[0] - step / 10


def test_memory_does_not_grow_with_the_night() -> None:
    def peak(duration_s: float) -> int:
        night = scripted_night(
            [LimbMovement(onset_s=t, duration_s=2, level=9) for t in range(30, 600, 30)],
            NightParameters(duration_s=duration_s, emg_rate=Fraction(250), acc_rate=Fraction(25)),
        )
        tracemalloc.start()
        for _ in night.read():
            pass
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(600.0)  # imports and caches
    assert peak(3600.0) < 1.1 * peak(600.0) + 200_000


def test_truth_as_json() -> None:
    cramp = Cramp(onset_s=60.12345, duration_s=30, level=8.127, detail="clear")
    document = json.loads(scripted_night([cramp], SHORT, 7).truth.to_json())
    assert document == {
        "schema": 1,
        "simulated": True,
        "seed": 7,
        "night": 0,
        "duration_s": 300.0,
        "resting_uv": 2.5,
        "events": [
            {
                "kind": "cramp",
                "onset_s": 60.123,
                "duration_s": 30.0,
                "level": 8.13,
                "detail": "clear",
                "scorable": True,
            }
        ],
    }


def test_amplitude_alone_is_not_enough() -> None:
    parameters = NightParameters(
        duration_s=3600.0, emg_rate=Fraction(500), cramps_per_night=0.0, body_movement_shape=1000.0
    )
    night = simulate_night(parameters, 3)
    emg = np.nan_to_num(whole(night, "emg"))
    levels = np.sqrt((muscle_band(emg, 500).reshape(-1, 500) ** 2).mean(axis=1))
    loud = (levels > 3 * np.median(levels)).astype(int)
    runs = np.flatnonzero(np.diff(loud) == 1)
    # 5 false alarms a night (8 h) would be 0.6 in this hour
    assert sum(loud[run + 1 : run + 4].all() for run in runs) >= 2


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: NightParameters(emg_rate=Fraction(100)), "100 Hz.*at least 200"),
        (lambda: NightParameters(acc_rate=Fraction(9)), "9 Hz.*at least 10"),
        (lambda: NightParameters(duration_s=0.0), "more than 0 s"),
        (lambda: Cramp(onset_s=0, duration_s=0), "cramp at 0 s lasts 0 s"),
        (lambda: Cramp(onset_s=0, duration_s=5, level=0.5), "level 0.5.*at least 1"),
        (lambda: LeadOff(onset_s=0, duration_s=5, mode="loose"), "'loose' is unknown"),
        (
            lambda: scripted_night([Pop(onset_s=299, duration_s=5)], SHORT),
            "299 to 304 s lies outside",
        ),
    ],
)
def test_a_callers_mistake_is_told(make: Callable[[], object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        make()
