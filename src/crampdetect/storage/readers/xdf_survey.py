"""A walk over an XDF file's chunks without reading its samples: what streams there are."""

import struct
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from crampdetect.storage.readers.xdf_chunks import (
    CLOCK_OFFSET,
    FILE_HEADER,
    SAMPLES,
    STREAM_HEADER,
    chunks,
)
from crampdetect.storage.readers.xdf_headers import StreamHeader, read_stream_header, read_xml

__all__ = ["XdfSurvey", "survey_file", "usable_streams"]

_MAX_STREAMS = 1000


@dataclass(slots=True)
class XdfSurvey:
    """What a walk over the chunks shows, without reading the samples.

    `damage` says where the chunks end before the file does; what comes before can be used.
    """

    headers: dict[int, StreamHeader] = field(default_factory=dict)
    counts: dict[int, int] = field(default_factory=dict)
    first_stamps: dict[int, float] = field(default_factory=dict)
    first_offsets: dict[int, float] = field(default_factory=dict)
    start: datetime | None = None
    warnings: list[str] = field(default_factory=list)
    damage: list[str] = field(default_factory=list)


def survey_file(path: Path) -> XdfSurvey:
    """Walk over the chunks, reading headers and the first stamp and offset of each stream.

    Parameters
    ----------
    path : Path

    Returns
    -------
    XdfSurvey

    Raises
    ------
    RecordingError
        A header that cannot be read, or an impossibly large chunk.
    OSError
        The file cannot be read.
    """
    survey = XdfSurvey()
    with path.open("rb") as file:
        for chunk in chunks(path, file, survey.damage):
            file.seek(chunk.start)
            length = chunk.stop - chunk.start
            if chunk.tag == FILE_HEADER:
                survey.start = _start(read_xml(path, file.read(length)).findtext("datetime"))
            elif chunk.tag in (STREAM_HEADER, SAMPLES, CLOCK_OFFSET) and length >= 4:
                number = struct.unpack("<I", file.read(4))[0]
                if chunk.tag == STREAM_HEADER and len(survey.headers) < _MAX_STREAMS:
                    header = read_stream_header(path, number, file.read(length - 4))
                    survey.headers.setdefault(number, header)
                elif chunk.tag == SAMPLES:
                    _note_samples(survey, number, file.read(min(length - 4, 18)))
                elif chunk.tag == CLOCK_OFFSET and length == 20:
                    offset = struct.unpack("<8xd", file.read(16))[0]
                    survey.first_offsets.setdefault(number, offset)
    return survey


def usable_streams(survey: XdfSurvey, *, rate_given: bool) -> tuple[list[StreamHeader], list[str]]:
    """Streams of numbers that have samples and a rate.

    Parameters
    ----------
    survey : XdfSurvey
    rate_given : bool
        A person gave a rate: an impossible nominal one does no harm.

    Returns
    -------
    streams : list of StreamHeader
    problems : list of str
        What cannot be used and why: a clause for each; text streams are left out without a word.
    """
    streams, problems = [], list(survey.damage)
    for header in survey.headers.values():
        if not survey.counts.get(header.number):
            continue
        problem = header.format_problem or (None if rate_given else header.rate_problem)
        if problem is not None:
            problems.append(problem)
        elif header.dtype is not None:
            streams.append(header)
    return streams, problems


def _note_samples(survey: XdfSurvey, number: int, head: bytes) -> None:
    """Count a chunk's samples and keep the first stamp, by its first bytes."""
    size = head[0] if head else 0
    if size not in (1, 4, 8) or len(head) < 1 + size:
        return
    survey.counts[number] = survey.counts.get(number, 0) + int.from_bytes(
        head[1 : 1 + size], "little"
    )
    stamp = head[1 + size :]
    if number not in survey.first_stamps and len(stamp) >= 9 and stamp[0] == 8:
        survey.first_stamps[number] = struct.unpack("<d", stamp[1:9])[0]


def _start(text: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat((text or "").strip())
    except ValueError:
        return None
