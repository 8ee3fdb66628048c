"""The data records of EDF and BDF files, read in pieces: only what is asked for stays in memory."""

from collections.abc import Iterator
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from crampdetect.errors import RecordingError
from crampdetect.storage.readers.edf_header import EdfHeader, EdfSignal

__all__ = ["read_digital", "signal_bytes"]

#: Whole records are read in pieces of about this size: large enough that the system call does not
#: matter (1 MiB is 0.1 ms), small enough that wide recordings stay small in memory.
PIECE_BYTES = 1 << 20
#: From this size on the signal is sought within each record instead of reading the whole record.
#: (EDF itself recommends records of at most 61440 bytes.)
LARGE_RECORD_BYTES = 1 << 16


def read_digital(
    file: BinaryIO, header: EdfHeader, signal: EdfSignal, record: int, start: int, stop: int
) -> NDArray[np.int32]:
    """Read consecutive digital values of one signal.

    Parameters
    ----------
    file : binary file
    header : EdfHeader
    signal : EdfSignal
    record : int
        The record from whose first sample `start` and `stop` count.
    start, stop : int

    Returns
    -------
    NDArray of int32, shape (stop - start,)

    Raises
    ------
    RecordingError
        The file has become shorter, or cannot be read.
    """
    if header.record_bytes >= LARGE_RECORD_BYTES:
        return _read_within_records(file, header, signal, record, start, stop)
    first = start // signal.per_record
    last = -(-stop // signal.per_record)
    pieces = [
        _decode(piece.reshape(-1), header.sample_bytes)
        for piece in signal_bytes(file, header, signal, record + first, record + last)
    ]
    skipped = first * signal.per_record
    return np.concatenate(pieces)[start - skipped : stop - skipped]


def signal_bytes(
    file: BinaryIO, header: EdfHeader, signal: EdfSignal, first: int, last: int
) -> Iterator[NDArray[np.uint8]]:
    """Read the bytes of one signal from records `first` to `last` (exclusive), piece by piece.

    Yields
    ------
    NDArray of uint8, shape (n_records, bytes_per_record)
    """
    width = signal.per_record * header.sample_bytes
    if header.record_bytes >= LARGE_RECORD_BYTES:
        for record in range(first, last):
            position = header.header_bytes + record * header.record_bytes + signal.offset
            yield np.frombuffer(_read(file, header, position, width), np.uint8).reshape(1, -1)
        return
    step = PIECE_BYTES // header.record_bytes
    for begin in range(first, last, step):
        count = min(step, last - begin)
        position = header.header_bytes + begin * header.record_bytes
        raw = _read(file, header, position, count * header.record_bytes)
        records = np.frombuffer(raw, np.uint8).reshape(count, header.record_bytes)
        yield np.ascontiguousarray(records[:, signal.offset : signal.offset + width])


def _read_within_records(
    file: BinaryIO, header: EdfHeader, signal: EdfSignal, record: int, start: int, stop: int
) -> NDArray[np.int32]:
    pieces = []
    while start < stop:
        skipped, within = divmod(start, signal.per_record)
        count = min(signal.per_record - within, stop - start)
        position = (
            header.header_bytes
            + (record + skipped) * header.record_bytes
            + signal.offset
            + within * header.sample_bytes
        )
        raw = _read(file, header, position, count * header.sample_bytes)
        pieces.append(_decode(np.frombuffer(raw, np.uint8), header.sample_bytes))
        start += count
    return np.concatenate(pieces)


def _read(file: BinaryIO, header: EdfHeader, position: int, count: int) -> bytes:
    try:
        file.seek(position)
        raw = file.read(count)
    except OSError as error:
        raise RecordingError(
            f"{header.path}: the data cannot be read ({error}); expected a readable EDF file"
        ) from error
    if len(raw) < count:
        raise RecordingError(
            f"{header.path}: the file became shorter while it was read: {len(raw)} bytes at "
            f"position {position}, expected {count}"
        )
    return raw


def _decode(raw: NDArray[np.uint8], sample_bytes: int) -> NDArray[np.int32]:
    """Little-endian two's complement of 16 or 24 bits."""
    if sample_bytes == 2:
        return raw.view("<i2").astype(np.int32)
    # The three bytes go to the upper end of four, so that the shift brings the sign along.
    padded = np.zeros((raw.size // 3, 4), np.uint8)
    padded[:, 1:] = raw.reshape(-1, 3)
    return (padded.view("<i4")[:, 0] >> 8).astype(np.int32, copy=False)
