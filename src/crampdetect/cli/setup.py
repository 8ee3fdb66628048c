"""``crampdetect setup``: what a night needs to know, asked once."""

import getpass
import sys
from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from crampdetect.cli.terminal import complain, printable, say

if TYPE_CHECKING:
    from crampdetect.storage.configuration import Configuration

__all__ = ["EPILOG", "add_arguments", "run"]

EPILOG = """\
example:
  crampdetect setup
  crampdetect setup --show

One question at a time; Enter keeps what is shown in brackets, a single - clears it. Nothing is
written before the last answer: Ctrl-C leaves everything as it was.
"""


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "--show", action="store_true", help="print what is set up, without secrets, and ask nothing"
    )


def run(arguments: Namespace) -> int:
    """Ask and write; 1 if the answers ended early."""
    from crampdetect.cli.setup_questions import answered
    from crampdetect.storage.configuration import (
        configuration_path,
        load_configuration,
        save_configuration,
    )

    path = configuration_path()
    configuration = load_configuration(path)
    if arguments.show:
        _show(configuration)
        say(f"{path}{'' if path.exists() else ': not written yet, these are the defaults'}")
        return 0
    say("Enter keeps what is in brackets, - clears it, Ctrl-C stops and changes nothing.")
    try:
        changed = answered(configuration, _Terminal())
    except EOFError:
        complain("the answers ended before the questions did; nothing was changed")
        return 1
    save_configuration(changed, path)
    say(f"kept in {path}; next: crampdetect check")
    return 0


class _Terminal:
    """A person who answers."""

    def ask(self, question: str, secret: bool = False) -> str:
        """One answer, on the same line."""
        if secret and sys.stdin.isatty():
            return getpass.getpass(printable(question))
        return input(printable(question))

    def tell(self, line: str) -> None:
        """One line."""
        say(line)


def _show(configuration: "Configuration") -> None:
    from crampdetect.cli.setup_question import value_of
    from crampdetect.storage.configuration_values import KEYS, SECRETS

    for key in KEYS:
        value = value_of(configuration, key)
        if value is None or value == {}:
            continue
        text = str(value).lower() if isinstance(value, bool) else str(value)
        say(f"{key:<28} {'(set, not shown)' if key in SECRETS else text}")
