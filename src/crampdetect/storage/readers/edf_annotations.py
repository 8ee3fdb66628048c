"""Time-stamped annotation lists (TALs) of EDF+ and BDF+: record onsets and marks, exactly."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import BinaryIO

from crampdetect.errors import RecordingError
from crampdetect.storage.readers.edf_header import EdfHeader, EdfSignal
from crampdetect.storage.readers.edf_records import signal_bytes

__all__ = ["Mark", "Marks", "read_marks"]

_ONSET = re.compile(rb"[+-]\d{1,15}(?:\.\d{0,30})?")
_DURATION = re.compile(rb"\d{1,15}(?:\.\d{0,30})?")
#: A scored night has some thousand marks; this many are noise, and would fill the memory.
MOST_MARKS = 200_000
#: Annotation bytes of one data record; EDF recommends records of at most 61440 bytes in all.
MOST_RECORD_BYTES = 1 << 24


@dataclass(frozen=True, slots=True)
class Mark:
    """One annotation; times in seconds since the first sample, exact."""

    onset: Fraction
    duration: Fraction
    text: str


@dataclass(slots=True)
class Marks:
    """All that the annotation signals say.

    Parameters
    ----------
    first_onset : Fraction
        Of the first record, in seconds after the header's start.
    onsets : list of Fraction
        Of every record since the first one; empty unless the file is discontinuous.
    marks : list of Mark
    malformed : int
        Number of entries that are not in the EDF+ form.
    """

    first_onset: Fraction = Fraction(0)
    onsets: list[Fraction] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    malformed: int = 0


def read_marks(file: BinaryIO, header: EdfHeader) -> Marks:
    """Read all annotations and, of a discontinuous file, the onset of every record.

    Parameters
    ----------
    file : binary file
    header : EdfHeader

    Returns
    -------
    Marks

    Raises
    ------
    RecordingError
        A discontinuous file without the onset of a record, or a flood of annotations.
    """
    found = Marks()
    signals = [one for one in header.signals if one.is_annotation and one.per_record]
    discontinuous = header.kind.endswith("+D")
    if discontinuous and not signals:
        raise RecordingError(
            f"{header.path}: it declares itself discontinuous ({header.kind}) but has no "
            "annotation signal; expected the onset of every data record there"
        )
    for number, signal in enumerate(signals):
        _read_signal(file, header, signal, found, keeps_time=number == 0)
    first = found.first_onset
    found.onsets = [onset - first for onset in found.onsets]
    found.marks = sorted(
        (Mark(mark.onset - first, mark.duration, mark.text) for mark in found.marks),
        key=lambda mark: mark.onset,
    )
    return found


def _read_signal(
    file: BinaryIO, header: EdfHeader, signal: EdfSignal, found: Marks, *, keeps_time: bool
) -> None:
    if signal.per_record * header.sample_bytes > MOST_RECORD_BYTES:
        raise RecordingError(
            f"{header.path}: its data records hold {signal.per_record * header.sample_bytes} bytes "
            f"of annotations each; expected at most {MOST_RECORD_BYTES}"
        )
    discontinuous = header.kind.endswith("+D")
    for record, raw in enumerate(_record_texts(file, header, signal)):
        entries = raw.rstrip(b"\0").split(b"\0")
        if keeps_time and (record == 0 or discontinuous):
            onset = _onset(entries[0])
            if onset is None and discontinuous:
                raise RecordingError(
                    f"{header.path}: data record {record + 1} has no onset ({entries[0][:24]!r}); "
                    f"expected one at the begin of its annotations, as in every {header.kind} file"
                )
            if record == 0:
                found.first_onset = onset or Fraction(0)
            if discontinuous and onset is not None:
                found.onsets.append(onset)
        for entry in entries:
            # The bare onset of a record, by far the most frequent entry.
            if entry and not (entry.endswith(b"\x14\x14") and entry.count(b"\x14") == 2):
                _add(entry, found)
        if len(found.marks) > MOST_MARKS:
            raise RecordingError(
                f"{header.path}: it holds more than {MOST_MARKS} annotations; "
                "expected those of one recording"
            )


def _record_texts(file: BinaryIO, header: EdfHeader, signal: EdfSignal) -> Iterator[bytes]:
    for piece in signal_bytes(file, header, signal, 0, header.records):
        for row in piece:
            yield row.tobytes()


def _onset(entry: bytes) -> Fraction | None:
    stamp, separator, _ = entry.partition(b"\x14")
    return _seconds(stamp) if separator and _ONSET.fullmatch(stamp) else None


def _add(entry: bytes, found: Marks) -> None:
    """Add the texts of one entry: ``onset [0x15 duration] 0x14 text 0x14 [text 0x14 ...]``."""
    stamp, _, texts = entry.partition(b"\x14")
    onset, _, duration = stamp.partition(b"\x15")
    if not (
        _ONSET.fullmatch(onset)
        and (not duration or _DURATION.fullmatch(duration))
        and texts.endswith(b"\x14")
    ):
        found.malformed += 1
        return
    for text in texts[:-1].split(b"\x14"):
        if text:
            length = _seconds(duration) if duration else Fraction(0)
            found.marks.append(Mark(_seconds(onset), length, _text(text)))


def _seconds(stamp: bytes) -> Fraction:
    # int is ten times as fast as Fraction's own parser, and whole seconds are the usual case.
    text = stamp.decode("ascii")
    return Fraction(text) if "." in text else Fraction(int(text))


def _text(raw: bytes) -> str:
    """UTF-8 by the standard; older writers used Latin-1."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")
