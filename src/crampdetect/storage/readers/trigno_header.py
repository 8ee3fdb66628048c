"""Headers of Delsys exports (Trigno Discover, EMGworks): names, rates and units by column."""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from pathlib import Path

import numpy as np

from crampdetect.errors import RecordingError
from crampdetect.storage.readers.rates import rate_from_text, trigno_rate
from crampdetect.storage.readers.selection import Channel
from crampdetect.storage.readers.stamp_rates import rate_from_stamps, stamp_rounding
from crampdetect.storage.readers.text_columns import is_number

__all__ = ["TrignoHeader", "discover_header", "emgworks_header"]

_BRACKET = re.compile(r"^(?P<name>.*?)\s*\((?P<inner>[^()]*)\)$")
_HERTZ = re.compile(r"^\s*(-?[\d.,eE+-]+)\s*Hz\s*$")
_PERIOD = re.compile(r"^[\d.,eE+-]+\s*s$")
_LABEL = re.compile(
    r"^Label: (?P<name>.*?) Sampling frequency: (?P<rate>\S+) .*?\bUnit: (?P<unit>.*?) Domain Unit:"
)
_AMERICAN = "%m/%d/%Y %I:%M:%S %p"
_YEAR_FIRST = ("%Y/%m/%d %H:%M:%S", "%Y-%m-%d %H:%M:%S")


@dataclass(frozen=True, slots=True)
class TrignoHeader:
    """What the header of an export says.

    Parameters
    ----------
    channels : tuple of Channel
        Only those with a rate.
    header_lines : int
    delimiter : str
    decimal_comma : bool
    start_local : datetime or None
    """

    channels: tuple[Channel, ...]
    header_lines: int
    delimiter: str
    decimal_comma: bool
    start_local: datetime | None = None


def discover_header(path: Path, lines: Sequence[str]) -> TrignoHeader:
    """Read the header of a Trigno Discover export (1.4 to 2.1).

    Rows: application, date, length, sensors, modes, channels, and since 1.5 rates, since 2.1
    sample periods. Up to 1.4 the channel's name holds the rate, later the unit.

    Parameters
    ----------
    path : Path
    lines : sequence of str

    Returns
    -------
    TrignoHeader

    Raises
    ------
    RecordingError
        There is no row of channels.
    """
    delimiter = ";" if lines[0].count(";") > lines[0].count(",") else ","
    modes = [i for i, line in enumerate(lines[:20]) if line.startswith("sensor mode")]
    row = modes[0] + 1 if modes else 5
    if len(lines) <= row + 1 or row < 2:
        raise RecordingError(
            f"{path}: the Trigno Discover header has no row of channels; "
            "expected sensors, modes and channels"
        )
    sensors, names = _cells(lines[row - 2], delimiter), _cells(lines[row], delimiter)
    rates = _cells(lines[row + 1], delimiter)
    has_rates = any(_HERTZ.match(cell) for cell in rates)
    header_lines = row + 1 + has_rates
    if len(lines) > header_lines and any(
        _PERIOD.match(cell) for cell in _cells(lines[header_lines], delimiter)
    ):
        header_lines += 1
    channels = []
    sensor = ""
    for column, name in enumerate(names):
        sensor = sensors[column] if column < len(sensors) and sensors[column] else sensor
        rate = rates[column] if has_rates and column < len(rates) else ""
        channel = _discover_channel(column, name, sensor, rate)
        if channel is not None:
            channels.append(channel)
    start = _start(next(reversed(_cells(lines[1], delimiter)), ""))
    return TrignoHeader(tuple(channels), header_lines, delimiter, delimiter == ";", start)


def _discover_channel(column: int, name: str, sensor: str, rate_cell: str) -> Channel | None:
    """One column, None for time columns, padding and irregular sensors (rate -1)."""
    bracket = _BRACKET.match(name)
    if not name or bracket is None or bracket["name"].endswith("Time Series"):
        return None
    kind, inner = bracket["name"], bracket["inner"]
    hertz = _HERTZ.match(rate_cell) or _HERTZ.match(inner)
    rate = rate_from_text(hertz[1]) if hertz else None
    if rate is None:
        return None
    unit = "" if _HERTZ.match(inner) else inner
    usual = {"EMG": "mV", "ACC": "g"}.get(kind[:3], "")
    # Up to 1.4 the channel of an electrocardiography sensor is called EMG too; the sensor's name
    # ("EKG 11") says what it is.
    full = f"{kind} ({sensor})" if sensor else kind
    return Channel(full, trigno_rate(rate), unit or usual, column)


def emgworks_header(path: Path, lines: Sequence[str]) -> TrignoHeader:
    """Read the header of an EMGworks export: pairs of a time and a value column.

    Older versions list labels with rate and unit before; else the rate comes from the times, and
    the units are the program's own: V and g.

    Parameters
    ----------
    path : Path
    lines : sequence of str

    Returns
    -------
    TrignoHeader

    Raises
    ------
    RecordingError
        There is no row of column names.
    """
    row = next((i for i, line in enumerate(lines) if line.startswith(("X[s]", '"X[s]"'))), None)
    if row is None:
        raise RecordingError(
            f"{path}: the EMGworks header has no row of names; expected 'X[s],...'"
        )
    delimiter = ";" if lines[row].count(";") > lines[row].count(",") else ","
    names = _cells(lines[row], delimiter)
    labels = {m["name"]: m for m in map(_LABEL.match, lines[:row]) if m is not None}
    data = [_cells(line, delimiter) for line in lines[row + 1 :] if line]
    comma = delimiter == ";" and any("," in cell for cells in data[:20] for cell in cells)
    channels = []
    for column, name in enumerate(names):
        if not name or name.startswith("X[") or column == 0:
            continue
        label = labels.get(name)
        rate = rate_from_text(label["rate"]) if label else _rate_of_times(data, column - 1, comma)
        if rate is not None:
            unit = label["unit"] if label else _emgworks_unit(name)
            channels.append(Channel(name, trigno_rate(rate), unit, column))
    return TrignoHeader(tuple(channels), row + 1, delimiter, comma)


def _emgworks_unit(name: str) -> str:
    kind = name.rpartition(":")[2].strip().upper()
    return "V" if kind.startswith("EMG") else "g" if kind.startswith("ACC") else ""


def _rate_of_times(rows: Sequence[Sequence[str]], column: int, comma: bool) -> Fraction | None:
    """Rate of a time column, from the first rows."""
    cells = [row[column] for row in rows if column < len(row)]
    if comma:
        cells = [cell.replace(",", ".") for cell in cells]
    cells = [cell for cell in cells if is_number(cell)]
    stamps = np.array([float(cell) for cell in cells])
    found = rate_from_stamps(stamps, stamp_rounding(cells))
    return None if found is None else found.rate


def _cells(line: str, delimiter: str) -> list[str]:
    """Cells of a header row: names may be quoted and hold the delimiter."""
    line = line.replace("\0", "").replace("\r", " ")
    row = next(csv.reader([line], delimiter=delimiter, skipinitialspace=True), [])
    return [cell.strip() for cell in row]


def _start(text: str) -> datetime | None:
    """Naive start; None for day-month orders that cannot be told apart."""
    for pattern in (_AMERICAN, *_YEAR_FIRST):
        try:
            return datetime.strptime(text, pattern)
        except ValueError:
            continue
    return None
