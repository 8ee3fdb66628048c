"""Connections to the episode log's database: SQLite's settings, and who may write when."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.pool import ConnectionPoolEntry

from crampdetect.errors import LogError

__all__ = ["BUSY_TIMEOUT_S", "connect", "log_name", "parsed_url", "writing"]

#: Seconds to wait for another program's transaction; one night takes well below a second to add.
BUSY_TIMEOUT_S = 30.0

#: Seconds between two tries to switch a database that others have open to write-ahead logging.
_WAL_RETRY_S = 0.02


def parsed_url(text: str) -> URL:
    """SQLAlchemy's reading of `text`; a ValueError if it is none."""
    try:
        return make_url(text)
    except (ArgumentError, ValueError) as error:
        # The text is not repeated: it may hold a password.
        raise ValueError(
            "the episode log's address cannot be read; expected a path or a SQLAlchemy URL such as "
            "postgresql+psycopg://user@host/database"
        ) from error


def log_name(url: URL) -> str:
    """How the log is named to people: its file, or its URL without the password."""
    if url.get_backend_name() == "sqlite":
        return url.database or "the episode log in memory"
    return url.render_as_string(hide_password=True)


def connect(url: URL, busy_timeout_s: float) -> Engine:
    """Engine for the log at `url`; nothing is opened yet.

    Parameters
    ----------
    url : URL
    busy_timeout_s : float
        Seconds that SQLite waits for another program's transaction.

    Raises
    ------
    ValueError
        If there is no such kind of database.
    LogError
        If the driver of that database is not installed.
    """
    is_sqlite = url.get_backend_name() == "sqlite"
    options = {"timeout": busy_timeout_s} if is_sqlite else {}
    try:
        # hide_parameters: a traceback must not show what was found in somebody's night.
        engine = create_engine(url, hide_parameters=True, connect_args=options)
    except NoSuchModuleError as error:
        raise ValueError(
            f"{log_name(url)}: there is no database of the kind {url.drivername!r}; expected "
            "sqlite, postgresql or another one that SQLAlchemy knows"
        ) from error
    except ModuleNotFoundError as error:
        raise LogError(
            f"{log_name(url)}: the Python package {error.name!r} for this database is not "
            "installed; expected it beside crampdetect"
        ) from error
    if is_sqlite:
        event.listen(engine, "connect", _Settings(busy_timeout_s))
        event.listen(engine, "begin", _begin)
    return engine


class _Settings:
    """Settings of every new SQLite connection."""

    def __init__(self, busy_timeout_s: float) -> None:
        self._busy_timeout_s = busy_timeout_s

    def __call__(self, connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
        # Python's sqlite3 would begin transactions by itself, and never before a DDL statement:
        # SQLAlchemy's documented way out is to begin them ourselves, in _begin.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA foreign_keys = ON")
        mode = cursor.execute("PRAGMA journal_mode").fetchone()[0]
        if mode == "delete":
            self._switch_to_wal(cursor)
        cursor.close()

    def _switch_to_wal(self, cursor: DBAPICursor) -> None:
        """Let readers and one writer work at once; the mode stays with the file.

        While two programs switch a new file, SQLite answers BUSY at once instead of waiting
        (waiting could deadlock), so the wait is here.
        """
        deadline = time.monotonic() + self._busy_timeout_s
        while True:
            try:
                cursor.execute("PRAGMA journal_mode = WAL")
                return
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_READONLY:
                    return  # A log that can only be read is read in the mode it has.
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                    raise
                if time.monotonic() >= deadline:
                    raise
            time.sleep(_WAL_RETRY_S)


def _begin(connection: Connection) -> None:
    # IMMEDIATE takes the write lock before anything is read, so what a writer read stays true
    # until it commits, and a second writer waits instead of failing half-way.
    is_writer = connection.get_execution_options().get("crampdetect_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writer else "BEGIN")


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction that writes: committed at the end, or undone as a whole."""
    with engine.execution_options(crampdetect_writes=True).begin() as connection:
        yield connection
