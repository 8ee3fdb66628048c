"""One night judged: which cramps were found, missed or censored, which verdicts are false. Pure.

Verdicts that lie mostly in time that the *truth* calls invalid are neither right nor wrong, and so
is an unmatched verdict that overlaps a censored cramp. Time that only the detector calls invalid
excuses nothing: a cramp in it is a miss.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crampdetect.detection.types import Array
from crampdetect.learning.scoring_events import Found
from crampdetect.learning.scoring_matching import (
    CRITERIA,
    PRIMARY,
    Criterion,
    Overlaps,
    match,
    overlaps,
)
from crampdetect.learning.scoring_night import Night
from crampdetect.learning.scoring_reference import (
    Reference,
    invalid_spans,
    is_mostly_within,
    references,
)

__all__ = ["Compared", "Outcome", "compare", "judge"]

Pairs = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """Truth and verdicts of one night beside each other.

    Parameters
    ----------
    night : Night
    references : tuple of Reference
        True cramps that count.
    censored : tuple of Reference
        True cramps that do not.
    found : tuple of Found
        Verdicts of every kind that count.
    set_aside : tuple of Found
        Verdicts mostly in time that the truth calls invalid.
    lie : Overlaps
        Of `references` and `found`.
    touches_censored : array of bool, shape (n_found,)
    """

    night: Night
    references: tuple[Reference, ...]
    censored: tuple[Reference, ...]
    found: tuple[Found, ...]
    set_aside: tuple[Found, ...]
    lie: Overlaps
    touches_censored: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What came of the verdicts of some kinds.

    Parameters
    ----------
    compared : Compared
    pairs : dict of str to tuple of (int, int)
        By name of criterion: position of the true cramp and of the verdict.
    false_alarms : dict of str to tuple of int
        By name of criterion: positions of the verdicts.
    ignored : int
        Verdicts of these kinds that are neither, under the primary criterion.
    """

    compared: Compared
    pairs: dict[str, Pairs]
    false_alarms: dict[str, tuple[int, ...]]
    ignored: int

    def hits(self, criterion: Criterion = PRIMARY, *, scorable: bool = False) -> int:
        """How many cramps were found; with `scorable` only of those that could be seen."""
        cramps = self.compared.references
        return sum(cramps[row].scorable or not scorable for row, _ in self.pairs[criterion.name])

    def cramps(self, *, scorable: bool = False) -> int:
        """How many cramps there were to find."""
        return sum(each.scorable or not scorable for each in self.compared.references)

    @property
    def false(self) -> tuple[int, ...]:
        """Positions of the false alarms under the primary criterion."""
        return self.false_alarms[PRIMARY.name]

    @property
    def found_rows(self) -> frozenset[int]:
        """Positions of the cramps found under the primary criterion."""
        return frozenset(row for row, _ in self.pairs[PRIMARY.name])


def compare(night: Night) -> Compared:
    """Lay truth and verdicts of a night beside each other.

    Examples
    --------
    >>> from crampdetect.learning.scoring_events import TrueEvent
    >>> night = Night("n", [TrueEvent("gap", 0, 60)], [Found(10, 20, "cramp", 1.0)], 540, 600)
    >>> len(compare(night).found), len(compare(night).set_aside)
    (0, 1)
    """
    events = night.events
    spans = invalid_spans(events)
    cramps = references(events)
    kept = tuple(each for each in cramps if not each.censored)
    censored = tuple(each for each in cramps if each.censored)
    verdicts = tuple(Found(*each) for each in night.found)
    aside = [is_mostly_within((each.onset_s, each.offset_s), spans) for each in verdicts]
    found = tuple(each for each, is_aside in zip(verdicts, aside, strict=True) if not is_aside)
    intervals = _intervals(found)
    return Compared(
        night,
        kept,
        censored,
        found,
        tuple(each for each, is_aside in zip(verdicts, aside, strict=True) if is_aside),
        overlaps(_intervals(kept), intervals),
        np.any(overlaps(_intervals(censored), intervals).shared_s > 0, axis=0),
    )


def judge(compared: Compared, kinds: Sequence[str]) -> Outcome:
    """Match the verdicts of `kinds` and say which of them are false alarms.

    Examples
    --------
    >>> from crampdetect.learning.scoring_events import TrueEvent
    >>> twice = [Found(60, 30, "cramp", 0.9), Found(60, 30, "cramp", 0.8)]
    >>> night = Night("n", [TrueEvent("cramp", 60, 30)], twice, 600, 600)
    >>> outcome = judge(compare(night), ["cramp"])
    >>> outcome.hits(), len(outcome.false)
    (1, 1)
    """
    columns = np.array(
        [place for place, each in enumerate(compared.found) if each.kind in kinds], dtype=np.int64
    )
    lie = compared.lie
    chosen = Overlaps(
        lie.shared_s[:, columns], lie.ratio[:, columns], lie.onset_error_s[:, columns]
    )
    pairs: dict[str, Pairs] = {}
    false: dict[str, tuple[int, ...]] = {}
    ignored = sum(each.kind in kinds for each in compared.set_aside)
    for criterion in CRITERIA:
        matched = [(row, int(columns[place])) for row, place in match(chosen, criterion)]
        rest = sorted(set(columns.tolist()) - {column for _, column in matched})
        pairs[criterion.name] = tuple(matched)
        false[criterion.name] = tuple(
            column for column in rest if not compared.touches_censored[column]
        )
        if criterion is PRIMARY:
            ignored += len(rest) - len(false[criterion.name])
    return Outcome(compared, pairs, false, ignored)


def _intervals(events: Sequence[Reference] | Sequence[Found]) -> Array:
    table = [(each.onset_s, each.offset_s) for each in events]
    return np.array(table, dtype=np.float64).reshape(len(table), 2)
