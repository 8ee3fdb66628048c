"""The JSON header of OpenSignals text files: devices, their columns, resolutions and counters."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from crampdetect.errors import RecordingError
from crampdetect.storage.readers.opensignals_sensors import rate_of
from crampdetect.storage.readers.selection import refuse_many_columns
from crampdetect.storage.readers.text_columns import MAX_COLUMNS

__all__ = ["Device", "read_devices"]

#: The sequence number in a BITalino frame (BITalino MCU data sheet, 2016).
BITALINO_COUNTER_BITS = 4


@dataclass(frozen=True, slots=True)
class Device:
    """One device of the header and where its columns begin.

    Parameters
    ----------
    header : dict
        Its entries.
    rate : Fraction
        In Hz.
    first : int
        Place of its first column among those of all devices.
    columns : tuple of str
    """

    header: dict[str, object]
    rate: Fraction
    first: int
    columns: tuple[str, ...]

    @property
    def kind(self) -> str:
        """For example ``"bitalino_rev"`` or ``"biosignalsplux"``."""
        return str(self.header.get("device", ""))

    def words(self, key: str) -> list[str]:
        """An entry that is a list, as text."""
        value = self.header.get(key)
        return [str(part) for part in value] if isinstance(value, list) else []

    def bits(self, column: int, sensor: int) -> int:
        """Resolution of a column: listed for every column (BITalino) or every sensor (PLUX)."""
        listed = self.words("resolution")
        place = column if len(listed) == len(self.columns) else sensor
        usual = 10 if self.kind.startswith("bitalino") else 16
        return _bits(listed, place) or usual

    @property
    def counter_modulus(self) -> int | None:
        """BITalino counts modulo 2^4 and says so in the first resolution; PLUX counts on."""
        if not self.kind.startswith("bitalino"):
            return None
        listed = self.words("resolution")
        said = _bits(listed, 0) if len(listed) == len(self.columns) else 0
        return 1 << (said or BITALINO_COUNTER_BITS)


def _bits(listed: Sequence[str], place: int) -> int:
    """One entry of the resolutions, 0 where there is none."""
    text = listed[place] if place < len(listed) else ""
    return int(text) if text.isdecimal() and 0 < int(text[:3]) <= 32 and len(text) < 3 else 0


def read_devices(path: Path, header: Sequence[str]) -> list[Device]:
    """Read the devices of an OpenSignals text header, in the order of their columns.

    Parameters
    ----------
    path : Path
    header : sequence of str
        The lines before its end.

    Returns
    -------
    list of Device
        At least one.

    Raises
    ------
    RecordingError
        No valid JSON, no device, or one without columns or sampling rate.
    """
    texts = [line.lstrip("# ") for line in header if line.lstrip("# ").startswith("{")]
    try:
        parsed = json.loads(texts[0]) if texts else None
    except (ValueError, RecursionError) as error:
        raise RecordingError(
            f"{path}: the OpenSignals header is no valid JSON ({error}); expected one JSON line"
        ) from error
    devices: list[Device] = []
    first = 0
    for entry in parsed.values() if isinstance(parsed, dict) else ():
        if not isinstance(entry, dict):
            continue
        columns = entry.get("column")
        rate = rate_of(entry.get("sampling rate"))
        if not isinstance(columns, list) or rate is None:
            raise RecordingError(
                f"{path}: a device of the OpenSignals header lacks its columns or sampling rate; "
                "expected both"
            )
        devices.append(Device(entry, rate, first, tuple(str(name) for name in columns)))
        first += len(columns)
    refuse_many_columns(path, first, MAX_COLUMNS)
    if not first:
        raise RecordingError(
            f"{path}: the OpenSignals header names no device; expected at least one"
        )
    return devices
