"""The sensor's side of BITalino, for emulators and tests: commands in, frames out."""

from collections.abc import Callable

from crampdetect.detection.types import Array
from crampdetect.devices.bitalino_frames import IDLE_TEXT, live_frames, state_answer

__all__ = ["BitalinoEncoder"]


class BitalinoEncoder:
    """One device; it counts every sample that it takes, also those that are not sent.

    Parameters
    ----------
    abat : int
        Battery reading: 1024 steps over 6.6 V.
    """

    def __init__(self, abat: int = 600) -> None:
        self.abat = abat
        self.seq = 0
        self.live = False

    def answer(self, command: int) -> bytes:
        """What the device says to one byte of a command."""
        if self.live:
            self.live = command != 0
            return b""
        match command:
            case 0x07:
                return IDLE_TEXT + b"5.2\n"
            case 0x0B:
                return state_answer(self.abat)
            case _ if command & 3 in (1, 2):
                self.live, self.seq = True, 0
        return b""

    def frames(
        self, counts: Array, digital: int = 0, sent: Callable[[int], bool] = lambda number: True
    ) -> bytes:
        """Frames of consecutive samples.

        Parameters
        ----------
        counts : Array, shape (n_samples, n_ports)
            10 bits each; 6 bits for the fifth and sixth port.
        digital : int
            I1, I2, O1, O2 from bit 3 to bit 0.
        sent : callable
            Whether the sample (counted from 0) fits into the radio's buffer.
        """
        frames = live_frames(self.seq, digital, counts)
        self.seq = (self.seq + len(frames)) % 16
        return b"".join(one for number, one in enumerate(frames) if sent(number))
