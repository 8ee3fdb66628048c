"""``crampdetect log``: the nights in the episode log, and the upgrade of an older log."""

from argparse import ArgumentParser, Namespace

from crampdetect.cli.existing_log import existing_log, require_log
from crampdetect.cli.options import add_log_option, add_span_options
from crampdetect.cli.terminal import say, table

__all__ = ["EPILOG", "add_arguments", "run"]

EPILOG = """\
example:
  crampdetect log --since 2026-03-01
  crampdetect log upgrade

A night is named by the date of its evening. Counts are those of each recording's current
run; "-" stands where there is too little valid time for a rate.
"""


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "action",
        nargs="?",
        choices=("list", "upgrade"),
        default="list",
        metavar="list|upgrade",
        help="list the nights (default), or bring an older log to this program's layout",
    )
    add_log_option(parser)
    add_span_options(parser)


def run(arguments: Namespace) -> int:
    """Print the nights, or upgrade."""
    if arguments.action == "upgrade":
        return _upgrade(arguments.log)
    with existing_log(arguments.log) as log:
        nights = log.nights(since=arguments.since, until=arguments.until)
        name = log.name
    if not nights:
        say(f"no nights in {name}")
        return 0
    from crampdetect.cli.log_tables import NIGHT_HEAD, NIGHT_RIGHT, night_cells

    for line in table(NIGHT_HEAD, [night_cells(night) for night in nights], NIGHT_RIGHT):
        say(line)
    say(f"{len(nights)} recording{'' if len(nights) == 1 else 's'} in {name}")
    return 0


def _upgrade(url: str | None) -> int:
    from crampdetect.storage.log import upgrade_log

    require_log(url)
    backup = upgrade_log(url)
    say("the episode log has the layout of this program")
    if backup is not None:
        say(f"the log as it was before is kept as {backup}")
    return 0
