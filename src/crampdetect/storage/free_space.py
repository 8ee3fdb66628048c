"""Whether a night will fit: asked before it begins, since at four nobody is there to ask."""

import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from crampdetect.errors import RecordingError
from crampdetect.storage.capture_file import private_folder, told

__all__ = ["NIGHT_HOURS", "FreeSpace", "capture_rate", "check_space"]

#: The longest night that is planned for, in hours: the issue's pre-flight check.
NIGHT_HOURS = 12.0
#: What has to stay free for others and for the night's log entry, in bytes [A].
SPARE_BYTES = 50_000_000
#: Bytes that a capture adds to each event: the head of an MCAP message.
EVENT_BYTES = 31
#: And to each second: a chunk, its channels, and its share of heads and clock pairs.
SECOND_BYTES = 300


@dataclass(frozen=True, slots=True)
class FreeSpace:
    """Bytes that are free, and that a night needs."""

    free: int
    needed: int


def capture_rate(link_bytes: float, events: float) -> float:
    """Bytes a second that a capture takes.

    Parameters
    ----------
    link_bytes : float
        Bytes a second on the link.
    events : float
        Notifications or reads a second.

    Examples
    --------
    >>> capture_rate(140 * 65, 140)
    13740
    """
    return link_bytes + EVENT_BYTES * events + SECOND_BYTES


def check_space(folder: Path, rate: float, hours: float = NIGHT_HOURS) -> FreeSpace:
    """Make sure that `folder` can be written and has space for a night.

    Parameters
    ----------
    folder : Path
        Made (mode 0700) if it is missing.
    rate : float
        Bytes a second of the capture (`capture_rate`).
    hours : float

    Raises
    ------
    RecordingError
        The folder is read-only or too full.
    """
    needed = int(rate * hours * 3600) + SPARE_BYTES
    try:
        private_folder(folder)
        free = shutil.disk_usage(folder).free
        if free < needed:
            raise RecordingError(
                f"{folder}: {free / 1e6:.0f} MB are free; expected {needed / 1e6:.0f} MB for "
                f"{hours:g} hours, remove an old night (crampdetect forget) or take another folder"
            )
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"\0")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise RecordingError(
            f"{folder}: a night cannot be kept here: {told(error)}; "
            "expected a folder that can be written"
        ) from error
    return FreeSpace(free, needed)
