"""From a night of windows to the columns and clock times of a picture. Draws nothing."""

import math
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from crampdetect.outputs.clock_times import Clock

__all__ = ["Columns", "clock_ticks", "columns", "label_rows"]

#: Steps between ticks in seconds: whole parts of an hour, so that labels are round clock times.
_STEPS_S = (10, 20, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400)


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """Smallest, middle and largest value in each column of a picture; NaN where there is none.

    Parameters
    ----------
    time_s : array, shape (n_columns,)
        Middle of each column, seconds since the recording began.
    low, median, high : array, shape (n_columns,)
    """

    time_s: NDArray[np.float64]
    low: NDArray[np.float64]
    median: NDArray[np.float64]
    high: NDArray[np.float64]


def columns(time_s: NDArray[np.float64], values: NDArray[np.float64], most: int) -> Columns:
    """Reduce a trace to at most about `most` columns without losing a peak.

    Parameters
    ----------
    time_s : array, shape (n_windows,)
        Ascending; a missing window leaves a hole, which stays one.
    values : array, shape (n_windows,)
        NaN where nothing is known.
    most : int
        Columns that the picture can show.

    Examples
    --------
    >>> columns(np.arange(6.0), np.array([1, 9, 2, np.nan, np.nan, 4]), 3).high
    array([9., 2., 4.])
    """
    if time_s.size < 2:
        return Columns(time_s, values, values, values)
    step = float(np.median(np.diff(time_s)))
    slots = np.rint((time_s - time_s[0]) / step).astype(np.int64)
    per_column = math.ceil((int(slots[-1]) + 1) / most)
    n_columns = int(slots[-1]) // per_column + 1
    table = np.full((n_columns, per_column), np.nan)
    table.reshape(-1)[slots] = values
    low, high = np.fmin.reduce(table, axis=1), np.fmax.reduce(table, axis=1)
    median = np.full(n_columns, np.nan)
    median[np.isfinite(low)] = np.nanmedian(table[np.isfinite(low)], axis=1)
    middle = time_s[0] + (np.arange(n_columns) + 0.5) * (per_column * step)
    return Columns(middle, low, median, high)


def clock_ticks(clock: Clock, duration_s: float, most: int) -> tuple[list[float], list[str]]:
    """Positions and labels of at most about `most` ticks at round clock times.

    A night with a clock change keeps even distances; its labels jump, as the clock did.

    Parameters
    ----------
    clock : Clock
    duration_s : float
        In seconds.
    most : int

    Returns
    -------
    list of float
        Seconds since the recording began.
    list of str
        ``"23:30"``, with seconds where ticks are closer than a minute, or ``"0:30"`` since the
        start where no clock is known.

    Examples
    --------
    >>> from datetime import datetime
    >>> clock_ticks(Clock(datetime(2026, 3, 13, 22, 50), None), 7200.0, 2)
    ([600.0, 4200.0], ['23:00', '00:00'])
    """
    step = next((each for each in _STEPS_S if duration_s / each <= most), _STEPS_S[-1])
    begin = clock.moment(0)
    since_midnight = 0.0
    if begin is not None:
        midnight = begin.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
        since_midnight = (begin.replace(tzinfo=None) - midnight) / timedelta(seconds=1)
    first = -since_midnight % step
    positions = [float(each) for each in np.arange(first, duration_s + 0.5, step)]
    return positions, [_label(clock, each, step) for each in positions]


def label_rows(centres: list[float], widths: list[float], rows: int) -> list[int | None]:
    """Row of each label so that no two overlap; None where there is no room.

    Parameters
    ----------
    centres, widths : list of float
        Ascending centres, in one unit.
    rows : int

    Examples
    --------
    >>> label_rows([0.0, 1.0, 1.5, 9.0], [3.0, 3.0, 3.0, 3.0], 2)
    [0, 1, None, 0]
    """
    ends = [-math.inf] * rows
    placed: list[int | None] = []
    for centre, width in zip(centres, widths, strict=True):
        free = next((row for row in range(rows) if ends[row] <= centre - width / 2), None)
        if free is not None:
            ends[free] = centre + width / 2
        placed.append(free)
    return placed


def _label(clock: Clock, position: float, step: int) -> str:
    # Half a millisecond more, as a start with fractions of a second makes ticks such as 59.9999.
    moment = clock.moment(position + 0.0005)
    if moment is not None:
        return f"{moment:%H:%M}" if step >= 60 else f"{moment:%H:%M:%S}"
    minutes, seconds = divmod(round(position), 60)
    text = f"{minutes // 60}:{minutes % 60:02d}"
    return text if step >= 60 else f"{text}:{seconds:02d}"
