"""Whether a probability of 0.7 is right seven times in ten. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from crampdetect.learning.scoring_intervals import Share
from crampdetect.learning.scoring_matching import match
from crampdetect.learning.scoring_outcome import Compared

__all__ = ["Reliability", "ReliabilityBin", "reliability"]

#: Bins of equal width over 0 to 1.
N_BINS = 10


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Verdicts with a probability from `low` to below `high` (the last bin holds 1 too).

    Parameters
    ----------
    low, high : float
    mean_probability : float or None
        None where the bin is empty.
    cramps : Share
        Those that were cramps.
    """

    low: float
    high: float
    mean_probability: float | None
    cramps: Share


@dataclass(frozen=True, slots=True)
class Reliability:
    """Calibration of the probability over verdicts of every kind.

    Parameters
    ----------
    verdicts : int
    base_rate : float or None
        Share of cramps among them; None without verdicts.
    brier : float or None
        Mean squared error of the probability: 0 is perfect.
    brier_of_base_rate : float or None
        What always saying the base rate would get.
    bins : tuple of ReliabilityBin

    References
    ----------
    Brier 1950, Mon Weather Rev, doi:10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2.
    """

    verdicts: int
    base_rate: float | None
    brier: float | None
    brier_of_base_rate: float | None
    bins: tuple[ReliabilityBin, ...]


def reliability(nights: Sequence[Compared]) -> Reliability:
    """Compare the probability of every verdict with what it was.

    A verdict was a cramp if it is matched when those of every kind take part; verdicts in time
    that the truth calls invalid, or that overlap a censored cramp only, are left out.

    Examples
    --------
    >>> reliability([]).brier is None
    True
    """
    judged: list[tuple[float, bool]] = []
    for night in nights:
        right = {column for _, column in match(night.lie)}
        for column, verdict in enumerate(night.found):
            if column in right or not night.touches_censored[column]:
                judged.append((verdict.probability, column in right))
    judged.sort()
    n, cramps = len(judged), sum(is_cramp for _, is_cramp in judged)
    bins = tuple(_bin(judged, place) for place in range(N_BINS))
    if not n:
        return Reliability(0, None, None, None, bins)
    base = cramps / n
    brier = sum((probability - is_cramp) ** 2 for probability, is_cramp in judged) / n
    return Reliability(n, base, brier, base * (1 - base), bins)


def _bin(judged: Sequence[tuple[float, bool]], place: int) -> ReliabilityBin:
    inside = [each for each in judged if min(int(each[0] * N_BINS), N_BINS - 1) == place]
    mean = sum(probability for probability, _ in inside) / len(inside) if inside else None
    share = Share.counted(sum(is_cramp for _, is_cramp in inside), len(inside))
    return ReliabilityBin(place / N_BINS, (place + 1) / N_BINS, mean, share)
