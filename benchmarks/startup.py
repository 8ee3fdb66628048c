"""How long starting takes: ``--version``, ``--help``, and what a replay's imports are made of.

``python benchmarks/startup.py`` runs every line of the table as a child process, in turn, and
prints medians. A line includes starting the interpreter, which is the first line by itself.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from loaded_modules import __file__ as loaded_modules_file
from machine import load, machine_line
from measuring import ChildError, Usage, medians, run_child
from nights import make_night, replay_command

__all__ = ["main"]

#: Issue 2: `crampdetect --version` answers within 0.2 s.
LONGEST_VERSION_S = 0.2

IMPORTS = (
    "crampdetect",
    "numpy",
    "scipy.signal",
    "sqlalchemy",
    "crampdetect.session",
    "crampdetect.storage.readers",
    "crampdetect.storage.log",
    "crampdetect.api",
)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=11, help="of each line (11)")
    arguments = parser.parse_args()
    if arguments.runs < 1:
        parser.error("expected at least one run")
    print(machine_line())
    print(f"runs: {arguments.runs} of each, in turn; medians, and the quickest\n", flush=True)
    try:
        measured = _measure(arguments.runs)
    except ChildError as failure:
        sys.exit(f"startup.py: a child failed: {failure}")
    width = max(map(len, measured))
    print(f"{'what':<{width}}  wall s  quickest  CPU s")
    for name, runs in measured.items():
        usage, quickest = medians(runs), min(run.wall_s for run in runs)
        print(f"{name:<{width}}  {usage.wall_s:6.3f}  {quickest:8.3f}  {usage.cpu_s:5.3f}")
    version_s = medians(measured["crampdetect --version"]).wall_s
    print(f"\naim: --version <= {LONGEST_VERSION_S:g} s, measured {version_s:.3f}")
    print(f"load at the end: {load()}")


def _measure(times: int) -> dict[str, list[Usage]]:
    program = [sys.executable, "-m", "crampdetect"]
    commands = {
        "python -c pass": [sys.executable, "-c", "pass"],
        "crampdetect --version": [*program, "--version"],
        "crampdetect --help": [*program, "--help"],
        "crampdetect replay --help": [*program, "replay", "--help"],
        **{f"import {name}": [sys.executable, "-c", f"import {name}"] for name in IMPORTS},
    }
    with tempfile.TemporaryDirectory() as name:
        listing = _replays_modules(Path(name))
        commands["all that replay imports"] = [
            sys.executable, loaded_modules_file, "import", str(listing),
        ]  # fmt: skip
        for command in commands.values():  # the first start reads from the disk
            run_child(command)
        runs: dict[str, list[Usage]] = {name: [] for name in commands}
        for _ in range(times):
            for name, command in commands.items():
                runs[name].append(run_child(command))
    return runs


def _replays_modules(folder: Path) -> Path:
    listing = folder / "modules"
    replay = replay_command(make_night(folder, 0.1), folder / "log.sqlite")
    run_child([sys.executable, loaded_modules_file, "record", str(listing), *replay[1:]])
    return listing


if __name__ == "__main__":
    main()
