"""Bringing an older log to the present schema. The only module that imports Alembic."""

import os
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection

from crampdetect.errors import LogError
from crampdetect.storage.log_engine import connect, log_name, parsed_url, writing
from crampdetect.storage.log_errors import database_errors
from crampdetect.storage.log_location import create_private_file, sqlite_file
from crampdetect.storage.log_schema import REVISIONS
from crampdetect.storage.log_version import refuse_foreign, stored_revision

__all__ = ["MIGRATIONS", "upgrade"]

#: Folder of Alembic's environment.
MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(location: str, busy_timeout_s: float) -> Path | None:
    """Run the migrations that the log at `location` still lacks, in one transaction.

    Parameters
    ----------
    location : str
        A SQLAlchemy URL.
    busy_timeout_s : float
        Seconds that SQLite waits for another program.

    Returns
    -------
    Path or None
        Copy of the SQLite file as it was before, mode 0600; None when there was nothing to do or
        nothing to lose, or for other databases.

    Raises
    ------
    LogError
        If the log is of a newer program, or cannot be read or written; it is unchanged then.
    """
    url = parsed_url(location)
    name = log_name(url)
    engine = connect(url, busy_timeout_s)
    path = sqlite_file(location)
    if path is not None and not url.query:
        create_private_file(path)
    try:
        with database_errors(name, busy_timeout_s):
            with engine.connect() as connection:
                has_table, revision = stored_revision(connection)
            if revision == REVISIONS[-1]:
                return None
            if revision is not None and revision not in REVISIONS:
                raise LogError(
                    f"{name}: the episode log has the layout {revision!r} of a newer crampdetect; "
                    f"expected at most {REVISIONS[-1]}, update crampdetect instead"
                )
            if not has_table:
                refuse_foreign(engine, name)
            backup = _back_up(path, revision) if path is not None and has_table else None
            with writing(engine) as connection:
                _migrate(connection, name)
            return backup
    finally:
        engine.dispose()


def _migrate(connection: Connection, name: str) -> None:
    config = Config()
    # Alembic expands %(...)s in its options.
    folder = str(MIGRATIONS).replace("%", "%%")
    config.set_main_option("script_location", folder)
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise LogError(f"{name}: the episode log cannot be upgraded: {error}") from error


def _back_up(path: Path, revision: str | None) -> Path:
    """Copy through SQLite's own backup: a plain copy would miss what is in the ``-wal`` file."""
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    backup = path.with_name(f"{path.name}.{revision or 'none'}-{stamp}.bak")
    try:
        os.close(os.open(backup, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except OSError as error:
        raise LogError(
            f"{backup}: the backup before the upgrade cannot be written ({error.strerror}); "
            "the log is unchanged, expected a folder that can be written"
        ) from error
    source = sqlite3.connect(path)
    target = sqlite3.connect(backup)
    try:
        source.backup(target)
    finally:
        target.close()
        source.close()
    return backup
