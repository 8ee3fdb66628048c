"""Adding one replay to the log, in one transaction."""

from datetime import UTC, datetime
from typing import cast

from sqlalchemy import Connection, Row, insert, select, update
from sqlalchemy.exc import IntegrityError

from crampdetect.records import RecordingRecord, Replay
from crampdetect.storage.log_rows import Added
from crampdetect.storage.log_schema import episode, minute, participant, recording, run, signal
from crampdetect.storage.log_values import (
    episode_rows,
    minute_rows,
    quality_values,
    recording_values,
    signal_rows,
    storable,
)

__all__ = ["add_replay"]


def add_replay(connection: Connection, replay: Replay, *, again: bool) -> Added:
    """Write `replay` unless the same detector's result is there (or `again` asks for another)."""
    _lock_recording(connection, replay.recording)
    repeats = _same_runs(connection, replay)
    if repeats and not again:
        _fill_unknown(connection, replay.recording)
        return Added(repeats[-1].id, is_new=False, replaced_current=False)
    _restate(connection, replay.recording)
    current = connection.execute(
        select(run.c.id, run.c.pinned).where(
            run.c.recording_id == replay.recording.id, run.c.is_current
        )
    ).one_or_none()
    becomes_current = current is None or not current.pinned
    if current is not None and becomes_current:
        connection.execute(update(run).where(run.c.id == current.id).values(is_current=False))
    repeat = repeats[-1].repeat + 1 if repeats else 0
    run_id = _insert_run(connection, replay, repeat, becomes_current)
    _insert_rows(connection, replay, run_id)
    return Added(run_id, is_new=True, replaced_current=current is not None and becomes_current)


def _lock_recording(connection: Connection, record: RecordingRecord) -> None:
    """Have the recording's row and its lock, so that two programs add to it one after another."""
    _ensure_participant(connection, record.participant)
    mine = select(recording.c.id).where(recording.c.id == record.id).with_for_update()
    if connection.execute(mine).first() is not None:
        return
    try:
        with connection.begin_nested():
            connection.execute(insert(recording).values(id=record.id, **recording_values(record)))
    except IntegrityError:
        # Another program inserted it since (SQLite locks the database, PostgreSQL does not).
        connection.execute(mine)


def _ensure_participant(connection: Connection, identifier: str | None) -> None:
    if identifier is None:
        return
    wanted = select(participant.c.id).where(participant.c.id == storable(identifier))
    if connection.execute(wanted).first() is not None:
        return
    try:
        with connection.begin_nested():
            connection.execute(insert(participant).values(id=storable(identifier)))
    except IntegrityError:
        if connection.execute(wanted).first() is None:
            raise


def _same_runs(connection: Connection, replay: Replay) -> list[Row[tuple[int, int]]]:
    query = select(run.c.id, run.c.repeat).where(
        run.c.recording_id == replay.recording.id,
        run.c.version == replay.run.version,
        run.c.model == replay.run.model,
        run.c.profile == replay.run.profile,
        run.c.config_hash == replay.run.config_hash,
    )
    return list(connection.execute(query.order_by(run.c.repeat)))


def _fill_unknown(connection: Connection, record: RecordingRecord) -> None:
    """A repeated replay may tell what nobody knew (a zone, a side); it changes nothing known."""
    known = connection.execute(select(recording).where(recording.c.id == record.id)).one()._mapping
    values = {
        name: value
        for name, value in recording_values(record).items()
        if value is not None and known[name] is None
    }
    if values:
        connection.execute(update(recording).where(recording.c.id == record.id).values(**values))


def _restate(connection: Connection, record: RecordingRecord) -> None:
    """A new run describes the recording anew; what it does not know stays as it was."""
    values = {k: v for k, v in recording_values(record).items() if v is not None}
    connection.execute(update(recording).where(recording.c.id == record.id).values(**values))


def _insert_run(connection: Connection, replay: Replay, repeat: int, is_current: bool) -> int:
    count = [found.kind for found in replay.episodes].count
    values = {
        "recording_id": replay.recording.id,
        "version": replay.run.version,
        "model": replay.run.model,
        "profile": replay.run.profile,
        "config_hash": replay.run.config_hash,
        "repeat": repeat,
        "created_at": datetime.now(UTC),
        "is_current": is_current,
        "pinned": False,
        "cramps": count("cramp"),
        "unsure": count("unsure"),
    }
    result = connection.execute(insert(run).values(**values, **quality_values(replay.quality)))
    # "Or None" in its type is for inserts of many rows.
    return cast("tuple[int]", result.inserted_primary_key)[0]


def _insert_rows(connection: Connection, replay: Replay, run_id: int) -> None:
    for table, rows in (
        (signal, signal_rows(replay, run_id)),
        (minute, minute_rows(replay, run_id)),
        (episode, episode_rows(replay, run_id)),
    ):
        # An empty list would insert one row of defaults.
        if rows:
            connection.execute(insert(table), rows)
