"""WAV files (RIFF, RF64): sound-card EMG of 8 to 32 bits or float, without a unit."""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import BinaryIO

import numpy as np

from crampdetect.detection.types import Array
from crampdetect.errors import RecordingError
from crampdetect.storage.readers.grid import Table
from crampdetect.storage.readers.grid_recording import grid_recording
from crampdetect.storage.readers.selection import Channel, select_streams
from crampdetect.storage.recording import ReadOptions, RecordingFile

__all__ = ["open_wav", "recognises"]

_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE
#: Sizes that streaming programs leave behind instead of the true one.
_UNKNOWN_SIZES = (0, 0x7FFFFFFF, 0xFFFFFFFF)
_MAX_CHANNELS = 256
_MAX_CHUNKS = 10_000
_BLOCK_BYTES = 1 << 21


def recognises(head: bytes) -> bool:
    """Whether a file begins as WAVE.

    Examples
    --------
    >>> recognises(b"RIFF\\x00\\x00\\x00\\x00WAVEfmt "), recognises(b"RIFF\\x00\\x00\\x00\\x00AVI ")
    (True, False)
    """
    return head[:4] in (b"RIFF", b"RF64") and head[8:12] == b"WAVE"


@dataclass(frozen=True, slots=True)
class _WavGrid:
    """The frames of the data chunk; columns are channels."""

    path: Path
    offset: int
    n_frames: int
    n_channels: int
    bits: int
    is_float: bool

    def rows(self, columns: Sequence[int]) -> Iterator[Array]:
        """Yield blocks, shape (n_rows, n_columns), of the numbers as they are stored."""
        frame = self.n_channels * self.bits // 8
        at_once = max(_BLOCK_BYTES // frame, 1)
        with self.path.open("rb") as file:
            file.seek(self.offset)
            for start in range(0, self.n_frames, at_once):
                data = file.read(min(at_once, self.n_frames - start) * frame)
                yield self._decode(data)[:, list(columns)].astype(np.float64)

    def count(self) -> int:
        """Number of frames."""
        return self.n_frames

    def place(self, row: int) -> str:
        """The number of a sample, for a sentence."""
        return f"sample {row + 1}"

    def _decode(self, data: bytes) -> np.ndarray[tuple[int, ...], np.dtype[np.generic]]:
        if self.bits == 24:
            parts = np.frombuffer(data, dtype=np.uint8).reshape(-1, 3)
            wide = np.zeros((len(parts), 4), dtype=np.uint8)
            wide[:, 1:] = parts
            values: np.ndarray[tuple[int, ...], np.dtype[np.generic]] = wide.view("<i4") >> 8
        elif self.bits == 8:  # the only unsigned one, silence at 128
            values = np.frombuffer(data, dtype=np.uint8).astype(np.int16) - 128
        else:
            kind = "f" if self.is_float else "i"
            values = np.frombuffer(data, dtype=f"<{kind}{self.bits // 8}")
        return values.reshape(-1, self.n_channels)


def open_wav(path: Path, options: ReadOptions) -> RecordingFile:
    """Open a WAV file; values are the stored numbers in a.u., or in the unit given by ``unit``.

    Parameters
    ----------
    path : Path
    options : ReadOptions

    Returns
    -------
    RecordingFile

    Raises
    ------
    RecordingError
        A damaged header, a compressed encoding, or a rate below 200 Hz.
    """
    warnings: list[str] = []
    try:
        with path.open("rb") as file:
            grid, rate = _read_header(path, file, warnings)
    except OSError as error:
        raise RecordingError(
            f"{path}: the file cannot be read ({error}); expected a WAV file"
        ) from error
    half = 2.0 ** (grid.bits - 1)
    counts = None if grid.is_float else (-half, half - 1)
    channels = [
        Channel(f"EMG {i + 1}", options.rate or rate, "", i, counts=counts)
        for i in range(grid.n_channels)
    ]
    chosen = select_streams(channels, options, path)
    return grid_recording(
        path,
        "WAV",
        [Table(grid, chosen.streams)],
        warnings=(*warnings, *chosen.warnings),
        channels_available=[channel.name for channel in channels],
    )


def _read_header(path: Path, file: BinaryIO, warnings: list[str]) -> tuple[_WavGrid, Fraction]:
    """Walk the chunks until the data."""
    size = path.stat().st_size
    file.seek(12)
    layout: tuple[int, int, int, int] | None = None
    long_size: int | None = None
    for _ in range(_MAX_CHUNKS):
        name, length = struct.unpack("<4sI", file.read(8).ljust(8, b"\0"))
        if name == b"data":
            break
        body = file.read(min(length, 64))
        if name == b"fmt ":
            layout = _format(path, body)
        elif name == b"ds64" and len(body) >= 16:
            long_size = struct.unpack("<8xQ", body[:16])[0]
        # Chunks begin at even offsets.
        file.seek(length + length % 2 - len(body), 1)
        if file.tell() >= size:
            break
    if name != b"data" or layout is None:
        raise RecordingError(f"{path}: the WAV file has no format or no data; expected both chunks")
    n_channels, hertz, bits, kind = layout
    offset = file.tell()
    frame = n_channels * bits // 8
    declared = long_size if long_size is not None and length == 0xFFFFFFFF else length
    stored = max(size - offset, 0)
    if declared in _UNKNOWN_SIZES:
        declared = stored
    if declared > stored:
        warnings.append(
            f"The WAV file is cut short: {stored} of {declared} bytes of data are there and used"
        )
    n_frames = min(declared, stored) // frame
    return _WavGrid(path, offset, n_frames, n_channels, bits, kind == _FLOAT), Fraction(hertz)


def _format(path: Path, body: bytes) -> tuple[int, int, int, int]:
    """Channels, rate, bits and encoding of a format chunk."""
    if len(body) < 16:
        raise RecordingError(f"{path}: the WAV format is cut short; expected 16 bytes")
    kind, n_channels, hertz, _, align, bits = struct.unpack("<HHIIHH", body[:16])
    if kind == _EXTENSIBLE and len(body) >= 26:
        kind = struct.unpack("<H", body[24:26])[0]
    known = (kind == _PCM and bits in (8, 16, 24, 32)) or (kind == _FLOAT and bits in (32, 64))
    if (
        not known
        or not 0 < n_channels <= _MAX_CHANNELS
        or align != n_channels * bits // 8
        or not 0 < hertz <= 1_000_000
    ):
        raise RecordingError(
            f"{path}: WAV encoding {kind} with {bits} bits, {n_channels} channels and {hertz} Hz "
            "is not read; expected PCM of 8 to 32 bits or float"
        )
    return n_channels, hertz, bits, kind
