"""The sensor's side of Ganglion, for emulators and tests: from samples to notifications."""

import numpy as np

from crampdetect.detection.types import Array
from crampdetect.devices.ganglion_packets import RAW_BITS, packed, raw_packet

__all__ = ["GanglionEncoder"]

#: Samples that the device takes in a cycle, and the least that leaves a packet.
CYCLE = 201


class GanglionEncoder:
    """One device: `push` takes every sample, and gives the notification that it completes.

    Parameters
    ----------
    firmware : {"2", "3"}
    acceleration : bool
        On: 18 bits and acceleration. Off: 19 bits.
    """

    def __init__(self, firmware: str = "3", acceleration: bool = True) -> None:
        self._firmware, self._acceleration = firmware, acceleration
        self._bits = 18 if acceleration else 19
        self.start()

    def start(self) -> None:
        """Command ``b``: numbers begin anew, those of firmware 3 one too low."""
        self._taken = 0
        self._shift = -1 if self._firmware == "3" else 0
        self._older: Array | None = None
        self._sent = np.zeros(4)

    @property
    def paired(self) -> bool:
        """Whether a sample waits for the one that makes a packet with it."""
        return self._older is not None

    def push(self, counts: Array, acc: Array) -> bytes | None:
        """Take one sample.

        Parameters
        ----------
        counts : Array, shape (4,)
            Whole numbers of 24 bits.
        acc : Array, shape (3,)
            Whole numbers of 8 bits.
        """
        place, self._taken = self._taken, (self._taken + 1) % CYCLE
        if self._firmware == "3" and place == CYCLE - 1:
            self._shift, self._older = 0, None
            return None
        if self._firmware == "2" and place == 0:
            self._sent = counts.copy()
            return raw_packet(counts)
        if self._older is None:
            self._older = counts
            return None
        pair, self._older = np.array([self._older, counts]), None
        pairs = (place - (self._firmware == "2")) // 2
        return self._packet(pairs, pair, acc)

    def _packet(self, pairs: int, pair: Array, acc: Array) -> bytes:
        number = pairs + self._shift
        if self._firmware == "2":
            fields = self._steps(pair)
            number += 1 if self._acceleration else 101
        else:
            high = np.floor(pair / (1 << RAW_BITS - self._bits))
            fields = (high - high % 2 + (pair < 0)) % (1 << self._bits)
            number += 0 if self._acceleration else 100
        number %= 256
        axis = number % 10
        aux = int(acc[axis - 1]) if 1 <= axis <= 3 else 0
        return packed(number, fields, self._bits, aux)

    def _steps(self, pair: Array) -> Array:
        """Differences, whose lowest bit becomes the sign; the error does not add up."""
        fields = np.empty((2, 4))
        for row in range(2):
            step = self._sent - pair[row]
            negative = step < 0
            kept = np.where(negative, np.floor(step / 2) * 2 + 1, np.floor(step / 2) * 2)
            self._sent = self._sent - kept
            fields[row] = kept % (1 << self._bits)
        return fields
