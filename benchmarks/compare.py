"""``crampdetect replay`` beside what a person would run instead, in one run.

``python benchmarks/compare.py`` makes a night, runs every contender as a child process in turn
(A B C D A B C D ...) and prints medians of CPU (user + system), wall time and peak resident set
(RSS). What a child costs that only imports the same modules is measured beside it. The first
ratio is CPU beyond imports for an hour of the night, the second is the peak.
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from comparison_table import Row, aims_lines, table_lines
from contenders import Contender, contenders, missing_library
from machine import load, machine_line
from measuring import ChildError, Usage, run_child
from nights import SEED, make_night

__all__ = ["main"]

#: Length in hours of the night on which each contender shows what it imports.
SHORT_HOURS = 0.1

VERSIONS = """\
from importlib.metadata import distributions
wanted = ("biosppy", "edfio", "neurokit2", "numpy", "scipy")
found = {each.name.lower(): each.version for each in distributions()}
print(", ".join(f"{name} {found[name]}" for name in wanted if name in found) or "no libraries")
"""


def main() -> None:
    """Measure and print."""
    arguments = _arguments()
    with tempfile.TemporaryDirectory() as folder:
        try:
            _compare(arguments, Path(folder))
        except ChildError as failure:
            sys.exit(f"compare.py: a child failed: {failure}")


def _compare(arguments: argparse.Namespace, folder: Path) -> None:
    print(machine_line())
    print(f"contenders' libraries: {run_child([arguments.python, '-c', VERSIONS]).stdout.strip()}")
    night = arguments.night or make_night(folder, arguments.hours)
    # The command of a file of one's own is asked for its length.
    hours = arguments.hours if arguments.night is None else _length_h(night)
    origin = f"simulated, seed {SEED}" if arguments.night is None else "given"
    print(f"night: {hours:g} h, {night.stat().st_size / 1e6:.1f} MB EDF ({origin})")
    print(f"runs: {arguments.runs} of each, in turn; medians\n", flush=True)
    everyone = contenders(arguments.python, hours, arguments.neurokit2_hours, folder / "log.sqlite")
    reasons = {each.name: missing_library(each) for each in everyone}
    present = [each for each in everyone if reasons[each.name] is None]
    rows = _measure(present, night, arguments.runs, folder)
    print("\n".join(table_lines(rows)))
    for name, reason in reasons.items():
        if reason is not None:
            print(f"left out: {name} ({reason} for {arguments.python})")
    for line in _remarks(rows, hours):
        print(line)
    print("\n".join([*aims_lines(rows[0]), f"load at the end: {load()}"]))


def _measure(present: Sequence[Contender], night: Path, times: int, folder: Path) -> list[Row]:
    """Run everyone in turn, so that a busy minute of the machine does not hit one of them only."""
    short = make_night(folder / "short", SHORT_HOURS)
    listings = {each.name: folder / f"{each.name}.modules" for each in present}
    for each in present:
        run_child(each.recording_command(short, listings[each.name]))
    runs: dict[str, list[Usage]] = {each.name: [] for each in present}
    imports: dict[str, list[Usage]] = {each.name: [] for each in present}
    for _ in range(times):
        for each in present:
            imports[each.name].append(run_child(each.importing_command(listings[each.name])))
            runs[each.name].append(run_child(each.command(night)))
    return [Row(each, runs[each.name], imports[each.name]) for each in present]


def _remarks(rows: Sequence[Row], hours: float) -> list[str]:
    return [
        f"note: {row.contender.name} was given the first {row.contender.hours:g} h only, because "
        "a night takes it minutes and gigabytes; its peak is of that part"
        for row in rows
        if row.contender.hours < hours
    ]


def _length_h(night: Path) -> float:
    program = (
        "import sys; from pathlib import Path; from crampdetect.storage.readers import "
        "open_recording; print(float(open_recording(Path(sys.argv[1])).duration))"
    )
    return float(run_child([sys.executable, "-c", program, str(night)]).stdout) / 3600


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--hours", type=float, default=8.0, help="length of the night (8)")
    parser.add_argument("--night", type=Path, metavar="FILE", help="an EDF instead")
    parser.add_argument("--runs", type=int, default=5, help="of each contender (5)")
    parser.add_argument(
        "--python", default=sys.executable, help="interpreter with the contenders' libraries"
    )
    parser.add_argument(
        "--neurokit2-hours", type=float, default=0.5, help="the most it is given (0.5)"
    )
    arguments = parser.parse_args()
    if arguments.runs < 1 or arguments.hours <= 0 or arguments.neurokit2_hours <= 0:
        parser.error("expected at least one run and lengths above 0")
    return arguments


if __name__ == "__main__":
    main()
