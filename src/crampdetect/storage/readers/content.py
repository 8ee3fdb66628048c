"""What a file is by its first bytes, compressed or not, before any reader trusts it."""

import gzip
import zlib
from pathlib import Path

from crampdetect.errors import RecordingError

__all__ = ["HEAD_BYTES", "first_bytes", "refuse_unreadable"]

#: Enough for every header text; all readers recognise their format within it.
HEAD_BYTES = 64 * 1024

_GZIP_MAGIC = b"\x1f\x8b"
#: Text of numbers compresses 3 to 20 times; 200 times is flat or hostile. Small files may do what
#: they like: below 1 GiB nothing is refused.
HIGHEST_RATIO = 200
ALWAYS_ALLOWED_BYTES = 1 << 30
#: Deflate cannot expand a file more than this (zlib technical details: 1032:1).
DEFLATE_LIMIT = 1032
_CHUNK = 1 << 20


def refuse_unreadable(path: Path) -> None:
    """Refuse what is no file with content.

    Parameters
    ----------
    path : Path

    Raises
    ------
    RecordingError
        Missing, a directory, something else than a file, or empty.
    """
    try:
        found = path.stat()
        if path.is_dir():
            raise RecordingError(f"{path}: this is a directory; expected a recording file")
        if not path.is_file():
            raise RecordingError(f"{path}: this is not a regular file; expected a recording file")
    except FileNotFoundError as error:
        raise RecordingError(f"{path}: there is no such file; expected a recording file") from error
    except (OSError, ValueError) as error:
        raise RecordingError(
            f"{path}: the file cannot be opened ({error}); expected a readable recording"
        ) from error
    if found.st_size == 0:
        raise RecordingError(f"{path}: the file is empty; expected a recording")


def first_bytes(path: Path) -> bytes:
    """Read the first 64 KiB, decompressed where the file is gzip.

    Parameters
    ----------
    path : Path

    Returns
    -------
    bytes

    Raises
    ------
    RecordingError
        Unreadable, damaged, or a compressed file that would fill the machine.
    """
    try:
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
        if not head.startswith(_GZIP_MAGIC):
            return head
        with gzip.open(path, "rb") as file:
            head = file.read(HEAD_BYTES)
        _refuse_bomb(path)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise RecordingError(
            f"{path}: the gzip compression is damaged or cut short ({error}); "
            "expected a complete .gz file"
        ) from error
    except OSError as error:
        raise RecordingError(
            f"{path}: the file cannot be read ({error}); expected a readable recording"
        ) from error
    return head


def _refuse_bomb(path: Path) -> None:
    """Count what a compressed file becomes, without keeping it, where it could become too much."""
    compressed = path.stat().st_size
    limit = max(ALWAYS_ALLOWED_BYTES, HIGHEST_RATIO * compressed)
    if compressed * DEFLATE_LIMIT <= limit:
        return
    size = 0
    with gzip.open(path, "rb") as file:
        while chunk := file.read(_CHUNK):
            size += len(chunk)
            if size > limit:
                raise RecordingError(
                    f"{path}: {compressed} compressed bytes become more than {limit}; expected at "
                    f"most {HIGHEST_RATIO} times the compressed size (or 1 GiB)"
                )
