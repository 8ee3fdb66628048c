"""A process that captures in real time until it is killed: ``python -m tests.capture_child PATH``.

Each event carries its number; once the writer has taken it, number and time go to standard output.
``--term`` ends the capture at SIGTERM, ``--limit BYTES`` lets no file grow beyond.
"""

import os
import resource
import signal
import sys
import time
from pathlib import Path
from types import FrameType

from crampdetect.errors import RecordingError
from crampdetect.link import Connected, Received
from crampdetect.storage.capture_clock import SystemClock
from crampdetect.storage.capture_writer import CaptureHead, CaptureWriter

#: Events a second, and bytes of each: about the uMyo's.
RATE, SIZE = 140, 65


class StoppedError(Exception):
    """SIGTERM came."""


def stop(number: int, frame: FrameType | None) -> None:
    raise StoppedError


def capture(path: Path, seconds: float) -> None:
    clock = SystemClock()
    with CaptureWriter(path, CaptureHead("id", "umyo", "COM3"), clock) as writer:
        writer.event(Connected(clock.monotonic_ns()))
        began = time.monotonic()
        try:
            for number in range(int(seconds * RATE)):
                time.sleep(max(0.0, began + number / RATE - time.monotonic()))
                at = clock.monotonic_ns()
                writer.event(Received(number.to_bytes(4, "big") + bytes(SIZE - 4), at))
                os.write(1, f"{number} {at}\n".encode())
        except StoppedError:
            writer.close("SIGTERM")


def main() -> int:
    path, options = Path(sys.argv[1]), sys.argv[2:]
    if "--term" in options:
        signal.signal(signal.SIGTERM, stop)
    if "--limit" in options:
        limit = int(options[options.index("--limit") + 1])
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    try:
        capture(path, 60)
    except RecordingError as error:
        os.write(2, f"{error}\n".encode())
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
