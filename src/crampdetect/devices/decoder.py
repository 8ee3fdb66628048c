"""What every decoder is: link events in, Samples, Gaps and Statuses out. Pure.

It knows no port, clock, thread or file, and what it gives depends on the events alone, so that a
capture decodes to the same night for ever.
"""

from abc import ABC, abstractmethod

import numpy as np

from crampdetect.detection.types import Array, Gap, Item, Samples, SignalInfo, Stream
from crampdetect.devices.time_map import TimeMap
from crampdetect.link import Connected, Disconnected, LinkEvent, LinkQuality, Received

__all__ = ["Decoder", "joined"]


class Decoder(ABC):
    """A sensor's protocol, from bytes to samples.

    Attributes
    ----------
    quality : LinkQuality
    battery_mv : int or None
        As last heard.
    marks : list of int
        Arrival (monotonic ns) of presses of the sensor's button that were not fetched yet.
    """

    def __init__(self) -> None:
        self.quality = LinkQuality()
        self.battery_mv: int | None = None
        self.battery_percent: int | None = None
        self.marks: list[int] = []
        self._connected_before = False

    @property
    @abstractmethod
    def signals(self) -> tuple[SignalInfo, ...] | None:
        """EMG first; None until the device has said what it sends. Constant from then on."""

    @abstractmethod
    def time_map(self) -> TimeMap | None:
        """Index of the EMG -> host time, so far."""

    def push(self, event: LinkEvent) -> list[Item]:
        """What `event` completes, in order of arrival; neighbouring samples joined."""
        match event:
            case Received():
                items = self._received(event)
            case Connected():
                self.quality.reconnects += self._connected_before
                self._connected_before = True
                items = self._connected()
            case Disconnected():
                items = self._disconnected()
        return joined(items)

    def flush(self) -> list[Item]:
        """What is still owed at the end of the night."""
        return joined(self._flush())

    @abstractmethod
    def _received(self, event: Received) -> list[Item]: ...

    @abstractmethod
    def _connected(self) -> list[Item]:
        """The link came up: half a frame from before must not meet what comes."""

    @abstractmethod
    def _disconnected(self) -> list[Item]: ...

    @abstractmethod
    def _flush(self) -> list[Item]: ...

    def keep_alive(self, monotonic_ns: int) -> bytes | None:
        """Bytes that the host should send now, e.g. a ping; None for nothing."""
        del monotonic_ns
        return None


def joined(items: list[Item]) -> list[Item]:
    """The same items with consecutive Samples of one stream made one.

    The order within a stream is kept; that of different streams may change within a push.
    """
    if len(items) < 2:
        return items
    out: list[Item] = []
    runs: dict[Stream, list[Samples]] = {}

    def close(stream: Stream) -> None:
        run = runs.pop(stream, [])
        if run:
            out.append(_one(run))

    for item in items:
        if isinstance(item, Samples):
            run = runs.setdefault(item.stream, [])
            if run and run[-1].stop != item.start:
                close(item.stream)
                run = runs.setdefault(item.stream, [])
            run.append(item)
        else:
            if isinstance(item, Gap):
                close(item.stream)
            out.append(item)
    for stream in tuple(runs):
        close(stream)
    return out


def _one(run: list[Samples]) -> Samples:
    if len(run) == 1:
        return run[0]
    values: Array = np.concatenate([one.values for one in run])
    return Samples(run[0].stream, run[0].start, values)
