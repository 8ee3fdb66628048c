"""The header of EDF and BDF files, checked against the file before a sample is touched."""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from pathlib import Path

from crampdetect.errors import RecordingError
from crampdetect.storage.readers.edf_fields import decimal_field, integer_field, start_time
from crampdetect.storage.readers.edf_signals import SIGNAL_BYTES, EdfSignal, parse_signals

__all__ = ["EdfHeader", "EdfSignal", "is_edf", "parse_header"]

EDF_VERSION = b"0       "
BDF_VERSION = b"\xffBIOSEMI"
FIXED_BYTES = 256


@dataclass(frozen=True, slots=True)
class EdfHeader:
    """What the header says, where it agrees with the size of the file.

    Parameters
    ----------
    path : Path
    sample_bytes : int
        2 for EDF, 3 for BDF.
    kind : str
        ``"EDF"``, ``"EDF+C"``, ``"EDF+D"`` and the same for BDF.
    header_bytes, record_bytes, records : int
    record_duration : Fraction
        In seconds.
    start : datetime or None
        Naive, whole seconds.
    recording : str
        The recording identification.
    signals : tuple of EdfSignal
    warnings : tuple of str
    """

    path: Path
    sample_bytes: int
    kind: str
    header_bytes: int
    record_bytes: int
    records: int
    record_duration: Fraction
    start: datetime | None
    recording: str
    signals: tuple[EdfSignal, ...]
    warnings: tuple[str, ...]

    def rate(self, signal: EdfSignal) -> Fraction:
        """Sampling frequency of a signal in Hz, exactly as the header says it."""
        return signal.per_record / self.record_duration


def is_edf(head: bytes) -> bool:
    """Whether a file begins as EDF or BDF does (a text table may begin with ``0`` too).

    Parameters
    ----------
    head : bytes

    Returns
    -------
    bool

    Examples
    --------
    >>> is_edf(b"0       X X X X"), is_edf(b"0       1.5\\n1       1.6\\n")
    (True, False)
    """
    return head.startswith(BDF_VERSION) or (
        head.startswith(EDF_VERSION) and b"\n" not in head[:FIXED_BYTES]
    )


def parse_header(path: Path) -> EdfHeader:
    """Read and check the header of an EDF or BDF file.

    Parameters
    ----------
    path : Path

    Returns
    -------
    EdfHeader

    Raises
    ------
    RecordingError
        Not EDF, truncated, a field that is no number, sizes that contradict one another or the
        file.
    """
    fixed, described, size = _read(path)
    count = len(described) // SIGNAL_BYTES
    sample_bytes = 3 if fixed.startswith(BDF_VERSION) else 2
    signals = parse_signals(described, count, sample_bytes, path)
    duration = decimal_field(fixed[244:252], "data record duration", path)
    if duration < 0 or (duration == 0 and not all(one.is_annotation for one in signals)):
        raise RecordingError(
            f"{path}: the header's data record duration is {float(duration):g} s, so no signal has "
            "a sampling rate; expected a duration above zero"
        )
    record_bytes = sample_bytes * sum(one.per_record for one in signals)
    header_bytes = FIXED_BYTES + SIGNAL_BYTES * count
    records, warnings = _records(fixed, size - header_bytes, record_bytes, path)
    start = start_time(fixed[168:176], fixed[176:184], fixed[88:168])
    return EdfHeader(
        path=path,
        sample_bytes=sample_bytes,
        kind=_kind(fixed, sample_bytes),
        header_bytes=header_bytes,
        record_bytes=record_bytes,
        records=records,
        record_duration=duration,
        start=start,
        recording=fixed[88:168].decode("latin-1").strip(" \0"),
        signals=signals,
        warnings=warnings,
    )


def _read(path: Path) -> tuple[bytes, bytes, int]:
    """Bytes of the fixed part, bytes of the part on signals, size of the file."""
    try:
        with path.open("rb") as file:
            fixed = file.read(FIXED_BYTES)
            if len(fixed) < FIXED_BYTES or not is_edf(fixed):
                raise RecordingError(
                    f"{path}: this is no EDF or BDF file, or its header is truncated "
                    f"({len(fixed)} of the first {FIXED_BYTES} bytes); expected an EDF header"
                )
            count = _signal_count(fixed, path)
            described = file.read(SIGNAL_BYTES * count)
        size = path.stat().st_size
    except OSError as error:
        raise RecordingError(
            f"{path}: the file cannot be read ({error}); expected a readable EDF file"
        ) from error
    if len(described) < SIGNAL_BYTES * count:
        raise RecordingError(
            f"{path}: the header is truncated: {FIXED_BYTES + len(described)} bytes found, "
            f"expected {FIXED_BYTES + SIGNAL_BYTES * count} for {count} signals"
        )
    return fixed, described, size


def _signal_count(fixed: bytes, path: Path) -> int:
    count = integer_field(fixed[252:256], "number of signals", path)
    claimed = integer_field(fixed[184:192], "number of header bytes", path)
    if count < 1:
        raise RecordingError(f"{path}: the header claims {count} signals; expected at least one")
    if claimed != FIXED_BYTES + SIGNAL_BYTES * count:
        raise RecordingError(
            f"{path}: the header claims to be {claimed} bytes long; expected "
            f"{FIXED_BYTES + SIGNAL_BYTES * count} for {count} signals"
        )
    return count


def _kind(fixed: bytes, sample_bytes: int) -> str:
    name = "BDF" if sample_bytes == 3 else "EDF"
    reserved = fixed[192:236]
    return next(
        (f"{name}+{letter}" for letter in "CD" if reserved.startswith(f"{name}+{letter}".encode())),
        name,
    )


def _records(
    fixed: bytes, data_bytes: int, record_bytes: int, path: Path
) -> tuple[int, tuple[str, ...]]:
    """Number of whole data records, and what is odd about it."""
    claimed = integer_field(fixed[236:244], "number of data records", path)
    if record_bytes == 0:
        raise RecordingError(f"{path}: every signal has zero samples; expected some in each record")
    whole, rest = divmod(data_bytes, record_bytes)
    if claimed < -1:
        raise RecordingError(
            f"{path}: the header claims {claimed} data records; expected a number above zero"
        )
    if claimed > whole:
        raise RecordingError(
            f"{path}: the file is truncated: it holds {whole} whole data records of "
            f"{record_bytes} bytes; expected {claimed} as its header claims"
        )
    if whole == 0:
        raise RecordingError(
            f"{path}: the file holds no whole data record ({data_bytes} bytes after the header); "
            f"expected at least one of {record_bytes} bytes"
        )
    if claimed > 0:
        extra = data_bytes - claimed * record_bytes
        told = f"{extra} bytes after the last data record are ignored"
        return claimed, ((f"{path}: {told}",) if extra else ())
    lost = f"; {rest} bytes of a record cut short at the end are missing" if rest else ""
    return whole, (
        f"{path}: its writer was stopped before it wrote the number of data records ({claimed}); "
        f"the {whole} whole records found are read{lost}",
    )
