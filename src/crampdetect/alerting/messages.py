"""What is told: a closed set of events, and nothing of the wearer but that there was one."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

__all__ = ["Event", "Message"]

Event = Literal["cramp", "over", "withdrawn", "fault", "fault_over"]
#: Of `Message.document`; raised when a field changes its meaning.
SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Message:
    """One event to tell.

    Parameters
    ----------
    event : {"cramp", "over", "withdrawn", "fault", "fault_over"}
        A cramp seems to go on; it is over; it was none after all; the night is in danger; no more.
    utc_ns : int
        When it is told, since 1970.
    probability : float or None
        Of a cramp, 0 to 1.
    cause, text : str
        Of a fault: a fixed word, and a sentence for a person.
    """

    event: Event
    utc_ns: int
    probability: float | None = None
    cause: str = ""
    text: str = ""

    @property
    def time(self) -> str:
        """When it is told, in UTC, to the second.

        Examples
        --------
        >>> Message("cramp", 1_700_000_000_000_000_000).time
        '2023-11-14T22:13:20Z'
        """
        moment = datetime.fromtimestamp(self.utc_ns // 1_000_000_000, UTC)
        return f"{moment:%Y-%m-%dT%H:%M:%SZ}"

    def document(self) -> dict[str, str | int | float]:
        """As JSON carries it: only what there is to say.

        Examples
        --------
        >>> Message("cramp", 0, 0.93).document()
        {'schema': 1, 'event': 'cramp', 'time': '1970-01-01T00:00:00Z', 'probability': 0.93}
        """
        said: dict[str, str | int | float] = {
            "schema": SCHEMA,
            "event": self.event,
            "time": self.time,
        }
        if self.probability is not None:
            said["probability"] = self.probability
        return said | {
            name: value for name, value in (("cause", self.cause), ("text", self.text)) if value
        }

    def environment(self) -> dict[str, str]:
        """The same as variables of a command, e.g. ``CRAMPDETECT_EVENT``."""
        said = {name: value for name, value in self.document().items() if name != "schema"}
        return {f"CRAMPDETECT_{name.upper()}": str(value) for name, value in said.items()}
