"""Files that appear whole or not at all, and that only their owner can read.

Results are health data, and a half-written picture or table looks like a finding.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

__all__ = ["whole_file"]


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
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=path.suffix + ".part")
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
