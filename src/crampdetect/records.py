"""Row types of the episode log, and what one replay yields.

Times at this level are seconds since the recording began (rounded to 1 ms) and aware datetimes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "Annotation",
    "EpisodeRecord",
    "MinuteRecord",
    "NightTrace",
    "Quality",
    "RecordingRecord",
    "Replay",
    "RunRecord",
    "SignalRecord",
]


@dataclass(frozen=True, slots=True)
class Annotation:
    """A mark on a recording, `onset_s` and `duration_s` in seconds of the recording."""

    onset_s: float
    duration_s: float
    text: str


@dataclass(frozen=True, slots=True)
class SignalRecord:
    """One stream as it was used: names, rate (Hz, and exactly as ``"p/q"``), unit, capability."""

    stream: str
    channels: tuple[str, ...]
    sampling_frequency: float
    sampling_frequency_exact: str
    unit: str
    capability: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RecordingRecord:
    """One recording, however often it was scored.

    Parameters
    ----------
    id : str
        UUID: born in the capture, or derived from `content_hash` for files of others.
    content_hash : str
        SHA-256 of the file, hexadecimal.
    path : str
        As given by the caller.
    format : str
        For example ``"EDF+C"``.
    start : datetime or None
        Aware, when the zone is known.
    start_local : datetime or None
        Naive wall-clock start as the file says it.
    timezone : str or None
        IANA name or ``"UTC"``.
    duration_s : float
    signals : tuple of SignalRecord
    participant, side, muscle, electrode_site : str or None
        Side is ``"left"`` or ``"right"``.
    """

    id: str
    content_hash: str
    path: str
    format: str
    start: datetime | None
    start_local: datetime | None
    timezone: str | None
    duration_s: float
    signals: tuple[SignalRecord, ...]
    participant: str | None = None
    side: str | None = None
    muscle: str | None = None
    electrode_site: str | None = None


@dataclass(frozen=True, slots=True)
class RunRecord:
    """What scored a recording: program version, model, profile and configuration hash."""

    version: str
    model: str
    profile: str
    config_hash: str


@dataclass(frozen=True, slots=True)
class Quality:
    """Seconds by what could be judged; disjoint, they sum to the recording's duration."""

    valid_s: float = 0.0
    gap_s: float = 0.0
    lead_off_s: float = 0.0
    mains_s: float = 0.0
    clipped_s: float = 0.0
    warm_up_s: float = 0.0


@dataclass(frozen=True, slots=True)
class MinuteRecord:
    """The same division for minute `minute` (0 = the first 60 s of the recording)."""

    minute: int
    quality: Quality


@dataclass(frozen=True, slots=True)
class EpisodeRecord:
    """One episode with printed times; `onset` is aware, or None when the start is unknown."""

    id: str
    kind: str
    onset_s: float
    duration_s: float
    onset: datetime | None
    probability: float
    reasons: tuple[str, ...]
    measures: Mapping[str, float]
    channel: str
    alerted: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class NightTrace:
    """What a picture of the night needs: one value per window, NaN where nothing could be judged.

    Parameters
    ----------
    time_s : array, shape (n_windows,)
        Start of each window, seconds since the recording began.
    envelope : array, shape (n_windows,)
        Root mean square (RMS) of the filtered EMG, largest of the judged channels, in `unit`.
    resting_level : array, shape (n_windows,)
        The resting baseline it was compared with, in `unit`.
    motion : array, shape (n_windows,)
        Dynamic acceleration, RMS over the axes, in g (all NaN without acceleration).
    shank_angle : array, shape (n_windows,)
        Angle of the shank above the horizontal in degrees (90 = upright; all NaN without three
        axes).
    unit : str
        Of the envelope.
    """

    time_s: NDArray[np.float64]
    envelope: NDArray[np.float64]
    resting_level: NDArray[np.float64]
    motion: NDArray[np.float64]
    shank_angle: NDArray[np.float64]
    unit: str


@dataclass(frozen=True, slots=True)
class Replay:
    """All that one session over one recording found.

    `invalid_spans` are (start_s, stop_s, cause) with cause one of ``gap``, ``lead_off``, ``mains``,
    ``clipped``, ``warm_up``; `trace` is there only when it was asked for.
    """

    recording: RecordingRecord
    run: RunRecord
    quality: Quality
    minutes: tuple[MinuteRecord, ...]
    episodes: tuple[EpisodeRecord, ...]
    annotations: tuple[Annotation, ...] = ()
    warnings: tuple[str, ...] = field(default=())
    invalid_spans: tuple[tuple[float, float, str], ...] = ()
    trace: NightTrace | None = None
