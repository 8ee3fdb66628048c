"""Text files in bounded pieces: blocks of whole lines, plain or gzip; hostile sizes are refused."""

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from crampdetect.errors import RecordingError

__all__ = [
    "HEAD_BYTES",
    "STAMPS_BYTES",
    "LineBlock",
    "TextFile",
    "decode_text",
    "without_blank_lines",
]

#: Bytes of a file's beginning that decide its layout.
HEAD_BYTES = 1 << 16
#: Bytes of it that show the rate of a time column: thousands of rows even of a wide table.
STAMPS_BYTES = 1 << 20
#: Bytes parsed at once: large enough for numpy, small enough that memory stays at tens of MB.
BLOCK_BYTES = 1 << 21
#: A line of 1 MiB would be some 100 000 columns: no recording, or no text.
MAX_LINE_BYTES = 1 << 20
#: A gzip file that grows by more than this and beyond the next is refused as a zip bomb. Text of
#: numbers shrinks 3- to 20-fold; long runs of one value reach about 100-fold.
MAX_EXPANSION = 200
MAX_FREE_BYTES = 1 << 30

_GZIP_MAGIC = b"\x1f\x8b"


def decode_text(data: bytes) -> str:
    """Text of a header: UTF-8, else Latin-1 (the degree signs of Windows programs).

    Examples
    --------
    >>> decode_text(b"\\xb0/s"), decode_text("µV".encode())
    ('°/s', 'µV')
    """
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def without_blank_lines(text: bytes) -> bytes:
    """Drop empty lines, which carry no sample.

    Examples
    --------
    >>> without_blank_lines(b"\\n1\\n\\n\\n2\\n")
    b'1\\n2\\n'
    """
    while b"\n\n" in text:
        text = text.replace(b"\n\n", b"\n")
    return text.removeprefix(b"\n")


@dataclass(frozen=True, slots=True)
class LineBlock:
    """Whole lines: `text` ends with a newline, `first_line` is its first line's 1-based number."""

    first_line: int
    text: bytes


@dataclass(frozen=True, slots=True)
class TextFile:
    """A text file, perhaps compressed with gzip, that is never held in memory.

    Parameters
    ----------
    path : Path
    """

    path: Path

    def head(self, size: int = HEAD_BYTES) -> list[str]:
        """Lines of the first `size` bytes, without line ends; a last, cut line is left out.

        Raises
        ------
        RecordingError
            The file cannot be read, or is UTF-16.
        """
        with self._open() as stream:
            data = stream.read(size)
        if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
            raise RecordingError(f"{self.path}: this is UTF-16 text; expected UTF-8 or Latin-1")
        lines = decode_text(data.removeprefix(b"\xef\xbb\xbf")).split("\n")
        if len(data) == size or lines[-1] == "":
            lines.pop()
        return [line.removesuffix("\r") for line in lines]

    def blocks(self, skip_lines: int = 0) -> Iterator[LineBlock]:
        """Yield the lines after the first `skip_lines`, in order.

        Raises
        ------
        RecordingError
            The file cannot be read, is a zip bomb or holds a line longer than 1 MiB.
        """
        number, carry = 1, b""
        for chunk in self._chunks():
            data = carry + chunk
            cut = data.rfind(b"\n") + 1
            text, carry = data[:cut], data[cut:]
            self._refuse_long_lines(text)
            if len(carry) > MAX_LINE_BYTES:
                self._refuse_line()
            yield from _after_header(number, text, skip_lines)
            number += text.count(b"\n")
        if carry.strip():
            yield from _after_header(number, carry + b"\n", skip_lines)

    def line_of(self, row: int, skip_lines: int = 0) -> int:
        """1-based number of the line that holds a row; empty lines hold none.

        Parameters
        ----------
        row : int
            0-based, behind the first `skip_lines`.

        Raises
        ------
        ValueError
            There is no such row.
        RecordingError
            As `blocks`.
        """
        before = 0
        for block in self.blocks(skip_lines):
            count = without_blank_lines(block.text).count(b"\n")
            if before + count > row:
                lines = enumerate(block.text.split(b"\n"), block.first_line)
                return [number for number, line in lines if line][row - before]
            before += count
        raise ValueError(f"row {row}: there are {before} rows")

    def _chunks(self) -> Iterator[bytes]:
        """Pieces of the decompressed file, without byte-order mark."""
        compressed = self.path.stat().st_size
        total = 0
        with self._open() as stream:
            while chunk := stream.read(BLOCK_BYTES):
                total += len(chunk)
                if total > max(MAX_FREE_BYTES, MAX_EXPANSION * compressed):
                    raise RecordingError(
                        f"{self.path}: it grows to more than {MAX_EXPANSION} times its size when "
                        "decompressed; expected a recording"
                    )
                yield chunk.removeprefix(b"\xef\xbb\xbf") if total == len(chunk) else chunk

    @contextmanager
    def _open(self) -> Iterator[IO[bytes]]:
        """Open for reading; every failure of the file or its compression becomes one sentence."""
        try:
            with self.path.open("rb") as raw:
                magic = raw.read(2)
                raw.seek(0)
                if magic == _GZIP_MAGIC:
                    with gzip.open(raw) as stream:
                        yield cast("IO[bytes]", stream)
                else:
                    yield raw
        except (gzip.BadGzipFile, EOFError, zlib.error) as error:
            raise RecordingError(
                f"{self.path}: the gzip compression is damaged or cut short ({error}); "
                "expected a complete .gz file"
            ) from error
        except OSError as error:
            raise RecordingError(
                f"{self.path}: the file cannot be read ({error.strerror or error}); "
                "expected a readable recording"
            ) from error

    def _refuse_long_lines(self, text: bytes) -> None:
        """A line above the limit covers at least one aligned half of the limit entirely."""
        half = MAX_LINE_BYTES // 2
        for start in range(0, len(text), half):
            if text.find(b"\n", start, start + half) < 0 and (
                max(map(len, text.split(b"\n"))) > MAX_LINE_BYTES
            ):
                self._refuse_line()

    def _refuse_line(self) -> None:
        raise RecordingError(
            f"{self.path}: a line is longer than {MAX_LINE_BYTES} bytes; expected rows of numbers"
        )


def _after_header(number: int, text: bytes, skip_lines: int) -> Iterator[LineBlock]:
    """The lines of `text` behind the header, with Unix line ends."""
    if b"\r" in text:
        text = text.replace(b"\r\n", b"\n")
    while number <= skip_lines and text:
        text = text[text.find(b"\n") + 1 :]
        number += 1
    if text:
        yield LineBlock(number, text)
