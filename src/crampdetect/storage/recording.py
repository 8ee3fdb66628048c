"""What every reader returns: a description, and Samples and Gaps in time order."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from pathlib import Path

from crampdetect.detection.types import Gap, Samples, SignalInfo, Stream
from crampdetect.records import Annotation

__all__ = ["BLOCK_SECONDS", "ReadOptions", "RecordingFile"]

#: Seconds of signal that a reader yields at once: large enough that numpy's per-call cost
#: vanishes, small enough that memory does not (10-60 s measured as the flat part of the curve).
BLOCK_SECONDS = 60


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What a person may override about a file.

    Parameters
    ----------
    emg, acc : tuple of str
        Channel or column names (or 1-based numbers where a file has no names); empty means: guess.
    rate, acc_rate : Fraction or None
        In Hz, for files that do not say.
    unit, acc_unit : str or None
        For example ``"mV"``, ``"uV"``, ``"V"``, ``"a.u."``; ``"g"``, ``"mg"``, ``"m/s^2"``.
    """

    emg: tuple[str, ...] = ()
    acc: tuple[str, ...] = ()
    rate: Fraction | None = None
    acc_rate: Fraction | None = None
    unit: str | None = None
    acc_unit: str | None = None


@dataclass(frozen=True, slots=True)
class RecordingFile:
    """An opened recording: its description, and a way to read it once or again.

    Parameters
    ----------
    path : Path
    format : str
        For example ``"EDF+C"``, ``"BDF+D"``, ``"OpenSignals text"``, ``"CSV"``.
    signals : tuple of SignalInfo
        The selected streams: ``emg`` first, ``acc`` where there is one.
    start_local : datetime or None
        Naive start as the file says it.
    start : datetime or None
        Aware start, only where the file itself carries an absolute time (e.g. a Unix time).
    duration : Fraction
        In seconds, of the longest selected stream, gaps included.
    read : callable
        ``read()`` starts a fresh iteration over Samples and Gaps: values float64, C-contiguous,
        EMG in microvolts (or ``a.u.``), ACC in g; blocks of at most ``BLOCK_SECONDS``; streams
        interleaved so that neither runs ahead by more than one block; NaN runs, holes and ``BAD_``
        annotations as Gaps; every index below each stream's end is in exactly one of them.
    lengths : mapping of stream to int
        Number of sample indices of each stream, gaps included.
    annotations : tuple of Annotation
    warnings : tuple of str
        One sentence each, e.g. about a unit that cannot be true or channels left out.
    recording_id : str or None
        UUID written by crampdetect into the file, if it is one of ours.
    channels_available : tuple of str
        Every signal of the file, for ``crampdetect info``.
    options : ReadOptions
        What was overridden when it was opened.
    printed : callable or None
        Seconds at the nominal rate -> seconds by the clock, where the sensor's true rate was
        measured (a capture); None: they are the same.
    settings : mapping of str to str
        How it was judged while it was recorded (a capture).
    """

    path: Path
    format: str
    signals: tuple[SignalInfo, ...]
    start_local: datetime | None
    start: datetime | None
    duration: Fraction
    read: Callable[[], Iterator[Samples | Gap]]
    lengths: dict[Stream, int]
    annotations: tuple[Annotation, ...] = ()
    warnings: tuple[str, ...] = ()
    recording_id: str | None = None
    channels_available: tuple[str, ...] = ()
    options: ReadOptions = field(default_factory=ReadOptions)
    printed: Callable[[float], float] | None = None
    settings: Mapping[str, str] = field(default_factory=dict)
