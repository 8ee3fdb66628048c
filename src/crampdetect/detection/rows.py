"""The rows of a candidate: one per window, named columns."""

from crampdetect.detection.grid import BINS_PER_STEP

__all__ = ["COLUMNS", "COPIED", "row_column"]

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
