"""What can happen: the shape of every event, and what it is told when it turns into parts."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from crampdetect.simulation.parameters import NightParameters
from crampdetect.simulation.parts import CHANNEL_GAINS, Part
from crampdetect.simulation.seeds import Origin
from crampdetect.simulation.truth import EventKind, TruthEvent

__all__ = ["LEAD_SECONDS", "Event", "Scene"]

#: No event has a part that begins longer than this before its onset (prodromal twitches: 20 s).
LEAD_SECONDS = 30.0


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """What an event needs to know to become parts.

    Parameters
    ----------
    parameters : NightParameters
    resting_uv : float
        Resting RMS at the event's onset, in uV.
    rng : numpy.random.Generator
        The event's own.
    """

    parameters: NightParameters
    resting_uv: float
    rng: np.random.Generator

    def active_uv(self, level: float) -> float:
        """RMS in uV of the activity that lifts the floor to `level` times itself."""
        return self.resting_uv * float(np.sqrt(max(level, 1.0) ** 2 - 1.0))


@dataclass(frozen=True, kw_only=True)
class Event(ABC):
    """One thing that happens.

    Parameters
    ----------
    onset_s, duration_s : float
        In seconds of the recording.
    level : float
        RMS while active over the resting RMS.
    detail : str
        In plain words, for the truth.
    key : tuple of int
        Its random stream; empty: numbered by kind in the order given.
    gains : tuple of float
        Muscle activity in each EMG channel over that which `level` says; beyond the end: none.
    """

    kind: ClassVar[EventKind]
    origin: ClassVar[Origin]

    onset_s: float
    duration_s: float
    level: float = 1.0
    detail: str = ""
    key: tuple[int, ...] = ()
    gains: tuple[float, ...] = CHANNEL_GAINS

    def __post_init__(self) -> None:
        if not self.duration_s > 0:
            raise ValueError(
                f"{self.kind} at {self.onset_s:g} s lasts {self.duration_s:g} s, "
                "expected more than 0 s"
            )
        if self.level < 1:
            raise ValueError(
                f"{self.kind} at {self.onset_s:g} s has level {self.level:g}, "
                "expected at least 1 (the resting level)"
            )

    @property
    def offset_s(self) -> float:
        """When it ends, in seconds of the recording."""
        return self.onset_s + self.duration_s

    @abstractmethod
    def parts(self, scene: Scene) -> list[Part]:
        """Everything that this event adds to the signals."""

    def truth(self) -> TruthEvent:
        """What it is, without how it looks."""
        return TruthEvent(self.kind, self.onset_s, self.duration_s, self.level, self.detail)
