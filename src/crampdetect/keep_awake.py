"""Keeps the computer awake while a night is recorded, by the means that each system offers.

Where it has none, or refuses, that is a sentence for the wearer and no error: the night is worth
recording all the same, and a sleep that comes is seen in the capture.
"""

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

__all__ = ["Awake", "keep_awake"]

#: Seconds in which systemd-inhibit has its lock: it asks one service on the system bus [A].
PATIENCE_S = 5.0
#: What a held lock lets its child say; the child ends when our end of its pipe closes, even if we
#: are killed, and the lock with it.
_CHILD = ("sh", "-c", "echo held && exec cat >/dev/null")
_ES_CONTINUOUS, _ES_SYSTEM_REQUIRED = 0x80000000, 0x00000001


@dataclass(frozen=True, slots=True)
class Awake:
    """How the computer is kept awake.

    Parameters
    ----------
    means : str
        ``"systemd-inhibit"``, ``"caffeinate"``, ``"SetThreadExecutionState"``, or empty.
    warning : str or None
        One sentence for a person where it is not kept awake.
    """

    means: str
    warning: str | None = None


@contextmanager
def keep_awake(why: str = "recording a night") -> Iterator[Awake]:
    """Keep the computer awake within the block.

    Parameters
    ----------
    why : str
        Shown by the system to whoever asks what keeps it awake.
    """
    if sys.platform == "win32":
        with _windows() as awake:
            yield awake
    elif sys.platform == "darwin":
        # It ends with this process, whatever happens to it.
        with _held(["caffeinate", "-i", "-s", "-w", str(os.getpid())], says=False) as awake:
            yield awake
    else:
        command = ["systemd-inhibit", "--what=idle:sleep", "--mode=block", "--who=crampdetect",
                   f"--why={why}", *_CHILD]  # fmt: skip
        with _held(command, says=True) as awake:
            yield awake


@contextmanager
def _held(command: list[str], says: bool) -> Iterator[Awake]:
    """Run `command` during the block; where it `says` so, wait until it holds its lock."""
    name = command[0]
    if shutil.which(name) is None:
        yield _not_awake(f"{name} is not there")
        return
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        refused = _refusal(process) if says else None
        yield Awake(name) if refused is None else _not_awake(f"{name} said: {refused}")
    finally:
        _end(process)


def _refusal(process: "subprocess.Popen[str]") -> str | None:
    """Why the lock is not held; None once it is."""
    assert process.stdout is not None
    assert process.stderr is not None
    # A lock that does not come in time is ended, and with it the wait for its line.
    timer = threading.Timer(PATIENCE_S, process.kill)
    timer.start()
    try:
        line = process.stdout.readline()
    finally:
        timer.cancel()
    if line.strip() == "held":
        return None
    lines = process.stderr.read().strip().splitlines()
    return lines[-1] if lines else "nothing"


def _end(process: "subprocess.Popen[str]") -> None:
    assert process.stdin is not None
    process.stdin.close()
    try:
        process.wait(timeout=0.5)
    except subprocess.TimeoutExpired:
        process.terminate()
        process.wait()
    for stream in (process.stdout, process.stderr):
        if stream is not None:
            stream.close()


def _not_awake(cause: str) -> Awake:
    return Awake(
        "",
        f"the computer is not kept awake ({cause}); expected that it does not sleep by itself: "
        "switch that off in its settings for the night, and leave the lid open",
    )


@contextmanager
def _windows() -> Iterator[Awake]:
    """A wish of this thread; the system drops it when the thread ends."""
    if sys.platform == "win32":
        import ctypes

        name = "SetThreadExecutionState"
        state = ctypes.windll.kernel32.SetThreadExecutionState
        state.argtypes, state.restype = [ctypes.c_uint32], ctypes.c_uint32
        if not state(_ES_CONTINUOUS | _ES_SYSTEM_REQUIRED):
            yield _not_awake(f"{name} refused")
            return
        try:
            yield Awake(name)
        finally:
            state(_ES_CONTINUOUS)
    else:
        raise ValueError(f"this is {sys.platform}; expected Windows")
