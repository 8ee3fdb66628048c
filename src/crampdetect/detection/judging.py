"""From a candidate to a verdict: features, model, kind, reasons."""

from crampdetect.detection.event_features import describe
from crampdetect.detection.flow import Candidate, Judged
from crampdetect.detection.model import Model
from crampdetect.detection.model_schema import Variant
from crampdetect.detection.profiles import Profile
from crampdetect.detection.reasons import reasons
from crampdetect.detection.types import Episode, Kind

__all__ = ["Judge", "verdict"]


def verdict(probabilities: dict[Kind, float], profile: Profile) -> Kind:
    """The kind that `probabilities` mean under `profile`.

    Examples
    --------
    >>> from crampdetect.detection.profiles import profile
    >>> verdict({"cramp": 0.4, "upright": 0.6}, profile("standard"))
    'unsure'
    """
    if probabilities["cramp"] >= profile.cramp:
        return "cramp"
    if probabilities["cramp"] >= profile.unsure:
        return "unsure"
    others: list[Kind] = [kind for kind in probabilities if kind != "cramp"]
    return max(others, key=lambda kind: probabilities[kind]) if others else "unsure"


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

    def __call__(self, candidate: Candidate) -> Judged | None:
        """The verdict on `candidate`; its Episode counts in 50-ms bins until it is final.

        None for a twitch that is too short to be any of the kinds.
        """
        event = describe(candidate, self._profile.off)
        if event is None:
            return None
        measures = {name: round_measure(value) for name, value in event.features.items()}
        measured = "still_at_onset_s" in measures
        variant = self._variant if measured else self._without_motion
        probabilities = self._model.probabilities(variant, measures)
        kind: Kind = "tonic" if candidate.too_long else verdict(probabilities, self._profile)
        probability = round(0.0 if candidate.too_long else probabilities["cramp"], 4)
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
