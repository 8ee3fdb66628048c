"""``crampdetect simulate``: patients, sensors, channels and worlds as asked for."""

import json
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from crampdetect.cli.main import main
from crampdetect.cli.simulate import SENSOR_NAMES
from crampdetect.detection.types import Samples
from crampdetect.simulation import NightParameters, randomised, simulate_night
from crampdetect.simulation.sensors import SENSORS, with_sensor
from crampdetect.storage.readers.edf import open_edf
from crampdetect.storage.recording import ReadOptions, RecordingFile
from crampdetect.storage.spool import Spool

Capture = pytest.CaptureFixture[str]
SHORT = ("--hours", "0.02", "--rate", "250")


def make(folder: Path, *options: str) -> list[dict[str, Any]]:
    """The truths of the nights that these options make, in order."""
    assert main(["simulate", str(folder), *options]) == 0
    return [json.loads(each.read_text()) for each in sorted(folder.glob("*.truth.json"))]


def opened(folder: Path, number: int = 1, suffix: str = "edf") -> RecordingFile:
    return open_edf(folder / f"night-{number:04d}.{suffix}", ReadOptions())


def test_the_names_of_sensors_are_those_of_the_simulator() -> None:
    assert tuple(SENSORS) == SENSOR_NAMES


def test_each_night_is_another_patient_by_default(tmp_path: Path) -> None:
    truths = make(tmp_path, *SHORT, "--nights", "3", "--seed", "7")
    assert [(each["patient"], each["night"]) for each in truths] == [(7, 0), (8, 0), (9, 0)]
    assert [each["seed"] for each in truths] == [7, 8, 9]
    assert {(each["sensor"], each["world"]) for each in truths} == {("default", "default")}
    assert list(truths[0])[-1] == "events"


def test_nights_are_spread_over_patients_in_turn(tmp_path: Path) -> None:
    truths = make(tmp_path, *SHORT, "--nights", "5", "--seed", "7", "--patients", "2")
    assert [each["patient"] for each in truths] == [7, 8, 7, 8, 7]
    assert [each["night"] for each in truths] == [0, 0, 1, 1, 2]
    assert sorted(each.name for each in tmp_path.glob("*.edf")) == [
        f"night-{number:04d}.edf" for number in range(7, 12)
    ]
    days = [opened(tmp_path, number).start_local for number in range(7, 12)]
    assert all(day is not None for day in days)
    assert len(set(days)) == 5
    # a night more changes none of those before
    more = make(tmp_path / "more", *SHORT, "--nights", "6", "--seed", "7", "--patients", "2")
    assert more[:5] == truths


@pytest.mark.parametrize("patients", ["0", "3"])
def test_patients_without_nights_are_refused(
    patients: str, tmp_path: Path, capsys: Capture
) -> None:
    argv = ["simulate", str(tmp_path / "out"), "--nights", "2", "--patients", patients]
    assert main(argv) == 2
    assert f"{patients} patients were asked for 2 nights" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_two_channels_and_no_acceleration(tmp_path: Path) -> None:
    make(tmp_path, *SHORT, "--channels", "2", "--no-acc")
    recording = opened(tmp_path)
    assert [info.channels for info in recording.signals] == [("EMG MG", "EMG LG")]
    values = [item.values for item in recording.read() if isinstance(item, Samples)]
    assert not np.array_equal(values[0][:, 0], values[0][:, 1])


@pytest.mark.parametrize(
    ("sensor", "suffix", "emg_rate", "acc_rate"),
    [
        ("ganglion", "bdf", 200, 10),
        ("umyo-base", "edf", 1116, Fraction(279, 2)),
        ("npg-lite", "edf", 500, None),
        ("bitalino", "edf", 1000, 1000),
    ],
)
def test_a_sensor_records_as_it_does(
    sensor: str, suffix: str, emg_rate: int, acc_rate: Fraction | None, tmp_path: Path
) -> None:
    (truth,) = make(tmp_path, "--hours", "0.02", "--sensor", sensor)
    assert truth["sensor"] == sensor
    recording = opened(tmp_path, suffix=suffix)
    emg, *others = recording.signals
    assert emg.nominal_sampling_frequency == emg_rate
    assert [info.nominal_sampling_frequency for info in others] == ([acc_rate] if acc_rate else [])
    assert emg.comb_filtered == (sensor == "umyo-base")
    assert emg.unit == ("a.u." if sensor == "npg-lite" else "uV")


def test_rates_that_are_asked_for_go_before_the_sensors(tmp_path: Path) -> None:
    make(tmp_path, *SHORT, "--sensor", "gforcepro", "--acc-rate", "20")
    rates = [float(info.nominal_sampling_frequency) for info in opened(tmp_path).signals]
    assert rates == [250, 20]


def test_more_cramps_are_more_cramps(tmp_path: Path) -> None:
    options = ("--hours", "1", "--rate", "200", "--acc-rate", "10", "--nights", "3")
    many = make(tmp_path / "many", *options, "--cramps-per-night", "100")
    none = make(tmp_path / "none", *options, "--cramps-per-night", "0")

    def cramps(truths: list[dict[str, Any]]) -> int:
        return sum(event["kind"] == "cramp" for truth in truths for event in truth["events"])

    assert cramps(none) == 0
    assert cramps(many) >= 3


def test_worlds_differ_and_a_random_one_is_the_patients(tmp_path: Path) -> None:
    options = ("--hours", "0.02", "--nights", "3", "--patients", "1", "--seed", "3")
    signals = {}
    for world in ("default", "random", "other", "heavy"):
        truths = make(tmp_path / world, *options, "--world", world)
        assert [(truth["world"], truth["seed"]) for truth in truths] == [(world, 3)] * 3
        signals[world] = (tmp_path / world / "night-0003.edf").read_bytes()
    assert len(set(signals.values())) >= 3
    table = with_sensor(randomised(NightParameters(duration_s=72.0), 3), "default")
    expected = json.loads(simulate_night(table, 3, 1).truth.to_json())
    second = json.loads((tmp_path / "random" / "night-0004.truth.json").read_text())
    assert {name: second[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--acc-rate", "5"], "5 Hz cannot be simulated, expected at least 10"),
        (["--rate", "100"], "expected at least 200"),
        (["--sensor", "npg-lite", "--acc-rate", "50"], "npg-lite has no accelerometer"),
        (["--acc-rate", "50", "--no-acc"], "not allowed with"),
        (["--channels", "3"], "3"),
        (["--cramps-per-night", "-1"], "0 to 100"),
        (["--cramps-per-night", "nan"], "0 to 100"),
        (["--sensor", "eeg"], "eeg"),
        (["--world", "real"], "real"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(
    options: list[str], words: str, tmp_path: Path, capsys: Capture
) -> None:
    try:
        code = main(["simulate", str(tmp_path / "out"), *options])
    except SystemExit as ended:
        code = int(str(ended.code))
    assert code == 2
    assert words in capsys.readouterr().err.splitlines()[-1]
    assert not (tmp_path / "out").exists()


def test_a_bdf_that_exists_stands_in_the_way(tmp_path: Path, capsys: Capture) -> None:
    make(tmp_path, "--hours", "0.02", "--sensor", "cyton")
    assert main(["simulate", str(tmp_path), *SHORT]) == 2
    assert "night-0001.bdf exists" in capsys.readouterr().err
    make(tmp_path, *SHORT, "--force")
    assert sorted(each.suffix for each in tmp_path.iterdir()) == [".edf", ".json"]
    make(tmp_path, "--hours", "0.02", "--sensor", "cyton", "--force")
    make(tmp_path, "--hours", "0.02", "--sensor", "cyton", "--force")
    assert sorted(each.suffix for each in tmp_path.iterdir()) == [".bdf", ".json"]


def test_a_pipe_is_told_one_line_a_night(tmp_path: Path, capsys: Capture) -> None:
    make(tmp_path, *SHORT, "--nights", "2")
    told = capsys.readouterr()
    assert told.err == ""
    assert len(told.out.splitlines()) == 2


def test_a_terminal_sees_a_bar(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    make(tmp_path, *SHORT)
    assert "night-0001.edf" in capsys.readouterr().err


@pytest.mark.parametrize("sensor", ["default", "umyo-base", "npg-lite", "cyton"])
def test_what_is_spooled_comes_back_bit_by_bit(sensor: str, tmp_path: Path) -> None:
    table = with_sensor(NightParameters(duration_s=150.0, dropouts=500.0), sensor)
    night = simulate_night(table, 5)
    items = list(night.read())
    with Spool(night.signals, tmp_path) as spool:
        for item in items:
            spool.add(item)
        assert list(spool.read()) != []
        for a, b in zip(items, spool.read(), strict=True):
            if isinstance(a, Samples):
                assert isinstance(b, Samples)
                assert (a.stream, a.start) == (b.stream, b.start)
                assert np.array_equal(a.values, b.values)
            else:
                assert a == b
    assert list(tmp_path.iterdir()) == []
