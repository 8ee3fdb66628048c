"""Plain tables of numbers: CSV with or without a header, BioSPPy and UCI text, numbers alone."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import numpy as np

from crampdetect.errors import RecordingError
from crampdetect.storage.readers.grid import Table
from crampdetect.storage.readers.grid_recording import grid_recording
from crampdetect.storage.readers.losses import Loss, NoLoss
from crampdetect.storage.readers.plain_header import PlainHeader, read_plain_header
from crampdetect.storage.readers.selection import Channel, refuse_many_columns, select_streams
from crampdetect.storage.readers.stamps import (
    StampColumn,
    read_stamps,
    stamp_unit_of_unix,
    unix_start,
)
from crampdetect.storage.readers.text_columns import MAX_COLUMNS, TextGrid, split_cells
from crampdetect.storage.readers.text_lines import STAMPS_BYTES, TextFile, decode_text
from crampdetect.storage.recording import ReadOptions, RecordingFile

__all__ = ["open_plain_csv", "recognises"]

_TIME = re.compile(
    r"(?P<name>time|t|time ?stamps?|zeit|seconds|secs?|elapsed(?: time)?|unix(?: ?time)?)"
    r"(?:[_ ]?(?P<unit>s|secs?|seconds|ms|msecs?|us))?",
    re.IGNORECASE,
)
_SECONDS = {"s": 1.0, "sec": 1.0, "secs": 1.0, "seconds": 1.0, "ms": 1e-3, "msec": 1e-3, "us": 1e-6}
_HEAD_LINES = 400


def recognises(head: bytes) -> bool:
    """Whether a file begins as text with a row of numbers; the most lenient of all, ask it last.

    Examples
    --------
    >>> recognises(b"t,EMG [mV]\\n0,0.1\\n1,0.2\\n"), recognises(b"Dear reader,\\n")
    (True, False)
    """
    if b"\0" in head:
        return False
    lines = decode_text(head.removeprefix(b"\xef\xbb\xbf")).split("\n")[:_HEAD_LINES]
    return read_plain_header([line.removesuffix("\r") for line in lines]) is not None


def open_plain_csv(path: Path, options: ReadOptions) -> RecordingFile:
    """Open a table of numbers.

    Separators ``,`` ``;`` tab or blanks, decimal comma beside ``;`` or tab; names with units in
    brackets (``EMG [mV]``); a time column gives rate and holes; lines like ``# rate = 1000``.

    Parameters
    ----------
    path : Path
    options : ReadOptions
        ``emg`` and ``acc`` may be 1-based column numbers; ``rate`` is used exactly as given.

    Returns
    -------
    RecordingFile

    Raises
    ------
    RecordingError
        No rows of numbers, no rate anywhere (``--rate``), no names and no ``--emg``, a text cell.
    """
    file = TextFile(path)
    header = read_plain_header(file.head())
    if header is None:
        raise RecordingError(f"{path}: there is no row of numbers; expected a table of samples")
    refuse_many_columns(path, header.width, MAX_COLUMNS)
    if not header.names and header.width > 1 and not options.emg:
        raise RecordingError(
            f"{path}: the {header.width} columns have no names; expected --emg with a column number"
        )
    time = _time_column(header)
    stamps = None if time is None else _stamps(path, header, time, options.rate or header.rate)
    rate = stamps.rate if stamps else options.rate or header.rate
    if rate is None:
        raise RecordingError(
            f"{path}: neither a time column nor the header gives the sampling rate; "
            "expected it with --rate"
        )
    channels = _channels(header, time, rate)
    chosen = select_streams(channels, options, path)
    loss: Loss = stamps.loss if stamps else NoLoss()
    start, start_local = _starts(header, time, stamps)
    return grid_recording(
        path,
        "CSV",
        [Table(TextGrid(file, header.layout), chosen.streams, loss)],
        start=start,
        start_local=start_local,
        warnings=(*(stamps.warnings if stamps else ()), *chosen.warnings),
        channels_available=[channel.name for channel in channels],
    )


def _time_column(header: PlainHeader) -> int | None:
    """A column of dates, else the first with a name of time."""
    if header.layout.moment_column is not None:
        return header.layout.moment_column
    for column, name in enumerate(header.names):
        if _TIME.fullmatch(_bare(name)):
            return column
    return None


def _bare(name: str) -> str:
    return re.sub(r"\s*[\[(].*$", "", name).replace("_", " ").strip()


def _stamps(path: Path, header: PlainHeader, column: int, given: Fraction | None) -> StampColumn:
    cells = _cells(path, header, column)
    if header.layout.moment_column == column:
        rows = next(TextGrid(TextFile(path), header.layout).rows([column]), np.empty((0, 1)))
        cells = cells[: len(rows)]
        return read_stamps(path, column, cells, 1.0, given=given, seconds=rows[: len(cells), 0])
    return read_stamps(path, column, cells, _seconds_per_unit(header, column), given=given)


def _cells(path: Path, header: PlainHeader, column: int) -> list[str]:
    """First cells of a column, with a decimal point."""
    lines = TextFile(path).head(STAMPS_BYTES)[header.layout.header_lines :]
    rows = (split_cells(line, header.layout.delimiter) for line in lines if line)
    cells = [row[column] if column < len(row) else "" for row in rows]
    return [cell.replace(",", ".") for cell in cells] if header.layout.decimal_comma else cells


def _seconds_per_unit(header: PlainHeader, column: int) -> float:
    """By the unit in brackets, the suffix, the size of a Unix time; else seconds."""
    match = _TIME.fullmatch(_bare(header.names[column]))
    suffix = match["unit"] if match else None
    said = _SECONDS.get(header.units[column].lower()) or _SECONDS.get((suffix or "").lower())
    return said or stamp_unit_of_unix(_first(header, column)) or 1.0


def _first(header: PlainHeader, column: int) -> float:
    for row in header.rows:
        if column < len(row) and row[column]:
            return float(row[column])
    return float("nan")


def _channels(header: PlainHeader, time: int | None, rate: Fraction) -> list[Channel]:
    """Every column, so that a number means the column of the file; one alone must be the EMG."""
    names: Sequence[str] = header.names or [f"column {i + 1}" for i in range(header.width)]
    signals = [i for i, name in enumerate(names) if i != time and name]
    return [
        Channel(
            name or f"column {i + 1}",
            rate,
            header.units[i],
            i,
            guess_name="EMG" if signals == [i] else "",
        )
        for i, name in enumerate(names)
    ]


def _starts(
    header: PlainHeader, time: int | None, stamps: StampColumn | None
) -> tuple[datetime | None, datetime | None]:
    """Aware start from Unix times, naive one from dates."""
    if time is None or stamps is None or not np.isfinite(stamps.first):
        return None, None
    if header.layout.moment_column == time:
        if not 0 < stamps.first < 4e9:
            return None, None
        return None, datetime.fromtimestamp(stamps.first, UTC).replace(tzinfo=None)
    return unix_start(stamps.first, _seconds_per_unit(header, time)), None
