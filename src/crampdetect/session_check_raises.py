"""Contractions against rest: how often, and how far, a calf rises when its owner wants it to."""

from dataclasses import dataclass

import numpy as np

from crampdetect.detection.types import Array

__all__ = ["HIGH_ENOUGH", "Raises", "count_raises", "resting_level", "unsteadiness"]

#: A wanted contraction has to rise to this multiple of rest: at a fifth of full effort a calf shows
#: about ten times its rest, and the detector opens a candidate at twice [A].
HIGH_ENOUGH = 3.0
#: It is over below this multiple: half way down, so that a hold that wavers is counted once [A].
LET_GO = 1.5
#: Half seconds for which it has to be up, and down again: a jerk or a twitch is shorter [A].
UP_HALVES, DOWN_HALVES = 2, 2
#: Rank of what is called the height where nothing rose enough: the strongest 5 % of half seconds.
STRONGEST = 95.0
#: Rest is what lies at the lower end, as in the detector's fallback: the leg may have moved once.
QUIET_PERCENTILE = 20.0


@dataclass(frozen=True, slots=True)
class Raises:
    """What was counted.

    Parameters
    ----------
    count : int
        Contractions that rose enough; one that still lasts is among them.
    height : float
        Median of their highest half seconds over rest; where there are none, how high the
        strongest half seconds came.
    """

    count: int
    height: float


def resting_level(rms: Array) -> float:
    """RMS at rest; NaN without windows.

    Parameters
    ----------
    rms : Array, shape (n_windows,)
        Of windows that can be judged.
    """
    return float(np.percentile(rms, QUIET_PERCENTILE)) if rms.shape[0] else float("nan")


def unsteadiness(rms: Array) -> float:
    """60th over 10th percentile: 1.1 at rest, as the detector's resting level asks.

    Parameters
    ----------
    rms : Array, shape (n_windows,)
        At least one.
    """
    low, high = np.percentile(rms, (10, 60)).tolist()
    return high / low if low > 0.0 else float("inf")


def count_raises(halves: Array, rest: float) -> Raises:
    """Count contractions.

    Parameters
    ----------
    halves : Array, shape (n_halves,)
        RMS of consecutive half seconds; NaN where nothing was heard.
    rest : float
        Nothing is counted where it is NaN or 0.

    Examples
    --------
    >>> calm, up = [1.0] * 6, [8.0] * 6
    >>> count_raises(np.array([*calm, *up, *calm, *up, *calm]), 1.0)
    Raises(count=2, height=8.0)
    """
    if not rest > 0.0:
        return Raises(0, 0.0)
    peaks: list[float] = []
    above = below = 0
    peak, open_ = 0.0, False
    for level in (halves / rest).tolist():
        if level != level:
            continue
        above = above + 1 if level >= HIGH_ENOUGH else 0
        below = below + 1 if level < LET_GO else 0
        if not open_ and above >= UP_HALVES:
            open_, peak = True, 0.0
            peaks.append(0.0)
        if open_:
            peak = max(peak, level)
            peaks[-1] = peak
            open_ = below < DOWN_HALVES
    if peaks:
        return Raises(len(peaks), float(np.median(peaks)))
    known = halves[~np.isnan(halves)] / rest
    return Raises(0, float(np.percentile(known, STRONGEST)) if known.shape[0] else 0.0)
