"""OpenSignals text and HDF5: transfer functions, sequence numbers, several devices."""

import importlib
import json
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from crampdetect.detection.types import Gap
from crampdetect.errors import RecordingError
from crampdetect.storage.readers.opensignals_hdf5 import open_opensignals_hdf5
from crampdetect.storage.readers.opensignals_text import open_opensignals_text
from crampdetect.storage.recording import ReadOptions, RecordingFile
from tests.readers_golden import content, opensignals, opensignals_hdf5, opensignals_rows, write

NONE = ReadOptions()
ADC = np.array([512.0, 0, 1023, 511, 600] * 40)
#: (ADC / 2^10 - 1/2) * 3.3 V / 1009 in microvolts, by the data sheet.
MICROVOLTS = (ADC / 1024 - 0.5) * 3.3 / 1009 * 1e6


def _rate(hertz: float) -> dict[str, Any]:
    return {"sampling rate": hertz}


def _text(folder: Path, text: str, options: ReadOptions = NONE) -> RecordingFile:
    return open_opensignals_text(write(folder, "night.txt", text), options)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_bitalino_counts_become_microvolts(tmp_path: Path, end: str) -> None:
    rows = opensignals_rows([i % 16 for i in range(200)], ADC.tolist())
    opened = _text(tmp_path, opensignals(rows, end=end))
    np.testing.assert_allclose(content(opened).values[:, 0], MICROVOLTS, atol=1e-9)
    (info,) = opened.signals
    assert (info.channels, info.unit) == (("EMGBITREV A1",), "uV")
    assert info.nominal_sampling_frequency == 1000
    assert info.rails[0] == pytest.approx((MICROVOLTS.min(), MICROVOLTS.max()))
    assert info.resolution[0] == pytest.approx(3.3 / 1009 / 1024 * 1e6)
    assert info.band == (25.0, 480.0)
    assert str(opened.start_local) == "2025-04-09 12:45:06.904000"
    assert (opened.start, opened.duration) == (None, Fraction(1, 5))
    assert opened.warnings == ()


def test_lost_samples_are_exact(tmp_path: Path) -> None:
    counts = [*range(14), 4, 5, 6]  # 13 -> 4: six lost (14, 15, 0, 1, 2, 3)
    rows = opensignals_rows([c % 16 for c in counts], [500 + i for i in range(len(counts))])
    opened = _text(tmp_path, opensignals(rows))
    found = content(opened)
    assert found.gaps == [Gap("emg", 14, 20, "missing")]
    assert len(found.values) == 23
    again = content(opened)
    np.testing.assert_array_equal(found.values, again.values)


def test_counter_bits_where_the_header_lists_sensors_only(tmp_path: Path) -> None:
    rows = opensignals_rows([14, 15, 0, 1, 5], [500] * 5)
    opened = _text(tmp_path, opensignals(rows, resolution=[10]))
    assert content(opened).gaps == [Gap("emg", 4, 7, "missing")]


def test_biosignalsplux_counts_on_and_has_its_own_gain(tmp_path: Path) -> None:
    rows = [[i + (5 if i > 2 else 0), 0, 32768 + i, 30000, 35000] for i in range(10)]
    text = opensignals(
        rows,
        device="biosignalsplux",
        comments="rest | ch1_gastrocnemius_medialis ch2_biceps ch3_acc_z",
        resolution=[16, 16, 16],
        channels=[1, 2, 3],
        sensor=["EMG", "EMG", "XYZ"],
        label=["CH1", "CH2", "CH3"],
        column=["nSeq", "DI", "CH1", "CH2", "CH3"],
    )
    opened = _text(tmp_path, text)
    assert opened.signals[0].channels == ("EMG CH1 gastrocnemius medialis",)
    assert content(opened).gaps == [Gap("emg", 3, 8, "missing")]
    expected = 4 / 65536 * 3.0 / 1000 * 1e6
    assert content(opened).values[-6, 0] == pytest.approx(expected)
    # Counts of an accelerometer mean nothing without a calibration.
    assert [info.stream for info in opened.signals] == ["emg"]
    assert any(
        "not calibrated" in warning and "--acc-unit" in warning for warning in opened.warnings
    )


@pytest.mark.parametrize(("z", "factor"), [(0.98, 1.0), (9.7, 1 / 9.80665)])
def test_converted_files_hold_units(tmp_path: Path, z: float, factor: float) -> None:
    rows = [[i, 0, 0.25 + i / 100, 0.1, 0.2, z] for i in range(10)]
    text = opensignals(
        rows,
        device="biosignalsplux",
        convertedValues=1,
        resolution=[16] * 4,
        sensor=["EMG", "XYZ", "XYZ", "XYZ"],
        label=["CH1", "X", "Y", "Z"],
        column=["nSeq", "DI", "CH1", "X", "Y", "Z"],
    )
    opened = _text(tmp_path, text)
    assert content(opened).values[1, 0] == pytest.approx(260.0)
    assert content(opened, "acc").values[0, 2] == pytest.approx(z * factor)


def test_several_devices_stand_side_by_side(tmp_path: Path) -> None:
    text = opensignals([[0, 0, 0, 0, 0, 512, 7, 40000], [1, 0, 0, 0, 0, 513, 9, 40000]])
    header = json.loads(text.splitlines()[1][2:])
    header["second"] = {
        "device": "biosignalsplux",
        "sampling rate": 1000,
        "resolution": [16],
        "sensor": ["EMG"],
        "label": ["calf"],
        "column": ["nSeq", "CH1"],
    }
    lines = text.splitlines()
    lines[1] = "# " + json.dumps(header)
    opened = _text(tmp_path, "\n".join(lines))
    # The second device's own counter (7, 9) lost one sample, the first one's did not.
    assert opened.signals[0].channels == ("EMG calf",)
    assert content(opened).gaps == [Gap("emg", 1, 2, "missing")]
    assert content(opened).values[0, 0] == pytest.approx((40000 / 65536 - 0.5) * 3000.0)


def test_slow_files_are_refused_with_their_rate(tmp_path: Path) -> None:
    rows = opensignals_rows(range(10), [512.0] * 10)
    with pytest.raises(RecordingError, match="has 100 Hz; expected at least 200 Hz"):
        _text(tmp_path, opensignals(rows, **_rate(100)))


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("# OpenSignals Text File Format\n# {}\n", "has no end"),
        ("# OpenSignals Text File Format\n# {\n# EndOfHeader\n", "no valid JSON"),
        (
            "# OpenSignals Text File Format\n# " + '{"a":' * 9999 + "\n# EndOfHeader\n",
            "no valid JSON",
        ),
        ("# OpenSignals Text File Format\n# {}\n# EndOfHeader\n", "names no device"),
        ('# OpenSignals Text File Format\n# {"a": {"column": 1}}\n# EndOfHeader\n', "lacks"),
        (opensignals([]), "no samples"),
        (opensignals([], **_rate(0)), "lacks its columns or sampling rate"),
        (opensignals([], sensor=["ECG"]), "no leg EMG"),
    ],
)
def test_damaged_headers(tmp_path: Path, text: str, word: str) -> None:
    with pytest.raises(RecordingError, match=word) as caught:
        _text(tmp_path, text)
    assert "night.txt" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_hdf5_holds_the_same(tmp_path: Path) -> None:
    adc = np.arange(100_000) % 65536
    counts = np.minimum(np.arange(100_000) + (np.arange(100_000) > 10) * 3, 65535)
    path = write(tmp_path, "night.h5", opensignals_hdf5(counts.tolist(), adc.tolist()))
    opened = open_opensignals_hdf5(path, ReadOptions())
    found = content(opened)
    assert found.gaps == [Gap("emg", 11, 14, "missing")]
    np.testing.assert_allclose(
        np.delete(found.values[:, 0], [11, 12, 13]), (adc / 65536 - 0.5) * 3000.0, atol=1e-9
    )
    assert opened.lengths == {"emg": 100_003}
    assert str(opened.start_local) == "2019-10-14 16:52:39.448000"


def test_hdf5_of_a_bitalino_counts_modulo_16(tmp_path: Path) -> None:
    data = opensignals_hdf5([14, 15, 2], [1, 2, 3], device="bitalino_rev")
    opened = open_opensignals_hdf5(write(tmp_path, "a.h5", data), ReadOptions())
    assert content(opened).gaps == [Gap("emg", 2, 4, "missing")]


def test_hdf5_without_h5py_names_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path, "a.h5", opensignals_hdf5(range(9), range(9)))
    monkeypatch.setitem(sys.modules, "h5py", None)
    with pytest.raises(RecordingError, match=r"pip install crampdetect\[hdf5\]"):
        open_opensignals_hdf5(path, ReadOptions())


def test_hdf5_that_is_not_from_opensignals(tmp_path: Path) -> None:
    h5py = importlib.import_module("h5py")
    path = tmp_path / "b.h5"
    with h5py.File(path, "w") as file:
        file["x"] = np.arange(3)
    with pytest.raises(RecordingError, match="not from OpenSignals"):
        open_opensignals_hdf5(path, ReadOptions())


def test_hdf5_that_claims_an_endless_night_is_refused(tmp_path: Path) -> None:
    h5py = importlib.import_module("h5py")
    path = write(tmp_path, "a.h5", opensignals_hdf5(range(9), range(9)))
    with h5py.File(path, "a") as file:
        raw = next(iter(file.values()))["raw"]
        del raw["channel_1"], raw["nSeq"]
        raw.create_dataset("channel_1", shape=(1 << 40, 1), chunks=(1 << 16, 1), dtype="u2")
    with pytest.raises(RecordingError, match="no plain column of counts"):
        open_opensignals_hdf5(path, ReadOptions())


def test_hdf5_does_not_follow_links_out_of_the_file(tmp_path: Path) -> None:
    h5py = importlib.import_module("h5py")
    other = write(tmp_path, "other.h5", opensignals_hdf5(range(9), range(9)))
    path = tmp_path / "a.h5"
    with h5py.File(path, "w") as file:
        file["device"] = h5py.ExternalLink(str(other), "00:00:00:00:00:02")
    with pytest.raises(RecordingError, match="not from OpenSignals"):
        open_opensignals_hdf5(path, ReadOptions())
