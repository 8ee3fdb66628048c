"""What a step of the check or of the calibration says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

__all__ = ["CheckFinding", "CheckLevel", "nothing_heard", "unheard"]

CheckLevel = Literal["passed", "doubtful", "failed"]


@dataclass(frozen=True, slots=True)
class CheckFinding:
    """One step.

    Parameters
    ----------
    step : str
        Its fixed name, e.g. ``"contact"``.
    level : {"passed", "doubtful", "failed"}
        ``"doubtful"``: the night can begin, but it would be better to look.
    found : str
        In words a lay person understands.
    expected : str
        What a good night needs.
    advice : str
        What to do; empty where nothing is to be done.
    measures : mapping of str to float
        The numbers behind it, by name with their unit.

    Examples
    --------
    >>> CheckFinding("loss", "failed", "4 % was lost", "less than 1 %", "come closer").sentence
    '4 % was lost; expected less than 1 %'
    """

    step: str
    level: CheckLevel
    found: str
    expected: str
    advice: str = ""
    measures: Mapping[str, float] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """What was found, and what was expected where it was not that."""
        return self.found if self.level == "passed" else f"{self.found}; expected {self.expected}"


def unheard(step: str, expected: str) -> CheckFinding:
    """A step for which too little good signal came."""
    return CheckFinding(
        step,
        "failed",
        "too little good signal came to tell",
        expected,
        "see to what else is not in order here, then check again",
    )


def nothing_heard(step: str, expected: str) -> CheckFinding:
    """A step for which no signal came at all."""
    return CheckFinding(
        step,
        "failed",
        "the sensor sent nothing",
        expected,
        "switch the sensor on, bring it close to the computer, then check again",
    )
