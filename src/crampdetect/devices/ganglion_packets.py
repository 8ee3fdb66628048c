"""Notifications of OpenBCI Ganglion: 20 bytes, of which the first says what they are.

Eight fields of 18 or 19 bits are two samples of four channels, the older sample first. Firmware 3
sends the upper bits of the samples, firmware 2 differences to the sample before and a whole sample
about once a second.
"""

import numpy as np

from crampdetect.detection.types import Array

__all__ = [
    "CHANNELS",
    "PACKET_BYTES",
    "PADDING",
    "coarse",
    "deltas",
    "fields_of",
    "packed",
    "raw_packet",
    "raw_sample",
]

CHANNELS, FIELDS, PACKET_BYTES = 4, 8, 20
#: Bits of a whole sample, behind which a firmware-2 packet is filled up.
RAW_BITS, RAW_BYTES, PADDING = 24, 12, b"ABCDEFG"


def fields_of(packet: bytes, bits: int) -> Array:
    """The fields behind the id, unsigned, shape (2, 4)."""
    text = int.from_bytes(packet[1:PACKET_BYTES], "big") >> 8 * (PACKET_BYTES - 1) - FIELDS * bits
    mask = (1 << bits) - 1
    places = range(bits * (FIELDS - 1), -1, -bits)
    return np.array([float(text >> place & mask) for place in places]).reshape(2, CHANNELS)


def packed(number: int, fields: Array, bits: int, aux: int = 0) -> bytes:
    """A packet from unsigned fields; `aux` is the byte behind those of 18 bits."""
    text = 0
    for value in fields.ravel().astype(int).tolist():
        text = text << bits | value
    spare = 8 * (PACKET_BYTES - 1) - FIELDS * bits
    body = (text << spare).to_bytes(PACKET_BYTES - 1, "big")
    return bytes([number]) + (body if spare < 8 else body[:-1] + bytes([aux & 0xFF]))


def coarse(fields: Array, bits: int) -> Array:
    """Firmware 3: counts of 24 bits from fields; the lowest bit of a field is its sign."""
    signed = np.where(fields >= 1 << bits - 1, fields - (1 << bits), fields)
    counts: Array = (signed - signed % 2) * (1 << RAW_BITS - bits)
    return counts


def deltas(fields: Array, bits: int) -> Array:
    """Firmware 2: what the sample before is greater by; the lowest bit of a field is its sign."""
    signed: Array = np.where(fields % 2 == 1, fields - (1 << bits), fields)
    return signed


def raw_sample(packet: bytes) -> Array:
    """Firmware 2: the whole sample of a packet, shape (4,)."""
    places = range(1, 1 + RAW_BYTES, 3)
    return np.array(
        [float(int.from_bytes(packet[at : at + 3], "big", signed=True)) for at in places]
    )


def raw_packet(sample: Array) -> bytes:
    """Firmware 2: the packet of a whole sample."""
    body = b"".join(value.to_bytes(3, "big", signed=True) for value in sample.astype(int).tolist())
    return b"\x00" + body + PADDING
