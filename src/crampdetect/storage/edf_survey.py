"""The first of the writer's two passes: bounds, finest detail, gaps; nothing is written yet."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from crampdetect.detection.types import Array, Gap, Samples, SignalInfo, Stream
from crampdetect.errors import RecordingError

__all__ = ["Read", "StreamSurvey", "survey"]

Read = Callable[[], Iterator[Samples | Gap]]

#: Detail is looked at in this many samples of each block: enough for a median, cheap over a night.
_LOOKED_AT = 4096
#: A step of an eighth of the median change between samples adds 0.1 % to the noise power.
_STEPS_PER_CHANGE = 8


@dataclass(slots=True)
class StreamSurvey:
    """What the samples of one stream need.

    Parameters
    ----------
    low, high : Array, shape (n_channels,)
        Bounds of the values; infinite, the wrong way round, where there are none.
    detail : Array, shape (n_channels,)
        A step fine enough for the quietest block; infinite where nothing changes.
    gaps : list of (int, int)
        Start and stop of what is missing, joined.
    reached : int
        Index after the last sample or gap seen.
    """

    low: Array
    high: Array
    detail: Array
    gaps: list[tuple[int, int]] = field(default_factory=list)
    reached: int = 0

    def add_gap(self, start: int, stop: int) -> None:
        """Add missing samples, joined to those before where they touch."""
        if self.gaps and self.gaps[-1][1] == start:
            self.gaps[-1] = (self.gaps[-1][0], stop)
        elif stop > start:
            self.gaps.append((start, stop))

    def add_values(self, values: Array) -> None:
        """Widen the bounds, refine the detail."""
        np.minimum(self.low, values.min(axis=0), out=self.low)
        np.maximum(self.high, values.max(axis=0), out=self.high)
        changes = np.abs(np.diff(values[:_LOOKED_AT], axis=0))
        for column in range(values.shape[1]):
            moved = changes[:, column][changes[:, column] > 0]
            if moved.size:
                step = float(np.median(moved)) / _STEPS_PER_CHANGE
                self.detail[column] = min(self.detail[column], step)


def survey(
    signals: Sequence[SignalInfo], read: Read, lengths: Mapping[Stream, int]
) -> dict[Stream, StreamSurvey]:
    """Look at everything that will be written.

    Parameters
    ----------
    signals : sequence of SignalInfo
    read : callable
        Starts a fresh iteration.
    lengths : mapping of stream to int
        Number of sample indices of each stream; what is neither sample nor gap below it is a gap.

    Returns
    -------
    dict of stream to StreamSurvey

    Raises
    ------
    RecordingError
        Samples that are not finite, overlap, go back, lie beyond the length or have another
        number of channels than declared.
    """
    found = {
        info.stream: StreamSurvey(
            low=np.full(len(info.channels), np.inf),
            high=np.full(len(info.channels), -np.inf),
            detail=np.full(len(info.channels), np.inf),
        )
        for info in signals
    }
    for item in read():
        one = found.get(item.stream)
        if one is None:
            continue
        _check(item, one, lengths[item.stream])
        one.add_gap(one.reached, item.start)
        if isinstance(item, Gap):
            one.add_gap(item.start, item.stop)
        elif item.values.shape[0]:
            one.add_values(item.values)
        one.reached = item.stop
    for stream, one in found.items():
        one.add_gap(one.reached, lengths[stream])
        one.reached = lengths[stream]
    return found


def _check(item: Samples | Gap, one: StreamSurvey, length: int) -> None:
    what = f"The {item.stream} samples {item.start} to {item.stop}"
    if not one.reached <= item.start <= item.stop <= length:
        raise RecordingError(
            f"{what} do not follow index {one.reached} within the length {length}; "
            "expected samples and gaps in order"
        )
    if isinstance(item, Samples):
        if item.values.shape[1] != one.low.size:
            raise RecordingError(
                f"{what} have {item.values.shape[1]} channels; expected {one.low.size}"
            )
        if not np.isfinite(item.values).all():
            raise RecordingError(f"{what} are not all finite; expected gaps instead of NaN")
