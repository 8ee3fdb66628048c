"""The sensor's side of Myo, for emulators and tests: from samples to notifications."""

import struct

from crampdetect.detection.types import Array
from crampdetect.devices.myo import EMG_DATA, IMU_DATA

__all__ = ["MyoEncoder"]


class MyoEncoder:
    """One armband; the turn of its characteristics goes on, whatever is sent."""

    def __init__(self) -> None:
        self._turn = 0

    def emg(self, counts: Array) -> tuple[str, bytes]:
        """Characteristic and bytes of two samples; `counts` has shape (2, 8)."""
        endpoint = EMG_DATA[self._turn]
        self._turn = (self._turn + 1) % len(EMG_DATA)
        return endpoint, struct.pack("<16b", *counts.astype(int).ravel().tolist())

    def skip(self) -> None:
        """Two samples that are taken and never sent."""
        self._turn = (self._turn + 1) % len(EMG_DATA)

    def acceleration(self, g: Array) -> tuple[str, bytes]:
        """Characteristic and bytes of acceleration (3 axes, in g), lying still."""
        counts = [round(one * 2048) for one in g.tolist()]
        return IMU_DATA, struct.pack("<10h", 16384, 0, 0, 0, *counts, 0, 0, 0)
