"""What really happens in a simulated night, event by event."""

import json
from dataclasses import dataclass
from typing import Literal

from crampdetect.detection.types import Kind

__all__ = ["SCORABLE_LEVEL", "EventKind", "Truth", "TruthEvent"]

#: A cramp that rises less above the floor cannot be asked of any detector [A].
SCORABLE_LEVEL = 1.5

#: The closed set of verdicts, and what makes time invalid.
EventKind = Kind | Literal["gap", "lead_off"]


@dataclass(frozen=True, slots=True)
class TruthEvent:
    """One thing that happens.

    Parameters
    ----------
    kind : str
        One of the detector's kinds, ``"gap"`` or ``"lead_off"``.
    onset_s, duration_s : float
        In seconds of the recording. A cramp lasts from the first rise of its EMG until the EMG is
        back at the floor; a movement from the earlier of motion and EMG.
    level : float
        RMS while active over the resting RMS at that time (1 = nothing to see); for a cramp that
        of the plateau. A cramp whose focus is not under the electrode has level 1.
    detail : str
        In plain words: which generator made it, and for a cramp whether the leg lay still at its
        onset and what the sleeper did.
    invalid : bool
        Whether nothing can be judged in this time: a gap, no contact, or an input at its rails.
    """

    kind: EventKind
    onset_s: float
    duration_s: float
    level: float
    detail: str = ""
    invalid: bool = False

    @property
    def scorable(self) -> bool:
        """Whether a detector can be asked for it: a cramp of at least 1.5 times the floor."""
        return self.kind == "cramp" and self.level >= SCORABLE_LEVEL

    @property
    def offset_s(self) -> float:
        """When it ends, in seconds of the recording."""
        return self.onset_s + self.duration_s


@dataclass(frozen=True, slots=True)
class Truth:
    """The events of one night in order of onset.

    Scattered twitches (fasciculations, fragmentary myoclonus) and heart beats are background; only
    long trains of them are events. `seed` is the person, `night` which night of that person.

    Examples
    --------
    >>> truth = Truth(1, 1800.0, 2.5, (TruthEvent("cramp", 60.0, 30.0, 8.0),))
    >>> len(truth.of_kind("cramp"))
    1
    """

    seed: int
    duration_s: float
    resting_uv: float
    events: tuple[TruthEvent, ...]
    night: int = 0

    def of_kind(self, kind: EventKind) -> tuple[TruthEvent, ...]:
        """Return the events of one kind, in order."""
        return tuple(event for event in self.events if event.kind == kind)

    def to_json(self) -> str:
        """One JSON document: times rounded to 1 ms, levels to 0.01, ending in a newline."""
        document = {
            "schema": 1,
            "simulated": True,
            "seed": self.seed,
            "night": self.night,
            "duration_s": round(self.duration_s, 3),
            "resting_uv": round(self.resting_uv, 3),
            "events": [_row(event) for event in self.events],
        }
        return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def _row(event: TruthEvent) -> dict[str, object]:
    """One event of the document; only cramps are or are not scorable."""
    row: dict[str, object] = {
        "kind": event.kind,
        "onset_s": round(float(event.onset_s), 3),
        "duration_s": round(float(event.duration_s), 3),
        "level": round(float(event.level), 2),
        "detail": event.detail,
    }
    if event.kind == "cramp":
        row["scorable"] = event.scorable
    if event.invalid:
        row["invalid"] = True
    return row
