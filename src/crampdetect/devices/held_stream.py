"""A stream without an exact place of its own: each sample is put on the grid by its core time.

Acceleration often has another clock than the EMG, or no counter at all. The core sees one time,
that of the EMG index; so these samples take the grid place nearest to it.

Written rules
-------------
- A sample that directly follows the one before takes the next place as long as it lies within
  three quarters of a place of it; so jitter does not show, and drift is taken up one sample at
  a time: a place left open holds the last value, a sample too many is dropped.
- Up to half a second without samples the last value is held; a longer time is a gap.
- A gap that follows a lost link is counted as not connected, any other as lost.
- A stream that is 2 s behind the EMG is said to be missing up to 1 s behind it; what comes
  later for that time is dropped.
"""

import math
from fractions import Fraction

import numpy as np

from crampdetect.detection.types import Array, Gap, Samples, Stream
from crampdetect.link import LinkQuality

__all__ = ["HeldStream"]

#: In places of the grid, seconds, seconds [A].
SLIP = 0.75
HOLE_S = 0.5
BEHIND_S, KEPT_S = 2.0, 1.0


class HeldStream:
    """Puts samples on a grid; see the rules above.

    Parameters
    ----------
    stream : {"emg", "acc"}
    rate : Fraction
        Of the grid, in Hz.
    quality : LinkQuality
        Counted into: every place is received, lost or not connected.
    """

    def __init__(self, stream: Stream, rate: Fraction, quality: LinkQuality) -> None:
        self._stream, self._rate, self._quality = stream, rate, quality
        self._hz = float(rate)
        self._hole = max(2, int(HOLE_S * rate))
        self._last: Array | None = None
        self._link_lost = False
        self.next = 0

    def push(self, time_s: float, values: Array, follows: bool = True) -> list[Samples | Gap]:
        """Place one sample.

        Parameters
        ----------
        time_s : float
            Core time: EMG index over its nominal rate.
        values : Array, shape (n_channels,)
        follows : bool
            Whether it is known to follow directly on the sample before.
        """
        wanted = time_s * self._hz
        place = math.floor(wanted + 0.5)
        if follows and abs(wanted - self.next) <= SLIP:
            place = self.next
        if place < self.next:
            return []
        out: list[Samples | Gap] = []
        missing = place - self.next
        if missing > self._hole or (missing and self._last is None):
            out.append(self._gap(place))
            missing = 0
        rows = np.empty((missing + 1, values.shape[0]))
        if missing:
            rows[:missing] = self._last
        rows[missing] = values
        self._last = rows[missing]
        out.append(Samples(self._stream, self.next, rows))
        self.next += missing + 1
        self._link_lost = False
        self._count(self._quality.received, missing + 1)
        return out

    def push_run(self, time_s: float, values: Array, follows: bool = True) -> list[Samples | Gap]:
        """Place samples that follow one another at the nominal rate.

        Parameters
        ----------
        time_s : float
            Core time of the first.
        values : Array, shape (n_samples, n_channels)
        follows : bool
            Whether the first is known to follow directly on the sample before.
        """
        for row in range(values.shape[0]):
            out = self.push(time_s + row / self._hz, values[row], follows or row > 0)
            if not out:
                continue
            rest = values[row + 1 :]
            if rest.shape[0]:
                out.append(Samples(self._stream, self.next, rest))
                self._last = rest[-1].copy()
                self.next += rest.shape[0]
                self._count(self._quality.received, rest.shape[0])
            return out
        return []

    def link_lost(self) -> None:
        """The link went down: what is missing next was not connected."""
        self._link_lost = True

    def advance(self, time_s: float) -> list[Samples | Gap]:
        """The EMG has come to `time_s` (core time): say what is missing by now."""
        if self.next / self._hz >= time_s - BEHIND_S:
            return []
        return [self._gap(math.floor((time_s - KEPT_S) * self._hz))]

    def _gap(self, stop: int) -> Gap:
        cause = "disconnected" if self._link_lost else "missing"
        gap = Gap(self._stream, self.next, stop, cause, estimated=True)
        table = self._quality.not_connected if self._link_lost else self._quality.lost
        self._count(table, stop - self.next)
        self.next = stop
        self._last = None
        return gap

    def _count(self, table: dict[str, int], count: int) -> None:
        table[self._stream] = table.get(self._stream, 0) + count
