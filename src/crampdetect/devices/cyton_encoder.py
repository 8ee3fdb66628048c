"""The Cyton and its dongle, for emulators and tests: from samples to frames."""

import numpy as np

from crampdetect.detection.types import Array
from crampdetect.devices.cyton import ACC_G, LSB_UV
from crampdetect.devices.cyton_frames import AUX_BYTES, CHANNELS, CytonFrame, frame_bytes

__all__ = ["CytonEncoder"]

LARGEST, ACC_LARGEST = (1 << 23) - 1, (1 << 15) - 1


class CytonEncoder:
    """Builds frames; the number runs on by itself."""

    def __init__(self) -> None:
        self._sent = 0

    def frame(self, emg: Array, acc: tuple[float, float, float] | None = None) -> bytes:
        """One frame.

        Parameters
        ----------
        emg : Array, shape (n_channels,)
            In microvolts; channels that are not given are 0.
        acc : tuple of float, optional
            In g; None where nothing is new.
        """
        counts = np.zeros(CHANNELS)
        counts[: emg.shape[0]] = np.rint(emg / LSB_UV).clip(-LARGEST - 1, LARGEST)
        aux = bytes(AUX_BYTES)
        if acc is not None:
            axes = [int(np.clip(round(one / ACC_G), -ACC_LARGEST - 1, ACC_LARGEST)) for one in acc]
            aux = b"".join(one.to_bytes(2, "big", signed=True) for one in axes)
        channels = tuple(int(one) for one in counts)
        out = frame_bytes(CytonFrame(self._sent, channels, aux, 0xC0))
        self._sent += 1
        return out

    def skip(self, samples: int) -> None:
        """Samples that are taken and never sent."""
        self._sent += samples

    def restart(self) -> None:
        """The board starts anew."""
        self._sent = 0
