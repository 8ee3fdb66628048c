"""What both transports share: their protocol, what a scan gives, states, and waiting.

A transport delivers every byte that arrived once and in order, `Connected` before and
`Disconnected` after. It never gives up by itself: what goes wrong on the way is told as a state,
and tried again until `stop`.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

from crampdetect.link import LinkEvent

__all__ = [
    "FIRST_WAIT_S",
    "LONGEST_WAIT_S",
    "REASONS",
    "SILENCE_S",
    "Deliver",
    "Found",
    "OnState",
    "StateTeller",
    "Transport",
    "Waits",
]

Deliver = Callable[[LinkEvent], None]
#: One sentence for a person, and one of `REASONS` for programs.
OnState = Callable[[str, str], None]

#: The fixed words of a state. Those of a `Disconnected` are among them.
REASONS = frozenset(
    {
        "searching",
        "connecting",
        "connected",
        "not_found",  # nothing that fits answers or is plugged in
        "wrong_device",  # something answers that is not what was asked for
        "adapter_off",  # Bluetooth is off, not there, or not allowed
        "denied",  # the system does not let this user open the port
        "busy",  # another program has the port
        "failed",  # anything else, in words
        "lost",  # the radio link ended
        "unplugged",  # the port went away
        "silent",  # connected, but nothing comes
        "stopped",  # as was wanted
    }
)
#: A sensor streams many times a second; after this long without anything the link is dead, whatever
#: the system says: a radio whose controller died gives no sign (seen with BlueZ 5.66).
SILENCE_S = 5.0
#: Waits between attempts: doubled from the first to the longest, in seconds. Half a minute of a
#: night is little, and a sensor that is away costs no battery of the computer [A].
FIRST_WAIT_S, LONGEST_WAIT_S = 1.0, 30.0


@dataclass(frozen=True, slots=True)
class Found:
    """What a scan saw.

    Parameters
    ----------
    address : str
        BLE address (on macOS a UUID of this computer's own), or the name of the port.
    name : str
    kind : str
        Key of the device catalogue; empty if it is not recognised, or could be several.
    transport : {"ble", "serial"}
    rssi : int or None
        Strength of the radio signal in dBm, e.g. -60.
    detail : str
        For a person.
    """

    address: str
    name: str
    kind: str
    transport: Literal["ble", "serial"]
    rssi: int | None = None
    detail: str = ""


class Transport(Protocol):
    """A link to one sensor that is kept up through the night."""

    def start(self, deliver: Deliver) -> None:
        """Connect, and call `deliver` from a thread of its own; it must only fill a queue.

        Raises
        ------
        ValueError
            It was started before.
        """

    def send(self, data: bytes) -> None:
        """Send to the sensor if there is a link; else nothing happens. Never waits."""

    def stop(self) -> None:
        """Say what the plan says at the end, and disconnect; back within 2 s."""


class Waits:
    """How long to wait until the next attempt; doubled each time.

    Examples
    --------
    >>> waits = Waits()
    >>> [waits.next() for _ in range(7)]
    [1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0]
    """

    def __init__(self, first_s: float = FIRST_WAIT_S, longest_s: float = LONGEST_WAIT_S) -> None:
        self._first_s, self._longest_s = first_s, longest_s
        self._next_s = first_s

    def next(self) -> float:
        """In seconds."""
        wait_s = self._next_s
        self._next_s = min(2 * wait_s, self._longest_s)
        return wait_s

    def start_again(self) -> None:
        """A link was good: the next wait is the first again."""
        self._next_s = self._first_s


class StateTeller:
    """Tells a state where it is not the one that was told last.

    Attributes
    ----------
    text, reason : str
        As told last; empty before.
    """

    def __init__(self, on_state: OnState | None) -> None:
        self._on_state = on_state
        self._lock = threading.Lock()
        self.text, self.reason = "", ""

    def __call__(self, text: str, reason: str) -> None:
        """Tell `text`, a sentence, and `reason`, one of `REASONS`."""
        with self._lock:
            if (text, reason) == (self.text, self.reason):
                return
            self.text, self.reason = text, reason
        if self._on_state is not None:
            self._on_state(text, reason)
