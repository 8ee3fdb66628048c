"""OpenSignals text files of BITalino and biosignalsplux (PLUX): JSON header, tab-separated rows."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from crampdetect.detection.types import Array
from crampdetect.errors import RecordingError
from crampdetect.storage.readers.grid import Table
from crampdetect.storage.readers.grid_recording import grid_recording
from crampdetect.storage.readers.losses import CounterLoss, Loss, NoLoss
from crampdetect.storage.readers.opensignals_header import Device, read_devices
from crampdetect.storage.readers.opensignals_sensors import (
    BITALINO_BAND,
    converted_acc_unit,
    device_start,
    muscle_names,
    sensor_channel,
)
from crampdetect.storage.readers.packet_numbers import counts_at
from crampdetect.storage.readers.selection import Channel, select_streams
from crampdetect.storage.readers.text_columns import Layout, TextGrid, is_number
from crampdetect.storage.readers.text_lines import TextFile
from crampdetect.storage.recording import ReadOptions, RecordingFile

__all__ = ["open_opensignals_text", "recognises"]

_MAGIC = b"# OpenSignals Text File Format"
_END = "# EndOfHeader"


def recognises(head: bytes) -> bool:
    """Whether a file begins as an OpenSignals text file.

    Examples
    --------
    >>> recognises(b"# OpenSignals Text File Format. Version 1\\r\\n# {}")
    True
    """
    return head.removeprefix(b"\xef\xbb\xbf").startswith(_MAGIC)


def open_opensignals_text(path: Path, options: ReadOptions) -> RecordingFile:
    """Open an OpenSignals text file.

    EMG counts become microvolts by the sensor's transfer function; converted files hold mV.
    Acceleration in counts is not calibrated and left out. The sequence number (4 bits on BITalino)
    tells lost samples exactly.

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
        A damaged header, no EMG, or a rate below 200 Hz.
    """
    file = TextFile(path)
    lines = file.head()
    ends = [i for i, line in enumerate(lines) if line.startswith(_END)]
    if not ends:
        raise RecordingError(f"{path}: the OpenSignals header has no end; expected {_END!r}")
    devices = read_devices(path, lines[: ends[0]])
    layout = Layout(header_lines=ends[0] + 1, delimiter="\t")
    rows = _first_rows(lines[ends[0] + 1 :], devices[-1].first + len(devices[-1].columns))
    channels = [channel for device in devices for channel in _channels(device, rows)]
    if options.rate is not None:
        channels = [replace(channel, rate=options.rate) for channel in channels]
    bitalino = any(device.kind.startswith("bitalino") for device in devices)
    chosen = select_streams(channels, options, path, band=BITALINO_BAND if bitalino else None)
    device = _owner(devices, chosen.streams[0].columns[0])
    loss = _loss(device, rows)
    table = Table(TextGrid(file, layout), chosen.streams, loss)
    return grid_recording(
        path,
        "OpenSignals text",
        [table],
        start_local=device_start(device.header),
        warnings=chosen.warnings,
        channels_available=[channel.name for channel in channels],
    )


def _first_rows(lines: Sequence[str], width: int) -> Array:
    """The rows of the head as numbers, NaN where there is none: they show what columns hold."""
    rows = [line.split("\t") for line in lines if line.strip()]
    values = [
        [float(row[i]) if i < len(row) and is_number(row[i]) else np.nan for i in range(width)]
        for row in rows
    ]
    return np.array(values, dtype=np.float64).reshape(len(rows), width)


def _channels(device: Device, rows: Array) -> list[Channel]:
    """The sensors of one device; they are its last columns."""
    sensors, labels = device.words("sensor"), device.words("label")
    muscles = muscle_names(str(device.header.get("comments", "")))
    count = min(len(sensors), len(device.columns))
    first = len(device.columns) - count
    spans = range(device.first + first, device.first + first + count)
    converted = bool(device.header.get("convertedValues")) or _look_converted(rows[:, spans])
    acc_unit = converted_acc_unit(rows[:, spans], sensors[:count]) if converted else ""
    numbers = device.words("channels")
    channels = []
    for i in range(count):
        number = int(numbers[i]) if i < len(numbers) and numbers[i].isdecimal() else i + 1
        label = labels[i] if i < len(labels) else device.columns[first + i]
        parts = [sensors[i], "" if label == sensors[i] else label, muscles.get(number, "")]
        channels.append(
            sensor_channel(
                " ".join(part for part in parts if part),
                device.rate,
                spans[i],
                sensor=sensors[i],
                device=device.kind,
                bits=device.bits(first + i, i),
                converted_unit=acc_unit if converted else None,
            )
        )
    return channels


def _look_converted(values: Array) -> bool:
    """Converter counts are whole and not negative; anything else holds units already."""
    known = values[np.isfinite(values)]
    return bool(np.any((known < 0) | (known != np.rint(known))))


def _owner(devices: Sequence[Device], column: int) -> Device:
    return next(device for device in reversed(devices) if device.first <= column)


def _loss(device: Device, rows: Array) -> Loss:
    if not device.columns or device.columns[0] != "nSeq" or not counts_at(rows[:, device.first]):
        return NoLoss()
    return CounterLoss(device.first, device.counter_modulus)
