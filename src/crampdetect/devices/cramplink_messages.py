"""Messages of CrampLink, our own open frame: packing, checking, framing, blocks of samples.

All integers are little endian; a message ends with CRC-16/CCITT-FALSE over everything before it.
On a byte stream it is COBS-encoded and followed by a zero; over BLE one notification is one
message. The rules stand in ``firmware_bridge/WIRE.md``.
"""

import binascii
import struct
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from cobs import cobs

from crampdetect.detection.types import Array

__all__ = [
    "LARGEST_FRAME",
    "Block",
    "BlockFlag",
    "Flag",
    "Message",
    "Type",
    "block_bytes",
    "blocks_of",
    "framed",
    "pack",
    "parse",
    "unframed",
]

#: High nibble C, low nibble the major version.
MAGIC = 0xC1
HEADER_BYTES, CRC_BYTES, BLOCK_HEAD_BYTES = 12, 2, 10
#: The wire's limits: a message, and what stands between two zeros with COBS's share.
LARGEST_MESSAGE, LARGEST_FRAME = 512, 600
#: numpy type of one value by the code of a block's format; 24 bits are unpacked by hand.
NUMBERS: dict[int, str] = {0: "<i2", 1: "<u2", 3: "<i4", 4: "<i1", 5: "<f4"}
I24 = 2
#: Instants of a block are given in these steps.
OFFSET_STEP_US = 10


class Type(IntEnum):
    """Types of messages; those of the host have bit 7 set."""

    INFO = 0x01
    ACK = 0x02
    SYNC = 0x03
    DATA = 0x10
    STATUS = 0x11
    EVENT = 0x12
    LOG = 0x13
    HELLO = 0x81
    START = 0x82
    STOP = 0x83
    CONFIG = 0x84
    PING = 0x85
    MARK = 0x86
    REPLAY = 0x87


class Flag:
    """Bits of a message's flags; those that are not named here are tolerated."""

    BATT_LOW = 1 << 0
    CHARGING = 1 << 1
    LEAD_OFF = 1 << 2
    CLIP = 1 << 3
    IMU_FAULT = 1 << 4
    TX_OVERRUN = 1 << 5
    TIME_RESET = 1 << 6
    REPLAYED = 1 << 7
    SD_LOGGING = 1 << 8
    TEST_SIGNAL = 1 << 9


class BlockFlag:
    """Bits of a block's flags."""

    LEAD_OFF = 1 << 0
    CLIPPED = 1 << 1
    SENSOR_FAULT = 1 << 2
    SOURCE_GAP = 1 << 3
    TIME_ESTIMATED = 1 << 4


@dataclass(frozen=True, slots=True)
class Message:
    """One checked message.

    Parameters
    ----------
    type, seq : int
    t_us : int
        The device's clock, in microseconds.
    flags : int
        See `Flag`.
    body : bytes
    """

    type: int
    seq: int
    t_us: int
    flags: int
    body: bytes


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Consecutive samples of one stream.

    Parameters
    ----------
    stream, fmt, flags : int
    t_us : int
        Instant of the first sample by the device's clock, in microseconds.
    index : int
        Of the first sample since START, modulo 2^32; it counts what the device lost, too.
    values : Array, shape (n_samples, n_channels)
        Counts.
    """

    stream: int
    fmt: int
    flags: int
    t_us: int
    index: int
    values: Array


def pack(kind: int, seq: int, t_us: int, flags: int, body: bytes) -> bytes:
    """A message with its CRC."""
    head = struct.pack("<BBH", MAGIC, kind, seq & 0xFFFF) + t_us.to_bytes(6, "little")
    text = head + struct.pack("<H", flags) + body
    return text + struct.pack("<H", binascii.crc_hqx(text, 0xFFFF))


def parse(data: bytes) -> Message | None:
    """The message that `data` is; None if it is none, or damaged."""
    if not HEADER_BYTES + CRC_BYTES <= len(data) <= LARGEST_MESSAGE or data[0] != MAGIC:
        return None
    text = data[:-CRC_BYTES]
    if binascii.crc_hqx(text, 0xFFFF) != int.from_bytes(data[-CRC_BYTES:], "little"):
        return None
    kind, seq = struct.unpack_from("<BH", data, 1)
    flags = int.from_bytes(data[10:12], "little")
    return Message(kind, seq, int.from_bytes(data[4:10], "little"), flags, text[HEADER_BYTES:])


def framed(message: bytes) -> bytes:
    """A message for a byte stream, with the zero that ends it."""
    return bytes(cobs.encode(message)) + b"\x00"


def unframed(frame: bytes) -> bytes | None:
    """The message in what stood between two zeros; None if that is no COBS."""
    try:
        return bytes(cobs.decode(frame))
    except cobs.DecodeError:
        return None


def block_bytes(stream: int, fmt: int, flags: int, t_off_us: int, index: int, raw: Array) -> bytes:
    """One block of DATA; `raw` are counts, shape (n_samples, n_channels)."""
    offset = t_off_us // OFFSET_STEP_US
    head = struct.pack("<BBBBhI", stream, fmt, raw.shape[0], flags, offset, index % (1 << 32))
    code = fmt & 0x0F
    if code == I24:
        wide = np.ascontiguousarray(raw).astype("<i4").reshape(-1, 1).view(np.uint8)
        return head + wide.reshape(-1, 4)[:, :3].tobytes()
    return head + np.ascontiguousarray(raw).astype(NUMBERS[code]).tobytes()


def blocks_of(message: Message) -> list[Block] | None:
    """The blocks of a DATA message, in counts; None if one of them is impossible."""
    body, at = message.body, 0
    out: list[Block] = []
    while at < len(body):
        if len(body) - at < BLOCK_HEAD_BYTES:
            return None
        stream, fmt, count, flags, offset, index = struct.unpack_from("<BBBBhI", body, at)
        channels, code = fmt >> 4, fmt & 0x0F
        if channels == 0 or count == 0 or (code != I24 and code not in NUMBERS):
            return None
        at += BLOCK_HEAD_BYTES
        width = 3 if code == I24 else np.dtype(NUMBERS[code]).itemsize
        stop = at + width * channels * count
        if stop > len(body):
            return None
        values = _numbers(body[at:stop], code).reshape(count, channels)
        if code == 5 and not np.isfinite(values).all():
            return None
        t_us = message.t_us + OFFSET_STEP_US * offset
        out.append(Block(stream, fmt, flags, t_us, index, values))
        at = stop
    return out


def _numbers(data: bytes, code: int) -> Array:
    if code != I24:
        return np.frombuffer(data, NUMBERS[code]).astype(np.float64)
    parts = np.frombuffer(data, np.uint8).reshape(-1, 3).astype(np.int32)
    joined = parts[:, 0] | parts[:, 1] << 8 | parts[:, 2] << 16
    signed: Array = np.where(joined >= 1 << 23, joined - (1 << 24), joined).astype(np.float64)
    return signed
