"""The argument parser: knows every command by name, and the options of the one asked for."""

import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Sequence
from typing import NoReturn

from crampdetect.cli.commands import COMMANDS, load
from crampdetect.cli.terminal import complain
from crampdetect.version import __version__

__all__ = ["build_parser", "command_of"]

_CLAIM = """\
Phase 0: the detector has been tested on simulated nights only; not a medical device."""

_EPILOG = f"""\
example:
  crampdetect replay --demo --plot night.png
  crampdetect COMMAND --help     options and an example of one command

environment:
  CRAMPDETECT_LOG        the episode log, where --log is not given
  CRAMPDETECT_CONFIG     the configuration file, in place of the usual one
  CRAMPDETECT_TIMEZONE   the time zone of recordings, where --timezone is not given
  CRAMPDETECT_TRACEBACK  any value: show where in the program an error arose

exit codes: 0 done, 1 failure (full disk, unreadable log ...), 2 bad input, 130 interrupted

{_CLAIM}
"""


class _Parser(ArgumentParser):
    """Says one line about a wrong command line, and where to read more."""

    def error(self, message: str) -> NoReturn:
        complain(f"{message} (see {self.prog} --help)")
        sys.exit(2)


def command_of(argv: Sequence[str]) -> str | None:
    """The command in `argv`: the first word, as no option before it takes a value."""
    return next((word for word in argv if not word.startswith("-")), None)


def build_parser(only: str | None = None) -> ArgumentParser:
    """The parser of ``crampdetect``.

    Parameters
    ----------
    only : str or None
        Fill in the options of this command alone, which spares importing the others; with None
        those of all commands.
    """
    parser = _Parser(
        prog="crampdetect",
        description="Objective measurement of nocturnal leg cramps from calf EMG and motion.",
        epilog=_EPILOG,
        formatter_class=RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("-V", "--version", action="version", version=f"crampdetect {__version__}")
    subparsers = parser.add_subparsers(
        dest="command", metavar="COMMAND", required=True, parser_class=_Parser
    )
    for name, summary in COMMANDS.items():
        subparser = subparsers.add_parser(
            name,
            help=summary,
            description=summary[0].upper() + summary[1:] + ".",
            formatter_class=RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        if only is None or only == name:
            command = load(name)
            subparser.epilog = command.EPILOG
            command.add_arguments(subparser)
    return parser
