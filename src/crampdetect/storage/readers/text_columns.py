"""Columns of numbers out of blocks of text lines: fast through numpy, exact where it stumbles."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from crampdetect.detection.types import Array
from crampdetect.errors import RecordingError
from crampdetect.storage.readers.text_lines import LineBlock, TextFile, without_blank_lines

__all__ = ["MAX_COLUMNS", "Layout", "TextGrid", "is_number", "split_cells"]

#: More columns than any recorder writes (a full Trigno with time columns has about 300).
MAX_COLUMNS = 4096
#: What programs write where there is no value (lower case).
_NO_VALUE = frozenset({"", "nan", "-nan", "na", "n/a", "null", "none", "-", "--", "#n/a"})


@dataclass(frozen=True, slots=True)
class Layout:
    """How the rows of a text file are built.

    Parameters
    ----------
    header_lines : int
        Lines before the first row.
    delimiter : str or None
        One character, or None for runs of blanks.
    decimal_comma : bool
        Numbers are written ``0,5``.
    cells : int or None
        Cells of a row where a longer row is an error; None where rows may be ragged.
    moment_column : int or None
        A column of dates and times in text (``2024/05/01 22:15:00.125``), read as seconds.
    """

    header_lines: int
    delimiter: str | None
    decimal_comma: bool = False
    cells: int | None = None
    moment_column: int | None = None


def split_cells(line: str, delimiter: str | None) -> list[str]:
    """Cells of one line, without surrounding blanks and quotes.

    Examples
    --------
    >>> split_cells('1; "2" ;', ";"), split_cells(" 1  2", None)
    (['1', '2', ''], ['1', '2'])
    """
    return [cell.strip().strip('"').strip() for cell in line.split(delimiter)]


def is_number(cell: str, decimal_comma: bool = False) -> bool:
    """Whether a cell holds a number.

    Examples
    --------
    >>> is_number("-1.5e3"), is_number("0,5"), is_number("0,5", True), is_number("EMG")
    (True, False, True, False)
    """
    if decimal_comma:
        cell = cell.replace(",", ".")
    try:
        float(cell)
    except ValueError:
        return False
    return "_" not in cell


@dataclass(frozen=True, slots=True)
class TextGrid:
    """The rows of a text file, column by column, in bounded blocks.

    Parameters
    ----------
    file : TextFile
    layout : Layout
    """

    file: TextFile
    layout: Layout

    def rows(self, columns: Sequence[int]) -> Iterator[Array]:
        """Yield blocks, shape (n_rows, n_columns); a cell without a value is NaN.

        Parameters
        ----------
        columns : sequence of int
            0-based.

        Raises
        ------
        RecordingError
            A cell is no number (named with its line), or a row is too long.
        """
        numbers = [column for column in columns if column != self.layout.moment_column]
        for block in self.file.blocks(self.layout.header_lines):
            text = without_blank_lines(block.text)
            if not text:
                continue
            values = self._numbers(block, text, numbers)
            if len(numbers) < len(columns):
                moments = self._moments(block, text)
                place = [numbers.index(c) if c in numbers else len(numbers) for c in columns]
                values = np.column_stack((values, moments))[:, place]
            yield values

    def count(self) -> int:
        """Number of rows, without parsing them."""
        blocks = self.file.blocks(self.layout.header_lines)
        return sum(without_blank_lines(block.text).count(b"\n") for block in blocks)

    def place(self, row: int) -> str:
        """The line of a row (0-based), for a sentence."""
        return f"line {self.file.line_of(row, self.layout.header_lines)}"

    def lines(self) -> Iterator[list[bytes]]:
        """Yield the rows of each block as they are written."""
        for block in self.file.blocks(self.layout.header_lines):
            yield without_blank_lines(block.text).split(b"\n")[:-1]

    def _numbers(self, block: LineBlock, text: bytes, columns: Sequence[int]) -> Array:
        """Three attempts: as it is, with NaN in empty cells, and line by line."""
        if not columns:
            return np.empty((text.count(b"\n"), 0))
        regular = self._regular(text)
        if self.layout.decimal_comma:
            text = text.replace(b",", b".")
        if regular and b'"' not in text:
            for candidate in (text, _fill_empty(text, self.layout.delimiter)):
                try:
                    return self._fast(candidate, columns)
                except ValueError:
                    # numpy names a row of its own counting; the slow path below names the line.
                    continue
        return self._slow(block, columns)

    def _regular(self, text: bytes) -> bool:
        """Whether every row has its cells, judged by the number of delimiters in all of them.

        A row too long and one too short may make up for each other; the short one still shows
        where its missing cell is wanted.
        """
        delimiter, cells = self.layout.delimiter, self.layout.cells
        if delimiter is None or cells is None:
            return True
        return text.count(delimiter.encode()) == (cells - 1) * text.count(b"\n")

    def _fast(self, text: bytes, columns: Sequence[int]) -> Array:
        lines = text.decode("latin-1").split("\n")[:-1]
        values = np.loadtxt(
            lines, delimiter=self.layout.delimiter, usecols=columns, comments=None, ndmin=2
        )
        if values.shape[0] != len(lines):
            raise ValueError("rows without cells")
        return values

    def _slow(self, block: LineBlock, columns: Sequence[int]) -> Array:
        rows: list[list[float]] = []
        for number, line in enumerate(block.text.decode("latin-1").split("\n"), block.first_line):
            if line:
                cells = split_cells(line, self.layout.delimiter)
                self._refuse_long_row(cells, number)
                rows.append([self._number(cells, column, number) for column in columns])
        return np.array(rows, dtype=np.float64).reshape(len(rows), len(columns))

    def _number(self, cells: list[str], column: int, line: int) -> float:
        cell = cells[column] if column < len(cells) else ""
        if cell.lower() in _NO_VALUE:
            return float("nan")
        if not is_number(cell, self.layout.decimal_comma):
            raise _refusal(self.file.path, line, column, cell, "a number")
        return float(cell.replace(",", "."))

    def _refuse_long_row(self, cells: list[str], line: int) -> None:
        expected = self.layout.cells
        if expected is not None and any(cells[expected:]):
            raise RecordingError(
                f"{self.file.path}: line {line} has {len(cells)} cells; expected {expected}"
            )

    def _moments(self, block: LineBlock, text: bytes) -> Array:
        """Seconds of the column of dates and times, counted from 1970 in its own (local) zone."""
        column, delimiter = self.layout.moment_column or 0, self.layout.delimiter
        rows = (line.split(delimiter) for line in text.decode("latin-1").split("\n")[:-1])
        cells = [row[column].strip().replace("/", "-") if column < len(row) else "" for row in rows]
        try:
            moments = np.array(cells, dtype="datetime64[us]")
        except ValueError as error:
            raise RecordingError(
                f"{self.file.path}: a date and time after line {block.first_line} cannot be read "
                f"({error}); expected e.g. 2024/05/01 22:15:00.125"
            ) from error
        seconds = moments.astype(np.int64) / 1e6
        return np.where(np.isnat(moments), np.nan, seconds)


def _fill_empty(text: bytes, delimiter: str | None) -> bytes:
    """Write ``nan`` into the empty cells."""
    if delimiter is None:
        return text
    mark = delimiter.encode()
    text = b"\n" + text.replace(b" ", b"")
    for _ in range(2):  # neighbouring empty cells share a delimiter
        text = text.replace(mark + mark, mark + b"nan" + mark)
    text = text.replace(mark + b"\n", mark + b"nan\n").replace(b"\n" + mark, b"\nnan" + mark)
    return text[1:]


def _refusal(path: Path, line: int, column: int, cell: str, expected: str) -> RecordingError:
    shown = cell if len(cell) <= 40 else cell[:40] + "..."
    return RecordingError(
        f"{path}: line {line}, column {column + 1} holds {shown!r}; expected {expected}"
    )
