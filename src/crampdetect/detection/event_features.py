"""Event features: a table of names first, then bounded aggregates over a candidate's windows."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crampdetect.detection.event_measures import (
    BEFORE_WINDOWS,
    levels,
    motion,
    shape,
    spectrum,
)
from crampdetect.detection.flow import Candidate
from crampdetect.detection.grid import BIN_LENGTH, BINS_PER_STEP
from crampdetect.detection.rows import row_column
from crampdetect.detection.types import Array

__all__ = ["EVENT_FEATURES", "Event", "describe"]

#: Name -> what it is. A feature that a recording cannot show is absent (NaN for a model).
EVENT_FEATURES: dict[str, str] = {
    "duration_s": "from onset to offset, in seconds",
    "level_ratio": "median RMS of the core over the resting level",
    "peak_ratio": "95th percentile of RMS of the core over the resting level",
    "plateau_fraction": "share of the core's windows at half its 90th percentile or above",
    "level_variation": "standard deviation over mean of the RMS of the core's windows",
    "rise_s": "from onset to 80 % of the median level, in seconds",
    "duty_cycle": "share of the core's 0.2-s pieces that are active",
    "longest_pause_s": "longest inactive stretch of the core, in seconds",
    "rhythm_index": "share of the core's modulation (0.3-10 Hz) at its strongest rhythm",
    "rhythm_hz": "frequency of that rhythm, in Hz",
    "modulation": "standard deviation over mean of the core's envelope in 0.2-s pieces",
    "kurtosis": "median kurtosis of the core's windows",
    "low_frequency_ratio": "median share of power below 18 Hz in the core's raw signal",
    "median_frequency": "median of the core's MDF, in Hz",
    "high_frequency_ratio": "median ratio of power above and below 150 Hz in the core",
    "rest_share": "resting level when it ended over the 95th percentile of the core's RMS",
    "unknown_fraction": "share of windows inside that could not be judged",
    "motion_at_onset_g": "largest dynamic acceleration within 2 s before to 1 s after onset, in g",
    "still_at_onset_s": "time from onset until the leg first moves, in seconds",
    "longest_still_s": "longest stretch of activity in a leg that does not move, in seconds",
    "moving_fraction": "share of windows in which the leg moves",
    "turned_deg": "turn of the leg between before and within, in degrees",
    "upright_at_onset": "1 if the shank was upright around the onset, else 0",
    "upright_fraction": "share of windows with the shank upright",
}
#: The core is the part before the leg first moves, if that is at least 8 s; what a sleeper does
#: about a cramp must not change what the cramp looked like [A]. Else it is the whole event.
CORE_WINDOWS = 16
#: After the core, 1.5 s without activity end a cramp: what follows is the reaction [A].
REACTION_PAUSE_BINS = 30
#: Standing up 10 s or more after the onset ends the event: on one's feet the calf works most of
#: the time (dos Anjos 2017, PMC5395606); 10 s [A].
STAND_UP_WINDOWS = 20
#: Motion must be known for four fifths of the windows around the onset and in the first 8 s [A].
MOST_UNSEEN = 0.2
#: A dense second: half of its 50-ms bins active; twitches are 5-15 ms, apart by a second [A].
DENSE_BINS = 20
#: 0.5 s: a leg movement lasts at least that (AASM, PMC9619152); less is a twitch of fibres.
SHORTEST_S = 0.5
#: Sharp potentials in quiet windows (interference of many fibres has a kurtosis of 3 to 6), below
#: the least duration of a cramp; a pop of the electrode has most of its raw power below 18 Hz [A].
TWITCH_KURTOSIS = 20.0
TWITCH_S = 10.0
POP_RATIO = 0.75


@dataclass(frozen=True, slots=True)
class Event:
    """Bounds in 50-ms bins since the recording began, the features by name, and what is left.

    `rest_row` is the row of the candidate from which on activity was left out of this event.
    """

    onset_bin: int
    offset_bin: int
    features: dict[str, float]
    rest_row: int


def describe(candidate: Candidate, on: float, off: float) -> Event | None:
    """Onset, offset and features of a candidate; None if it is shorter than any movement.

    Parameters
    ----------
    candidate : Candidate
    on, off : float
        Multiples of the resting level: which a core must reach, and above which a piece is active.
    """
    rows = candidate.rows
    opened, closed = candidate.opened, _stand_up(rows, candidate.opened, candidate.closed)
    # A window's bins cover its first half; the second half is in the next row.
    span = rows[opened : min(closed + 1, rows.shape[0])]
    level = _level(span)
    envelope = _envelope(span)
    known_bins = ~np.isnan(envelope)
    active = np.nan_to_num(envelope) >= off * level
    first, stop = _extent(active)
    base = int(span[0, 0]) * BINS_PER_STEP
    onset_row = opened + first // BINS_PER_STEP
    inside = rows[onset_row : max(onset_row + 1, min(closed, opened + _rows_of(stop)))]
    still = _still_windows(rows, onset_row, inside, on)
    core_windows = inside.shape[0]
    was_cut = closed < candidate.closed
    if CORE_WINDOWS <= still < inside.shape[0]:
        core_windows = still
        whole = stop
        stop = _end_of_cramp(active | ~known_bins, first + still * BINS_PER_STEP, stop)
        was_cut |= stop < whole
        inside = inside[: max(still, (stop - first) // BINS_PER_STEP)]
    core = inside[:core_windows]
    core_stop = min(stop, first + core_windows * BINS_PER_STEP)
    features = {"duration_s": (stop - first) * float(BIN_LENGTH)}
    features |= levels(core, level)
    if features.get("level_ratio", 0.0) > 0.0:
        after = float(rows[-1, row_column("level")])
        features["rest_share"] = after / (features["peak_ratio"] * level)
    # What could not be judged is no pause: the shape is that of the known parts joined.
    part = np.arange(first, core_stop)[known_bins[first:core_stop]]
    features |= shape(envelope[part], active[part])
    features |= spectrum(core, inside)
    features |= motion(rows, onset_row, inside, still)
    if _is_twitch(features):
        return None
    known = {name: float(value) for name, value in features.items() if value == value}
    left = opened + _rows_of(stop) if was_cut else candidate.closed
    return Event(base + first, base + stop, known, left)


def _rows_of(bins: int) -> int:
    """Rows that `bins` bins reach into."""
    return -(-bins // BINS_PER_STEP)


def _is_twitch(features: dict[str, float]) -> bool:
    """Single potentials of a fibre or two: no movement, whatever their number (fasciculations)."""
    duration = features["duration_s"]
    sharp = features.get("kurtosis", 0.0) >= TWITCH_KURTOSIS
    muscle = features.get("low_frequency_ratio", 0.0) < POP_RATIO
    still = features.get("moving_fraction", 0.0) == 0.0
    return duration < SHORTEST_S or (duration < TWITCH_S and sharp and muscle and still)


def _stand_up(rows: Array, opened: int, closed: int) -> int:
    upright = rows[opened:closed, row_column("upright")] == 1.0
    standing = np.flatnonzero(upright)
    if standing.shape[0] and standing[0] >= STAND_UP_WINDOWS:
        return opened + int(standing[0])
    return closed


def _level(span: Array) -> float:
    levels = span[:, row_column("level")]
    return float(levels[~np.isnan(levels)][0])


def _envelope(span: Array) -> Array:
    """RMS of the 50-ms bins, NaN where nothing is known."""
    bins = span[:, row_column("bin_0") :].copy()
    bins[span[:, row_column("valid")] != 1.0] = np.nan
    return np.sqrt(bins.reshape(-1))


def _extent(active: NDArray[np.bool_]) -> tuple[int, int]:
    """From the first to the last dense second (twitches before and after it are none of it).

    Where there is none: first to last pair of active bins, one alone may be noise; else all.
    """
    before = np.concatenate(([0], np.cumsum(active)))
    dense = np.flatnonzero(before[DENSE_BINS:] - before[:-DENSE_BINS] >= DENSE_BINS // 2)
    if dense.shape[0]:
        first, last = int(dense[0]), int(dense[-1]) + DENSE_BINS
        inside = np.flatnonzero(active[first:last])
        return first + int(inside[0]), first + int(inside[-1]) + 1
    pairs = np.flatnonzero(active[1:] & active[:-1])
    if pairs.shape[0] == 0:
        return 0, int(active.shape[0])
    return int(pairs[0]), int(pairs[-1]) + 2


def _end_of_cramp(active: NDArray[np.bool_], core_stop: int, stop: int) -> int:
    """Bin where the first long pause after the core begins, else `stop`."""
    quiet = np.concatenate(([False], ~active[core_stop:stop], [False]))
    edges = np.flatnonzero(np.diff(quiet.astype(np.int8)))
    starts, lengths = edges[::2], edges[1::2] - edges[::2]
    long = np.flatnonzero(lengths >= REACTION_PAUSE_BINS)
    return core_stop + int(starts[long[0]]) if long.shape[0] else stop


def _still_windows(rows: Array, onset_row: int, inside: Array, on: float) -> int:
    """Windows from the onset until the leg moves.

    0 if it moved just before, or before the activity reached `on` times rest (a movement within
    raised tone is none of a cramp); -1 if motion is not known there.
    """
    moving = row_column("moving")
    around = rows[max(0, onset_row - BEFORE_WINDOWS) : onset_row + 1, moving]
    needed = np.concatenate((around, inside[:CORE_WINDOWS, moving]))
    if np.isnan(needed).mean() > MOST_UNSEEN:
        return -1
    if (around == 1.0).any():
        return 0
    moved = np.flatnonzero(inside[:, moving] == 1.0)
    still = int(moved[0]) if moved.shape[0] else int(inside.shape[0])
    first = inside[:still]
    strong = first[:, row_column("root_mean_square")] >= on * first[:, row_column("level")]
    return still if strong.any() else 0
