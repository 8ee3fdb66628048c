"""The file of a capture: it only grows, by whole chunks, and only its owner can read it."""

import errno
import os
from contextlib import suppress
from pathlib import Path

from crampdetect.errors import RecordingError
from crampdetect.storage.capture_lock import lock

__all__ = ["CaptureFile", "private_folder", "sync_folder", "told"]

#: What an error of the system means to a person.
_MEANINGS = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EFBIG: "the file has reached the largest size allowed here",
    errno.EROFS: "the folder can only be read",
    errno.EACCES: "the folder must not be written",
    errno.EPERM: "the folder must not be written",
    errno.EIO: "the disk failed",
    errno.ENOTDIR: "a part of the path is no folder",
}


def told(error: OSError) -> str:
    """An error of the system in a few words."""
    said = error.strerror or str(error)
    meaning = _MEANINGS.get(error.errno or 0)
    return f"{meaning} ({said})" if meaning else said


def private_folder(folder: Path) -> None:
    """Make `folder` and its missing parents with mode 0700.

    Raises
    ------
    OSError
        It cannot be made.
    """
    # Path.mkdir(parents=True) would give the parents the default mode.
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    for each in reversed(missing):
        each.mkdir(mode=0o700, exist_ok=True)


def sync_folder(folder: Path) -> None:
    """Make the names in `folder` safe from a power cut, where the system can.

    Raises
    ------
    OSError
        The disk failed.
    """
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # some file systems know no such thing
            raise
    finally:
        os.close(descriptor)


class CaptureFile:
    """A capture that is being written.

    Parameters
    ----------
    path : Path
        Must exist only when it is continued.
    end : int or None
        Size to which an existing file is cut before it is continued; None makes a new file.

    Raises
    ------
    RecordingError
        The folder or the file cannot be made or opened, or another process writes to it.
    """

    def __init__(self, path: Path, end: int | None = None) -> None:
        self._path = path
        flags = os.O_RDWR | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
        try:
            private_folder(path.parent)
            new = os.O_CREAT | os.O_EXCL if end is None else 0
            self._descriptor = os.open(path, flags | new, 0o600)
        except FileExistsError as error:
            raise RecordingError(
                f"{path}: there is a file of this name; expected a new one for each night"
            ) from error
        except OSError as error:
            raise RecordingError(
                f"{path}: the capture cannot be written here: {told(error)}; "
                "expected a folder that is writable and has space"
            ) from error
        self._size = 0
        try:
            self._take(end)
        except BaseException:
            os.close(self._descriptor)
            raise

    def append(self, data: bytes) -> None:
        """Hand `data` to the system, whole or not at all.

        Raises
        ------
        RecordingError
            The disk is full or failed; what was appended before is kept.
        """
        view = memoryview(data)
        try:
            while view:
                view = view[os.write(self._descriptor, view) :]
        except OSError as error:
            raise self._failed(error) from error
        self._size += len(data)

    def sync(self) -> None:
        """Wait until everything appended is on the disk.

        Raises
        ------
        RecordingError
            The disk failed.
        """
        try:
            os.fsync(self._descriptor)
        except OSError as error:
            raise self._failed(error) from error

    def sync_name(self) -> None:
        """Wait until the file is found under its name after a power cut, too.

        Raises
        ------
        RecordingError
            The disk failed.
        """
        try:
            sync_folder(self._path.parent)
        except OSError as error:
            raise self._failed(error) from error

    def close(self) -> None:
        """Close the file, and with it release the lock."""
        os.close(self._descriptor)

    def _take(self, end: int | None) -> None:
        """Lock the file and go to its end."""
        if not lock(self._descriptor):
            raise RecordingError(
                f"{self._path}: another program is recording this capture; "
                "expected one that nobody writes to"
            )
        if end is not None:
            os.ftruncate(self._descriptor, end)
            os.lseek(self._descriptor, end, os.SEEK_SET)
            self._size = end

    def _failed(self, error: OSError) -> RecordingError:
        """Take back a chunk that was written in part, and say what happened."""
        # Should that fail as well, there is one error to tell, and readers leave out half a chunk.
        with suppress(OSError):
            os.ftruncate(self._descriptor, self._size)
            os.lseek(self._descriptor, self._size, os.SEEK_SET)
        return RecordingError(
            f"{self._path}: {told(error)}; what was captured up to a second ago is kept, "
            "expected free space"
        )
