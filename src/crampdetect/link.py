"""What a link delivers, as it is captured and as decoders take it.

Types only: the transports in ``devices`` make them, ``storage.capture`` keeps them, the decoders
turn them into Samples. They lie below all three.
"""

from dataclasses import dataclass, field

__all__ = ["Connected", "Disconnected", "LinkEvent", "LinkQuality", "Received"]


@dataclass(frozen=True, slots=True)
class Received:
    """Bytes that arrived: what one read of a port, or one BLE notification, gave.

    Parameters
    ----------
    data : bytes
    monotonic_ns : int
        When they arrived, on the host's monotonic clock, in nanoseconds.
    endpoint : str
        UUID of the BLE characteristic, in lower case; empty on a serial line.
    """

    data: bytes
    monotonic_ns: int
    endpoint: str = ""


@dataclass(frozen=True, slots=True)
class Connected:
    """The link came up. `detail` is for a person, e.g. the port."""

    monotonic_ns: int
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Disconnected:
    """The link went down; `reason` is a fixed short word, e.g. ``"silent"`` or ``"unplugged"``."""

    monotonic_ns: int
    reason: str = ""


LinkEvent = Received | Connected | Disconnected


@dataclass(slots=True)
class LinkQuality:
    """Counts of one night's link; noise on a link is counted, never raised.

    Parameters
    ----------
    received, lost : dict of str to int
        Samples by stream; `lost` holds those that an exact counter missed within an epoch.
    not_connected : dict of str to int
        Samples by stream that belong to the time without a link; estimated.
    corrupt : int
        Frames, or stretches of bytes, that made no sense.
    duplicate : int
        Frames that had been there before.
    reconnects : int
    restarts : int
        Of the device, as its counter tells.
    """

    received: dict[str, int] = field(default_factory=dict)
    lost: dict[str, int] = field(default_factory=dict)
    not_connected: dict[str, int] = field(default_factory=dict)
    corrupt: int = 0
    duplicate: int = 0
    reconnects: int = 0
    restarts: int = 0
