"""The commands on the demo night, from file to log and out again."""

import csv
import json
from pathlib import Path

import pytest

from crampdetect.cli.main import main
from crampdetect.resources import demo_recording
from crampdetect.storage.log import open_log

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def log(tmp_path: Path) -> str:
    return str(tmp_path / "log.sqlite")


@pytest.fixture(autouse=True)
def nobodys_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test may touch the log of the person who runs it."""
    monkeypatch.setenv("CRAMPDETECT_LOG", str(tmp_path / "default" / "log.sqlite"))
    monkeypatch.delenv("CRAMPDETECT_TIMEZONE", raising=False)
    monkeypatch.delenv("CRAMPDETECT_TRACEBACK", raising=False)


def replayed(log: str, *more: str) -> int:
    zone = "Europe/Berlin"
    return main(["replay", str(demo_recording()), "--log", log, "--timezone", zone, *more])


def test_replay_tells_the_night_and_adds_it_once(log: str, capsys: Capture) -> None:
    assert replayed(log) == 0
    told = capsys.readouterr()
    assert "Saturday 14 March 2026 02:10 to 02:40 (Europe/Berlin)" in told.out
    assert "an excerpt: counts without a rate" in told.out
    assert "simulated: no person was recorded" in told.out
    assert "not a medical device" in told.out
    assert "added to the log" in told.out
    assert told.err == ""
    assert replayed(log) == 0
    assert "was in the log already: nothing added" in capsys.readouterr().out
    assert replayed(log, "--again") == 0
    assert "added to the log as a new run" in capsys.readouterr().out
    with open_log(log) as opened:
        (night,) = opened.nights()
        assert len(opened.runs()) == 2
        assert night.recording.timezone == "Europe/Berlin"


def test_what_is_printed_is_what_is_logged(log: str, capsys: Capture) -> None:
    replayed(log)
    printed = capsys.readouterr().out
    with open_log(log) as opened:
        found = opened.episodes(kinds=("cramp", "unsure"))
    assert found, "the demo night has clear cramps"
    for row in found:
        assert row.episode.onset is not None
        assert f"{row.episode.onset:%H:%M:%S}  {row.episode.kind}" in printed


def test_the_wearer_reaches_the_log(log: str) -> None:
    more = ["--participant", "P07", "--side", "left", "--muscle", "soleus", "--site", "mid calf"]
    assert replayed(log, *more) == 0
    with open_log(log) as opened:
        (record,) = opened.recordings()
    worn = (record.participant, record.side, record.muscle, record.electrode_site)
    assert worn == ("P07", "left", "soleus", "mid calf")


def test_json_is_one_document_and_several_files_are_a_list(log: str, capsys: Capture) -> None:
    demo = str(demo_recording())
    assert main(["replay", demo, "--json", "--no-log"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["schema"] == 1
    assert main(["replay", demo, demo, "--json", "--log", log]) == 0
    assert json.loads(capsys.readouterr().out) == [document, document]
    with open_log(log) as opened:
        assert len(opened.nights()) == 1


def test_a_refused_file_among_others(log: str, tmp_path: Path, capsys: Capture) -> None:
    bad = tmp_path / "bad.edf"
    bad.write_bytes(b"0" * 300)
    files = [str(bad), str(demo_recording()), str(tmp_path / "missing.edf")]
    assert main(["replay", *files, "--json", "--log", log]) == 2
    told = capsys.readouterr()
    assert len(json.loads(told.out)) == 1
    assert len(told.err.splitlines()) == 2
    assert "bad.edf" in told.err and "missing.edf" in told.err
    with open_log(log) as opened:
        assert [row.recording.path for row in opened.nights()] == [str(demo_recording())]


def test_a_refused_file_alone_makes_no_log_and_prints_nothing(log: str, capsys: Capture) -> None:
    assert main(["replay", "missing.edf", "--json", "--log", log]) == 2
    assert capsys.readouterr().out == ""
    assert not Path(log).exists()


def test_the_demo_night_is_logged_only_where_asked(log: str, tmp_path: Path) -> None:
    assert main(["replay", "--demo"]) == 0
    assert not (tmp_path / "default").exists()
    assert main(["replay", "--demo", "--log", log]) == 0
    with open_log(log) as opened:
        assert len(opened.nights()) == 1


def test_info_says_what_would_be_used(capsys: Capture) -> None:
    assert main(["info", str(demo_recording())]) == 0
    told = capsys.readouterr().out
    assert "EMG Gastroc: 500 Hz, uV, reduced spectrum" in told
    assert "2026-03-14 02:10:00, zone unknown" in told
    assert main(["info", str(demo_recording()), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["duration_s"] == 1800.0
    assert [each["stream"] for each in document["signals"]] == ["emg", "acc"]


def test_log_and_episodes_list_what_replay_found(log: str, capsys: Capture) -> None:
    replayed(log)
    capsys.readouterr()
    assert main(["log", "--log", log]) == 0
    told = capsys.readouterr().out
    assert "2026-03-13" in told and "excerpt" in told  # 02:10 belongs to the evening before
    assert main(["log", "--log", log, "--since", "2026-03-14"]) == 0
    assert "no nights" in capsys.readouterr().out
    assert main(["episodes", "--log", log]) == 0
    cramps = [line.split() for line in capsys.readouterr().out.splitlines()[1:]]
    assert main(["episodes", "--log", log, "--kind", "all"]) == 0
    every = [line.split() for line in capsys.readouterr().out.splitlines()[1:]]
    assert {"cramp"} <= {line[2] for line in cramps} <= {"cramp", "unsure"}
    assert cramps == [line for line in every if line[2] in ("cramp", "unsure")] != every
    assert main(["episodes", "--log", log, "--until", "2026-03-12"]) == 0
    assert "no such episodes" in capsys.readouterr().out


def test_export_to_stdout_and_to_a_private_file(log: str, tmp_path: Path, capsys: Capture) -> None:
    replayed(log)
    capsys.readouterr()
    assert main(["export", "--format", "csv", "--kind", "cramp", "--log", log]) == 0
    rows = list(csv.DictReader(capsys.readouterr().out.splitlines()))
    assert rows and {row["kind"] for row in rows} == {"cramp"}
    out = tmp_path / "nights.csv"
    nights = ["export", "--format", "csv", "--what", "nights", "--out", str(out), "--log", log]
    assert main(nights) == 0
    assert out.stat().st_mode & 0o777 == 0o600
    assert len(out.read_text().splitlines()) == 2
    assert main(["export", "--format", "json", "--log", log]) == 0
    assert len(json.loads(capsys.readouterr().out)["episodes"]) > len(rows)
    assert main(["export", "--format", "json", "--what", "nights", "--log", log]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["episodes"] == [] and len(document["recordings"]) == 1


def test_simulate_writes_nights_that_replay_reads(tmp_path: Path, capsys: Capture) -> None:
    options = ["--hours", "0.05", "--rate", "500", "--seed", "4", "--nights", "2"]
    assert main(["simulate", str(tmp_path), *options]) == 0
    names = sorted(each.name for each in tmp_path.iterdir())
    assert names == [
        "night-0004.edf", "night-0004.truth.json", "night-0005.edf", "night-0005.truth.json",
    ]  # fmt: skip
    assert json.loads((tmp_path / names[1]).read_text())["seed"] == 4
    first = (tmp_path / names[0]).read_bytes()
    (tmp_path / names[0]).unlink()  # what stands in the way is the second night
    capsys.readouterr()
    assert main(["simulate", str(tmp_path), *options]) == 2
    assert "--force" in capsys.readouterr().err
    assert sorted(each.name for each in tmp_path.iterdir()) == names[1:]
    assert main(["simulate", str(tmp_path), *options, "--force"]) == 0
    assert (tmp_path / names[0]).read_bytes() == first
    capsys.readouterr()
    assert main(["replay", str(tmp_path / names[0]), "--no-log"]) == 0
    assert "simulated: no person" in capsys.readouterr().out


def test_pictures_of_several_files_go_into_a_folder(tmp_path: Path) -> None:
    demo = str(demo_recording())
    copy = tmp_path / "copy.edf"
    copy.write_bytes(demo_recording().read_bytes())
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    assert main(["replay", demo, str(copy), "--no-log", "--plot", str(pictures)]) == 0
    names = sorted(each.name for each in pictures.iterdir())
    assert names == ["copy.edf.png", "demo-night.edf.png"]
    assert all(each.read_bytes()[:4] == b"\x89PNG" for each in pictures.iterdir())
