"""Calibration of a Shimmer's accelerometers: from counts to g.

``C = R^-1 K^-1 (U - B)`` with offset B, sensitivity K (counts per m/s^2) and alignment R, as the
device has stored them, else as its maker gives them for the range it starts with (+-2 g).
"""

from dataclasses import dataclass

import numpy as np

from crampdetect.detection.types import Array
from crampdetect.devices.shimmer3_packets import LOW_NOISE

__all__ = ["AccScale", "stored_scale", "usual_scale"]

#: Standard gravity, in m/s^2.
GRAVITY = 9.80665
#: Bytes of a block of calibration, and where those of the two accelerometers begin.
BLOCK_BYTES, LOW_NOISE_AT, WIDE_RANGE_AT = 21, 0, 63


@dataclass(frozen=True, slots=True, eq=False)
class AccScale:
    """Scale of one accelerometer.

    Parameters
    ----------
    offset : Array, shape (3,)
        Counts.
    matrix : Array, shape (3, 3)
        What counts without their offset are multiplied with; gives g.
    """

    offset: Array
    matrix: Array

    def g(self, counts: Array) -> Array:
        """Acceleration in g; shape (n_samples, 3)."""
        centred = counts - self.offset
        # Column by column: a product of matrices may give other bits for other numbers of rows.
        columns = [
            centred[:, 0] * row[0] + centred[:, 1] * row[1] + centred[:, 2] * row[2]
            for row in self.matrix.tolist()
        ]
        return np.column_stack(columns)

    @property
    def resolution(self) -> tuple[float, ...]:
        """One count, in g, by axis."""
        return tuple(float(one) for one in np.abs(self.matrix).max(axis=1))


def _scale(offset: float, sensitivity: float, alignment: list[list[float]]) -> AccScale:
    inverse = np.linalg.inv(np.array(alignment)) / (sensitivity * GRAVITY)
    return AccScale(np.full(3, offset), inverse)


_TURNED = [[0.0, -1.0, 0.0], [-1.0, 0.0, 0.0], [0.0, 0.0, -1.0]]
_FLIPPED = [[-1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, -1.0]]


def usual_scale(hardware: str, ids: tuple[int, ...]) -> AccScale:
    """Where nothing is stored. The wide-range sensor of older Shimmer3 boards differs by 2 %."""
    if ids != LOW_NOISE:
        turned = [[0.0, -1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, -1.0]]
        return _scale(0.0, 1671.0, _TURNED if hardware == "shimmer3r" else turned)
    if hardware == "shimmer3r":
        return _scale(0.0, 1672.0, _FLIPPED)
    return _scale(2047.0, 83.0, _TURNED)


def stored_scale(blocks: bytes, ids: tuple[int, ...]) -> AccScale | None:
    """From the device's answer; None if nothing, or nonsense, is stored."""
    at = LOW_NOISE_AT if ids == LOW_NOISE else WIDE_RANGE_AT
    block = blocks[at : at + BLOCK_BYTES]
    if len(block) < BLOCK_BYTES or set(block) in ({0x00}, {0xFF}):
        return None
    numbers = np.frombuffer(block[:12], ">i2").astype(np.float64)
    alignment = np.frombuffer(block[12:], np.int8).astype(np.float64).reshape(3, 3) / 100
    sensitivity = numbers[3:]
    if (sensitivity == 0).any() or abs(np.linalg.det(alignment)) < 0.5:
        return None
    return AccScale(numbers[:3], np.linalg.inv(alignment) / (sensitivity * GRAVITY))
