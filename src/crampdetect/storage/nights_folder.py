"""Where captures live, which nights there are, and how one is forgotten.

A night is one capture, named by its start in UTC and the beginning of its id. What was made of it
(EDF, zoom pyramid, ...) lies beside it under the same name with other endings, and goes with it.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from crampdetect.errors import RecordingError
from crampdetect.storage.capture_file import private_folder, sync_folder, told
from crampdetect.storage.capture_glance import glance
from crampdetect.storage.capture_head import CaptureHead
from crampdetect.storage.capture_lock import is_being_recorded

__all__ = [
    "SUFFIX",
    "Night",
    "capture_path",
    "captures_folder",
    "derived_files",
    "forget",
    "nights",
    "over_budget",
    "unfinished",
]

SUFFIX = ".mcap"
State = Literal["finished", "unfinished", "recording", "unreadable"]


@dataclass(frozen=True, slots=True)
class Night:
    """A capture in a folder of nights.

    Parameters
    ----------
    path : Path
    state : {"finished", "unfinished", "recording", "unreadable"}
    start : datetime or None
        UTC, by the computer's clock when it began.
    head : CaptureHead or None
        None where it is unreadable.
    problem : str or None
        One sentence, where it is unreadable.
    size : int
        Bytes, of the capture and of what was made of it.
    """

    path: Path
    state: State
    start: datetime | None
    head: CaptureHead | None
    problem: str | None
    size: int


def captures_folder(given: Path | None = None) -> Path:
    """The folder of captures: what is given, else ``captures`` in the user's data directory."""
    if given is not None:
        return given.expanduser()
    from platformdirs import user_data_path

    return user_data_path("crampdetect", appauthor=False) / "captures"


def capture_path(folder: Path, start_utc_ns: int, recording_id: str) -> Path:
    """Where a new night is kept; its folder is made (mode 0700).

    Raises
    ------
    RecordingError
        The folder cannot be made.

    Examples
    --------
    >>> capture_path(Path("."), 1_777_932_000_000_000_000, "1f0c3c5a-0000-4000-8000-0000").name
    '2026-05-04T22-00-00Z-1f0c3c5a.mcap'
    """
    try:
        private_folder(folder)
    except OSError as error:
        raise RecordingError(
            f"{folder}: the folder of captures cannot be made: {told(error)}; "
            "expected a place that can be written"
        ) from error
    start = _moment(start_utc_ns)
    return folder / f"{start:%Y-%m-%dT%H-%M-%SZ}-{recording_id[:8]}{SUFFIX}"


def nights(folder: Path) -> list[Night]:
    """Every capture in `folder`, oldest first; a missing folder holds none.

    Raises
    ------
    RecordingError
        The folder cannot be read.
    """
    try:
        found = sorted(path for path in folder.iterdir() if path.suffix == SUFFIX)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise RecordingError(
            f"{folder}: the captures cannot be listed: {told(error)}; expected a readable folder"
        ) from error
    listed = [_night(path) for path in found]
    first = datetime.min.replace(tzinfo=UTC)
    return sorted(listed, key=lambda night: (night.start or first, night.path.name))


def unfinished(folder: Path) -> list[Night]:
    """Nights that were cut off, oldest first; not one that is being recorded."""
    return [night for night in nights(folder) if night.state == "unfinished"]


def derived_files(path: Path) -> list[Path]:
    """What was made of a capture and lies beside it under its name, with other endings."""
    start = path.stem + "."
    return sorted(
        each
        for each in path.parent.iterdir()
        if each.name.startswith(start) and each != path and not each.is_dir()
    )


def forget(night: Night) -> list[Path]:
    """Delete a night's capture and what was made of it; the log is not touched.

    The capture goes last, so that a night that was forgotten half is still found.

    Returns
    -------
    list of Path
        What was deleted.

    Raises
    ------
    RecordingError
        It is being recorded, or cannot be deleted.
    """
    if night.state == "recording":
        raise RecordingError(f"{night.path}: it is being recorded; expected a night that has ended")
    try:
        gone = [*derived_files(night.path), night.path]
        for path in gone:
            path.unlink()
        sync_folder(night.path.parent)
    except OSError as error:
        raise RecordingError(
            f"{night.path}: the night cannot be deleted: {told(error)}; "
            "expected files that can be deleted"
        ) from error
    return gone


def over_budget(folder: Path, limit: int) -> list[Night]:
    """The oldest nights to forget so that the others take at most `limit` bytes.

    Only finished nights are named: one that was cut off is not in the log yet. Nothing is deleted.

    Examples
    --------
    >>> over_budget(Path("no such folder"), 10**9)
    []
    """
    there = nights(folder)
    excess = sum(night.size for night in there) - limit
    oldest: list[Night] = []
    for night in there:
        if excess > 0 and night.state == "finished":
            oldest.append(night)
            excess -= night.size
    return oldest


def _night(path: Path) -> Night:
    try:
        size = sum(each.stat().st_size for each in (path, *derived_files(path)))
        recording = is_being_recorded(path)
        seen = glance(path)
    except OSError as error:
        return Night(path, "unreadable", None, None, f"{path}: {told(error)}", 0)
    except RecordingError as error:
        return Night(path, "unreadable", None, None, str(error), size)
    state: State = "finished" if seen.end is not None else "unfinished"
    start = None if seen.start is None else _moment(seen.start.utc_ns)
    return Night(path, "recording" if recording else state, start, seen.head, None, size)


def _moment(utc_ns: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=utc_ns // 1000)
