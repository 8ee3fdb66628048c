"""What crampdetect writes, three other programs read alike; what they write, crampdetect reads."""

from collections.abc import Iterator
from datetime import datetime
from fractions import Fraction
from pathlib import Path

import edfio
import mne
import numpy as np
import pyedflib
import pytest

from crampdetect.detection.types import Array, Gap, Samples, SignalInfo
from crampdetect.records import Annotation
from crampdetect.storage.edf_writer import write_edf
from crampdetect.storage.readers.edf import open_edf
from crampdetect.storage.recording import ReadOptions

START = datetime(2026, 3, 14, 2, 10, 0, 250_000)
STEP_UV, STEP_G = 0.1, 8 / 65535
MARK = Annotation(1.25, 0.5, "Krampf im Fuß")
ROUNDED, THIRD = Fraction("1259.259"), Fraction(4000, 27)
COMBINATIONS = [
    (rate, acc_rate)
    for rate in [
        *(Fraction(hertz) for hertz in (200, 250, 256, 500, 512, 1000, 1024, 1116)),
        ROUNDED,
        Fraction(34000, 27),
        Fraction(2000),
        Fraction(2148),
    ]
    for acc_rate in [Fraction(25), Fraction(50), Fraction(100), Fraction("148.148"), THIRD]
    # The rounded rate of a sensor beside the exact one: refused, see test_edf_writer.
    if (rate, acc_rate) != (ROUNDED, THIRD)
]

# 24 bits with two of the five: the time axis is made by the same code.
CASES = [
    (rate, acc_rate, suffix)
    for rate, acc_rate in COMBINATIONS
    for suffix in ((".edf", ".bdf") if acc_rate in (100, Fraction("148.148")) else (".edf",))
]


def written(
    folder: Path, rate: Fraction, acc_rate: Fraction, suffix: str
) -> tuple[Path, Array, Array]:
    """Three seconds with a gap in each stream, and what a reader should find (0 in the gaps)."""
    random = np.random.default_rng(int(rate))
    emg = np.clip(random.normal(0, 300, (int(3 * rate), 1)), -3276, 3276)
    acc = random.uniform(-4, 4, (int(3 * acc_rate), 3))

    def read() -> Iterator[Samples | Gap]:
        yield Samples("emg", 0, emg[:150])
        yield Gap("emg", 150, 170, "missing")
        yield Samples("acc", 0, acc[:20])
        yield Gap("acc", 20, 21, "missing")
        yield Samples("emg", 170, emg[170:])
        yield Samples("acc", 21, acc[21:])

    path = write_edf(
        folder / f"a{suffix}",
        [
            SignalInfo(
                "emg", ("EMG Gastroc",), rate, "uV", None, False, ((-3276.8, 3276.7),), (STEP_UV,)
            ),
            SignalInfo("acc", ("ACC X", "ACC Y", "ACC Z"), acc_rate, "g", rails=((-4.0, 4.0),) * 3),
        ],
        read,
        lengths={"emg": len(emg), "acc": len(acc)},
        start_local=START,
        annotations=(MARK,),
        recording_id="0b9b7a52-6a3e-4c3c-9d56-2f5d1f3b1a11",
    )
    emg[150:170] = 0
    acc[20] = 0
    return path, emg, acc


def within_half_a_step(found: Array, truth: Array, step: float) -> None:
    assert np.abs(found[: len(truth)] - truth).max() <= step / 2 * 1.001
    # The rest of the last record is filled with what is nearest to zero.
    assert np.abs(found[len(truth) :]).max(initial=0) <= step / 2


@pytest.mark.parametrize(("rate", "acc_rate", "suffix"), CASES)
def test_edfio_pyedflib_and_mne_read_the_same(
    tmp_path: Path, rate: Fraction, acc_rate: Fraction, suffix: str
) -> None:
    path, emg, acc = written(tmp_path, rate, acc_rate, suffix)
    check_edfio(path, emg, acc, rate, acc_rate)
    check_pyedflib(path, emg, acc, rate, acc_rate)
    check_mne(path, emg, acc, rate, acc_rate)


def check_edfio(path: Path, emg: Array, acc: Array, rate: Fraction, acc_rate: Fraction) -> None:
    file = edfio.read_bdf(path) if path.suffix == ".bdf" else edfio.read_edf(path)
    signals: tuple[edfio.EdfSignal | edfio.BdfSignal, ...] = file.signals
    assert [one.label for one in signals] == ["EMG Gastroc", "ACC X", "ACC Y", "ACC Z"]
    for one, truth in zip(signals, (rate, *[acc_rate] * 3), strict=True):
        assert one.sampling_frequency == pytest.approx(float(truth), rel=1.001e-8)
    within_half_a_step(signals[0].data, emg[:, 0], STEP_UV)
    for i in range(3):
        within_half_a_step(signals[1 + i].data, acc[:, i], STEP_G)
    assert file.startdate == START.date()
    assert file.starttime == START.time()
    check_marks([(one.onset, one.duration or 0, one.text) for one in file.annotations], rate)


def check_pyedflib(path: Path, emg: Array, acc: Array, rate: Fraction, acc_rate: Fraction) -> None:
    with pyedflib.EdfReader(str(path)) as file:
        assert file.getSignalLabels() == ["EMG Gastroc", "ACC X", "ACC Y", "ACC Z"]
        assert file.getPhysicalDimension(0) == "uV"
        assert file.getSampleFrequency(0) == pytest.approx(float(rate), rel=1.001e-8)
        assert file.getSampleFrequency(1) == pytest.approx(float(acc_rate), rel=1.001e-8)
        # pyedflib 0.1.42 divides the fraction by 100 instead of 10: the whole second is compared.
        assert file.getStartdatetime().replace(microsecond=0) == START.replace(microsecond=0)
        within_half_a_step(file.readSignal(0), emg[:, 0], STEP_UV)
        for i in range(3):
            within_half_a_step(file.readSignal(1 + i), acc[:, i], STEP_G)
        marks = zip(*file.readAnnotations(), strict=True)
        check_marks([(onset, max(length, 0), text) for onset, length, text in marks], rate)


def check_mne(path: Path, emg: Array, acc: Array, rate: Fraction, acc_rate: Fraction) -> None:
    read = mne.io.read_raw_bdf if path.suffix == ".bdf" else mne.io.read_raw_edf
    raw = read(path, include=["EMG Gastroc"], verbose="error")
    assert raw.info["sfreq"] == pytest.approx(float(rate), rel=1.001e-8)
    within_half_a_step(raw.get_data()[0] * 1e6, emg[:, 0], STEP_UV)
    check_marks(
        [(one["onset"], one["duration"], one["description"]) for one in raw.annotations], rate
    )
    raw = read(path, include=["ACC X", "ACC Y", "ACC Z"], verbose="error")
    assert raw.info["sfreq"] == pytest.approx(float(acc_rate), rel=1.001e-8)
    data = raw.get_data()
    for i in range(3):
        within_half_a_step(data[i], acc[:, i], STEP_G)


def check_marks(marks: list[tuple[float, float, str]], rate: Fraction) -> None:
    assert [m for m in marks if m[2] == MARK.text] == [(MARK.onset_s, MARK.duration_s, MARK.text)]
    gap = next(m for m in marks if m[2] == "BAD_gap emg")
    assert gap[:2] == pytest.approx((150 / rate, 20 / rate), abs=1e-6)


def test_a_file_of_edfio_is_read_with_the_same_values(tmp_path: Path) -> None:
    data = np.random.default_rng(7).normal(0, 100, 5120)
    signal = edfio.EdfSignal(data, 512, label="EMG Leg L", physical_dimension="uV")
    path = tmp_path / "a.edf"
    edfio.Edf([signal], annotations=[edfio.EdfAnnotation(2.5, 0.25, "BAD_move")]).write(path)
    opened = open_edf(path, ReadOptions())
    found = [item for item in opened.read() if isinstance(item, Samples)]
    assert [(item.start, item.stop) for item in found] == [(0, 1280), (1408, 5120)]
    truth = edfio.read_edf(path).signals[0].data
    np.testing.assert_allclose(found[1].values[:, 0], truth[1408:], atol=1e-10)


def test_a_bdf_file_of_pyedflib_is_read_with_the_same_values(tmp_path: Path) -> None:
    path = tmp_path / "a.bdf"
    data = np.random.default_rng(8).normal(0, 100, 5000)
    header = pyedflib.highlevel.make_signal_header(
        "EMG Calf", "uV", 1000, -5000, 5000, -8388608, 8388607
    )
    with pyedflib.EdfWriter(str(path), 1, pyedflib.FILETYPE_BDFPLUS) as file:
        file.setSignalHeaders([header])
        file.writeSamples([data])
        file.writeAnnotation(1.5, 0.1, "cramp")
    opened = open_edf(path, ReadOptions())
    values = np.concatenate([i.values for i in opened.read() if isinstance(i, Samples)])
    np.testing.assert_allclose(values[:, 0], data, atol=10_000 / (1 << 24))
    assert opened.annotations == (Annotation(1.5, 0.1, "cramp"),)
    assert opened.format == "BDF+C"
