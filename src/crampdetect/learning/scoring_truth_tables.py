"""Rows of annotations by hand, as TSV or CSV."""

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path

from crampdetect.errors import RecordingError
from crampdetect.learning.scoring_json import read_text

__all__ = ["BACKGROUND", "MISSING", "number_of", "table_rows", "text_of", "typed"]

#: Names of the column that says what an event is, in lower case.
_KIND_COLUMNS = ("eventtype", "event_type", "trial_type", "kind")
#: What SzCORE calls a stretch without events, and BIDS a missing value.
BACKGROUND, MISSING = "bckg", ("", "n/a")


def table_rows(path: Path) -> Iterator[dict[str, str]]:
    """Rows with lower-case names; the kind under ``kind``, missing columns empty.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "night-1.csv"
    >>> _ = path.write_text("onset,duration,eventType\\n60,30,cramp\\n")
    >>> next(table_rows(path))["kind"]
    'cramp'
    """
    lines = read_text(path).splitlines()
    delimiter = "\t" if lines and "\t" in lines[0] else ","
    reader = csv.DictReader(lines, delimiter=delimiter)
    names = {name.strip().lower() for name in reader.fieldnames or ()}
    kind = next((name for name in _KIND_COLUMNS if name in names), None)
    if kind is None or not {"onset", "duration"} <= names:
        raise RecordingError(
            f"{path}: its columns are {', '.join(sorted(names)) or 'none'}; "
            "expected onset, duration and eventType"
        )
    optional = ("level", "detail", "site", "patient", "recordingduration")
    for each in reader:
        row = {(name or "").strip().lower(): text_of(value) for name, value in each.items()}
        word = row[kind].lower().replace("-", "_").replace(" ", "_")
        yield {**dict.fromkeys(optional, ""), **row, "kind": word}


def text_of(value: object) -> str:
    """The text without spaces around it; empty where it is none.

    Examples
    --------
    >>> text_of(" left "), text_of(None)
    ('left', '')
    """
    return value.strip() if isinstance(value, str) else ""


def typed(row: Mapping[str, str], where: str) -> dict[str, object]:
    """A row of a table as an event of a document.

    Examples
    --------
    >>> row = {"kind": "gap", "onset": "1", "duration": "2", "level": "", "detail": "", "site": ""}
    >>> typed(row, "row 1")
    {'kind': 'gap', 'onset_s': 1.0, 'duration_s': 2.0}
    """
    event: dict[str, object] = {
        "kind": row["kind"],
        "onset_s": number_of(row["onset"], where, "onset"),
        "duration_s": number_of(row["duration"], where, "duration"),
    }
    if row["level"].lower() not in MISSING:
        event["level"] = number_of(row["level"], where, "level")
    return event | {key: row[key] for key in ("detail", "site") if row[key] not in MISSING}


def number_of(text: str, where: str, column: str) -> float:
    """The number in a cell; a RecordingError names `where` and `column`.

    Examples
    --------
    >>> number_of("12.5", "row 1", "onset")
    12.5
    """
    try:
        return float(text)
    except ValueError as error:
        raise RecordingError(
            f"{where}: its {column} is {text!r}; expected seconds or a ratio such as 12.5"
        ) from error
