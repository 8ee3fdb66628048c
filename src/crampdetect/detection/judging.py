"""From a candidate to a verdict: features, model, kind, reasons."""

from dataclasses import replace

import numpy as np

from crampdetect.detection.event_features import Event, describe
from crampdetect.detection.flow import Candidate, Judged
from crampdetect.detection.model import Model
from crampdetect.detection.model_schema import Variant
from crampdetect.detection.profiles import Profile
from crampdetect.detection.reasons import reasons
from crampdetect.detection.rows import row_column
from crampdetect.detection.types import Episode, Kind

__all__ = ["Judge", "events", "round_measure", "verdict"]


def verdict(probabilities: dict[Kind, float], profile: Profile) -> Kind:
    """The kind that `probabilities` mean under `profile`.

    Examples
    --------
    >>> from crampdetect.detection.profiles import profile
    >>> verdict({"cramp": 0.3, "upright": 0.7}, profile("standard"))
    'unsure'
    """
    if probabilities["cramp"] >= profile.cramp:
        return "cramp"
    if probabilities["cramp"] >= profile.unsure:
        return "unsure"
    others: list[Kind] = [kind for kind in probabilities if kind != "cramp"]
    return max(others, key=lambda kind: probabilities[kind]) if others else "unsure"


def events(candidate: Candidate, on: float, off: float) -> list[Event]:
    """The events of a candidate, in order; none where it holds but twitches.

    Parameters
    ----------
    candidate : Candidate
    on, off : float
        Multiples of the resting level, see :class:`~crampdetect.detection.profiles.Profile`.
    """
    out: list[Event] = []
    part: Candidate | None = candidate
    while part is not None:
        event = describe(part, on, off)
        if event is None:
            break
        out.append(event)
        part = _rest(part, event, on)
    return out


def _rest(candidate: Candidate, event: Event, on: float) -> Candidate | None:
    """What is left of `candidate` behind `event`, from the next strong window on."""
    rows = candidate.rows[event.rest_row : candidate.closed]
    strong = rows[:, row_column("root_mean_square")] >= on * rows[:, row_column("level")]
    found = np.flatnonzero(strong & (rows[:, row_column("valid")] == 1.0))
    if found.shape[0] == 0:
        return None
    return replace(candidate, opened=event.rest_row + int(found[0]))


class Judge:
    """Judges candidates of one recording; holds nothing between them.

    Parameters
    ----------
    model : Model
    variant, without_motion : Variant
        Of the model, for this recording, and for an event whose motion was not measured.
    profile : Profile
    channels : tuple of str
        EMG channel names.
    """

    def __init__(
        self,
        model: Model,
        variant: Variant,
        without_motion: Variant,
        profile: Profile,
        channels: tuple[str, ...],
    ) -> None:
        self._model, self._variant, self._without_motion = model, variant, without_motion
        self._profile, self._channels = profile, channels

    def __call__(self, candidate: Candidate) -> list[Judged]:
        """The verdicts on `candidate`; their Episodes count in 50-ms bins until they are final.

        Usually one; none for a twitch that is too short to be any of the kinds; several where an
        event was cut (at standing up, at a pause in the reaction) and activity went on.
        """
        found = events(candidate, self._profile.on, self._profile.off)
        return [self._verdict(candidate, event) for event in found]

    def rejudge(self, measures: dict[str, float]) -> tuple[Kind, float]:
        """Kind and probability for `measures`, e.g. of two pieces merged."""
        measured = "still_at_onset_s" in measures
        variant = self._variant if measured else self._without_motion
        probabilities = self._model.probabilities(variant, measures)
        return verdict(probabilities, self._profile), round(probabilities["cramp"], 4)

    def _verdict(self, candidate: Candidate, event: Event) -> Judged:
        measures = {name: round_measure(value) for name, value in event.features.items()}
        kind, probability = self.rejudge(measures)
        if candidate.too_long:
            kind, probability = "tonic", 0.0
        episode = Episode(
            event.onset_bin,
            event.offset_bin,
            kind,
            probability,
            reasons(kind, measures),
            measures,
            self._channels[candidate.channel],
        )
        return Judged(candidate.channel, event.onset_bin, event.offset_bin, episode)


def round_measure(value: float) -> float:
    """Six significant digits: what is printed is what was decided on.

    Examples
    --------
    >>> round_measure(3.14159265)
    3.14159
    """
    return float(f"{value:.6g}")
