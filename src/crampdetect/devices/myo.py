"""Thalmic Myo armband over Bluetooth Low Energy: the decoder.

Eight dry channels at 200 Hz with 8 bits of no known unit, acceleration at 50 Hz. It was
discontinued in 2018.

- Nothing is counted. Two samples come by each of four characteristics in turn, so a break of this
  turn tells one to three missing notifications; a longer loss is completed by arrival once the
  stream is 0.25 s behind, and marked estimated.
- Acceleration comes beside the EMG and is placed where the EMG is when it arrives.
- A resting muscle is 0 or 1 of 127, so nothing can be said of contact from these levels alone.

Never seen on hardware: all known byte strings were made from a specification.
"""

import struct
from fractions import Fraction

import numpy as np

from crampdetect.detection.types import Array, Item, SignalInfo
from crampdetect.devices.decoder import Decoder
from crampdetect.devices.frame_streams import FrameStreams
from crampdetect.devices.heard_before import HeardBefore
from crampdetect.devices.link_plan import BATTERY_LEVEL, BlePlan
from crampdetect.devices.status_flags import BATTERY_LOW, CLIPPING
from crampdetect.devices.time_map import TimeMap
from crampdetect.link import Received

__all__ = ["EMG_DATA", "IMU_DATA", "PLAN", "MyoDecoder"]

CHANNELS = 8
RATE, ACC_RATE = Fraction(200), Fraction(50)
#: Samples of a notification, and of a turn of the four characteristics.
SAMPLES, TURN = 2, 8
#: Bytes of a notification.
EMG_BYTES, IMU_BYTES = 16, 20
#: Acceleration begins here, behind the orientation; 2048 counts are 1 g.
ACC_AT, ACC_PER_G = 8, 2048.0
LOWEST, HIGHEST = -128.0, 127.0
ACC_LARGEST = (1 << 15) / ACC_PER_G
#: A characteristic comes again after 20 ms; what is repeated, comes at once.
RECENT, RECENT_NS = 3, 10_000_000
#: Percent below which the battery is low [A].
LOW_PERCENT = 15


def _uuid(short: str) -> str:
    return f"d506{short}-a904-deb9-4748-2c7f4a124842"


EMG_DATA = (_uuid("0105"), _uuid("0205"), _uuid("0305"), _uuid("0405"))
IMU_DATA = _uuid("0402")
_COMMAND = _uuid("0401")
#: Never sleep; raw EMG, orientation and acceleration, no gestures. Both after every connection:
#: without the first it sleeps after 30 s of stillness.
PLAN = BlePlan(
    service=_uuid("0001"),
    notify=(*EMG_DATA, IMU_DATA),
    start=((_COMMAND, b"\x09\x01\x01"), (_COMMAND, b"\x01\x03\x03\x01\x00")),
    stop=((_COMMAND, b"\x01\x03\x00\x00\x00"),),
    battery=True,
)


class MyoDecoder(Decoder):
    """From notifications to samples; see above.

    Parameters
    ----------
    channels : str
        Which of the eight are used, e.g. ``"1,2,3"``; empty for all.
    """

    def __init__(self, channels: str = "") -> None:
        super().__init__()
        self._channels = _numbers(channels)
        self._streams = FrameStreams(RATE, ACC_RATE, TURN, self.quality, duplicates=False)
        self._heard = HeardBefore(RECENT, RECENT_NS)

    @property
    def signals(self) -> tuple[SignalInfo, ...]:
        """Unit-less EMG, three axes of acceleration."""
        count = len(self._channels)
        names = tuple(f"EMG {number}" for number in self._channels)
        rails, steps = ((LOWEST, HIGHEST),) * count, (1.0,) * count
        emg = SignalInfo("emg", names, RATE, "a.u.", rails=rails, resolution=steps)
        ends, grain = ((-ACC_LARGEST, ACC_LARGEST),) * 3, (1 / ACC_PER_G,) * 3
        axes = ("ACC X", "ACC Y", "ACC Z")
        acc = SignalInfo("acc", axes, ACC_RATE, "g", rails=ends, resolution=grain)
        return emg, acc

    def time_map(self) -> TimeMap | None:
        """Of the EMG."""
        return self._streams.time_map()

    def _connected(self) -> list[Item]:
        self._heard.clear()
        return []

    def _disconnected(self) -> list[Item]:
        return self._streams.link_lost()

    def _flush(self) -> list[Item]:
        return self._streams.flush()

    def _received(self, event: Received) -> list[Item]:
        if event.endpoint == BATTERY_LEVEL:
            return self._battery(event.data)
        length = {IMU_DATA: IMU_BYTES}.get(event.endpoint, EMG_BYTES)
        known = event.endpoint == IMU_DATA or event.endpoint in EMG_DATA
        if not known or len(event.data) != length:
            self.quality.corrupt += 1
            return []
        if self._heard.push(event):
            self.quality.duplicate += 1
            return []
        if event.endpoint == IMU_DATA:
            counts = struct.unpack_from("<3h", event.data, ACC_AT)
            return self._streams.push_acc(np.array(counts, dtype=np.float64) / ACC_PER_G)
        return self._emg(event)

    def _emg(self, event: Received) -> list[Item]:
        counts = np.frombuffer(event.data, np.int8).reshape(SAMPLES, CHANNELS)
        chosen = counts[:, [number - 1 for number in self._channels]]
        values: Array = np.ascontiguousarray(chosen, dtype=np.float64)
        clipped = bool(((values == LOWEST) | (values == HIGHEST)).any())
        flags = (CLIPPING,) if clipped else ()
        counter = SAMPLES * EMG_DATA.index(event.endpoint)
        return self._streams.push(counter, values, event.monotonic_ns, flags=flags)

    def _battery(self, data: bytes) -> list[Item]:
        if len(data) != 1 or data[0] > 100:
            self.quality.corrupt += 1
            return []
        self.battery_percent = data[0]
        return self._streams.said(BATTERY_LOW) if data[0] < LOW_PERCENT else []


def _numbers(channels: str) -> tuple[int, ...]:
    parts = [part.strip() for part in channels.split(",")] if channels else list("12345678")
    numbers = tuple(int(part) for part in parts if part in tuple("12345678"))
    if len(numbers) != len(parts) or len(set(numbers)) != len(numbers):
        text = f"the Myo's channels are {channels!r}; expected e.g. '1,2' out of 1-{CHANNELS}"
        raise ValueError(text)
    return numbers
