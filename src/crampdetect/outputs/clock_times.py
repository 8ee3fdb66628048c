"""Clock times of a recording, as far as they are known, and lengths of time in words.

Seconds since the recording began become the wearer's wall clock: through the absolute start and
its zone where both are known, else as the file's own clock ran on, else as elapsed time. Never
through the zone of the computer that prints.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from crampdetect.records import RecordingRecord

__all__ = ["Clock", "elapsed", "length"]


@dataclass(frozen=True, slots=True)
class Clock:
    """The wall clock of one recording.

    Parameters
    ----------
    start : datetime or None
        Aware in the wearer's zone (UTC where that is unknown), naive where only the file's own
        clock is known, None where nothing is.
    zone : str or None
        What the times are to be called, e.g. ``"Europe/Berlin"``.

    Examples
    --------
    >>> clock = Clock(datetime(2026, 3, 13, 22, 50), None)
    >>> clock.time(3 * 3600.0)
    '01:50:00'
    """

    start: datetime | None
    zone: str | None

    @classmethod
    def of(cls, recording: RecordingRecord) -> "Clock":
        """The clock of `recording`."""
        if recording.start is None:
            return cls(recording.start_local, None)
        zone = recording.timezone or "UTC"
        try:
            known: tzinfo = UTC if zone == "UTC" else ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError):
            # A log from another computer may name a zone that this one has no data for.
            known, zone = UTC, "UTC"
        return cls(recording.start.astimezone(known), zone)

    def moment(self, seconds: float) -> datetime | None:
        """Date and wall-clock time, `seconds` after the start; right across a clock change."""
        if self.start is None:
            return None
        if self.start.tzinfo is None:
            return self.start + timedelta(seconds=seconds)
        later = self.start.astimezone(UTC) + timedelta(seconds=seconds)
        return later.astimezone(self.start.tzinfo)

    def time(self, seconds: float) -> str:
        """``"02:14:05"``, or ``"+0:14:05"`` since the start where no clock is known."""
        moment = self.moment(seconds)
        return elapsed(seconds) if moment is None else f"{moment:%H:%M:%S}"


def elapsed(seconds: float) -> str:
    """Time since the start.

    Examples
    --------
    >>> elapsed(845.2)
    '+0:14:05'
    """
    minutes, rest = divmod(int(seconds), 60)
    return f"+{minutes // 60}:{minutes % 60:02d}:{rest:02d}"


def length(seconds: float) -> str:
    """A length of time in the two units that matter.

    Examples
    --------
    >>> [length(each) for each in (0.04, 41.6, 90, 26_640)]
    ['under 1 s', '42 s', '1 min 30 s', '7 h 24 min']
    """
    if 0 < seconds < 1:
        return "under 1 s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s" if whole % 60 else f"{whole // 60} min"
    minutes = round(seconds / 60)
    return f"{minutes // 60} h {minutes % 60} min" if minutes % 60 else f"{minutes // 60} h"
