"""EDF+C and BDF+C out: two passes over the samples, a whole file or none.

Written by this project itself: edfio wants the whole night in memory, and pyedflib rounds
annotation onsets, so that gaps would not come back exactly. Both are oracles of the tests.
"""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import chain
from pathlib import Path

from crampdetect.detection.types import SignalInfo, Stream
from crampdetect.errors import RecordingError
from crampdetect.records import Annotation
from crampdetect.storage.edf_data_records import DataRecords
from crampdetect.storage.edf_grids import Ranges, choose_grids
from crampdetect.storage.edf_header_text import header_bytes, header_signals
from crampdetect.storage.edf_record_plan import RecordPlan, plan_records
from crampdetect.storage.edf_survey import Read, survey
from crampdetect.storage.edf_tals import TalSpread, annotation_tals, gap_tals, subsecond
from crampdetect.storage.whole_file import write_whole

__all__ = ["write_edf"]

#: The header counts records in eight digits.
MOST_RECORDS = 99_999_999


def write_edf(
    path: Path,
    signals: Sequence[SignalInfo],
    read: Read,
    *,
    lengths: Mapping[Stream, int],
    start_local: datetime | None,
    annotations: Sequence[Annotation] = (),
    recording_id: str | None = None,
    ranges: Ranges | None = None,
) -> Path:
    """Write a recording as EDF+C (16 bits) or BDF+C (24 bits).

    Gaps are filled with zeros and marked by ``BAD_gap`` annotations; the same samples are gaps
    again when the file is read by crampdetect. Values are equal within half a step of the file; a
    source of up to 16 (24) bits keeps its own steps.

    Parameters
    ----------
    path : Path
        ``.bdf`` is written as BDF+C, everything else as EDF+C if 16 bits suffice.
    signals : sequence of SignalInfo
        One for each stream, in the order of the file.
    read : callable
        ``read()`` starts a fresh iteration over Samples and Gaps; it is called twice.
    lengths : mapping of stream to int
        Number of sample indices of each stream, gaps included.
    start_local : datetime or None
        Naive wall-clock start; None is written as a withheld date.
    annotations : sequence of Annotation
        Kept to the nanosecond; ``BAD_gap`` marks among them are made anew from the gaps.
    recording_id : str or None
        UUID.
    ranges : mapping of (stream, channel number from 0) to (low, high), optional
        Physical range to be used instead of the source's rails.

    Returns
    -------
    Path
        The file written: `path`, or the same with the suffix ``.bdf`` where a channel needs more
        than 16 bits.

    Raises
    ------
    RecordingError
        Values outside their range, rates that no header states, texts that are too long, a disk
        that is full. Nothing is left then.
    ValueError
        An aware start, a recording id that is no UUID, no streams or the same one twice.

    Examples
    --------
    >>> import tempfile
    >>> from fractions import Fraction
    >>> import numpy as np
    >>> from crampdetect.detection.types import Samples
    >>> emg = SignalInfo("emg", ("EMG Gastroc",), Fraction(1000), "uV")
    >>> values = 50 * np.sin(np.arange(2000)[:, np.newaxis])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     written = write_edf(Path(folder) / "night.edf", [emg],
    ...                         lambda: iter([Samples("emg", 0, values)]),
    ...                         lengths={"emg": 2000}, start_local=datetime(2026, 3, 14, 2, 10))
    ...     written.name, written.stat().st_size
    ('night.edf', 4780)
    """
    _check_arguments(signals, lengths, start_local, recording_id)
    surveyed = survey(signals, read, lengths)
    chosen = choose_grids(path, signals, surveyed, ranges or {})
    plan = plan_records(
        [info.nominal_sampling_frequency for info in signals],
        [chosen.sample_bytes * len(info.channels) for info in signals],
    )
    records = _record_count(chosen.path, signals, plan, lengths)
    shift = subsecond(start_local)
    gaps = {stream: one.gaps for stream, one in surveyed.items()}
    filled = {info.stream: records * n for info, n in zip(signals, plan.counts, strict=True)}
    marks = gap_tals(signals, gaps, lengths, filled, shift) + annotation_tals(annotations, shift)
    spread = TalSpread(marks, records, plan.duration, shift, chosen.sample_bytes)
    header = header_bytes(
        header_signals(signals, chosen.grids, plan),
        plan,
        records,
        spread.width,
        chosen.sample_bytes,
        start_local,
        recording_id,
    )
    data = DataRecords(signals, chosen.grids, plan, records, lengths, chosen.sample_bytes)
    write_whole(chosen.path, chain([header], data.pieces(read, spread.records())))
    return chosen.path


def _record_count(
    path: Path, signals: Sequence[SignalInfo], plan: RecordPlan, lengths: Mapping[Stream, int]
) -> int:
    records = max(
        -(-lengths[info.stream] // count) for info, count in zip(signals, plan.counts, strict=True)
    )
    if not 1 <= records <= MOST_RECORDS:
        raise RecordingError(
            f"{path}: there would be {records} data records; expected 1 to {MOST_RECORDS}"
        )
    return records


def _check_arguments(
    signals: Sequence[SignalInfo],
    lengths: Mapping[Stream, int],
    start_local: datetime | None,
    recording_id: str | None,
) -> None:
    streams = [info.stream for info in signals]
    if not signals or len(set(streams)) < len(streams):
        raise ValueError(f"The streams are {streams}; expected at least one, each of them once")
    missing = [stream for stream in streams if stream not in lengths]
    if missing:
        raise ValueError(f"The length of {missing} is not given; expected one for each stream")
    if start_local is not None and start_local.tzinfo is not None:
        raise ValueError(f"The start {start_local} is aware; expected a naive local time")
    if recording_id is not None:
        uuid.UUID(recording_id)
