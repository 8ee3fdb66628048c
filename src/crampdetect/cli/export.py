"""``crampdetect export``: the log as CSV or JSON."""

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TextIO

from crampdetect.cli.existing_log import existing_log
from crampdetect.cli.options import add_log_option, add_span_options
from crampdetect.cli.targets import refuse_existing, refuse_log
from crampdetect.cli.terminal import complain

__all__ = ["EPILOG", "add_arguments", "run"]

EPILOG = """\
example:
  crampdetect export --format csv --out episodes.csv --since 2026-03-01
  crampdetect export --format csv --what nights --out nights.csv
  crampdetect export --format json --kind cramp > log.json

A file appears whole or not at all and can be read by its owner only. JSON holds
recordings, runs and episodes in one document; --what nights leaves its episodes out.
"""


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--format", choices=("csv", "json"), required=True, help="of the export")
    parser.add_argument("--out", metavar="FILE", type=Path, help="write here (default: stdout)")
    parser.add_argument("--force", action="store_true", help="replace the file if it exists")
    parser.add_argument(
        "--what",
        choices=("episodes", "nights"),
        default="episodes",
        help="a row for each episode or for each night (default: episodes)",
    )
    parser.add_argument(
        "--kind",
        metavar="KIND",
        action="append",
        help="only episodes of this kind, see `crampdetect episodes`; may be repeated"
        " (default: every kind)",
    )
    add_log_option(parser)
    add_span_options(parser)


def run(arguments: Namespace) -> int:
    """Write it."""
    from crampdetect.outputs.export_csv import episodes_csv, nights_csv
    from crampdetect.outputs.export_json import export_json

    target: Path | TextIO = arguments.out or sys.stdout
    since, until = arguments.since, arguments.until
    kinds: list[str] | None = arguments.kind
    if arguments.what == "nights" and kinds:
        raise ValueError("--kind chooses episodes; expected it without --what nights")
    if arguments.out is not None:
        refuse_log(arguments.out, arguments.log)
        refuse_existing([arguments.out], force=arguments.force)
    with existing_log(arguments.log) as log:
        if arguments.format == "json":
            nothing_or_kinds = [] if arguments.what == "nights" else kinds
            export_json(log, target, since=since, until=until, kinds=nothing_or_kinds)
        elif arguments.what == "nights":
            nights_csv(log.nights(since=since, until=until), target)
        else:
            episodes_csv(log.episodes(since=since, until=until, kinds=kinds), target)
    if arguments.out is not None and sys.stderr.isatty():
        complain(f"wrote {arguments.out}")
    return 0
