"""The computer's clocks while a night is captured, and which UTC an instant of it has.

A capture holds pairs of readings of three clocks: monotonic, UTC, and boot time (monotonic, but
running while the computer sleeps). From these a set clock and a sleep can be told apart: a sleep
moves boot time against the monotonic clock, setting the clock moves UTC against boot time.

The rule by which an instant gets its UTC
    1. The pair that counts is the last one at or before the instant; before the first, the first.
    2. Where UTC moved against boot time by 0.1 s or more between two pairs, the clock was set.
       Setting a clock is a correction, so the clock after it is taken to be right: all pairs before
       are moved by the same step. One night has one time axis, that of its end.
    3. UTC = UTC of that pair + (instant - monotonic time of that pair).
"""

import sys
import time
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

__all__ = ["Clock", "ClockPair", "SystemClock", "UtcLine", "changes", "read_pair"]

#: A move of one clock against another by less is no step: readings are at most 1 ms apart and the
#: kernel slews by at most 500 parts per million (adjtimex(2)), 5 ms in the 10 s between two pairs.
STEP_NS = 100_000_000
#: Readings of the three clocks that lie closer together than this are taken as one instant.
SAME_INSTANT_NS = 1_000_000
#: Tries to read them so, when others use the processor [A].
MOST_TRIES = 5


class Clock(Protocol):
    """The computer's clocks, in nanoseconds; a test brings its own."""

    def monotonic_ns(self) -> int:
        """Time that neither jumps nor runs while the computer sleeps."""

    def utc_ns(self) -> int:
        """Since 1970."""

    def boottime_ns(self) -> int:
        """Monotonic, but running while the computer sleeps."""


class SystemClock:
    """The clocks of this computer.

    Windows shows a sleep in neither: its monotonic clock runs on. There a sleep is found as a hole
    between two pairs.
    """

    def monotonic_ns(self) -> int:
        """``time.monotonic_ns``."""
        return time.monotonic_ns()

    def utc_ns(self) -> int:
        """``time.time_ns``."""
        return time.time_ns()

    def boottime_ns(self) -> int:
        """``CLOCK_BOOTTIME`` of Linux; ``CLOCK_MONOTONIC`` of macOS runs on in sleep."""
        if sys.platform == "linux":
            now = time.clock_gettime_ns(time.CLOCK_BOOTTIME)
        elif sys.platform == "darwin":
            now = time.clock_gettime_ns(time.CLOCK_MONOTONIC)
        else:
            now = time.monotonic_ns()
        return now


@dataclass(frozen=True, slots=True)
class ClockPair:
    """One instant on the three clocks, in nanoseconds."""

    monotonic_ns: int
    utc_ns: int
    boottime_ns: int


@dataclass(frozen=True, slots=True)
class Change:
    """What happened to the clocks between two neighbouring pairs, in nanoseconds.

    `slept` is what boot time gained on the monotonic clock, `set_by` what UTC gained on boot time;
    0 where they moved by less than a step.
    """

    before: ClockPair
    after: ClockPair
    slept: int
    set_by: int


def read_pair(clock: Clock) -> ClockPair:
    """Read the three clocks as one instant, as nearly as the processor lets us."""
    best: tuple[int, ClockPair] | None = None
    for _ in range(MOST_TRIES):
        first = clock.monotonic_ns()
        utc, boottime = clock.utc_ns(), clock.boottime_ns()
        took = clock.monotonic_ns() - first
        if best is None or took < best[0]:
            best = took, ClockPair(first + took // 2, utc, boottime)
        if took <= SAME_INSTANT_NS:
            break
    assert best is not None  # MOST_TRIES is not 0
    return best[1]


def changes(pairs: Iterable[ClockPair]) -> Iterator[Change]:
    """Every neighbouring two of `pairs`, with what happened between them."""
    before: ClockPair | None = None
    for after in pairs:
        if before is not None:
            booted = after.boottime_ns - before.boottime_ns
            slept = booted - (after.monotonic_ns - before.monotonic_ns)
            set_by = after.utc_ns - before.utc_ns - booted
            yield Change(before, after, _step(slept), _step(set_by))
        before = after


def _step(moved: int) -> int:
    return moved if abs(moved) >= STEP_NS else 0


class UtcLine:
    """UTC of any monotonic instant, by the rule at the head of this module.

    Parameters
    ----------
    pairs : iterable of ClockPair
        At least one.

    Examples
    --------
    >>> set_back = [ClockPair(0, 9_000_000_000, 0), ClockPair(1_000_000_000, 5_000_000_000, 10**9)]
    >>> UtcLine(set_back).utc_ns(500_000_000) / 1e9
    4.5
    """

    def __init__(self, pairs: Iterable[ClockPair]) -> None:
        self._pairs = sorted(pairs, key=lambda pair: pair.monotonic_ns)
        if not self._pairs:
            raise ValueError("there is no clock pair; expected at least one")
        later = sum(change.set_by for change in changes(self._pairs))
        self._steps = [later]
        for change in changes(self._pairs):
            later -= change.set_by
            self._steps.append(later)

    def utc_ns(self, monotonic_ns: int) -> int:
        """In nanoseconds since 1970."""
        index = bisect_right(self._pairs, monotonic_ns, key=lambda pair: pair.monotonic_ns) - 1
        pair = self._pairs[max(0, index)]
        return pair.utc_ns + self._steps[max(0, index)] + monotonic_ns - pair.monotonic_ns
