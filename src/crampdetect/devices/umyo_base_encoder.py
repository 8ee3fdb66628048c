"""The uMyo and its base station, for emulators and tests: from samples to frames."""

import numpy as np

from crampdetect.detection.types import Array
from crampdetect.devices.umyo_base_frames import SAMPLES, BaseFrame, frame_bytes
from crampdetect.devices.umyo_signals import ACC_G, LSB_UV

__all__ = ["UmyoBaseEncoder"]


class UmyoBaseEncoder:
    """Builds frames; counters run on by themselves.

    Parameters
    ----------
    unit_id : int
    battery_mv : int
        May be changed.
    """

    def __init__(self, unit_id: int = 0x12345678, battery_mv: int = 3900) -> None:
        self._unit_id, self.battery_mv = unit_id, battery_mv
        self._sent = 0

    def frame(self, emg: Array, acc: tuple[float, float, float] = (0.0, 0.0, 1.0)) -> bytes:
        """One frame.

        Parameters
        ----------
        emg : Array, shape (8, 1)
            In microvolts after the comb filter and without its gain.
        acc : tuple of float
            In g.
        """
        counts = np.rint(emg[:, 0] / (LSB_UV / 2)).clip(-(1 << 15), (1 << 15) - 1)
        axes = np.rint(np.array(acc) / ACC_G).clip(-(1 << 15), (1 << 15) - 1)
        frame = BaseFrame(
            40,
            self._sent,
            self._unit_id,
            self._sent,
            self.battery_mv,
            101,
            tuple(int(one) for one in counts),
            acc=tuple(int(one) for one in axes),
        )
        self._sent += 1
        return frame_bytes(frame)

    def skip(self, samples: int) -> None:
        """Samples that are taken and never sent; a multiple of 8."""
        self._sent += samples // SAMPLES

    def restart(self) -> None:
        """The sensor starts anew."""
        self._sent = 0
