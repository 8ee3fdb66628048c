"""What the clocks of a capture tell: a sleep, a clock that was set, a standstill."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from crampdetect.storage.capture_clock import Change, changes
from crampdetect.storage.capture_reader import Capture

__all__ = ["clock_findings"]

#: Pairs are 10 s apart; a longer hole is a program that stood still, or (on Windows) a sleep [A].
STANDSTILL_NS = 30_000_000_000


def clock_findings(capture: Capture) -> list[str]:
    """One sentence for each time that the clocks did not simply run; none is the usual.

    Parameters
    ----------
    capture : Capture

    Returns
    -------
    list of str
        In the order of the night, with times of the wearer's zone (UTC where there is none).
    """
    zone = _zone(capture.head.timezone)
    found: list[str] = []
    for change in changes(capture.clock_pairs):
        at = _clock_time(capture.utc_of(change.before.monotonic_ns), zone)
        found += _sentences(change, at)
    return found


def _sentences(change: Change, at: str) -> list[str]:
    found = []
    if change.slept:
        found.append(
            f"the computer slept for {_length(change.slept)} from about {at} on; "
            "nothing was recorded meanwhile"
        )
    stood = change.after.monotonic_ns - change.before.monotonic_ns
    if stood >= STANDSTILL_NS:
        found.append(
            f"the program stood still for {_length(stood)} from about {at} on "
            "(or the file is damaged there, or the computer slept)"
        )
    if change.set_by:
        way = "forward" if change.set_by > 0 else "back"
        found.append(
            f"the computer's clock was set {way} by {_length(abs(change.set_by))} at about {at}; "
            "all times of the night are by the clock as it was set"
        )
    return found


def _zone(name: str | None) -> ZoneInfo | None:
    try:
        return None if name is None else ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None  # told by who reads the night's zone; these times are UTC then, and say so


def _clock_time(utc_ns: int, zone: ZoneInfo | None) -> str:
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=utc_ns // 1000)
    local = moment if zone is None else moment.astimezone(zone)
    return f"{local:%H:%M:%S} {local.tzname()}"


def _length(nanoseconds: int) -> str:
    seconds = nanoseconds / 1e9
    if abs(seconds) < 100:
        return f"{seconds:.1f} s"
    return f"{seconds / 60:.0f} min" if abs(seconds) < 6000 else f"{seconds / 3600:.1f} h"
