"""When a night ends: at a time, at Ctrl-C, at a service's wish. Never in the middle of a write."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta, tzinfo
from types import FrameType

__all__ = ["Stopping", "next_time", "stopping"]


class Stopping:
    """The wish to stop, and why.

    Parameters
    ----------
    until_utc_ns : int or None
        End of the night by the clock.
    """

    def __init__(self, until_utc_ns: int | None = None) -> None:
        self._until = until_utc_ns
        self.reason: str | None = None

    def ask(self, reason: str) -> None:
        """Somebody wants the night to end; the first reason stays."""
        self.reason = self.reason or reason

    def now(self, utc_ns: int) -> str | None:
        """The reason to stop at this time, if any."""
        if self.reason is None and self._until is not None and utc_ns >= self._until:
            self.reason = "until"
        return self.reason


@contextmanager
def stopping(until_utc_ns: int | None) -> Iterator[Stopping]:
    """Signals become a wish while the block lasts; a second Ctrl-C only wishes again.

    The block must finish the night within itself: until it is left nothing interrupts it.
    """
    wish = Stopping(until_utc_ns)

    def heard(number: int, frame: FrameType | None) -> None:
        del frame
        wish.ask("interrupted" if number == signal.SIGINT else "terminated")

    numbers = [signal.SIGINT, signal.SIGTERM]
    numbers += [signal.SIGHUP] if hasattr(signal, "SIGHUP") else []
    before = {number: signal.signal(number, heard) for number in numbers}
    try:
        yield wish
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def next_time(wanted: time, now_utc_ns: int, zone: tzinfo) -> int:
    """The next moment at which a clock in `zone` shows `wanted`, in UTC nanoseconds.

    A time that the clock leaves out when it is put forward comes an hour later; one that it shows
    twice is the first.

    Examples
    --------
    >>> from zoneinfo import ZoneInfo
    >>> oslo, evening = ZoneInfo("Europe/Oslo"), datetime(2026, 3, 28, 22, tzinfo=UTC)
    >>> at = next_time(time(7), int(evening.timestamp() * 1e9), oslo)
    >>> datetime.fromtimestamp(at / 1e9, UTC).isoformat()
    '2026-03-29T05:00:00+00:00'
    """
    now = datetime.fromtimestamp(now_utc_ns / 1e9, UTC).astimezone(zone)
    for days in (0, 1, 2):
        local = datetime.combine(now.date() + timedelta(days=days), wanted, tzinfo=zone)
        at = local.astimezone(UTC)
        if at > now.astimezone(UTC):
            return round(at.timestamp() * 1e9)
    raise AssertionError("one of three days holds every time of day")
