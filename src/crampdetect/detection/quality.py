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
#: Where rails are not known, a flat top: 2 % of the samples repeat the window's extreme value
#: although the window spans more than 256 of its smallest steps (a slow artefact on a coarse
#: converter repeats its peak for less) [A].
FLAT_TOP_SHARE = 0.02
FLAT_TOP_STEPS = 256.0
#: Mains lines hold 98 % of the band's power, seven times the rest in amplitude: measured on a real
#: calf electrode in bad contact (99.2-99.6 %); good ones showed 4-15 % [A].
MAINS_SHARE = 0.98


def clipped_share(raw: Array, rails: tuple[float, float] | None) -> Array:
    """Share of samples at a rail, by window.

    Parameters
    ----------
    raw : Array, shape (n_windows, n_samples)
    rails : tuple of float or None
        Where the source saturates; a flat top is looked for in any case.
    """
    share = np.zeros(raw.shape[0])
    if rails is not None:
        low, high = rails
        margin = (high - low) * RAIL_TOLERANCE
        at_rail = (raw <= low + margin) | (raw >= high - margin)
        share = at_rail.sum(axis=1) / raw.shape[1]
    repeats = raw[:, 1:] == raw[:, :-1]
    suspects = np.flatnonzero(repeats.sum(axis=1) > FLAT_TOP_SHARE * raw.shape[1])
    for row in suspects.tolist():
        share[row] = max(share[row], _flat_top(raw[row]))
    return share


def _flat_top(window: Array) -> float:
    low, high = float(window.min()), float(window.max())
    steps = np.abs(np.diff(window))
    moving = steps[steps > 0]
    if moving.shape[0] == 0 or high - low <= FLAT_TOP_STEPS * float(moving.min()):
        return 0.0
    repeated = steps == 0
    at_extreme = repeated & ((window[1:] == low) | (window[1:] == high))
    share = float(at_extreme.sum()) / window.shape[0]
    return share if share > FLAT_TOP_SHARE else 0.0


def judge_windows(
    raw: Array, rails: tuple[float, float] | None, line_ratio: Array
) -> NDArray[np.int8]:
    """Quality code of each window: VALID, LEAD_OFF, MAINS or CLIPPED.

    Parameters
    ----------
    raw : Array, shape (n_windows, n_samples)
    rails : tuple of float or None
    line_ratio : Array, shape (n_windows,)
    """
    codes = np.full(raw.shape[0], VALID, dtype=np.int8)
    share = clipped_share(raw, rails)
    codes[line_ratio >= MAINS_SHARE] = MAINS
    codes[share > CLIPPED_SHARE] = CLIPPED
    flat = raw.max(axis=1) == raw.min(axis=1)
    codes[flat | (share >= RAILED_SHARE)] = LEAD_OFF
    return codes
