"""Bytes of Shimmer3 and Shimmer3R: checksum, the layout of data packets, answers of the device.

There is no framing: what a packet holds, and so its length, is known from the answer to an inquiry.
"""

import binascii
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from crampdetect.detection.types import Array

__all__ = [
    "ACK",
    "BATTERY",
    "CALIBRATION",
    "CALIBRATION_BYTES",
    "CLOCK_HZ",
    "CONFIG_BYTES",
    "DATA",
    "EMG_24",
    "HARDWARE",
    "INQUIRY",
    "IN_STREAM",
    "LOW_NOISE",
    "STATUS",
    "SUPPLY",
    "Layout",
    "Unpacking",
    "battery_mv",
    "crc",
    "layout_of",
]

#: First bytes: of an answer to the host, and of a data packet. An answer's opcodes come behind it;
#: those of battery and status are behind one more, since they come while data flows.
ACK, DATA = 0xFF, 0x00
INQUIRY, HARDWARE, CALIBRATION, IN_STREAM, BATTERY, STATUS = 0x02, 0x25, 0x2D, 0x8A, 0x94, 0x71
#: Blocks of calibration: low-noise accelerometer, gyroscope, magnetometer, wide-range one.
CALIBRATION_BYTES = 84
#: Ticks of the device's clock a second, and bytes of a timestamp.
CLOCK_HZ, STAMP_BYTES = 32768, 3
CRC_SEED = 0xB0CA
#: numpy type by the id of a channel; 24 bits are unpacked by hand. Unknown ids have no length.
LITTLE, UNSIGNED, BIG, WIDE, BYTE = "<i2", "<u2", ">i2", "i24", "u1"
CHANNELS: dict[int, str] = {
    **dict.fromkeys((0x00, 0x01, 0x02), UNSIGNED),
    0x03: UNSIGNED,
    **dict.fromkeys(range(0x04, 0x0A), LITTLE),
    **dict.fromkeys((0x0A, 0x0B, 0x0C), BIG),
    0x1C: UNSIGNED,
    **dict.fromkeys((0x1D, 0x20), BYTE),
    **dict.fromkeys((0x1E, 0x1F, 0x21, 0x22), WIDE),
    **dict.fromkeys((0x23, 0x24, 0x25, 0x26), BIG),
}
WIDTH = {LITTLE: 2, UNSIGNED: 2, BIG: 2, WIDE: 3, BYTE: 1}
EMG_24, EMG_16 = (0x1E, 0x1F, 0x21, 0x22), (0x23, 0x24, 0x25, 0x26)
LOW_NOISE, WIDE_RANGE, SUPPLY = (0x00, 0x01, 0x02), (0x04, 0x05, 0x06), 0x03
#: Configuration bytes of an inquiry, and channels at most.
CONFIG_BYTES, MOST_CHANNELS = {"shimmer3": 4, "shimmer3r": 7}, 32
#: Battery: 12 bits over 3 V behind a divider.
BATTERY_MV = 3000.0 * 1.988 / 4095


def crc(data: bytes | bytearray) -> bytes:
    """Checksum as it stands behind a packet; an odd length is filled up with a zero."""
    whole = bytes(data) + b"\x00" * (len(data) % 2)
    return binascii.crc_hqx(whole, CRC_SEED).to_bytes(2, "little")


def battery_mv(raw: int) -> int:
    """Battery in mV from the device's 12 bits."""
    return round(raw * BATTERY_MV)


@dataclass(frozen=True, slots=True)
class Layout:
    """What a data packet holds.

    Parameters
    ----------
    hardware : {"shimmer3", "shimmer3r"}
    divisor : int
        Ticks between two packets.
    ids : tuple of int
        Of the channels, in order.
    """

    hardware: str
    divisor: int
    ids: tuple[int, ...]

    @property
    def rate(self) -> Fraction:
        """Packets a second."""
        return Fraction(CLOCK_HZ, self.divisor)

    @property
    def length(self) -> int:
        """Bytes of a packet, without its checksum."""
        return 1 + STAMP_BYTES + sum(WIDTH[CHANNELS[one]] for one in self.ids)

    @property
    def emg(self) -> tuple[int, ...]:
        """Ids of the channels with EMG: those of 24 bits, else those of 16."""
        wide = tuple(one for one in self.ids if one in EMG_24)
        return wide or tuple(one for one in self.ids if one in EMG_16)

    @property
    def acc(self) -> tuple[int, ...]:
        """Ids of three axes: the low-noise sensor, else the wide-range one; or none."""
        for axes in (LOW_NOISE, WIDE_RANGE):
            if set(axes) <= set(self.ids):
                return axes
        return ()

    def place(self, channel: int) -> int:
        """Where the bytes of a channel begin in a packet."""
        before = self.ids[: self.ids.index(channel)]
        return 1 + STAMP_BYTES + sum(WIDTH[CHANNELS[one]] for one in before)

    def kind(self, channel: int) -> str:
        """Format of a channel; 3R has a digital accelerometer and a little-endian gyroscope."""
        kind = CHANNELS[channel]
        digital = self.hardware == "shimmer3r" and (channel in LOW_NOISE or kind == BIG)
        return LITTLE if digital and channel < EMG_24[0] else kind


class Unpacking:
    """How to get numbers out of packets: bytes times weights, whole numbers and so exact.

    Parameters
    ----------
    layout : Layout
    ids : tuple of int
        Of the channels that are wanted.
    """

    def __init__(self, layout: Layout, ids: tuple[int, ...]) -> None:
        self._weights = np.zeros((layout.length, 1 + len(ids)))
        self._weights[1 : 1 + STAMP_BYTES, 0] = 256.0 ** np.arange(STAMP_BYTES)
        # A number that reaches half of its range is negative, if it can be.
        self._tops = np.full(1 + len(ids), np.inf)
        for column, channel in enumerate(ids, start=1):
            kind, at = layout.kind(channel), layout.place(channel)
            powers = 256.0 ** np.arange(WIDTH[kind])
            downwards = kind in (BIG, WIDE)
            self._weights[at : at + WIDTH[kind], column] = powers[::-1] if downwards else powers
            if kind in (LITTLE, BIG, WIDE):
                self._tops[column] = 256.0 ** WIDTH[kind]

    def numbers(self, packets: bytes, length: int) -> Array:
        """Ticks of the clock and counts, shape (n_packets, 1 + n_channels).

        Parameters
        ----------
        packets : bytes
        length : int
            Of one of them, with its checksum.
        """
        raw = np.frombuffer(packets, np.uint8).reshape(-1, length)
        counts: Array = raw[:, : self._weights.shape[0]].astype(np.float64) @ self._weights
        negative = counts >= self._tops / 2
        counts[negative] -= np.broadcast_to(self._tops, counts.shape)[negative]
        return counts


def layout_of(answer: bytes | bytearray, hardware: str) -> Layout | None:
    """The layout that an answer to an inquiry (from its opcode on) tells; None if it is none."""
    head = 3 + CONFIG_BYTES[hardware]
    if len(answer) < head + 2 or answer[0] != INQUIRY:
        return None
    divisor, count = int.from_bytes(answer[1:3], "little"), answer[head]
    ids = tuple(answer[head + 2 : head + 2 + count])
    known = len(ids) == count <= MOST_CHANNELS and all(one in CHANNELS for one in ids)
    if not divisor or not known or len(set(ids)) != count:
        return None
    return Layout(hardware, divisor, ids)
