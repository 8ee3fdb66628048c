"""Captures for tests: a clock that is turned by hand, events with known content, a whole night."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from crampdetect.link import Connected, Disconnected, LinkEvent, Received
from crampdetect.storage.capture_writer import CaptureHead, CaptureWriter

SECOND = 1_000_000_000
#: 2026-05-04 22:00:00 UTC.
START_UTC = 1_777_932_000 * SECOND
START = 5_000 * SECOND
ENDPOINT = "6e400003-b5a3-f393-e0a9-e50e24dcca9e"
HEAD = CaptureHead(
    recording_id="5f0f64f4-7c0e-4c5e-9d3e-0f1f6d1c2b3a",
    device_kind="cramplink",
    device="/dev/ttyUSB0",
    timezone="Europe/Berlin",
    settings={"device.rate": "1000", "side": "left", "participant": "P7"},
)


@dataclass
class TurnedClock:
    """Stands still until it is turned."""

    now: int = START
    utc_minus_boot: int = START_UTC - START
    slept: int = 0

    def monotonic_ns(self) -> int:
        return self.now

    def utc_ns(self) -> int:
        return self.boottime_ns() + self.utc_minus_boot

    def boottime_ns(self) -> int:
        return self.now + self.slept

    def turn(self, seconds: float) -> int:
        self.now += round(seconds * SECOND)
        return self.now


@dataclass
class Written:
    """A capture as it was given to the writer."""

    path: Path
    clock: TurnedClock
    events: list[LinkEvent] = field(default_factory=list)


def link_events(count: int, clock: TurnedClock, rate: float = 10.0) -> Iterator[LinkEvent]:
    """Connected, `count` notifications of two characteristics with their number, disconnected."""
    yield Connected(clock.now, "RSSI -61, Büro")
    for number in range(count):
        at = clock.turn(1 / rate)
        data = number.to_bytes(4, "big") + bytes((number * k) % 251 for k in range(number % 40))
        yield Received(data, at, ENDPOINT if number % 3 else "2a19")
    yield Disconnected(clock.turn(1 / rate), "silent")


def write_capture(path: Path, count: int = 300, *, end: str | None = "ended") -> Written:
    """A capture of `count` notifications, 10 a second, with a mark and a note."""
    written = Written(path, TurnedClock())
    writer = CaptureWriter(path, HEAD, written.clock, durable=False)
    for number, event in enumerate(link_events(count, written.clock)):
        written.events.append(event)
        writer.event(event)
        if number == count // 2:
            writer.mark(written.clock.now, "felt")
            writer.note(written.clock.now, "battery", "3710 mV")
    if end is None:
        error = KeyboardInterrupt()
        writer.__exit__(type(error), error, None)
    else:
        writer.close(end)
    return written
