"""uMyo directly over BLE (firmware of 2026-03 or later): the decoder. Experimental.

Little endian, told apart by their length: 24, 16 or 8 samples of EMG behind the index of the
first one, or acceleration with its company. EMG is raw here: no comb filter. Draft 2 of the
payloads puts a byte of format in front.

The sensor sends at most one notification in each connection interval and never asks for a shorter
one, so with the 30-50 ms that Linux prefers, a third of the EMG arrives, or nothing. That was
derived from its firmware, not measured; the USB base station is the way that is recommended.
Never seen on hardware. There is no battery on this way.
"""

import struct
from fractions import Fraction

import numpy as np

from crampdetect.detection.types import Item, SignalInfo
from crampdetect.devices.decoder import Decoder
from crampdetect.devices.frame_streams import FrameStreams
from crampdetect.devices.link_plan import BlePlan
from crampdetect.devices.time_map import TimeMap
from crampdetect.devices.umyo_signals import LSB_UV, RATE, acceleration, umyo_signals
from crampdetect.link import Received

__all__ = ["PLAN", "TELEMETRY", "UmyoGattDecoder"]

SERVICE = "93375900-f229-8b49-b397-44b5899b8601"
TELEMETRY = "fc7a850d-c1a5-f61f-0da7-9995621fbd01"
PLAN = BlePlan(SERVICE, (TELEMETRY,), names=("uMyo",))
#: Acceleration comes when at least 40 ms have passed since the last.
ACC_RATE = Fraction(25)
#: Samples by the length of the notification; 60 has a quaternion behind the samples.
EMG_LENGTHS = {20: 8, 36: 16, 52: 24, 60: 24}
AUXILIARY = 26
#: The byte of format of draft 2 by the length without it.
FORMATS = {52: 2, 60: 1, 26: 3}
AXES = struct.Struct("<3h")


class UmyoGattDecoder(Decoder):
    """From notifications to samples."""

    def __init__(self) -> None:
        super().__init__()
        self._streams = FrameStreams(RATE, ACC_RATE, 1 << 32, self.quality)

    @property
    def signals(self) -> tuple[SignalInfo, ...]:
        """Raw EMG, three axes of acceleration."""
        return umyo_signals(ACC_RATE, comb=False)

    def time_map(self) -> TimeMap | None:
        """Of the EMG."""
        return self._streams.time_map()

    def _connected(self) -> list[Item]:
        return []

    def _disconnected(self) -> list[Item]:
        return self._streams.link_lost()

    def _flush(self) -> list[Item]:
        return self._streams.flush()

    def _received(self, event: Received) -> list[Item]:
        data = event.data
        if len(data) - 1 in FORMATS and data[0] == FORMATS[len(data) - 1]:
            data = data[1:]
        if len(data) == AUXILIARY:
            return self._streams.push_acc(acceleration(AXES.unpack_from(data)))
        count = EMG_LENGTHS.get(len(data))
        if count is None:
            self.quality.corrupt += 1
            return []
        index = int.from_bytes(data[:4], "little")
        counts = np.frombuffer(data, "<i2", count, 4).astype(np.float64)
        return self._streams.push(index, (counts * LSB_UV)[:, np.newaxis], event.monotonic_ns)
