"""Whole nights or none: exceptions, kills, full disks, locks, and two writers at once."""

import sqlite3
import subprocess
import sys
import threading
import time
from ast import literal_eval
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from crampdetect.errors import LogError
from crampdetect.records import Replay
from crampdetect.storage import log_write
from crampdetect.storage.log import open_log
from tests.test_log_examples import example_replay

#: Adds nights until it is killed; says when it begins.
ENDLESS_WRITER = """
import itertools, sys
sys.path.insert(0, {root!r})
from tests.test_log_examples import example_replay
from crampdetect.storage.log import open_log
kinds = ("limb_movement",) * 200
log = open_log({path!r})
print("ready", flush=True)
for number in itertools.count():
    log.add(example_replay(f"{{sys.argv[1]}}-{{number}}", kinds=kinds))
"""
#: Waits for the word, then adds five nights that the other one adds too.
RIVAL = """
import sys
sys.path.insert(0, {root!r})
from tests.test_log_examples import example_replay
from crampdetect.storage.log import open_log
print("ready", flush=True)
sys.stdin.readline()
with open_log({path!r}) as log:
    added = [log.add(example_replay(f"rec-{{number}}")) for number in range(5)]
print([(each.run_id, each.is_new) for each in added])
"""


def start(program: str, path: Path, *arguments: str) -> "subprocess.Popen[str]":
    text = program.format(root=str(Path(__file__).parents[1]), path=str(path))
    return subprocess.Popen(
        [sys.executable, "-c", text, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("place", ["signal_rows", "minute_rows", "episode_rows"])
def test_an_error_in_the_middle_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    def fail(replay: Replay, run_id: int) -> list[dict[str, object]]:
        raise KeyboardInterrupt

    with open_log(str(tmp_path / "x.sqlite")) as log:
        log.add(example_replay(config="before"))
        with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
            patched.setattr(log_write, place, fail)
            log.add(example_replay(config="after"))
        assert [(row.run.config_hash, row.is_current) for row in log.runs()] == [("before", True)]
        assert log.add(example_replay(config="after")).is_new


@pytest.mark.parametrize("delay_s", [0.0, 0.03, 0.11])
def test_a_killed_writer_leaves_whole_nights(tmp_path: Path, delay_s: float) -> None:
    path = tmp_path / "x.sqlite"
    with start(ENDLESS_WRITER, path, "night") as writer:
        try:
            assert writer.stdout is not None
            assert writer.stdout.readline() == "ready\n"
            wal = path.with_name("x.sqlite-wal")
            deadline = time.monotonic() + 30
            while wal.stat().st_size < 200_000:  # Until it is in the middle of writing.
                assert time.monotonic() < deadline
                time.sleep(0.001)
            time.sleep(delay_s)
            assert writer.poll() is None
        finally:
            writer.kill()
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    connection.close()
    with open_log(str(path)) as log:
        runs = log.runs()
        assert runs
        assert len(log.nights()) == len(runs) == len(log.recordings())
        for row in runs:
            assert len(log.minutes(row.run_id)) == 480
        assert len(log.episodes()) == 200 * len(runs)
        assert log.add(example_replay("after")).is_new


def test_two_programs_that_create_and_add_at_once_count_once(tmp_path: Path) -> None:
    for attempt in range(3):
        path = tmp_path / f"{attempt}.sqlite"
        rivals = [start(RIVAL, path) for _ in range(2)]
        for rival in rivals:
            assert rival.stdout is not None
            rival.stdout.readline()
        for rival in rivals:
            assert rival.stdin is not None
            rival.stdin.write("go\n")
            rival.stdin.flush()
        results = [literal_eval(rival.communicate(timeout=60)[0]) for rival in rivals]
        for mine, other in zip(*results, strict=True):
            assert mine[0] == other[0]
            assert {mine[1], other[1]} == {True, False}
        with open_log(str(path)) as log:
            assert len(log.nights()) == len(log.runs()) == 5
            assert len(log.episodes()) == 15


def test_a_locked_log_says_so_after_the_wait(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite"
    with open_log(str(path), busy_timeout_s=0.2) as log:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        begin = time.monotonic()
        with pytest.raises(LogError, match=r"x\.sqlite: another program .* within 0\.2 s"):
            log.add(example_replay())
        assert time.monotonic() - begin >= 0.15
        assert log.nights() == []  # Reading goes on while another program writes.
        other.execute("ROLLBACK")
        other.close()
        assert log.add(example_replay()).is_new


@pytest.mark.parametrize("lock", ["IMMEDIATE", "EXCLUSIVE"])
def test_a_new_log_that_another_program_has_locked_is_waited_for(tmp_path: Path, lock: str) -> None:
    path = tmp_path / "x.sqlite"
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute(f"BEGIN {lock}")
    release = threading.Timer(0.3, other.close)
    release.start()
    with open_log(str(path), busy_timeout_s=20.0) as log:
        assert log.nights() == []
    release.join()


@pytest.mark.parametrize("lock", ["IMMEDIATE", "EXCLUSIVE"])
def test_a_new_log_that_another_program_keeps_locked(tmp_path: Path, lock: str) -> None:
    path = tmp_path / "x.sqlite"
    other = sqlite3.connect(path, isolation_level=None)
    other.execute(f"BEGIN {lock}")
    with pytest.raises(LogError, match=r"x\.sqlite: another program"):
        open_log(str(path), busy_timeout_s=0.1)
    other.close()


def test_a_full_disk_adds_nothing(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite"
    with open_log(str(path)) as log:
        log.add(example_replay("first"))
        # SQLite's own limit of pages gives the same result code as a full disk.
        with log._engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA max_page_count = 30")
        with pytest.raises(LogError, match=r"x\.sqlite: the disk .* is full; nothing was added"):
            log.add(example_replay("second", kinds=("limb_movement",) * 2000))
        assert [row.recording.id for row in log.nights()] == ["first"]


def test_a_log_that_can_only_be_read_is_read_and_not_written(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite"
    with open_log(str(path)) as log:
        log.add(example_replay())
    with open_log(f"sqlite:///file:{path}?mode=ro&uri=true") as log:
        assert len(log.nights()) == 1
        with pytest.raises(LogError, match=r"x\.sqlite: the episode log can only be read"):
            log.add(example_replay(config="other"))


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "night.edf"
    path.write_bytes(b"0       " * 1000)
    with pytest.raises(LogError, match=r"night\.edf: this file is not a database; expected"):
        open_log(str(path))
    assert path.read_bytes() == b"0       " * 1000
    assert [each.name for each in tmp_path.iterdir()] == ["night.edf"]


def test_a_damaged_log(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite"
    with open_log(str(path)) as log:
        log.add(example_replay(kinds=("limb_movement",) * 500))
    content = bytearray(path.read_bytes())
    content[8192:] = b"\xa5" * (len(content) - 8192)
    path.write_bytes(content)
    with (
        pytest.raises(LogError, match=r"x\.sqlite: the episode log is damaged"),
        open_log(str(path)) as log,
    ):
        log.episodes()


def test_a_folder_is_no_log(tmp_path: Path) -> None:
    with pytest.raises(LogError, match="is a folder; expected a file"):
        open_log(str(tmp_path))


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(LogError, match=r"x\.sqlite: the episode log cannot be created here"):
        open_log(str(tmp_path / "file" / "x.sqlite"))


def test_the_cause_is_kept_and_shows_no_data(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite"
    with open_log(str(path)) as log:
        connection = sqlite3.connect(path)
        connection.execute("DROP TABLE episode")
        connection.close()
        with pytest.raises(LogError, match="no such table: episode") as refused:
            log.add(example_replay())
        assert log.recordings() == []
    assert isinstance(refused.value.__cause__, OperationalError)
    assert "tense" not in str(refused.value.__cause__)
