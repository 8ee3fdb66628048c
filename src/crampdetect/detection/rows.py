"""The rows of a candidate: one per window, named columns."""

import numpy as np

from crampdetect.detection.features import column
from crampdetect.detection.flow import Aligned
from crampdetect.detection.grid import BINS_PER_STEP
from crampdetect.detection.quality import VALID
from crampdetect.detection.types import Array

__all__ = ["COLUMNS", "CONTEXT_WINDOWS", "row_column", "rows_of"]

#: What came before a candidate is kept for 30 s, in windows of 0.5 s [A].
CONTEXT_WINDOWS = 60

#: One row per window; the envelope bins (mean square) come last.
COLUMNS: tuple[str, ...] = (
    "window",
    "root_mean_square",
    "level",
    "valid",
    "dynamic",
    "gravity_x",
    "gravity_y",
    "gravity_z",
    "moving",
    "upright",
    "recent_activity",
    "recent_motion",
    "lasting_activity",
    "kurtosis",
    "mean_frequency",
    "median_frequency",
    "high_frequency_ratio",
    "low_frequency_ratio",
    *(f"bin_{index}" for index in range(BINS_PER_STEP)),
)
_INDEX = {name: index for index, name in enumerate(COLUMNS)}
#: Window features that are carried along as they are.
COPIED = (
    "kurtosis",
    "mean_frequency",
    "median_frequency",
    "high_frequency_ratio",
    "low_frequency_ratio",
)


def row_column(name: str) -> int:
    """Column of `name` in the rows of a candidate.

    Examples
    --------
    >>> row_column("level")
    2
    """
    return _INDEX[name]


def rows_of(item: Aligned, channel: int) -> Array:
    """The rows of consecutive windows of one channel, shape (n_windows, n_columns).

    What a candidate alone can know (``recent_activity``, ``recent_motion`` and
    ``lasting_activity``) is left open.
    """
    rested, posture = item.channels[channel], item.posture
    windows = rested.windows
    table = np.empty((item.count, len(COLUMNS)))
    table[:, 0] = np.arange(item.first, item.first + item.count)
    table[:, 1] = windows.features[:, column("root_mean_square")]
    table[:, 2] = rested.level
    table[:, 3] = (windows.quality == VALID) & ~np.isnan(rested.level)
    table[:, 4] = posture.dynamic
    table[:, 5:8] = posture.gravity
    table[:, 8] = posture.moving
    table[:, 9] = posture.upright
    for name in COPIED:
        table[:, row_column(name)] = windows.features[:, column(name)]
    table[:, row_column("bin_0") :] = windows.envelope
    return table
