"""The sensor's side of gForcePro+, for emulators and tests: from samples to notifications."""

import struct

from crampdetect.detection.types import Array

__all__ = ["acceleration_notification", "emg_notification", "in_parts"]


def emg_notification(counts: Array) -> bytes:
    """Eight samples; `counts` has shape (8, 8) and 12 bits."""
    return b"\x08" + counts.astype("<u2").tobytes()


def acceleration_notification(g: Array) -> bytes:
    """Acceleration, 3 axes in g."""
    return b"\x01" + struct.pack("<3i", *(round(one * 65536) for one in g.tolist()))


def in_parts(message: bytes, size: int) -> list[bytes]:
    """A message in notifications of up to `size` bytes, numbered down to 0."""
    pieces = [message[at : at + size - 2] for at in range(0, len(message), size - 2)]
    return [bytes([0xFF, len(pieces) - 1 - k]) + piece for k, piece in enumerate(pieces)]
