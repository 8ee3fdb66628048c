"""One question of `crampdetect setup`: asked until its answer is one."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from crampdetect.storage.configuration import Configuration, with_value
from crampdetect.storage.configuration_values import SECRETS

__all__ = ["Person", "Question", "decimal", "lower", "value_of", "whole", "yes_or_no"]


class Person(Protocol):
    """Who answers."""

    def ask(self, question: str, secret: bool = False) -> str:
        """One answer.

        Raises
        ------
        EOFError
            There will be no more.
        """

    def tell(self, line: str) -> None:
        """One line."""


def whole(text: str) -> object:
    """A whole number, or what is none as it is."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else text


def decimal(text: str) -> object:
    """A number with a point or a comma, or what is none as it is."""
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return text


def yes_or_no(text: str) -> object:
    """True or False, or what is neither as it is."""
    return {"yes": True, "y": True, "no": False, "n": False}.get(text.lower(), text)


def lower(text: str) -> object:
    """In lower case."""
    return text.lower()


@dataclass(frozen=True, slots=True)
class Question:
    """One question.

    Parameters
    ----------
    key : str
        Of the configuration.
    words : str
    parse : callable
        From the answer to a value; what it is not is refused by the key's own rule.
    propose : callable
        A value that Enter takes where none is set; it is shown, never taken unseen.
    """

    key: str
    words: str
    parse: Callable[[str], object] = str
    propose: Callable[[], str | None] = lambda: None

    def put(self, configuration: Configuration, person: Person) -> Configuration:
        """Ask until the answer is one; the configuration with it."""
        secret = self.key in SECRETS
        present = value_of(configuration, self.key)
        proposed = self.propose() if present is None else None
        shown = _shown(present, secret) or proposed or "not set"
        while True:
            answer = person.ask(f"{self.words} [{shown}]: ", secret).strip()
            if answer == "":
                if proposed is None:
                    return configuration
                answer = proposed
            try:
                value = None if answer == "-" else self.parse(answer)
                return with_value(configuration, self.key, value)
            except ValueError as error:
                person.tell(f"  {str(error).replace(self.key, 'that', 1)}")


def value_of(configuration: Configuration, key: str) -> object:
    """What is set under `key`; None where nothing is.

    Examples
    --------
    >>> value_of(Configuration(), "alerts.mute")
    False
    """
    value: object = configuration
    for name in key.split("."):
        value = getattr(value, name)
    return value


def _shown(present: object, secret: bool) -> str:
    if present is None:
        return ""
    if secret:
        return "set, not shown"
    if isinstance(present, bool):
        return "yes" if present else "no"
    return str(present)
