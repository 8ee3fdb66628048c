"""What replay says of the log: what it keeps, and which run counts."""

from pathlib import Path

import pytest

from crampdetect.cli.main import main
from crampdetect.resources import demo_recording
from crampdetect.storage.log import open_log

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def log(tmp_path: Path) -> str:
    return str(tmp_path / "log.sqlite")


def replayed(log: str, *more: str) -> int:
    return main(["replay", str(demo_recording()), "--log", log, *more])


def test_a_repeated_replay_says_what_the_log_keeps(log: str, capsys: Capture) -> None:
    worn = ["--side", "left", "--timezone", "Europe/Berlin"]
    assert replayed(log, *worn, "--participant", "P1", "--muscle", "soleus", "--site", "mid") == 0
    capsys.readouterr()
    assert replayed(log, *worn, "--participant", "P1") == 0
    assert "keeps" not in capsys.readouterr().out
    other = ["--participant", "P2", "--muscle", "gastrocnemius", "--site", "low"]
    assert replayed(log, "--side", "left", "--timezone", "Europe/Oslo", *other) == 0
    told = capsys.readouterr().out
    kept = "Europe/Berlin as time zone, P1 as participant, soleus as muscle, mid as electrode site"
    assert f"the log keeps {kept}\n" in told


def test_the_other_leg_is_refused(log: str, capsys: Capture) -> None:
    assert replayed(log, "--side", "left") == 0
    capsys.readouterr()
    for more in ([], ["--again"], ["--profile", "strict"], ["--json"]):
        assert replayed(log, "--side", "right", *more) == 2
        told = capsys.readouterr()
        assert told.err.count("\n") == 1
        assert "one leg" in told.err and "--log" in told.err
        assert "rejected look-alikes" not in told.out and "{" not in told.out
    with open_log(log) as opened:
        assert len(opened.runs()) == 1


def test_which_run_counts_is_said(log: str, capsys: Capture) -> None:
    assert replayed(log) == 0
    capsys.readouterr()
    assert replayed(log, "--profile", "strict") == 0
    told = capsys.readouterr().out
    assert "added to the log as a new run: it is the current one now" in told
    assert "instead of profile standard" in told
    assert replayed(log) == 0
    told = capsys.readouterr().out
    assert "nothing added" in told and "the current run is profile strict" in told
    assert replayed(log, "--profile", "strict") == 0
    assert "the current run" not in capsys.readouterr().out
    with open_log(log) as opened:
        opened.pin(opened.runs()[0].run_id)
    assert replayed(log, "--profile", "sensitive") == 0
    told = capsys.readouterr().out
    assert "added to the log as a new run" in told and "the current run is profile stand" in told
