"""What a check of ``crampdetect doctor`` says."""

from dataclasses import dataclass
from typing import Literal

__all__ = ["Finding", "Level"]

Level = Literal["ok", "warning", "wrong"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor.

    Parameters
    ----------
    level : {"ok", "warning", "wrong"}
        ``"wrong"`` is something crampdetect cannot do without.
    topic, text : str
        What was looked at, and what was found.
    advice : str
        What to do, empty where nothing is to be done.
    private : tuple of str
        Parts of `text` and `advice` that a support bundle leaves out, e.g. a path of one's own.

    Examples
    --------
    >>> Finding("ok", "Python", "3.12.1").line
    'ok       Python        3.12.1'
    """

    level: Level
    topic: str
    text: str
    advice: str = ""
    private: tuple[str, ...] = ()

    @property
    def line(self) -> str:
        """The finding as printed."""
        line = f"{self.level:<8} {self.topic:<13} {self.text}"
        return f"{line} -> {self.advice}" if self.advice else line

    @property
    def public_line(self) -> str:
        """The finding as a support bundle has it.

        Examples
        --------
        >>> Finding("ok", "episode log", "/media/eva/a.sqlite", private=("/media/eva",)).public_line
        'ok       episode log   (left out)/a.sqlite'
        """
        line = self.line
        for part in sorted(self.private, key=len, reverse=True):
            line = line.replace(part, "(left out)")
        return line
