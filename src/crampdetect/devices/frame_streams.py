"""EMG frames with a counter that carry acceleration with them: both on the night's index."""

from collections import deque
from fractions import Fraction

from crampdetect.detection.types import Array, Gap, Item, Samples, Status
from crampdetect.devices.counted_stream import MOST_HELD, CountedStream
from crampdetect.devices.held_stream import HeldStream
from crampdetect.devices.time_map import TimeMap
from crampdetect.link import LinkQuality

__all__ = ["FrameStreams"]


class FrameStreams:
    """Places frames, and beside each the acceleration that came in it.

    Parameters
    ----------
    rate, acc_rate : Fraction
        Nominal, in Hz.
    modulus : int
        Of the counter, in EMG samples.
    quality : LinkQuality
        Counted into.
    duplicates : bool
        Frames can come twice.
    """

    def __init__(
        self,
        rate: Fraction,
        acc_rate: Fraction,
        modulus: int,
        quality: LinkQuality,
        duplicates: bool = True,
    ) -> None:
        self._hz = float(rate)
        self._emg = CountedStream("emg", rate, modulus, quality, duplicates)
        self._acc = HeldStream("acc", acc_rate, quality)
        # Frames in the hands of `_emg`, which gives them back placed, in order.
        self._pending: deque[tuple[Array, Array | None, tuple[str, ...]]] = deque(maxlen=MOST_HELD)

    @property
    def next(self) -> int:
        """Index of the EMG sample that comes next."""
        return self._emg.next

    def push(
        self,
        counter: int,
        emg: Array,
        arrival_ns: int,
        acc: Array | None = None,
        flags: tuple[str, ...] = (),
    ) -> list[Item]:
        """Place one frame.

        Parameters
        ----------
        counter : int
            Of its first sample, modulo `modulus`.
        emg : Array, shape (n_samples, n_channels)
        arrival_ns : int
        acc : Array, shape (n_axes,), optional
            Of the instant of the first sample.
        flags : tuple of str
            That hold for the frame (`Status.flag`).
        """
        self._pending.append((emg, acc, flags))
        return self._placed(self._emg.push(counter, emg, arrival_ns))

    def push_acc(self, acc: Array) -> list[Item]:
        """Place acceleration that came by itself and has no counter: it is of now."""
        if self._emg.holding or not self._emg.next:
            return []
        return [*self._acc.push(self._emg.next / self._hz, acc)]

    def said(self, flag: str) -> list[Item]:
        """A flag for the moment, at the sample that comes next."""
        return [Status("emg", self._emg.next, self._emg.next, flag)]

    def link_lost(self) -> list[Item]:
        """The link went down."""
        items = self._placed(self._emg.link_lost())
        self._acc.link_lost()
        return items

    def flush(self) -> list[Item]:
        """Place what still waits."""
        return self._placed(self._emg.flush())

    def time_map(self) -> TimeMap | None:
        """Of the EMG."""
        return self._emg.time_map()

    def _placed(self, placed: list[Samples | Gap]) -> list[Item]:
        items: list[Item] = []
        for item in placed:
            items.append(item)
            while isinstance(item, Samples) and self._pending:
                emg, acc, flags = self._pending.popleft()
                if emg is not item.values:
                    continue
                items += [Status("emg", item.start, item.stop, flag) for flag in flags]
                if acc is not None:
                    items += self._acc.push(item.start / self._hz, acc)
                break
        if not self._emg.holding:
            self._pending.clear()
        if placed:
            items += self._acc.advance(self._emg.next / self._hz)
        return items
