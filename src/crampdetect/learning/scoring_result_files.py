"""Result files: what ``crampdetect replay --json`` printed, in one file or in many."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PureWindowsPath
from typing import Any, cast, get_args

from crampdetect.analysis.counts import NightStatus
from crampdetect.errors import RecordingError
from crampdetect.learning.scoring_events import Found
from crampdetect.learning.scoring_json import documents, number

__all__ = ["ResultFile", "result_files"]


@dataclass(frozen=True, slots=True)
class ResultFile:
    """One replayed recording.

    Parameters
    ----------
    where : str
        File, and which recording in it.
    name : str
        That of the night: of the recording; where the document names none, that of the file.
    file_name : str
        Of the file without its ending; empty if it holds other recordings too.
    found : tuple of Found
        Verdicts of every kind.
    valid_s, duration_s : float
    status : str
    start : datetime or None
        Wall clock at the start, where it is known.
    detector : str
        Program version, model and profile.
    """

    where: str
    name: str
    file_name: str
    found: tuple[Found, ...]
    valid_s: float
    duration_s: float
    status: NightStatus
    start: datetime | None
    detector: str


def result_files(path: Path) -> list[ResultFile]:
    """Every replayed recording in a file or a folder (``*.json`` but ``*.truth.json``).

    Raises
    ------
    RecordingError
        If there is none, or one is damaged.
    """
    if path.is_dir():
        paths = [
            each for each in sorted(path.glob("*.json")) if not each.name.endswith(".truth.json")
        ]
        if not paths:
            raise RecordingError(
                f"{path}: it holds no results; expected *.json of `crampdetect replay --json`"
            )
    else:
        paths = [path]
    return [result for each in paths for result in _read(each)]


def _read(path: Path) -> list[ResultFile]:
    found = documents(path)
    if len(found) == 1:
        return [_result(found[0], str(path), path.name.removesuffix(".json"))]
    return [_result(each, f"{path}: recording {k}", "") for k, each in enumerate(found, 1)]


def _result(document: Mapping[str, Any], where: str, file_name: str) -> ResultFile:
    parts = {key: document.get(key) for key in ("recording", "quality", "counts")}
    lists = [document.get("episodes"), document.get("rejected")]
    if (
        document.get("schema") != 1
        or not all(isinstance(part, dict) for part in parts.values())
        or not all(isinstance(part, list) for part in lists)
    ):
        raise RecordingError(
            f"{where}: it is no document of `crampdetect replay --json`; expected its schema 1"
        )
    recording, quality, counts = (cast(dict[str, Any], part) for part in parts.values())
    status = counts.get("status")
    if status not in get_args(NightStatus):
        raise RecordingError(
            f"{where}: its status is {status!r}; expected {', '.join(get_args(NightStatus))}"
        )
    path = recording.get("path")
    recorded = PureWindowsPath(path).stem if isinstance(path, str) else ""
    return ResultFile(
        where,
        recorded or file_name,
        file_name,
        tuple(_found(each, where) for part in lists for each in cast(list[object], part)),
        number(quality, "valid_s", where),
        number(recording, "duration_s", where),
        cast(NightStatus, status),
        _start(recording),
        _detector(document.get("provenance")),
    )


def _found(episode: object, where: str) -> Found:
    if not isinstance(episode, dict):
        raise RecordingError(f"{where}: an episode is {episode!r:.40}; expected an object")
    return Found(
        number(episode, "onset_s", where),
        number(episode, "duration_s", where),
        str(episode.get("kind")),
        number(episode, "probability", where),
        None if episode.get("alert_s") is None else number(episode, "alert_s", where),
    )


def _start(recording: Mapping[str, Any]) -> datetime | None:
    for key in ("start", "start_local"):
        try:
            return datetime.fromisoformat(str(recording.get(key)))
        except ValueError:
            continue
    return None


def _detector(provenance: object) -> str:
    if not isinstance(provenance, dict):
        return "unknown"
    return " ".join(str(provenance.get(key)) for key in ("version", "model", "profile"))
