"""The real systemd-inhibit holds a lock while a night is recorded, and never longer."""

import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from crampdetect.keep_awake import keep_awake
from tests.login1_service import Bus, bus_with_login1

linux = pytest.mark.skipif(
    sys.platform != "linux" or shutil.which("systemd-inhibit") is None,
    reason="needs systemd-inhibit of Linux",
)
LOCK = "lock idle:sleep crampdetect recording a night block"
HOLDER = """
from crampdetect.keep_awake import keep_awake
with keep_awake():
    print(1, flush=True)
    input()
"""


def wait_for(condition: Callable[[], bool], seconds: float = 10.0) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


@pytest.fixture
def bus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bus]:
    with bus_with_login1(tmp_path) as bus:
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", bus.address)
        yield bus


@linux
def test_the_lock_is_held_within_the_block_only(bus: Bus) -> None:
    with keep_awake() as awake:
        assert (awake.means, awake.warning) == ("systemd-inhibit", None)
        assert bus.lines() == [LOCK]
    assert wait_for(lambda: bus.lines() == [LOCK, "released"])


@linux
def test_the_lock_ends_with_an_exception_too(bus: Bus) -> None:
    with pytest.raises(ZeroDivisionError), keep_awake("why not"):
        raise ZeroDivisionError
    assert wait_for(
        lambda: bus.lines() == [LOCK.replace("recording a night", "why not"), "released"]
    )


@linux
def test_the_lock_ends_when_the_program_is_killed(bus: Bus) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"1\n"
    assert bus.lines() == [LOCK]
    process.kill()
    process.communicate()
    assert wait_for(lambda: bus.lines() == [LOCK, "released"])


@linux
def test_without_a_service_that_gives_locks_a_sentence_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path / 'nobody'}")
    with keep_awake() as awake:
        assert awake.means == ""
        assert awake.warning is not None
        assert "the computer is not kept awake (systemd-inhibit said: " in awake.warning
        assert "\n" not in awake.warning


@pytest.mark.skipif(sys.platform == "win32", reason="Windows always has its means")
def test_without_the_program_a_sentence_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with keep_awake() as awake:
        assert awake.warning is not None
        assert " is not there); expected that it does not sleep by itself" in awake.warning
