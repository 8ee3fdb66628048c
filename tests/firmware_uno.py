"""Talking to the simulated Uno through pyserial: commands out, messages in."""

import itertools
import time
from collections.abc import Callable
from typing import Self

import numpy as np
import serial

from crampdetect.detection.types import Array
from crampdetect.devices import cramplink_messages as wire
from crampdetect.devices.cramplink_commands import hello, on_the_wire
from crampdetect.devices.cramplink_info import Info, info_of
from crampdetect.devices.zero_delimited import ZeroDelimited

__all__ = ["ACC", "EMG", "Line", "assert_gapless", "info", "signal"]

#: Streams, as the firmware numbers them.
EMG, ACC = 1, 2

#: Seconds of the wall clock after which a test gives up.
PATIENCE_S = 60.0
#: Booting takes 20 ms of simulated time.
ASK_AGAIN_S = 0.3


class Line:
    """A port, and all messages that came over it so far."""

    def __init__(self, port: str, baud: int = 250_000) -> None:
        self._serial = serial.Serial(port, baud, timeout=0.05)
        self._frames = ZeroDelimited(wire.LARGEST_FRAME)
        self.messages: list[wire.Message] = []
        self.heard: list[tuple[int, bytes]] = []
        self.corrupt_after_first = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._serial.close()

    def say(self, *messages: bytes) -> None:
        """Commands."""
        for one in messages:
            self._serial.write(on_the_wire(one))

    def write(self, data: bytes) -> None:
        """Any bytes."""
        self._serial.write(data)

    def greet(self) -> None:
        """Say HELLO until the board answers: while it boots it hears nothing."""
        begin = asked = 0.0
        while not self.of(wire.Type.INFO):
            now = time.monotonic()
            begin = begin or now
            assert now - begin < PATIENCE_S, "found no answer to HELLO"
            if now - asked > ASK_AGAIN_S:
                asked = now
                self.say(hello(0))
            self.listen()

    def until(self, enough: Callable[[], bool]) -> None:
        """Listen until `enough` holds."""
        begin = time.monotonic()
        while not enough():
            assert time.monotonic() - begin < PATIENCE_S, self.messages[-3:]
            self.listen()

    def listen(self) -> None:
        """Take what waits, or wait a little."""
        data = self._serial.read(max(1, self._serial.in_waiting))
        self.heard.append((time.monotonic_ns(), data))
        for frame in self._frames.push(data):
            text = wire.unframed(frame)
            message = None if text is None else wire.parse(text)
            if message is not None:
                self.messages.append(message)
            elif self.messages:
                self.corrupt_after_first += 1

    def of(self, kind: int) -> list[wire.Message]:
        """Messages of one type."""
        return [one for one in self.messages if one.type == kind]

    def blocks(self, stream: int) -> list[wire.Block]:
        """Blocks of one stream."""
        found = [wire.blocks_of(one) for one in self.of(wire.Type.DATA)]
        return [block for blocks in found for block in blocks or [] if block.stream == stream]


def signal(seconds: int) -> Array:
    """EMG in microvolts: a cramp-like burst on a quiet muscle; no value is near a rail."""
    rng = np.random.default_rng(4)
    count = 1000 * seconds
    envelope = np.where(np.arange(count) % 4000 < 1500, 900.0, 40.0)
    return np.asarray(envelope * rng.standard_normal(count)).clip(-4000, 4000)


def info(line: Line) -> Info:
    found = info_of(line.of(wire.Type.INFO)[-1].body)
    assert found is not None
    return found


def assert_gapless(blocks: list[wire.Block], period_us: int) -> None:
    """Indices and instants run on without a jump, exactly."""
    for one, other in itertools.pairwise(blocks):
        assert other.index == one.index + len(one.values)
        assert other.t_us == one.t_us + period_us * len(one.values)
    assert not any(one.flags for one in blocks)
