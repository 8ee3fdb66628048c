"""Truth files: ``*.truth.json`` of the simulator, and annotations by hand as TSV or CSV.

The tables follow the events of SzCORE (Dan et al. 2024, Epilepsia, doi:10.1111/epi.18113): a row
each with ``onset``, ``duration`` (seconds) and ``eventType``, here one of our kinds; other columns
may be there, of which ``level``, ``detail``, ``site``, ``patient`` and ``recordingDuration`` are
read.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crampdetect.errors import RecordingError
from crampdetect.learning.scoring_events import TrueEvent
from crampdetect.learning.scoring_json import documents, number
from crampdetect.learning.scoring_truth_tables import (
    BACKGROUND,
    MISSING,
    number_of,
    table_rows,
    text_of,
    typed,
)

__all__ = ["PROVENANCE", "TruthFile", "read_truth", "truth_files"]

#: Beside tables that `szcore_tsv` wrote: says whether their nights were simulated.
PROVENANCE = "provenance.json"

_JSON = ".truth.json"


@dataclass(frozen=True, slots=True)
class TruthFile:
    """The truth of one night as a file tells it.

    Parameters
    ----------
    name : str
        The file's without its endings: that of the night.
    path : Path
    events : tuple of TrueEvent
    duration_s : float or None
        Of the recording; None where the file does not say.
    simulated : bool
    patient : str or None
    """

    name: str
    path: Path
    events: tuple[TrueEvent, ...]
    duration_s: float | None
    simulated: bool
    patient: str | None


def truth_files(path: Path) -> list[TruthFile]:
    """The truth of every night in a file or a folder, by name.

    Parameters
    ----------
    path : Path
        A file, or a folder: of it every ``*.truth.json``, else every ``*.tsv`` and ``*.csv``.

    Raises
    ------
    RecordingError
        If there is none, two have one name, or one is damaged.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "night-1.csv"
    >>> _ = path.write_text("onset,duration,eventType\\n60,30,cramp\\n")
    >>> [each.name for each in truth_files(path.parent)]
    ['night-1']
    """
    if not path.is_dir():
        return [read_truth(path)]
    paths = sorted(path.glob(f"*{_JSON}")) or sorted([*path.glob("*.tsv"), *path.glob("*.csv")])
    if not paths:
        raise RecordingError(f"{path}: it holds no truth; expected *{_JSON}, *.tsv or *.csv files")
    files = [read_truth(each) for each in paths]
    seen: dict[str, Path] = {}
    for file in files:
        other = seen.setdefault(file.name, file.path)
        if other != file.path:
            raise RecordingError(
                f"{file.path}: {other.name} is of the same night; expected one truth for each"
            )
    return files


def read_truth(path: Path) -> TruthFile:
    """One truth file, by its ending.

    Raises
    ------
    RecordingError
        If it cannot be read, or what it holds is no truth.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "night-1.csv"
    >>> _ = path.write_text("onset,duration,eventType\\n60,30,cramp\\n")
    >>> read_truth(path).events[0].onset_s
    60.0
    """
    name, ending = path.name, path.suffix.lower()
    if ending == ".json":
        stem = name[: -len(_JSON)] if name.lower().endswith(_JSON) else path.stem
        return _read_json(path, stem)
    if ending in (".tsv", ".csv"):
        return _read_table(path, path.stem.removesuffix(".truth").removesuffix("_events"))
    found = "does not exist" if not path.exists() else f"ends in {ending or 'nothing'}"
    raise RecordingError(f"{path}: it {found}; expected a truth as *{_JSON}, *.tsv or *.csv")


def _read_json(path: Path, stem: str) -> TruthFile:
    found = documents(path)
    document = found[0]
    events, simulated = document.get("events"), document.get("simulated")
    if len(found) != 1 or not isinstance(events, list) or document.get("schema") != 1:
        raise RecordingError(
            f"{path}: it is no truth of one night; expected schema 1 with its events"
        )
    if not isinstance(simulated, bool):
        raise RecordingError(f"{path}: its simulated is {simulated!r}; expected true or false")
    return TruthFile(
        stem,
        path,
        tuple(_event(each, f"{path}: event {place}") for place, each in enumerate(events, 1)),
        number(document, "duration_s", str(path)),
        simulated,
        _patient(document),
    )


def _read_table(path: Path, stem: str) -> TruthFile:
    rows = list(table_rows(path))
    lengths = {row["recordingduration"] for row in rows} - set(MISSING)
    if len(lengths) > 1:
        raise RecordingError(
            f"{path}: its recordingDuration is {' and '.join(sorted(lengths))}; expected one"
        )
    events = [
        _event(typed(row, f"{path}: row {place}"), f"{path}: row {place}")
        for place, row in enumerate(rows, 1)
        if row["kind"] != BACKGROUND
    ]
    length = number_of(lengths.pop(), str(path), "recordingDuration") if lengths else None
    patients = sorted({row["patient"] for row in rows} - set(MISSING))
    patient = patients[0] if len(patients) == 1 else None
    return TruthFile(stem, path, tuple(events), length, _is_simulated(path), patient)


def _event(event: object, where: str) -> TrueEvent:
    if not isinstance(event, dict):
        raise RecordingError(f"{where} is {event!r:.40}; expected an object with kind and onset_s")
    level, scorable = event.get("level"), event.get("scorable")
    try:
        return TrueEvent(
            event.get("kind", ""),
            number(event, "onset_s", where),
            number(event, "duration_s", where),
            None if level is None else number(event, "level", where),
            text_of(event.get("detail")),
            text_of(event.get("site")),
            scorable if isinstance(scorable, bool) else None,
        )
    except ValueError as error:
        raise RecordingError(f"{where}: {error}") from error


def _patient(document: Mapping[str, Any]) -> str | None:
    for key in ("patient", "participant"):
        value = document.get(key)
        if isinstance(value, str | int) and not isinstance(value, bool):
            return str(value)
    return None


def _is_simulated(path: Path) -> bool:
    """Whether tables were written from simulated nights, by the note beside them or above."""
    for folder in (path.parent, path.parent.parent):
        try:
            note = json.loads((folder / PROVENANCE).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        if isinstance(note, dict) and note.get("claim_level") in ("simulation", "mixed"):
            return True
    return False
