"""What making a night costs: ``crampdetect simulate``, from the seed to the EDF+ and its truth.

``python benchmarks/simulation.py`` makes nights of one and of two channels, and one of an hour, in
turn, each as a child process, and prints medians of CPU, wall time and peak resident set (RSS).
"""

import argparse
import sys
import tempfile
from pathlib import Path

from machine import load, machine_line
from measuring import ChildError, Usage, medians, run_child
from nights import SEED

__all__ = ["main"]

#: Issue 3: a night of 8 h in at most 20 s; bounded memory is the growth from an hour to a night.
MOST_S = 20.0


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--hours", type=float, default=8.0, help="of a night (8)")
    parser.add_argument("--runs", type=int, default=3, help="of each (3)")
    arguments = parser.parse_args()
    if arguments.runs < 1 or arguments.hours <= 0:
        parser.error("expected at least one run and a length above 0")
    print(machine_line())
    print(f"runs: {arguments.runs} of each, in turn; medians\n", flush=True)
    try:
        measured = _measure(arguments.hours, arguments.runs)
    except ChildError as failure:
        sys.exit(f"simulation.py: a child failed: {failure}")
    print("hours  channels  CPU s  wall s  peak MB")
    for (hours, channels), usage in measured.items():
        figures = f"{usage.cpu_s:5.2f}  {usage.wall_s:6.2f}  {usage.peak_mb:7.1f}"
        print(f"{hours:5g}  {channels:8d}  {figures}")
    slowest = max(usage.wall_s for usage in measured.values())
    print(f"\naim: at most {MOST_S:g} s a night, measured {slowest:.1f}")
    print(f"load at the end: {load()}")


def _measure(hours: float, times: int) -> dict[tuple[float, int], Usage]:
    kinds = [(hours / 8, 1), (hours, 1), (hours, 2)]
    runs: dict[tuple[float, int], list[Usage]] = {kind: [] for kind in kinds}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(times):
            for length, channels in kinds:
                runs[length, channels].append(_make(Path(folder), length, channels))
    return {kind: medians(found) for kind, found in runs.items()}


def _make(folder: Path, hours: float, channels: int) -> Usage:
    words = ["--seed", str(SEED), "--hours", str(hours), "--channels", str(channels), "--force"]
    return run_child([sys.executable, "-m", "crampdetect", "simulate", str(folder), *words])


if __name__ == "__main__":
    main()
