"""Real processes that capture and are killed, and real disks that are full or read-only."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from crampdetect.errors import RecordingError
from crampdetect.link import Connected, Received
from crampdetect.storage.capture_reader import Capture, read_capture
from crampdetect.storage.capture_recovery import end_unfinished
from crampdetect.storage.capture_writer import CaptureWriter
from crampdetect.storage.free_space import check_space
from tests.capture_building import HEAD, SECOND, TurnedClock

ROOT = Path(__file__).resolve().parents[1]
pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals and mounts of POSIX")


@dataclass
class Child:
    """What a capturing process said, and left behind."""

    capture: Capture
    taken: list[int]
    times: list[int]
    code: int
    said: str


def run_child(path: Path, after_s: float, kill: signal.Signals | None, *options: str) -> Child:
    """Capture for `after_s` from the first event on, then `kill` it; None waits for its end."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.capture_child", str(path), *options],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        bufsize=0,  # else `communicate` misses what the first line brought along
    )
    assert process.stdout is not None
    first = process.stdout.readline()
    if kill is not None:
        time.sleep(after_s)  # the moment at which it is killed is what is tried
        process.send_signal(kill)
    rest, said = process.communicate(timeout=60)
    # The last line may be cut: what is not told completely was not taken for sure.
    lines = [line.split() for line in (first + rest).decode().split("\n")[:-1]]
    taken, times = [int(line[0]) for line in lines], [int(line[1]) for line in lines]
    return Child(read_capture(path), taken, times, process.returncode, said.decode())


def numbers(capture: Capture) -> list[int]:
    events = [event for event in capture.events() if isinstance(event, Received)]
    assert all(len(event.data) == 65 for event in events)
    return [int.from_bytes(event.data[:4], "big") for event in events]


def check_killed(child: Child) -> float:
    """Nothing twice, nothing out of order, at most a second missing; seconds that are missing."""
    found = numbers(child.capture)
    assert found == list(range(len(found)))
    assert child.taken == list(range(len(child.taken)))
    assert child.capture.end is None
    assert len(found) <= len(child.taken) + 1  # it may be killed before it says so
    if len(found) >= len(child.taken):
        return 0.0
    missing = child.times[-1] - child.times[len(found)]
    assert missing <= SECOND
    return missing / SECOND


@pytest.mark.slow
def test_kill_9_at_fifty_moments_loses_at_most_a_second_and_doubles_nothing(tmp_path: Path) -> None:
    chance = random.Random(4)
    moments = [chance.uniform(0.0, 2.6) for _ in range(50)]

    def one(number: int) -> float:
        path = tmp_path / f"{number}.mcap"
        child = run_child(path, moments[number], signal.SIGKILL)
        missing = check_killed(child)
        before = list(child.capture.events())
        assert end_unfinished(path)
        ended = read_capture(path)
        assert (ended.end, list(ended.events())) == ("recovered", before)
        assert not any("missing" in warning for warning in ended.warnings)
        return missing

    with ThreadPoolExecutor(6) as pool:
        missing = list(pool.map(one, range(50)))
    assert max(missing) > 0.1  # else the moments tried nothing


def test_kill_9_once(tmp_path: Path) -> None:
    child = run_child(tmp_path / "night.mcap", 1.2, signal.SIGKILL)
    assert child.code == -signal.SIGKILL
    check_killed(child)
    assert len(numbers(child.capture)) > 60


def test_sigterm_that_nobody_handles_is_like_a_kill(tmp_path: Path) -> None:
    child = run_child(tmp_path / "night.mcap", 1.0, signal.SIGTERM)
    assert child.code == -signal.SIGTERM
    check_killed(child)


def test_sigterm_that_is_handled_ends_the_capture_and_loses_nothing(tmp_path: Path) -> None:
    child = run_child(tmp_path / "night.mcap", 1.0, signal.SIGTERM, "--term")
    assert (child.code, child.capture.end, child.capture.warnings) == (0, "SIGTERM", ())
    found = numbers(child.capture)
    assert found == list(range(len(found)))
    assert len(found) >= len(child.taken)


def check_full(child_said: str, capture: Capture, taken: list[int], times: list[int]) -> None:
    assert child_said.count("\n") == 1
    assert "what was captured up to a second ago is kept, expected free space" in child_said
    found = numbers(capture)
    assert found == list(range(len(found)))
    assert len(found) > 100
    if len(found) < len(taken):
        assert times[-1] - times[len(found)] <= SECOND
    assert not any("no whole chunk" in warning for warning in capture.warnings)


def test_a_file_that_may_not_grow_keeps_what_was_flushed(tmp_path: Path) -> None:
    child = run_child(tmp_path / "night.mcap", 0, None, "--limit", "30000")
    assert (child.code, child.capture.end) == (3, None)
    assert "the file has reached the largest size allowed here" in child.said
    check_full(child.said, child.capture, child.taken, child.times)


@contextmanager
def mounted(folder: Path, options: str) -> Iterator[Path]:
    """A small disk of its own. Needs root, or sudo without a password (as in CI)."""
    for prefix in ([], ["sudo", "-n"]):
        if prefix and shutil.which(prefix[0]) is None:
            continue
        command = [*prefix, "mount", "-t", "tmpfs", "-o", f"mode=777,{options}", "tmpfs"]
        if subprocess.run([*command, str(folder)], capture_output=True).returncode == 0:
            try:
                yield folder
            finally:
                subprocess.run([*prefix, "umount", str(folder)], check=True)
            return
    pytest.skip("nothing may be mounted here: run as root, or with sudo that asks no password")


def test_a_full_disk_keeps_what_was_flushed(tmp_path: Path) -> None:
    with mounted(tmp_path, "size=32k") as folder:
        child = run_child(folder / "night.mcap", 0, None)
        assert child.code == 3
        assert "the disk is full (No space left on device)" in child.said
        check_full(child.said, child.capture, child.taken, child.times)


def test_a_full_disk_is_told_once_and_the_capture_ends_if_there_is_space_for_it(
    tmp_path: Path,
) -> None:
    with mounted(tmp_path, "size=64k") as folder:
        path, clock = folder / "night.mcap", TurnedClock()
        writer = CaptureWriter(path, HEAD, clock)
        kept = 0
        with pytest.raises(RecordingError, match="the disk is full"):
            for number in range(100):
                kept = number
                writer.event(Received(number.to_bytes(4, "big") + bytes(4000), clock.turn(1)))
        with pytest.raises(RecordingError, match="nothing more is kept since the disk failed"):
            writer.event(Connected(clock.turn(1)))
        writer.close("disk full")
        capture = read_capture(path)
        found = [event.data[3] for event in capture.events() if isinstance(event, Received)]
        assert found == list(range(kept))
        assert capture.end == "disk full"
        with pytest.raises(RecordingError, match=r"0 MB are free; expected 644 MB for 12 hours"):
            check_space(folder, 13740.0)


def test_a_disk_that_is_full_at_bedtime_leaves_no_file(tmp_path: Path) -> None:
    with mounted(tmp_path, "size=16k") as folder:
        (folder / "other").write_bytes(bytes(12_000))
        (folder / "more").write_bytes(b"")
        with pytest.raises(OSError, match="No space left"), (folder / "more").open("wb") as file:
            file.write(bytes(8000))
        with pytest.raises(RecordingError, match="the disk is full"):
            CaptureWriter(folder / "night.mcap", HEAD, TurnedClock())
        assert not (folder / "night.mcap").exists()


def test_a_folder_that_can_only_be_read_is_told(tmp_path: Path) -> None:
    with mounted(tmp_path, "ro") as folder:
        path = folder / "night.mcap"
        with pytest.raises(RecordingError) as refused:
            CaptureWriter(path, HEAD, TurnedClock())
        assert str(refused.value) == (
            f"{path}: the capture cannot be written here: the folder can only be read "
            "(Read-only file system); expected a folder that is writable and has space"
        )
        with pytest.raises(
            RecordingError, match="a night cannot be kept here: the folder can only"
        ):
            check_space(folder, 1.0)


def test_a_folder_without_permission_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    # Root may write everywhere but where the kernel itself says what there is.
    folder = Path("/sys") if os.geteuid() == 0 else tmp_path
    with pytest.raises(RecordingError, match=r"the folder (must not be written|can only be read)"):
        CaptureWriter(folder / "night.mcap", HEAD, TurnedClock())
    tmp_path.chmod(0o700)


def test_space_and_writing_are_checked_before_the_night(tmp_path: Path) -> None:
    space = check_space(tmp_path / "new" / "folder", 1000.0, hours=1)
    assert space.free > space.needed == 1000 * 3600 + 50_000_000
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700
    assert list((tmp_path / "new" / "folder").iterdir()) == []
    with pytest.raises(RecordingError, match="MB are free; expected 4"):
        check_space(tmp_path, 1e9)
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(RecordingError, match="cannot be kept here"):
        check_space(tmp_path / "file" / "below", 1.0)
