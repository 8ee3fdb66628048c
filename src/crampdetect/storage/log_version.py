"""Which schema a database holds, and the creation of a new log. Does not import Alembic."""

from sqlalchemy import Connection, Engine, inspect, select
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError

from crampdetect.errors import LogError
from crampdetect.storage.log_engine import writing
from crampdetect.storage.log_schema import REVISIONS, metadata, schema_version

__all__ = ["ensure_schema", "refuse_foreign", "stored_revision"]

_NO_TABLE = ("no such table", "does not exist", "doesn't exist", "undefined")


def ensure_schema(engine: Engine, name: str) -> None:
    """Check the schema with one SELECT; create the tables of an empty database.

    Raises
    ------
    LogError
        If the database is of an older or newer program, or of another one.
    """
    with engine.connect() as connection:
        has_table, revision = stored_revision(connection)
    if not has_table:
        _create(engine, name)
        return
    if revision == REVISIONS[-1]:
        return
    if revision is None or revision in REVISIONS:
        raise LogError(
            f"{name}: the episode log has an older layout ({revision or 'none'}); expected "
            f"{REVISIONS[-1]}, run `crampdetect log upgrade` once"
        )
    raise LogError(
        f"{name}: the episode log has the layout {revision!r} of a newer crampdetect; expected "
        f"{REVISIONS[-1]}, update crampdetect to read it"
    )


def stored_revision(connection: Connection) -> tuple[bool, str | None]:
    """Whether the database has a version table, and the revision in it."""
    try:
        return True, connection.scalar(select(schema_version.c.version_num))
    except (OperationalError, ProgrammingError) as error:
        if not any(words in str(error.orig).lower() for words in _NO_TABLE):
            raise
        connection.rollback()
    return False, None


def refuse_foreign(database: Engine | Connection, name: str) -> None:
    """Refuse a database without a version table that is not empty."""
    tables = inspect(database).get_table_names()
    if tables:
        raise LogError(
            f"{name}: the database holds {', '.join(sorted(tables)[:3])} and no episode log; "
            "expected an episode log of crampdetect or an empty database"
        )


def _create(engine: Engine, name: str) -> None:
    try:
        with writing(engine) as connection:
            if inspect(connection).has_table(schema_version.name):
                return  # Another program created the log while this one waited for the lock.
            refuse_foreign(connection, name)
            schema_version.create(connection)
            metadata.create_all(connection, checkfirst=False)
            connection.execute(schema_version.insert().values(version_num=REVISIONS[-1]))
    except DBAPIError:
        # Where a writer does not lock the whole database (PostgreSQL), two programs may create
        # the tables at once: one fails, and finds them there.
        with engine.connect() as connection:
            has_table, _ = stored_revision(connection)
        if not has_table:
            raise
