"""Files that appear whole or not at all, and that only their owner can read.

Results are health data, and a half-written night, picture or table looks like a finding.
"""

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from crampdetect.errors import RecordingError

__all__ = ["whole_file", "write_whole"]


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """A binary file that takes the place of `path` when the block ends well.

    Written beside `path`, flushed to the disk and renamed; the mode is 0600 (where the system has
    modes). When the block raises, `path` is as it was.

    Raises
    ------
    OSError
        If the folder cannot be written or the disk is full.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> with whole_file(folder / "a.txt") as file:
    ...     _ = file.write(b"whole")
    >>> [(each.name, each.read_text()) for each in folder.iterdir()]
    [('a.txt', 'whole')]
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def write_whole(path: Path, pieces: Iterable[bytes]) -> None:
    """Write a recording as a :func:`whole_file`.

    Parameters
    ----------
    path : Path
    pieces : iterable of bytes

    Raises
    ------
    RecordingError
        The folder cannot be written, or the disk is full; nothing is left then, nor after
        whatever `pieces` raises.
    """
    try:
        with whole_file(path) as file:
            for piece in pieces:
                file.write(piece)
    except OSError as error:
        reason = error.strerror or str(error)
        raise RecordingError(
            f"{path}: it cannot be written ({reason}); "
            "expected a folder that is writable and has space"
        ) from error
