"""The episode log: every run of every recording, its valid time and its episodes.

``open_log`` is the way in. Detections are added, never changed or deleted.
"""

from pathlib import Path

from crampdetect.storage.log_access import EpisodeLog
from crampdetect.storage.log_engine import BUSY_TIMEOUT_S, connect, log_name, parsed_url
from crampdetect.storage.log_errors import database_errors
from crampdetect.storage.log_location import create_private_file, log_location, sqlite_file
from crampdetect.storage.log_rows import Added, EpisodeRow, NightRow, RunRow
from crampdetect.storage.log_version import ensure_schema

__all__ = [
    "Added",
    "EpisodeLog",
    "EpisodeRow",
    "NightRow",
    "RunRow",
    "open_log",
    "upgrade_log",
]


def open_log(url: str | None = None, *, busy_timeout_s: float = BUSY_TIMEOUT_S) -> EpisodeLog:
    """Open the episode log, creating it when the database is new and empty.

    Parameters
    ----------
    url : str or None
        A path, or any SQLAlchemy URL; None means ``CRAMPDETECT_LOG`` or the user's data directory.
    busy_timeout_s : float
        Seconds that SQLite waits for another program.

    Returns
    -------
    EpisodeLog
        To be closed, or used in a ``with`` statement.

    Raises
    ------
    LogError
        If it is no episode log, of another schema version, locked, or cannot be read.
    ValueError
        If `url` can be read neither as a path nor as a URL of a known database.

    Examples
    --------
    >>> with open_log("sqlite://") as log:
    ...     log.nights()
    []
    """
    location = log_location(url)
    parsed = parsed_url(location)
    engine = connect(parsed, busy_timeout_s)
    path = sqlite_file(location)
    if path is not None and not parsed.query:
        create_private_file(path)
    name = log_name(parsed)
    try:
        with database_errors(name, busy_timeout_s):
            ensure_schema(engine, name)
    except BaseException:
        engine.dispose()
        raise
    return EpisodeLog(engine, name, busy_timeout_s)


def upgrade_log(url: str | None = None) -> Path | None:
    """Bring an older log to this program's schema; see :mod:`crampdetect.storage.log_upgrade`.

    Returns
    -------
    Path or None
        The backup made of a SQLite file; None when nothing had to be done or for other databases.
    """
    # Alembic costs start-up time, and only this needs it.
    from crampdetect.storage.log_upgrade import upgrade

    return upgrade(log_location(url), BUSY_TIMEOUT_S)
