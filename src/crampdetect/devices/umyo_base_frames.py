"""Frames of the uMyo's USB base station out of a stream of bytes.

``4F D5``, a byte of signal strength, then the payload of the sensor's radio, big endian. There is
no checksum and no escape, so plausibility is all there is: length, type, parameter, and the norm of
the quaternion. A flipped bit within the EMG is not found.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["BUFFERS", "SAMPLES", "BaseFrame", "BaseFrames", "frame_bytes"]

SYNC = b"\x4f\xd5"
#: Bytes before the payload: SYNC and signal strength.
FRONT = 3
#: The payload's own length byte: what a sensor may send.
LENGTHS = range(21, 101)
#: EMG samples of one frame; counters of frames and of buffers of so many samples.
SAMPLES, PACKETS, BUFFERS = 8, 129, 256
TYPE = 80 + SAMPLES
#: Component 1.0 of the quaternion, and how far its squared norm may be from 1.
ONE, NORM_TOLERANCE = 32000, 0.15
HEAD = struct.Struct(">BBIBBBBBB")
BODY = struct.Struct(">8h4h4h3h3h3h")
LENGTH = HEAD.size + BODY.size
#: The magnetometer at the end may be left out.
SHORTEST = LENGTH - 6


@dataclass(frozen=True, slots=True)
class BaseFrame:
    """One frame; counts as sent.

    Parameters
    ----------
    rssi : int
        Signal strength is about ``-rssi`` dBm.
    packet_id, unit_id, data_id : int
        Modulo 129; of the sensor's chip; of a buffer of 8 samples, modulo 256.
    battery_mv, version : int
    emg : tuple of int
        Comb-filtered: the sum of two samples.
    spectrum, quaternion, acc, angles, magnetic : tuple of int
    """

    rssi: int
    packet_id: int
    unit_id: int
    data_id: int
    battery_mv: int
    version: int
    emg: tuple[int, ...]
    spectrum: tuple[int, ...] = (0, 0, 0, 0)
    quaternion: tuple[int, ...] = (ONE, 0, 0, 0)
    acc: tuple[int, ...] = (0, 0, 0)
    angles: tuple[int, ...] = (0, 0, 0)
    magnetic: tuple[int, ...] = (0, 0, 0)


def frame_bytes(frame: BaseFrame) -> bytes:
    """The frame as the base station sends it."""
    battery = min(255, max(0, (frame.battery_mv - 2000) // 10))
    head = HEAD.pack(
        frame.packet_id % PACKETS,
        LENGTH,
        frame.unit_id,
        TYPE,
        0,
        battery,
        frame.version,
        0,
        frame.data_id % BUFFERS,
    )
    parts = (frame.emg, frame.spectrum, frame.quaternion, frame.acc, frame.angles, frame.magnetic)
    body = BODY.pack(*(number for part in parts for number in part))
    return SYNC + bytes([frame.rssi]) + head + body


class BaseFrames:
    """Finds frames; holds at most one that is not complete."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._in_noise = False
        #: Stretches of bytes that were no frame.
        self.noise = 0

    @property
    def held(self) -> int:
        """Bytes that wait for more."""
        return len(self._buffer)

    def push(self, data: bytes) -> Iterator[BaseFrame]:
        """The frames that `data` completes. To be used up before the next call."""
        self._buffer += data
        at = 0
        while (at := self._search(at)) + FRONT + 2 <= len(self._buffer):
            length = self._buffer[at + FRONT + 1]
            stop = at + FRONT + length
            if length in LENGTHS and stop > len(self._buffer):
                break
            frame = _frame(self._buffer[at:stop]) if length in LENGTHS else None
            if frame is None:
                self._skip()
                at += 1
                continue
            self._in_noise = False
            yield frame
            at = stop
        del self._buffer[:at]

    def clear(self) -> None:
        """Forget what was begun."""
        self._buffer.clear()

    def _search(self, at: int) -> int:
        """Where the next frame may begin; what lies before it is noise."""
        found = self._buffer.find(SYNC, at)
        if found < 0:
            found = len(self._buffer) - (self._buffer[-1:] == SYNC[:1] and len(self._buffer) > at)
        if found > at:
            self._skip()
        return found

    def _skip(self) -> None:
        self.noise += not self._in_noise
        self._in_noise = True


def _frame(data: bytearray) -> BaseFrame | None:
    payload = data[FRONT:]
    if len(payload) < SHORTEST:
        return None
    packet_id, _, unit_id, kind, parameter, battery, version, _, data_id = HEAD.unpack_from(payload)
    if kind != TYPE or parameter != 0 or packet_id >= PACKETS:
        return None
    numbers = BODY.unpack(bytes(payload[HEAD.size : LENGTH]).ljust(BODY.size, b"\x00"))
    quaternion = numbers[12:16]
    norm = sum((one / ONE) ** 2 for one in quaternion)
    if abs(norm - 1.0) > NORM_TOLERANCE:
        return None
    return BaseFrame(
        data[2],
        packet_id,
        unit_id,
        data_id,
        2000 + 10 * battery,
        version,
        numbers[:8],
        numbers[8:12],
        quaternion,
        numbers[16:19],
        numbers[19:22],
        numbers[22:25],
    )
