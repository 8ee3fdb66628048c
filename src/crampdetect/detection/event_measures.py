"""Event features by group, each from the rows of a candidate."""

import numpy as np
from numpy.typing import NDArray

from crampdetect.detection.grid import BIN_LENGTH, WINDOW_STEP
from crampdetect.detection.order_statistics import median, percentile
from crampdetect.detection.rhythm import longest_run, pieces, rhythm
from crampdetect.detection.rows import row_column
from crampdetect.detection.types import Array

__all__ = ["BEFORE_WINDOWS", "levels", "motion", "shape", "spectrum"]

#: Around the onset: movement leads EMG by 0-0.5 s and windows last 1 s [A].
BEFORE_WINDOWS = 4
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
        "plateau_fraction": float((rms >= 0.5 * percentile(rms, 0.9)).mean()),
        "level_variation": float(rms.std() / rms.mean()) if rms.any() else 0.0,
        "rise_s": float(risen[0]) * float(WINDOW_STEP),
    }


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


def spectrum(core: Array, inside: Array) -> dict[str, float]:
    """What the spectrum says of the core, and how much of the event could not be judged."""
    valid = core[:, row_column("valid")] == 1.0
    out = {"unknown_fraction": 1.0 - float((inside[:, row_column("valid")] == 1.0).mean())}
    if not valid.any():
        return out
    for name in ("kurtosis", "low_frequency_ratio", "median_frequency", "high_frequency_ratio"):
        out[name] = median(core[valid, row_column(name)])
    return out


def motion(rows: Array, onset_row: int, inside: Array, still: int) -> dict[str, float]:
    """Motion and posture around the onset and within; nothing where `still` is -1 (unknown)."""
    if still < 0:
        return {}
    around = rows[max(0, onset_row - BEFORE_WINDOWS) : onset_row + 1]
    moving = inside[:, row_column("moving")]
    step = float(WINDOW_STEP)
    out = {
        "still_at_onset_s": still * step,
        "longest_still_s": longest_run(moving == 0.0) * step,
        "moving_fraction": float((moving == 1.0).mean()),
    }
    dynamic = around[:, row_column("dynamic")]
    if not np.isnan(dynamic).all():
        out["motion_at_onset_g"] = float(np.nanmax(dynamic))
    upright = inside[:, row_column("upright")]
    if not np.isnan(upright).all():
        out["upright_fraction"] = float((upright == 1.0).mean())
        out["upright_at_onset"] = float((around[:, row_column("upright")] == 1.0).any())
        out["turned_deg"] = _turned(rows, onset_row, inside)
    return out


def _turned(rows: Array, onset_row: int, inside: Array) -> float:
    """Angle between the median gravity up to 5 s before and that within, in degrees."""
    columns = slice(row_column("gravity_x"), row_column("gravity_z") + 1)
    before, within = rows[max(0, onset_row - 10) : onset_row, columns], inside[:, columns]
    before, within = before[~np.isnan(before[:, 0])], within[~np.isnan(within[:, 0])]
    if before.shape[0] == 0 or within.shape[0] == 0:
        return float("nan")
    one, two = np.median(before, axis=0), np.median(within, axis=0)
    norm = float(np.sqrt((one * one).sum() * (two * two).sum()))
    if norm == 0:
        return float("nan")
    return float(np.degrees(np.arccos(np.clip(float((one * two).sum()) / norm, -1.0, 1.0))))
