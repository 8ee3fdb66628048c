"""What really happens in a simulated night, event by event."""

import json
from dataclasses import dataclass
from typing import Literal

from crampdetect.detection.types import Kind

__all__ = ["EventKind", "Truth", "TruthEvent"]

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
        In plain words.
    """

    kind: EventKind
    onset_s: float
    duration_s: float
    level: float
    detail: str = ""

    @property
    def offset_s(self) -> float:
        """When it ends, in seconds of the recording."""
        return self.onset_s + self.duration_s


@dataclass(frozen=True, slots=True)
class Truth:
    """The events of one night in order of onset.

    Twitches (fasciculations, fragmentary myoclonus) and heart beats are background, not events.

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

    def of_kind(self, kind: EventKind) -> tuple[TruthEvent, ...]:
        """Return the events of one kind, in order."""
        return tuple(event for event in self.events if event.kind == kind)

    def to_json(self) -> str:
        """One JSON document: times rounded to 1 ms, levels to 0.01, ending in a newline."""
        document = {
            "schema": 1,
            "simulated": True,
            "seed": self.seed,
            "duration_s": round(self.duration_s, 3),
            "resting_uv": round(self.resting_uv, 3),
            "events": [
                {
                    "kind": event.kind,
                    "onset_s": round(float(event.onset_s), 3),
                    "duration_s": round(float(event.duration_s), 3),
                    "level": round(float(event.level), 2),
                    "detail": event.detail,
                }
                for event in self.events
            ],
        }
        return json.dumps(document, indent=1, ensure_ascii=False) + "\n"
