"""What becomes of cramp-like verdicts that are close together."""

from dataclasses import replace

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


def after(pieces: list[tuple[int, int, float, float]]) -> list[tuple[Kind, float]]:
    """Verdicts of pieces (onset and offset in s, probability, level), each told as it ends."""
    judge = Told([(on * SECOND, off * SECOND, p) for on, off, p, _ in pieces], 0.9)
    levels = iter(level for *_, level in pieces)
    stage, out = Merging(lambda one: with_level(judge(one), next(levels))), []  # type: ignore[arg-type]
    rows = np.zeros((1, 1))
    for _, off, *_ in pieces:
        out += stage.push(Candidate(0, rows, 0, 1, True, False))
        window = off * 2 + 6
        out += stage.push(Progress(0, window, window - 60, False))
    out += stage.push(Progress(0, 10**6, 10**6, False))
    return [(one.episode.kind, one.onset_bin / SECOND) for one in out if isinstance(one, Judged)]


def with_level(verdicts: list[Judged], level: float) -> list[Judged]:
    (one,) = verdicts
    measures = {**one.episode.measures, "level_ratio": level}
    return [replace(one, episode=replace(one.episode, measures=measures))]


def test_what_goes_over_into_long_tonic_activity_was_none_of_a_cramp() -> None:
    rem = [(0, 200, 0.9, 3.0), (210, 420, 0.01, 3.1), (430, 700, 0.01, 2.8)]
    assert [kind for kind, _ in after(rem)] == ["tonic"] * 3


def test_what_lasts_beyond_ten_minutes_is_tonic_by_itself() -> None:
    assert after([(0, 601, 0.99, 9.0)]) == [("tonic", 0.0)]
    assert after([(0, 600, 0.99, 9.0)]) == [("cramp", 0.0)]


@pytest.mark.parametrize(
    "tail",
    [
        # ... not if it ends within 10 min, ...
        [(210, 420, 0.01, 3.1)],
        # ... after a pause of 30 s, ...
        [(231, 700, 0.01, 3.1)],
        # ... or if it is the tone that a cramp leaves behind, much lower than the cramp.
        [(210, 420, 0.01, 1.7), (430, 900, 0.01, 1.7)],
    ],
)
def test_a_cramp_stays_one(tail: list[tuple[int, int, float, float]]) -> None:
    found = after([(0, 200, 0.9, 3.0), *tail])
    assert found[0] == ("cramp", 0.0)
    assert [at for _, at in found] == sorted(at for _, at in found)
