"""Shimmer Consensys CSV: a ``sep=`` line, a row of names, a row of units, calibrated columns."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import numpy as np

from crampdetect.errors import RecordingError
from crampdetect.storage.readers.grid import Table
from crampdetect.storage.readers.grid_recording import grid_recording
from crampdetect.storage.readers.selection import Channel, refuse_many_columns, select_streams
from crampdetect.storage.readers.stamps import StampColumn, read_stamps, unix_start
from crampdetect.storage.readers.text_columns import MAX_COLUMNS, Layout, TextGrid, split_cells
from crampdetect.storage.readers.text_lines import STAMPS_BYTES, TextFile, decode_text
from crampdetect.storage.recording import ReadOptions, RecordingFile

__all__ = ["open_shimmer_csv", "recognises"]

_NAME = re.compile(r"Timestamp\w*_(?:CAL|RAW)\b")
_SEPARATOR = re.compile(r'^"?sep=(.)"?\s*$')
#: Shimmer clocks tick at 32768 Hz, and the sampling rate is a whole fraction of it.
_CLOCK = 32768
#: Sampling rates of EMG and motion: 32768 / 8 = 4096 Hz down to 10 Hz.
_DIVIDERS = range(8, 3277)


def recognises(head: bytes) -> bool:
    """Whether a file begins as a Consensys export: calibrated columns with a Shimmer time stamp.

    Examples
    --------
    >>> recognises(b'"sep=,"\\r\\nS_Timestamp_Unix_CAL,S_EMG_CH1_24BIT_CAL,\\r\\nms,mV,\\r\\n')
    True
    """
    return any(_NAME.search(line) for line in decode_text(head).split("\n", 3)[:3])


def open_shimmer_csv(path: Path, options: ReadOptions) -> RecordingFile:
    """Open a Consensys CSV; the rate comes from the time stamps, holes in them become gaps.

    Parameters
    ----------
    path : Path
    options : ReadOptions

    Returns
    -------
    RecordingFile
        With an aware start where the stamps are Unix times.

    Raises
    ------
    RecordingError
        No unit row, no usable time stamp, no EMG, or a rate below 200 Hz.
    """
    file = TextFile(path)
    lines = file.head(STAMPS_BYTES)
    first = next((i for i, line in enumerate(lines[:3]) if _NAME.search(line)), 0)
    if len(lines) <= first + 1:
        raise RecordingError(f"{path}: there is no row of names and units; expected a Shimmer CSV")
    said = _SEPARATOR.match(lines[0]) if first else None
    delimiter = said.group(1) if said else max("\t,;", key=lines[first].count)
    names = split_cells(lines[first], delimiter)
    refuse_many_columns(path, len(names), MAX_COLUMNS)
    units = split_cells(lines[first + 1], delimiter)
    layout = Layout(
        first + 2, delimiter, decimal_comma=_decimal_comma(lines[first + 2 :], delimiter)
    )
    layout, stamps = _stamps(path, lines, names, units, layout, options.rate)
    channels = [
        Channel(name, stamps.rate, _unit(units, i), i)
        for i, name in enumerate(names)
        if name and "Timestamp" not in name and not name.endswith("_RAW")
    ]
    chosen = select_streams(channels, options, path)
    formatted = layout.moment_column is not None
    unix = "Unix" in names[stamps.loss.columns[0]] if stamps.loss.columns else False
    return grid_recording(
        path,
        "Shimmer CSV",
        [Table(TextGrid(file, layout), chosen.streams, stamps.loss)],
        start=unix_start(stamps.first, 1e-3) if unix and not formatted else None,
        start_local=_local(stamps.first) if formatted else None,
        warnings=(*stamps.warnings, *chosen.warnings),
        channels_available=[name for name in names if name],
    )


def _stamps(
    path: Path,
    lines: list[str],
    names: list[str],
    units: list[str],
    layout: Layout,
    given: Fraction | None,
) -> tuple[Layout, StampColumn]:
    """The time column: Unix time before time since the start before formatted local time."""
    rows = [split_cells(line, layout.delimiter) for line in lines[layout.header_lines :] if line]
    columns = [i for i, name in enumerate(names) if "Timestamp" in name and _unit(units, i)]
    columns.sort(key=lambda i: ("Formatted" in names[i], "Unix" not in names[i], i))
    if not columns or len(rows) < 2:
        raise RecordingError(
            f"{path}: no time stamps in a Shimmer file; expected a Timestamp column with its unit"
        )
    column = columns[0]
    cells = [row[column] if column < len(row) else "" for row in rows]
    likely = [Fraction(_CLOCK, divider) for divider in _DIVIDERS]
    if "Formatted" not in names[column]:
        cells = [cell.replace(",", ".") for cell in cells] if layout.decimal_comma else cells
        unit = {"ms": 1e-3, "s": 1.0}.get(_unit(units, column), 1e-3)
        return layout, read_stamps(path, column, cells, unit, given=given, likely=likely)
    layout = replace(layout, moment_column=column)
    seconds = np.concatenate([*TextGrid(TextFile(path), layout).rows([column])][:1])[:, 0]
    stamps = read_stamps(
        path, column, cells, 1.0, given=given, seconds=seconds[: len(cells)], likely=likely
    )
    return layout, stamps


def _local(seconds: float) -> datetime | None:
    """Naive local time of a formatted stamp."""
    if not 0 < seconds < 4e9:
        return None
    return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)


def _unit(units: list[str], column: int) -> str:
    return units[column] if column < len(units) else ""


def _decimal_comma(rows: list[str], delimiter: str) -> bool:
    """European Windows: numbers like 0,5 where the comma does not separate."""
    return delimiter != "," and any("," in row for row in rows[:20])
