"""Shimmer, Delsys, OpenBCI and BrainFlow: names, units, exact rates, padding, gaps."""

from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from crampdetect.detection.types import Gap
from crampdetect.errors import RecordingError
from crampdetect.storage.readers.brainflow_csv import open_brainflow_csv
from crampdetect.storage.readers.delsys_csv import open_delsys_csv
from crampdetect.storage.readers.openbci_text import open_openbci_text
from crampdetect.storage.readers.shimmer_csv import open_shimmer_csv
from crampdetect.storage.recording import ReadOptions
from tests.readers_golden import (
    brainflow,
    content,
    discover,
    emgworks,
    openbci,
    shimmer,
    unix_stamps,
    write,
)

NONE = ReadOptions()


@pytest.mark.parametrize(
    ("delimiter", "sep"), [("\t", True), (",", True), (",", False), (";", True)]
)
def test_shimmer(tmp_path: Path, delimiter: str, sep: bool) -> None:
    stamps = [1589358747650.5 + (i + (i > 2) * 2 + (i >= 40) * 5) / 512 * 1000 for i in range(80)]
    text = shimmer(stamps, [i / 1000 for i in range(80)], delimiter, sep)
    opened = open_shimmer_csv(write(tmp_path, "s.csv", text), NONE)
    emg, acc = opened.signals
    assert emg.nominal_sampling_frequency == acc.nominal_sampling_frequency == 512
    found = content(opened)
    assert found.gaps == [Gap("emg", 3, 5, "missing"), Gap("emg", 42, 47, "missing")]
    np.testing.assert_allclose(found.values[[0, 2, 5, -1], 0], [0, 2, 3, 79])
    # Low noise is preferred over wide range, and m/s^2 become g.
    assert acc.channels[0] == "Shimmer_AB12_Accel_LN_X_CAL"
    np.testing.assert_allclose(content(opened, "acc").values[0], [0.5 / 9.80665, 0, 1])
    assert opened.start == datetime(2020, 5, 13, 8, 32, 27, 650500, tzinfo=UTC)


@pytest.mark.parametrize("divider", [16, 32, 64, 33, 40])
def test_shimmer_rates_are_fractions_of_its_clock(tmp_path: Path, divider: int) -> None:
    rate = Fraction(32768, divider)
    stamps = [1.6e12 + float(i / rate * 1000) for i in range(200)]
    opened = open_shimmer_csv(write(tmp_path, "s.csv", shimmer(stamps, [0.1] * 200)), NONE)
    assert opened.signals[0].nominal_sampling_frequency == rate
    assert opened.lengths["emg"] == 200


def test_shimmer_with_formatted_local_time(tmp_path: Path) -> None:
    rows = []
    for i in range(1500):
        lost = 9 if i >= 1200 else 0
        ms = round((i + lost) * 1000 / 512)
        rows.append(f"2024/05/01 22:15:{ms // 1000:02d}.{ms % 1000:03d}\t0.5\t")
    lines = ["sep=\t", "S_Timestamp_FormattedUnix_CAL\tS_EMG_CH1_24BIT_CAL\t"]
    lines += ["yyyy/mm/dd hh:mm:ss.000\tmV\t", *rows]
    opened = open_shimmer_csv(write(tmp_path, "s.csv", "\r\n".join(lines)), NONE)
    assert opened.signals[0].nominal_sampling_frequency == 512
    assert content(opened).gaps == [Gap("emg", 1200, 1209, "missing")]
    assert opened.start is None
    assert opened.start_local == datetime(2024, 5, 1, 22, 15)


def test_shimmer_without_emg_or_time(tmp_path: Path) -> None:
    text = shimmer([1.7e12 + i for i in range(9)], [0.0] * 9)
    with pytest.raises(RecordingError, match="no leg EMG"):
        open_shimmer_csv(write(tmp_path, "s.csv", text.replace("EMG", "ECG")), NONE)
    with pytest.raises(RecordingError, match="no time stamps"):
        open_shimmer_csv(write(tmp_path, "s.csv", text.replace("ms\t", "\t")), NONE)


@pytest.mark.parametrize("version", ["1.4.2", "1.5.0", "1.6.4"])
def test_trigno_discover(tmp_path: Path, version: str) -> None:
    acc = [[i / 10, 0.0, -1.0] for i in range(12)]
    text = discover([i / 1000 for i in range(100)], acc, version)
    opened = open_delsys_csv(write(tmp_path, "d.csv", text), NONE)
    emg, axes = opened.signals
    assert (emg.nominal_sampling_frequency, emg.unit) == (Fraction(34000, 27), "uV")
    assert (axes.nominal_sampling_frequency, axes.unit) == (Fraction(4000, 27), "g")
    # The electrocardiography sensor calls its channel EMG up to 1.4: it is none.
    assert len(emg.channels) == 1
    assert opened.warnings == ()
    np.testing.assert_allclose(content(opened).values[:, 0], np.arange(100.0))
    np.testing.assert_allclose(content(opened, "acc").values[:, 0], np.arange(12) / 10)
    assert opened.lengths == {"emg": 100, "acc": 12}
    assert opened.duration == Fraction(12 * 27, 4000)
    assert opened.start_local == datetime(2024, 12, 6, 12, 37, 52)


def test_trigno_discover_with_time_series_periods_and_events(tmp_path: Path) -> None:
    lines = [
        "Application:, Trigno Discover (2.1.0.7)",
        "Date/Time:, 2026/09/29 15:50:51",
        "Collection Length (seconds):, 0.005",
        "R GASTROC (111), , , , HR Strap (6)",
        "sensor mode: 65, , , , sensor mode: 0",
        "EMG 1 Time Series (s), EMG 1 (mV), ACC X Time Series (s), ACC X (G), HR (bpm)",
        ", 2148.1481 Hz, , 74.0741 Hz, -1 Hz",
        ", 0.000466 s, , 0.0135 s, , Type, Name",
        "0, 0.5, 0, 1.0, 60, General, E1",
        "0.0004655, 0.6, 0.0135, 0.9, ",
        "0.000931, 0.7, , , ",
    ]
    opened = open_delsys_csv(write(tmp_path, "d.csv", "\n".join(lines)), NONE)
    emg, acc = opened.signals
    assert emg.channels == ("EMG 1 (R GASTROC (111))",)
    assert emg.nominal_sampling_frequency == Fraction(58000, 27)
    assert acc.nominal_sampling_frequency == Fraction(2000, 27)
    assert content(opened).values[:, 0].tolist() == [500, 600, 700]
    assert content(opened, "acc").values[:, 0].tolist() == [1.0, 0.9]


def test_padding_that_spans_blocks_is_no_signal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crampdetect.storage.readers.text_lines.BLOCK_BYTES", 997)
    acc = [[0.0, 0.0, float(i)] for i in range(350)]
    acc[100] = [float("nan")] * 3
    text = discover([float(i) for i in range(3000)], acc).replace("nan, nan, nan", ", , ")
    opened = open_delsys_csv(write(tmp_path, "d.csv", text), NONE)
    assert opened.lengths == {"emg": 3000, "acc": 350}
    assert content(opened, "acc").gaps == [Gap("acc", 100, 101, "nan")]


@pytest.mark.parametrize("labels", [False, True])
def test_emgworks(tmp_path: Path, labels: bool) -> None:
    data = emgworks([i * 1e-6 for i in range(400)], [0.5] * 47, labels)
    opened = open_delsys_csv(write(tmp_path, "e.csv", data), NONE)
    emg, acc = opened.signals
    assert emg.nominal_sampling_frequency == Fraction(34000, 27)
    assert acc.nominal_sampling_frequency == Fraction(4000, 27)
    np.testing.assert_allclose(content(opened).values[:, 0], np.arange(400.0))
    assert opened.lengths == {"emg": 400, "acc": 47}


def test_delsys_rows_in_time_order(tmp_path: Path) -> None:
    text = discover([0.1] * 130_000, [[0.0, 0.0, 1.0]] * 15_294)
    opened = open_delsys_csv(write(tmp_path, "d.csv", text), NONE)
    seconds = {"emg": 0.0, "acc": 0.0}
    rates = {info.stream: float(info.nominal_sampling_frequency) for info in opened.signals}
    for item in opened.read():
        assert item.start / rates[item.stream] >= max(seconds.values()) - 60.001
        seconds[item.stream] = item.start / rates[item.stream]


@pytest.mark.parametrize("version", [4, 5])
def test_openbci(tmp_path: Path, version: int) -> None:
    index = np.arange(1500)
    index[700:] += 20
    index[1000:] += 256 + 3
    text = openbci((index % 256).tolist(), (1.7e9 + index / 250).tolist(), version)
    opened = open_openbci_text(write(tmp_path, "o.txt", text), NONE)
    emg = opened.signals[0]
    assert (emg.channels, emg.unit) == (("EXG Channel 0",), "uV")
    assert emg.nominal_sampling_frequency == 250
    assert emg.capability == "envelope"
    found = content(opened)
    assert found.gaps == [Gap("emg", 700, 720, "missing"), Gap("emg", 1020, 1279, "missing")]
    assert found.values[[0, 1, -1], 0].tolist() == [0, 1, 1499]
    assert content(opened, "acc").values[0].tolist() == [0.04, 0.42, 0.98]
    assert opened.start == datetime.fromtimestamp(1.7e9, UTC)
    assert any("--emg" in warning for warning in opened.warnings)


def test_openbci_channel_by_name_and_number(tmp_path: Path) -> None:
    path = write(tmp_path, "o.txt", openbci(range(9), unix_stamps(9, 250)))
    for wanted in ("EXG Channel 2", "exg channel 2", "3"):
        opened = open_openbci_text(path, ReadOptions(emg=(wanted,)))
        assert opened.signals[0].channels == ("EXG Channel 2",)
        assert content(opened).values[0, 0] == pytest.approx(0.2)


def test_openbci_daisy_is_too_slow(tmp_path: Path) -> None:
    text = openbci(range(9), unix_stamps(9, 125)).replace("= 250 Hz", "= 125 Hz")
    with pytest.raises(RecordingError, match="has 125 Hz; expected at least 200 Hz"):
        open_openbci_text(write(tmp_path, "o.txt", text), NONE)


def test_brainflow_cyton(tmp_path: Path) -> None:
    index = np.arange(900)
    index[300:] += 2
    stamps = 1.7e9 + np.ceil(index / 10) * 10 / 250  # ten arrive at once
    text = brainflow((index % 256).tolist(), stamps.tolist())
    opened = open_brainflow_csv(write(tmp_path, "b.csv", text), NONE)
    assert opened.format == "BrainFlow CSV (Cyton)"
    assert opened.signals[0].nominal_sampling_frequency == 250
    assert content(opened).gaps == [Gap("emg", 300, 302, "missing")]
    assert content(opened, "acc").values[0].tolist() == [0.0, 0.1, 1.0]
    wifi = brainflow((index % 256).tolist(), unix_stamps(900, 1000))
    opened = open_brainflow_csv(write(tmp_path, "b.csv", wifi), NONE)
    assert opened.signals[0].nominal_sampling_frequency == 1000


def test_brainflow_ganglion_sends_two_samples_a_packet(tmp_path: Path) -> None:
    packets = np.delete(np.arange(700), [350, 351])
    counts = np.repeat(packets % 100, 2)
    stamps = 1.7e9 + np.repeat(packets, 2) / 100
    text = brainflow(counts.tolist(), stamps.tolist(), "ganglion")
    opened = open_brainflow_csv(write(tmp_path, "g.csv", text), NONE)
    assert opened.signals[0].nominal_sampling_frequency == 200
    assert content(opened).gaps == [Gap("emg", 700, 704, "missing")]
    assert opened.lengths == {"emg": 1400, "acc": 1400}


def test_brainflow_rate_that_no_board_has(tmp_path: Path) -> None:
    text = brainflow(range(300), unix_stamps(300, 500))
    path = write(tmp_path, "b.csv", text)
    with pytest.raises(RecordingError, match=r"500 Hz, which no Cyton has.*expected --rate"):
        open_brainflow_csv(path, NONE)
    opened = open_brainflow_csv(path, ReadOptions(rate=Fraction(500)))
    assert opened.signals[0].nominal_sampling_frequency == 500
