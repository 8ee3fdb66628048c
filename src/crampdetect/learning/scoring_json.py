"""JSON of others, read with one sentence for whatever is wrong with it."""

import json
import math
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from crampdetect.errors import RecordingError

__all__ = ["documents", "number", "read_text"]


def read_text(path: Path) -> str:
    """A UTF-8 text file.

    Raises
    ------
    RecordingError
        If it cannot be read, or is no UTF-8.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "a.csv"
    >>> _ = path.write_text("onset")
    >>> read_text(path)
    'onset'
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise RecordingError(f"{path}: it is no UTF-8 text; expected JSON, TSV or CSV") from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise RecordingError(f"{path}: it cannot be read ({reason}); expected a file") from error


def documents(path: Path) -> list[Mapping[str, Any]]:
    """The JSON objects of a file: one, a list of them, or one on each line.

    Raises
    ------
    RecordingError
        If there are none, or something else.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "two.ndjson"
    >>> _ = path.write_text('{"a": 1}\\n{"a": 2}\\n')
    >>> [each["a"] for each in documents(path)]
    [1, 2]
    """
    text = read_text(path)
    try:
        found = json.loads(text)
    except RecursionError as error:
        raise RecordingError(f"{path}: its JSON is nested too deep; expected objects") from error
    except json.JSONDecodeError as error:
        found = _lines(path, text, error)
    except ValueError as error:
        raise _too_long(path) from error
    listed = found if isinstance(found, list) else [found]
    if not listed or not all(isinstance(each, dict) for each in listed):
        what = type(found).__name__ if listed else "an empty list"
        raise RecordingError(f"{path}: it holds {what}; expected JSON objects")
    return listed


def number(document: Mapping[str, Any], key: str, where: str) -> float:
    """The finite number under `key`.

    Raises
    ------
    RecordingError
        If it is missing or no number; `where` says which file and part.

    Examples
    --------
    >>> number({"onset_s": 3}, "onset_s", "night.json")
    3.0
    """
    value = document.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float) or not _is_finite(value):
        raise RecordingError(f"{where}: its {key} is {value!r}; expected a finite number")
    return float(value)


def _is_finite(value: float) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:  # a whole number with hundreds of digits
        return False


def _lines(path: Path, text: str, error: json.JSONDecodeError) -> list[Any]:
    """One document on each line; if the first line is none, the file as a whole is broken."""
    try:
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    except (json.JSONDecodeError, RecursionError):
        raise RecordingError(
            f"{path}: it is no JSON ({error.msg} in line {error.lineno}); "
            "expected one document, a list of them, or one on each line"
        ) from error
    except ValueError as too_long:
        raise _too_long(path) from too_long


def _too_long(path: Path) -> RecordingError:
    """What to say of a whole number that Python refuses to read."""
    return RecordingError(
        f"{path}: a number in it has more than {sys.get_int_max_str_digits()} digits; "
        "expected numbers of a usual length"
    )
