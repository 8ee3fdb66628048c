"""Whole chunks of a capture, whatever happened to the bytes between them.

It trusts no length: a chunk counts if its own CRC says so. Behind damage the next chunk is looked
for, so that a flipped bit costs one chunk (less than a second), and never the rest of the night.
"""

import io
import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from mcap.data_stream import ReadDataStream
from mcap.exceptions import McapError
from mcap.opcode import Opcode
from mcap.records import Chunk

from crampdetect.storage.capture_records import MAGIC, MOST_CHUNK_BYTES

__all__ = ["ChunkScanner", "Damage", "Whole"]

_PREFIX = struct.Struct("<BQ")
#: Bytes of a chunk record before its data, where it is not compressed.
_FIXED = 40
_WINDOW = 1 << 20
#: An uncompressed chunk by its fixed fields: opcode, length, times, size, CRC, no compression, size
#: again. The three lengths have to agree.
_CHUNK = re.compile(rb"\x06(...\x00{5}).{16}(...\x00{5}).{4}\x00{4}(...\x00{5})", re.DOTALL)
_CHUNK_PREFIX = 9 + _FIXED
#: Bytes of would-be chunks that may turn out to be none, beside four times the file itself: damage
#: makes each chunk wrong once, a hostile file could name the same bytes a million times.
SPARE_WORK = 16 << 20
#: Records that other programs may have put beside the chunks.
_SKIPPED = {int(code) for code in Opcode} - {int(Opcode.CHUNK)}


@dataclass(frozen=True, slots=True)
class Whole:
    """The content of a chunk whose CRC is right; `stop` is the offset behind it."""

    data: bytes
    stop: int


@dataclass(frozen=True, slots=True)
class Damage:
    """Bytes `start` to `stop` (exclusive) of the file that are no record."""

    start: int
    stop: int


class ChunkScanner:
    """Chunks of a file, in order.

    Parameters
    ----------
    file : BinaryIO
        Seekable.
    stop : int
        Offset at which to stop; what is behind is not looked at.
    """

    def __init__(self, file: BinaryIO, stop: int) -> None:
        self._file, self._stop = file, stop
        self._work = SPARE_WORK + 4 * stop

    def chunks(self) -> Iterator[Whole | Damage]:
        """From the beginning of the file."""
        is_mcap = self._read(0, len(MAGIC)) == MAGIC
        return self._chunks(len(MAGIC)) if is_mcap else self.chunks_from(0)

    def chunks_from(self, start: int) -> Iterator[Whole | Damage]:
        """From the first chunk that begins at `start` or later; `start` need be no boundary."""
        position = self._next_chunk(start)
        if position > start:
            yield Damage(start, position)
        yield from self._chunks(position)

    def _chunks(self, position: int) -> Iterator[Whole | Damage]:
        while position < self._stop:
            found = self._chunk(position)
            if found is not None:
                yield found
                position = found.stop
                continue
            behind = self._skipped(position)
            if behind is None:
                behind = self._next_chunk(position + 1)
                yield Damage(position, behind)
            position = behind

    def _chunk(self, position: int) -> Whole | None:
        """The chunk at `position`, if there is one and it is whole."""
        prefix = self._read(position, _CHUNK_PREFIX)
        match = _CHUNK.fullmatch(prefix)
        if match is None:
            return None
        length, size, again = (int.from_bytes(group, "little") for group in match.groups())
        stop = position + _PREFIX.size + length
        if not (size == again == length - _FIXED and length <= MOST_CHUNK_BYTES):
            return None
        if stop > self._stop:
            return None
        body = self._read(position + _PREFIX.size, length)
        try:
            chunk = Chunk.read(ReadDataStream(io.BytesIO(body)))
        except (McapError, ValueError, struct.error):  # pragma: no cover - the lengths agree
            return None
        if len(chunk.data) != size or zlib.crc32(chunk.data) != chunk.uncompressed_crc:
            self._work -= size
            return None
        return Whole(chunk.data, stop)

    def _skipped(self, position: int) -> int | None:
        """Offset behind a record that is no chunk, if what follows makes sense too."""
        behind = self._behind(position)
        if behind is None or behind == self._stop:
            return behind
        if self._stop - behind == len(MAGIC) and self._read(behind, len(MAGIC)) == MAGIC:
            return self._stop
        return behind if self._follows(behind) else None

    def _behind(self, position: int) -> int | None:
        prefix = self._read(position, _PREFIX.size)
        if len(prefix) < _PREFIX.size:
            return None
        opcode, length = _PREFIX.unpack(prefix)
        stop = int(position + _PREFIX.size + length)
        return stop if opcode in _SKIPPED and stop <= self._stop else None

    def _follows(self, position: int) -> bool:
        """Whether a record may begin here: it need not be whole, since a file may end in it."""
        prefix = self._read(position, _PREFIX.size)
        opcode, length = _PREFIX.unpack(prefix.ljust(_PREFIX.size, b"\0"))
        return (opcode == Opcode.CHUNK and length <= MOST_CHUNK_BYTES) or opcode in _SKIPPED

    def _next_chunk(self, start: int) -> int:
        """Offset of the next whole chunk from `start` on; that of the end if there is none."""
        while start < self._stop and self._work > 0:
            window = self._read(start, _WINDOW)
            place = 0
            while (match := _CHUNK.search(window, place)) is not None:
                if self._chunk(start + match.start()) is not None:
                    return start + match.start()
                if self._work <= 0:
                    return self._stop
                place = match.start() + 1
            # A chunk may begin in the last bytes of this window.
            start += max(1, len(window) - _CHUNK_PREFIX + 1)
        return self._stop

    def _read(self, position: int, length: int) -> bytes:
        self._file.seek(position)
        return self._file.read(max(0, min(length, self._stop - position)))
