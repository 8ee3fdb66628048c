"""Whether a capture is being recorded right now: a lock that ends with the process that holds it.

Without it a second program would take a running night for one that was cut off, and finish it.
"""

import os
import sys
import time
from pathlib import Path

if sys.platform != "win32":
    import fcntl

__all__ = ["is_being_recorded", "lock"]

#: Where there are no locks, a file that changed so recently is being recorded: it is flushed each
#: second, and a slow disk may take some more [A].
RECENT_S = 15.0
#: Another program that only looks holds the lock for some microseconds; wait so long for it.
PATIENCE_S = 1.0
_RETRY_S = 0.02


def lock(descriptor: int) -> bool:
    """Take the lock of an open capture to write to it; False if another process has it.

    True also where the system or the file system has no locks.
    """
    deadline = time.monotonic() + PATIENCE_S
    while not _locked(descriptor, shared=False):
        if time.monotonic() >= deadline:
            return False
        time.sleep(_RETRY_S)
    return True


def is_being_recorded(path: Path) -> bool:
    """Whether a living process writes to `path`.

    Raises
    ------
    OSError
        The file cannot be opened.
    """
    if sys.platform == "win32":
        recording = time.time() - path.stat().st_mtime < RECENT_S
    else:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            recording = not _locked(descriptor, shared=True)
        finally:
            os.close(descriptor)  # and with it the lock
    return recording


def _locked(descriptor: int, shared: bool) -> bool:
    held = True
    if sys.platform != "win32":
        kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        try:
            fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            held = False
        except OSError:
            held = True  # a file system without locks (some network shares)
    return held
