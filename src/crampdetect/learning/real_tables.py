"""Small tables of tab-separated columns, as manifests and splits are."""

import csv
from pathlib import Path

from crampdetect.errors import RecordingError

__all__ = ["rows"]


def rows(path: Path, columns: tuple[str, ...]) -> list[dict[str, str]]:
    """The rows of a table by column name.

    Raises
    ------
    RecordingError
        It cannot be read, or its columns are not these; one sentence.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise RecordingError(f"{path}: cannot be read ({error})") from error
    table = [one for one in csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE) if one]
    if not table or tuple(table[0]) != columns:
        raise RecordingError(f"{path.name}: expected the columns {', '.join(columns)}")
    for number, row in enumerate(table[1:], 2):
        if len(row) != len(columns):
            raise RecordingError(
                f"{path.name}, line {number}: {len(row)} columns; expected {len(columns)}"
            )
    return [dict(zip(columns, row, strict=True)) for row in table[1:]]
