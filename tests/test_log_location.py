"""Where the log is, and who may read it."""

import os
import stat
from pathlib import Path

import pytest

from crampdetect.errors import LogError
from crampdetect.storage.log import open_log
from crampdetect.storage.log_location import log_location, sqlite_file
from tests.test_log_examples import example_replay


def test_the_option_wins_over_the_environment_and_that_over_the_default(tmp_path: Path) -> None:
    named = {"CRAMPDETECT_LOG": str(tmp_path / "b.sqlite")}
    assert log_location("a.sqlite", named) == "sqlite:///a.sqlite"
    assert log_location(None, named) == f"sqlite:///{tmp_path / 'b.sqlite'}"
    default = sqlite_file(log_location(None, {"CRAMPDETECT_LOG": ""}))
    assert default is not None
    assert default.name == "episodes.sqlite"
    assert default.parent.name.startswith("crampdetect")


def test_open_log_follows_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRAMPDETECT_LOG", str(tmp_path / "mine.sqlite"))
    with open_log() as log:
        assert log.name == str(tmp_path / "mine.sqlite")
    assert (tmp_path / "mine.sqlite").exists()


def test_paths_and_urls_are_told_apart() -> None:
    assert sqlite_file("sqlite:////data/x.sqlite") == Path("/data/x.sqlite")
    assert sqlite_file("sqlite://") is None
    assert sqlite_file("sqlite:///:memory:") is None
    assert sqlite_file("sqlite:///file:a%20b.sqlite?mode=ro&uri=true") == Path("a b.sqlite")
    assert sqlite_file("postgresql://host/db") is None
    assert log_location("~/x.sqlite") == f"sqlite:///{Path.home() / 'x.sqlite'}"
    assert log_location("C:\\nights\\x.sqlite") == "sqlite:///C:\\nights\\x.sqlite"


@pytest.mark.parametrize("name", ["50% #1 [a] b'c.sqlite", "a+b&c=d.sqlite", "nächte.sqlite"])
def test_any_file_name_will_do(tmp_path: Path, name: str) -> None:
    with open_log(str(tmp_path / name)) as log:
        log.add(example_replay())
    assert {path.name for path in tmp_path.iterdir()} == {name}


@pytest.mark.parametrize("address", ["", "  ", "what?.sqlite"])
def test_an_address_that_is_none_is_the_callers_mistake(address: str) -> None:
    with pytest.raises(ValueError, match="episode log"):
        open_log(address)


def test_a_url_that_cannot_be_read_is_refused_without_showing_a_password() -> None:
    with pytest.raises(ValueError, match="cannot be read") as refused:
        open_log("://me:secret@host/db")
    assert "secret" not in str(refused.value)
    with pytest.raises(ValueError, match="no database of the kind 'nosuch'") as refused:
        open_log("nosuch://me:secret@host/db")
    assert "secret" not in str(refused.value)


def test_a_driver_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "psycopg", None)
    with pytest.raises(LogError, match="'psycopg' for this database is not installed"):
        open_log("postgresql+psycopg://me:secret@localhost/db")


@pytest.mark.parametrize("umask", [0o000, 0o022])
def test_a_new_log_and_its_folders_are_private(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        path = tmp_path / "new" / "deep" / "episodes.sqlite"
        with open_log(str(path)) as log:
            log.add(example_replay())
            modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in path.parent.iterdir()}
    finally:
        os.umask(before)
    assert set(modes) == {"episodes.sqlite", "episodes.sqlite-wal", "episodes.sqlite-shm"}
    assert set(modes.values()) == {0o600}
    for folder in (path.parent, path.parent.parent):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_an_existing_folder_keeps_its_mode(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    open_log(str(tmp_path / "episodes.sqlite")).close()
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755
