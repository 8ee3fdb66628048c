"""The document of ``replay --json``: schema 1, the same bytes for the same replay.

``replay.schema.json`` beside this file describes it as a JSON Schema.
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from crampdetect.analysis.counts import counts
from crampdetect.records import EpisodeRecord, Quality, Replay

__all__ = ["SCHEMA", "document_text", "iso_time", "replay_document", "rounded_quality", "utc_time"]

#: Of the document's fields; changes whenever one of them changes its name or meaning.
SCHEMA = 1

#: Kinds that a person is told about; all others are look-alikes.
_TOLD = ("cramp", "unsure")

#: The six parts of the quality are each exact to a sample: what they miss of the duration is
#: rounding. More than this (ms) is a mistake of the caller.
_MOST_REST_MS = 10


def replay_document(replay: Replay) -> dict[str, object]:
    """One replay as the JSON-ready document of schema 1.

    Parameters
    ----------
    replay : Replay

    Returns
    -------
    dict
        With the keys in their published order. Seconds from the recording's start, rounded to
        1 ms; times in ISO 8601 with their offset; measures to 6 significant digits.

    Raises
    ------
    ValueError
        If the parts of the quality do not sum to the recording's duration.
    """
    tally = counts(replay.episodes, replay.quality, replay.recording.duration_s)
    rate = tally.per_valid_hour
    return {
        "schema": SCHEMA,
        "recording": _recording(replay),
        "quality": rounded_quality(replay.quality, replay.recording.duration_s),
        "episodes": [_episode(found) for found in replay.episodes if found.kind in _TOLD],
        "rejected": [_episode(found) for found in replay.episodes if found.kind not in _TOLD],
        "counts": {
            "cramps": tally.cramps,
            "unsure": tally.unsure,
            "per_valid_hour": None if rate is None else _significant(rate),
            "status": tally.status,
        },
        "provenance": {
            "version": replay.run.version,
            "model": replay.run.model,
            "profile": replay.run.profile,
            "config_hash": replay.run.config_hash,
        },
        "warnings": list(replay.warnings),
    }


def document_text(replays: Sequence[Replay], *, as_list: bool | None = None) -> str:
    """JSON text of one replay, or the list of several, with a line feed at the end.

    Parameters
    ----------
    replays : sequence of Replay
    as_list : bool or None
        Whether to write a list; None means: unless there is exactly one replay.

    Returns
    -------
    str
        ASCII, so that the bytes are the same in every locale.

    Examples
    --------
    >>> document_text([])
    '[]\\n'
    """
    documents = [replay_document(replay) for replay in replays]
    is_list = len(documents) != 1 if as_list is None else as_list
    if not is_list and len(documents) != 1:
        raise ValueError(f"{len(documents)} replays do not fit one document; expected one")
    whole: object = documents if is_list else documents[0]
    return json.dumps(whole, indent=2, allow_nan=False) + "\n"


def rounded_quality(quality: Quality, duration_s: float) -> dict[str, float]:
    """Quality in seconds to 1 ms, summing exactly to the duration to 1 ms.

    The rest that rounding leaves goes into the largest part, where it matters least.

    Raises
    ------
    ValueError
        If the parts miss the duration by more than rounding can explain.

    Examples
    --------
    >>> rounded_quality(Quality(valid_s=1.0006, gap_s=0.0006), 1.0012)["valid_s"]
    1.0
    """
    parts = {
        "valid_s": round(quality.valid_s * 1000),
        "gap_s": round(quality.gap_s * 1000),
        "lead_off_s": round(quality.lead_off_s * 1000),
        "mains_s": round(quality.mains_s * 1000),
        "clipped_s": round(quality.clipped_s * 1000),
        "warm_up_s": round(quality.warm_up_s * 1000),
    }
    rest = round(duration_s * 1000) - sum(parts.values())
    if abs(rest) > _MOST_REST_MS:
        raise ValueError(
            f"the parts of the quality miss the duration of {duration_s} s by {rest / 1000} s; "
            "expected them to sum to it"
        )
    parts[max(parts, key=lambda name: parts[name])] += rest
    return {name: milliseconds / 1000 for name, milliseconds in parts.items()}


def _recording(replay: Replay) -> dict[str, object]:
    record = replay.recording
    return {
        "id": record.id,
        "path": record.path,
        "format": record.format,
        "start": iso_time(record.start),
        "start_local": iso_time(record.start_local),
        "duration_s": _milliseconds(record.duration_s),
        "signals": [
            {
                "stream": used.stream,
                "channels": list(used.channels),
                "sampling_frequency": float(used.sampling_frequency),
                "unit": used.unit,
                "capability": used.capability,
                "notes": list(used.notes),
            }
            for used in record.signals
        ],
    }


def _episode(found: EpisodeRecord) -> dict[str, object]:
    return {
        "id": found.id,
        "kind": found.kind,
        "onset_s": _milliseconds(found.onset_s),
        "duration_s": _milliseconds(found.duration_s),
        "onset": iso_time(found.onset),
        "probability": round(float(found.probability), 4),
        "reasons": list(found.reasons),
        "measures": {name: _significant(value) for name, value in found.measures.items()},
    }


def _milliseconds(seconds: float) -> float:
    return round(float(seconds), 3)


def _significant(value: float) -> float:
    return float(f"{float(value):.6g}")


def iso_time(moment: datetime | None) -> str | None:
    """ISO 8601 to the nearest millisecond, with the offset where the time has one.

    Examples
    --------
    >>> iso_time(datetime(2026, 7, 1, 23, 59, 59, 999_700))
    '2026-07-02T00:00:00.000'
    """
    if moment is None:
        return None
    # isoformat(timespec=...) cuts, it does not round.
    excess = moment.microsecond - round(moment.microsecond, -3)
    return (moment - timedelta(microseconds=excess)).isoformat(timespec="milliseconds")


def utc_time(moment: datetime | None) -> str | None:
    """The same for an aware time, in UTC."""
    return None if moment is None else iso_time(moment.astimezone(UTC))
