"""Tables of the episode log.

The migrations build the same tables step by step; a test proves that both ways agree. Change a
table here and add a migration, and its name to ``REVISIONS``, in the same commit.
"""

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    DateTime,
    Double,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    event,
    text,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

__all__ = [
    "QUALITY_COLUMNS",
    "REVISIONS",
    "UtcDateTime",
    "episode",
    "metadata",
    "minute",
    "participant",
    "recording",
    "run",
    "schema_version",
    "signal",
]

#: Every schema there has been, oldest first; the last is the one this program reads and writes.
REVISIONS = ("0001",)

#: The fields of :class:`crampdetect.records.Quality`, one column each.
QUALITY_COLUMNS = ("valid_s", "gap_s", "lead_off_s", "mains_s", "clipped_s", "warm_up_s")


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime kept as UTC: SQLite and MySQL drop the zone, so it must be a known one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware datetime to UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value.isoformat()} has no time zone; expected an aware datetime")
        utc = value.astimezone(UTC)
        return utc if dialect.name == "postgresql" else utc.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """UTC as stored to an aware datetime."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)


def _quality_columns() -> list[Column[float]]:
    return [Column(name, Double, nullable=False) for name in QUALITY_COLUMNS]


participant = Table("participant", metadata, Column("id", String(64), primary_key=True))

recording = Table(
    "recording",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("content_hash", String(64), nullable=False, index=True),
    Column("path", Text, nullable=False),
    Column("format", String(64), nullable=False),
    Column("start_utc", UtcDateTime, index=True),
    Column("start_local", DateTime),
    Column("timezone", String(64)),
    Column("duration_s", Double, nullable=False),
    Column("side", String(16)),
    Column("muscle", String(64)),
    Column("electrode_site", String(255)),
    Column("participant_id", ForeignKey(participant.c.id), index=True),
)

run = Table(
    "run",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("recording_id", ForeignKey(recording.c.id), nullable=False),
    Column("version", String(64), nullable=False),
    Column("model", String(128), nullable=False),
    Column("profile", String(64), nullable=False),
    Column("config_hash", String(64), nullable=False),
    Column("repeat", Integer, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("is_current", Boolean, nullable=False),
    Column("pinned", Boolean, nullable=False),
    Column("cramps", Integer, nullable=False),
    Column("unsure", Integer, nullable=False),
    *_quality_columns(),
    # The database itself refuses the same result twice, whatever two programs do at once.
    UniqueConstraint("recording_id", "version", "model", "profile", "config_hash", "repeat"),
)

# At most one current run a recording. PostgreSQL's is spelled out: the keyword postgresql_where
# would import that whole dialect (40 ms) for everybody. MySQL has no partial index; there only the
# program's transaction sees to it.
Index("uq_run_current", run.c.recording_id, unique=True, sqlite_where=text("is_current")).ddl_if(
    dialect="sqlite"
)


@event.listens_for(run, "after_create")
def _one_current_run(_: Table, connection: Connection, **__: object) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(
            text("CREATE UNIQUE INDEX uq_run_current ON run (recording_id) WHERE is_current")
        )


#: A stream as this run used it: another choice of channels is another run.
signal = Table(
    "signal",
    metadata,
    Column("run_id", ForeignKey(run.c.id), primary_key=True),
    Column("stream", String(16), primary_key=True),
    Column("position", Integer, nullable=False),
    Column("channels", JSON, nullable=False),
    Column("sampling_frequency", Double, nullable=False),
    Column("sampling_frequency_exact", String(64), nullable=False),
    Column("unit", String(16), nullable=False),
    Column("capability", String(32), nullable=False),
    Column("notes", JSON, nullable=False),
)

minute = Table(
    "minute",
    metadata,
    Column("run_id", ForeignKey(run.c.id), primary_key=True),
    Column("minute", Integer, primary_key=True, autoincrement=False),
    *_quality_columns(),
)

episode = Table(
    "episode",
    metadata,
    Column("run_id", ForeignKey(run.c.id), primary_key=True),
    Column("id", String(64), primary_key=True),
    Column("kind", String(32), nullable=False, index=True),
    Column("onset_s", Double, nullable=False),
    Column("duration_s", Double, nullable=False),
    Column("onset_utc", UtcDateTime, index=True),
    Column("probability", Double, nullable=False),
    Column("reasons", JSON, nullable=False),
    Column("measures", JSON, nullable=False),
    Column("channel", Text, nullable=False),
    Column("alerted", Boolean, nullable=False),
)

#: Alembic's own table, written here when a new log is created without Alembic.
schema_version = Table(
    "alembic_version",
    MetaData(),
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)
