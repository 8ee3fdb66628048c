"""CrampLink written a second time, from ``WIRE.md`` alone: no import from crampdetect, on purpose.

Golden packets are made with this, so the C core and the Python decoder are each checked against
something that neither of them is.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["LONGEST_RUN", "Block", "Stream", "crc16", "data", "frame", "info", "message", "status"]

#: W3, W12, W20.
MAGIC, POLYNOMIAL, CRC_START, LONGEST_RUN = 0xC1, 0x1021, 0xFFFF, 254
#: W17: struct letter by format code; 24 bits have none.
LETTERS = {0: "h", 1: "H", 3: "i", 4: "b", 5: "f"}
I24 = 2
#: W14: unit of t_off, in microseconds.
STEP_US = 10


def crc16(data: bytes) -> int:
    """W12, bit by bit."""
    crc = CRC_START
    for byte in data:
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1 ^ POLYNOMIAL if crc & 0x8000 else crc << 1) & 0xFFFF
    return crc


def frame(text: bytes) -> bytes:
    """W20: each zero is replaced by the distance to the next; a zero ends the frame."""
    out = bytearray()
    pieces = text.split(b"\x00")
    for place, piece in enumerate(pieces):
        rest = piece
        while len(rest) >= LONGEST_RUN:
            out += bytes([LONGEST_RUN + 1]) + rest[:LONGEST_RUN]
            rest = rest[LONGEST_RUN:]
        # A full run that ends the message needs no empty group behind it.
        if rest or not piece or place < len(pieces) - 1:
            out += bytes([len(rest) + 1]) + rest
    return bytes(out) + b"\x00"


def message(kind: int, seq: int, t_us: int, flags: int, body: bytes) -> bytes:
    """W1 to W12."""
    text = struct.pack("<BBH", MAGIC, kind, seq) + struct.pack("<Q", t_us)[:6]
    text += struct.pack("<H", flags) + body
    return text + struct.pack("<H", crc16(text))


@dataclass(frozen=True)
class Block:
    """W14: consecutive instants of one stream; `values` holds a row an instant."""

    stream: int
    code: int
    values: Sequence[Sequence[float]]
    index: int
    offset_us: int = 0
    flags: int = 0

    def packed(self) -> bytes:
        """As it goes over the wire."""
        channels = len(self.values[0])
        head = struct.pack(
            "<BBBBhI",
            self.stream,
            channels << 4 | self.code,
            len(self.values),
            self.flags,
            self.offset_us // STEP_US,
            self.index,
        )
        flat = [value for row in self.values for value in row]
        if self.code == I24:
            return head + b"".join(struct.pack("<i", int(one))[:3] for one in flat)
        return head + struct.pack(f"<{len(flat)}{LETTERS[self.code]}", *flat)

    def meaning(self) -> dict[str, object]:
        """For a reader of the golden packets."""
        return {
            "stream": self.stream,
            "code": self.code,
            "flags": self.flags,
            "offset_us": self.offset_us,
            "index": self.index,
            "values": [list(row) for row in self.values],
        }


def data(blocks: Sequence[Block]) -> bytes:
    """W13: the body of DATA."""
    return b"".join(block.packed() for block in blocks)


@dataclass(frozen=True)
class Stream:
    """W26."""

    number: int
    kind: int
    fmt: int
    unit: int
    rate_mhz: int
    scale: float
    offset: float
    high_pass_chz: int
    low_pass_hz: int
    adc_bits: int
    label: str

    def packed(self) -> bytes:
        """As it goes over the wire."""
        label = self.label.encode("ascii")
        numbers = (self.number, self.kind, self.fmt, self.unit, self.rate_mhz, self.scale)
        more = (self.offset, self.high_pass_chz, self.low_pass_hz, self.adc_bits, len(label))
        return struct.pack("<BBBBIffHHBB", *numbers, *more) + label


def info(
    uid: bytes,
    boot_id: int,
    firmware: tuple[int, int, int],
    name: str,
    streams: Sequence[Stream],
    capabilities: int = 0,
    longest: int = 512,
    replay_s: int = 0,
) -> bytes:
    """W25, W26: the body of INFO."""
    text = name.encode()
    head = struct.pack("<BB8sI3B", 0, capabilities, uid, boot_id, *firmware)
    head += struct.pack("<BHHB", len(streams), longest, replay_s, len(text)) + text
    return head + b"".join(one.packed() for one in streams)


def status(
    battery_mv: int,
    percent: int,
    temperature_c: int,
    uptime_s: int,
    dropped: int,
    lost: int,
    leads: int = 0,
    rssi: int = 0,
    interval: int = 0,
) -> bytes:
    """W30: the body of STATUS."""
    numbers = (battery_mv, percent, temperature_c, uptime_s, dropped, lost, leads, rssi, interval)
    return struct.pack("<HBbIIIBbBB", *numbers, 0)
