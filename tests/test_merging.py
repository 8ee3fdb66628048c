"""What becomes of cramp-like verdicts that are close together."""

import numpy as np
import pytest

from crampdetect.detection.flow import Candidate, Judged, Progress
from crampdetect.detection.judging import Judge, verdict
from crampdetect.detection.merging import Merging
from crampdetect.detection.profiles import profile
from crampdetect.detection.types import Episode, Kind

SECOND = 20  # bins
LINES = profile("standard")


class Told(Judge):
    """Says what it is told of each candidate, and `again` of what was merged."""

    def __init__(self, pieces: list[tuple[int, int, float]], again: float) -> None:
        self._pieces, self._again = iter(pieces), again

    def __call__(self, candidate: Candidate) -> list[Judged]:
        onset, offset, probability = next(self._pieces)
        kind = self._kind(probability)
        measures = {"duration_s": (offset - onset) / SECOND}
        episode = Episode(onset, offset, kind, probability, (), measures, "E")
        return [Judged(0, onset, offset, episode)]

    def rejudge(self, measures: dict[str, float]) -> tuple[Kind, float]:
        return self._kind(self._again), self._again

    @staticmethod
    def _kind(probability: float) -> Kind:
        others: dict[Kind, float] = {"cramp": probability, "tonic": 1.0 - probability}
        return verdict(others, LINES)


def merged(first: float, second: float, again: float) -> tuple[Kind, float]:
    """Two pieces 10 s apart, the second the longer one."""
    pieces = [(0, 20 * SECOND, first), (30 * SECOND, 60 * SECOND, second)]
    stage = Merging(Told(pieces, again))
    rows = np.zeros((1, 1))
    for _ in pieces:
        assert stage.push(Candidate(0, rows, 0, 1, True, False)) == []
    found = stage.push(Progress(0, 10_000, 10_000, False))
    (judged,) = [one for one in found if isinstance(one, Judged)]
    assert (judged.onset_bin, judged.offset_bin) == (0, 60 * SECOND)
    return judged.episode.kind, judged.episode.probability


@pytest.mark.parametrize(
    ("pieces", "again", "expected"),
    [
        # Two sure cramps stay one, whatever the whole looks like.
        ((0.9, 0.8), 0.95, ("cramp", 0.95)),
        ((0.9, 0.8), 0.25, ("cramp", 0.8)),
        ((0.9, 0.8), 0.01, ("cramp", 0.8)),
        # A doubtful longer piece, or a whole that is like neither, stays doubtful.
        ((0.9, 0.25), 0.95, ("unsure", 0.25)),
        ((0.25, 0.9), 0.01, ("unsure", 0.25)),
        ((0.25, 0.22), 0.95, ("unsure", 0.22)),
        # A doubtful shorter piece takes the judgement of the whole.
        ((0.25, 0.9), 0.95, ("cramp", 0.95)),
        ((0.25, 0.9), 0.3, ("unsure", 0.3)),
    ],
)
def test_the_whole_of_two_pieces(
    pieces: tuple[float, float], again: float, expected: tuple[Kind, float]
) -> None:
    assert merged(*pieces, again) == expected


def test_a_verdict_agrees_with_its_probability() -> None:
    grid = (0.22, 0.3, 0.36, 0.6, 0.99)
    for first in grid:
        for second in grid:
            for again in (0.01, *grid):
                kind, probability = merged(first, second, again)
                assert kind == ("cramp" if probability >= LINES.cramp else "unsure")
                assert probability >= LINES.unsure
