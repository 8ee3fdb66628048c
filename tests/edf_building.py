"""EDF and BDF files made by hand for the tests, byte by byte and without the project's writer."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


@dataclass
class HandSignal:
    """A signal with the header's texts as they are, and its digital values."""

    label: str | bytes
    digital: NDArray[np.int32]
    per_record: int
    unit: str | bytes = "uV"
    physical: tuple[str, str] = ("-3276.8", "3276.7")
    limits: tuple[str, str] = ("-32768", "32767")
    prefiltering: str = ""
    transducer: str = ""


@dataclass
class HandFile:
    """A whole file; `kind` makes it EDF+, with the onsets (texts) and further TALs of records."""

    signals: Sequence[HandSignal]
    records: int
    duration: str = "1"
    kind: str = ""
    onsets: Sequence[str] = ()
    tals: dict[int, Sequence[bytes]] = field(default_factory=dict)
    sample_bytes: int = 2
    claimed: str | None = None
    date: str = "14.03.26"
    time: str = "02.10.00"
    recording: str = "Startdate 14-MAR-2026 X X X"
    annotation_samples: int = 60

    def encode(self) -> bytes:
        width = self.annotation_samples * self.sample_bytes
        name = "BDF" if self.sample_bytes == 3 else "EDF"
        signals = list(self.signals)
        if self.kind:
            empty = np.zeros(0, np.int32)
            marks = HandSignal(f"{name} Annotations", empty, self.annotation_samples, "")
            marks.physical = ("-1", "1")
            signals.append(marks)
        version = b"\xffBIOSEMI" if self.sample_bytes == 3 else b"0"
        fixed = (
            (version, 8), ("X X X X", 80), (self.recording, 80), (self.date, 8), (self.time, 8),
            (str(256 * (len(signals) + 1)), 8), (self.kind, 44),
            (str(self.records) if self.claimed is None else self.claimed, 8),
            (self.duration, 8), (str(len(signals)), 4),
        )  # fmt: skip
        columns: list[tuple[list[str | bytes], int]] = [
            ([one.label for one in signals], 16),
            ([one.transducer for one in signals], 80),
            ([one.unit for one in signals], 8),
            ([one.physical[0] for one in signals], 8),
            ([one.physical[1] for one in signals], 8),
            ([one.limits[0] for one in signals], 8),
            ([one.limits[1] for one in signals], 8),
            ([one.prefiltering for one in signals], 80),
            ([str(one.per_record) for one in signals], 8),
            (["" for _ in signals], 32),
        ]
        parts = [_pad(value, size) for value, size in fixed]
        parts += [_pad(value, size) for values, size in columns for value in values]
        for record in range(self.records):
            for one in self.signals:
                piece = one.digital[record * one.per_record : (record + 1) * one.per_record]
                octets = piece.astype("<i4").view(np.uint8).reshape(-1, 4)
                parts.append(octets[:, : self.sample_bytes].tobytes())
            if self.kind:
                onset = self.onsets[record] if self.onsets else f"+{record}"
                texts = b"" if onset == "none" else f"{onset}\x14\x14\0".encode()
                texts += b"".join(self.tals.get(record, ()))
                assert len(texts) <= width
                parts.append(texts.ljust(width, b"\0"))
        return b"".join(parts)

    def write(self, path: Path) -> Path:
        path.write_bytes(self.encode())
        return path


def emg(
    values: NDArray[np.int32], per_record: int, label: str | bytes = "EMG Gastroc"
) -> HandSignal:
    return HandSignal(label, values, per_record)


def ramp(count: int) -> NDArray[np.int32]:
    """Values that differ from sample to sample, so that a shift by one is seen."""
    return ((np.arange(count) * 7919) % 60013 - 30000).astype(np.int32)


def _pad(value: str | bytes, size: int) -> bytes:
    raw = value if isinstance(value, bytes) else value.encode()
    assert len(raw) <= size
    return raw.ljust(size)
