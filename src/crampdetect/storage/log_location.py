"""Where the episode log is kept, and how its file comes into being. Knows no SQL.

A log holds health data: a file that crampdetect creates can be read by its owner only.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qs, unquote

from crampdetect.errors import LogError

__all__ = ["LOG_VARIABLE", "create_private_file", "log_location", "sqlite_file"]

#: Environment variable that names another log, as a path or a SQLAlchemy URL.
LOG_VARIABLE = "CRAMPDETECT_LOG"

_SQLITE_PREFIXES = ("sqlite:///", "sqlite+pysqlite:///")


def log_location(given: str | None = None, environment: Mapping[str, str] | None = None) -> str:
    """Database URL of the episode log: what is given, else ``CRAMPDETECT_LOG``, else the default.

    Parameters
    ----------
    given : str or None
        A SQLAlchemy URL or a path (``~`` is expanded).
    environment : mapping or None
        Read instead of ``os.environ``.

    Returns
    -------
    str
        A SQLAlchemy URL. The default is ``episodes.sqlite`` in the user's data directory.

    Raises
    ------
    ValueError
        If what is given is empty.

    Examples
    --------
    >>> log_location("postgresql://localhost/cramps")
    'postgresql://localhost/cramps'
    >>> log_location("nights.sqlite")
    'sqlite:///nights.sqlite'
    """
    source = os.environ if environment is None else environment
    wanted = given if given is not None else source.get(LOG_VARIABLE) or None
    if wanted is None:
        from platformdirs import user_data_path

        wanted = str(user_data_path("crampdetect", appauthor=False) / "episodes.sqlite")
    if not wanted.strip():
        raise ValueError("the episode log is given as an empty text; expected a path or a URL")
    if "://" in wanted:
        return wanted
    # Percent signs and the like need no quoting: SQLAlchemy takes the database part of a SQLite
    # URL literally, except that "?" starts its options.
    if "?" in wanted:
        raise ValueError(f"the episode log path {wanted!r} holds a '?'; choose another file name")
    return f"sqlite:///{Path(wanted).expanduser()}"


def sqlite_file(url: str) -> Path | None:
    """Path of the SQLite file that `url` names; ``None`` for memory and for other databases.

    Examples
    --------
    >>> sqlite_file("sqlite:///nights.sqlite").name
    'nights.sqlite'
    >>> sqlite_file("sqlite://") is None
    True
    """
    for prefix in _SQLITE_PREFIXES:
        if url.startswith(prefix):
            name, _, options = url.removeprefix(prefix).partition("?")
            if "uri" in parse_qs(options):
                name = unquote(name.removeprefix("file:"))
            return None if name in ("", ":memory:") else Path(name)
    return None


def create_private_file(path: Path) -> None:
    """Create `path` empty with mode 0600 unless it exists; missing folders get mode 0700.

    SQLite gives the files it puts beside a database (``-wal``, ``-shm``) the database's mode.

    Raises
    ------
    LogError
        If `path` is a folder or cannot be created.
    """
    if path.is_dir():
        raise LogError(f"{path} is a folder; expected a file for the episode log")
    try:
        # Path.mkdir(parents=True) would give the parents the default mode.
        missing = [folder for folder in path.parents if not folder.exists()]
        for folder in reversed(missing):
            folder.mkdir(mode=0o700, exist_ok=True)
        if not path.exists():
            os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
    except OSError as error:
        reason = error.strerror or str(error)
        raise LogError(
            f"{path}: the episode log cannot be created here ({reason}); "
            "expected a folder that can be written"
        ) from error
