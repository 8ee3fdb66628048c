"""OpenSignals HDF5 files (PLUX): one group a device, counts as columns; read with h5py (extra)."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from crampdetect.errors import RecordingError
from crampdetect.storage.readers.grid import Table
from crampdetect.storage.readers.grid_recording import grid_recording
from crampdetect.storage.readers.hdf5_columns import Hdf5Grid, count_rows, is_own, opened_hdf5
from crampdetect.storage.readers.losses import CounterLoss, NoLoss
from crampdetect.storage.readers.opensignals_sensors import (
    BITALINO_BAND,
    device_start,
    muscle_names,
    rate_of,
    sensor_channel,
)
from crampdetect.storage.readers.selection import Channel, select_streams
from crampdetect.storage.recording import ReadOptions, RecordingFile

__all__ = ["open_opensignals_hdf5", "recognises"]

_MAGIC = b"\x89HDF\r\n\x1a\n"
_COUNTER = "nSeq"


def recognises(head: bytes) -> bool:
    """Whether a file begins as HDF5 (OpenSignals is told apart when it is opened).

    Examples
    --------
    >>> recognises(b"\\x89HDF\\r\\n\\x1a\\n....")
    True
    """
    return head.startswith(_MAGIC)


def open_opensignals_hdf5(path: Path, options: ReadOptions) -> RecordingFile:
    """Open an OpenSignals HDF5 file; EMG counts become microvolts, as in the text files.

    Parameters
    ----------
    path : Path
    options : ReadOptions

    Returns
    -------
    RecordingFile

    Raises
    ------
    RecordingError
        h5py is not installed, the file is damaged or of another program, has no EMG, or a rate
        below 200 Hz.
    """
    with opened_hdf5(path) as file:
        devices = [_device(file, name) for name in list(file)[:64]]
    found = [device for device in devices if device is not None]
    if not found:
        raise RecordingError(f"{path}: this HDF5 file is not from OpenSignals; expected its groups")
    first_columns = np.cumsum([0, *(len(device.datasets) for device in found)]).tolist()
    channels = [
        channel
        for device, first in zip(found, first_columns, strict=False)
        for channel in device.channels(first, options.rate)
    ]
    bitalino = any(device.kind.startswith("bitalino") for device in found)
    chosen = select_streams(channels, options, path, band=BITALINO_BAND if bitalino else None)
    order = max(i for i in range(len(found)) if first_columns[i] <= chosen.streams[0].columns[0])
    device, first = found[order], first_columns[order]
    names = tuple(name for one in found for name in one.datasets)
    loss = CounterLoss(first, device.modulus) if device.has_counter else NoLoss()
    return grid_recording(
        path,
        "OpenSignals HDF5",
        [Table(Hdf5Grid(path, names, device.n_rows), chosen.streams, loss)],
        start_local=device_start(device.header),
        warnings=chosen.warnings,
        channels_available=[channel.name for channel in channels],
    )


@dataclass(frozen=True, slots=True)
class _Device:
    """One device: header attributes, paths of its datasets (counter first) and their labels."""

    header: dict[str, object]
    rate: Fraction
    n_rows: int
    datasets: tuple[str, ...]
    sensors: tuple[tuple[str, str], ...]
    has_counter: bool

    @property
    def kind(self) -> str:
        return str(self.header.get("device", ""))

    @property
    def modulus(self) -> int | None:
        return 16 if self.kind.startswith("bitalino") else None

    def channels(self, first: int, rate: Fraction | None) -> list[Channel]:
        """Its sensors; `first` is the column of its first dataset."""
        bits = [int(b) for b in np.ravel(np.asarray(self.header.get("resolution", [])))[:64]]
        muscles = muscle_names(str(self.header.get("comments", "")))
        usual = 10 if self.kind.startswith("bitalino") else 16
        # The resolution of counter and digital lines comes first, that of the sensors last.
        own = bits[-len(self.sensors) :] if len(bits) >= len(self.sensors) else []
        channels = []
        for i, (sensor, label) in enumerate(self.sensors):
            parts = [sensor, "" if label == sensor else label, muscles.get(i + 1, "")]
            n_bits = own[i] if own and 0 < own[i] <= 32 else usual
            channels.append(
                sensor_channel(
                    " ".join(part for part in parts if part),
                    rate or self.rate,
                    first + self.has_counter + i,
                    sensor=sensor,
                    device=self.kind,
                    bits=n_bits,
                )
            )
        return channels


def _device(file: Any, name: str) -> _Device | None:  # noqa: ANN401 - h5py has no types
    """A device's group, or None where it is something else."""
    group = file[name] if is_own(file, name) else None
    if group is None or not hasattr(group, "items") or not is_own(group, "raw"):
        return None
    header = {str(key): group.attrs[key] for key in list(group.attrs)[:64]}
    number = np.ravel(np.asarray(header.get("sampling rate", 0)))
    rate = rate_of(number[0].item()) if number.size == 1 else None
    raw = group["raw"]
    names = sorted(
        (key for key in list(raw)[:256] if key.startswith("channel_") and is_own(raw, key)),
        key=lambda key: (len(key), key),
    )
    if rate is None or not names:
        return None
    has_counter = _COUNTER in raw and is_own(raw, _COUNTER)
    stored = [_COUNTER, *names] if has_counter else names
    n_rows = min(count_rows(file, raw[key]) for key in stored)
    sensors = tuple(
        (_text(raw[key].attrs.get("sensor", "")), _text(raw[key].attrs.get("label", key)))
        for key in names
    )
    paths = tuple(f"{name}/raw/{key}" for key in stored)
    return _Device(header, rate, n_rows, paths, sensors, has_counter)


def _text(value: object) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
