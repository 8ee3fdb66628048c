"""OYMotion gForcePro+ armband over Bluetooth Low Energy: the decoder.

Eight dry channels at 500 Hz with 12 bits, and acceleration.

- Nothing is counted: a loss is only seen once the stream is 0.25 s behind its arrival. It is then
  completed in whole notifications, and marked estimated.
- Long messages come in parts that are numbered downwards; one that is missing spoils its message.
- How often acceleration comes is not documented; it is placed where the EMG is when it arrives.

Never seen on hardware: all known byte strings were made from a specification. Whether a step is
1.02 or 1.53 uV is disputed, and so is that the armband fits a calf.
"""

import struct
from fractions import Fraction

import numpy as np

from crampdetect.detection.types import Array, Item, SignalInfo
from crampdetect.devices.decoder import Decoder
from crampdetect.devices.frame_streams import FrameStreams
from crampdetect.devices.heard_before import HeardBefore
from crampdetect.devices.link_plan import BlePlan
from crampdetect.devices.status_flags import BATTERY_LOW, CLIPPING
from crampdetect.devices.time_map import TimeMap
from crampdetect.link import Received

__all__ = ["ANSWERS", "DATA", "PLAN", "STEP_UV", "GForceDecoder"]

CHANNELS = 8
RATE, ACC_RATE = Fraction(500), Fraction(50)
#: Bytes of the samples of a notification.
EMG_BYTES = 128
#: numpy type and step by bits: 2.5 V over all bits but the sign, behind a gain of 1200 (by older
#: texts 800).
NUMBERS = {"8": "u1", "12": "<u2"}
STEP_UV = {"8": 2.5e6 / 1200 / 127, "12": 2.5e6 / 1200 / 2047}
ACC_STEP_G = 1 / 65536
#: Types of data, and the mark of a part.
ACC, EMG, PART = 0x01, 0x08, 0xFF
#: Bytes of a message at most; those that are known have up to 129 [A].
LONGEST = 4096
#: A repeated notification comes at once [A].
RECENT, RECENT_NS = 2, 5_000_000
#: The battery is asked for so often [A]; low below this percentage [A].
ASK_NS, LOW_PERCENT = 300_000_000_000, 15
_GET_BATTERY, _OK = 0x08, 0x00

ANSWERS = "f000ffe1-0451-4000-b000-000000000000"
DATA = "f000ffe2-0451-4000-b000-000000000000"
#: 500 Hz, 8 channels, 128 bytes, 12 bits; then EMG and acceleration on.
PLAN = BlePlan(
    service="0000ffd0-0000-1000-8000-00805f9b34fb",
    notify=(ANSWERS, DATA),
    start=(
        (ANSWERS, struct.pack("<BHHBB", 0x3F, 500, 0xFF, 128, 12)),
        (ANSWERS, struct.pack("<BI", 0x4F, 0x81)),
    ),
    stop=((ANSWERS, struct.pack("<BI", 0x4F, 0)),),
    write=ANSWERS,
    start_interval_s=0.1,
)


class GForceDecoder(Decoder):
    """From notifications to samples; see above.

    Parameters
    ----------
    channels : str
        Which of the eight are used, e.g. ``"1,2,3"``; empty for all.
    bits : {"12", "8"}
        As the start command set them.
    """

    def __init__(self, channels: str = "", bits: str = "12") -> None:
        super().__init__()
        if bits not in NUMBERS:
            raise ValueError(f"{bits!r} bits; expected 12 or 8")
        self._channels, self._numbers = _numbers(channels), np.dtype(NUMBERS[bits])
        self._step_uv, self._middle = STEP_UV[bits], float(1 << int(bits) - 1)
        # There is no other counter than the samples of a notification.
        samples = EMG_BYTES // CHANNELS // self._numbers.itemsize
        self._streams = FrameStreams(RATE, ACC_RATE, samples, self.quality, duplicates=False)
        self._heard = HeardBefore(RECENT, RECENT_NS)
        self._parts = b""
        self._part: int | None = None
        self._asked_ns: int | None = None

    @property
    def signals(self) -> tuple[SignalInfo, ...]:
        """EMG of the channels that are used, three axes of acceleration."""
        count = len(self._channels)
        names = tuple(f"EMG {number}" for number in self._channels)
        rail = (-self._middle * self._step_uv, (self._middle - 1) * self._step_uv)
        emg = SignalInfo("emg", names, RATE, "uV", rails=(rail,) * count,
                         resolution=(self._step_uv,) * count)  # fmt: skip
        axes = ("ACC X", "ACC Y", "ACC Z")
        acc = SignalInfo("acc", axes, ACC_RATE, "g", rails=(None,) * 3,
                         resolution=(ACC_STEP_G,) * 3)  # fmt: skip
        return emg, acc

    def time_map(self) -> TimeMap | None:
        """Of the EMG."""
        return self._streams.time_map()

    def keep_alive(self, monotonic_ns: int) -> bytes | None:
        """Asks for the battery."""
        if self._asked_ns is not None and monotonic_ns - self._asked_ns < ASK_NS:
            return None
        self._asked_ns = monotonic_ns
        return bytes([_GET_BATTERY])

    def _connected(self) -> list[Item]:
        self._heard.clear()
        self._part, self._asked_ns = None, None
        return []

    def _disconnected(self) -> list[Item]:
        return self._streams.link_lost()

    def _flush(self) -> list[Item]:
        return self._streams.flush()

    def _received(self, event: Received) -> list[Item]:
        if event.endpoint == ANSWERS:
            return self._battery(event.data)
        if self._heard.push(event):
            self.quality.duplicate += 1
            return []
        message = self._joined(event.data)
        if not message:
            return []
        kind, content = message[0], message[1:]
        if kind == EMG and len(content) == EMG_BYTES:
            return self._emg(content, event.monotonic_ns)
        if kind == ACC and len(content) == 12:
            counts = np.array(struct.unpack("<3i", content), dtype=np.float64)
            return self._streams.push_acc(counts * ACC_STEP_G)
        self.quality.corrupt += kind in (EMG, ACC)
        return []

    def _joined(self, data: bytes) -> bytes:
        """The message that a notification is, or that its last part completes."""
        if data[:1] != bytes([PART]):
            self._part = None
            self.quality.corrupt += not data
            return data
        if len(data) < 2:
            self.quality.corrupt += 1
            return b""
        number = data[1]
        follows = self._part is not None and number == self._part - 1
        before = self._parts if follows else b""
        if self._part is not None and not follows:
            self.quality.corrupt += 1
        self._parts, self._part = before + data[2:], number
        if len(self._parts) > LONGEST:
            self._part = None
            self.quality.corrupt += 1
        if number > 0 or self._part is None:
            return b""
        self._part = None
        return self._parts

    def _emg(self, content: bytes, arrival_ns: int) -> list[Item]:
        counts = np.frombuffer(content, self._numbers).reshape(-1, CHANNELS).astype(np.float64)
        if (counts >= 2 * self._middle).any():
            self.quality.corrupt += 1
            return []
        chosen = counts[:, [number - 1 for number in self._channels]]
        clipped = bool(((chosen == 0) | (chosen == 2 * self._middle - 1)).any())
        values: Array = (chosen - self._middle) * self._step_uv
        flags = (CLIPPING,) if clipped else ()
        return self._streams.push(0, values, arrival_ns, flags=flags)

    def _battery(self, data: bytes) -> list[Item]:
        if data[:2] != bytes([_OK, _GET_BATTERY]):
            return []
        if len(data) != 3 or data[2] > 100:
            self.quality.corrupt += 1
            return []
        self.battery_percent = data[2]
        return self._streams.said(BATTERY_LOW) if data[2] < LOW_PERCENT else []


def _numbers(channels: str) -> tuple[int, ...]:
    parts = [part.strip() for part in channels.split(",")] if channels else list("12345678")
    numbers = tuple(int(part) for part in parts if part in tuple("12345678"))
    if len(numbers) != len(parts) or len(set(numbers)) != len(numbers):
        text = f"the gForce's channels are {channels!r}; expected e.g. '1,2' out of 1-{CHANNELS}"
        raise ValueError(text)
    return numbers
