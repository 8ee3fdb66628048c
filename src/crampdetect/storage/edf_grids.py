"""The grids of all channels of a file, and whether 16 bits serve them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from crampdetect.detection.types import SignalInfo, Stream
from crampdetect.errors import RecordingError
from crampdetect.storage.edf_scaling import Grid, Need, make_grid
from crampdetect.storage.edf_survey import StreamSurvey

__all__ = ["FileGrids", "Ranges", "choose_grids"]

Ranges = Mapping[tuple[Stream, int], tuple[float, float]]

#: What 16 bits have; a channel that needs more is written as BDF with 24.
STEPS_OF_16_BITS = (1 << 16) - 1


@dataclass(frozen=True, slots=True)
class FileGrids:
    """The file to be written, bytes of a sample there, and a grid for each channel."""

    path: Path
    sample_bytes: int
    grids: tuple[tuple[Grid, ...], ...]


def choose_grids(
    path: Path,
    signals: Sequence[SignalInfo],
    surveyed: Mapping[Stream, StreamSurvey],
    ranges: Ranges,
) -> FileGrids:
    """Choose the digital grids of a file.

    Parameters
    ----------
    path : Path
        As asked for; ``.bdf`` means 24 bits.
    signals : sequence of SignalInfo
    surveyed : mapping of stream to StreamSurvey
    ranges : mapping of (stream, channel number) to (low, high)
        Physical ranges that replace the rails of the source and are not widened.

    Returns
    -------
    FileGrids

    Raises
    ------
    RecordingError
        Values outside a range; 24 bits needed where the file of that name exists.
    """
    needs = [_needs(info, surveyed[info.stream], ranges) for info in signals]
    path, sample_bytes = _format(path, needs)
    grids = tuple(tuple(make_grid(need, sample_bytes) for need in some) for some in needs)
    for some, grid_of in zip(needs, grids, strict=True):
        for need, grid in zip(some, grid_of, strict=True):
            if not grid.holds(need.low, need.high):
                first, last = grid.physical_text
                raise RecordingError(
                    f"{path}: the values of channel {need.name!r} ({need.low:g} to {need.high:g}) "
                    f"lie outside its range; expected {first} to {last}, as nothing is clipped"
                )
    return FileGrids(path, sample_bytes, grids)


def _needs(
    info: SignalInfo,
    found: StreamSurvey,
    ranges: Ranges,
) -> list[Need]:
    """What each channel of a stream asks of its grid."""
    needs = []
    for i, name in enumerate(info.channels):
        fixed = ranges.get((info.stream, i))
        rails = info.rails[i] if i < len(info.rails) else None
        stated = info.resolution[i] if i < len(info.resolution) else None
        seen = bool(np.isfinite(found.low[i]))
        detail = float(found.detail[i])
        needs.append(
            Need(
                name=name,
                low=float(found.low[i]) if seen else 0.0,
                high=float(found.high[i]) if seen else 0.0,
                rails=fixed or rails,
                resolution=stated or (detail if np.isfinite(detail) else None),
                stated=bool(stated),
                fixed=fixed is not None,
            )
        )
    return needs


def _format(path: Path, needs: Sequence[Sequence[Need]]) -> tuple[Path, int]:
    """The file to be written, and the bytes of a sample."""
    if path.suffix.lower() == ".bdf":
        return path, 3
    # A tolerance for the rounding of a resolution that was computed from a range.
    most = STEPS_OF_16_BITS + 0.5
    if all(need.steps <= most for of_stream in needs for need in of_stream):
        return path, 2
    # Programs go by the suffix: 24 bits in an .edf file would be refused or misread.
    renamed = path.with_suffix(".bdf")
    if renamed.exists():
        raise RecordingError(
            f"{path}: a channel needs more than 16 bits, and {renamed} exists; "
            "expected another name, ending in .bdf"
        )
    return renamed, 3
