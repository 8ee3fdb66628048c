"""What scoring takes: a night with what is true of it and what was found in it. Pure.

Nothing here knows files; ``scoring_truth_files`` and ``scoring_result_files`` read them.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from crampdetect.analysis.counts import NightStatus, status_of
from crampdetect.detection.types import KINDS
from crampdetect.learning.scoring_events import EventLike, Found, TrueEvent, check_kind
from crampdetect.records import Quality

__all__ = ["Night"]

#: From the worst: a status that is told may be worse than the rule's, never better.
_WORST_FIRST: tuple[NightStatus, ...] = ("excerpt", "insufficient", "partial", "ok")
#: So much later than the end (s) may something begin: files end in whole records.
_LATEST_AFTER_S = 10


@dataclass(frozen=True, slots=True)
class Night:
    """One recorded night: truth, verdicts, and how much of it the detector could judge.

    Parameters
    ----------
    name : str
        Unique among the nights that are scored together.
    truth : sequence of EventLike
        In any order; kept as `TrueEvent`, sorted.
    found : sequence of Found
        Or plain tuples in that order; in any order; kept sorted.
    valid_s : float
        Seconds that the detector took for valid.
    valid_spans : sequence of (start_s, stop_s) or None
        Which seconds these were, disjoint; None where only their sum is known.
    duration_s : float
        Seconds of the recording.
    status : {"ok", "partial", "insufficient", "excerpt"} or None
        By the night rule; None, or a better one than the rule allows, works it out from the two
        numbers before.
    patient : str or None
        Nights of one patient are resampled together; None stands for a patient of its own.
    simulated : bool
        Whether the truth comes from a simulator: the weaker claim is the default.

    Raises
    ------
    ValueError
        If a number is not finite or out of range, a kind is not of its closed set, or something
        lies outside the recording.

    Examples
    --------
    >>> night = Night("n1", [TrueEvent("cramp", 60, 30)], [Found(61, 28, "cramp", 0.9)], 600, 600)
    >>> night.status, night.is_valid
    ('excerpt', False)
    """

    name: str
    truth: Sequence[EventLike]
    found: Sequence[Found]
    valid_s: float
    duration_s: float
    status: NightStatus | None = None
    patient: str | None = None
    simulated: bool = True
    valid_spans: Sequence[tuple[float, float]] | None = None

    def __post_init__(self) -> None:
        # In milliseconds, as the night rule counts.
        if not (math.isfinite(self.duration_s * 1000) and self.duration_s > 0):
            raise ValueError(
                f"{self.name} lasts {self.duration_s} s; expected more than 0 s and finite ms"
            )
        if not math.isfinite(self.valid_s * 1000):
            raise ValueError(f"{self.name} has {self.valid_s} valid s; expected finite ms")
        by_rule = status_of(Quality(valid_s=self.valid_s), self.duration_s)
        try:
            truth = sorted((TrueEvent.of(each) for each in self.truth), key=_by_time)
            found = sorted(_checked(self.found), key=lambda each: each[:4])
            for event in truth:
                _check_place(f"a true {event.kind}", event, self.duration_s)
            for verdict in found:
                _check_place("a verdict", verdict, self.duration_s)
        except ValueError as error:
            raise ValueError(f"{self.name}: {error}") from error
        object.__setattr__(self, "truth", tuple(truth))
        object.__setattr__(self, "found", tuple(found))
        told = self.status or by_rule
        object.__setattr__(self, "status", min(told, by_rule, key=_WORST_FIRST.index))

    @property
    def is_valid(self) -> bool:
        """At least 4 valid hours and 70 % of the recording: the night counts for a rate."""
        return self.status in ("ok", "partial")

    @property
    def events(self) -> tuple[TrueEvent, ...]:
        """The truth, sorted by onset."""
        return tuple(TrueEvent.of(each) for each in self.truth)


def _by_time(event: TrueEvent) -> tuple[float, float, str, str, float]:
    return event.onset_s, event.duration_s, event.kind, event.detail, event.level or 0.0


def _check_place(what: str, event: TrueEvent | Found, duration_s: float) -> None:
    """Refuse what begins before or after the recording, or never ends."""
    onset_s, offset_s = event.onset_s, event.offset_s
    if not 0 <= onset_s <= duration_s + _LATEST_AFTER_S:
        raise ValueError(
            f"{what} begins at {onset_s:.10g} s; expected from 0 s to the end of the recording "
            f"at {duration_s:.10g} s"
        )
    if not math.isfinite(offset_s):
        raise ValueError(f"{what} ends at {offset_s} s; expected a finite number")


def _checked(found: Iterable[Sequence[object]]) -> list[Found]:
    checked = [Found(*each) for each in found]  # type: ignore[arg-type]
    for each in checked:
        check_kind(each.kind, KINDS)
        numbers = (each.onset_s, each.duration_s, each.probability, each.alert_s or 0.0)
        if not all(math.isfinite(number) for number in numbers):
            raise ValueError(f"a verdict holds {numbers}; expected finite numbers")
        if each.duration_s < 0 or not 0 <= each.probability <= 1:
            raise ValueError(
                f"a verdict lasts {each.duration_s} s with probability {each.probability}; "
                "expected a duration from 0 and a probability of 0 to 1"
            )
    return checked
