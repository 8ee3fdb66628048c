"""OpenBCI GUI text files, versions 4 and 5: ``%`` header, EXG in microvolts, acceleration in g."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np

from crampdetect.errors import RecordingError
from crampdetect.storage.readers.grid import Table
from crampdetect.storage.readers.grid_recording import grid_recording
from crampdetect.storage.readers.packet_numbers import packet_loss
from crampdetect.storage.readers.rates import rate_from_text
from crampdetect.storage.readers.selection import Channel, refuse_many_columns, select_streams
from crampdetect.storage.readers.stamps import read_stamps, stamp_unit_of_unix, unix_start
from crampdetect.storage.readers.text_columns import (
    MAX_COLUMNS,
    Layout,
    TextGrid,
    is_number,
    split_cells,
)
from crampdetect.storage.readers.text_lines import TextFile
from crampdetect.storage.recording import ReadOptions, RecordingFile

__all__ = ["open_openbci_text", "recognises"]

_ENTRY = re.compile(r"^%\s*([A-Za-z ]+?)\s*=\s*(.*?)\s*$")
#: The Cyton numbers its frames with one byte (Cyton data format, OpenBCI documentation).
CYTON_MODULUS = 256


def recognises(head: bytes) -> bool:
    """Whether a file begins as an OpenBCI GUI recording.

    Examples
    --------
    >>> recognises(b"%OpenBCI Raw EXG Data\\r\\n%Number of channels = 8")
    True
    """
    return head.removeprefix(b"\xef\xbb\xbf").startswith(b"%OpenBCI")


@dataclass(frozen=True, slots=True)
class _Head:
    """What the first 64 KiB say: entries of the header, names, and the first rows as text."""

    entries: dict[str, str]
    names: list[str]
    header_lines: int
    rows: list[list[str]]


def open_openbci_text(path: Path, options: ReadOptions) -> RecordingFile:
    """Open an OpenBCI GUI text file; the sample index tells lost samples exactly.

    The index turns after 256 samples (1 s), so whole turns are counted by the times of arrival.

    Parameters
    ----------
    path : Path
    options : ReadOptions

    Returns
    -------
    RecordingFile
        With an aware start from the Unix time stamps.

    Raises
    ------
    RecordingError
        A damaged header, or a rate below 200 Hz (Cyton with Daisy).
    """
    file = TextFile(path)
    head = _read_head(path, file.head())
    grid = TextGrid(file, Layout(head.header_lines, ","))
    stamp = _stamp_column(head)
    unit = stamp_unit_of_unix(_value(head.rows[-1], stamp)) if stamp is not None else None
    rate = _rate(path, head, options, stamp, unit or 1.0)
    channels = _channels(path, head, rate)
    chosen = select_streams(channels, options, path)
    first = next(iter(grid.rows([0])), np.empty((0, 1)))[:, 0]
    loss = packet_loss(
        first,
        rate,
        counter=0,
        modulus=CYTON_MODULUS if "Cyton" in head.entries.get("board", "") else None,
        stamp=stamp,
        stamp_unit=unit or 1.0,
    )
    return grid_recording(
        path,
        "OpenBCI text",
        [Table(grid, chosen.streams, loss)],
        start=unix_start(_value(head.rows[0], stamp), unit) if unit and stamp is not None else None,
        warnings=chosen.warnings,
        channels_available=[channel.name for channel in channels],
    )


def _read_head(path: Path, lines: Sequence[str]) -> _Head:
    entries = {}
    row = 0
    while row < len(lines) and (lines[row].startswith("%") or not lines[row].strip()):
        entry = _ENTRY.match(lines[row])
        if entry:
            entries[entry[1].lower()] = entry[2]
        row += 1
    names: list[str] = []
    if row < len(lines) and lines[row].lower().startswith("sample index"):
        names = split_cells(lines[row], ",")
        row += 1
    rows = [split_cells(line, ",") for line in lines[row:] if line.strip()]
    # The GUI begins some files with a row of zeros that no board sent.
    if len(rows) > 1 and all(is_number(c) and float(c) == 0 for c in rows[0] if c):
        rows, row = rows[1:], row + 1
    if not rows:
        raise RecordingError(
            f"{path}: there are no samples behind the OpenBCI header; expected rows"
        )
    return _Head(entries, names, row, rows)


def _rate(
    path: Path, head: _Head, options: ReadOptions, stamp: int | None, unit: float
) -> Fraction:
    if options.rate is not None:
        return options.rate
    said = rate_from_text(head.entries.get("sample rate", "").removesuffix("Hz"))
    if said is not None:
        return said
    if stamp is None:
        raise RecordingError(
            f"{path}: the OpenBCI header has no sample rate; expected it, or --rate"
        )
    cells = [row[stamp] if stamp < len(row) else "" for row in head.rows]
    return read_stamps(path, stamp, cells, unit).rate


def _channels(path: Path, head: _Head, rate: Fraction) -> list[Channel]:
    """Signals by the row of names (version 5), else by position: index, EXG, acceleration."""
    width = len(head.rows[0])
    refuse_many_columns(path, width, MAX_COLUMNS)
    said = head.entries.get("number of channels", "")
    count = int(said) if said.isdecimal() and len(said) < 4 else 0
    names = head.names or [
        "Sample Index",
        *(f"EXG Channel {i}" for i in range(count)),
        *(f"Accel Channel {i}" for i in range(3)),
    ]
    channels = []
    for column, name in enumerate(names[:width]):
        if name.lower().startswith("exg"):
            channels.append(Channel(name, rate, "uV", column, guess_name=f"EMG ({name})"))
        elif name.lower().startswith("accel"):
            channels.append(Channel(name, rate, "g", column))
    return channels


def _stamp_column(head: _Head) -> int | None:
    """Column of Unix times: named in version 5, else the first that holds one."""
    for column, name in enumerate(head.names):
        if name.lower() == "timestamp":
            return column
    for column in range(len(head.rows[-1]) - 1, 0, -1):
        if stamp_unit_of_unix(_value(head.rows[-1], column)) is not None:
            return column
    return None


def _value(cells: Sequence[str], column: int) -> float:
    cell = cells[column] if column < len(cells) else ""
    return float(cell) if is_number(cell) else float("nan")
