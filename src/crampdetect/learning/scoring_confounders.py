"""What false alarms were really. Pure."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crampdetect.learning.scoring_events import Found, TrueEvent
from crampdetect.learning.scoring_intervals import Rate, Share
from crampdetect.learning.scoring_outcome import Outcome

__all__ = ["Confounder", "confounder_label", "confounders"]

#: False alarms at which the truth shows no event at all.
NOTHING = "nothing"
_SPLIT, _POOR = "cramp found already", "cramp missed, overlap too small"

#: A number with its unit and what ties it to the words before.
_NUMBER = re.compile(r"(\b(of|at|for)\s+)?[-+]?\d[\d.,]*\s*(%|\b(uV|µV|mV|V|Hz|s|min|h|g|mg)\b)?")


@dataclass(frozen=True, slots=True)
class Confounder:
    """One sort of true event, and the false alarms that overlap it more than any other event.

    Parameters
    ----------
    label : str
        Kind, and what made it.
    events : int or None
        How many happened; None for ``"nothing"``.
    accepted : Share or None
        Those of them that were taken for a cramp.
    false_alarms : int
        In all nights.
    per_valid_night : Rate
        In valid nights.
    """

    label: str
    events: int | None
    accepted: Share | None
    false_alarms: int
    per_valid_night: Rate


def confounder_label(kind: str, detail: str) -> str:
    """Name of a sort of event: its kind and its detail without numbers.

    Examples
    --------
    >>> confounder_label("limb_movement", "periodic series 3")
    'limb_movement: periodic series'
    >>> confounder_label("artefact", "mains hum of 23 uV")
    'artefact: mains hum'
    """
    words = " ".join(_NUMBER.sub(" ", detail).split()).strip(" ,;:")
    return f"{kind}: {words}" if words else kind


def confounders(outcomes: Sequence[Outcome]) -> tuple[Confounder, ...]:
    """Every sort of event that happened: the worst first, then the most frequent.

    Examples
    --------
    >>> confounders([])
    ()
    """
    events: Counter[str] = Counter()
    accepted: Counter[str] = Counter()
    false: Counter[str] = Counter()
    valid: Counter[str] = Counter()
    for outcome in outcomes:
        labels = _labels(outcome)
        events.update(labels)
        hit: set[int] = set()
        for place in _blamed(outcome):
            label = NOTHING if place is None else labels[place]
            false[label] += 1
            valid[label] += outcome.compared.night.is_valid
            if place is not None and place not in hit:
                hit.add(place)
                accepted[label] += 1
    nights = float(sum(outcome.compared.night.is_valid for outcome in outcomes))
    rows = [
        Confounder(
            label,
            None if label == NOTHING else events[label],
            None if label == NOTHING else Share.counted(accepted[label], events[label]),
            false[label],
            Rate.counted(valid[label], nights),
        )
        for label in events.keys() | false.keys()
    ]
    return tuple(sorted(rows, key=lambda row: (-row.false_alarms, -(row.events or 0), row.label)))


def _labels(outcome: Outcome) -> list[str]:
    """The sort of each true event; a cramp's is whether it was found."""
    found = [outcome.compared.references[row] for row in outcome.found_rows]
    labels = []
    for event in outcome.compared.night.events:
        if event.kind != "cramp":
            labels.append(confounder_label(event.kind, event.detail))
        elif any(each.onset_s <= event.onset_s <= each.offset_s for each in found):
            labels.append(_SPLIT)
        else:
            labels.append(_POOR)
    return labels


def _blamed(outcome: Outcome) -> Iterator[int | None]:
    """Position of the true event that each false alarm overlaps most; None where it is nothing."""
    events = outcome.compared.night.events
    for column in outcome.false:
        verdict = outcome.compared.found[column]
        shared = [_shared_s(event, verdict) for event in events]
        most = max(shared, default=0.0)
        yield shared.index(most) if most > 0 else None


def _shared_s(event: TrueEvent, verdict: Found) -> float:
    return min(event.offset_s, verdict.offset_s) - max(event.onset_s, verdict.onset_s)
