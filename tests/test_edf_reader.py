"""EDF and BDF in: values, times, gaps and what a person is told."""

import tracemalloc
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from crampdetect.detection.types import Samples
from crampdetect.storage.readers.edf import open_edf
from crampdetect.storage.recording import BLOCK_SECONDS, ReadOptions
from tests.edf_building import HandFile, HandSignal, emg, ramp
from tests.edf_collecting import collected

OPTIONS = ReadOptions()


def test_values_units_rails_and_rates_are_the_files(tmp_path: Path) -> None:
    acc = [
        HandSignal(f"ACC {axis}", ramp(300) // (i + 1), 100, "g", ("-16", "15.9995"))
        for i, axis in enumerate("XYZ")
    ]
    # A rest that a muscle can have, so that no warning is due.
    quiet = ramp(3000) // 100
    millivolt = HandSignal(
        "EMG Gastroc",
        quiet,
        1000,
        "mV",
        ("-3.2768", "3.2767"),
        prefiltering="HP:20Hz LP:450Hz",
    )
    path = HandFile([millivolt, *acc], 3).write(tmp_path / "a.edf")
    file = open_edf(path, OPTIONS)
    values, gaps = collected(file)
    np.testing.assert_allclose(values[:, 0], quiet * 0.1, atol=1e-9)
    assert not gaps
    assert file.format == "EDF"
    emg_info, acc_info = file.signals
    assert emg_info.nominal_sampling_frequency == 1000
    assert emg_info.unit == "uV"
    assert emg_info.rails == ((-3276.8, 3276.7),)
    assert emg_info.resolution == (0.1,)
    assert emg_info.band == (20.0, 450.0)
    assert acc_info.channels == ("ACC X", "ACC Y", "ACC Z")
    gravity, _ = collected(file, "acc")
    np.testing.assert_allclose(gravity[:, 1], -16 + (ramp(300) // 2 + 32768) * 31.9995 / 65535)
    assert file.duration == 3
    assert file.start_local == datetime(2026, 3, 14, 2, 10)
    assert file.start is None
    assert file.warnings == ()


def test_reading_twice_gives_the_same(tmp_path: Path) -> None:
    file = open_edf(HandFile([emg(ramp(5000), 1000)], 5).write(tmp_path / "a.edf"), OPTIONS)
    first, _ = collected(file)
    second, _ = collected(file)
    np.testing.assert_array_equal(first, second)


def test_24_bit_values_keep_their_sign(tmp_path: Path) -> None:
    digital = np.array([-8388608, -1, 0, 1, 8388607, 65536, -65537, 256] * 125, np.int32)
    signal = HandSignal(
        "EMG Leg", digital, 500, "uV", ("-8388608", "8388607"), ("-8388608", "8388607")
    )
    file = open_edf(HandFile([signal], 2, sample_bytes=3).write(tmp_path / "a.bdf"), OPTIONS)
    np.testing.assert_array_equal(collected(file)[0][:, 0], digital)
    assert file.format == "BDF"


def test_an_inverted_physical_range_is_a_polarity(tmp_path: Path) -> None:
    signal = emg(ramp(1000), 1000)
    signal.physical = ("3276.8", "-3276.7")
    file = open_edf(HandFile([signal], 1).write(tmp_path / "a.edf"), OPTIONS)
    np.testing.assert_allclose(collected(file)[0][:, 0], -0.1 * ramp(1000), atol=1e-9)
    assert file.signals[0].rails == ((-3276.7, 3276.8),)
    assert file.signals[0].resolution == (0.1,)


@pytest.mark.parametrize("per_record", [250, 40_000])
def test_blocks_are_a_minute_at_most_and_streams_take_turns(
    tmp_path: Path, per_record: int
) -> None:
    records = 300 if per_record == 250 else 2
    duration = str(per_record // 250)
    acc_per_record = per_record // 10
    acc = HandSignal("ACC X", ramp(records * acc_per_record), acc_per_record, "g")
    signal = emg(ramp(records * per_record), per_record)
    file = open_edf(HandFile([signal, acc], records, duration).write(tmp_path / "a.edf"), OPTIONS)
    reached = {"emg": 0.0, "acc": 0.0}
    for item in file.read():
        rate = 250 if item.stream == "emg" else 25
        assert isinstance(item, Samples)
        assert item.stop - item.start <= BLOCK_SECONDS * rate
        reached[item.stream] = item.stop / rate
        assert abs(reached["emg"] - reached["acc"]) <= BLOCK_SECONDS
    values, _ = collected(file)
    np.testing.assert_allclose(values[:, 0], ramp(records * per_record) * 0.1, atol=1e-9)
    gravity, _ = collected(file, "acc")
    np.testing.assert_allclose(gravity[:, 0], ramp(records * acc_per_record) * 0.1, atol=1e-9)


def test_blocks_need_not_begin_with_a_record(tmp_path: Path) -> None:
    # 60 s are no whole number of records of 0.7 s.
    file = HandFile([emg(ramp(350 * 250), 350)], 250, duration="0.7")
    values, _ = collected(open_edf(file.write(tmp_path / "a.edf"), OPTIONS))
    np.testing.assert_allclose(values[:, 0], ramp(350 * 250) * 0.1, atol=1e-9)


@pytest.mark.parametrize(
    ("date", "recording", "expected"),
    [
        ("31.12.99", "X", datetime(1999, 12, 31, 2, 10)),
        ("01.01.84", "X", datetime(2084, 1, 1, 2, 10)),
        ("01.01.yy", "Startdate 01-JAN-2090 X X X", None),
        ("01.01.90", "Startdate 01-JAN-2090 X X X", datetime(2090, 1, 1, 2, 10)),
        ("00.00.00", "X", None),
        ("14.03.26", "Startdate X X X X", None),
    ],
)
def test_start_dates(tmp_path: Path, date: str, recording: str, expected: datetime | None) -> None:
    file = HandFile([emg(ramp(1000), 1000)], 1, date=date, recording=recording)
    assert open_edf(file.write(tmp_path / "a.edf"), OPTIONS).start_local == expected


def test_a_killed_writers_file_is_read_as_far_as_it_is_whole(tmp_path: Path) -> None:
    raw = HandFile([emg(ramp(3000), 1000)], 3, claimed="-1").encode()
    path = tmp_path / "a.edf"
    path.write_bytes(raw[:-500])
    opened = open_edf(path, OPTIONS)
    assert opened.lengths == {"emg": 2000}
    assert any("2 whole records" in w and "1500 bytes" in w for w in opened.warnings)


def test_bytes_beyond_the_last_record_are_told(tmp_path: Path) -> None:
    path = tmp_path / "a.edf"
    path.write_bytes(HandFile([emg(ramp(1000), 1000)], 1).encode() + b"more")
    opened = open_edf(path, OPTIONS)
    assert opened.lengths == {"emg": 1000}
    assert any("4 bytes after the last data record" in said for said in opened.warnings)


def test_an_unknown_unit_is_arbitrary_and_told(tmp_path: Path) -> None:
    signal = emg(ramp(1000), 1000)
    signal.unit = "counts"
    path = HandFile([signal], 1).write(tmp_path / "a.edf")
    opened = open_edf(path, OPTIONS)
    assert opened.signals[0].unit == "a.u."
    assert any("'counts'" in said and "--unit" in said for said in opened.warnings)
    corrected = open_edf(path, ReadOptions(unit="mV"))
    assert corrected.signals[0].unit == "uV"
    np.testing.assert_allclose(collected(corrected)[0], 1000 * collected(opened)[0])


def test_a_micro_sign_of_latin_1_is_a_micro_sign(tmp_path: Path) -> None:
    signal = emg(ramp(1000), 1000)
    signal.unit = b"\xb5V"
    file = HandFile([signal], 1)
    assert open_edf(file.write(tmp_path / "a.edf"), OPTIONS).signals[0].unit == "uV"


def test_a_unit_that_cannot_be_true_is_a_warning_and_no_factor(tmp_path: Path) -> None:
    noise = np.random.default_rng(0).normal(0, 50, 60_000).astype(np.int32)
    signal = emg(noise, 1000)
    signal.unit = "V"
    opened = open_edf(HandFile([signal], 60).write(tmp_path / "a.edf"), OPTIONS)
    assert any("which no muscle shows" in said for said in opened.warnings)
    np.testing.assert_allclose(collected(opened)[0][:, 0], noise * 1e5, rtol=1e-12)


def test_channels_can_be_overridden(tmp_path: Path) -> None:
    signals = [emg(ramp(1000) // n, 1000, label) for n, label in ((1, "EMG Leg L"), (2, "Aux"))]
    path = HandFile(signals, 1).write(tmp_path / "a.edf")
    opened = open_edf(path, ReadOptions(emg=("aux",)))
    assert opened.signals[0].channels == ("Aux",)
    assert opened.channels_available == ("EMG Leg L", "Aux")
    np.testing.assert_allclose(collected(opened)[0][:, 0], (ramp(1000) // 2) * 0.1, atol=1e-9)


def test_memory_does_not_grow_with_the_night(tmp_path: Path) -> None:
    def peak(hours: int) -> int:
        path = tmp_path / f"{hours}.edf"
        seconds = 3600 * hours
        head = HandFile([emg(np.zeros(0, np.int32), 500)], 0, claimed=str(seconds)).encode()
        with path.open("wb") as file:
            file.write(head)
            file.truncate(len(head) + seconds * 1000)
        opened = open_edf(path, OPTIONS)
        tracemalloc.start()
        total = sum(item.stop - item.start for item in opened.read())
        _, highest = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert total == seconds * 500
        return highest

    assert peak(12) <= 1.1 * peak(1)
