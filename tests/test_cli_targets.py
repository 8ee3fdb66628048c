"""What commands write replaces nothing unasked, and never the log."""

import os
from pathlib import Path

import pytest

from crampdetect.cli.main import main
from crampdetect.cli.targets import refuse_log
from crampdetect.resources import demo_recording

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "log.sqlite"
    assert main(["replay", str(demo_recording()), "--log", str(path)]) == 0
    return path


def exported(log: Path, out: Path, *more: str) -> int:
    return main(["export", "--format", "csv", "--log", str(log), "--out", str(out), *more])


def test_an_export_replaces_a_file_only_by_force(
    log: Path, tmp_path: Path, capsys: Capture
) -> None:
    out = tmp_path / "mine.csv"
    out.write_text("mine")
    capsys.readouterr()
    assert exported(log, out) == 2
    told = capsys.readouterr().err
    assert "mine.csv" in told and "--force" in told
    assert out.read_text() == "mine"
    assert exported(log, out, "--force") == 0
    assert out.read_text().startswith('"night",')


def test_an_export_never_replaces_the_log(log: Path, tmp_path: Path, capsys: Capture) -> None:
    link = tmp_path / "link.csv"
    os.link(log, link)
    before = log.read_bytes()
    capsys.readouterr()
    for name in ("log.sqlite", "link.csv", "log.sqlite-wal", "log.sqlite-shm", "x/../log.sqlite"):
        (tmp_path / "x").mkdir(exist_ok=True)
        assert exported(log, tmp_path / name, "--force") == 2
        assert "episode log" in capsys.readouterr().err
    assert log.read_bytes() == before
    assert not (tmp_path / "log.sqlite-wal").exists()


def test_the_log_of_the_environment_is_a_log_too(
    log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRAMPDETECT_LOG", str(log))
    assert main(["export", "--format", "csv", "--out", str(log), "--force"]) == 2


def test_a_server_has_no_file_to_protect(tmp_path: Path) -> None:
    refuse_log(tmp_path / "a.csv", "postgresql://host/name")


def test_a_folder_is_no_target_even_by_force(log: Path, tmp_path: Path) -> None:
    assert exported(log, tmp_path, "--force") == 2
