"""Faults begin and end by a table, and are told once each, however often a link breaks."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from crampdetect.alerting.fault_memory import TOLD_AGAIN_S, FaultMemory
from crampdetect.alerting.fault_watch import CAUSES, FaultWatch
from crampdetect.alerting.night_facts import NightFacts, facts_of
from crampdetect.detection.types import Samples, Status
from crampdetect.link import Connected, Disconnected, LinkQuality, Received
from crampdetect.session_night_state import NightState

FINE = NightFacts(judged=1.0, learnt=True, battery_percent=80, disk_free=10**9)
MB = 1_000_000

#: Cause, facts in which it is there, seconds until it begins, facts in which it is no more, seconds
#: until it is over, and a word of its text.
TABLE = [
    ("no_data", {"silent_s": 30.0}, 0, {}, 10, "switch it off and on"),
    ("no_data", {"silent_s": 30.0, "connected": False}, 0, {}, 10, "looked for"),
    ("lead_off", {"flags": frozenset({"lead_off"})}, 20, {}, 10, "no contact"),
    ("clipping", {"flags": frozenset({"clipping"})}, 60, {}, 60, "limit"),
    ("sensor_fault", {"flags": frozenset({"sensor_fault"})}, 0, {}, 10, "broken"),
    ("not_judged", {"judged": 0.49}, 300, {"judged": 0.5}, 10, "could not be judged"),
    ("battery_low", {"battery_percent": 15}, 0, {"battery_percent": 20}, 60, "15 %"),
    (
        "battery_low",
        {"battery_percent": None, "battery_mv": 3400},
        0,
        {"battery_percent": None, "battery_mv": 3500},
        60,
        "3.40 V",
    ),
    ("battery_low", {"flags": frozenset({"battery_low"})}, 0, {}, 60, "battery is low"),
    ("disk_low", {"disk_free": 100 * MB}, 0, {"disk_free": 150 * MB}, 10, "100 MB"),
]
#: Facts that are no fault, and do not end one either.
BETWEEN = [
    ("battery_low", {"battery_percent": 15}, {"battery_percent": 19}),
    ("disk_low", {"disk_free": 100 * MB}, {"disk_free": 149 * MB}),
    ("disk_low", {"disk_free": 100 * MB}, {"disk_free": None}),
    ("no_data", {"silent_s": 30.0}, {"silent_s": 5.0}),
]
HARMLESS = [
    {"silent_s": 29.9},
    {"silent_s": 29.9, "connected": False},
    {"battery_percent": 16},
    # Per cent go before millivolts where both are known.
    {"battery_percent": 16, "battery_mv": 3000},
    {"battery_percent": None},
    {"battery_percent": None, "battery_mv": 3401},
    {"disk_free": 100 * MB + 1},
    {"disk_free": None},
    # The resting level is not learnt yet.
    {"judged": 0.0, "learnt": False},
    {"judged": None},
    {"flags": frozenset({"other_signals"})},
]


def made(fields: dict[str, object]) -> NightFacts:
    return replace(FINE, **fields)  # type: ignore[arg-type]


def look_for(
    watch: FaultWatch, facts: NightFacts, first: int, seconds: int
) -> list[tuple[int, str, bool, str]]:
    """What changed in so many seconds: second since `first`, cause, begun, text."""
    return [
        (second, change.cause, change.begun, change.text)
        for second in range(seconds)
        for change in watch.look(facts, float(first + second))
    ]


@pytest.mark.parametrize(("cause", "there", "after", "gone", "over", "word"), TABLE)
def test_every_fault_begins_and_ends(
    cause: str, there: dict[str, object], after: int, gone: dict[str, object], over: int, word: str
) -> None:
    watch = FaultWatch()
    assert look_for(watch, FINE, 0, 1000) == []
    (begun,) = look_for(watch, made(there), 1000, 1000)
    assert begun[:3] == (after, cause, True)
    assert word in begun[3]
    assert look_for(watch, made(gone), 2000, 1000) == [(over, cause, False, "")]
    # And once more: the second time is as the first.
    (again,) = look_for(watch, made(there), 3000, 1000)
    assert again[:3] == (after, cause, True)


@pytest.mark.parametrize("fields", HARMLESS)
def test_what_is_no_fault(fields: dict[str, object]) -> None:
    assert look_for(FaultWatch(), made(fields), 0, 2000) == []


@pytest.mark.parametrize(("cause", "there", "between"), BETWEEN)
def test_a_fault_lasts_until_it_is_clearly_gone(
    cause: str, there: dict[str, object], between: dict[str, object]
) -> None:
    watch = FaultWatch()
    assert [row[1] for row in look_for(watch, made(there), 0, 10)] == [cause]
    assert look_for(watch, made(between), 10, 2000) == []


@pytest.mark.parametrize(("cause", "there", "after", "gone", "over", "word"), TABLE)
def test_a_moment_is_no_fault_and_a_moment_ends_none(
    cause: str, there: dict[str, object], after: int, gone: dict[str, object], over: int, word: str
) -> None:
    del cause, word
    watch = FaultWatch()
    for start in range(0, 10 * (after + 1), after + 1):
        assert look_for(watch, made(there), start, after) == []
        assert look_for(watch, FINE, start + after, 1) == []
    begun = look_for(watch, made(there), 10_000, after + 1)
    assert len(begun) == 1
    for start in range(20_000, 20_000 + 10 * (over + 1), over + 1):
        assert look_for(watch, made(gone), start, over) == []
        assert look_for(watch, made(there), start + over, 1) == []


def test_without_data_nothing_is_said_of_what_only_data_can_show() -> None:
    watch = FaultWatch()
    silent = replace(
        FINE,
        silent_s=1000.0,
        flags=frozenset({"lead_off", "clipping", "sensor_fault", "battery_low"}),
        judged=0.0,
    )
    assert [row[1] for row in look_for(watch, silent, 0, 2000)] == ["no_data"]
    # A fault that was known lasts through the silence.
    watch = FaultWatch()
    off = replace(FINE, flags=frozenset({"lead_off"}))
    assert [row[1] for row in look_for(watch, off, 0, 100)] == ["lead_off"]
    gone = replace(FINE, silent_s=1000.0)
    assert [row[1:3] for row in look_for(watch, gone, 100, 100)] == [("no_data", True)]


def test_the_causes_are_a_closed_set() -> None:
    assert {row[0] for row in TABLE} == set(CAUSES)


def test_facts_of_a_night() -> None:
    second = 1_000_000_000
    state = NightState(LinkQuality())
    facts = facts_of(state, 5 * second, 9 * second)
    assert facts == NightFacts(connected=False, silent_s=4.0)
    state.begin(Fraction(1000))
    state.heard(Connected(10 * second))
    state.heard(Received(b"x", 11 * second))
    state.item(Samples("emg", 0, np.zeros((1000, 1))))
    state.status(Status("emg", 0, 1000, "lead_off"))
    state.battery(11 * second, 3900, 55)
    facts = facts_of(state, 5 * second, 12 * second, 7 * MB)
    assert facts == NightFacts(
        connected=True,
        silent_s=1.0,
        flags=frozenset({"lead_off"}),
        battery_percent=55,
        battery_mv=3900,
        disk_free=7 * MB,
    )
    state.heard(Disconnected(13 * second))
    assert not facts_of(state, 5 * second, 14 * second).connected


def test_a_lasting_fault_is_told_once() -> None:
    memory = FaultMemory()
    for second in range(10_000):
        memory.begin("no_data", "text")
        assert memory.due(float(second)) == ([("no_data", "text")] if second == 0 else [])
    assert memory.over("no_data")
    assert not memory.over("no_data")


def test_a_night_of_reconnects_is_no_flood() -> None:
    memory = FaultMemory()
    told = ended = 0
    for second in range(36_000):
        if second % 60 == 0:
            memory.begin("no_data", "text")
        if second % 60 == 45:
            ended += memory.over("no_data")
        told += len(memory.due(float(second)))
    assert told == 20
    # An end is told only where the beginning was.
    assert ended == told


def test_a_fault_that_came_back_too_soon_is_told_later_if_it_lasts() -> None:
    memory = FaultMemory()
    memory.begin("no_data", "first")
    assert memory.due(0.0) == [("no_data", "first")]
    assert memory.over("no_data")
    memory.begin("no_data", "second")
    assert memory.due(TOLD_AGAIN_S - 0.1) == []
    assert memory.lasting == {"no_data": "second"}
    assert memory.due(TOLD_AGAIN_S) == [("no_data", "second")]


def test_causes_do_not_hide_one_another() -> None:
    memory = FaultMemory()
    memory.begin("no_data", "a")
    memory.begin("disk_low", "b")
    assert memory.due(0.0) == [("no_data", "a"), ("disk_low", "b")]
    assert memory.over("no_data")
    assert memory.lasting == {"disk_low": "b"}
