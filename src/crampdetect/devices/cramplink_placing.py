"""Blocks of CrampLink on the night's index: EMG by its counter, acceleration by the device's clock.

Both streams carry instants of the same clock, so acceleration lies where the EMG beside it lies,
however late either arrived. While the EMG's place is not decided, acceleration waits.
"""

from collections import deque

from crampdetect.detection.types import Array, Gap, Item, Samples, SignalInfo, Status
from crampdetect.devices.counted_stream import MOST_HELD, CountedStream
from crampdetect.devices.cramplink_info import StreamInfo, physical, signal_of
from crampdetect.devices.cramplink_messages import Block
from crampdetect.devices.held_stream import HeldStream
from crampdetect.devices.time_map import TimeMap
from crampdetect.link import LinkQuality

__all__ = ["Placing"]

#: Sample indices have 32 bits.
MODULUS = 1 << 32
#: Acceleration further than this from the EMG beside it is no acceleration of this night [A].
APART_US = 10_000_000
#: Blocks of acceleration that wait for their EMG [A].
MOST_WAITING = 1024


class Placing:
    """The streams of one night.

    Parameters
    ----------
    emg : StreamInfo
    acc : StreamInfo or None
    quality : LinkQuality
        Counted into.
    """

    def __init__(self, emg: StreamInfo, acc: StreamInfo | None, quality: LinkQuality) -> None:
        self.streams = (emg, acc)
        self.signals: tuple[SignalInfo, ...] = tuple(
            signal_of(one) for one in (emg, acc) if one is not None
        )
        rates = [info.nominal_sampling_frequency for info in self.signals]
        self._hz = float(rates[0])
        self._emg = CountedStream("emg", rates[0], MODULUS, quality)
        self._acc = None if acc is None else HeldStream("acc", rates[1], quality)
        self._quality = quality
        # Blocks in the hands of `_emg`, which gives them back placed, in order.
        self._pending: deque[tuple[Array, int, tuple[str, ...]]] = deque(maxlen=MOST_HELD)
        self._anchor: tuple[int, int] | None = None
        self._waiting: deque[Block] = deque(maxlen=MOST_WAITING)
        self._acc_index: int | None = None

    def push(self, block: Block, flags: tuple[str, ...], arrival_ns: int) -> list[Item]:
        """A block of DATA; `flags` are those of an EMG block (`Status.flag`)."""
        emg, acc = self.streams
        if block.stream == emg.stream and block.fmt == emg.fmt:
            values = physical(emg, block.values)
            self._pending.append((values, block.t_us, flags))
            return self._placed(self._emg.push(block.index, values, arrival_ns))
        if acc is not None and block.stream == acc.stream and block.fmt == acc.fmt:
            self._waiting.append(block)
            return self._placed_acc()
        self._quality.corrupt += any(
            one is not None and one.stream == block.stream for one in self.streams
        )
        return []

    def said(self, flag: str) -> list[Item]:
        """A flag for the moment, at the sample that comes next."""
        return [Status("emg", self._emg.next, self._emg.next, flag)]

    def restart(self) -> None:
        """The device began anew."""
        self._anchor = self._acc_index = None
        self._waiting.clear()
        self._emg.restart()

    def link_lost(self) -> list[Item]:
        """The link went down."""
        items = self._placed(self._emg.link_lost())
        if self._acc is not None:
            self._acc.link_lost()
        return items

    def flush(self) -> list[Item]:
        """Place what still waits."""
        return self._placed(self._emg.flush())

    def time_map(self) -> TimeMap | None:
        """Of the EMG."""
        return self._emg.time_map()

    def _placed(self, placed: list[Samples | Gap]) -> list[Item]:
        """EMG that has its place, with what was said of it."""
        items: list[Item] = []
        for item in placed:
            items.append(item)
            while isinstance(item, Samples) and self._pending:
                values, t_us, flags = self._pending.popleft()
                if values is item.values:
                    self._anchor = (item.start, t_us)
                    items += [Status("emg", item.start, item.stop, flag) for flag in flags]
                    break
        if not self._emg.holding:
            self._pending.clear()
        return items + self._placed_acc()

    def _placed_acc(self) -> list[Item]:
        info = self.streams[1]
        if self._acc is None or info is None or self._anchor is None or self._emg.holding:
            return []
        items: list[Item] = []
        while self._waiting:
            block = self._waiting.popleft()
            since_us = block.t_us - self._anchor[1]
            if abs(since_us) > APART_US:
                self._quality.corrupt += 1
                continue
            at_s, follows = self._anchor[0] / self._hz + since_us / 1e6, self._follows(block)
            items += self._acc.push_run(at_s, physical(info, block.values), follows)
        return items + list(self._acc.advance(self._emg.next / self._hz))

    def _follows(self, block: Block) -> bool:
        expected = self._acc_index
        self._acc_index = (block.index + block.values.shape[0]) % MODULUS
        return block.index == expected
