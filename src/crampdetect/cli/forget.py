"""``crampdetect forget``: a night is deleted everywhere, after asking."""

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from crampdetect.cli.options import add_log_option
from crampdetect.cli.terminal import printable, say

if TYPE_CHECKING:
    from crampdetect.storage.nights_folder import Night

__all__ = ["EPILOG", "add_arguments", "run"]

EPILOG = """\
example:
  crampdetect forget
  crampdetect forget 2026-05-04T22-00-00Z-1f0c3c5a --yes
  crampdetect forget --budget 20

Without a NIGHT the captures are listed with their size. A night is named by the name of its
capture or the beginning of it. Deleted are the capture, what was made of it beside it, and
everything of it in the log. Files that you exported elsewhere are yours to delete.
"""


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("night", metavar="NIGHT", nargs="*", help="as the list names it")
    parser.add_argument(
        "--budget", metavar="GB", type=float, help="ask about the oldest nights beyond this"
    )
    parser.add_argument("--yes", action="store_true", help="do not ask")
    parser.add_argument("--folder", metavar="DIR", type=Path, help="where captures are kept")
    add_log_option(parser)


def run(arguments: Namespace) -> int:
    """List, or delete what was named."""
    from crampdetect.storage.log import open_log
    from crampdetect.storage.nights_folder import captures_folder, forget, nights, over_budget

    folder = captures_folder(arguments.folder)
    there = nights(folder)
    if arguments.budget is not None:
        chosen = over_budget(folder, int(arguments.budget * 1e9))
        if not chosen:
            say(f"the nights in {folder} take less than {arguments.budget:g} GB")
    elif not arguments.night:
        for night in there:
            say(_line(night))
        if not there:
            say(f"there is no capture in {folder}")
        return 0
    else:
        chosen = [_named(name, there) for name in arguments.night]
    wanted = [night for night in chosen if arguments.yes or _agreed(night)]
    if not wanted:
        return 0
    with open_log(arguments.log) as log:
        for night in wanted:
            if night.head is not None:
                gone = log.forget(night.head.recording_id)
                say(f"deleted from the log: {gone.runs} runs, {gone.episodes} episodes")
            for path in forget(night):
                say(f"deleted {path}")
    return 0


def _named(name: str, there: "list[Night]") -> "Night":
    fitting = [night for night in there if night.path.name.startswith(name)]
    if len(fitting) != 1:
        found = "no night" if not fitting else f"{len(fitting)} nights"
        raise ValueError(f"{name!r} names {found}; expected the name of one, as listed")
    return fitting[0]


def _line(night: "Night") -> str:
    when = "start unknown" if night.start is None else f"{night.start:%Y-%m-%d %H:%M} UTC"
    return f"{night.path.stem}  {when}  {night.size / 1e6:.1f} MB  {night.state}"


def _agreed(night: "Night") -> bool:
    """Ask; where nobody can answer, nothing is deleted."""
    if not sys.stdin.isatty():
        raise ValueError(
            f"{night.path.name} is to be deleted; expected --yes, as nobody can answer"
        )
    answer = input(printable(f"delete {_line(night)}? [y/N] "))
    return answer.strip().lower() in ("y", "yes")
