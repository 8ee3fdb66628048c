"""Counts of a night, and whether it has enough valid time for a rate. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, Protocol

from crampdetect.records import EpisodeRecord, Quality

__all__ = ["Counted", "Counts", "NightStatus", "counts", "counts_of", "status_of"]

NightStatus = Literal["ok", "partial", "insufficient", "excerpt"]

#: A single file shorter than this (s) is a piece of a night: it has counts, and no rate.
#: Source: the night rule of this project's result format (schema 1).
SHORTEST_NIGHT_S = 4 * 3600
#: Valid seconds and per cent of the recorded time below which a night says nothing about its
#: cramps. Source: the project's night rule, a planning assumption [A] like the wear-time rules of
#: actigraphy; to be checked when nights of patients exist.
LEAST_VALID_S = 4 * 3600
LEAST_VALID_PERCENT = 70
#: Below this per cent of valid time a rate is given and marked. Assumption [A].
FULL_VALID_PERCENT = 90


@dataclass(frozen=True, slots=True)
class Counts:
    """Cramps of one recording.

    Parameters
    ----------
    cramps, unsure : int
    per_valid_hour : float or None
        Cramps (without the unsure) per hour of valid time; None for an excerpt and where valid
        time is insufficient.
    status : {"ok", "partial", "insufficient", "excerpt"}
    """

    cramps: int
    unsure: int
    per_valid_hour: float | None
    status: NightStatus


class Counted(Protocol):
    """What has been counted already, such as a night of the episode log."""

    @property
    def cramps(self) -> int:
        """Number of cramps."""

    @property
    def unsure(self) -> int:
        """Number of episodes that may be cramps."""

    @property
    def quality(self) -> Quality:
        """Seconds by what could be judged."""

    @property
    def duration_s(self) -> float:
        """Length of the recording in seconds."""


def status_of(quality: Quality, duration_s: float) -> NightStatus:
    """Whether a recording is long and valid enough for a rate.

    Parameters
    ----------
    quality : Quality
        Seconds.
    duration_s : float
        Of the recording, in seconds. Until in-bed time is known, the whole recording counts as it.

    Raises
    ------
    ValueError
        If there is more valid than recorded time, or either is negative.

    Examples
    --------
    >>> status_of(Quality(valid_s=7 * 3600, gap_s=3600), 8 * 3600)
    'partial'
    """
    # In whole milliseconds, the resolution of printed times: 70 % of a float would be off by its
    # last bit just at the limit.
    valid, duration = round(quality.valid_s * 1000), round(duration_s * 1000)
    if valid < 0 or valid > duration + 1:
        raise ValueError(
            f"{quality.valid_s} s of {duration_s} s are valid; expected 0 s to the duration"
        )
    if duration < SHORTEST_NIGHT_S * 1000:
        return "excerpt"
    if valid < LEAST_VALID_S * 1000 or valid * 100 < duration * LEAST_VALID_PERCENT:
        return "insufficient"
    return "partial" if valid * 100 < duration * FULL_VALID_PERCENT else "ok"


def counts(episodes: Iterable[EpisodeRecord], quality: Quality, duration_s: float) -> Counts:
    """Cramps and unsure episodes, and the rate where there is enough valid time.

    Parameters
    ----------
    episodes : iterable of EpisodeRecord
        Of any kind; look-alikes are not counted.
    quality : Quality
        Seconds.
    duration_s : float
        Of the recording, in seconds.

    Examples
    --------
    >>> counts([], Quality(valid_s=8 * 3600), 8 * 3600)
    Counts(cramps=0, unsure=0, per_valid_hour=0.0, status='ok')
    >>> counts([], Quality(valid_s=1800), 1800).per_valid_hour is None
    True
    """
    kinds = [found.kind for found in episodes]
    return _rated(kinds.count("cramp"), kinds.count("unsure"), quality, duration_s)


def counts_of(row: Counted) -> Counts:
    """The same for a night that the episode log has counted."""
    return _rated(row.cramps, row.unsure, row.quality, row.duration_s)


def _rated(cramps: int, unsure: int, quality: Quality, duration_s: float) -> Counts:
    status = status_of(quality, duration_s)
    has_rate = status in ("ok", "partial")
    return Counts(cramps, unsure, cramps / (quality.valid_s / 3600) if has_rate else None, status)
