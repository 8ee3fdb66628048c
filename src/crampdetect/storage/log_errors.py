"""Failures of a database told in one sentence that a person can act on."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import SQLAlchemyError

from crampdetect.errors import LogError

__all__ = ["OtherLegError", "database_errors"]


class OtherLegError(LogError):
    """The log holds this recording as one of the other leg: the input is wrong, not the log."""


#: What SQLite's primary result codes (https://www.sqlite.org/rescode.html) mean to a person.
_SQLITE_SENTENCES = {
    sqlite3.SQLITE_BUSY: (
        "another program kept the episode log locked; expected it to be free within {wait:g} s, "
        "try again when that program has finished"
    ),
    sqlite3.SQLITE_LOCKED: "another part of the program has locked the episode log; try again",
    sqlite3.SQLITE_READONLY: (
        "the episode log can only be read; nothing was added, expected a file that can be written"
    ),
    sqlite3.SQLITE_PERM: (
        "access to the episode log is denied; expected a file that can be read and written"
    ),
    sqlite3.SQLITE_FULL: (
        "the disk of the episode log is full; nothing was added, expected free space"
    ),
    sqlite3.SQLITE_IOERR: (
        "the disk of the episode log failed while reading or writing; nothing was added, expected "
        "a working disk with free space"
    ),
    sqlite3.SQLITE_CANTOPEN: (
        "the episode log cannot be opened; expected a file in a folder that can be written"
    ),
    sqlite3.SQLITE_NOTADB: "this file is not a database; expected an episode log of crampdetect",
    sqlite3.SQLITE_CORRUPT: (
        "the episode log is damaged; expected an intact SQLite database, restore a backup"
    ),
    sqlite3.SQLITE_TOOBIG: "a value is too large for the episode log; nothing was added",
}


@contextmanager
def database_errors(name: str, wait_s: float) -> Iterator[None]:
    """Turn errors of the database inside the block into LogError.

    Parameters
    ----------
    name : str
        Of the log, for the sentence; without a password.
    wait_s : float
        Seconds that a locked database is waited for.

    Examples
    --------
    >>> import sqlite3
    >>> with database_errors("nights.sqlite", 30.0):
    ...     raise sqlite3.DatabaseError("something new")
    Traceback (most recent call last):
    crampdetect.errors.LogError: nights.sqlite: the database refused: something new
    """
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error) as error:
        raise LogError(f"{name}: {_sentence(error, wait_s)}") from error


def _sentence(error: SQLAlchemyError | sqlite3.Error, wait_s: float) -> str:
    cause = getattr(error, "orig", None) or error
    # Extended codes keep the primary code in their low byte.
    code = getattr(cause, "sqlite_errorcode", 0) & 0xFF
    if code in _SQLITE_SENTENCES:
        return _SQLITE_SENTENCES[code].format(wait=wait_s)
    lines = str(cause).strip().splitlines()
    return f"the database refused: {lines[0] if lines else type(cause).__name__}"
