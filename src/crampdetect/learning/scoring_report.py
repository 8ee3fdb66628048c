"""What a scoring says, as frozen rows and as one JSON document. Pure.

``evaluate.schema.json`` in ``crampdetect.outputs`` describes the document as a JSON Schema.
"""

import json
import math
from dataclasses import asdict, dataclass

from crampdetect.learning.froc import Froc
from crampdetect.learning.rate_ratio import Recovery
from crampdetect.learning.reliability import Reliability
from crampdetect.learning.scoring_confounders import Confounder
from crampdetect.learning.scoring_detection import CountError, Detection, QuietNights
from crampdetect.learning.scoring_intervals import Rate
from crampdetect.learning.scoring_reference import Merging
from crampdetect.learning.scoring_strata import Stratum
from crampdetect.learning.scoring_timing import Timing

__all__ = ["SCHEMA", "Figures", "Nights", "Report"]

#: Of the document's fields; changes whenever one of them changes its name or meaning.
SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Nights:
    """What was scored.

    Parameters
    ----------
    nights, valid_nights, patients : int
        Valid: at least 4 valid hours and 70 % of the recording. Nights whose patient is not known
        count as a patient each.
    cramps, scorable_cramps, censored_cramps : int
        True cramps after merging; censored ones are in neither of the first two.
    recorded_h, truly_valid_h, valid_h : float
        Hours recorded, not invalid by the truth, and valid by the detector.
    valid_share : float or None
        Share of truly valid time that the detector called valid. Where a night's spans are not
        known it is a ratio of lengths, so that time wrongly called valid would hide time wrongly
        called invalid.
    by_lengths : bool
        Whether that is so for any night.
    """

    nights: int
    valid_nights: int
    patients: int
    cramps: int
    scorable_cramps: int
    censored_cramps: int
    recorded_h: float
    truly_valid_h: float
    valid_h: float
    valid_share: float | None
    by_lengths: bool = True


@dataclass(frozen=True, slots=True)
class Figures:
    """Every figure for one choice of verdicts.

    Parameters
    ----------
    verdicts : tuple of str
        Kinds that count as a cramp.
    ignored_verdicts : int
        Of these kinds, but neither right nor wrong.
    detection : tuple of Detection
        One per criterion, the primary one first; all that follows is of the primary one.
    timing : Timing
    count_error : CountError
    quiet_nights : QuietNights
    by_level, by_level_decile, by_duration : tuple of Stratum
    confounders : tuple of Confounder
    rate_ratio : tuple of Recovery
    """

    verdicts: tuple[str, ...]
    ignored_verdicts: int
    detection: tuple[Detection, ...]
    timing: Timing
    count_error: CountError
    quiet_nights: QuietNights
    by_level: tuple[Stratum, ...]
    by_level_decile: tuple[Stratum, ...]
    by_duration: tuple[Stratum, ...]
    confounders: tuple[Confounder, ...]
    rate_ratio: tuple[Recovery, ...]

    @property
    def primary(self) -> Detection:
        """The figures under the primary criterion."""
        return self.detection[0]


@dataclass(frozen=True, slots=True)
class Report:
    """All figures of a set of nights.

    Parameters
    ----------
    claim_level : {"simulation", "annotated", "mixed", "none"}
    claim : str
        The same in a sentence.
    seed : int
        Of everything that was drawn.
    nights : Nights
    merging : Merging
    cramp_only, unsure_as_cramp : Figures
    unsure_per_valid_night, unsure_per_8_valid_hours : Rate
    froc : Froc
    reliability : Reliability
    """

    claim_level: str
    claim: str
    seed: int
    nights: Nights
    merging: Merging
    cramp_only: Figures
    unsure_as_cramp: Figures
    unsure_per_valid_night: Rate
    unsure_per_8_valid_hours: Rate
    froc: Froc
    reliability: Reliability

    def to_dict(self) -> dict[str, object]:
        """The JSON-ready document, numbers to 6 significant digits."""
        return {"schema": SCHEMA, **{key: _plain(value) for key, value in asdict(self).items()}}

    def to_json(self) -> str:
        """The same as text, ending in a line feed."""
        return json.dumps(self.to_dict(), indent=2, allow_nan=False) + "\n"


def _plain(value: object) -> object:
    """JSON-ready: floats to 6 significant digits, tuples as lists."""
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, float):
        return float(f"{value:.6g}") if math.isfinite(value) else None
    return value
