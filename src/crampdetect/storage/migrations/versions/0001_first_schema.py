"""The first schema: participants, recordings, runs, minutes and episodes.

Revision 0001. Types are spelled out instead of taken from ``log_schema``: a migration stays what it
was when that module moves on.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def _quality_columns() -> list[sa.Column[float]]:
    names = ("valid_s", "gap_s", "lead_off_s", "mains_s", "clipped_s", "warm_up_s")
    return [sa.Column(name, sa.Double(), nullable=False) for name in names]


def upgrade() -> None:
    """Create every table."""
    _create_recording()
    _create_run()
    _create_details()


def _create_recording() -> None:
    op.create_table(
        "participant",
        sa.Column("id", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_participant"),
    )
    op.create_table(
        "recording",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("format", sa.String(64), nullable=False),
        sa.Column("start_utc", sa.DateTime(timezone=True)),
        sa.Column("start_local", sa.DateTime()),
        sa.Column("timezone", sa.String(64)),
        sa.Column("duration_s", sa.Double(), nullable=False),
        sa.Column("side", sa.String(16)),
        sa.Column("muscle", sa.String(64)),
        sa.Column("electrode_site", sa.String(255)),
        sa.Column("participant_id", sa.String(64)),
        sa.PrimaryKeyConstraint("id", name="pk_recording"),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name="fk_recording_participant_id"
        ),
    )
    for column in ("content_hash", "participant_id", "start_utc"):
        op.create_index(f"ix_recording_{column}", "recording", [column])


def _create_run() -> None:
    detector = ("recording_id", "version", "model", "profile", "config_hash", "repeat")
    op.create_table(
        "run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recording_id", sa.String(64), nullable=False),
        sa.Column("version", sa.String(64), nullable=False),
        sa.Column("model", sa.String(128), nullable=False),
        sa.Column("profile", sa.String(64), nullable=False),
        sa.Column("config_hash", sa.String(64), nullable=False),
        sa.Column("repeat", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.Column("pinned", sa.Boolean(), nullable=False),
        sa.Column("cramps", sa.Integer(), nullable=False),
        sa.Column("unsure", sa.Integer(), nullable=False),
        *_quality_columns(),
        sa.PrimaryKeyConstraint("id", name="pk_run"),
        sa.UniqueConstraint(*detector, name="uq_run_recording_id"),
        sa.ForeignKeyConstraint(["recording_id"], ["recording.id"], name="fk_run_recording_id"),
    )
    if op.get_bind().dialect.name in ("sqlite", "postgresql"):
        op.create_index(
            "uq_run_current",
            "run",
            ["recording_id"],
            unique=True,
            sqlite_where=sa.text("is_current"),
            postgresql_where=sa.text("is_current"),
        )


def _create_details() -> None:
    op.create_table(
        "signal",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("stream", sa.String(16), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("channels", sa.JSON(), nullable=False),
        sa.Column("sampling_frequency", sa.Double(), nullable=False),
        sa.Column("sampling_frequency_exact", sa.String(64), nullable=False),
        sa.Column("unit", sa.String(16), nullable=False),
        sa.Column("capability", sa.String(32), nullable=False),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("run_id", "stream", name="pk_signal"),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_signal_run_id"),
    )
    op.create_table(
        "minute",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("minute", sa.Integer(), autoincrement=False, nullable=False),
        *_quality_columns(),
        sa.PrimaryKeyConstraint("run_id", "minute", name="pk_minute"),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_minute_run_id"),
    )
    op.create_table(
        "episode",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("onset_s", sa.Double(), nullable=False),
        sa.Column("duration_s", sa.Double(), nullable=False),
        sa.Column("onset_utc", sa.DateTime(timezone=True)),
        sa.Column("probability", sa.Double(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("measures", sa.JSON(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("alerted", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("run_id", "id", name="pk_episode"),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_episode_run_id"),
    )
    for column in ("kind", "onset_utc"):
        op.create_index(f"ix_episode_{column}", "episode", [column])


def downgrade() -> None:
    """Drop every table, and with them the log."""
    for table in ("episode", "minute", "signal", "run", "recording", "participant"):
        op.drop_table(table)
