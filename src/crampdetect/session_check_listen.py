"""Listen to a sensor only until it has told its battery."""

from typing import Protocol

from crampdetect.devices.decoder import Decoder
from crampdetect.session_loop import EventSource

__all__ = ["heard_battery"]

SECOND_NS = 1_000_000_000
#: Longest wait for an event, in seconds.
WAIT_S = 0.2


class _Now(Protocol):
    def monotonic_ns(self) -> int: ...


def heard_battery(
    decoder: Decoder, source: EventSource, clock: _Now, longest_s: float
) -> tuple[int | None, int | None]:
    """Millivolts and per cent; None for what was not told within `longest_s`.

    Parameters
    ----------
    decoder : Decoder
        New.
    source : EventSource
        Started.
    clock : Clock
    longest_s : float
        In seconds, e.g. 12: sensors tell it at least every 10 s, or when they are asked.
    """
    began = asked = clock.monotonic_ns()
    while decoder.battery_mv is None and decoder.battery_percent is None:
        try:
            event = source.next(WAIT_S)
        except EOFError:
            break
        if event is not None:
            decoder.push(event)
        now = clock.monotonic_ns()
        if now - began > longest_s * SECOND_NS:
            break
        if now - asked >= SECOND_NS:
            asked = now
            wanted = decoder.keep_alive(now)
            if wanted is not None:
                source.send(wanted)
    return decoder.battery_mv, decoder.battery_percent
