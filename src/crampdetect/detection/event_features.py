"""Event features: bounded aggregates over a candidate's windows, by the names of `event_table`."""

from dataclasses import dataclass

import numpy as np

from crampdetect.detection.event_extent import (
    bounds_of_plateau,
    end_of_cramp,
    envelope_of,
    extent,
    level_of,
    stand_up,
)
from crampdetect.detection.event_measures import before, levels, shape, spectrum
from crampdetect.detection.event_motion import BEFORE_WINDOWS, motion
from crampdetect.detection.flow import Candidate
from crampdetect.detection.grid import BIN_LENGTH, BINS_PER_STEP
from crampdetect.detection.rows import CONTEXT_WINDOWS, row_column
from crampdetect.detection.types import Array

__all__ = ["Event", "describe"]

#: The core is the part before the leg first moves, if that is at least 8 s; what a sleeper does
#: about a cramp must not change what the cramp looked like [A]. Else it is the whole event.
CORE_WINDOWS = 16
#: Motion must be known for four fifths of the windows around the onset and in the first 8 s [A].
MOST_UNSEEN = 0.2
#: What lies behind the end of the plateau by 3 s or more may be an event of its own [A].
TAIL_BINS = 60
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


@dataclass(frozen=True, slots=True)
class _Part:
    """What of a candidate is the event: bounds in bins of its span, and its rows."""

    first: int
    stop: int
    onset_row: int
    inside: Array
    core_windows: int
    still: int
    was_cut: bool


def describe(candidate: Candidate, on: float, off: float) -> Event | None:
    """Onset, offset and features of a candidate; None if it is shorter than any movement.

    Parameters
    ----------
    candidate : Candidate
    on, off : float
        Multiples of the resting level: which a core must reach, and above which a piece is active.
    """
    rows, opened = candidate.rows, candidate.opened
    closed = stand_up(rows, opened, candidate.closed)
    # A window's bins cover its first half; the second half is in the next row.
    span = rows[opened : min(closed + 1, rows.shape[0])]
    level, envelope = level_of(span), envelope_of(span)
    part = _part(candidate, closed, envelope, level, (on, off))
    features = _features(rows, part, envelope, level, off)
    features["ended"] = float(candidate.ended)
    if _is_twitch(features):
        return None
    known = {name: float(value) for name, value in features.items() if value == value}
    base = int(span[0, 0]) * BINS_PER_STEP
    left = opened + _rows_of(part.stop) if part.was_cut else candidate.closed
    return Event(base + part.first, base + part.stop, known, left)


def _part(
    candidate: Candidate, closed: int, envelope: Array, level: float, on_off: tuple[float, float]
) -> _Part:
    rows, opened, (on, off) = candidate.rows, candidate.opened, on_off
    active = np.nan_to_num(envelope) >= off * level
    begin, whole = extent(active)
    inside = rows[opened + begin // BINS_PER_STEP : max(opened + 1, opened + _rows_of(whole))]
    known = inside[inside[:, row_column("valid")] == 1.0, row_column("root_mean_square")]
    first, stop = bounds_of_plateau(envelope, known, level, off, (begin, whole))
    was_cut = closed < candidate.closed or whole - stop >= TAIL_BINS
    onset_row = opened + first // BINS_PER_STEP
    inside = rows[onset_row : max(onset_row + 1, min(closed, opened + _rows_of(stop)))]
    still = _still_windows(rows, onset_row, inside, on)
    core_windows = inside.shape[0]
    if CORE_WINDOWS <= still < inside.shape[0]:
        core_windows, plateau_stop = still, stop
        stop = end_of_cramp(active | np.isnan(envelope), first + still * BINS_PER_STEP, stop)
        was_cut |= stop < plateau_stop
        inside = inside[: max(still, (stop - first) // BINS_PER_STEP)]
    return _Part(first, stop, onset_row, inside, core_windows, still, was_cut)


def _features(
    rows: Array, part: _Part, envelope: Array, level: float, off: float
) -> dict[str, float]:
    core = part.inside[: part.core_windows]
    features = {"duration_s": (part.stop - part.first) * float(BIN_LENGTH)}
    features |= levels(core, level)
    if features.get("level_ratio", 0.0) > 0.0:
        after = float(rows[-1, row_column("level")])
        features["rest_share"] = after / (features["peak_ratio"] * level)
    # What could not be judged is no pause: the shape is that of the known parts joined.
    core_stop = min(part.stop, part.first + part.core_windows * BINS_PER_STEP)
    bins = envelope[part.first : core_stop]
    bins = bins[~np.isnan(bins)]
    features |= shape(bins, bins >= off * level)
    earlier = rows[max(0, part.onset_row - CONTEXT_WINDOWS) : part.onset_row]
    features |= spectrum(core, part.inside, earlier)
    features |= before(rows, part.onset_row, level, off)
    active = part.inside[:, row_column("root_mean_square")] >= off * level
    active &= part.inside[:, row_column("valid")] == 1.0
    return features | motion(rows, part.onset_row, part.inside, part.still, active)


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
