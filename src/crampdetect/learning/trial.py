"""The whole detector on a planned night whose truth is known: what figures are computed from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

from crampdetect.detection.detector import Detector, Output
from crampdetect.detection.grid import BIN_LENGTH, WINDOW_LENGTH, WINDOW_STEP
from crampdetect.detection.model import Model, parse_model
from crampdetect.detection.profiles import profile
from crampdetect.detection.types import Episode, Gap, Provisional, Samples, SignalInfo, Span
from crampdetect.learning.night_plans import NightPlan, make_night
from crampdetect.learning.scoring_events import Found
from crampdetect.learning.scoring_night import Night

__all__ = ["Trial", "found_in", "load_model", "run_trial", "valid_spans"]


@dataclass(frozen=True, slots=True)
class Trial:
    """A night, the model file and the profile that judge it."""

    plan: NightPlan
    model: str
    profile: str = "standard"


@lru_cache(maxsize=4)
def load_model(path: str) -> Model:
    """The model in a file; kept, as many nights ask for it.

    Raises
    ------
    ModelError
        It is none.
    """
    return parse_model(Path(path).read_text(encoding="utf-8"), Path(path).name)


def run_trial(trial: Trial) -> Night:
    """The verdicts on a night beside its truth."""
    night, plan = make_night(trial.plan), trial.plan
    outputs, rate = judged(night.signals, night.read(), load_model(trial.model), trial.profile)
    spans = valid_spans(outputs, rate)
    return Night(
        f"{plan.world} {plan.sensor} {plan.person}.{plan.night}",
        night.truth.events,
        found_in(outputs, rate),
        valid_s=sum(stop - start for start, stop in spans),
        duration_s=float(night.duration),
        patient=str(plan.person),
        valid_spans=spans,
    )


def judged(
    signals: Sequence[SignalInfo], items: Iterable[Samples | Gap], model: Model, name: str
) -> tuple[list[Output], Fraction]:
    """All verdicts and spans of a recording, and the rate that their indices count in."""
    detector = Detector(signals, model, profile(name))
    kept: list[Output] = []
    for item in items:
        kept += [
            one for one in detector.push(item) if isinstance(one, Episode | Span | Provisional)
        ]
    kept += [one for one in detector.flush() if isinstance(one, Episode | Span | Provisional)]
    return kept, detector.rate


def found_in(outputs: Iterable[Output], rate: Fraction) -> list[Found]:
    """Every episode, with the time of its alert where one was given."""
    listed = list(outputs)
    alerts = [one for one in listed if isinstance(one, Provisional) and one.kind == "cramp"]
    found = []
    for one in listed:
        if not isinstance(one, Episode):
            continue
        onset, offset = float(one.onset / rate), float(one.offset / rate)
        told = [_told_at(alert) for alert in alerts if _within(alert, onset, offset)]
        alert_s = min(told) if told and one.alerted else None
        found.append(Found(onset, offset - onset, one.kind, one.probability, alert_s))
    return found


def valid_spans(outputs: Iterable[Output], rate: Fraction) -> list[tuple[float, float]]:
    """Valid time, as start and stop in seconds."""
    valid = [one for one in outputs if isinstance(one, Span) and one.flag == "valid"]
    return [(float(one.start / rate), float(one.stop / rate)) for one in valid]


def _told_at(alert: Provisional) -> float:
    """When the last window that an alert rests on was complete, in seconds."""
    return float((alert.window - 1) * WINDOW_STEP + WINDOW_LENGTH)


def _within(alert: Provisional, onset: float, offset: float) -> bool:
    return onset - 1.0 <= float(alert.onset_bin * BIN_LENGTH) < offset
