"""EMG and what travels in the same frames: acceleration of the same rate, flags, other columns.

The rows are placed by the EMG's counter and split behind it, so that everything that came with a
sample lies where that sample lies, however late its place was decided.
"""

from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from crampdetect.detection.types import Array, Gap, Item, Samples, Status
from crampdetect.devices.counted_stream import CountedStream
from crampdetect.devices.time_map import TimeMap
from crampdetect.link import LinkQuality

__all__ = ["Columns", "SharedFrames"]


@dataclass(frozen=True, slots=True)
class Columns:
    """What the columns of a row are, in this order.

    Parameters
    ----------
    emg, acc : int
        How many channels.
    flags : tuple of str
        One column each; not zero where the flag (`Status.flag`) holds.
    """

    emg: int
    acc: int = 0
    flags: tuple[str, ...] = ()


class SharedFrames:
    """Places rows and splits them.

    Parameters
    ----------
    rate : Fraction
        Of the rows, in Hz.
    modulus : int
        Of the counter, in samples.
    quality : LinkQuality
        Counted into.
    columns : Columns
    duplicates : bool
        Frames can come twice.
    """

    def __init__(
        self,
        rate: Fraction,
        modulus: int,
        quality: LinkQuality,
        columns: Columns,
        duplicates: bool = True,
    ) -> None:
        self._rows = CountedStream("emg", rate, modulus, quality, duplicates)
        self._quality, self._columns = quality, columns

    @property
    def next(self) -> int:
        """Index of the sample that comes next."""
        return self._rows.next

    def push(self, counter: int, rows: Array, monotonic_ns: int) -> list[Item]:
        """Place one frame; as `CountedStream.push`."""
        return self._split(self._rows.push(counter, rows, monotonic_ns))

    def push_run(self, counter: int, rows: Array, monotonic_ns: int) -> list[Item]:
        """Place frames of one row each; as `CountedStream.push_run`."""
        return self._split(self._rows.push_run(counter, rows, monotonic_ns))

    def said(self, flag: str) -> list[Item]:
        """A flag for the moment, at the sample that comes next."""
        return [Status("emg", self.next, self.next, flag)]

    def restart(self) -> None:
        """The device began anew."""
        self._rows.restart()

    def link_lost(self) -> list[Item]:
        """The link went down."""
        return self._split(self._rows.link_lost())

    def flush(self) -> list[Item]:
        """Place what still waits."""
        return self._split(self._rows.flush())

    def time_map(self) -> TimeMap | None:
        """Of the night so far."""
        return self._rows.time_map()

    def _split(self, placed: list[Samples | Gap]) -> list[Item]:
        items: list[Item] = []
        for item in placed:
            items += self._gap(item) if isinstance(item, Gap) else self._samples(item)
        return items

    def _gap(self, gap: Gap) -> list[Item]:
        if not self._columns.acc:
            return [gap]
        lost = gap.cause == "lost"
        self._count(self._quality.lost if lost else self._quality.not_connected, gap)
        return [gap, replace(gap, stream="acc")]

    def _samples(self, rows: Samples) -> list[Item]:
        emg, acc = self._columns.emg, self._columns.acc
        items: list[Item] = [Samples("emg", rows.start, rows.values[:, :emg].copy())]
        if acc:
            self._count(self._quality.received, rows)
            items.append(Samples("acc", rows.start, rows.values[:, emg : emg + acc].copy()))
        for number, flag in enumerate(self._columns.flags):
            held = rows.values[:, emg + acc + number] != 0
            if not held.any():
                continue
            edges = np.flatnonzero(np.diff(held, prepend=False, append=False))
            for first, stop in zip(edges[::2], edges[1::2], strict=True):
                items.append(Status("emg", rows.start + int(first), rows.start + int(stop), flag))
        return items

    def _count(self, table: dict[str, int], item: Samples | Gap) -> None:
        table["acc"] = table.get("acc", 0) + item.stop - item.start
