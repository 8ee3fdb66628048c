"""What happened and what was found: the two sorts of events that scoring compares. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from crampdetect.detection.types import KINDS

__all__ = ["INVALID_KINDS", "TRUTH_KINDS", "EventLike", "Found", "TrueEvent", "check_kind"]

#: What makes time in the truth impossible to judge.
INVALID_KINDS = ("gap", "lead_off")
#: The closed set of what a truth may hold.
TRUTH_KINDS: tuple[str, ...] = (*KINDS, *INVALID_KINDS)


class EventLike(Protocol):
    """What a true event has at least, such as a ``simulation.truth.TruthEvent``.

    ``level``, ``detail``, ``site`` and ``scorable`` are read where an event has them.
    """

    @property
    def kind(self) -> str:
        """One of `TRUTH_KINDS`."""

    @property
    def onset_s(self) -> float:
        """Seconds since the recording began."""

    @property
    def duration_s(self) -> float:
        """Seconds."""


@dataclass(frozen=True, slots=True)
class TrueEvent:
    """One thing that happened.

    Parameters
    ----------
    kind : str
        One of `TRUTH_KINDS`.
    onset_s, duration_s : float
        Seconds of the recording.
    level : float or None
        RMS of the plateau over the resting RMS, best channel; None where nobody measured it.
    detail : str
        In plain words.
    site : str
        Muscle and side, where a truth tells several apart.
    scorable : bool or None
        Whether the electrode could see it; None leaves that to `level`.
    invalid : bool or None
        Whether nothing can be judged then; None leaves that to the kind.

    Raises
    ------
    ValueError
        If the kind is another, or a number is negative or not finite.

    Examples
    --------
    >>> TrueEvent("cramp", 60.0, 30.0, level=8.0).offset_s
    90.0
    """

    kind: str
    onset_s: float
    duration_s: float
    level: float | None = None
    detail: str = ""
    site: str = ""
    scorable: bool | None = None
    invalid: bool | None = None

    def __post_init__(self) -> None:
        check_kind(self.kind, TRUTH_KINDS)
        for name in ("onset_s", "duration_s", "level"):
            value = getattr(self, name)
            if value is not None and not (math.isfinite(value) and value >= 0):
                raise ValueError(f"{name} is {value}; expected a number from 0")

    @property
    def offset_s(self) -> float:
        """When it ends, in seconds of the recording."""
        return self.onset_s + self.duration_s

    @property
    def spoils(self) -> bool:
        """Whether its time can be judged by nobody."""
        return self.kind in INVALID_KINDS or self.invalid is True

    @classmethod
    def of(cls, event: EventLike) -> "TrueEvent":
        """The same event of whatever type, with what it knows."""
        if isinstance(event, cls):
            return event
        return cls(
            event.kind,
            float(event.onset_s),
            float(event.duration_s),
            getattr(event, "level", None),
            getattr(event, "detail", ""),
            getattr(event, "site", ""),
            getattr(event, "scorable", None),
            getattr(event, "invalid", None),
        )


class Found(NamedTuple):
    """One verdict of a detector, rejected candidates too.

    ``onset_s`` and ``duration_s`` are seconds of the recording, ``kind`` is one of the detector's
    kinds, ``probability`` that of being a cramp, and ``alert_s`` the second at which a person
    would have been told (None where that is not known).
    """

    onset_s: float
    duration_s: float
    kind: str
    probability: float
    alert_s: float | None = None

    @property
    def offset_s(self) -> float:
        """When it ends, in seconds of the recording."""
        return self.onset_s + self.duration_s


def check_kind(kind: object, known: Sequence[str]) -> None:
    """Refuse a kind that is not of a closed set, with a ValueError.

    Examples
    --------
    >>> check_kind("cramp", TRUTH_KINDS)
    """
    if kind not in known:
        raise ValueError(f"the kind {kind!r} is unknown; expected one of {', '.join(known)}")
