"""The header of the EDF+C and BDF+C files that crampdetect writes."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from crampdetect.detection.types import SignalInfo
from crampdetect.storage.channel_names import meaning
from crampdetect.storage.edf_marks import EQUIPMENT, ChannelNote
from crampdetect.storage.edf_record_plan import RecordPlan
from crampdetect.storage.edf_scaling import Grid

__all__ = ["HeaderSignal", "header_bytes", "header_signals"]

LABEL_CHARACTERS = 16
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")


@dataclass(frozen=True, slots=True)
class HeaderSignal:
    """One column of the signal part of the header."""

    label: str
    transducer: str
    unit: str
    physical: tuple[str, str]
    digital: tuple[int, int]
    prefiltering: str
    per_record: int


def header_signals(
    signals: Sequence[SignalInfo], grids: Sequence[Sequence[Grid]], plan: RecordPlan
) -> list[HeaderSignal]:
    """Describe the channels of all streams, in order.

    Parameters
    ----------
    signals : sequence of SignalInfo
    grids : sequence of sequence of Grid
        For each stream, one for each channel.
    plan : RecordPlan

    Returns
    -------
    list of HeaderSignal
    """
    columns: list[HeaderSignal] = []
    for info, grid_of, count in zip(signals, grids, plan.counts, strict=True):
        exact = info.nominal_sampling_frequency
        stated = Fraction(count) / plan.duration
        for i, name in enumerate(info.channels):
            label = _label(name, {column.label for column in columns})
            note = ChannelNote(
                stream=info.stream,
                rate=None if stated == exact else exact,
                rails_known=_known(info.rails, i),
                resolution_known=_known(info.resolution, i),
                name=None if label == name else name,
            )
            columns.append(
                HeaderSignal(
                    label=label,
                    transducer=note.text(),
                    unit=info.unit,
                    physical=grid_of[i].physical_text,
                    digital=grid_of[i].digital,
                    prefiltering=_prefiltering(info),
                    per_record=count,
                )
            )
    return columns


def header_bytes(
    columns: Sequence[HeaderSignal],
    plan: RecordPlan,
    records: int,
    annotation_bytes: int,
    sample_bytes: int,
    start_local: datetime | None,
    recording_id: str | None,
) -> bytes:
    """Encode the whole header, the annotation signal included.

    Parameters
    ----------
    columns : sequence of HeaderSignal
    plan : RecordPlan
    records : int
    annotation_bytes : int
        Bytes of annotations in each record.
    sample_bytes : int
        2 (EDF) or 3 (BDF).
    start_local : datetime or None
        Naive.
    recording_id : str or None
        A UUID.

    Returns
    -------
    bytes
    """
    name = "EDF" if sample_bytes == 2 else "BDF"
    half = 1 << (8 * sample_bytes - 1)
    marks = HeaderSignal(
        label=f"{name} Annotations",
        transducer="",
        unit="",
        physical=("-1", "1"),
        digital=(-half, half - 1),
        prefiltering="",
        per_record=annotation_bytes // sample_bytes,
    )
    columns = [*columns, marks]
    # A withheld date is written as EDF+ asks for it, and 1985 is its earliest year.
    moment = start_local or datetime(1985, 1, 1)
    fixed = (
        b"0       " if sample_bytes == 2 else b"\xffBIOSEMI",
        _pad("X X X X", 80),
        _pad(_recording(start_local, recording_id), 80),
        _pad(f"{moment.day:02}.{moment.month:02}.{moment.year % 100:02}", 8),
        _pad(f"{moment.hour:02}.{moment.minute:02}.{moment.second:02}", 8),
        _pad(256 * (len(columns) + 1), 8),
        _pad(f"{name}+C", 44),
        _pad(records, 8),
        _pad(plan.text, 8),
        _pad(len(columns), 4),
    )
    return b"".join((*fixed, *_described(columns)))


def _described(columns: Sequence[HeaderSignal]) -> tuple[bytes, ...]:
    """The part on signals: field by field, and all signals within each."""
    return (
        *(_pad(column.label, LABEL_CHARACTERS) for column in columns),
        *(_pad(column.transducer, 80) for column in columns),
        *(_pad(column.unit, 8) for column in columns),
        *(_pad(column.physical[0], 8) for column in columns),
        *(_pad(column.physical[1], 8) for column in columns),
        *(_pad(column.digital[0], 8) for column in columns),
        *(_pad(column.digital[1], 8) for column in columns),
        *(_pad(column.prefiltering, 80) for column in columns),
        *(_pad(column.per_record, 8) for column in columns),
        *(_pad("", 32) for _ in columns),
    )


def _recording(start_local: datetime | None, recording_id: str | None) -> str:
    """EDF+ subfields: date, administration and technician (not known), equipment, our identity."""
    day = "X"
    if start_local is not None:
        month = _MONTHS[start_local.month - 1]
        day = f"{start_local.day:02}-{month}-{start_local.year:04}"
    identity = "" if recording_id is None else f" {uuid.UUID(recording_id)}"
    return f"Startdate {day} X X {EQUIPMENT}{identity}"


def _label(name: str, taken: set[str]) -> str:
    """A label of at most 16 printable ASCII characters that no other channel has."""
    plain = "".join(c if " " <= c <= "~" else "_" for c in name.replace("µ", "u")).strip()
    axis = meaning(name).axis
    if len(plain) > LABEL_CHARACTERS:
        # The axis often stands at the end and would be cut off.
        plain = plain[:LABEL_CHARACTERS].strip() if axis is None else f"ACC {'XYZ'[axis]}"
    label, number = plain or "channel", 1
    while label in taken or "Annotations" in label:
        number += 1
        label = f"{plain[: LABEL_CHARACTERS - 5].replace('Annotations', '')} {number}".strip()
    return label


def _prefiltering(info: SignalInfo) -> str:
    parts = [] if info.band is None else [f"HP:{info.band[0]:.10g}Hz LP:{info.band[1]:.10g}Hz"]
    return " ".join([*parts, "comb"] if info.comb_filtered else parts)


def _known(values: Sequence[object | None], i: int) -> bool:
    return i < len(values) and values[i] is not None


def _pad(value: str | int, width: int) -> bytes:
    return str(value).encode("ascii").ljust(width)[:width]
