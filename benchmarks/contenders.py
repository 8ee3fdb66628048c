"""Who is compared: ``crampdetect replay`` and what a person would run instead."""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from measuring import ChildError, Usage, run_child
from nights import replay_command

__all__ = ["REPLAY", "Contender", "contenders", "events", "missing_library"]

HERE = Path(__file__).resolve().parent
REPLAY = "crampdetect replay"


@dataclass(frozen=True)
class Contender:
    """One row of the table.

    Parameters
    ----------
    name : str
    python : str
        Interpreter that runs it.
    hours : float
        Of the night that it is given.
    program : callable
        ``program(night)`` is what follows the interpreter; called before every run.
    probe : tuple of str
        Arguments with which the program only imports; empty where nothing can be missing.
    """

    name: str
    python: str
    hours: float
    program: Callable[[Path], list[str]]
    probe: tuple[str, ...] = ()

    def command(self, night: Path) -> list[str]:
        """The whole command of one run."""
        return [self.python, *self.program(night)]

    def recording_command(self, night: Path, listing: Path) -> list[str]:
        """The same run, with the modules that it loaded written into `listing`."""
        record = [str(HERE / "loaded_modules.py"), "record", str(listing)]
        return [self.python, *record, *self.program(night)]

    def importing_command(self, listing: Path) -> list[str]:
        """Import what `listing` names, and end."""
        return [self.python, str(HERE / "loaded_modules.py"), "import", str(listing)]


def contenders(python: str, hours: float, neurokit2_hours: float, log: Path) -> list[Contender]:
    """All of them; replay comes first and is what the others are compared with.

    Parameters
    ----------
    python : str
        Interpreter of the other contenders.
    hours : float
        Length of the night.
    neurokit2_hours : float
        The most that NeuroKit2 is given of it.
    log : Path
        Where replay writes its log; replaced at every run.
    """
    return [
        Contender(REPLAY, sys.executable, hours, lambda night: replay_command(night, log)[1:]),
        _script("scipy script", python, "contender_scipy.py", hours),
        _script("BioSPPy emg", python, "contender_biosppy.py", hours),
        _script("NeuroKit2 emg", python, "contender_neurokit2.py", min(hours, neurokit2_hours)),
    ]


def missing_library(contender: Contender) -> str | None:
    """Why a contender cannot run with its interpreter, or None."""
    if not contender.probe:
        return None
    try:
        run_child([contender.python, *contender.probe])
    except ChildError as failure:
        if "ModuleNotFoundError" not in str(failure):
            raise
        return str(failure).removeprefix("ModuleNotFoundError: ")
    return None


def events(usage: Usage) -> int:
    """How many events a run found, of whatever kind: proof that it did something."""
    document = json.loads(usage.stdout)
    if "schema" in document:
        return len(document["episodes"]) + len(document["rejected"])
    return int(document["events"])


def _script(name: str, python: str, file: str, hours: float) -> Contender:
    script = str(HERE / file)

    def program(night: Path) -> list[str]:
        return [script, str(night), "--hours", str(hours)]

    return Contender(name, python, hours, program, probe=(script,))
