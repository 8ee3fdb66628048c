"""Rows of numbers as streams: Samples, gaps and lengths; the same for text, HDF5, XDF and WAV."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from crampdetect.detection.types import Array, Gap, Samples, SignalInfo
from crampdetect.errors import RecordingError
from crampdetect.storage.blocks import split_nan
from crampdetect.storage.readers.backward_time import refuse_backward_time
from crampdetect.storage.readers.losses import Loss, NoLoss, StampLoss
from crampdetect.storage.recording import BLOCK_SECONDS

__all__ = ["LONGEST_GAP_SECONDS", "Grid", "Item", "StreamPlan", "Table"]

#: A hole of more than a week is a damaged counter or clock, no night.
LONGEST_GAP_SECONDS = 7 * 86400

Item = Samples | Gap


class Grid(Protocol):
    """Rows of numbers that can be read again and again."""

    def rows(self, columns: Sequence[int]) -> Iterator[Array]:
        """Yield blocks, shape (n_rows, n_columns), of the wanted columns; NaN where empty."""

    def count(self) -> int:
        """Number of rows."""

    def place(self, row: int) -> str:
        """Where a row (0-based) is in the file, for a sentence."""


@dataclass(frozen=True, slots=True, eq=False)
class StreamPlan:
    """How one stream is made of columns: ``values * scale + offset``.

    Parameters
    ----------
    info : SignalInfo
    columns : tuple of int
        0-based, one for each channel.
    scale, offset : Array, shape (n_channels,)
        To the unit of `info`.
    """

    info: SignalInfo
    columns: tuple[int, ...]
    scale: Array
    offset: Array


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Streams that share their rows (and so their rate and their losses).

    Parameters
    ----------
    grid : Grid
    streams : tuple of StreamPlan
    loss : Loss
    lead : int
        Samples missing before the first row.
    rows : int or None
        Rows that belong to the streams; None: all.
    """

    grid: Grid
    streams: tuple[StreamPlan, ...]
    loss: Loss = field(default_factory=NoLoss)
    lead: int = 0
    rows: int | None = None

    @property
    def rate(self) -> Fraction:
        """In Hz."""
        return self.streams[0].info.nominal_sampling_frequency

    def length(self, path: Path) -> int:
        """Number of sample indices, gaps included; refuses time that runs backwards."""
        if not self.loss.columns:
            return self.lead + (self.grid.count() if self.rows is None else self.rows)
        total = self.lead
        blocks = self._blocks(self.loss.columns)
        if isinstance(self.loss, StampLoss):
            blocks = refuse_backward_time(path, blocks, self.loss, self.grid)
        for rows, lost in self.loss.apply(blocks):
            total += len(rows) + self._checked(lost, path)
        return total

    def items(self, path: Path) -> Iterator[list[list[Item]]]:
        """Yield, block by block, the items of each stream."""
        columns = (*self.loss.columns, *(c for plan in self.streams for c in plan.columns))
        index = self.lead
        if self.lead:
            yield [[Gap(plan.info.stream, 0, index, "missing", True)] for plan in self.streams]
        for rows, lost in self.loss.apply(self._blocks(columns)):
            self._checked(lost, path)
            yield [
                self._stream_items(plan, index, rows, lost, place)
                for plan, place in zip(self.streams, self._places(), strict=True)
            ]
            index += len(rows) + int(lost.sum())

    def _places(self) -> list[slice]:
        """Where the columns of each stream are in the rows that `items` asks for."""
        bounds = [len(self.loss.columns)]
        for plan in self.streams:
            bounds.append(bounds[-1] + len(plan.columns))
        return [slice(*bound) for bound in pairwise(bounds)]

    def _stream_items(
        self, plan: StreamPlan, start: int, rows: Array, lost: NDArray[np.int64], place: slice
    ) -> list[Item]:
        stream = plan.info.stream
        values = rows[:, place] * plan.scale + plan.offset
        longest = max(int(BLOCK_SECONDS * self.rate), 1)
        holes = np.flatnonzero(lost)
        edges = sorted({0, len(rows), *holes.tolist(), *range(0, len(rows), longest)})
        items: list[Item] = []
        shift = start
        for first, last in pairwise(edges):
            missing = int(lost[first])
            if missing:
                begin = shift + first
                items.append(Gap(stream, begin, begin + missing, "missing", self.loss.estimated))
                shift += missing
            items.extend(split_nan(stream, shift + first, values[first:last]))
        return items

    def _blocks(self, columns: Sequence[int]) -> Iterator[Array]:
        left = self.rows
        for rows in self.grid.rows(columns):
            if left is None:
                yield rows
                continue
            yield rows[:left]
            left -= len(rows[:left])
            if left <= 0:
                return

    def _checked(self, lost: NDArray[np.int64], path: Path) -> int:
        largest = int(lost.max(initial=0))
        if largest > LONGEST_GAP_SECONDS * self.rate:
            raise RecordingError(
                f"{path}: counter or time jumps over {largest} samples at once; "
                f"expected holes of at most {LONGEST_GAP_SECONDS // 86400} days"
            )
        return int(lost.sum())
