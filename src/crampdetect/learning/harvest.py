"""From a night with its truth to labelled events: what the classifier learns from.

The way is the detector's own, from samples to candidates and their features, so that training sees
what judging will see.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crampdetect.detection.candidates import Candidates
from crampdetect.detection.detector import Detector
from crampdetect.detection.event_table import EVENT_FEATURES
from crampdetect.detection.flow import Aligned, Candidate
from crampdetect.detection.grid import BIN_LENGTH
from crampdetect.detection.judging import events, round_measure
from crampdetect.detection.model import Model
from crampdetect.detection.model_schema import Input, Tree, Variant
from crampdetect.detection.profiles import Profile
from crampdetect.detection.types import Array, Gap, Kind, Samples, SignalInfo
from crampdetect.learning.labels import label
from crampdetect.simulation.truth import TruthEvent

__all__ = ["Harvest", "blank_model", "harvest", "joined"]

NAMES = tuple(EVENT_FEATURES)
#: Where a look at an event that still lasts stands among the rows of its event.
ENDED = NAMES.index("ended")


@dataclass(frozen=True, slots=True, eq=False)
class Harvest:
    """Labelled events of one or many nights.

    Parameters
    ----------
    features : Array, shape (n_rows, n_features)
        Columns of ``EVENT_FEATURES``; NaN where a recording cannot show one.
    kinds : array of str, shape (n_rows,)
    patients : array of int64, shape (n_rows,)
        Whose night a row is of; real people have negative numbers.
    levels, lengths : Array, shape (n_rows,)
        Plateau over rest, and duration in seconds, of the true event (NaN: nothing happened).
    details : array of str, shape (n_rows,)
        Which generator made it.
    onsets : Array, shape (n_rows,)
        In seconds of the night.
    weights : Array, shape (n_rows,)
        How often such a row stands for one of a usual night.
    """

    features: Array
    kinds: NDArray[np.str_]
    patients: NDArray[np.int64]
    levels: Array
    lengths: Array
    details: NDArray[np.str_]
    onsets: Array
    weights: Array

    def __len__(self) -> int:
        return int(self.kinds.shape[0])

    @property
    def ended(self) -> NDArray[np.bool_]:
        """Which rows are whole events, not looks at one that lasts."""
        return np.asarray(self.features[:, ENDED] == 1.0)

    def column(self, name: str) -> Array:
        """The column of one feature."""
        return np.asarray(self.features[:, NAMES.index(name)])

    def pick(self, rows: NDArray[np.bool_] | NDArray[np.intp]) -> "Harvest":
        """Some of the rows."""
        return Harvest(*(getattr(self, name)[rows] for name in self.__slots__))


def joined(parts: Sequence[Harvest]) -> Harvest:
    """All rows of several harvests, in order.

    Raises
    ------
    ValueError
        There is none.
    """
    if not parts:
        raise ValueError("found no harvest to join; expected at least one night")
    return Harvest(
        *(np.concatenate([getattr(one, name) for one in parts]) for name in Harvest.__slots__)
    )


def blank_model() -> Model:
    """A model that knows nothing, for the detector whose candidates are wanted."""
    leaf = Tree((0,), (0.0,), (-1,), (-1,), ((0.0,),))
    inputs = (Input("duration_s", "identity", 0.0),)
    every = ("spectral", "spectral_reduced", "envelope")
    variant = Variant(every, ("acc3", "none"), "identity", inputs, (0.0,), (leaf,))
    return Model("blank", "", ("cramp",), (variant,))


def harvest(
    signals: Sequence[SignalInfo],
    items: Iterable[Samples | Gap],
    truth: Sequence[TruthEvent],
    profile: Profile,
    patient: int,
) -> Harvest:
    """The labelled events of one recording, looks at lasting ones included.

    Parameters
    ----------
    signals : sequence of SignalInfo
    items : iterable of Samples and Gap
    truth : sequence of TruthEvent
    profile : Profile
        Its thresholds of activity are used, not those of probability.
    patient : int
        Whose recording it is.
    """
    detector = Detector(signals, blank_model(), profile)
    count = len(next(info for info in signals if info.stream == "emg").channels)
    rows = [
        row
        for candidate in _candidates(detector, items, profile, count)
        for row in _rows(candidate, truth, profile)
    ]
    table = np.array([row.values for row in rows], dtype=np.float64).reshape(-1, len(NAMES))
    return Harvest(
        table,
        np.array([row.kind for row in rows], dtype=np.str_),
        np.full(len(rows), patient, dtype=np.int64),
        np.array([row.level for row in rows], dtype=np.float64),
        np.array([row.length for row in rows], dtype=np.float64),
        np.array([row.detail for row in rows], dtype="U96"),
        np.array([row.onset for row in rows], dtype=np.float64),
        np.ones(len(rows)),
    )


@dataclass(frozen=True, slots=True)
class _Row:
    values: list[float]
    kind: Kind
    level: float
    length: float
    detail: str
    onset: float


def _candidates(
    detector: Detector, items: Iterable[Samples | Gap], profile: Profile, count: int
) -> Iterator[Candidate]:
    stages = [Candidates(index, profile.on, profile.off) for index in range(count)]

    def found(outputs: Iterable[object]) -> Iterator[Candidate]:
        for output in outputs:
            if isinstance(output, Aligned):
                for stage in stages:
                    yield from (one for one in stage.push(output) if isinstance(one, Candidate))

    for item in items:
        yield from found(detector.push(item))
    yield from found(detector.flush())
    for stage in stages:
        yield from (one for one in stage.flush() if isinstance(one, Candidate))


def _rows(candidate: Candidate, truth: Sequence[TruthEvent], profile: Profile) -> Iterator[_Row]:
    found = events(candidate, profile.on, profile.off)
    # Of an open candidate only the last part still lasts, and only that is looked at.
    for event in found if candidate.ended else found[-1:]:
        onset, offset = (float(b * BIN_LENGTH) for b in (event.onset_bin, event.offset_bin))
        measures = {name: round_measure(value) for name, value in event.features.items()}
        called = label(onset, offset, measures, truth)
        if called is None or candidate.too_long:
            continue
        of = called.event
        yield _Row(
            [measures.get(name, float("nan")) for name in NAMES],
            called.kind,
            of.level if of else float("nan"),
            of.duration_s if of else float("nan"),
            of.detail if of else "",
            onset,
        )
