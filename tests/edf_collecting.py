"""Everything that a recording yields, laid out for comparison in the EDF tests."""

import numpy as np

from crampdetect.detection.types import Array, Gap, Stream
from crampdetect.storage.recording import RecordingFile


def collected(
    file: RecordingFile, stream: Stream = "emg"
) -> tuple[Array, list[tuple[int, int, str]]]:
    """All values (NaN in gaps) and all gaps of one stream; checks that indices are complete."""
    width = len(next(one for one in file.signals if one.stream == stream).channels)
    values = np.full((file.lengths[stream], width), np.nan)
    gaps = []
    reached = 0
    for item in file.read():
        if item.stream != stream:
            continue
        assert item.start == reached
        reached = item.stop
        if isinstance(item, Gap):
            gaps.append((item.start, item.stop, item.cause))
        else:
            assert item.values.flags.c_contiguous
            assert item.values.dtype == np.float64
            values[item.start : item.stop] = item.values
    assert reached == file.lengths[stream]
    return values, gaps


def gaps_of(file: RecordingFile, stream: Stream = "emg") -> list[tuple[int, int]]:
    """Gaps of one stream without their causes."""
    return [(start, stop) for start, stop, _ in collected(file, stream)[1]]
