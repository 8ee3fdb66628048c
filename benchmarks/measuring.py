"""Running a child process and reading what it cost from the kernel.

The parent must stay small: a new process starts from a copy of its parent, and the kernel counts
that copy into the child's peak. So nothing here imports numpy, and nights are made by children.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

__all__ = ["ChildError", "Usage", "medians", "run_child"]

#: ``ru_maxrss`` counts kibibytes on Linux and bytes on macOS (getrusage(2) of each).
BYTES_PER_MAXRSS = 1 if sys.platform == "darwin" else 1024


class ChildError(RuntimeError):
    """A child ended with an error; the message is the last line that it wrote to stderr."""


@dataclass(frozen=True, slots=True)
class Usage:
    """What one child cost: seconds, megabytes (10**6 bytes), and what it printed."""

    wall_s: float
    cpu_s: float
    peak_mb: float
    stdout: str = ""


def run_child(command: Sequence[str], environment: Mapping[str, str] | None = None) -> Usage:
    """Run `command` to its end and return its cost.

    CPU is user + system time of the child and of the children it waited for; the peak is its
    resident set (RSS).

    Raises
    ------
    ChildError
        If it ends with another code than 0.
    """
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as complaints:
        begin = time.perf_counter()
        child = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=complaints,
            env=None if environment is None else {**os.environ, **environment},
        )
        _, status, usage = os.wait4(child.pid, 0)
        wall_s = time.perf_counter() - begin
        child.returncode = os.waitstatus_to_exitcode(status)  # Popen must not wait again
        out.seek(0)
        complaints.seek(0)
        if child.returncode != 0:
            raise ChildError(_last_line(complaints.read()))
        text = out.read().decode()
    peak_mb = usage.ru_maxrss * BYTES_PER_MAXRSS / 1e6
    return Usage(wall_s, usage.ru_utime + usage.ru_stime, peak_mb, text)


def medians(runs: Sequence[Usage]) -> Usage:
    """Median of each figure by itself, with what the last run printed."""
    return Usage(
        median(run.wall_s for run in runs),
        median(run.cpu_s for run in runs),
        median(run.peak_mb for run in runs),
        runs[-1].stdout,
    )


def _last_line(complaints: bytes) -> str:
    lines = complaints.decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else "it said nothing on stderr"
