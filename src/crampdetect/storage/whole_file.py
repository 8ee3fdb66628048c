"""Write a file whole or not at all."""

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from crampdetect.errors import RecordingError

__all__ = ["write_whole"]


def write_whole(path: Path, pieces: Iterable[bytes]) -> None:
    """Write beside the target, force it to the disk, then put it in place at once.

    Parameters
    ----------
    path : Path
        An existing file is replaced only when the new one is complete. Mode 0600: a night is
        health data.
    pieces : iterable of bytes

    Raises
    ------
    RecordingError
        The folder cannot be written, or the disk is full; nothing is left then, nor after
        whatever `pieces` raises.
    """
    try:
        # mkstemp creates with mode 0600.
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    except OSError as error:
        raise _failure(path, error) from error
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            for piece in pieces:
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        raise _failure(path, error) from error
    finally:
        # After the replacement there is nothing left to remove.
        temporary.unlink(missing_ok=True)


def _failure(path: Path, error: OSError) -> RecordingError:
    reason = error.strerror or str(error)
    return RecordingError(
        f"{path}: it cannot be written ({reason}); expected a folder that is writable and has space"
    )
