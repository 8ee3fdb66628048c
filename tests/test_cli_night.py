"""``crampdetect night``, ``recover`` and ``forget`` as programs: signals, kills, the log."""

import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from crampdetect.cli.main import main
from crampdetect.storage.capture_reader import read_capture
from crampdetect.storage.log import open_log


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Options of a demo night that touches nothing but the test's folder."""
    monkeypatch.setenv("CRAMPDETECT_CONFIG", str(tmp_path / "none.toml"))
    log, folder = str(tmp_path / "log.sqlite"), str(tmp_path / "captures")
    return ["--folder", folder, "--log", log]


def started(asked: list[str], *more: str) -> "subprocess.Popen[str]":
    words = [sys.executable, "-m", "crampdetect", "night", "--device", "demo", "--no-check"]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    return subprocess.Popen(
        [*words, *asked, *more],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
        stdin=subprocess.DEVNULL,
    )


def grown(folder: Path, size: int) -> Path:
    """The capture, once it has so many bytes."""
    for _ in range(1200):
        found = list(folder.glob("*.mcap")) if folder.is_dir() else []
        if found and found[0].stat().st_size > size:
            return found[0]
        time.sleep(0.05)
    raise AssertionError("the capture does not grow")


def nights_in(asked: list[str]) -> list[str]:
    with open_log(asked[3]) as log:
        return [str(night.recording.id) for night in log.nights()]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_night_and_it_is_logged_once(
    asked: list[str], number: signal.Signals
) -> None:
    child = started(asked, "--speed", "200")
    path = grown(Path(asked[1]), 150_000)
    child.send_signal(number)
    child.send_signal(number)
    out, err = child.communicate(timeout=120)
    assert child.returncode == 0, err
    assert "\r" not in err  # nobody watches a pipe
    assert read_capture(path).end in ("interrupted", "terminated")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "added to the log" in out
    assert len(nights_in(asked)) == 1
    assert main(["replay", str(path), "--log", asked[3]]) == 0
    assert len(nights_in(asked)) == 1


def test_a_killed_night_is_recovered_once(
    asked: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    child = started(asked, "--speed", "200")
    path = grown(Path(asked[1]), 150_000)
    child.kill()
    child.communicate(timeout=60)
    assert read_capture(path).end is None
    assert main(["recover", *asked]) == 0
    assert "recovered" in capsys.readouterr().out
    assert read_capture(path).end == "recovered"
    assert main(["recover", *asked]) == 0
    assert "no night" in capsys.readouterr().out
    assert main(["replay", str(path), "--log", asked[3]]) == 0
    assert len(nights_in(asked)) == 1


def test_a_night_is_forgotten_everywhere(
    asked: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    child = started(asked, "--speed", "200")
    path = grown(Path(asked[1]), 100_000)
    child.send_signal(signal.SIGINT)
    child.communicate(timeout=120)
    assert main(["forget", *asked]) == 0
    assert path.stem in capsys.readouterr().out
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdin.isatty", lambda: False, raising=False)
        assert main(["forget", path.stem, *asked]) == 2
    assert path.exists()
    assert main(["forget", path.stem, "--yes", *asked]) == 0
    assert not path.exists()
    assert nights_in(asked) == []


def test_no_sensor_is_one_sentence(asked: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["night", *asked]) == 2
    assert "crampdetect setup" in capsys.readouterr().err
    assert main(["night", "--device", "x", "--kind", "toaster", *asked]) == 2
    assert "toaster" in capsys.readouterr().err
