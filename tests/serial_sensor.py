"""A serial sensor on a pseudo-terminal: numbered frames of 4 channels at 4 kHz, faults, commands.

Run as a program, it streams from a process of its own, paced by the clock.
"""

import os
import select
import shutil
import struct
import subprocess
import sys
import threading
import time
import tty
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from crampdetect.devices.link_plan import SerialPlan
from crampdetect.devices.serial_port import SerialTransport
from crampdetect.devices.transport import Waits
from tests.transport_watching import Watch

#: 40 samples of 4 channels of 16 bits, a hundred times a second.
RATE, SAMPLES, CHANNELS = 4000, 40, 4
MAGIC = b"\xa5\x5a"
HEAD = struct.Struct("<2sI")
PAYLOAD = SAMPLES * CHANNELS * 2
FRAME = HEAD.size + PAYLOAD


def frame(number: int) -> bytes:
    """The frame with this number; each byte depends on it."""
    return HEAD.pack(MAGIC, number) + bytes((7 * number + k) & 0xFF for k in range(PAYLOAD))


def frames(count: int, first: int = 0) -> bytes:
    """Consecutive frames."""
    return b"".join(frame(first + k) for k in range(count))


def is_sensor(heard: bytes) -> bool:
    """Whether two frames follow one another in what was heard."""
    at = heard.find(MAGIC)
    while at >= 0 and at + 2 * FRAME <= len(heard):
        _, number = HEAD.unpack_from(heard, at)
        if heard[at : at + 2 * FRAME] == frames(2, number):
            return True
        at = heard.find(MAGIC, at + 1)
    return False


PLAN = SerialPlan(921600, start=(b"go\n",), stop=(b"end\n",), handshake=is_sensor)


class Pty:
    """A port with a sensor behind it.

    Parameters
    ----------
    listens : bool
        This process reads what is written to the port.

    Attributes
    ----------
    path : str
        Of the port.
    sensor : int
        Descriptor of the sensor's end.
    heard : bytearray
        What was written to the port.
    """

    def __init__(self, listens: bool = True) -> None:
        self.sensor, port = os.openpty()
        tty.setraw(self.sensor)
        tty.setraw(port)
        self.path = os.ttyname(port)
        self._port = port
        self._unplugged = threading.Event()
        self.heard = bytearray()
        self._changed = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        if listens:
            self._reader.start()

    def write(self, data: bytes) -> None:
        """Send as a sensor does, without waiting for the other side."""
        while data:
            data = data[os.write(self.sensor, data) :]

    def hears(self, data: bytes, times: int = 1) -> None:
        """Wait until it was written to the port so often."""
        with self._changed:
            assert self._changed.wait_for(lambda: self.heard.count(data) >= times, 20.0)

    def unplug(self) -> None:
        """Both ends go."""
        if not self._unplugged.is_set():
            self._unplugged.set()
            if self._reader.ident is not None:
                self._reader.join()
            os.close(self._port)
            os.close(self.sensor)

    def _read(self) -> None:
        while not self._unplugged.is_set():
            if select.select([self.sensor], [], [], 0.02)[0]:
                data = os.read(self.sensor, 4096)
                with self._changed:
                    self.heard += data
                    self._changed.notify_all()


class Streaming:
    """A thread that writes frames to a Pty, paced, while the block lasts or so many are written."""

    def __init__(self, pty: Pty, count: int, first: int = 0) -> None:
        self._pty, self._numbers = pty, range(first, first + count)
        self.stopped = threading.Event()
        self.thread = threading.Thread(target=self._stream, daemon=True)
        self.thread.start()

    def _stream(self) -> None:
        with suppress(OSError):  # it may be unplugged
            stream(self._pty.write, self._numbers, self.stopped)


def stream(write: Callable[[bytes], object], numbers: range, stopped: threading.Event) -> None:
    """Write the frames, each when it is due."""
    due = time.monotonic()
    for number in numbers:
        if stopped.is_set():
            return
        write(frame(number))
        due += SAMPLES / RATE
        time.sleep(max(0.0, due - time.monotonic()))


def talk(pty: Pty, stopped: threading.Event) -> None:
    while not stopped.wait(0.02):
        pty.write(b"temperature 21.5\r\n")


def transport(
    watch: Watch, path: str, plan: SerialPlan = PLAN, silence_s: float = 5.0
) -> SerialTransport:
    return SerialTransport(
        plan, path, on_state=watch.on_state, silence_s=silence_s, waits=Waits(0.05, 0.1)
    )


@contextmanager
def socat(folder: Path) -> Iterator[tuple[Path, Path]]:
    """Two pseudo-terminals, joined by a real socat: the sensor's end and the port."""
    if shutil.which("socat") is None:
        pytest.skip("socat is not installed")
    ends = folder / "sensor", folder / "port"
    process = subprocess.Popen(["socat", *(f"pty,raw,echo=0,link={one}" for one in ends)])
    try:
        deadline = time.monotonic() + 10
        while not all(one.exists() for one in ends):
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.01)
        yield ends
    finally:
        process.terminate()
        process.wait()


def main() -> None:
    """Stream when told to: descriptor or path, number of frames."""
    where, count = sys.argv[1], int(sys.argv[2])
    descriptor = int(where) if where.isdigit() else os.open(where, os.O_RDWR | os.O_NOCTTY)

    def write(data: bytes) -> None:
        while data:
            data = data[os.write(descriptor, data) :]

    heard = b""
    while b"go" not in heard:
        heard += os.read(descriptor, 64)
    stream(write, range(count), threading.Event())
    time.sleep(0.5)  # what is in the terminal goes when its end is closed


if __name__ == "__main__":
    main()
