"""EDF, EDF+C, EDF+D and the same of BDF: 16- and 24-bit recordings with annotations.

The data records are read by this project itself and not through edfio: edfio loads a BDF file
whole and maps an EDF file, so that a night ends up in memory. It is the oracle of the tests.

References
----------
Kemp et al. 1992, doi:10.1016/0013-4694(92)90009-7 (EDF); Kemp and Olivan 2003,
doi:10.1016/S1388-2457(03)00123-8 (EDF+).
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from fractions import Fraction
from pathlib import Path

from crampdetect.detection.types import Gap, Samples, Stream
from crampdetect.errors import RecordingError
from crampdetect.records import Annotation
from crampdetect.storage.blocks import interleave
from crampdetect.storage.channels import Choice, choose_channels
from crampdetect.storage.edf_marks import padded_stream, parse_note, recording_uuid
from crampdetect.storage.readers.edf_annotations import Marks, read_marks
from crampdetect.storage.readers.edf_description import exact_rate
from crampdetect.storage.readers.edf_header import EdfHeader, EdfSignal, is_edf, parse_header
from crampdetect.storage.readers.edf_streams import EdfStream, make_stream, resting_warnings
from crampdetect.storage.readers.edf_timing import LONGEST_RECORDING_S, runs
from crampdetect.storage.recording import ReadOptions, RecordingFile

__all__ = ["open_edf", "recognises"]

#: Surface EMG is never sampled faster than some 10 kHz; a rate beyond this is a damaged header.
HIGHEST_RATE = Fraction(200_000)


def recognises(head: bytes) -> bool:
    """Whether a file begins as EDF or BDF does.

    Parameters
    ----------
    head : bytes
        The first bytes of the file.

    Returns
    -------
    bool

    Examples
    --------
    >>> recognises(b"0       X X X X"), recognises(b"\\xffBIOSEMI"), recognises(b"time;EMG")
    (True, True, False)
    """
    return is_edf(head)


def open_edf(path: Path, options: ReadOptions) -> RecordingFile:
    """Open an EDF, EDF+, BDF or BDF+ recording.

    Parameters
    ----------
    path : Path
    options : ReadOptions
        Channels and units that override the file's.

    Returns
    -------
    RecordingFile
        Index 0 is the first sample of the first record. Holes of EDF+D are gaps with cause
        ``"missing"``, annotations that begin with ``BAD_`` (any case) with ``"bad_annotation"``.

    Raises
    ------
    RecordingError
        A header that is damaged or contradicts the file, no leg EMG, a rate below 200 Hz, records
        that overlap.
    """
    header = parse_header(path)
    ordinary = tuple(one for one in header.signals if not one.is_annotation)
    if not ordinary:
        raise RecordingError(
            f"{path}: this {header.kind} file holds annotations only; expected signals"
        )
    names = tuple(_name(signal) for signal in ordinary)
    choice = _choose(header, ordinary, names, options)
    marks = _read_marks(header)
    streams = _streams(header, ordinary, choice, options, marks)
    rates = {name: one.info.nominal_sampling_frequency for name, one in streams.items()}
    lengths = {name: one.length for name, one in streams.items()}

    def read() -> Iterator[Samples | Gap]:
        return interleave({name: one.items() for name, one in streams.items()}, rates)

    return RecordingFile(
        path=path,
        format=header.kind,
        signals=tuple(one.info for one in streams.values()),
        start_local=_start(header, marks),
        start=None,
        duration=max(lengths[name] / rates[name] for name in streams),
        read=read,
        lengths=lengths,
        annotations=tuple(
            Annotation(float(mark.onset), float(mark.duration), mark.text)
            for mark in marks.marks
            if padded_stream(mark.text) is None
        ),
        warnings=_warnings(header, choice, marks, streams),
        recording_id=recording_uuid(header.recording),
        channels_available=names,
    )


def _streams(
    header: EdfHeader,
    ordinary: Sequence[EdfSignal],
    choice: Choice,
    options: ReadOptions,
    marks: Marks,
) -> dict[Stream, EdfStream]:
    """Describe the chosen streams and place them in time."""
    chosen: dict[Stream, tuple[int, ...]] = {"emg": choice.emg, "acc": choice.acc}
    fastest = max(exact_rate(header, ordinary[i]) for some in chosen.values() for i in some)
    if fastest > HIGHEST_RATE:
        raise RecordingError(
            f"{header.path}: the header says {float(fastest):g} Hz (data record duration "
            f"{float(header.record_duration):g} s); expected at most {int(HIGHEST_RATE)} Hz"
        )
    placed = runs(header, marks, fastest)
    return {
        name: make_stream(header, name, [ordinary[i] for i in some], options, marks.marks, placed)
        for name, some in chosen.items()
        if some
    }


def _name(signal: EdfSignal) -> str:
    """Label of a channel, or its full name where a note of ours has it."""
    note = parse_note(signal.transducer)
    return signal.label if note is None or note.name is None else note.name


def _choose(
    header: EdfHeader, ordinary: Sequence[EdfSignal], names: Sequence[str], options: ReadOptions
) -> Choice:
    """Take the streams of a file of ours as they were; else by name or as asked."""
    streams = [note.stream if (note := parse_note(one.transducer)) else "" for one in ordinary]
    own: dict[str, tuple[int, ...]] = {
        stream: tuple(i for i, name in enumerate(streams) if name == stream)
        for stream in ("emg", "acc")
    }
    rates = [exact_rate(header, one) for one in ordinary]
    if not own["emg"] or (options.emg and options.acc):
        return choose_channels(names, rates, options, header.path)
    # Numbers, not names: two sensors may have channels of the same name.
    numbers = {stream: tuple(f"#{i + 1}" for i in some) for stream, some in own.items()}
    asked = replace(options, emg=options.emg or numbers["emg"], acc=options.acc or numbers["acc"])
    return choose_channels(names, rates, asked, header.path)


def _read_marks(header: EdfHeader) -> Marks:
    try:
        with header.path.open("rb") as file:
            return read_marks(file, header)
    except OSError as error:
        raise RecordingError(
            f"{header.path}: the file cannot be read ({error}); expected a readable EDF file"
        ) from error


def _start(header: EdfHeader, marks: Marks) -> datetime | None:
    """Header start plus the onset of the first record, which carries the fraction of a second."""
    if abs(marks.first_onset) > LONGEST_RECORDING_S:
        raise RecordingError(
            f"{header.path}: its first data record begins {float(marks.first_onset):g} s after the "
            "start of the file; expected less than a second"
        )
    if header.start is None or header.start.year == datetime.max.year:
        return None
    return header.start + timedelta(microseconds=round(marks.first_onset * 1_000_000))


def _warnings(
    header: EdfHeader, choice: Choice, marks: Marks, streams: dict[Stream, EdfStream]
) -> tuple[str, ...]:
    warnings = [*header.warnings, *choice.warnings]
    if marks.malformed:
        warnings.append(
            f"{header.path}: {marks.malformed} annotations are not in EDF+ form and are left out"
        )
    for stream in streams.values():
        warnings.extend(stream.warnings)
    warnings.extend(resting_warnings(streams["emg"]))
    return tuple(warnings)
