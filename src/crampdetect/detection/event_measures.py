"""Event features of amplitude, shape and spectrum, each from the rows of a candidate."""

import numpy as np
from numpy.typing import NDArray

from crampdetect.detection.grid import BIN_LENGTH, WINDOW_STEP
from crampdetect.detection.order_statistics import median, percentile
from crampdetect.detection.rhythm import longest_run, pieces, rhythm
from crampdetect.detection.rows import CONTEXT_WINDOWS, row_column
from crampdetect.detection.types import Array

__all__ = ["before", "levels", "shape", "spectrum"]

#: The last second before the onset does not count: a slow rise may have begun in it [A].
RISING_WINDOWS = 2
#: The last 10 s of that say what the level was before.
NEAR_WINDOWS = 20
#: A level counts as held for 3 s [A].
HELD_WINDOWS = 6
#: 0.2 s: short against a burst, long against noise [A].
PIECE_BINS = 4


def levels(core: Array, level: float) -> dict[str, float]:
    """Amplitude of the core `rows` over the resting `level`."""
    valid = core[:, row_column("valid")] == 1.0
    rms = core[valid, row_column("root_mean_square")]
    if rms.shape[0] == 0:
        return {}
    middle = median(rms)
    risen = np.flatnonzero(rms >= 0.8 * middle)
    return {
        "level_ratio": middle / level,
        "peak_ratio": percentile(rms, 0.95) / level,
        "held_ratio": _held(rms) / level,
        "held_share": _held(rms) / percentile(rms, 0.95) if rms.any() else 0.0,
        "plateau_fraction": float((rms >= 0.5 * percentile(rms, 0.9)).mean()),
        "level_variation": float(rms.std() / rms.mean()) if rms.any() else 0.0,
        "rise_s": float(risen[0]) * float(WINDOW_STEP),
        "fall_s": float(rms.shape[0] - 1 - risen[-1]) * float(WINDOW_STEP),
    }


def _held(rms: Array) -> float:
    """Highest level that is held for 3 s, or throughout where it is shorter."""
    if rms.shape[0] <= HELD_WINDOWS:
        return float(rms.min())
    return float(np.lib.stride_tricks.sliding_window_view(rms, HELD_WINDOWS).min(axis=1).max())


def before(rows: Array, onset_row: int, level: float, off: float) -> dict[str, float]:
    """What the muscle did in the 30 s before the onset, and in the minutes before, as known."""
    first, last = max(0, onset_row - CONTEXT_WINDOWS), max(0, onset_row - RISING_WINDOWS)
    earlier = rows[first:last]
    valid = earlier[:, row_column("valid")] == 1.0
    rms = earlier[:, row_column("root_mean_square")]
    out = {
        name: float(rows[onset_row, row_column(name)])
        for name in ("recent_activity", "lasting_activity")
    }
    if valid.any():
        out["active_before"] = float((rms[valid] >= off * level).mean())
    near = rms[-NEAR_WINDOWS:][valid[-NEAR_WINDOWS:]]
    if near.shape[0]:
        out["level_before"] = median(near) / level
    return out


def shape(envelope: Array, active: NDArray[np.bool_]) -> dict[str, float]:
    """Duty cycle, pauses and rhythm of an envelope in 50-ms bins."""
    parts = pieces(active.astype(np.float64), PIECE_BINS) >= 0.5
    smooth = pieces(envelope, PIECE_BINS)
    if parts.shape[0] == 0:
        return {"duty_cycle": 1.0, "longest_pause_s": 0.0, "rhythm_index": 0.0, "modulation": 0.0}
    index, frequency = rhythm(envelope)
    return {
        "duty_cycle": float(parts.mean()),
        "longest_pause_s": longest_run(~parts) * PIECE_BINS * float(BIN_LENGTH),
        "rhythm_index": index,
        "rhythm_hz": frequency,
        "modulation": float(smooth.std() / smooth.mean()) if smooth.any() else 0.0,
    }


def spectrum(core: Array, inside: Array, earlier: Array) -> dict[str, float]:
    """What the spectrum says of the core, and how much of the event could not be judged.

    `earlier` are the rows before the onset, which its median frequency is compared with.
    """
    valid = core[:, row_column("valid")] == 1.0
    out = {"unknown_fraction": 1.0 - float((inside[:, row_column("valid")] == 1.0).mean())}
    if not valid.any():
        return out
    for name in ("kurtosis", "low_frequency_ratio", "median_frequency", "high_frequency_ratio"):
        out[name] = median(core[valid, row_column(name)])
    known = earlier[:, row_column("valid")] == 1.0
    if known.any():
        resting = median(earlier[known, row_column("median_frequency")])
        if resting > 0.0:
            out["frequency_shift"] = out["median_frequency"] / resting
    return out
