"""What a transport delivered and told, and waiting for it without sleeping."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from crampdetect.devices.transport import REASONS, Transport
from crampdetect.link import Connected, Disconnected, LinkEvent, Received

#: Machines are shared: nothing that is waited for takes so long.
PATIENCE_S = 20.0


class Watch:
    """Events and states, in order.

    Attributes
    ----------
    events : list of LinkEvent
    states : list of (str, str)
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self.events: list[LinkEvent] = []
        self.states: list[tuple[str, str]] = []

    def deliver(self, event: LinkEvent) -> None:
        """For `Transport.start`."""
        with self._changed:
            self.events.append(event)
            self._changed.notify_all()

    def on_state(self, text: str, reason: str) -> None:
        """For the transport."""
        with self._changed:
            self.states.append((text, reason))
            self._changed.notify_all()

    def until(self, true: Callable[[], object], within_s: float = PATIENCE_S) -> None:
        """Wait until `true`; it is asked whenever something came."""
        with self._changed:
            came = self._changed.wait_for(true, within_s)
        assert came, (self.states[-6:], self.events[-3:], len(self.events))

    def received(self, endpoint: str = "") -> list[Received]:
        """All that was received from there."""
        return [
            one for one in self.events if isinstance(one, Received) and one.endpoint == endpoint
        ]

    def count(self, kind: type[Connected] | type[Disconnected]) -> int:
        """How often."""
        return sum(isinstance(one, kind) for one in self.events)

    def ends(self) -> list[str]:
        """Reasons of the disconnects."""
        return [one.reason for one in self.events if isinstance(one, Disconnected)]

    def reasons(self) -> list[str]:
        """Words of the states."""
        return [reason for _, reason in self.states]

    def check(self) -> None:
        """What holds for every transport: links and bytes alternate as they should, time runs."""
        up = False
        for one in self.events:
            match one:
                case Connected():
                    assert not up
                    up = True
                case Disconnected():
                    assert up
                    up = False
                case Received():
                    assert up
                    assert one.data
        times = [one.monotonic_ns for one in self.events]
        assert times == sorted(times)
        assert set(self.reasons()) <= REASONS
        assert set(self.ends()) <= REASONS


@contextmanager
def running(transport: Transport, watch: Watch) -> Iterator[Watch]:
    """Start the transport, and stop it in any case; it must take less than 2 s, and end."""
    transport.start(watch.deliver)
    try:
        yield watch
    finally:
        began = time.monotonic()
        transport.stop()
        assert time.monotonic() - began < 2.0
        count = len(watch.events)
    watch.check()
    assert watch.count(Connected) == watch.count(Disconnected)
    assert len(watch.events) == count


def connected(watch: Watch, times: int = 1) -> None:
    """Wait until the sensor was connected and started so often."""
    watch.until(lambda: watch.reasons().count("connected") >= times)


def received(watch: Watch, endpoint: str = "") -> bytes:
    """All bytes from there, joined."""
    return b"".join(one.data for one in watch.received(endpoint))


def said(watch: Watch, reason: str) -> str:
    """The sentence that was told last with this word."""
    return [text for text, word in watch.states if word == reason][-1]
