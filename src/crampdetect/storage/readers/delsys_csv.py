"""Delsys exports as CSV: Trigno Discover and EMGworks; every stream has its own rate and end."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from crampdetect.storage.readers.grid import StreamPlan, Table
from crampdetect.storage.readers.grid_recording import grid_recording
from crampdetect.storage.readers.selection import refuse_many_columns, select_streams
from crampdetect.storage.readers.text_columns import (
    MAX_COLUMNS,
    Layout,
    TextGrid,
    split_cells,
)
from crampdetect.storage.readers.text_lines import TextFile
from crampdetect.storage.readers.trigno_header import discover_header, emgworks_header
from crampdetect.storage.recording import ReadOptions, RecordingFile

__all__ = ["open_delsys_csv", "recognises"]

#: Rows looked at in a block of padding: a slower stream ends and never begins again.
_LOOKS = 32


def recognises(head: bytes) -> bool:
    """Whether a file begins as an export of Trigno Discover or EMGworks.

    Examples
    --------
    >>> recognises(b"Application:, Trigno Discover (1.6.4)\\r\\n"), recognises(b'X[s],"EMG 1"')
    (True, True)
    """
    head = head.removeprefix(b"\xef\xbb\xbf")
    return (
        _is_discover(head)
        or head.startswith((b"X[s]", b'"X[s]"'))
        or (head.startswith(b"Label: ") and b"Sampling frequency: " in head[:4096])
    )


def _is_discover(head: bytes) -> bool:
    return head.startswith(b"Application:") and b"Trigno Discover" in head[:256]


def open_delsys_csv(path: Path, options: ReadOptions) -> RecordingFile:
    """Open a Trigno Discover or EMGworks export.

    Printed rates are rounded; the true ones are multiples of 1 / 13.5 ms and are restored. Slower
    columns are padded at their end with empty cells, which are no samples.

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
        A damaged header, no EMG, or a rate below 200 Hz.
    """
    file = TextFile(path)
    lines = file.head()
    discover = bool(lines) and _is_discover(lines[0].encode())
    header = discover_header(path, lines) if discover else emgworks_header(path, lines)
    refuse_many_columns(path, len(header.channels), MAX_COLUMNS)
    channels = header.channels
    if options.rate is not None:
        emg = {c.rate for c in channels if c.name.startswith("EMG") or ": EMG" in c.name}
        channels = tuple(replace(c, rate=options.rate) if c.rate in emg else c for c in channels)
    chosen = select_streams(channels, options, path)
    layout = Layout(header.header_lines, header.delimiter, header.decimal_comma)
    grid = TextGrid(file, layout)
    return grid_recording(
        path,
        "Trigno Discover CSV" if discover else "EMGworks CSV",
        [Table(grid, (plan,), rows=_used_rows(grid, plan)) for plan in chosen.streams],
        start_local=header.start_local,
        warnings=chosen.warnings,
        channels_available=[channel.name for channel in header.channels],
    )


def _used_rows(grid: TextGrid, plan: StreamPlan) -> int:
    """Rows up to the last one with a value: what comes after is padding."""
    used = total = 0
    for lines in grid.lines():
        if _holds_value(lines[-1:], plan.columns, grid.layout):
            used = total + len(lines)
        else:
            step = max(len(lines) // _LOOKS, 1)
            # A block without a value in 32 places is padding; else it holds the stream's end.
            if used == total or _holds_value(lines[::step], plan.columns, grid.layout):
                filled = [
                    i
                    for i, line in enumerate(lines)
                    if _holds_value([line], plan.columns, grid.layout)
                ]
                used = total + filled[-1] + 1 if filled else used
        total += len(lines)
    return used


def _holds_value(lines: Sequence[bytes], columns: Sequence[int], layout: Layout) -> bool:
    for line in lines:
        cells = split_cells(line.decode("latin-1"), layout.delimiter)
        if any(column < len(cells) and cells[column] for column in columns):
            return True
    return False
