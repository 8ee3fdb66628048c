"""Signal quality of a window: can it be judged, and if not, why."""

import numpy as np
from numpy.typing import NDArray

from crampdetect.detection.types import Array

__all__ = [
    "CLIPPED",
    "FLAGS",
    "GAP",
    "HUM_SHARE",
    "LEAD_OFF",
    "MAINS",
    "VALID",
    "WARM_UP",
    "clipped_share",
    "judge_windows",
]

VALID, GAP, LEAD_OFF, MAINS, CLIPPED, WARM_UP = range(6)
#: Flag by code; these are the names of the quality seconds.
FLAGS: tuple[str, ...] = ("valid", "gap", "lead_off", "mains", "clipped", "warm_up")

#: More than 0.5 % of samples at a rail: the window is censored, not scored [A].
CLIPPED_SHARE = 0.005
#: Half of a window at a rail is no contact any more [A].
RAILED_SHARE = 0.5
#: Tolerance beside a rail as a share of its range; a 12-bit code is 0.024 % [A].
RAIL_TOLERANCE = 0.0005
#: A flat top where rails are not known: 4 % of half a second lie exactly at its extreme values,
#: reached in leaps of more than 8 smallest steps, in a signal that spans more than 32 of them; a
#: slow artefact on a coarse converter creeps to its peak [A].
FLAT_TOP_SHARE = 0.04
FLAT_TOP_STEPS = 32.0
LEAP_STEPS = 8.0
#: Hum is strong where its lines hold 98 % of the band's power, seven times the rest in amplitude: a
#: real calf electrode in bad contact showed 99.2-99.6 %, good ones 4-15 %. But a heated blanket
#: over a rest of 1-2 uV gives as much, and the notches take it away. So strong hum is no contact
#: only if its amplitude flutters as in that recording (``hum.HumFlutter``: 2.5-7; steady hum
#: below 1.9), if it is sixty times the rest, or if most of what the notches leave is hum [A].
HUM_SHARE = 0.98
FLUTTERING = 2.1
SWAMPED_SHARE = 1.0 - 2.5e-4
RESIDUAL_SHARE = 0.6


def clipped_share(
    halves: Array, rails: tuple[float, float] | None, resolution: float | None
) -> Array:
    """Share of samples at a rail, by half window.

    Parameters
    ----------
    halves : Array, shape (n_halves, n_samples)
        Raw.
    rails : tuple of float or None
        Where the source saturates; a flat top is looked for in any case.
    resolution : float or None
        Smallest step of the source, if it is known.

    Returns
    -------
    Array, shape (n_halves,)
    """
    low, high = halves.min(axis=1), halves.max(axis=1)
    share = np.zeros(halves.shape[0])
    if rails is not None:
        margin = (rails[1] - rails[0]) * RAIL_TOLERANCE
        near = np.flatnonzero((low <= rails[0] + margin) | (high >= rails[1] - margin))
        for row in near.tolist():
            half = halves[row]
            at_rail = (half <= rails[0] + margin) | (half >= rails[1] - margin)
            share[row] = np.count_nonzero(at_rail) / half.shape[0]
    wide = high - low > (FLAT_TOP_STEPS * resolution if resolution else 0.0)
    rows = np.flatnonzero(wide)
    at_extreme = (halves[rows] == low[rows, np.newaxis]) | (halves[rows] == high[rows, np.newaxis])
    shares = at_extreme.mean(axis=1)
    for index in np.flatnonzero(shares > FLAT_TOP_SHARE).tolist():
        row = rows[index]
        if _is_flat_top(halves[row], at_extreme[index]):
            # Where rails are guessed, much clipping is still no proof of a lost electrode.
            share[row] = max(share[row], min(shares[index], RAILED_SHARE / 2))
    return share


def _is_flat_top(half: Array, at_extreme: NDArray[np.bool_]) -> bool:
    """Whether the signal arrives at its extreme in leaps, not in its smallest steps."""
    steps = np.abs(np.diff(half))
    smallest = float(steps[steps > 0].min())
    arrivals = steps[at_extreme[1:] & ~at_extreme[:-1]]
    leaps = arrivals.shape[0] > 0 and float(np.median(arrivals)) > LEAP_STEPS * smallest
    return leaps and float(half.max() - half.min()) > FLAT_TOP_STEPS * smallest


def judge_windows(
    halves: Array,
    rails: tuple[float, float] | None,
    resolution: float | None,
    line_ratio: Array,
    flutter: Array,
    residual: Array,
) -> NDArray[np.int8]:
    """Quality code of each window: VALID, LEAD_OFF, MAINS or CLIPPED.

    Parameters
    ----------
    halves : Array, shape (n_windows + 1, n_samples)
        Raw half windows; window *k* is halves *k* and *k + 1*.
    rails, resolution
        As for :func:`clipped_share`.
    line_ratio, flutter, residual : Array, shape (n_windows,)
        Share of mains lines in the raw signal, unsteadiness of strong hum (``hum.HumFlutter``), and
        share of mains lines in the filtered signal.
    """
    codes = np.full(line_ratio.shape[0], VALID, dtype=np.int8)
    shares = clipped_share(halves, rails, resolution)
    share = (shares[:-1] + shares[1:]) / 2
    low, high = halves.min(axis=1), halves.max(axis=1)
    flat = np.maximum(high[:-1], high[1:]) == np.minimum(low[:-1], low[1:])
    spoilt = (flutter >= FLUTTERING) | (residual >= RESIDUAL_SHARE)
    codes[((line_ratio >= HUM_SHARE) & spoilt) | (line_ratio >= SWAMPED_SHARE)] = MAINS
    codes[share > CLIPPED_SHARE] = CLIPPED
    codes[flat | (share >= RAILED_SHARE)] = LEAD_OFF
    return codes
