"""From a replay to the values of the log's rows, and what is refused on the way. Pure."""

import math
from typing import overload

from crampdetect.detection.types import KINDS
from crampdetect.records import EpisodeRecord, Quality, RecordingRecord, Replay

__all__ = [
    "check_replay",
    "episode_rows",
    "minute_rows",
    "quality_values",
    "recording_values",
    "signal_rows",
    "storable",
]

_SIDES = (None, "left", "right")


def check_replay(replay: Replay) -> None:
    """Refuse, before a transaction begins, what would be a wrong row.

    Raises
    ------
    ValueError
        For a kind outside the closed set, an episode id or a minute twice, a side other than left
        or right, a naive time, or a number that is not finite.
    """
    if replay.recording.side not in _SIDES:
        raise ValueError(f"side is {replay.recording.side!r}; expected 'left' or 'right'")
    if len({row.minute for row in replay.minutes}) != len(replay.minutes):
        raise ValueError("a minute occurs twice in the replay; expected one row a minute")
    moments = (replay.recording.start, *(found.onset for found in replay.episodes))
    if any(moment is not None and moment.tzinfo is None for moment in moments):
        raise ValueError("a start or an onset has no time zone; expected aware datetimes or None")
    _check_episodes(replay.episodes)


def _check_episodes(episodes: tuple[EpisodeRecord, ...]) -> None:
    seen: set[str] = set()
    for found in episodes:
        if found.kind not in KINDS:
            raise ValueError(f"episode {found.id} is a {found.kind!r}; expected one of {KINDS}")
        if found.id in seen:
            raise ValueError(f"episode id {found.id} occurs twice; expected one row an episode")
        seen.add(found.id)
        numbers = (found.onset_s, found.duration_s, found.probability, *found.measures.values())
        if not all(math.isfinite(number) for number in numbers):
            raise ValueError(
                f"episode {found.id} holds a number that is not finite; expected a measure that "
                "cannot be computed to be left out"
            )


@overload
def storable(text: str) -> str: ...
@overload
def storable(text: None) -> None: ...
@overload
def storable(text: str | None) -> str | None: ...
def storable(text: str | None) -> str | None:
    r"""Text that every database takes: no lone surrogates (a file name that is not UTF-8), no NUL.

    Examples
    --------
    >>> storable("night\udcff.edf")
    'night\\udcff.edf'
    """
    if text is None:
        return None
    unicode = text.encode("utf-8", "backslashreplace").decode("utf-8")
    return unicode.replace("\0", "\N{REPLACEMENT CHARACTER}")


def recording_values(record: RecordingRecord) -> dict[str, object]:
    """Columns of a recording besides its id."""
    return {
        "content_hash": record.content_hash,
        "path": storable(record.path),
        "format": record.format,
        "start_utc": record.start,
        "start_local": record.start_local,
        "timezone": record.timezone,
        "duration_s": record.duration_s,
        "side": record.side,
        "muscle": storable(record.muscle),
        "electrode_site": storable(record.electrode_site),
        "participant_id": storable(record.participant),
    }


def quality_values(quality: Quality) -> dict[str, float]:
    """The six quality columns, plain floats."""
    return {
        "valid_s": float(quality.valid_s),
        "gap_s": float(quality.gap_s),
        "lead_off_s": float(quality.lead_off_s),
        "mains_s": float(quality.mains_s),
        "clipped_s": float(quality.clipped_s),
        "warm_up_s": float(quality.warm_up_s),
    }


def signal_rows(replay: Replay, run_id: int) -> list[dict[str, object]]:
    """One row a stream, in the order given."""
    return [
        {
            "run_id": run_id,
            "stream": used.stream,
            "position": position,
            "channels": [storable(name) for name in used.channels],
            "sampling_frequency": float(used.sampling_frequency),
            "sampling_frequency_exact": used.sampling_frequency_exact,
            "unit": used.unit,
            "capability": used.capability,
            "notes": [storable(note) for note in used.notes],
        }
        for position, used in enumerate(replay.recording.signals)
    ]


def minute_rows(replay: Replay, run_id: int) -> list[dict[str, object]]:
    """One row a minute."""
    return [
        {"run_id": run_id, "minute": row.minute, **quality_values(row.quality)}
        for row in replay.minutes
    ]


def episode_rows(replay: Replay, run_id: int) -> list[dict[str, object]]:
    """One row an episode of any kind."""
    return [
        {
            "run_id": run_id,
            "id": found.id,
            "kind": found.kind,
            "onset_s": float(found.onset_s),
            "duration_s": float(found.duration_s),
            "onset_utc": found.onset,
            "probability": float(found.probability),
            "reasons": [storable(reason) for reason in found.reasons],
            "measures": {name: float(value) for name, value in found.measures.items()},
            "channel": storable(found.channel),
            "alerted": found.alerted,
        }
        for found in replay.episodes
    ]
