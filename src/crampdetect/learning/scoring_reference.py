"""From true events to the cramps that are scored: merging, invalid time, what could be seen. Pure.

Two cramps of one muscle site less than 30 s apart are one; from 60 s apart they are two; between
these limits raters disagree (the main disagreement on spasm counts was split or merge: Thomas et
al. 2014), so such a pair counts as two and is reported as ambiguous.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from crampdetect.learning.scoring_events import TrueEvent

__all__ = [
    "MERGES_S",
    "Merging",
    "Reference",
    "invalid_spans",
    "is_mostly_within",
    "merged",
    "merging",
    "references",
]

Interval = tuple[float, float]

#: Cramps of one site closer than this (s) are one. Planning assumption [A], as the detector's own.
ONE_CRAMP_S = 30
#: From here (s) they are certainly two.
TWO_CRAMPS_S = 60
#: Merge rules (s) under which counts are told, as counts depend on the rule.
MERGES_S = (15, 30, 60, 90)
#: Level (plateau over floor, best channel) from which an electrode can see a cramp.
SCORABLE_LEVEL = 1.5


@dataclass(frozen=True, slots=True)
class Reference:
    """One true cramp after merging.

    Parameters
    ----------
    onset_s, offset_s : float
        Seconds of the recording.
    level : float or None
        The highest of its parts.
    scorable : bool
        Its level is at least 1.5, or unknown, or the truth says so.
    censored : bool
        More than half of it lies in time that the truth calls invalid.
    """

    onset_s: float
    offset_s: float
    level: float | None
    scorable: bool
    censored: bool

    @property
    def duration_s(self) -> float:
        """Seconds."""
        return self.offset_s - self.onset_s


@dataclass(frozen=True, slots=True)
class Merging:
    """How many cramps there are under each merge rule.

    Parameters
    ----------
    within_s : tuple of int
        Rules: cramps closer than this are one.
    true_cramps, found_cramps : tuple of int
        Counts, one per rule.
    ambiguous_pairs : int
        Neighbouring true cramps of one site 30 to 60 s apart.
    """

    within_s: tuple[int, ...]
    true_cramps: tuple[int, ...]
    found_cramps: tuple[int, ...]
    ambiguous_pairs: int


def merged(intervals: Iterable[Interval], within_s: float) -> list[list[int]]:
    """Positions of the intervals that are one under a merge rule.

    Parameters
    ----------
    intervals : iterable of (float, float)
        Start and stop in seconds, ascending by start.
    within_s : float
        A pause shorter than this merges. To the millisecond, the resolution of printed times.

    Examples
    --------
    >>> merged([(0, 10), (39.9, 50), (80, 90)], 30)
    [[0, 1], [2]]
    """
    groups: list[list[int]] = []
    end = 0.0
    for position, (start, stop) in enumerate(intervals):
        if groups and round((start - end) * 1000) < within_s * 1000:
            groups[-1].append(position)
            end = max(end, stop)
        else:
            groups.append([position])
            end = stop
    return groups


def references(events: Sequence[TrueEvent]) -> tuple[Reference, ...]:
    """The true cramps of a night after merging, by onset.

    Examples
    --------
    >>> night = [TrueEvent("cramp", 60, 30), TrueEvent("cramp", 100, 5), TrueEvent("gap", 100, 99)]
    >>> [(each.onset_s, each.offset_s, each.censored) for each in references(night)]
    [(60, 105, False)]
    """
    spans = invalid_spans(events)
    found: list[Reference] = []
    for cramps in _by_site(events):
        for group in merged([(each.onset_s, each.offset_s) for each in cramps], ONE_CRAMP_S):
            parts = [cramps[position] for position in group]
            start, stop = parts[0].onset_s, max(part.offset_s for part in parts)
            levels = [part.level for part in parts if part.level is not None]
            found.append(
                Reference(
                    start,
                    stop,
                    max(levels, default=None),
                    any(_is_scorable(part) for part in parts),
                    is_mostly_within((start, stop), spans),
                )
            )
    return tuple(sorted(found, key=lambda each: (each.onset_s, each.offset_s)))


def merging(nights: Iterable[tuple[Sequence[TrueEvent], Sequence[Interval]]]) -> Merging:
    """Counts of true and found cramps under each merge rule, over all nights.

    Parameters
    ----------
    nights : iterable of (sequence of TrueEvent, sequence of (float, float))
        Truth, and the intervals of what was found, in seconds, ascending by start.

    Examples
    --------
    >>> merging([([TrueEvent('cramp', 0, 9), TrueEvent('cramp', 50, 9)], [])]).true_cramps
    (2, 2, 1, 1)
    """
    true, found, ambiguous = [0] * len(MERGES_S), [0] * len(MERGES_S), 0
    for events, intervals in nights:
        sites = [[(each.onset_s, each.offset_s) for each in site] for site in _by_site(events)]
        for place, within_s in enumerate(MERGES_S):
            true[place] += sum(len(merged(site, within_s)) for site in sites)
            found[place] += len(merged(intervals, within_s))
        for site in sites:
            ambiguous += len(merged(site, ONE_CRAMP_S)) - len(merged(site, TWO_CRAMPS_S))
    return Merging(MERGES_S, tuple(true), tuple(found), ambiguous)


def invalid_spans(events: Iterable[TrueEvent]) -> tuple[Interval, ...]:
    """Gaps and lead-off of a truth as disjoint spans in seconds, ascending.

    Examples
    --------
    >>> invalid_spans([TrueEvent("gap", 10, 10), TrueEvent("lead_off", 15, 10)])
    ((10, 25),)
    """
    spans = sorted((each.onset_s, each.offset_s) for each in events if each.spoils)
    joined: list[Interval] = []
    for start, stop in spans:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(stop, joined[-1][1]))
        else:
            joined.append((start, stop))
    return tuple(joined)


def is_mostly_within(interval: Interval, spans: Sequence[Interval]) -> bool:
    """Whether more than half of `interval` lies in the disjoint `spans`.

    Examples
    --------
    >>> is_mostly_within((0, 10), [(5, 20)]), is_mostly_within((0, 10), [(4.9, 20)])
    (False, True)
    """
    start, stop = interval
    if stop <= start:
        return any(first <= start < last for first, last in spans)
    inside = sum(max(0.0, min(stop, last) - max(start, first)) for first, last in spans)
    return inside > (stop - start) / 2


def _by_site(events: Iterable[TrueEvent]) -> list[list[TrueEvent]]:
    cramps = [each for each in events if each.kind == "cramp"]
    cramps.sort(key=lambda each: (each.site, each.onset_s, each.offset_s))
    return [list(group) for _, group in groupby(cramps, key=lambda each: each.site)]


def _is_scorable(event: TrueEvent) -> bool:
    if event.scorable is not None:
        return event.scorable
    return event.level is None or event.level >= SCORABLE_LEVEL
