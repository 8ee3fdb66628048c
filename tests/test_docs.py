"""docs/commands.md names every command and option, and its examples are real command lines."""

import re
import shlex
from argparse import ArgumentParser, _SubParsersAction
from pathlib import Path

import pytest

from crampdetect.cli.commands import COMMANDS, load
from crampdetect.cli.parser import build_parser

TEXT = (Path(__file__).resolve().parents[1] / "docs" / "commands.md").read_text(encoding="utf-8")


def section(name: str) -> str:
    found = re.search(rf"^## {name}\n(.*?)(?=^## |\Z)", TEXT, re.DOTALL | re.MULTILINE)
    if found is None:
        raise AssertionError(f"docs/commands.md has no section {name}")
    return found[1]


def subparsers() -> dict[str, ArgumentParser]:
    (action,) = (a for a in build_parser()._actions if isinstance(a, _SubParsersAction))
    return dict(action.choices)


def options_of(parser: ArgumentParser) -> set[str]:
    flags = {flag for action in parser._actions for flag in action.option_strings}
    return flags - {"-h", "--help"}


def example_lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip().startswith("crampdetect ")]


def test_the_sections_are_the_commands() -> None:
    assert re.findall(r"^## (\w+)$", TEXT, re.MULTILINE) == list(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_of_a_command_is_in_its_section_and_no_other(name: str) -> None:
    documented = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", section(name)))
    options = options_of(subparsers()[name])
    elsewhere = set().union(*(options_of(parser) for parser in subparsers().values()))
    assert options <= documented
    # A section may name another command's option only if that option exists.
    assert documented <= elsewhere | {"--help", "--version"}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_section_and_every_help_has_an_example_that_parses(name: str) -> None:
    for text in (section(name), load(name).EPILOG):
        lines = [line for line in example_lines(text) if line.startswith(f"crampdetect {name}")]
        assert lines
        for line in lines:
            words = shlex.split(re.split(r"[|>]", line)[0])[1:]
            assert build_parser(name).parse_args(words).command == name


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_has_words_in_its_help(name: str) -> None:
    for action in subparsers()[name]._actions:
        assert action.help, f"{name} {action.option_strings or action.dest} explains nothing"


def test_environment_variables_are_documented() -> None:
    for name in (
        "CRAMPDETECT_LOG",
        "CRAMPDETECT_CONFIG",
        "CRAMPDETECT_TIMEZONE",
        "CRAMPDETECT_TRACEBACK",
    ):
        assert name in TEXT
        assert name in (build_parser("").epilog or "")


def test_no_link_or_path_of_a_machine_is_in_the_page() -> None:
    assert not re.search(r"/home/|/work/|/Users/|C:\\", TEXT)
