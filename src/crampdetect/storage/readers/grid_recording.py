"""From tables of rows to an opened recording: lengths, reading in time order, a look at units."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from fractions import Fraction
from pathlib import Path

import numpy as np

from crampdetect.detection.types import Array, Gap, Samples, Stream
from crampdetect.errors import RecordingError
from crampdetect.storage.blocks import interleave
from crampdetect.storage.readers.grid import Item, Table
from crampdetect.storage.recording import BLOCK_SECONDS, RecordingFile
from crampdetect.storage.units import implausible_emg

__all__ = ["grid_recording"]

#: A gap is joined over this many blocks, then said: until then the other stream's samples wait.
HELD_BLOCKS = 4


def grid_recording(
    path: Path,
    file_format: str,
    tables: Sequence[Table],
    *,
    start: datetime | None = None,
    start_local: datetime | None = None,
    warnings: Sequence[str] = (),
    channels_available: Sequence[str] = (),
) -> RecordingFile:
    """Make a recording of one or more tables; counts their samples and looks at the first minute.

    Parameters
    ----------
    path : Path
    file_format : str
    tables : sequence of Table
        Together they hold every selected stream once.
    start, start_local : datetime or None
        As in `RecordingFile`.
    warnings : sequence of str
    channels_available : sequence of str

    Returns
    -------
    RecordingFile

    Raises
    ------
    RecordingError
        No samples, a cell that is no number, or a hole of more than a week.
    """
    lengths: dict[Stream, int] = {}
    for table in tables:
        length = table.length(path)
        lengths.update({plan.info.stream: length for plan in table.streams})
    infos = sorted(
        (plan.info for table in tables for plan in table.streams),
        key=lambda info: ("emg", "acc").index(info.stream),
    )
    if not lengths["emg"]:
        raise RecordingError(
            f"{path}: there are no samples behind the header; expected at least one"
        )

    def read() -> Iterator[Item]:
        return _read(path, tables)

    recording = RecordingFile(
        path=path,
        format=file_format,
        signals=tuple(infos),
        start_local=start_local,
        start=start,
        duration=max(lengths[info.stream] / info.nominal_sampling_frequency for info in infos),
        read=read,
        lengths={info.stream: lengths[info.stream] for info in infos},
        warnings=tuple(warnings),
        channels_available=tuple(channels_available),
    )
    return replace(recording, warnings=(*recording.warnings, *_implausible(recording)))


def _read(path: Path, tables: Sequence[Table]) -> Iterator[Item]:
    streams: dict[Stream, Iterator[Item]] = {}
    rates: dict[Stream, Fraction] = {}
    for table in tables:
        shared = _Shared(table, path)
        for order, plan in enumerate(table.streams):
            streams[plan.info.stream] = _joined(shared.puller(order))
            rates[plan.info.stream] = table.rate
    return interleave(streams, rates)


class _Shared:
    """One pass over a table that feeds several streams, each at its own pace."""

    def __init__(self, table: Table, path: Path) -> None:
        self._items = table.items(path)
        self._waiting: list[deque[list[Item]]] = [deque() for _ in table.streams]

    def puller(self, order: int) -> Callable[[], list[Item] | None]:
        """A function that gives the next block's items of one stream, None at the end."""

        def pull() -> list[Item] | None:
            if not self._waiting[order]:
                block = next(self._items, None)
                if block is None:
                    return None
                for queue, items in zip(self._waiting, block, strict=True):
                    queue.append(items)
            return self._waiting[order].popleft()

        return pull


def _joined(pull: Callable[[], list[Item] | None]) -> Iterator[Item]:
    """Join gaps across blocks, but never hold one so long that the other stream piles up."""
    held: Gap | None = None
    age = 0
    while (items := pull()) is not None:
        age += 1
        for item in items:
            if held is not None and isinstance(item, Gap) and _joins(held, item):
                held = replace(held, stop=item.stop)
                continue
            if held is not None:
                yield held
            held, age = (item, 0) if isinstance(item, Gap) else (None, 0)
            if held is None:
                yield item
        if held is not None and age >= HELD_BLOCKS:
            yield held
            held = None
    if held is not None:
        yield held


def _joins(before: Gap, after: Gap) -> bool:
    return (before.stop, before.cause, before.estimated) == (
        after.start,
        after.cause,
        after.estimated,
    )


def _implausible(recording: RecordingFile) -> list[str]:
    """Warnings about declared units, from the first minute."""
    info = recording.signals[0]
    if info.unit != "uV":
        return []
    last = round(BLOCK_SECONDS * info.nominal_sampling_frequency)
    pieces: list[Array] = []
    for item in recording.read():
        if item.stream == "emg" and isinstance(item, Samples):
            pieces.append(item.values[: max(last - item.start, 0)])
        if item.stream == "emg" and item.stop >= last:
            break
    if not pieces:
        return []
    values = np.concatenate(pieces)
    said = (implausible_emg(values[:, [i]], name) for i, name in enumerate(info.channels))
    return [sentence for sentence in said if sentence is not None]
