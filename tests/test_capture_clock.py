"""A clock that is set and a sleep are seen in a capture, told, and allowed for in its UTC."""

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crampdetect.errors import RecordingError
from crampdetect.link import Received
from crampdetect.storage.capture_clock import ClockPair, SystemClock, UtcLine, changes, read_pair
from crampdetect.storage.capture_findings import clock_findings
from crampdetect.storage.capture_reader import Capture, read_capture
from crampdetect.storage.capture_writer import CaptureWriter
from tests.capture_building import HEAD, SECOND, START, START_UTC, TurnedClock, write_capture

HOUR = 3600


def night(path: Path, clock: TurnedClock, *happens: tuple[float, str, float]) -> Capture:
    """A night in which at some seconds the clock is set (``"set"``) or the computer sleeps."""
    with CaptureWriter(path, HEAD, clock, durable=False) as writer:
        for seconds, what, by_s in happens:
            while clock.now < START + seconds * SECOND:
                writer.event(Received(b"x", clock.turn(1)))
            if what == "set":
                clock.utc_minus_boot += round(by_s * SECOND)
            elif what == "sleep":
                clock.slept += round(by_s * SECOND)
            elif what == "stop":
                clock.turn(by_s)
    return read_capture(path)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "night.mcap"


def test_a_quiet_night_has_one_line_and_nothing_to_tell(path: Path) -> None:
    capture = night(path, TurnedClock(), (300, "", 0))
    assert clock_findings(capture) == []
    assert capture.utc_of(START) == START_UTC
    assert capture.utc_of(START + 123_456_789) == START_UTC + 123_456_789
    assert capture.utc_of(START - 5 * SECOND) == START_UTC - 5 * SECOND
    assert capture.utc_of(START + 9999 * SECOND) == START_UTC + 9999 * SECOND


def test_a_clock_that_is_set_at_the_beginning_is_right_for_the_whole_night(path: Path) -> None:
    clock = TurnedClock(utc_minus_boot=0)  # as after an empty clock battery: 1970
    capture = night(path, clock, (33, "set", (START_UTC - START) / SECOND), (300, "", 0))
    assert capture.utc_of(START) == START_UTC
    assert capture.utc_of(START + 34 * SECOND) == START_UTC + 34 * SECOND
    assert capture.utc_of(START + 300 * SECOND) == START_UTC + 300 * SECOND
    (told,) = clock_findings(capture)
    assert told.startswith("the computer's clock was set forward by 49")
    assert told.endswith("all times of the night are by the clock as it was set")


def test_two_steps_are_both_taken_back(path: Path) -> None:
    capture = night(path, TurnedClock(), (40, "set", -7.5), (90, "set", 2.0), (200, "", 0))
    assert capture.utc_of(START) == START_UTC - 5_500_000_000
    assert capture.utc_of(START + 60 * SECOND) - capture.utc_of(START) == 60 * SECOND
    assert capture.utc_of(START + 199 * SECOND) - capture.utc_of(START) == 199 * SECOND
    assert [told[:48] for told in clock_findings(capture)] == [
        "the computer's clock was set back by 7.5 s at ab",
        "the computer's clock was set forward by 2.0 s at",
    ]
    assert "at about 00:00:34" in clock_findings(capture)[0]  # in the wearer's zone, as set later
    assert "CEST" in clock_findings(capture)[0]


def test_a_sleep_is_told_and_moves_what_comes_after_it_within_a_second(path: Path) -> None:
    capture = night(path, TurnedClock(), (60, "sleep", 2 * HOUR), (200, "", 0))
    assert capture.utc_of(START + 59 * SECOND) == START_UTC + 59 * SECOND
    assert capture.utc_of(START + 62 * SECOND) == START_UTC + (62 + 2 * HOUR) * SECOND
    assert clock_findings(capture) == [
        "the computer slept for 2.0 h from about 00:01:00 CEST on; nothing was recorded meanwhile"
    ]


def test_a_sleep_and_a_set_clock_at_once_are_told_apart(path: Path) -> None:
    capture = night(path, TurnedClock(), (60, "sleep", 600), (60, "set", 1.25), (99, "", 0))
    told = [c for c in changes(capture.clock_pairs) if c.slept or c.set_by]
    assert [(c.slept, c.set_by) for c in told] == [(600 * SECOND, 1_250_000_000)]
    assert [told[:30] for told in clock_findings(capture)] == [
        "the computer slept for 10 min ",
        "the computer's clock was set f",
    ]
    assert capture.utc_of(START + 90 * SECOND) == START_UTC + round(691.25 * SECOND)


def test_a_standstill_is_told(path: Path) -> None:
    capture = night(path, TurnedClock(), (60, "stop", 300), (400, "", 0))
    (told,) = clock_findings(capture)
    assert told.startswith("the program stood still for 5 min from about 00:01:00 CEST")
    assert capture.utc_of(START + 399 * SECOND) == START_UTC + 399 * SECOND


def test_slewing_is_followed_and_is_no_step(path: Path) -> None:
    clock = TurnedClock()
    with CaptureWriter(path, HEAD, clock, durable=False) as writer:
        for _ in range(1000):
            clock.utc_minus_boot += 500_000  # 500 parts per million, the fastest the kernel slews
            writer.event(Received(b"x", clock.turn(1)))
    capture = read_capture(path)
    assert clock_findings(capture) == []
    assert abs(capture.utc_of(clock.now) - clock.utc_ns()) < 10_000_000
    assert capture.utc_of(START) == START_UTC


def test_a_zone_that_is_unknown_here_leaves_the_times_in_utc(path: Path) -> None:
    capture = night(path, TurnedClock(), (60, "set", 9), (99, "", 0))
    object.__setattr__(capture.head, "timezone", "Nowhere/At_All")
    assert " at about 22:01:09" in clock_findings(capture)[0]
    assert " UTC; " in clock_findings(capture)[0]


def test_without_a_pair_the_time_is_refused_in_a_sentence(path: Path) -> None:
    capture = read_capture(write_capture(path, 1).path)
    object.__setattr__(capture, "utc_line", None)
    with pytest.raises(RecordingError, match="no reading of the clock; expected one each 10 s"):
        capture.utc_of(START)


steps = st.lists(
    st.tuples(
        st.integers(1, 50),
        st.sampled_from(["set", "sleep"]),
        st.integers(STEP := 100_000_000, 10**14),
    ),
    max_size=6,
)


@given(steps, st.integers(0, 400))
def test_utc_of_every_instant_is_what_the_last_setting_of_the_clock_says(
    happens: list[tuple[int, str, int]], second: int
) -> None:
    """The true UTC is that of the final clock, counted back over sleeps and running time."""
    clock = TurnedClock()
    pairs = [read_pair(clock)]
    boot_at = {clock.now: clock.boottime_ns()}
    for seconds, what, by in happens:
        for _ in range(seconds):
            clock.turn(1)
            pairs.append(read_pair(clock))
            boot_at[clock.now] = clock.boottime_ns()
        if what == "sleep":
            clock.slept += by
        else:
            clock.utc_minus_boot += by
        clock.turn(1)
        pairs.append(read_pair(clock))
        boot_at[clock.now] = clock.boottime_ns()
    at = min(START + second * SECOND, clock.now)
    assert UtcLine(pairs).utc_ns(at) == boot_at[at] + clock.utc_minus_boot


def test_the_clocks_of_this_computer_are_read_as_one_instant() -> None:
    clock = SystemClock()
    pairs = [read_pair(clock), read_pair(clock)]
    assert all(isinstance(pair, ClockPair) for pair in pairs)
    assert pairs[0].monotonic_ns <= pairs[1].monotonic_ns <= time.monotonic_ns()
    assert abs(pairs[1].utc_ns - time.time_ns()) < 5 * SECOND
    assert pairs[0].boottime_ns <= pairs[1].boottime_ns


def test_of_several_readings_the_quickest_counts() -> None:
    class Interrupted(TurnedClock):
        waits = iter((0.5, 0.01, 0.2, 0.3, 0.4))

        def utc_ns(self) -> int:
            self.turn(next(self.waits))
            return super().utc_ns()

    pair = read_pair(Interrupted())
    assert pair.monotonic_ns == START + round(0.505 * SECOND)
    assert pair.utc_ns == START_UTC + round(0.51 * SECOND)
