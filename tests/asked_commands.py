"""Runs a command by its module, whether or not the table of commands has it."""

from argparse import ArgumentParser

from crampdetect.cli.commands import load

#: A program that runs `main` with the words it is given, in a process of its own.
PROGRAM = """\
import sys
from crampdetect.cli.commands import COMMANDS
from crampdetect.cli.main import main
COMMANDS.setdefault(sys.argv[1], "do it")
sys.exit(main(sys.argv[1:]))
"""


def run_command(name: str, *words: str) -> int:
    command = load(name)
    parser = ArgumentParser()
    command.add_arguments(parser)
    return command.run(parser.parse_args(words))
