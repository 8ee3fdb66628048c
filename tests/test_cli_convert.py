"""``convert``: the same night in another file, and never over the recording itself."""

import json
from pathlib import Path

import pytest

from crampdetect.cli.main import main
from crampdetect.resources import demo_recording
from crampdetect.storage.log import open_log
from crampdetect.storage.readers import open_recording

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def log(tmp_path: Path) -> str:
    return str(tmp_path / "log.sqlite")


def test_a_converted_recording_is_the_same_night(log: str, tmp_path: Path, capsys: Capture) -> None:
    out = tmp_path / "converted.edf"
    assert main(["convert", str(demo_recording()), str(out)]) == 0
    assert main(["replay", str(demo_recording()), "--json", "--log", log]) == 0
    first = json.loads(capsys.readouterr().out.partition("\n")[2])
    assert main(["replay", str(out), "--json", "--log", log]) == 0
    second = json.loads(capsys.readouterr().out)
    for one in (first, second):
        del one["recording"]["path"]
    assert first == second
    with open_log(log) as opened:
        assert len(opened.runs()) == 1


def test_convert_marks_episodes_unless_told_not_to(tmp_path: Path, capsys: Capture) -> None:
    out = tmp_path / "converted.edf"
    assert main(["convert", str(demo_recording()), str(out)]) == 0
    assert "cramp" in {each.text for each in open_recording(out).annotations}
    assert main(["convert", str(demo_recording()), str(out), "--no-episodes"]) == 2
    assert "--force" in capsys.readouterr().err
    assert main(["convert", str(demo_recording()), str(out), "--no-episodes", "--force"]) == 0
    assert "cramp" not in {each.text for each in open_recording(out).annotations}


def test_convert_never_replaces_the_recording_itself(tmp_path: Path) -> None:
    copy = tmp_path / "night.bdf"
    copy.write_bytes(demo_recording().read_bytes())
    before = copy.read_bytes()
    # night.edf could become night.bdf, if 16 bits did not suffice.
    for out in ("night.bdf", "night.edf"):
        assert main(["convert", str(copy), str(tmp_path / out), "--force"]) == 2
    assert copy.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["night.bdf"]


def test_a_file_of_others_keeps_its_identity_and_its_own_marks(
    tmp_path: Path, capsys: Capture
) -> None:
    table = tmp_path / "night.csv"
    rows = "".join(f"{(-1) ** k * 0.002:.4f}\n" for k in range(20_000))
    table.write_text("EMG calf (mV)\n" + rows)
    given = ["--rate", "1000", "--unit", "mV"]
    assert main(["replay", str(table), "--json", "--no-log", *given]) == 0
    expected = json.loads(capsys.readouterr().out)["recording"]["id"]
    out = tmp_path / "night.edf"
    assert main(["convert", str(table), str(out), "--no-episodes", *given]) == 0
    assert open_recording(out).recording_id == expected
