"""Queries of the log: from its tables to frozen rows."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from crampdetect.records import (
    EpisodeRecord,
    MinuteRecord,
    Quality,
    RecordingRecord,
    RunRecord,
    SignalRecord,
)
from crampdetect.storage.log_rows import EpisodeRow, NightRow, RunRow, local_time, night_of
from crampdetect.storage.log_schema import (
    QUALITY_COLUMNS,
    episode,
    minute,
    recording,
    run,
    signal,
)

__all__ = ["read_episodes", "read_minutes", "read_nights", "read_runs"]

_Signals = dict[int, tuple[SignalRecord, ...]]
#: Both tables have a column `id`: the run's is told apart by its label.
_RUN_COLUMNS = (run.c.id.label("run_id"), *(column for column in run.c if column is not run.c.id))


def read_nights(connection: Connection) -> list[NightRow]:
    """Every recording with its current run, oldest first, those without a start last."""
    query = _recordings_with_runs().where(run.c.is_current)
    signals = _signals(connection)
    return [
        NightRow(night_of(record.start, record.start_local, record.timezone), record, _run(row))
        for row in connection.execute(query)
        for record in (_recording(row, signals),)
    ]


def read_runs(connection: Connection, recording_id: str | None) -> list[RunRow]:
    """Runs in the order they were added, of one recording or of all."""
    query = select(*_RUN_COLUMNS).order_by(run.c.id)
    if recording_id is not None:
        query = query.where(run.c.recording_id == recording_id)
    return [_run(row) for row in connection.execute(query)]


def read_minutes(connection: Connection, run_id: int) -> list[MinuteRecord]:
    """Quality by minute of one run."""
    query = select(minute).where(minute.c.run_id == run_id).order_by(minute.c.minute)
    return [MinuteRecord(row.minute, _quality(row)) for row in connection.execute(query)]


def read_episodes(
    connection: Connection, kinds: Iterable[str] | None, current_only: bool
) -> Iterator[EpisodeRow]:
    """Episodes of the chosen kinds by recording, run and onset."""
    runs = _recordings_with_runs()
    if current_only:
        runs = runs.where(run.c.is_current)
    signals = _signals(connection)
    by_run: dict[int, list[Row[Any]]] = {}
    chosen = select(episode).order_by(episode.c.onset_s, episode.c.id)
    if kinds is not None:
        chosen = chosen.where(episode.c.kind.in_(list(kinds)))
    for row in connection.execute(chosen):
        by_run.setdefault(row.run_id, []).append(row)
    for row in connection.execute(runs):
        record, found_by = _recording(row, signals), _run(row)
        night = night_of(record.start, record.start_local, record.timezone)
        for found in by_run.get(found_by.run_id, ()):
            yield EpisodeRow(
                night,
                record,
                found_by.run_id,
                found_by.run,
                found_by.is_current,
                found_by.quality.valid_s,
                _episode(found, record),
            )


def _recordings_with_runs() -> Select[Any]:
    return (
        select(recording, *_RUN_COLUMNS)
        .join(run, run.c.recording_id == recording.c.id)
        # Portable "nulls last": MySQL has no such words.
        .order_by(
            recording.c.start_utc.is_(None),
            recording.c.start_utc,
            recording.c.start_local,
            recording.c.id,
            run.c.id,
        )
    )


def _signals(connection: Connection) -> _Signals:
    found: dict[int, list[SignalRecord]] = {}
    for row in connection.execute(select(signal).order_by(signal.c.run_id, signal.c.position)):
        found.setdefault(row.run_id, []).append(
            SignalRecord(
                row.stream,
                tuple(row.channels),
                row.sampling_frequency,
                row.sampling_frequency_exact,
                row.unit,
                row.capability,
                tuple(row.notes),
            )
        )
    return {run_id: tuple(records) for run_id, records in found.items()}


def _recording(row: Row[Any], signals: _Signals) -> RecordingRecord:
    start = row.start_utc
    return RecordingRecord(
        id=row.id,
        content_hash=row.content_hash,
        path=row.path,
        format=row.format,
        start=None if start is None else local_time(start, row.timezone),
        start_local=row.start_local,
        timezone=row.timezone,
        duration_s=row.duration_s,
        signals=signals.get(row.run_id, ()),
        participant=row.participant_id,
        side=row.side,
        muscle=row.muscle,
        electrode_site=row.electrode_site,
    )


def _run(row: Row[Any]) -> RunRow:
    return RunRow(
        run_id=row.run_id,
        recording_id=row.recording_id,
        run=RunRecord(row.version, row.model, row.profile, row.config_hash),
        repeat=row.repeat,
        created_at=row.created_at,
        is_current=row.is_current,
        pinned=row.pinned,
        cramps=row.cramps,
        unsure=row.unsure,
        quality=_quality(row),
    )


def _quality(row: Row[Any]) -> Quality:
    return Quality(*(row._mapping[name] for name in QUALITY_COLUMNS))


def _episode(row: Row[Any], record: RecordingRecord) -> EpisodeRecord:
    onset = None if row.onset_utc is None else local_time(row.onset_utc, record.timezone)
    if onset is None and record.start is not None:
        # The start became known after this run was added.
        onset = record.start + timedelta(seconds=row.onset_s)
    return EpisodeRecord(
        id=row.id,
        kind=row.kind,
        onset_s=row.onset_s,
        duration_s=row.duration_s,
        onset=onset,
        probability=row.probability,
        reasons=tuple(row.reasons),
        measures=row.measures,
        channel=row.channel,
        alerted=row.alerted,
    )
