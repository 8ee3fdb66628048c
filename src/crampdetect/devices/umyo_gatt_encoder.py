"""The uMyo over BLE, for emulators and tests: from samples to notifications."""

import struct

import numpy as np

from crampdetect.detection.types import Array
from crampdetect.devices.umyo_signals import ACC_G, LSB_UV

__all__ = ["UmyoGattEncoder"]


class UmyoGattEncoder:
    """Builds notifications; the index runs on by itself."""

    def __init__(self) -> None:
        self._index = 0

    def emg(self, values: Array) -> bytes:
        """8, 16 or 24 samples in microvolts, shape (n, 1)."""
        counts = np.rint(values[:, 0] / LSB_UV).clip(-(1 << 15), (1 << 15) - 1)
        out = struct.pack("<I", self._index % (1 << 32)) + counts.astype("<i2").tobytes()
        self._index += values.shape[0]
        return out

    def acc(self, axes: tuple[float, float, float] = (0.0, 0.0, 1.0)) -> bytes:
        """A reading in g; the other sensors of the chip rest."""
        counts = [int(np.clip(round(one / ACC_G), -(1 << 15), (1 << 15) - 1)) for one in axes]
        return struct.pack("<13h", *counts, *(0,) * 6, 32000, 0, 0, 0)

    def skip(self, samples: int) -> None:
        """Samples that are taken and never sent."""
        self._index += samples

    def restart(self) -> None:
        """The sensor starts anew."""
        self._index = 0
