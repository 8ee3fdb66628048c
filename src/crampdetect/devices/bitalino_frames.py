"""Bytes of BITalino (r)evolution: live frames, and the answers that it gives while idle.

A live frame holds one sample of every enabled port. The first four enabled ports get 10 bits, the
fifth and sixth 6 bits. Read from its last byte to its first, a frame is one string of bits:
sequence number (4), CRC (4), digital inputs and outputs (4), then the ports.
"""

from collections.abc import Sequence

import numpy as np

from crampdetect.detection.types import Array
from crampdetect.devices.chained_frames import MORE

__all__ = [
    "FRAME_BYTES",
    "IDLE_TEXT",
    "PORTS",
    "battery_mv",
    "crc4",
    "live_frames",
    "measure",
    "rows_of",
    "slot_bits",
    "start_command",
    "state_answer",
]

PORTS = ("A1", "A2", "A3", "A4", "A5", "A6")
#: Bytes of a live frame by the number of enabled ports.
FRAME_BYTES = (0, 3, 4, 6, 7, 8, 8)
#: Slots of 10 bits come first.
WIDE_SLOTS, WIDE_BITS, NARROW_BITS = 4, 10, 6
#: What the answer to "version" begins with, and the longest that is taken for one [A].
IDLE_TEXT, MOST_TEXT = b"BITalino_v", 32
#: The answer to "state" with and without the byte for the PWM output (firmware 5.2).
STATE_BYTES, OLD_STATE_BYTES = 17, 16
#: Battery: 1024 steps over 6.6 V, as the firmware's thresholds 527 = 3.4 V and 590 = 3.8 V say.
ABAT_AT, ABAT_MILLIVOLTS, ABAT_STEPS = 12, 6600, 1024
#: CRC-4 with the polynomial x^4 + x + 1: for one nibble, and for one byte.
_NIBBLE = (0, 3, 6, 5, 12, 15, 10, 9, 11, 8, 13, 14, 7, 4, 1, 2)
_BYTE = tuple(
    tuple(_NIBBLE[_NIBBLE[crc] ^ (byte >> 4)] ^ (byte & 15) for byte in range(256))
    for crc in range(16)
)


def crc4(frame: bytes | bytearray) -> int:
    """CRC of a whole frame, whose own CRC is left out."""
    crc = 0
    for byte in frame[:-1]:
        crc = _BYTE[crc][byte]
    return _NIBBLE[_NIBBLE[crc] ^ (frame[-1] >> 4)]


def slot_bits(slot: int) -> int:
    """Bits of a slot, counted from 0."""
    return WIDE_BITS if slot < WIDE_SLOTS else NARROW_BITS


def start_command(ports: Sequence[str]) -> bytes:
    """The command that starts live mode with these ports."""
    return bytes([1 | sum(4 << PORTS.index(port) for port in ports)])


def measure(buffer: bytearray, at: int, length: int) -> int:
    """Length of the live frame, or of the answers to version and state, at a place."""
    head = buffer[at : at + len(IDLE_TEXT)]
    if head == IDLE_TEXT:
        return _answers(buffer, at)
    left = len(buffer) - at
    if IDLE_TEXT.startswith(head) and left < len(IDLE_TEXT):
        return MORE
    if left < length:
        return MORE
    frame = buffer[at : at + length]
    return length if frame[-1] & 15 == crc4(frame) else 0


def _answers(buffer: bytearray, at: int) -> int:
    """Version and, if it is sound, the state behind it."""
    ended = buffer.find(b"\n", at, at + MOST_TEXT)
    if ended < 0:
        return MORE if len(buffer) - at < MOST_TEXT else 0
    stop = ended + 1
    if len(buffer) < stop + STATE_BYTES:
        return MORE
    for count in (STATE_BYTES, OLD_STATE_BYTES):
        state = buffer[stop : stop + count]
        if state[-1] & 15 == crc4(state):
            return stop + count - at
    return stop - at


def battery_mv(answers: bytes) -> int | None:
    """Battery in mV from version and state; None if the state is not there."""
    state = answers[answers.index(b"\n") + 1 :]
    if not state:
        return None
    raw = int.from_bytes(state[ABAT_AT : ABAT_AT + 2], "little")
    return round(raw * ABAT_MILLIVOLTS / ABAT_STEPS)


def rows_of(frames: Sequence[bytes], slots: int) -> tuple[Array, Array, Array]:
    """Sequence numbers, digital nibbles, and counts by slot, of sound frames."""
    length = FRAME_BYTES[slots]
    wide = np.zeros((len(frames), 8), dtype=np.uint8)
    wide[:, :length] = np.frombuffer(b"".join(frames), np.uint8).reshape(-1, length)[:, ::-1]
    bits = wide.view(">u8")[:, 0].astype(np.uint64)
    counts = np.empty((len(frames), slots))
    shift = 64 - 12
    for slot in range(slots):
        shift -= slot_bits(slot)
        mask = np.uint64((1 << slot_bits(slot)) - 1)
        counts[:, slot] = bits >> np.uint64(shift) & mask
    seq = (bits >> np.uint64(60)).astype(np.float64)
    digital = (bits >> np.uint64(52) & np.uint64(15)).astype(np.float64)
    return seq, digital, counts


def live_frames(first_seq: int, digital: int, counts: Array) -> list[bytes]:
    """Frames of consecutive samples, as the device makes them.

    Parameters
    ----------
    first_seq : int
    digital : int
        I1, I2, O1, O2 from bit 3 to bit 0.
    counts : Array, shape (n_samples, n_ports)
    """
    frames = []
    for number, row in enumerate(counts):
        bits, used = (first_seq + number & 15) << 8 | digital, 12
        for slot, value in enumerate(row):
            bits, used = bits << slot_bits(slot) | int(value), used + slot_bits(slot)
        length = FRAME_BYTES[len(row)]
        frame = bytearray((bits << 8 * length - used).to_bytes(length, "big")[::-1])
        frame[-1] |= crc4(frame)
        frames.append(bytes(frame))
    return frames


def state_answer(abat: int, digital: int = 0) -> bytes:
    """The answer to "state" with a battery reading, everything else 0."""
    state = bytearray(STATE_BYTES)
    state[ABAT_AT : ABAT_AT + 2] = abat.to_bytes(2, "little")
    state[-1] = digital << 4
    state[-1] |= crc4(state)
    return bytes(state)
