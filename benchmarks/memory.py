"""Peak memory of ``crampdetect replay`` for nights of several lengths: it must not grow with them.

``python benchmarks/memory.py`` replays 1, 8 and 12 h in turn, each as a child process, and prints
the median peak resident set (RSS) and the ratio of the longest night to the shortest.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from machine import load, machine_line
from measuring import ChildError, Usage, medians, run_child
from nights import make_night, replay_command

__all__ = ["main"]

#: Issue 2: the peak of 12 h is within 10 % of that of 1 h, and at most 200 MB.
MOST_GROWTH, MOST_MB = 1.10, 200.0


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--hours", type=float, nargs="+", default=[1.0, 8.0, 12.0], help="lengths (1 8 12)"
    )
    parser.add_argument("--runs", type=int, default=5, help="of each night (5)")
    arguments = parser.parse_args()
    if arguments.runs < 1 or min(arguments.hours) <= 0:
        parser.error("expected at least one run and lengths above 0")
    print(machine_line())
    print(f"runs: {arguments.runs} of each, in turn; medians\n", flush=True)
    try:
        measured = _measure(sorted(set(arguments.hours)), arguments.runs)
    except ChildError as failure:
        sys.exit(f"memory.py: a child failed: {failure}")
    print("hours  peak MB         (range)  CPU s")
    for hours, runs in measured.items():
        peaks = [run.peak_mb for run in runs]
        spread = f"({min(peaks):.1f}-{max(peaks):.1f})"
        usage = medians(runs)
        print(f"{hours:5g}  {usage.peak_mb:7.1f}  {spread:>14}  {usage.cpu_s:5.2f}")
    peak_mb = {hours: medians(runs).peak_mb for hours, runs in measured.items()}
    shortest, longest = min(peak_mb), max(peak_mb)
    growth = peak_mb[longest] / peak_mb[shortest]
    print(f"\nratio of {longest:g} h to {shortest:g} h: {growth:.3f} (at most {MOST_GROWTH:.2f})")
    print(f"highest median: {max(peak_mb.values()):.1f} MB (at most {MOST_MB:g})")
    print(f"load at the end: {load()}")


def _measure(lengths: list[float], times: int) -> dict[float, list[Usage]]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        nights = {hours: make_night(folder, hours) for hours in lengths}
        runs: dict[float, list[Usage]] = {hours: [] for hours in lengths}
        for _ in range(times):
            for hours, night in nights.items():
                runs[hours].append(run_child(replay_command(night, folder / "log.sqlite")))
    return runs


if __name__ == "__main__":
    main()
