"""The table of commands: a module each, imported only when its command is asked for."""

from argparse import ArgumentParser, Namespace
from importlib import import_module
from typing import Protocol, cast

__all__ = ["COMMANDS", "Command", "load"]

#: Name and summary; the command `name` lives in ``crampdetect.cli.name``.
COMMANDS: dict[str, str] = {
    "night": "check the sensor, record a night, and judge it while it lasts",
    "check": "two minutes at bedtime: is the sensor on, and will it last",
    "devices": "list sensors that are near",
    "setup": "say once which sensor, whose leg, and until when",
    "calibrate": "learn your rest, and how the sensor lies on the leg",
    "recover": "finish nights that were cut off",
    "forget": "delete a night everywhere",
    "replay": "find the cramps of recordings and add them to the log",
    "info": "say what is in a recording and what would be used of it",
    "log": "list the nights in the log and their counts",
    "episodes": "list the episodes in the log",
    "export": "write episodes or nights of the log as CSV or JSON",
    "convert": "write a recording as EDF+ with its episodes as annotations",
    "simulate": "make nights by numbers, with their truth",
    "train": "train the models anew from a seed",
    "doctor": "check this installation and computer",
    "evaluate": "score verdicts against a known truth",
}


class Command(Protocol):
    """What the module of a command offers."""

    EPILOG: str

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options of the command."""

    def run(self, arguments: Namespace) -> int:
        """Do it and return the exit code."""


def load(name: str) -> Command:
    """The module of command `name`."""
    return cast(Command, import_module(f"crampdetect.cli.{name}"))
