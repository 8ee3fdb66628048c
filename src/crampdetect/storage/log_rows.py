"""What the episode log hands out: frozen rows with the facts, no rates and no judgements.

Whether a night has enough valid time, and its rate, is :mod:`crampdetect.analysis.counts`' to say
when it is read: in-bed time may be edited later, and a stored verdict would then be stale.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from crampdetect.errors import LogError
from crampdetect.records import EpisodeRecord, Quality, RecordingRecord, RunRecord

__all__ = [
    "Added",
    "EpisodeRow",
    "NightRow",
    "RunRow",
    "Span",
    "check_bounds",
    "local_time",
    "night_of",
    "within",
]

#: A bound on time: an aware instant, or the date of an evening.
Span = datetime | date


@dataclass(frozen=True, slots=True)
class Added:
    """What adding a replay did.

    Parameters
    ----------
    run_id : int
        The run that holds the replay: a new one, or the one found in the log.
    is_new : bool
        False when the log held the same detector's result already.
    replaced : RunRecord or None
        The run whose place as the recording's current one the new run took.
    current : RunRecord or None
        The recording's current run, where it is another than `run_id`.
    kept : tuple of (name, value)
        What the log keeps of the wearer and the zone although the replay says otherwise, e.g.
        ``("muscle", "soleus")``.
    """

    run_id: int
    is_new: bool
    replaced: RunRecord | None = None
    current: RunRecord | None = None
    kept: tuple[tuple[str, str], ...] = ()

    @property
    def replaced_current(self) -> bool:
        """Whether the new run took the place of another as the recording's current one."""
        return self.replaced is not None


@dataclass(frozen=True, slots=True)
class RunRow:
    """One scoring of one recording, with its counts and seconds by quality.

    `repeat` is 0 for the first scoring by this detector and counts those forced by ``--again``.
    """

    run_id: int
    recording_id: str
    run: RunRecord
    repeat: int
    created_at: datetime
    is_current: bool
    pinned: bool
    cramps: int
    unsure: int
    quality: Quality


@dataclass(frozen=True, slots=True)
class NightRow:
    """A recording and its current run.

    `night` is the date of the evening (noon to noon by the wearer's zone), None without a start.
    """

    night: date | None
    recording: RecordingRecord
    run: RunRow

    @property
    def cramps(self) -> int:
        """Number of cramps."""
        return self.run.cramps

    @property
    def unsure(self) -> int:
        """Number of episodes that may be cramps."""
        return self.run.unsure

    @property
    def quality(self) -> Quality:
        """Seconds by what could be judged."""
        return self.run.quality

    @property
    def duration_s(self) -> float:
        """Length of the recording in seconds."""
        return self.recording.duration_s


@dataclass(frozen=True, slots=True)
class EpisodeRow:
    """One episode and where it comes from; `valid_s` is the valid time of its run in seconds."""

    night: date | None
    recording: RecordingRecord
    run_id: int
    run: RunRecord
    is_current: bool
    valid_s: float
    episode: EpisodeRecord


def local_time(moment: datetime, timezone: str | None) -> datetime:
    """`moment` in the wearer's zone (UTC where none is known).

    Raises
    ------
    LogError
        If this machine does not know the zone.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> local_time(datetime(2026, 7, 1, 22, tzinfo=UTC), "Europe/Berlin").isoformat()
    '2026-07-02T00:00:00+02:00'
    """
    if timezone is None or timezone == "UTC":
        return moment.astimezone(UTC)
    try:
        return moment.astimezone(ZoneInfo(timezone))
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise LogError(
            f"the episode log names the time zone {timezone!r}, which this machine does not know; "
            "expected an IANA name such as Europe/Berlin (is the package tzdata installed?)"
        ) from error


def night_of(
    start: datetime | None, start_local: datetime | None, timezone: str | None
) -> date | None:
    """Date of the evening a recording belongs to: from noon to the noon after it.

    Examples
    --------
    >>> from datetime import datetime
    >>> night_of(None, datetime(2026, 7, 2, 1, 30), None)
    datetime.date(2026, 7, 1)
    """
    local = local_time(start, timezone) if start is not None and timezone else start_local
    if local is None:
        local = start
    return None if local is None else (local - timedelta(hours=12)).date()


def within(
    moment: datetime | None, night: date | None, since: Span | None, until: Span | None
) -> bool:
    """Whether something lies between two bounds; what has no time lies in no bounded span.

    An instant bounds `moment` (``since <= moment < until``), a date bounds `night`, both ends
    included.
    """
    if since is not None and not _reaches(moment, night, since):
        return False
    if isinstance(until, datetime):
        return moment is not None and moment < until
    return until is None or (night is not None and night <= until)


def _reaches(moment: datetime | None, night: date | None, since: Span) -> bool:
    if isinstance(since, datetime):
        return moment is not None and moment >= since
    return night is not None and night >= since


def check_bounds(bounds: Iterable[Span | None]) -> None:
    """Refuse a naive datetime with a ValueError: it names no instant."""
    for bound in bounds:
        if isinstance(bound, datetime) and bound.tzinfo is None:
            raise ValueError(
                f"{bound.isoformat()} has no time zone; expected a date or an aware datetime"
            )
