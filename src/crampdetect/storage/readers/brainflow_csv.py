"""BrainFlow CSV: rows of numbers without a header; the board shows in the number of columns."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np

from crampdetect.errors import RecordingError
from crampdetect.storage.readers.grid import Table
from crampdetect.storage.readers.grid_recording import grid_recording
from crampdetect.storage.readers.packet_numbers import packet_loss
from crampdetect.storage.readers.selection import Channel, select_streams
from crampdetect.storage.readers.stamps import unix_start
from crampdetect.storage.readers.text_columns import Layout, TextGrid, is_number, split_cells
from crampdetect.storage.readers.text_lines import TextFile, decode_text
from crampdetect.storage.recording import ReadOptions, RecordingFile

__all__ = ["open_brainflow_csv", "recognises"]

#: Unix times in seconds that a recording may bear: 2001 to 2096.
_EARLIEST, _LATEST = 1e9, 4e9
#: Times of arrival show the rate this well over some hundred rows.
_RATE_TOLERANCE = 0.25


@dataclass(frozen=True, slots=True)
class _Board:
    """Columns of a board (BrainFlow's board descriptions, default preset)."""

    name: str
    rates: tuple[int, ...]
    emg: range
    acc: range
    stamp: int
    modulus: int | None = None


#: By number of columns. Boards that share a layout (serial and WiFi) differ in their rate.
_BOARDS = {
    4: _Board("Callibri EMG", (1000, 250, 125), range(1, 2), range(0), 2),
    11: _Board("gForcePro or IronBCI", (500, 250), range(1, 9), range(0), 9),
    15: _Board("Ganglion", (200,), range(1, 5), range(5, 8), 13),
    24: _Board("Cyton", (250, 1000), range(1, 9), range(9, 12), 22, modulus=256),
    25: _Board("Ganglion WiFi", (1600,), range(1, 5), range(5, 8), 23),
    32: _Board("Synthetic or Cyton Daisy", (250, 125, 1000), range(1, 17), range(17, 20), 30),
    35: _Board("FreeEEG32", (512,), range(1, 33), range(0), 33),
}


def recognises(head: bytes) -> bool:
    """Whether the first row is one of a known board: its columns, a packet number, a Unix time.

    Examples
    --------
    >>> row = ["7.0"] + ["0.5"] * 21 + ["1700000000.25", "0.0"]
    >>> recognises("\\t".join(row).encode() + b"\\n"), recognises(b"1\\t2\\t3\\n")
    (True, False)
    """
    line = decode_text(head[:4096]).removeprefix("\ufeff").split("\n", 1)[0].rstrip("\r")
    return _board_of(_row(line)) is not None


def open_brainflow_csv(path: Path, options: ReadOptions) -> RecordingFile:
    """Open a file of BrainFlow's `DataFilter.write_file` or file streamer.

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
        An unknown board, or times of arrival that fit none of its rates.
    """
    file = TextFile(path)
    lines = [line for line in file.head() if line.strip()]
    rows = [_row(line) for line in lines]
    board = _board_of(rows[0]) if rows else None
    if board is None:
        raise RecordingError(
            f"{path}: no BrainFlow board has such rows; expected the columns of Cyton, Ganglion, "
            "Synthetic or another known board"
        )
    rate = options.rate or _rate(path, board, rows)
    grid = TextGrid(file, Layout(0, _delimiter(lines[0]), cells=None))
    channels = [
        *(Channel(f"EMG {i + 1}", rate, "uV", c) for i, c in enumerate(board.emg)),
        *(Channel(f"Accel Channel {i}", rate, "g", c) for i, c in enumerate(board.acc)),
    ]
    chosen = select_streams(channels, options, path)
    first = next(iter(grid.rows([0])), np.empty((0, 1)))[:, 0]
    loss = packet_loss(
        first, rate, counter=0, modulus=board.modulus, stamp=board.stamp, stamp_unit=1.0
    )
    return grid_recording(
        path,
        f"BrainFlow CSV ({board.name})",
        [Table(grid, chosen.streams, loss)],
        start=unix_start(rows[0][board.stamp], 1.0),
        warnings=chosen.warnings,
        channels_available=[channel.name for channel in channels],
    )


def _rate(path: Path, board: _Board, rows: Sequence[Sequence[float]]) -> Fraction:
    """The board's rate that the times of arrival show."""
    if len(board.rates) == 1:
        return Fraction(board.rates[0])
    stamps = np.array([row[board.stamp] for row in rows if len(row) > board.stamp])
    # Arrival times come in bursts: their mean over the head, not their steps.
    span = float(stamps[-1] - stamps[0])
    shown = (len(stamps) - 1) / span if span > 0 else float("nan")
    near = [r for r in board.rates if abs(shown / r - 1) < _RATE_TOLERANCE]
    if len(near) != 1:
        raise RecordingError(
            f"{path}: the times of arrival show {shown:.4g} Hz, which no {board.name} has "
            f"({', '.join(map(str, board.rates))} Hz); expected --rate"
        )
    return Fraction(near[0])


def _board_of(row: Sequence[float]) -> _Board | None:
    board = _BOARDS.get(len(row))
    if board is None or not row[0].is_integer() or not _EARLIEST < row[board.stamp] < _LATEST:
        return None
    return board


def _delimiter(line: str) -> str:
    return "\t" if "\t" in line else ","


def _row(line: str) -> list[float]:
    """Numbers of a row, empty where a cell is none."""
    cells = split_cells(line.rstrip("\t,"), _delimiter(line))
    if len(cells) > max(_BOARDS) or not all(is_number(cell) for cell in cells):
        return []
    return [float(cell) for cell in cells]
