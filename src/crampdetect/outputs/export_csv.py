"""The episode log as CSV: one row an episode, or one row a night.

Cells that a spreadsheet would take for a formula are made text (OWASP, "CSV Injection").
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from crampdetect.analysis.counts import counts_of
from crampdetect.errors import LogError
from crampdetect.outputs.replay_document import iso_time, utc_time
from crampdetect.storage.log_rows import EpisodeRow, NightRow
from crampdetect.storage.whole_file import whole_file

__all__ = ["EPISODE_COLUMNS", "NIGHT_COLUMNS", "episodes_csv", "export_target", "nights_csv"]

EPISODE_COLUMNS = (
    "night", "recording", "participant", "side", "muscle", "valid_hours", "kind", "onset",
    "onset_utc", "onset_s", "duration_s", "probability", "reasons", "channel", "alerted",
    "version", "model", "profile", "config_hash", "episode", "path",
)  # fmt: skip
NIGHT_COLUMNS = (
    "night", "recording", "participant", "side", "muscle", "electrode_site", "start", "start_utc",
    "recorded_hours", "valid_hours", "status", "cramps", "unsure", "cramps_per_valid_hour",
    "version", "model", "profile", "config_hash", "path",
)  # fmt: skip

Cell = str | int | float | None

#: First characters that make a cell a formula, or hide one.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_PLAIN_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?")


def episodes_csv(rows: Iterable[EpisodeRow], target: Path | TextIO) -> None:
    """Write one line an episode.

    Parameters
    ----------
    rows : iterable of EpisodeRow
        From ``log.episodes(...)``.
    target : Path or text stream
        A file is written whole or not at all, mode 0600, UTF-8.

    Raises
    ------
    LogError
        If the file cannot be written.
    """
    _write(EPISODE_COLUMNS, (_episode_cells(row) for row in rows), target)


def nights_csv(rows: Iterable[NightRow], target: Path | TextIO) -> None:
    """Write one line a night, from ``log.nights(...)``; the rest as :func:`episodes_csv`."""
    _write(NIGHT_COLUMNS, (_night_cells(row) for row in rows), target)


@contextmanager
def export_target(target: Path | TextIO) -> Iterator[TextIO]:
    """A stream to write to: `target` itself, or a new file that takes its name when complete.

    Raises
    ------
    LogError
        If the file cannot be written; what was there before stays.
    """
    if not isinstance(target, Path):
        yield target
        return
    try:
        with whole_file(target) as file:
            stream = io.TextIOWrapper(file, encoding="utf-8", newline="")
            try:
                yield stream
            finally:
                # Flushes, and leaves the file to whole_file, which syncs and renames it.
                stream.detach()
    except OSError as error:
        raise LogError(
            f"{target}: the export cannot be written ({error.strerror or error}); "
            "expected a file name in a folder with free space"
        ) from error


def _write(columns: Sequence[str], lines: Iterable[Sequence[Cell]], target: Path | TextIO) -> None:
    with export_target(target) as stream:
        # Every text is quoted: Python 3.11 leaves a lone carriage return bare, which a spreadsheet
        # takes for the end of the line, and what follows for a new cell.
        writer = csv.writer(stream, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)
        writer.writerow(columns)
        for line in lines:
            writer.writerow([_harmless(cell) for cell in line])


def _harmless(cell: Cell) -> Cell:
    if isinstance(cell, str) and cell.startswith(_FORMULA_STARTS):
        return cell if _PLAIN_NUMBER.fullmatch(cell) else f"'{cell}"
    return cell


def _episode_cells(row: EpisodeRow) -> list[Cell]:
    found, recording = row.episode, row.recording
    return [
        None if row.night is None else row.night.isoformat(),
        recording.id,
        recording.participant,
        recording.side,
        recording.muscle,
        round(row.valid_s / 3600, 3),
        found.kind,
        iso_time(found.onset),
        utc_time(found.onset),
        found.onset_s,
        found.duration_s,
        found.probability,
        "; ".join(found.reasons),
        found.channel,
        "yes" if found.alerted else "no",
        row.run.version,
        row.run.model,
        row.run.profile,
        row.run.config_hash,
        found.id,
        recording.path,
    ]


def _night_cells(row: NightRow) -> list[Cell]:
    recording, tally = row.recording, counts_of(row)
    rate = tally.per_valid_hour
    return [
        None if row.night is None else row.night.isoformat(),
        recording.id,
        recording.participant,
        recording.side,
        recording.muscle,
        recording.electrode_site,
        iso_time(recording.start or recording.start_local),
        utc_time(recording.start),
        round(recording.duration_s / 3600, 3),
        round(row.quality.valid_s / 3600, 3),
        tally.status,
        tally.cramps,
        tally.unsure,
        None if rate is None else round(rate, 4),
        row.run.run.version,
        row.run.run.model,
        row.run.run.profile,
        row.run.run.config_hash,
        recording.path,
    ]
