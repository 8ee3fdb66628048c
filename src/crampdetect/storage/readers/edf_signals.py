"""The signals that an EDF or BDF header describes."""

from dataclasses import dataclass
from pathlib import Path

from crampdetect.errors import RecordingError
from crampdetect.storage.readers.edf_fields import integer_field, text_field

__all__ = ["SIGNAL_BYTES", "EdfSignal", "parse_signals"]

SIGNAL_BYTES = 256
#: Fields of each signal, in the order of the file (Kemp et al. 1992): name and width.
_WIDTHS = {
    "label": 16,
    "transducer": 80,
    "unit": 8,
    "physical minimum": 8,
    "physical maximum": 8,
    "digital minimum": 8,
    "digital maximum": 8,
    "prefiltering": 80,
    "number of samples in each record": 8,
    "reserved": 32,
}


@dataclass(frozen=True, slots=True)
class EdfSignal:
    """One signal of the file.

    `offset` is its first byte within a data record, `per_record` its samples there. The raw
    fields of the calibration are judged only where the signal is used.
    """

    number: int
    label: str
    unit: str
    transducer: str
    prefiltering: str
    physical: tuple[bytes, bytes]
    digital: tuple[bytes, bytes]
    per_record: int
    offset: int
    is_annotation: bool


def parse_signals(
    described: bytes, count: int, sample_bytes: int, path: Path
) -> tuple[EdfSignal, ...]:
    """Read the part of the header that describes the signals.

    Parameters
    ----------
    described : bytes
        256 bytes for each signal, field by field.
    count : int
    sample_bytes : int
        2 for EDF, 3 for BDF.
    path : Path

    Returns
    -------
    tuple of EdfSignal

    Raises
    ------
    RecordingError
        A label or unit that is no text, a number of samples that is none.
    """
    columns: dict[str, list[bytes]] = {}
    position = 0
    for name, width in _WIDTHS.items():
        columns[name] = [
            described[position + i * width : position + (i + 1) * width] for i in range(count)
        ]
        position += width * count
    signals: list[EdfSignal] = []
    offset = 0
    for i in range(count):
        name = f"number of samples in each record of signal {i + 1}"
        per_record = integer_field(columns["number of samples in each record"][i], name, path)
        if per_record < 0:
            raise RecordingError(
                f"{path}: the header's {name} is {per_record}; expected above zero"
            )
        label = text_field(columns["label"][i], f"label of signal {i + 1}", path)
        signals.append(
            EdfSignal(
                number=i + 1,
                label=label,
                unit=text_field(columns["unit"][i], f"unit of signal {i + 1}", path),
                transducer=columns["transducer"][i].decode("latin-1").strip(" \0"),
                prefiltering=columns["prefiltering"][i].decode("latin-1").strip(" \0"),
                physical=(columns["physical minimum"][i], columns["physical maximum"][i]),
                digital=(columns["digital minimum"][i], columns["digital maximum"][i]),
                per_record=per_record,
                offset=offset,
                is_annotation=label in ("EDF Annotations", "BDF Annotations"),
            )
        )
        offset += per_record * sample_bytes
    return tuple(signals)
