"""Where nights live: names, states, forgetting, the budget, and ending what was cut off."""

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crampdetect.errors import RecordingError
from crampdetect.link import Received
from crampdetect.storage.capture_glance import END_BYTES, glance
from crampdetect.storage.capture_reader import read_capture
from crampdetect.storage.capture_recovery import end_unfinished
from crampdetect.storage.capture_writer import CaptureWriter
from crampdetect.storage.free_space import capture_rate
from crampdetect.storage.nights_folder import (
    capture_path,
    captures_folder,
    forget,
    nights,
    over_budget,
    unfinished,
)
from tests.capture_building import HEAD, SECOND, START_UTC, TurnedClock, write_capture


def make_night(folder: Path, days: int, count: int = 20, end: str | None = "ended") -> Path:
    path = capture_path(folder, START_UTC + days * 86400 * SECOND, f"{days:08d}-rest")
    clock = TurnedClock(utc_minus_boot=START_UTC - TurnedClock().now + days * 86400 * SECOND)
    writer = CaptureWriter(path, HEAD, clock, durable=False)
    for _ in range(count):
        writer.event(Received(bytes(100), clock.turn(0.1)))
    if end is None:
        writer.__exit__(KeyboardInterrupt, KeyboardInterrupt(), None)
    else:
        writer.close(end)
    return path


def test_nights_are_listed_oldest_first_with_their_state(tmp_path: Path) -> None:
    newer, older = make_night(tmp_path, 3), make_night(tmp_path, 1, end=None)
    (tmp_path / "broken.mcap").write_bytes(b"no capture")
    (tmp_path / "notes.txt").write_text("no night")
    listed = nights(tmp_path)
    assert [(night.path.name, night.state) for night in listed] == [
        ("broken.mcap", "unreadable"),
        (older.name, "unfinished"),
        (newer.name, "finished"),
    ]
    assert older.name == "2026-05-05T22-00-00Z-00000001.mcap"
    assert listed[1].start == datetime(2026, 5, 5, 22, tzinfo=UTC)
    assert listed[1].head == HEAD
    assert "begins like no capture" in (listed[0].problem or "")
    assert [night.path for night in unfinished(tmp_path)] == [older]
    assert nights(tmp_path / "nowhere") == []
    with pytest.raises(RecordingError, match="cannot be listed"):
        nights(newer)


def test_the_default_folder_is_of_the_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert captures_folder().parts[-2:] == ("crampdetect", "captures")
    assert captures_folder(Path("~/nights")) == tmp_path / "nights"


def test_a_night_that_is_being_recorded_is_neither_unfinished_nor_to_be_ended(
    tmp_path: Path,
) -> None:
    path, clock = tmp_path / "night.mcap", TurnedClock()
    with CaptureWriter(path, HEAD, clock) as writer:
        writer.event(Received(b"x", clock.turn(1)))
        (night,) = nights(tmp_path)
        assert night.state == "recording"
        assert unfinished(tmp_path) == []
        assert over_budget(tmp_path, 0) == []
        with pytest.raises(RecordingError, match="it is being recorded; expected"):
            forget(night)
        with pytest.raises(RecordingError, match="another program is recording this capture"):
            end_unfinished(path)
    (night,) = nights(tmp_path)
    assert (night.state, read_capture(path).end) == ("finished", "ended")


def test_the_lock_ends_with_the_process_that_held_it(tmp_path: Path) -> None:
    path = tmp_path / "night.mcap"
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.capture_child", str(path)],
        cwd=Path(__file__).resolve().parents[1],
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    process.stdout.readline()
    assert [night.state for night in nights(tmp_path)] == ["recording"]
    process.kill()
    process.communicate()
    assert [night.state for night in nights(tmp_path)] == ["unfinished"]


def test_forgetting_takes_what_was_made_of_the_night_and_nothing_else(tmp_path: Path) -> None:
    path, other = make_night(tmp_path, 1), make_night(tmp_path, 2)
    made = [path.with_suffix(".edf"), path.with_suffix(".pyramid.npz")]
    kept = [other.with_suffix(".edf"), tmp_path / f"{path.stem}-mine.txt", tmp_path / "x.txt"]
    for each in made + kept:
        each.write_bytes(bytes(1000))
    night = nights(tmp_path)[0]
    assert night.size == path.stat().st_size + 2000
    assert forget(night) == [*made, path]
    assert sorted(tmp_path.iterdir()) == sorted([other, *kept])
    with pytest.raises(RecordingError, match="cannot be deleted"):
        forget(night)


def test_over_budget_names_the_oldest_finished_nights_and_deletes_nothing(tmp_path: Path) -> None:
    paths = [make_night(tmp_path, 1, end=None), *(make_night(tmp_path, day) for day in (2, 3, 4))]
    sizes = [path.stat().st_size for path in paths]
    total = sum(sizes)
    assert over_budget(tmp_path, total) == []
    assert [n.path for n in over_budget(tmp_path, total - 1)] == [paths[1]]
    assert [n.path for n in over_budget(tmp_path, total - sizes[1] - 1)] == paths[1:3]
    assert [n.path for n in over_budget(tmp_path, 0)] == paths[1:]
    assert all(path.exists() for path in paths)


def test_a_glance_sees_the_same_as_reading_it_all(tmp_path: Path) -> None:
    for count in (0, 1, 30, 3000):
        path = tmp_path / f"{count}.mcap"
        write_capture(path, count)
        seen, capture = glance(path), read_capture(path)
        assert (seen.head, seen.end) == (capture.head, capture.end)
        assert seen.start == capture.clock_pairs[0]
    assert path.stat().st_size > END_BYTES
    content = path.read_bytes()
    path.write_bytes(content[:-200])
    assert glance(path).end is None


def test_ending_what_was_cut_off_makes_room_and_changes_no_event(tmp_path: Path) -> None:
    path = tmp_path / "night.mcap"
    write_capture(path, 100, end=None)
    content = path.read_bytes()
    for cut in (0, 1, 8, 9, 30, 200, 700):
        path.write_bytes(content[: len(content) - cut])
        before = list(read_capture(path).events())
        assert end_unfinished(path, "recovered")
        capture = read_capture(path)
        assert (capture.end, capture.warnings) == ("recovered", ())
        assert list(capture.events()) == before
        assert glance(path).end == "recovered"
        assert not end_unfinished(path)
        assert path.read_bytes()[-8:] == b"\x89MCAP0\r\n"


def test_ending_never_takes_away_more_than_a_chunk(tmp_path: Path) -> None:
    path = tmp_path / "night.mcap"
    write_capture(path, 50, end=None)
    before = list(read_capture(path).events())
    with path.open("ab") as file:
        file.write(bytes(5 << 20))
    size = path.stat().st_size
    assert end_unfinished(path)
    assert path.stat().st_size > size
    assert read_capture(path).end == "recovered"
    assert list(read_capture(path).events()) == before


def test_the_rate_that_space_is_checked_for_is_the_rate_of_a_capture(tmp_path: Path) -> None:
    path, clock = tmp_path / "night.mcap", TurnedClock()
    with CaptureWriter(path, HEAD, clock, durable=False) as writer:
        for _ in range(140 * 300):
            clock.now += SECOND // 140
            writer.event(Received(bytes(65), clock.now, "6e400003-b5a3-f393-e0a9-e50e24dcca9e"))
    assert path.stat().st_size / 300 == pytest.approx(capture_rate(140 * 65, 140), rel=0.02)


@pytest.mark.skipif(os.name != "posix", reason="links of POSIX")
def test_a_link_to_nowhere_is_listed_as_unreadable(tmp_path: Path) -> None:
    (tmp_path / "gone.mcap").symlink_to(tmp_path / "nowhere")
    (night,) = nights(tmp_path)
    assert (night.state, night.size) == ("unreadable", 0)
    assert "No such file" in (night.problem or "")
