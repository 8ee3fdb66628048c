"""Signal quality of a window: can it be judged, and if not, why."""

import numpy as np
from numpy.typing import NDArray

from crampdetect.detection.types import Array

__all__ = [
    "CLIPPED",
    "FLAGS",
    "GAP",
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

#: More than 0.5 % of samples at a rail: censor, do not score (physiology sheet, section 2).
CLIPPED_SHARE = 0.005
#: Half of a window at a rail is no contact any more [A].
RAILED_SHARE = 0.5
#: Tolerance beside a rail as a share of its range; a 12-bit code is 0.024 % [A].
RAIL_TOLERANCE = 0.0005
#: A flat top where rails are not known: 4 % of half a second (20 ms) repeat its extreme value
#: although it spans more than 256 smallest steps; a slow artefact on a coarse converter rests at
#: its peak for less [A].
FLAT_TOP_SHARE = 0.04
FLAT_TOP_STEPS = 256.0
#: Mains lines hold 98 % of the band's power, seven times the rest in amplitude: measured on a real
#: calf electrode in bad contact (99.2-99.6 %); good ones showed 4-15 % [A].
MAINS_SHARE = 0.98


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
    wide_rows = np.flatnonzero(wide)
    repeats = (np.diff(halves[wide_rows], axis=1) == 0).sum(axis=1)
    for row in wide_rows[repeats > FLAT_TOP_SHARE * halves.shape[1]].tolist():
        share[row] = max(share[row], _flat_top(halves[row], low[row], high[row]))
    return share


def _flat_top(half: Array, low: float, high: float) -> float:
    """Share of samples that repeat the extreme value, 0 unless that is a flat top."""
    steps = np.diff(half)
    later = half[1:]
    repeated = (steps == 0) & ((later == low) | (later == high))
    share = np.count_nonzero(repeated) / half.shape[0]
    if share <= FLAT_TOP_SHARE:
        return 0.0
    smallest = float(np.abs(steps[steps != 0]).min())
    return share if high - low > FLAT_TOP_STEPS * smallest else 0.0


def judge_windows(
    halves: Array,
    rails: tuple[float, float] | None,
    resolution: float | None,
    line_ratio: Array,
) -> NDArray[np.int8]:
    """Quality code of each window: VALID, LEAD_OFF, MAINS or CLIPPED.

    Parameters
    ----------
    halves : Array, shape (n_windows + 1, n_samples)
        Raw half windows; window *k* is halves *k* and *k + 1*.
    rails, resolution
        As for :func:`clipped_share`.
    line_ratio : Array, shape (n_windows,)
    """
    codes = np.full(line_ratio.shape[0], VALID, dtype=np.int8)
    shares = clipped_share(halves, rails, resolution)
    share = (shares[:-1] + shares[1:]) / 2
    low, high = halves.min(axis=1), halves.max(axis=1)
    flat = np.maximum(high[:-1], high[1:]) == np.minimum(low[:-1], low[1:])
    codes[line_ratio >= MAINS_SHARE] = MAINS
    codes[share > CLIPPED_SHARE] = CLIPPED
    codes[flat | (share >= RAILED_SHARE)] = LEAD_OFF
    return codes
