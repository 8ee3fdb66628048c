"""The second of the writer's passes: samples and gaps become data records, a few at a time."""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from crampdetect.detection.types import Gap, Samples, SignalInfo, Stream
from crampdetect.errors import RecordingError
from crampdetect.storage.edf_record_plan import RecordPlan
from crampdetect.storage.edf_scaling import Grid
from crampdetect.storage.edf_survey import Read

__all__ = ["DataRecords"]

#: About this many bytes are assembled at once; a gap of hours is never laid out whole.
PIECE_BYTES = 1 << 20


class _Waiting:
    """Digital samples of one stream that are not yet written; gaps only as their length."""

    def __init__(self, info: SignalInfo, grids: Sequence[Grid], length: int) -> None:
        self.stream = info.stream
        self.available = 0
        self._grids = grids
        self._length = length
        self._reached = 0
        self._parts: deque[NDArray[np.int32] | int] = deque()

    def push(self, item: Samples | Gap) -> None:
        """Add samples or a gap; a jump of the index is a gap too."""
        if item.start < self._reached or item.stop > self._length:
            raise RecordingError(
                f"The {item.stream} samples {item.start} to {item.stop} were not there when they "
                "were read for the first time; expected the same samples twice"
            )
        self._fill(item.start - self._reached)
        if isinstance(item, Gap):
            self._fill(item.stop - item.start)
        elif item.values.shape[0]:
            columns = [grid.quantise(item.values[:, i]) for i, grid in enumerate(self._grids)]
            self._parts.append(np.stack(columns))
            self.available += item.values.shape[0]
        self._reached = item.stop

    def finish(self, filled: int) -> None:
        """Fill up to the end of the last record."""
        self._fill(filled - self._reached)
        self._reached = filled

    def take(self, count: int) -> NDArray[np.int32]:
        """Remove the next samples, shape (n_channels, count)."""
        out = np.empty((len(self._grids), count), np.int32)
        self.available -= count
        position = 0
        while position < count:
            part = self._parts.popleft()
            size = part if isinstance(part, int) else part.shape[1]
            used = min(size, count - position)
            for i, grid in enumerate(self._grids):
                target = out[i, position : position + used]
                target[:] = grid.fill if isinstance(part, int) else part[i, :used]
            if used < size:
                self._parts.appendleft(size - used if isinstance(part, int) else part[:, used:])
            position += used
        return out

    def _fill(self, count: int) -> None:
        if count > 0:
            self._parts.append(count)
            self.available += count


class DataRecords:
    """Assembles data records from the samples of all streams.

    Parameters
    ----------
    signals : sequence of SignalInfo
    grids : sequence of sequence of Grid
    plan : RecordPlan
    records : int
    lengths : mapping of stream to int
    sample_bytes : int
    """

    def __init__(
        self,
        signals: Sequence[SignalInfo],
        grids: Sequence[Sequence[Grid]],
        plan: RecordPlan,
        records: int,
        lengths: Mapping[Stream, int],
        sample_bytes: int,
    ) -> None:
        self._waiting = [
            _Waiting(info, of_stream, lengths[info.stream])
            for info, of_stream in zip(signals, grids, strict=True)
        ]
        self._counts = plan.counts
        self._left = records
        self._filled = [records * count for count in plan.counts]
        self._sample_bytes = sample_bytes
        row = sum(n * len(one) for n, one in zip(plan.counts, grids, strict=True)) * sample_bytes
        self._at_once = max(PIECE_BYTES // row, 1)

    def pieces(self, read: Read, annotations: Iterator[bytes]) -> Iterator[bytes]:
        """Yield the bytes of all data records, a few records at a time.

        Parameters
        ----------
        read : callable
            Starts a fresh iteration over Samples and Gaps.
        annotations : iterator of bytes
            The annotation bytes of each record.

        Yields
        ------
        bytes
        """
        of_stream = {one.stream: one for one in self._waiting}
        for item in read():
            if item.stream in of_stream:
                of_stream[item.stream].push(item)
                yield from self._complete(annotations)
        for one, filled in zip(self._waiting, self._filled, strict=True):
            one.finish(filled)
        yield from self._complete(annotations)

    def _complete(self, annotations: Iterator[bytes]) -> Iterator[bytes]:
        """Yield what is complete in all streams."""
        while ready := min(
            self._left,
            self._at_once,
            *(one.available // n for one, n in zip(self._waiting, self._counts, strict=True)),
        ):
            self._left -= ready
            columns = [
                self._encode(channel).reshape(ready, -1)
                for one, count in zip(self._waiting, self._counts, strict=True)
                for channel in one.take(ready * count)
            ]
            marks = b"".join(islice(annotations, ready))
            columns.append(np.frombuffer(marks, np.uint8).reshape(ready, -1))
            yield np.hstack(columns).tobytes()

    def _encode(self, digital: NDArray[np.int32]) -> NDArray[np.uint8]:
        """Little-endian two's complement of 16 or 24 bits."""
        octets = digital.astype("<i4").view(np.uint8).reshape(-1, 4)
        return octets[:, : self._sample_bytes]
