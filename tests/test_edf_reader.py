"""EDF and BDF in: values, times, gaps and what a person is told."""

import tracemalloc
from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from crampdetect.detection.types import Array, Gap, Samples, Stream
from crampdetect.errors import RecordingError
from crampdetect.records import Annotation
from crampdetect.storage.readers.edf import open_edf
from crampdetect.storage.recording import BLOCK_SECONDS, ReadOptions, RecordingFile
from tests.edf_building import HandFile, HandSignal, emg, ramp

OPTIONS = ReadOptions()


def collected(
    file: RecordingFile, stream: Stream = "emg"
) -> tuple[Array, list[tuple[int, int, str]]]:
    """All values (NaN in gaps) and all gaps of one stream; checks that indices are complete."""
    width = len(next(one for one in file.signals if one.stream == stream).channels)
    values = np.full((file.lengths[stream], width), np.nan)
    gaps = []
    reached = 0
    for item in file.read():
        if item.stream != stream:
            continue
        assert item.start == reached
        reached = item.stop
        if isinstance(item, Gap):
            gaps.append((item.start, item.stop, item.cause))
        else:
            assert item.values.flags.c_contiguous
            assert item.values.dtype == np.float64
            values[item.start : item.stop] = item.values
    assert reached == file.lengths[stream]
    return values, gaps


def test_values_units_rails_and_rates_are_the_files(tmp_path: Path) -> None:
    acc = [
        HandSignal(f"ACC {axis}", ramp(300) // (i + 1), 100, "g", ("-16", "15.9995"))
        for i, axis in enumerate("XYZ")
    ]
    millivolt = HandSignal(
        "EMG Gastroc",
        ramp(3000),
        1000,
        "mV",
        ("-3.2768", "3.2767"),
        prefiltering="HP:20Hz LP:450Hz",
    )
    path = HandFile([millivolt, *acc], 3).write(tmp_path / "a.edf")
    file = open_edf(path, OPTIONS)
    values, gaps = collected(file)
    np.testing.assert_allclose(values[:, 0], ramp(3000) * 0.1, atol=1e-9)
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


def test_holes_of_a_discontinuous_file_are_missing(tmp_path: Path) -> None:
    file = HandFile([emg(ramp(2000), 500)], 4, kind="EDF+D", onsets=["+0", "+1", "+3.5", "+4.5"])
    opened = open_edf(file.write(tmp_path / "a.edf"), OPTIONS)
    values, gaps = collected(opened)
    assert opened.format == "EDF+D"
    assert gaps == [(1000, 1750, "missing")]
    np.testing.assert_allclose(values[1750:, 0], ramp(2000)[1000:] * 0.1, atol=1e-9)
    assert opened.duration == Fraction(11, 2)


@pytest.mark.parametrize("onsets", [["+0", "+1", "+1.5"], ["+5", "+6", "+4"]])
def test_overlapping_records_are_refused(tmp_path: Path, onsets: list[str]) -> None:
    file = HandFile([emg(ramp(1500), 500)], 3, kind="EDF+D", onsets=onsets)
    with pytest.raises(RecordingError, match=r"a\.edf: data record 3 begins at .* expected"):
        open_edf(file.write(tmp_path / "a.edf"), OPTIONS)


@pytest.mark.parametrize("digits", [4, 5])
def test_rounded_onsets_of_records_that_touch_are_no_holes(tmp_path: Path, digits: int) -> None:
    onsets = [f"+{round(i * 0.02701, digits)}" for i in range(20)]
    file = HandFile([emg(ramp(680), 34)], 20, duration="0.02701", kind="EDF+D", onsets=onsets)
    opened = open_edf(file.write(tmp_path / "a.edf"), OPTIONS)
    assert collected(opened)[1] == []
    assert opened.lengths == {"emg": 680}


def test_onsets_rounded_to_milliseconds_do_not_overlap(tmp_path: Path) -> None:
    onsets = ["+0", "+1", "+1.9995", "+3"]
    file = HandFile([emg(ramp(8000), 2000)], 4, kind="EDF+D", onsets=onsets)
    opened = open_edf(file.write(tmp_path / "a.edf"), OPTIONS)
    assert collected(opened)[1] == []


EXACT_RATES = [
    # rate, record duration, samples of a record
    (Fraction(200), "1", 200),
    (Fraction(250), "1", 250),
    (Fraction(256), "1", 256),
    (Fraction(500), "1", 500),
    (Fraction(512), "1", 512),
    (Fraction(1000), "1", 1000),
    (Fraction(1024), "1", 1024),
    (Fraction(1116), "1", 1116),
    (Fraction("1259.259"), "1000", 1259259),
    (Fraction(34000, 27), "0.027", 34),
    (Fraction(2000), "1", 2000),
    (Fraction(2148), "1", 2148),
]


@pytest.mark.parametrize(("rate", "duration", "per_record"), EXACT_RATES)
def test_an_impulse_at_hour_8_has_its_exact_index(
    tmp_path: Path, rate: Fraction, duration: str, per_record: int
) -> None:
    hour_8 = 8 * 3600
    # The last record that begins on or before hour 8; the hole before it is not in the file.
    record = int(hour_8 / Fraction(duration))
    onset = record * Fraction(duration)
    index = int(hour_8 * rate)
    digital = np.zeros(2 * per_record, np.int32)
    digital[per_record + index - int(onset * rate)] = 30_000
    onsets = ["+0", f"+{float(onset):.10g}"]
    file = HandFile([emg(digital, per_record)], 2, duration, kind="EDF+D", onsets=onsets)
    opened = open_edf(file.write(tmp_path / "a.edf"), OPTIONS)
    assert opened.signals[0].nominal_sampling_frequency == rate
    found = [
        item.start + int(np.argmax(item.values[:, 0]))
        for item in opened.read()
        if isinstance(item, Samples) and item.values.max() > 2999
    ]
    assert found == [index]
    assert abs(found[0] / rate - hour_8) < 1 / rate


def test_bad_annotations_become_gaps_of_every_stream(tmp_path: Path) -> None:
    acc = HandSignal("ACC X", ramp(300), 100, "g")
    tals: dict[int, Sequence[bytes]] = {
        1: [b"+1.0004\x150.0106\x14bad_electrode\x14\0", b"+2.5\x14Lights off\x14\0"]
    }
    file = HandFile([emg(ramp(3000), 1000), acc], 3, kind="EDF+C", tals=tals)
    opened = open_edf(file.write(tmp_path / "a.edf"), OPTIONS)
    # Start is the sample at or before the onset, stop the one at or after the end.
    assert collected(opened)[1] == [(1000, 1011, "bad_annotation")]
    assert collected(opened, "acc")[1] == [(100, 102, "bad_annotation")]
    assert opened.annotations == (
        Annotation(1.0004, 0.0106, "bad_electrode"),
        Annotation(2.5, 0.0, "Lights off"),
    )


def test_bad_annotations_may_overlap_each_other_holes_and_the_ends(tmp_path: Path) -> None:
    tals: dict[int, Sequence[bytes]] = {
        0: [b"-1\x151.1\x14BAD_start\x14\0", b"+0.9\x152.2\x14BAD_a\x14\0"],
        1: [b"+3\x150.2\x14Bad_b\x14\0", b"+3.9\x1550\x14BAD_end\x14\0"],
    }
    file = HandFile([emg(ramp(2000), 1000)], 2, kind="EDF+D", onsets=["+0", "+3"], tals=tals)
    opened = open_edf(file.write(tmp_path / "a.edf"), OPTIONS)
    assert collected(opened)[1] == [
        (0, 100, "bad_annotation"),
        (900, 1000, "bad_annotation"),
        (1000, 3000, "missing"),
        (3000, 3200, "bad_annotation"),
        (3900, 4000, "bad_annotation"),
    ]


def test_the_fraction_of_the_start_second_shifts_the_start_and_not_the_annotations(
    tmp_path: Path,
) -> None:
    tals: dict[int, Sequence[bytes]] = {0: [b"+0.75\x141 beat\x14\0"]}
    file = HandFile([emg(ramp(2000), 1000)], 2, kind="EDF+C", onsets=["+0.25", "+1.25"], tals=tals)
    opened = open_edf(file.write(tmp_path / "a.edf"), OPTIONS)
    assert opened.start_local == datetime(2026, 3, 14, 2, 10, 0, 250_000)
    assert opened.annotations == (Annotation(0.5, 0.0, "1 beat"),)


def test_texts_of_annotations_are_utf_8_several_to_an_entry(tmp_path: Path) -> None:
    tals: dict[int, Sequence[bytes]] = {
        0: ["+0.5\x14Krampf im Fuß\x14très fort\x14\0".encode(), b"+0.6\x14Fu\xdf\x14\0"]
    }
    file = HandFile([emg(ramp(1000), 1000)], 1, kind="EDF+C", tals=tals)
    opened = open_edf(file.write(tmp_path / "a.edf"), OPTIONS)
    assert [one.text for one in opened.annotations] == ["Krampf im Fuß", "très fort", "Fuß"]


def test_malformed_annotations_are_counted_and_not_fatal(tmp_path: Path) -> None:
    tals: dict[int, Sequence[bytes]] = {
        0: [b"noise\0", b"+1.5.5\x14x\x14\0", b"+0.5\x14kept\x14\0"]
    }
    file = HandFile([emg(ramp(1000), 1000)], 1, kind="EDF+C", tals=tals)
    opened = open_edf(file.write(tmp_path / "a.edf"), OPTIONS)
    assert [one.text for one in opened.annotations] == ["kept"]
    assert any("2 annotations are not in EDF+ form" in said for said in opened.warnings)


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
