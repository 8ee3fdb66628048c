"""Opening whatever can be judged: a recording of others, or a capture of ours."""

from pathlib import Path

from crampdetect.session_capture import open_capture
from crampdetect.storage.asked import open_as_asked
from crampdetect.storage.capture_records import MAGIC
from crampdetect.storage.nights_folder import SUFFIX
from crampdetect.storage.recording import ReadOptions, RecordingFile

__all__ = ["open_source"]


def open_source(path: Path, options: ReadOptions) -> RecordingFile:
    """Open a recording as a person asked; a capture by its content or its name.

    Raises
    ------
    ValueError
        If a unit is none that is known.
    RecordingError
        If the file cannot be read as a recording of EMG.
    """
    if path.suffix.lower() == SUFFIX or _begins_as_capture(path):
        return open_capture(path, options)
    return open_as_asked(path, options)


def _begins_as_capture(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(MAGIC)) == MAGIC
    except OSError:
        return False  # told by the reader, in its own words
