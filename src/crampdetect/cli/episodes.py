"""``crampdetect episodes``: the episodes in the log, one a line."""

from argparse import ArgumentParser, Namespace

from crampdetect.cli.existing_log import existing_log
from crampdetect.cli.options import add_log_option, add_span_options
from crampdetect.cli.terminal import say, table

__all__ = ["EPILOG", "add_arguments", "run"]

EPILOG = """\
example:
  crampdetect episodes --since 2026-03-01 --kind cramp --kind unsure
  crampdetect episodes --kind all

kinds: cramp, unsure, and the look-alikes limb_movement, body_movement, upright,
voluntary_hold, tonic, rhythmic, artefact; "all" for every kind.
"""

_DEFAULT = ["cramp", "unsure"]


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "--kind",
        metavar="KIND",
        action="append",
        help="list this kind; may be repeated (default: cramp and unsure)",
    )
    add_log_option(parser)
    add_span_options(parser)


def run(arguments: Namespace) -> int:
    """Print the episodes."""
    from crampdetect.cli.log_tables import EPISODE_HEAD, EPISODE_RIGHT, episode_cells

    kinds = arguments.kind or _DEFAULT
    with existing_log(arguments.log) as log:
        found = log.episodes(
            since=arguments.since,
            until=arguments.until,
            kinds=None if "all" in kinds else kinds,
        )
        name = log.name
    if not found:
        say(f"no such episodes in {name}")
        return 0
    for line in table(EPISODE_HEAD, [episode_cells(row) for row in found], EPISODE_RIGHT):
        say(line)
    return 0
