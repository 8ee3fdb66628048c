"""From where to where an event lasts, in 50-ms bins of a candidate's envelope.

Written rules
-------------
- It begins with the first dense second of activity above ``off`` times rest, and ends with the last
  dense second that is nearer to its plateau than to rest (their geometric mean), so that a tone
  raised for minutes afterwards is none of it.
- What is active for more than 15 s before it comes nearer to the plateau is a raised tone (of the
  cramp before): the event then begins where ``off`` times that tone is passed.
- Standing up 10 s or more after its beginning ends it.
- After the part before the leg first moves, 1.5 s without activity end it: what follows is what the
  sleeper does about it.
"""

import numpy as np
from numpy.typing import NDArray

from crampdetect.detection.order_statistics import percentile
from crampdetect.detection.rows import row_column
from crampdetect.detection.types import Array

__all__ = [
    "bounds_of_plateau",
    "end_of_cramp",
    "envelope_of",
    "extent",
    "level_of",
    "nearer_to_plateau",
    "stand_up",
]

#: After the core, 1.5 s without activity end a cramp: what follows is the reaction [A].
REACTION_PAUSE_BINS = 30
#: Standing up 10 s or more after the onset ends the event: on one's feet the calf works most of
#: the time (dos Anjos 2017, PMC5395606); 10 s [A].
STAND_UP_WINDOWS = 20
#: A dense second: half of its 50-ms bins active; twitches are 5-15 ms, apart by a second [A].
DENSE_BINS = 20
#: A rise takes 1-10 s from 10 to 90 % [R-m]: activity 15 s before the plateau is a tone [A], judged
#: by what lies at least 10 s before it.
RISE_BINS, SURE_BINS = 300, 200


def nearer_to_plateau(plateau_ratio: float, off: float) -> float:
    """Multiple of rest from which activity is nearer to a plateau than to rest, at least `off`.

    Examples
    --------
    >>> nearer_to_plateau(9.0, 1.5), nearer_to_plateau(2.0, 1.5)
    (3.0, 1.5)
    """
    return max(off, float(np.sqrt(plateau_ratio)))


def stand_up(rows: Array, opened: int, closed: int) -> int:
    """Row at which the leg stands up 10 s or more after `opened`, else `closed`."""
    upright = rows[opened:closed, row_column("upright")] == 1.0
    standing = np.flatnonzero(upright)
    if standing.shape[0] and standing[0] >= STAND_UP_WINDOWS:
        return opened + int(standing[0])
    return closed


def level_of(span: Array) -> float:
    """The resting level at the first window that knows one."""
    levels = span[:, row_column("level")]
    return float(levels[~np.isnan(levels)][0])


def envelope_of(span: Array) -> Array:
    """RMS of the 50-ms bins, NaN where nothing is known."""
    bins = span[:, row_column("bin_0") :].copy()
    bins[span[:, row_column("valid")] != 1.0] = np.nan
    return np.sqrt(bins.reshape(-1))


def extent(active: NDArray[np.bool_]) -> tuple[int, int]:
    """From the first to the last dense second (twitches before and after it are none of it).

    Where there is none: first to last pair of active bins, one alone may be noise; else all.
    """
    dense = _dense(active)
    if dense.shape[0]:
        first, last = int(dense[0]), int(dense[-1]) + DENSE_BINS
        inside = np.flatnonzero(active[first:last])
        return first + int(inside[0]), first + int(inside[-1]) + 1
    pairs = np.flatnonzero(active[1:] & active[:-1])
    if pairs.shape[0] == 0:
        return 0, int(active.shape[0])
    return int(pairs[0]), int(pairs[-1]) + 2


def bounds_of_plateau(
    envelope: Array, rms: Array, level: float, off: float, bounds: tuple[int, int]
) -> tuple[int, int]:
    """First bin of the rise, and the bin after the last dense second nearer to the plateau.

    Parameters
    ----------
    envelope : Array, shape (n_bins,)
    rms : Array, shape (n_windows,)
        Of the known windows within `bounds`.
    level : float
        Resting.
    off : float
        Least multiple of it that is active.
    bounds : tuple of int
        First bin, and the bin after the last active one; returned where nothing is dense.
    """
    first, stop = bounds
    if rms.shape[0] == 0:
        return bounds
    known = np.nan_to_num(envelope[:stop])
    strong = known >= nearer_to_plateau(percentile(rms, 0.75) / level, off) * level
    dense = first + _dense(strong[first:])
    if dense.shape[0] == 0:
        return bounds
    last = int(dense[-1])
    stop = last + int(np.flatnonzero(strong[last : last + DENSE_BINS])[-1]) + 1
    begin = int(dense[0])
    if begin - first <= RISE_BINS:
        return first, stop
    tone = percentile(known[first : begin - SURE_BINS], 0.5)
    risen = begin - RISE_BINS + _dense(known[begin - RISE_BINS :] >= max(off * tone, off * level))
    return (int(risen[0]) if risen.shape[0] else begin), stop


def end_of_cramp(active: NDArray[np.bool_], core_stop: int, stop: int) -> int:
    """Bin where the first long pause after the core begins, else `stop`."""
    quiet = np.concatenate(([False], ~active[core_stop:stop], [False]))
    edges = np.flatnonzero(np.diff(quiet.astype(np.int8)))
    starts, lengths = edges[::2], edges[1::2] - edges[::2]
    long = np.flatnonzero(lengths >= REACTION_PAUSE_BINS)
    return core_stop + int(starts[long[0]]) if long.shape[0] else stop


def _dense(active: NDArray[np.bool_]) -> NDArray[np.intp]:
    """First bins of the seconds of which at least half is active."""
    before = np.concatenate(([0], np.cumsum(active)))
    return np.flatnonzero(before[DENSE_BINS:] - before[:-DENSE_BINS] >= DENSE_BINS // 2)
