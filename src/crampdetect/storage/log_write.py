"""Adding one replay to the log, in one transaction."""

from datetime import UTC, datetime
from typing import Any, cast

from sqlalchemy import Connection, Row, insert, select, update
from sqlalchemy.exc import IntegrityError

from crampdetect.records import RecordingRecord, Replay, RunRecord
from crampdetect.storage.log_errors import OtherLegError
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

#: What a person says beside the file: the column, and its name to people. (A side that differs
#: is refused.)
_OF_THE_WEARER = {
    "timezone": "time zone",
    "participant_id": "participant",
    "muscle": "muscle",
    "electrode_site": "electrode site",
}


def add_replay(connection: Connection, replay: Replay, *, again: bool) -> Added:
    """Write `replay` unless the same detector's result is there (or `again` asks for another)."""
    _lock_recording(connection, replay.recording)
    _refuse_other_leg(connection, replay.recording)
    repeats = _same_runs(connection, replay)
    current = connection.execute(
        select(run).where(run.c.recording_id == replay.recording.id, run.c.is_current)
    ).one_or_none()
    if repeats and not again:
        kept = _fill_unknown(connection, replay.recording)
        run_id = repeats[-1].id
        other = None if current is None or current.id == run_id else _run_record(current)
        return Added(run_id, is_new=False, current=other, kept=kept)
    _restate(connection, replay.recording)
    becomes_current = current is None or not current.pinned
    if current is not None and becomes_current:
        connection.execute(update(run).where(run.c.id == current.id).values(is_current=False))
    repeat = repeats[-1].repeat + 1 if repeats else 0
    run_id = _insert_run(connection, replay, repeat, becomes_current)
    _insert_rows(connection, replay, run_id)
    other = None if current is None else _run_record(current)
    if becomes_current:
        return Added(run_id, is_new=True, replaced=other)
    return Added(run_id, is_new=True, current=other)


def _lock_recording(connection: Connection, record: RecordingRecord) -> None:
    """Have the recording's row and its lock, so that two programs add to it one after another."""
    mine = select(recording.c.id).where(recording.c.id == record.id).with_for_update()
    if connection.execute(mine).first() is not None:
        return
    _ensure_participant(connection, record.participant)
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


def _refuse_other_leg(connection: Connection, record: RecordingRecord) -> None:
    """A recording is of one leg; episodes of both under one name could not be told apart."""
    known = connection.scalar(select(recording.c.side).where(recording.c.id == record.id))
    if known is not None and record.side not in (None, known):
        raise OtherLegError(
            f"{record.path}: the log holds this recording as of the {known} leg and a recording "
            f"in a log is one leg; expected the side {known}, or another --log for the "
            f"{record.side} leg"
        )


def _run_record(row: Row[Any]) -> RunRecord:
    return RunRecord(row.version, row.model, row.profile, row.config_hash)


def _same_runs(connection: Connection, replay: Replay) -> list[Row[tuple[int, int]]]:
    query = select(run.c.id, run.c.repeat).where(
        run.c.recording_id == replay.recording.id,
        run.c.version == replay.run.version,
        run.c.model == replay.run.model,
        run.c.profile == replay.run.profile,
        run.c.config_hash == replay.run.config_hash,
    )
    return list(connection.execute(query.order_by(run.c.repeat)))


def _fill_unknown(connection: Connection, record: RecordingRecord) -> tuple[tuple[str, str], ...]:
    """A repeated replay may tell what nobody knew (a zone, a side); it changes nothing known.

    What is known otherwise than the replay says is returned, by name.
    """
    known = connection.execute(select(recording).where(recording.c.id == record.id)).one()._mapping
    told = {k: v for k, v in recording_values(record).items() if v is not None}
    values = {name: value for name, value in told.items() if known[name] is None}
    if "participant_id" in values:
        _ensure_participant(connection, record.participant)
    if values:
        connection.execute(update(recording).where(recording.c.id == record.id).values(**values))
    return tuple(
        (name, str(known[column]))
        for column, name in _OF_THE_WEARER.items()
        if column in told and known[column] not in (None, told[column])
    )


def _restate(connection: Connection, record: RecordingRecord) -> None:
    """A new run describes the recording anew; what it does not know stays as it was."""
    _ensure_participant(connection, record.participant)
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
