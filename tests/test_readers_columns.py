"""Blocks of lines and columns of numbers: exact values, line numbers, bounds."""

import gzip
from pathlib import Path

import numpy as np
import pytest

from crampdetect.errors import RecordingError
from crampdetect.storage.readers import text_lines
from crampdetect.storage.readers.text_columns import Layout, TextGrid
from crampdetect.storage.readers.text_lines import TextFile
from tests.readers_golden import write


def _grid(folder: Path, text: str | bytes, layout: Layout, name: str = "t.csv") -> TextGrid:
    return TextGrid(TextFile(write(folder, name, text)), layout)


def _all(grid: TextGrid, columns: list[int]) -> list[list[float]]:
    rows: list[list[float]] = np.concatenate(list(grid.rows(columns))).tolist()
    return rows


@pytest.mark.parametrize(
    "text",
    [
        "h\n1,2,3\n4,5,6\n",
        "h\r\n1,2,3\r\n4,5,6\r\n",
        "\ufeffh\n1,2,3\n\n4,5,6",
        "h\n1, 2, 3,\n 4,5 ,6,\n",
        'h\n"1","2","3"\n4,5,6\n',
    ],
)
def test_spellings_of_the_same_rows(tmp_path: Path, text: str) -> None:
    grid = _grid(tmp_path, text, Layout(1, ","))
    assert _all(grid, [2, 0]) == [[3, 1], [6, 4]]
    assert grid.count() == 2


def test_empty_and_missing_cells_are_nan(tmp_path: Path) -> None:
    grid = _grid(tmp_path, "1,,3\n,,\n4\nNaN,n/a,null\n7,8,9\n", Layout(0, ","))
    np.testing.assert_array_equal(
        _all(grid, [0, 1, 2]),
        [[1, np.nan, 3], [np.nan] * 3, [4, np.nan, np.nan], [np.nan] * 3, [7, 8, 9]],
    )


def test_decimal_comma(tmp_path: Path) -> None:
    grid = _grid(tmp_path, "0,5;1,25\n;-2e-1\n", Layout(0, ";", decimal_comma=True))
    np.testing.assert_array_equal(_all(grid, [0, 1]), [[0.5, 1.25], [np.nan, -0.2]])


def test_runs_of_blanks(tmp_path: Path) -> None:
    assert _all(_grid(tmp_path, "  1   2\n3 4\n", Layout(0, None)), [0, 1]) == [[1, 2], [3, 4]]


def test_text_cell_is_named_with_its_line(tmp_path: Path) -> None:
    grid = _grid(tmp_path, "h\n1,2\n\n3,oops\n", Layout(1, ",", cells=2))
    with pytest.raises(
        RecordingError, match=r"t\.csv: line 4, column 2 holds 'oops'; expected a n"
    ):
        _all(grid, [1])


def test_text_in_a_column_that_is_not_read_does_not_matter(tmp_path: Path) -> None:
    assert _all(_grid(tmp_path, "1,12:00:01\n2,12:00:02\n", Layout(0, ",")), [0]) == [[1], [2]]


def test_row_with_too_many_cells_is_refused_not_shifted(tmp_path: Path) -> None:
    for text, columns in (("1,2\n3,4,5\n6,7\n", [0]), ("1,2\n3,4,5\n6\n", [1])):
        grid = _grid(tmp_path, text, Layout(0, ",", cells=2))
        with pytest.raises(RecordingError, match="line 2 has 3 cells; expected 2"):
            _all(grid, columns)


def test_quoted_decimal_comma_is_not_taken_for_two_cells(tmp_path: Path) -> None:
    grid = _grid(tmp_path, '1,2\n"0,5",1\n', Layout(0, ",", cells=2))
    with pytest.raises(RecordingError, match="line 2"):
        _all(grid, [0, 1])


def test_numbers_with_underscores_are_text(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="'1_000'"):
        _all(_grid(tmp_path, "1_000\n", Layout(0, None)), [0])


def test_latin_1_bytes_do_no_harm(tmp_path: Path) -> None:
    path = write(tmp_path, "t.csv", b"\xb0/s\n1,\xb0\n2,\xb5\n")
    assert TextFile(path).head()[0] == "°/s"
    assert _all(TextGrid(TextFile(path), Layout(1, ",")), [0]) == [[1], [2]]


def test_utf_16_is_refused_by_name(tmp_path: Path) -> None:
    path = write(tmp_path, "t.csv", "time,EMG\n".encode("utf-16"))
    with pytest.raises(RecordingError, match="UTF-16"):
        TextFile(path).head()


def test_rows_across_blocks_are_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "head\r\nhead\r\n" + "".join(f"{i},{i * 2}\r\n" for i in range(1000))
    expected = [[i * 2, i] for i in range(1000)]
    for size in (1, 2, 3, 7, 64, 999):
        monkeypatch.setattr(text_lines, "BLOCK_BYTES", size)
        assert _all(_grid(tmp_path, text, Layout(2, ",")), [1, 0]) == expected
        bad = _grid(tmp_path, text.replace("\n500,", "\nx,"), Layout(2, ","))
        with pytest.raises(RecordingError, match="line 503, column 1 holds 'x'"):
            _all(bad, [0])


def test_gzip_reads_the_same(tmp_path: Path) -> None:
    path = write(tmp_path, "t.csv.gz", gzip.compress(b"h\n1\n2\n"))
    assert _all(TextGrid(TextFile(path), Layout(1, None)), [0]) == [[1], [2]]


@pytest.mark.parametrize("damage", [slice(None, -12), slice(12, None)])
def test_damaged_gzip_is_one_sentence(tmp_path: Path, damage: slice) -> None:
    packed = gzip.compress(b"1\n" * 5000)
    data = packed[damage] if damage.start is None else packed[:12] + b"\xff\xff" + packed[14:]
    path = write(tmp_path, "t.csv.gz", data)
    with pytest.raises(RecordingError, match="gzip compression is damaged"):
        TextGrid(TextFile(path), Layout(0, None)).count()


def test_gzip_bomb_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_lines, "MAX_FREE_BYTES", 1 << 20)
    path = write(tmp_path, "t.csv.gz", gzip.compress(b"0\n" * (1 << 21)))
    with pytest.raises(RecordingError, match="200 times its size"):
        TextGrid(TextFile(path), Layout(0, None)).count()


@pytest.mark.parametrize("lead", [b"", b"1\n" * 400_000])
@pytest.mark.parametrize("tail", [b"", b"\n1\n"])
def test_endless_line_is_refused(tmp_path: Path, lead: bytes, tail: bytes) -> None:
    path = write(tmp_path, "t.csv", lead + b"1" * ((1 << 20) + 10) + tail)
    with pytest.raises(RecordingError, match="line is longer than 1048576 bytes"):
        TextGrid(TextFile(path), Layout(0, None)).count()


def test_long_but_legal_lines_pass(tmp_path: Path) -> None:
    line = b",".join([b"1"] * 400_000)
    path = write(tmp_path, "t.csv", line + b"\n" + line + b"\n")
    assert TextGrid(TextFile(path), Layout(0, ",")).count() == 2


def test_missing_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="cannot be read"):
        TextFile(tmp_path / "none.csv").head()


def test_dates_and_times(tmp_path: Path) -> None:
    text = "2024/05/01 22:15:00.125,7\n2024/05/01 22:15:00.250,8\n"
    rows = _all(_grid(tmp_path, text, Layout(0, ",", moment_column=0)), [1, 0])
    assert [row[0] for row in rows] == [7, 8]
    assert rows[1][1] - rows[0][1] == pytest.approx(0.125)
    with pytest.raises(RecordingError, match="date and time"):
        _all(_grid(tmp_path, "yesterday,7\n", Layout(0, ",", moment_column=0)), [0])
