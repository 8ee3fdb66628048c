"""The smallest true-to-format recordings of every reader but EDF, made from numbers."""

import importlib
import io
import json
import struct
import wave
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crampdetect.detection.types import Array, Gap, Samples, Stream
from crampdetect.errors import RecordingError
from crampdetect.storage.recording import ReadOptions, RecordingFile

NONE = ReadOptions()
Open = Callable[[Path, ReadOptions], RecordingFile]


@dataclass
class Content:
    """All that `read()` gives of one stream, with NaN where it says a gap."""

    values: Array
    gaps: list[Gap]


def content(recording: RecordingFile, stream: Stream = "emg") -> Content:
    """Read one stream whole; fails where an index is missing, doubled or not finite."""
    place = 0
    pieces: list[Array] = []
    gaps: list[Gap] = []
    info = next(info for info in recording.signals if info.stream == stream)
    for item in recording.read():
        if item.stream != stream:
            continue
        assert item.start == place, (item.start, place)
        assert item.stop > item.start
        if isinstance(item, Samples):
            assert item.values.dtype == np.float64
            assert item.values.flags.c_contiguous
            assert np.isfinite(item.values).all()
            assert len(item.values) <= 60 * info.nominal_sampling_frequency
            pieces.append(item.values)
        else:
            gaps.append(item)
            pieces.append(np.full((item.stop - item.start, len(info.channels)), np.nan))
        place = item.stop
    assert place == recording.lengths[stream]
    return Content(np.concatenate(pieces), gaps)


def write(folder: Path, name: str, data: bytes | str) -> Path:
    """Put a file into a folder."""
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def opensignals(rows: Sequence[Sequence[float]], end: str = "\r\n", **changes: Any) -> str:
    """BITalino (r)evolution, one EMG on A1, as OpenSignals writes it."""
    device = {
        "position": 0,
        "device": "bitalino_rev",
        "device name": "00:00:00:00:00:01",
        "device connection": "BTH00:00:00:00:00:01",
        "sampling rate": 1000,
        "resolution": [4, 1, 1, 1, 1, 10],
        "firmware version": 1282,
        "comments": "",
        "mode": 0,
        "date": "2025-4-9",
        "time": "12:45:6.904",
        "channels": [1],
        "sensor": ["EMGBITREV"],
        "label": ["A1"],
        "column": ["nSeq", "I1", "I2", "O1", "O2", "A1"],
        "special": [{}],
        **changes,
    }
    lines = [
        "# OpenSignals Text File Format. Version 1",
        "# " + json.dumps({"00:00:00:00:00:01": device}),
        "# EndOfHeader",
        *("\t".join(f"{cell:g}" for cell in row) + "\t" for row in rows),
    ]
    return end.join(lines) + end


def opensignals_rows(counts: Sequence[int], adc: Sequence[float]) -> list[list[float]]:
    return [[count, 0, 0, 0, 0, value] for count, value in zip(counts, adc, strict=True)]


def opensignals_hdf5(
    counts: Sequence[int], adc: Sequence[int], rate: int = 1000, device: str = "channeller"
) -> bytes:
    """biosignalsplux, one EMG, as OpenSignals writes it."""
    import h5py

    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as file:
        group = file.create_group("00:00:00:00:00:02")
        group.attrs["sampling rate"] = np.int32(rate)
        group.attrs["resolution"] = np.array([16], dtype=np.int32)
        group.attrs["device"] = device
        group.attrs["date"] = "2019-10-14"
        group.attrs["time"] = "16:52:39.448"
        raw = group.create_group("raw")
        raw.create_dataset("nSeq", data=np.array(counts, dtype=np.uint16)[:, np.newaxis])
        data = raw.create_dataset("channel_1", data=np.array(adc, dtype=np.uint32)[:, np.newaxis])
        data.attrs["sensor"], data.attrs["label"] = "EMG", "PORT1_CHN1"
    return buffer.getvalue()


def shimmer(
    stamps_ms: Sequence[float], emg: Sequence[float], delimiter: str = "\t", sep: bool = True
) -> str:
    """Consensys: calibrated EMG in mV, both accelerometers in m/s^2, wide range first."""
    acc = [f"Shimmer_AB12_Accel_{kind}_{axis}_CAL" for kind in ("WR", "LN") for axis in "XYZ"]
    names = ["Shimmer_AB12_Timestamp_Unix_CAL", *acc, "Shimmer_AB12_EMG_CH1_24BIT_CAL"]
    units = ["ms", *["m/(s^2)"] * 6, "mV"]
    lines = [f'"sep={delimiter}"'] if sep else []
    lines += [delimiter.join(row) + delimiter for row in (names, units)]
    for stamp, value in zip(stamps_ms, emg, strict=True):
        cells = [repr(float(stamp)), "1.5", "0.0", "-9.80665", "0.5", "0.0", "9.80665", f"{value}"]
        lines.append(delimiter.join(cells) + delimiter)
    return "\r\n".join(lines) + "\r\n"


def discover(emg: Sequence[float], acc: Sequence[Sequence[float]], version: str = "1.6.4") -> str:
    """Trigno Discover: EMG 1259 Hz and ACC 148 Hz in one grid, the slower columns padded."""
    lines = [
        f"Application:, Trigno Discover ({version})",
        "Date/Time:, 12/6/2024 12:37:52 PM",
        f"Collection Length (seconds):, {len(emg) / 1259.2593:.6f}",
        "EMG 01 04498 (54717), , , , EKG 02 00254 (56807), ",
        "sensor mode: 45, , , , sensor mode: 45, ",
    ]
    if version < "1.5":
        lines.append(
            "EMG 1 (1259Hz), ACC X (148Hz), ACC Y (148Hz), ACC Z (148Hz), EMG 1 (1259Hz), "
        )
    else:
        lines.append("EMG 1 (mV), ACC X (G), ACC Y (G), ACC Z (G), EKG 1 (mV), ")
        lines.append("1259.2593 Hz, 148.1481 Hz, 148.1481 Hz, 148.1481 Hz, 1259.2593 Hz, ")
    for i, value in enumerate(emg):
        axes = [f"{one}" for one in acc[i]] if i < len(acc) else ["", "", ""]
        lines.append(", ".join([f"{value}", *axes, "0.5", ""]))
    return "\r\n".join(lines) + "\r\n"


def emgworks(emg: Sequence[float], acc: Sequence[float], labels: bool = False) -> bytes:
    """EMGworks: pairs of time and value; the older form lists rate and unit before."""
    names = ["Mini sensor 1: EMG 1", "Mini sensor 1: ACC.X 1"]
    lines = []
    if labels:
        for name, rate, unit in zip(names, ("1.259259e+003", "1.481481e+002"), "Vg", strict=True):
            lines.append(
                f"Label: {name} Sampling frequency: {rate} Number of points: 99 "
                f"start: 0.000000e+000 Unit: {unit} Domain Unit: s"
            )
        lines += ["Label: x: GYRO.X 1 Sampling frequency: 1 Unit: \xb0/s Domain Unit: s", ""]
    lines.append(",".join(f'X[s],"{name}"' for name in names))
    for i, value in enumerate(emg):
        cells = [f"{i * 27 / 34000:.7g}", f"{value}"]
        cells += [f"{i * 0.00675:.7g}", f"{acc[i]}"] if i < len(acc) else ["", ""]
        lines.append(",".join(cells))
    return ("\n".join(lines) + "\n").encode("latin-1")


def openbci(indices: Sequence[int], stamps: Sequence[float], version: int = 5) -> str:
    """OpenBCI GUI with a Cyton: index, 8 EXG, 3 acceleration, other columns, Unix time."""
    lines = [
        "%OpenBCI Raw EXG Data",
        "%Number of channels = 8",
        "%Sample Rate = 250 Hz",
        "%Board = OpenBCI_GUI$BoardCytonSerial",
    ]
    if version == 5:
        exg = [f"EXG Channel {i}" for i in range(8)]
        acc = [f"Accel Channel {i}" for i in range(3)]
        lines.append(", ".join(["Sample Index", *exg, *acc, "Timestamp", "Timestamp (Formatted)"]))
    lines.append(", ".join(["0"] + ["0.0"] * 11 + ["0.0", "0.0"] if version == 4 else ["0.0"] * 14))
    for row, (index, stamp) in enumerate(zip(indices, stamps, strict=True)):
        exg = [f"{row + channel / 10:.2f}" for channel in range(8)]
        unix = f"{stamp:.6f}" if version == 5 else f"{stamp * 1000:.0f}"
        cells = [f"{index}", *exg, "0.040", "0.420", "0.980", unix, "12:00:53.329"]
        lines.append(", ".join(cells))
    return "\r\n".join(lines) + "\r\n"


def brainflow(indices: Sequence[int], stamps: Sequence[float], board: str = "cyton") -> str:
    """BrainFlow's `write_file`: tab-separated, no header."""
    n_emg, width, stamp_column = {"cyton": (8, 24, 22), "ganglion": (4, 15, 13)}[board]
    lines = []
    for row, (index, stamp) in enumerate(zip(indices, stamps, strict=True)):
        cells = [0.0] * width
        cells[0], cells[stamp_column] = float(index), stamp
        cells[1 : n_emg + 1] = [row + channel / 10 for channel in range(n_emg)]
        cells[n_emg + 1 : n_emg + 4] = [0.0, 0.1, 1.0]
        lines.append("\t".join(f"{cell:.6f}" for cell in cells))
    return "\n".join(lines) + "\n"


def xdf_chunk(tag: int, body: bytes) -> bytes:
    length = len(body) + 2
    size = struct.pack("<BB", 1, length) if length < 256 else struct.pack("<BI", 4, length)
    return size + struct.pack("<H", tag) + body


def xdf_header(
    number: int, kind: str, rate: float, labels: Sequence[str], unit: str, form: str = "float32"
) -> bytes:
    channels = "".join(
        f"<channel><label>{label}</label><unit>{unit}</unit></channel>" for label in labels
    )
    xml = (
        f"<?xml version='1.0'?><info><name>Box</name><type>{kind}</type>"
        f"<channel_count>{len(labels)}</channel_count><nominal_srate>{rate}</nominal_srate>"
        f"<channel_format>{form}</channel_format><created_at>1.0</created_at>"
        f"<uid>u{number}</uid><desc><channels>{channels}</channels></desc></info>"
    )
    return xdf_chunk(2, struct.pack("<I", number) + xml.encode())


def xdf_samples(
    number: int, stamps: Sequence[float | None], values: Array, form: str = "<f4"
) -> bytes:
    """A chunk of samples; a stamp of None is left out, as LabRecorder does."""
    body = struct.pack("<IBI", number, 4, len(stamps))
    for stamp, row in zip(stamps, values, strict=True):
        body += b"\0" if stamp is None else struct.pack("<Bd", 8, stamp)
        body += row.astype(form).tobytes()
    return xdf_chunk(3, body)


def xdf(*chunks: bytes) -> bytes:
    xml = "<?xml version='1.0'?><info><version>1.0</version>"
    xml += "<datetime>2024-05-01T22:15:00+0200</datetime></info>"
    return b"XDF:" + xdf_chunk(1, xml.encode()) + b"".join(chunks)


def small_xdf() -> bytes:
    """EMG at 500 Hz and ACC at 50 Hz from 0.1 s later."""
    emg = np.arange(500.0)[:, np.newaxis]
    stamps: list[float | None] = [10.0, *[None] * 499]
    acc = np.tile([0.0, 0.0, 1.0], (40, 1))
    late: list[float | None] = [10.1 + i / 50 for i in range(40)]
    return xdf(
        xdf_header(1, "EMG", 500, ["ch1"], "millivolts"),
        xdf_header(2, "ACC", 50, ["X", "Y", "Z"], "g", "double64"),
        xdf_samples(1, stamps[:200], emg[:200]),
        xdf_samples(2, late, acc, "<f8"),
        xdf_samples(1, stamps[200:], emg[200:]),
        xdf_chunk(6, struct.pack("<I", 1) + b"<?xml version='1.0'?><info/>"),
    )


def wav(values: NDArray[Any], rate: int = 44100, bits: int = 16) -> bytes:
    """PCM by the standard library's writer; `values` of shape (n_samples, n_channels)."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(values.shape[1])
        file.setsampwidth(bits // 8)
        file.setframerate(rate)
        if bits == 8:
            data = (values + 128).astype(np.uint8).tobytes()
        elif bits == 24:
            wide = values.astype("<i4").reshape(-1, 1).view(np.uint8)
            data = np.ascontiguousarray(wide[:, :3]).tobytes()
        else:
            data = values.astype(f"<i{bits // 8}").tobytes()
        file.writeframes(data)
    return buffer.getvalue()


def plain(
    emg: Sequence[float], rate: Fraction = Fraction(1000), delimiter: str = ",", comma: bool = False
) -> str:
    """A table with time (3 to 6 decimals), EMG in mV and one axis in g."""
    lines = [delimiter.join(["time_s", "EMG [mV]", "acc_x [g]"])]
    for i, value in enumerate(emg):
        line = delimiter.join([f"{float(i / rate):.6f}", f"{value}", "1.0"])
        lines.append(line.replace(".", ",") if comma else line)
    return "\n".join(lines) + "\n"


def unix_stamps(n: int, rate: float, start: float = 1.7e9) -> list[float]:
    return [start + i / rate for i in range(n)]


def all_formats() -> dict[str, tuple[str, bytes]]:
    """One small valid file of every reader: module name to file name and bytes."""
    ramp = [float(i) for i in range(60)]
    rows = opensignals_rows([i % 16 for i in range(60)], [500 + i % 9 for i in range(60)])
    acc = [[0.0, 0.0, 1.0]] * 8
    return {
        "opensignals_text": ("a.txt", opensignals(rows).encode()),
        "opensignals_hdf5": ("a.h5", opensignals_hdf5(range(60), range(32000, 32060))),
        "shimmer_csv": (
            "a.csv",
            shimmer([1.7e12 + i * 1.953125 for i in range(60)], ramp).encode(),
        ),
        "delsys_csv": ("b.csv", discover(ramp, acc).encode()),
        "openbci_text": ("b.txt", openbci(range(60), unix_stamps(60, 250)).encode()),
        "brainflow_csv": ("c.csv", brainflow(range(60), unix_stamps(60, 250)).encode()),
        "xdf": ("a.xdf", small_xdf()),
        "wav": ("a.wav", wav(np.arange(60.0)[:, np.newaxis])),
        "plain_csv": ("d.csv", plain(ramp).encode()),
    }


def opener(module: str) -> Open:
    """The opening function of a reader."""
    function: Open = getattr(
        importlib.import_module(f"crampdetect.storage.readers.{module}"), f"open_{module}"
    )
    return function


def survives(module: str, path: Path, options: ReadOptions = NONE) -> bool:
    """Open and read a file of any content: whether it is read; any error but one is raised."""
    try:
        opened = opener(module)(path, options)
        for info in opened.signals:
            assert info.nominal_sampling_frequency > 0
            content_of_hostile(opened, info.stream)
    except RecordingError as refusal:
        assert str(path) in str(refusal), refusal
        assert "\n" not in str(refusal), refusal
        return False
    return True


def content_of_hostile(opened: RecordingFile, stream: Stream) -> None:
    """As `content`, without holding it: a hostile file may claim gaps of days."""
    place = 0
    for item in opened.read():
        if item.stream == stream:
            assert item.start == place
            assert item.stop > place
            assert not isinstance(item, Samples) or np.isfinite(item.values).all()
            place = item.stop
    assert place == opened.lengths[stream]
