"""The loop of a live night: events from a link into the session, once a second what is due.

The clock is given, so that a night of ten hours can pass in a minute of a test.
"""

import queue
from collections.abc import Callable
from typing import Protocol

from crampdetect.link import LinkEvent
from crampdetect.session_night import NightSession

__all__ = ["Clock", "EventSource", "Link", "LinkSource", "run_night"]

SECOND_NS = 1_000_000_000
#: Longest wait for an event, in seconds: so soon a wish to stop is heard.
WAIT_S = 0.2
#: Events between two looks at the clock: a burst must not delay what is made safe.
MOST_AT_ONCE = 256


class Clock(Protocol):
    """The computer's clocks."""

    def monotonic_ns(self) -> int:
        """Time that neither jumps nor runs while the computer sleeps."""

    def utc_ns(self) -> int:
        """Since 1970."""

    def boottime_ns(self) -> int:
        """Monotonic, but running while the computer sleeps."""


class Link(Protocol):
    """What a transport offers (`devices.transport.Transport`)."""

    def start(self, deliver: Callable[[LinkEvent], None]) -> None:
        """Connect, and from now on deliver events from a thread of its own."""

    def send(self, data: bytes) -> None:
        """Send, if there is a link."""

    def stop(self) -> None:
        """Disconnect, and deliver no more."""


class EventSource(Protocol):
    """Where the loop gets its events from."""

    def next(self, timeout_s: float) -> LinkEvent | None:
        """The next event; None if there was none in time.

        Raises
        ------
        EOFError
            There will be no more.
        """

    def send(self, data: bytes) -> None:
        """Send to the device."""


class LinkSource:
    """The events of a transport, through a queue.

    Parameters
    ----------
    link : Link
    """

    def __init__(self, link: Link) -> None:
        self._link = link
        self._queue: queue.SimpleQueue[LinkEvent] = queue.SimpleQueue()

    def start(self) -> None:
        """Connect."""
        self._link.start(self._queue.put)

    def stop(self) -> None:
        """Disconnect; what had arrived can still be fetched."""
        self._link.stop()

    def next(self, timeout_s: float) -> LinkEvent | None:
        """The next event."""
        try:
            return self._queue.get(timeout=timeout_s) if timeout_s else self._queue.get_nowait()
        except queue.Empty:
            return None

    def send(self, data: bytes) -> None:
        """Send to the device."""
        self._link.send(data)


def run_night(
    session: NightSession,
    source: EventSource,
    clock: Clock,
    stop: Callable[[], str | None],
    each_second: Callable[[], None],
) -> str:
    """Feed the session until `stop` gives a reason or the source ends; returns the reason.

    Parameters
    ----------
    session : NightSession
        Not finished here.
    source : EventSource
    clock : Clock
    stop : callable
        Asked at least every 0.2 s.
    each_second : callable
        Called about once a second of `clock`, after what is due was made safe.
    """
    due = clock.monotonic_ns()
    while True:
        reason = stop()
        if reason is not None:
            return reason
        try:
            event = source.next(WAIT_S)
            for _ in range(MOST_AT_ONCE):
                if event is None:
                    break
                session.push(event)
                event = source.next(0.0)
            if event is not None:
                session.push(event)
        except EOFError:
            return "ended"
        now = clock.monotonic_ns()
        if now >= due:
            due = now + SECOND_NS
            session.tick()
            wanted = session.keep_alive(now)
            if wanted is not None:
                source.send(wanted)
            each_second()
