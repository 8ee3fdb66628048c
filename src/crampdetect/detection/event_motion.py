"""Event features of motion and posture, from the rows of a candidate."""

import numpy as np
from numpy.typing import NDArray

from crampdetect.detection.grid import WINDOW_STEP
from crampdetect.detection.order_statistics import median, percentile
from crampdetect.detection.rhythm import longest_run
from crampdetect.detection.rows import CONTEXT_WINDOWS, row_column
from crampdetect.detection.types import Array

__all__ = ["BEFORE_WINDOWS", "motion"]

#: Around the onset: movement leads EMG by 0-0.5 s and windows last 1 s [A].
BEFORE_WINDOWS = 4
#: 5 s to each side of the event for the link of motion and EMG, 1.5 s around its end [A].
BESIDE_WINDOWS = 10
END_WINDOWS = 3
#: Below the noise of a sensor no acceleration is told from another, in g [A].
LEAST_MOTION = 0.002


def motion(
    rows: Array, onset_row: int, inside: Array, still: int, active: NDArray[np.bool_]
) -> dict[str, float]:
    """Motion and posture around the onset and within; nothing where `still` is -1 (unknown).

    Parameters
    ----------
    rows : Array, shape (n_rows, n_columns)
        Of the candidate.
    onset_row : int
    inside : Array, shape (n_windows, n_columns)
        The rows of the event.
    still : int
        Windows from the onset until the leg moves.
    active : array of bool, shape (n_windows,)
        Whether a window of the event is active.
    """
    if still < 0:
        return {}
    around = rows[max(0, onset_row - BEFORE_WINDOWS) : onset_row + 1]
    moving = inside[:, row_column("moving")]
    step = float(WINDOW_STEP)
    out = {
        "still_at_onset_s": still * step,
        "still_before_s": _still_before(rows, onset_row) * step,
        "longest_still_s": longest_run(moving == 0.0) * step,
        "active_still_s": longest_run((moving == 0.0) & active) * step,
        "moving_fraction": float((moving == 1.0).mean()),
        "recent_motion": float(rows[onset_row, row_column("recent_motion")]),
    }
    at_rest = inside[(moving == 0.0) & active]
    if at_rest.shape[0]:
        rms = at_rest[:, row_column("root_mean_square")]
        out["still_level_ratio"] = median(rms) / float(at_rest[0, row_column("level")])
    dynamic = around[:, row_column("dynamic")]
    if not np.isnan(dynamic).all():
        out["motion_at_onset_g"] = float(np.nanmax(dynamic))
    out |= _strength(rows, onset_row, inside)
    upright = inside[:, row_column("upright")]
    if not np.isnan(upright).all():
        out["upright_fraction"] = float((upright == 1.0).mean())
        out["upright_at_onset"] = float((around[:, row_column("upright")] == 1.0).any())
        out["turned_deg"] = _turned(rows, onset_row, inside)
    return out


def _still_before(rows: Array, onset_row: int) -> int:
    """Windows, at most 60, in which the leg had not moved before the onset's own window."""
    moving = rows[max(0, onset_row - CONTEXT_WINDOWS) : max(0, onset_row - 1), row_column("moving")]
    moved = np.flatnonzero(moving != 0.0)
    return int(moving.shape[0] - 1 - moved[-1]) if moved.shape[0] else int(moving.shape[0])


def _strength(rows: Array, onset_row: int, inside: Array) -> dict[str, float]:
    """How strong motion is within and at the end, and how it goes with the EMG."""
    out = {}
    dynamic = inside[:, row_column("dynamic")]
    known = dynamic[~np.isnan(dynamic)]
    if known.shape[0]:
        out["motion_median_g"] = median(known)
        out["motion_peak_g"] = percentile(known, 0.95)
    offset_row = onset_row + inside.shape[0]
    end = rows[max(0, offset_row - END_WINDOWS) : offset_row + END_WINDOWS, row_column("dynamic")]
    if not np.isnan(end).all():
        out["motion_at_end_g"] = float(np.nanmax(end))
    beside = rows[max(0, onset_row - BESIDE_WINDOWS) : offset_row + BESIDE_WINDOWS]
    linked = _correlation(beside)
    if linked == linked:
        out["motion_correlation"] = linked
    return out


def _correlation(rows: Array) -> float:
    """Correlation of the logarithms of RMS and dynamic acceleration; NaN where one is constant."""
    rms, dynamic = rows[:, row_column("root_mean_square")], rows[:, row_column("dynamic")]
    known = (rows[:, row_column("valid")] == 1.0) & ~np.isnan(dynamic) & (rms > 0.0)
    if np.count_nonzero(known) < BEFORE_WINDOWS:
        return float("nan")
    one, two = np.log(rms[known]), np.log(np.maximum(dynamic[known], LEAST_MOTION))
    one, two = one - one.mean(), two - two.mean()
    norm = float(np.sqrt((one * one).sum() * (two * two).sum()))
    return float((one * two).sum()) / norm if norm > 1e-9 else float("nan")


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
