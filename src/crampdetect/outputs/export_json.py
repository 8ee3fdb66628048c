"""The episode log as one JSON document: recordings, runs, episodes."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from crampdetect.outputs.export_csv import export_target
from crampdetect.outputs.replay_document import iso_time, utc_time
from crampdetect.records import RecordingRecord
from crampdetect.storage.log_rows import EpisodeRow, RunRow, Span

if TYPE_CHECKING:
    from crampdetect.storage.log_access import EpisodeLog

__all__ = ["SCHEMA", "export_json"]

#: Of this document's fields.
SCHEMA = 1


def export_json(
    log: "EpisodeLog",
    target: Path | TextIO,
    *,
    since: Span | None = None,
    until: Span | None = None,
    kinds: Sequence[str] | None = None,
    current_only: bool = True,
) -> None:
    """Write one document with the keys ``schema``, ``recordings``, ``runs`` and ``episodes``.

    Parameters
    ----------
    log : EpisodeLog
    target : Path or text stream
        A file is written whole or not at all, mode 0600.
    since, until : date, aware datetime or None
        As for ``log.episodes``; recordings and runs are those of the nights in between and of the
        episodes written.
    kinds : sequence of str or None
        Of the episodes; None means every kind.
    current_only : bool
        Leave out runs that another has replaced, and their episodes.

    Raises
    ------
    LogError
        If the log cannot be read or the file not written.
    """
    # Nothing is ever removed from the log, so whatever is added meanwhile, episodes read first
    # find their run and recording afterwards.
    episodes = log.episodes(since, until, kinds, current_only)
    nights = log.nights(since=since, until=until)
    records = {row.recording.id: row.recording for row in episodes}
    records.update({row.recording.id: row.recording for row in nights})
    written = {row.run_id for row in episodes}
    runs = [
        row
        for row in log.runs()
        if row.recording_id in records
        and (row.is_current or row.run_id in written or not current_only)
    ]
    document = {
        "schema": SCHEMA,
        "recordings": [_recording(record) for record in records.values()],
        "runs": [_run(row) for row in runs],
        "episodes": [_episode(row) for row in episodes],
    }
    text = json.dumps(document, indent=2, allow_nan=False) + "\n"
    with export_target(target) as stream:
        stream.write(text)


def _recording(record: RecordingRecord) -> dict[str, object]:
    return {
        **asdict(record),
        "start": iso_time(record.start),
        "start_utc": utc_time(record.start),
        "start_local": iso_time(record.start_local),
    }


def _run(row: RunRow) -> dict[str, object]:
    return {
        "run_id": row.run_id,
        "recording_id": row.recording_id,
        **asdict(row.run),
        "repeat": row.repeat,
        "created_at": utc_time(row.created_at),
        "is_current": row.is_current,
        "pinned": row.pinned,
        "cramps": row.cramps,
        "unsure": row.unsure,
        "quality": asdict(row.quality),
    }


def _episode(row: EpisodeRow) -> dict[str, object]:
    return {
        "night": None if row.night is None else row.night.isoformat(),
        "recording_id": row.recording.id,
        "run_id": row.run_id,
        **asdict(row.episode),
        "onset": iso_time(row.episode.onset),
        "onset_utc": utc_time(row.episode.onset),
    }
