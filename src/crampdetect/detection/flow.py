"""What flows between the stages (``types`` holds what crosses the core's border).

Stages never import one another; they know these.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crampdetect.detection.types import Array, Episode

__all__ = [
    "Aligned",
    "Candidate",
    "EmgWindows",
    "Filtered",
    "Judged",
    "MotionWindows",
    "PostureWindows",
    "Progress",
    "Reached",
    "RestedWindows",
]


@dataclass(frozen=True, slots=True)
class Filtered:
    """A run of one channel before and after the filter.

    Parameters
    ----------
    start : int
        Index of the first sample.
    raw, values : Array, shape (n_samples,)
        As it came, and filtered.
    mains : int
        50, 60 or ``mains.EITHER``: the lines that were removed.
    fresh_at : int
        Index at which this filter started from rest.
    """

    start: int
    raw: Array
    values: Array
    mains: int
    fresh_at: int


@dataclass(frozen=True, slots=True)
class EmgWindows:
    """Consecutive windows of one channel.

    Parameters
    ----------
    first : int
        Index of the first window.
    features : Array, shape (n_windows, n_features)
        Columns of ``WINDOW_FEATURES``, rounded to float32 precision; NaN where not present.
    quality : array of int8, shape (n_windows,)
        GAP where the window touches a gap or a filter that has just started.
    envelope : Array, shape (n_windows, BINS_PER_STEP)
        Mean square of the 50-ms bins of each window's first half second.
    """

    first: int
    features: Array
    quality: NDArray[np.int8]
    envelope: Array


@dataclass(frozen=True, slots=True)
class MotionWindows:
    """Consecutive windows of the accelerometer.

    Parameters
    ----------
    first : int
        Index of the first window.
    dynamic : Array, shape (n_windows,)
        Dynamic acceleration: root of the summed variances of the axes, in g; NaN where absent.
    gravity : Array, shape (n_windows, 3)
        Mean acceleration by axis in g; NaN where absent or with fewer than three axes.
    """

    first: int
    dynamic: Array
    gravity: Array


@dataclass(frozen=True, slots=True)
class RestedWindows:
    """Windows with the level they are compared with.

    Parameters
    ----------
    windows : EmgWindows
    level : Array, shape (n_windows,)
        Resting RMS in the unit of the stream; NaN before it is learnt.
    taken_back : array of int64, shape (n_windows,)
        Usually -1; else the window from which on, up to here, what was taken for rest was none.
    """

    windows: EmgWindows
    level: Array
    taken_back: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class PostureWindows:
    """Windows with motion and posture.

    Parameters
    ----------
    first : int
    dynamic : Array, shape (n_windows,)
        In g; NaN where absent.
    gravity : Array, shape (n_windows, 3)
        Direction of gravity by axis in g; NaN where unknown.
    angle : Array, shape (n_windows,)
        Of the shank above the horizontal, degrees, 0 to 90; NaN where unknown.
    moving, upright : Array, shape (n_windows,)
        1 or 0; NaN where unknown.
    """

    first: int
    dynamic: Array
    gravity: Array
    angle: Array
    moving: Array
    upright: Array


@dataclass(frozen=True, slots=True)
class Aligned:
    """The same windows of all channels; `posture` is all NaN where there is no acceleration."""

    first: int
    count: int
    channels: tuple[RestedWindows, ...]
    posture: PostureWindows


@dataclass(frozen=True, slots=True)
class Candidate:
    """A stretch of activity in one channel, with what came before it.

    Parameters
    ----------
    channel : int
    rows : Array, shape (n_windows, n_columns)
        Columns of ``rows.COLUMNS``, the windows before the onset included.
    opened : int
        Row of the first active window.
    closed : int
        Row after the last active window.
    ended : bool
        False while the activity still lasts (a provisional look).
    too_long : bool
        Cut at 20 min.
    """

    channel: int
    rows: Array
    opened: int
    closed: int
    ended: bool
    too_long: bool


@dataclass(frozen=True, slots=True)
class Progress:
    """Channel `channel` has passed window `window`; nothing earlier than `horizon` can open."""

    channel: int
    window: int
    horizon: int
    open: bool


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict on one channel, its bounds in 50-ms bins since the recording began."""

    channel: int
    onset_bin: int
    offset_bin: int
    episode: Episode


@dataclass(frozen=True, slots=True)
class Reached:
    """The EMG stream has come to sample `index` (exclusive), in samples or in a gap."""

    index: int
