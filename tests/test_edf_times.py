"""EDF+ in time: holes, exact indices, annotations."""

from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from crampdetect.detection.types import Samples
from crampdetect.errors import RecordingError
from crampdetect.records import Annotation
from crampdetect.storage.readers.edf import open_edf
from crampdetect.storage.recording import ReadOptions
from tests.edf_building import HandFile, HandSignal, emg, ramp
from tests.edf_collecting import collected

OPTIONS = ReadOptions()


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


def test_a_hole_of_one_sample_is_a_gap_of_one_sample(tmp_path: Path) -> None:
    file = HandFile([emg(ramp(1000), 500)], 2, kind="EDF+D", onsets=["+0", "+1.002"])
    opened = open_edf(file.write(tmp_path / "a.edf"), OPTIONS)
    assert collected(opened)[1] == [(500, 501, "missing")]


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
