"""Bytes of a fuzzer as a link's events, and what any decoder must do with them."""

import pickle
from collections.abc import Iterator

from crampdetect.detection.types import Samples
from crampdetect.devices.catalogue import DEVICES
from crampdetect.devices.link_plan import BATTERY_LEVEL, BlePlan
from crampdetect.link import Connected, Disconnected, LinkEvent, Received
from tests.decoder_cases import CASES

__all__ = ["corpus", "events", "survives"]

#: What a decoder may hold after any 8 kB: frames that wait, of 200 bytes as Python keeps them.
MOST_BYTES = 2_000_000
#: Operations of one byte; anything else is a delivery whose length follows.
CONNECT, DISCONNECT, LATER = 0, 1, 2


def events(kind: str, data: bytes) -> Iterator[LinkEvent]:
    """The events that `data` stands for."""
    plan = DEVICES[kind].plan
    endpoints = (*plan.notify, BATTERY_LEVEL) if isinstance(plan, BlePlan) else ("",)
    at = now = 0
    while at < len(data):
        operation, at = data[at], at + 1
        now += 1_000_000
        if operation == CONNECT:
            yield Connected(now)
        elif operation == DISCONNECT:
            yield Disconnected(now)
        elif operation == LATER:
            now += 30_000_000 * (data[at] if at < len(data) else 1)
            at += 1
        else:
            length = data[at] if at < len(data) else 0
            at += 1
            yield Received(data[at : at + length], now, endpoints[operation % len(endpoints)])
            at += length


def survives(kind: str, data: bytes) -> None:
    """Decode; nothing raises, indices go on without a hole, and what is held is bounded."""
    decoder = DEVICES[kind].make_decoder()
    reached: dict[str, int] = {}
    items = []
    for event in events(kind, data):
        items += decoder.push(event)
        decoder.keep_alive(event.monotonic_ns)
    assert len(pickle.dumps(decoder)) < MOST_BYTES
    for item in items + decoder.flush():
        assert decoder.signals is not None
        if type(item).__name__ == "Status":
            continue
        assert item.start == reached.get(item.stream, 0)
        assert item.stop > item.start
        reached[item.stream] = item.stop
        if isinstance(item, Samples):
            assert (item.values == item.values).all()
    decoder.time_map()


def corpus(kind: str) -> bytes:
    """A short night of the sensor, with a loss, a lost link and a restart."""
    if kind not in CASES:
        return bytes([CONNECT, 5, 20]) + bytes(range(20))
    case, out = CASES[kind], bytearray([CONNECT])
    sensor = case.sensor()

    def deliver(data: bytes) -> None:
        for at in range(0, len(data), 250):
            part = data[at : at + 250]
            out.extend(bytes([4, len(part)]) + part)

    deliver(sensor.hello())
    for number in range(12):
        if number == 5:
            sensor.skip()
        if number == 8:
            out.extend([DISCONNECT, LATER, 20, CONNECT])
            sensor.restart()
            deliver(sensor.hello())
        deliver(sensor.frame())
    return bytes(out)
