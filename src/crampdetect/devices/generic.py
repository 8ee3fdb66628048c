"""Samples that another program has decoded: the decoder of our own generic frames.

- The first description decides the signals; another one later is said (``other_signals``), and
  what comes with it is left out.
- EMG is placed by its index. Acceleration lies where the EMG of the same source time lies; while
  that is not decided, it waits.
- How good the numbers are is up to the program that gave them: lost samples that it hid cannot be
  seen here.
"""

from collections import deque
from collections.abc import Sequence

from crampdetect.detection.types import Gap, Item, Samples, SignalInfo, Status
from crampdetect.devices.counted_stream import MOST_HELD, CountedStream
from crampdetect.devices.decoder import Decoder
from crampdetect.devices.generic_frames import (
    Block,
    Described,
    block_of,
    is_sound,
    streams_of,
)
from crampdetect.devices.held_stream import HeldStream
from crampdetect.devices.status_flags import OTHER_SIGNALS
from crampdetect.devices.time_map import TimeMap
from crampdetect.link import Received

__all__ = ["GenericDecoder"]

#: Acceleration further than this (s) from the EMG beside it is none of this moment [A].
APART_S = 30.0
#: Blocks of acceleration that wait for their EMG [A].
MOST_WAITING = 256


class GenericDecoder(Decoder):
    """From generic frames to samples; see above."""

    def __init__(self) -> None:
        super().__init__()
        self._streams: tuple[Described, ...] | None = None
        self._emg: CountedStream | None = None
        self._acc: HeldStream | None = None
        self._other = False
        # Blocks in the hands of `_emg`, which gives them back placed, in order.
        self._pending: deque[Block] = deque(maxlen=MOST_HELD)
        self._waiting: deque[Block] = deque(maxlen=MOST_WAITING)
        self._anchor: tuple[int, float] | None = None
        self._acc_index: int | None = None

    @property
    def signals(self) -> tuple[SignalInfo, ...] | None:
        """As the first description says."""
        if self._streams is None:
            return None
        return tuple(
            SignalInfo(one.stream, one.channels, one.rate, one.unit) for one in self._streams
        )

    def time_map(self) -> TimeMap | None:
        """Of the EMG."""
        return None if self._emg is None else self._emg.time_map()

    # --- events

    def _connected(self) -> list[Item]:
        self._waiting.clear()
        self._anchor = self._acc_index = None
        return []

    def _disconnected(self) -> list[Item]:
        items = [] if self._emg is None else self._placed(self._emg.link_lost())
        if self._acc is not None:
            self._acc.link_lost()
        return items

    def _flush(self) -> list[Item]:
        return [] if self._emg is None else self._placed(self._emg.flush())

    def _received(self, event: Received) -> list[Item]:
        if is_sound(event.data):
            streams = streams_of(event.data)
            if streams is not None:
                return self._describe(streams)
            block = block_of(event.data)
            if block is not None:
                return self._take(block, event.monotonic_ns)
        self.quality.corrupt += 1
        return []

    # --- frames

    def _describe(self, streams: tuple[Described, ...]) -> list[Item]:
        if self._streams is None:
            self._streams = streams
            first = streams[0]
            self._emg = CountedStream("emg", first.rate, first.modulus, self.quality)
            if len(streams) > 1:
                self._acc = HeldStream("acc", streams[1].rate, self.quality)
        self._other = streams != self._streams
        at = 0 if self._emg is None else self._emg.next
        return [Status("emg", at, at, OTHER_SIGNALS)] if self._other else []

    def _take(self, block: Block, arrival_ns: int) -> list[Item]:
        if self._streams is None or self._emg is None or self._other:
            return []
        known = block.number < len(self._streams)
        if not known or block.values.shape[1] != len(self._streams[block.number].channels):
            self.quality.corrupt += 1
            return []
        if block.number == 0:
            self._pending.append(block)
            return self._placed(self._emg.push(block.index, block.values, arrival_ns))
        self._waiting.append(block)
        return self._placed_acc()

    # --- behind the placing

    def _placed(self, placed: Sequence[Samples | Gap]) -> list[Item]:
        items: list[Item] = []
        for item in placed:
            items.append(item)
            while isinstance(item, Samples) and self._pending:
                block = self._pending.popleft()
                if block.values is item.values:
                    self._anchor = (item.start, block.time_s)
                    break
        if self._emg is not None and not self._emg.holding:
            self._pending.clear()
        return items + self._placed_acc()

    def _placed_acc(self) -> list[Item]:
        emg, acc, anchor = self._emg, self._acc, self._anchor
        if emg is None or acc is None or anchor is None or emg.holding or self._streams is None:
            return []
        hz, items = float(self._streams[0].rate), list[Item]()
        while self._waiting:
            block = self._waiting.popleft()
            since = block.time_s - anchor[1]
            if abs(since) > APART_S:
                self.quality.corrupt += 1
                continue
            follows = block.index == self._acc_index
            self._acc_index = (block.index + block.values.shape[0]) % self._streams[1].modulus
            items += acc.push_run(max(0.0, anchor[0] / hz + since), block.values, follows)
        return [*items, *acc.advance(emg.next / hz)]
