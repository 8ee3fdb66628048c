"""Upside Down Labs NPG Lite over Bluetooth Low Energy: the decoder.

Three channels (six with an extension) of 12 bits at 500 Hz. Each notification holds ten samples,
each with a counter of 8 bits: losses within 0.5 s are exact, longer ones are completed by arrival.
The stock firmware sends no acceleration. The gain of its input is not known, so its numbers have
no unit; they are counts around the middle of the converter.

Never seen on hardware: all known byte strings were made from a specification.
"""

from fractions import Fraction

import numpy as np

from crampdetect.detection.types import Array, Item, SignalInfo
from crampdetect.devices.decoder import Decoder
from crampdetect.devices.link_plan import BlePlan
from crampdetect.devices.shared_frames import Columns, SharedFrames
from crampdetect.devices.status_flags import BATTERY_LOW, CLIPPING
from crampdetect.devices.time_map import TimeMap
from crampdetect.link import Received

__all__ = ["BATTERY", "DATA", "PLAN", "SAMPLES", "NpgLiteDecoder", "unipolar_signals"]

RATE = Fraction(500)
#: Samples of a notification, and the channels that boards have.
SAMPLES, BOARDS = 10, (3, 6)
#: Of the counter.
MODULUS = 256
BITS = 12
#: Percent below which the battery is low; at 5 it switches itself off [A].
LOW_PERCENT = 15

DATA = "beb5483e-36e1-4688-b7f5-ea07361b26a8"
BATTERY = "f633d0ec-46b4-43c1-a39f-1ca06d0602e1"
_CONTROL = "0000ff01-0000-1000-8000-00805f9b34fb"
#: Its UUIDs are those of a well-known example, which other devices have too: the name decides.
PLAN = BlePlan(
    service="4fafc201-1fb5-459e-8fcc-c5c9c331914b",
    notify=(DATA, BATTERY),
    start=((_CONTROL, b"START"),),
    stop=((_CONTROL, b"STOP"),),
    names=("NPG-Lite",),
)


def unipolar_signals(numbers: tuple[int, ...], rate: Fraction, bits: int) -> tuple[SignalInfo, ...]:
    """EMG in counts around the middle of a converter, of the channels with these numbers."""
    half = float(1 << bits - 1)
    names = tuple(f"EMG {number}" for number in numbers)
    rails, steps = ((-half, half - 1),) * len(numbers), (1.0,) * len(numbers)
    return (SignalInfo("emg", names, rate, "a.u.", rails=rails, resolution=steps),)


class NpgLiteDecoder(Decoder):
    """From notifications to samples; see above.

    Parameters
    ----------
    channels : str
        Numbers of the channels that are connected, e.g. ``"1,2"``.
    """

    def __init__(self, channels: str = "1") -> None:
        super().__init__()
        self._numbers = _numbers(channels)
        columns = Columns(len(self._numbers), 0, (CLIPPING,))
        self._placing = SharedFrames(RATE, MODULUS, self.quality, columns)

    @property
    def signals(self) -> tuple[SignalInfo, ...]:
        """Unit-less EMG."""
        return unipolar_signals(self._numbers, RATE, BITS)

    def time_map(self) -> TimeMap | None:
        """Of the EMG."""
        return self._placing.time_map()

    def _connected(self) -> list[Item]:
        return []

    def _disconnected(self) -> list[Item]:
        return self._placing.link_lost()

    def _flush(self) -> list[Item]:
        return self._placing.flush()

    def _received(self, event: Received) -> list[Item]:
        if event.endpoint == BATTERY:
            return self._battery(event.data)
        block = _block(event.data)
        if block is None or block.shape[1] - 1 < max(self._numbers):
            self.quality.corrupt += 1
            return []
        counts = block[:, list(self._numbers)]
        clipped = ((counts == 0) | (counts == (1 << BITS) - 1)).any(axis=1)[:, np.newaxis]
        rows = np.hstack([counts - float(1 << BITS - 1), clipped])
        return self._placing.push(int(block[0, 0]), rows, event.monotonic_ns)

    def _battery(self, data: bytes) -> list[Item]:
        if len(data) != 1 or data[0] > 100:
            self.quality.corrupt += 1
            return []
        self.battery_percent = data[0]
        return self._placing.said(BATTERY_LOW) if data[0] < LOW_PERCENT else []


def _block(data: bytes) -> Array | None:
    """Counter and counts of each sample; None if that is no notification of samples."""
    if len(data) not in [SAMPLES * (1 + 2 * count) for count in BOARDS]:
        return None
    raw = np.frombuffer(data, np.uint8).reshape(SAMPLES, -1)
    counts = np.ascontiguousarray(raw[:, 1:]).view(">u2").astype(np.float64)
    counters = raw[:, :1].astype(np.float64)
    follows = (np.diff(counters[:, 0]) % MODULUS == 1).all()
    if not follows or (counts >= 1 << BITS).any():
        return None
    return np.hstack([counters, counts])


def _numbers(channels: str) -> tuple[int, ...]:
    parts = [part.strip() for part in channels.split(",")]
    numbers = tuple(int(part) for part in parts if part in tuple("123456"))
    if len(numbers) != len(parts) or len(set(numbers)) != len(numbers):
        raise ValueError(f"NPG Lite's channels are {channels!r}; expected e.g. '1,2' out of 1-6")
    return numbers
