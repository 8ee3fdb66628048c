"""What a kind of sensor needs of its link, as plain data.

The catalogue names a plan for every kind; the transports follow it and know nothing of protocols.
"""

from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["BATTERY_LEVEL", "BlePlan", "SerialPlan"]

#: Characteristic of the standard battery service 180F (percent, one byte).
BATTERY_LEVEL = "00002a19-0000-1000-8000-00805f9b34fb"


@dataclass(frozen=True, slots=True)
class BlePlan:
    """A sensor on Bluetooth Low Energy; UUIDs in lower case, in their long form.

    Parameters
    ----------
    service : str
        UUID that the sensor advertises, or has.
    notify : tuple of str
        Characteristics to subscribe to, in this order.
    start : tuple of (str, bytes)
        Written after every connection, in this order: characteristic, bytes.
    stop : tuple of (str, bytes)
        Written before a wanted disconnect.
    names : tuple of str
        Beginnings of advertised names that are accepted; empty for any name with the service.
    battery : bool
        The standard battery service is there to be read.
    write : str
        Characteristic that takes what the decoder wants to send (`keep_alive`); empty for none.
    start_interval_s : float
        Pause after each of `start`, in seconds.
    """

    service: str
    notify: tuple[str, ...]
    start: tuple[tuple[str, bytes], ...] = ()
    stop: tuple[tuple[str, bytes], ...] = ()
    names: tuple[str, ...] = ()
    battery: bool = False
    write: str = ""
    start_interval_s: float = 0.0


@dataclass(frozen=True, slots=True)
class SerialPlan:
    """A sensor on a serial line, 8 data bits, no parity, 1 stop bit, no flow control.

    Parameters
    ----------
    baud : int
    start : tuple of bytes
        Written after every opening, in this order.
    stop : tuple of bytes
        Written before a wanted closing.
    vid_pid : tuple of (int, int)
        USB vendor and product of its adapters; empty where any adapter may carry it.
    handshake : callable or None
        Whether the bytes heard so far come from such a sensor; None where nothing tells.
    start_interval_s : float
        Pause after each of `start`, in seconds.
    """

    baud: int
    start: tuple[bytes, ...] = ()
    stop: tuple[bytes, ...] = ()
    vid_pid: tuple[tuple[int, int], ...] = ()
    handshake: Callable[[bytes], bool] | None = None
    start_interval_s: float = 0.0
