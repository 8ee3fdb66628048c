"""XDF files chunk by chunk: never the whole file in memory.

Format: the public XDF specification 1.0 (sccn/xdf wiki); written anew from it.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np

from crampdetect.detection.types import Array
from crampdetect.errors import RecordingError
from crampdetect.storage.readers.xdf_headers import StreamHeader

__all__ = [
    "CLOCK_OFFSET",
    "FILE_HEADER",
    "MAGIC",
    "SAMPLES",
    "STREAM_HEADER",
    "Chunk",
    "chunks",
    "decode_samples",
]

MAGIC = b"XDF:"
FILE_HEADER, STREAM_HEADER, SAMPLES, CLOCK_OFFSET = 1, 2, 3, 4
#: Recorders write half a second at a time.
_MAX_CHUNK_BYTES = 1 << 28
_SIZES = {1: "<B", 4: "<I", 8: "<Q"}
#: Stamps count seconds since a computer's start or since 1970; 1e12 s are 30 000 years.
_LATEST = 1e12
#: Samples whose time stamp flag is looked at together.
_LOOK = 64


@dataclass(frozen=True, slots=True)
class Chunk:
    """Place of one chunk's content: `tag` is its kind, `stop` the byte after it."""

    tag: int
    start: int
    stop: int


def chunks(path: Path, file: BinaryIO, warnings: list[str] | None = None) -> Iterator[Chunk]:
    """Yield every whole chunk; a cut last one ends the file with a warning.

    Parameters
    ----------
    path : Path
    file : BinaryIO
        Opened for reading; its position is used between the chunks.
    warnings : list of str or None
        What was found is added where the chunks end before the file does.

    Raises
    ------
    RecordingError
        A chunk is larger than 256 MiB.
    """
    size = path.stat().st_size
    at = len(MAGIC)
    while at < size:
        file.seek(at)
        length_bytes = file.read(1)[0]
        pattern = _SIZES.get(length_bytes)
        head = file.read(length_bytes + 2) if pattern else b""
        if pattern is None:
            found = f"the length at byte {at} has {length_bytes} bytes, not 1, 4 or 8"
            _stop(found, size, warnings)
            return
        if len(head) < length_bytes + 2:
            _stop(f"a chunk at byte {at} has no whole header", size, warnings)
            return
        length = struct.unpack(pattern, head[:length_bytes])[0]
        start = at + 1 + length_bytes + 2
        stop = start + length - 2
        if length < 2 or stop > size:
            fault = "shorter than its tag" if length < 2 else "longer than the file"
            _stop(f"a chunk of {length} bytes at byte {at} is {fault}", size, warnings)
            return
        if length > _MAX_CHUNK_BYTES:
            raise RecordingError(
                f"{path}: an XDF chunk of {length} bytes; expected at most {_MAX_CHUNK_BYTES}"
            )
        yield Chunk(struct.unpack("<H", head[length_bytes:])[0], start, stop)
        at = stop


def _stop(found: str, size: int, warnings: list[str] | None) -> None:
    if warnings is not None:
        warnings.append(f"the XDF file of {size} bytes is cut short or damaged: {found}")


def decode_samples(path: Path, data: bytes, header: StreamHeader) -> tuple[Array, Array]:
    """Decode the content of one chunk of samples (after its stream id).

    Parameters
    ----------
    path : Path
    data : bytes
    header : StreamHeader
        With a `dtype`.

    Returns
    -------
    stamps : Array, shape (n_samples,)
        In seconds; NaN where the recorder left the stamp out.
    values : Array, shape (n_samples, n_channels)

    Raises
    ------
    RecordingError
        The content does not hold the samples it announces, or a time stamp is no time.
    """
    pattern = _SIZES.get(data[0]) if data else None
    width = np.dtype(header.dtype).itemsize * len(header.labels)
    if pattern is None or header.dtype is None or len(data) < 1 + data[0]:
        raise _damaged(path)
    count = struct.unpack(pattern, data[1 : 1 + data[0]])[0]
    at = 1 + data[0]
    if count * (1 + width) > len(data) - at:
        raise _damaged(path)
    stamps = np.full(count, np.nan)
    values = np.empty((count, len(header.labels)))
    done, look = 0, _LOOK
    while done < count:
        flag = data[at] if at < len(data) else -1
        if flag not in (0, 8):
            raise _damaged(path)
        step = 1 + flag + width
        fits = min(count - done, (len(data) - at) // step, look)
        same = _run(data, at, step, fits, flag)
        if same == 0:
            raise _damaged(path)
        block = np.frombuffer(data, np.uint8, same * step, at).reshape(same, step)
        if flag:
            times = np.ascontiguousarray(block[:, 1:9]).view("<f8")[:, 0]
            _refuse_impossible(path, times, header)
            stamps[done : done + same] = times
        raw = np.ascontiguousarray(block[:, 1 + flag :])
        values[done : done + same] = raw.view(header.dtype)
        done, at = done + same, at + same * step
        # Long equal runs are taken in ever larger pieces, short ones cost little.
        look = look * 4 if same == look else _LOOK
    return stamps, values


def _run(data: bytes, at: int, step: int, most: int, flag: int) -> int:
    """How many samples in a row bear the same flag."""
    flags = np.frombuffer(data, np.uint8, max(most - 1, 0) * step + (most > 0), at)[::step]
    other = np.flatnonzero(flags != flag)
    return int(other[0]) if other.size else len(flags)


def _refuse_impossible(path: Path, times: Array, header: StreamHeader) -> None:
    impossible = times[~(np.abs(times) <= _LATEST)]  # NaN is not
    if impossible.size:
        raise RecordingError(
            f"{path}: stream {header.shown!r} has the time stamp {impossible[0]:g} s; "
            f"expected seconds of a clock, at most {_LATEST:g}"
        )


def _damaged(path: Path) -> RecordingError:
    return RecordingError(
        f"{path}: a chunk of samples does not hold what it announces; "
        "expected an undamaged XDF file"
    )
