"""Where the samples of a stream lie in time: runs of records, holes between them, bad spans."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from crampdetect.detection.types import Gap, Stream
from crampdetect.errors import RecordingError
from crampdetect.storage.edf_marks import bad_streams
from crampdetect.storage.readers.edf_annotations import Mark, Marks
from crampdetect.storage.readers.edf_header import EdfHeader

__all__ = ["LONGEST_RECORDING_S", "Run", "Stretch", "bad_spans", "runs", "stretches"]

#: No night lasts longer; a record onset beyond it is damage, and would be a gap of years.
LONGEST_RECORDING_S = 31 * 24 * 3600
#: Onsets may be rounded to milliseconds: a record this much too early does not overlap.
ROUNDING_S = Fraction(1, 1000)


@dataclass(frozen=True, slots=True)
class Run:
    """Consecutive records without a hole: the first one, their number, seconds since the start."""

    record: int
    count: int
    time: Fraction


@dataclass(frozen=True, slots=True)
class Stretch:
    """Samples `start` to `stop` of a stream; `position` counts from the start of `record`."""

    start: int
    stop: int
    record: int
    position: int


def runs(header: EdfHeader, marks: Marks, fastest: Fraction) -> list[Run]:
    """Divide the records of a file at its holes.

    Parameters
    ----------
    header : EdfHeader
    marks : Marks
        With the onset of each record where the file is discontinuous.
    fastest : Fraction
        Highest rate in use, in Hz: records less than half of its sample apart are consecutive
        (onsets are decimal text, record durations need not be).

    Returns
    -------
    list of Run

    Raises
    ------
    RecordingError
        A record that begins before the one before it ends, or a recording of over 31 days.
    """
    found = [Run(0, header.records, Fraction(0))]
    if marks.onsets:
        found = _divide(header, marks.onsets, 1 / (2 * fastest))
    last = found[-1]
    if last.time + last.count * header.record_duration > LONGEST_RECORDING_S:
        days = float(last.time + last.count * header.record_duration) / 86400
        raise RecordingError(
            f"{header.path}: its records reach {days:.3g} days after the start; "
            f"expected at most {LONGEST_RECORDING_S // 86400}"
        )
    return found


def _divide(header: EdfHeader, onsets: Sequence[Fraction], tolerance: Fraction) -> list[Run]:
    found: list[Run] = []
    first, time = 0, onsets[0]
    for record in range(1, len(onsets)):
        expected = time + (record - first) * header.record_duration
        late = onsets[record] - expected
        if late < -max(tolerance, ROUNDING_S):
            raise RecordingError(
                f"{header.path}: data record {record + 1} begins at {float(onsets[record]):.6f} s, "
                f"before the record before it ends; expected {float(expected):.6f} s or later"
            )
        if late > tolerance:
            found.append(Run(first, record - first, time))
            first, time = record, onsets[record]
    found.append(Run(first, len(onsets) - first, time))
    return found


def bad_spans(
    marks: Iterable[Mark], stream: Stream, rate: Fraction, length: int
) -> list[tuple[int, int]]:
    """Samples that ``BAD_`` annotations cover, joined and in order.

    Parameters
    ----------
    marks : iterable of Mark
    stream : {"emg", "acc"}
    rate : Fraction
        In Hz.
    length : int
        Number of samples; spans are cut there.

    Returns
    -------
    list of (int, int)
        Start (the sample at or before the onset) and stop (exclusive; at or after the end).

    Examples
    --------
    >>> bad_spans([Mark(Fraction("0.9995"), Fraction("0.001"), "bad_x")], "emg", Fraction(100), 999)
    [(99, 101)]
    """
    spans = sorted(
        (max(floor(mark.onset * rate), 0), min(ceil((mark.onset + mark.duration) * rate), length))
        for mark in marks
        if stream in bad_streams(mark.text)
    )
    joined: list[tuple[int, int]] = []
    for start, stop in spans:
        if stop <= start:
            continue
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], stop))
        else:
            joined.append((start, stop))
    return joined


def stretches(
    stream: Stream,
    placed: Sequence[tuple[int, int, int]],
    bad: Sequence[tuple[int, int]],
    length: int,
) -> Iterator[Stretch | Gap]:
    """Divide a stream into what is read and what is missing: every index exactly once.

    Parameters
    ----------
    stream : {"emg", "acc"}
    placed : sequence of (int, int, int)
        For each run: index of its first sample, index after its last, its first record.
    bad : sequence of (int, int)
        From `bad_spans`.
    length : int
        Number of sample indices of the stream.

    Yields
    ------
    Stretch or Gap
        A hole is ``"missing"`` even where it is annotated as bad.
    """
    reached, next_bad = 0, 0
    for begin, end, record in placed:
        end = min(end, length)
        if end <= begin:
            continue
        if begin > reached:
            yield Gap(stream, reached, begin, "missing")
        reached = begin
        while reached < end:
            while next_bad < len(bad) and bad[next_bad][1] <= reached:
                next_bad += 1
            start, stop = bad[next_bad] if next_bad < len(bad) else (end, end)
            if start > reached:
                until = min(start, end)
                yield Stretch(reached, until, record, reached - begin)
            else:
                until = min(stop, end)
                yield Gap(stream, reached, until, "bad_annotation")
            reached = until
