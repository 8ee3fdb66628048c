"""EDF out: annotations and descriptions come back."""

from fractions import Fraction
from pathlib import Path

import numpy as np

from crampdetect.detection.types import Samples, SignalInfo
from crampdetect.records import Annotation
from crampdetect.storage.edf_writer import write_edf
from crampdetect.storage.readers.edf import open_edf
from crampdetect.storage.recording import ReadOptions
from tests.edf_collecting import gaps_of
from tests.edf_sources import START, emg_info, items_of, reading

OPTIONS = ReadOptions()


def test_many_and_long_annotations_are_not_lost(tmp_path: Path) -> None:
    marks = tuple(Annotation(i / 1000, 0.0, f"Ereignis {i} größer") for i in range(5000))
    marks += (Annotation(7.0, 1.0, "x" * 4000),)
    path = write_edf(
        tmp_path / "a.edf",
        [emg_info()],
        reading(np.zeros((3000, 1))),
        lengths={"emg": 3000},
        start_local=START,
        annotations=marks,
    )
    assert sorted(open_edf(path, OPTIONS).annotations, key=lambda m: m.onset_s) == list(marks)


def test_gap_marks_of_the_source_are_made_anew_and_not_doubled(tmp_path: Path) -> None:
    values = np.ones((2999, 1))
    path = write_edf(
        tmp_path / "a.edf",
        [emg_info(rails=((-10.0, 10.0),), resolution=(1.0,))],
        lambda: items_of("emg", values, [(10, 20)], 500),
        lengths={"emg": 2999},
        start_local=START,
        annotations=(Annotation(1.0, 0.5, "BAD_electrode"),),
    )
    first = open_edf(path, OPTIONS)
    again = write_edf(
        tmp_path / "b.edf",
        first.signals,
        first.read,
        lengths=first.lengths,
        start_local=first.start_local,
        annotations=first.annotations,
    )
    second = open_edf(again, OPTIONS)
    assert gaps_of(first) == gaps_of(second) == [(10, 20), (1000, 1500)]
    assert [m.text for m in first.annotations] == ["BAD_gap emg", "BAD_electrode"]
    # The foreign mark stays, and the gap that it made is now marked as filled too.
    texts = [m.text for m in second.annotations]
    assert sorted(texts) == ["BAD_electrode", "BAD_gap emg", "BAD_gap emg"]


def test_descriptions_come_back(tmp_path: Path) -> None:
    emg = SignalInfo(
        "emg",
        ("EMG_R_Gastrocnemius medial", "Wade außen µ"),
        Fraction("1259.259"),
        "a.u.",
        band=(20.0, 450.0),
        comb_filtered=True,
        rails=(None, (-5000.0, 5000.0)),
        resolution=(None, 0.25),
    )
    acc = SignalInfo(
        "acc",
        tuple(f"Shimmer_952D_Accel_LN_{axis}_CAL" for axis in "XYZ"),
        Fraction("148.148"),
        "g",
    )
    random = np.random.default_rng(4)
    values = random.normal(0, 100, (3000, 2)), random.normal(0, 1, (300, 3))
    path = write_edf(
        tmp_path / "a.edf",
        [emg, acc],
        lambda: iter([Samples("emg", 0, values[0]), Samples("acc", 0, values[1])]),
        lengths={"emg": 3000, "acc": 300},
        start_local=START,
    )
    opened = open_edf(path, OPTIONS)
    back, back_acc = opened.signals
    assert back.channels == emg.channels
    assert back_acc.channels == acc.channels
    assert back.band == emg.band
    assert back.comb_filtered
    assert back.unit == "a.u."
    assert back.rails == emg.rails
    assert back.resolution == emg.resolution
    assert opened.warnings == ()
    assert opened.recording_id is None


def test_channels_of_a_file_of_ours_can_be_overridden(tmp_path: Path) -> None:
    emg = SignalInfo("emg", ("1", "A2"), Fraction(1000), "uV")
    path = write_edf(
        tmp_path / "a.edf",
        [emg],
        lambda: iter([Samples("emg", 0, np.array([[1.0, 2.0]] * 1000))]),
        lengths={"emg": 1000},
        start_local=None,
    )
    assert open_edf(path, OPTIONS).signals[0].channels == ("1", "A2")
    assert open_edf(path, ReadOptions(emg=("a2",))).signals[0].channels == ("A2",)
