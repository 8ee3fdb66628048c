"""Rows of the log as cells of a table."""

from pathlib import PurePath

from crampdetect.analysis.counts import counts_of
from crampdetect.outputs.clock_times import Clock, length
from crampdetect.outputs.night_text import STATUS_WORDS
from crampdetect.storage.log_rows import EpisodeRow, NightRow

__all__ = [
    "EPISODE_HEAD",
    "EPISODE_RIGHT",
    "NIGHT_HEAD",
    "NIGHT_RIGHT",
    "episode_cells",
    "night_cells",
]

NIGHT_HEAD = ("night", "recording", "valid", "of", "cramps", "unsure", "per hour", "status")
NIGHT_RIGHT = frozenset({2, 3, 4, 5, 6})
EPISODE_HEAD = ("night", "time", "kind", "duration", "p", "recording", "why")
EPISODE_RIGHT = frozenset({3, 4})


def night_cells(row: NightRow) -> tuple[str, ...]:
    """The cells of one night."""
    counted = counts_of(row)
    rate = "-" if counted.per_valid_hour is None else f"{counted.per_valid_hour:.2f}"
    return (
        _night(row),
        _name(row.recording.path),
        length(row.quality.valid_s),
        length(row.duration_s),
        str(counted.cramps),
        str(counted.unsure),
        rate,
        STATUS_WORDS[counted.status],
    )


def episode_cells(row: EpisodeRow) -> tuple[str, ...]:
    """The cells of one episode."""
    return (
        _night(row),
        Clock.of(row.recording).time(row.episode.onset_s),
        row.episode.kind,
        length(row.episode.duration_s),
        f"{row.episode.probability:.2f}",
        _name(row.recording.path),
        "; ".join(row.episode.reasons),
    )


def _night(row: NightRow | EpisodeRow) -> str:
    return "unknown" if row.night is None else row.night.isoformat()


def _name(path: str) -> str:
    """The file's name; a log may hold paths of another system."""
    return PurePath(path.replace("\\", "/")).name or path
