"""The public Python API: ``crampdetect.replay(path)`` and what it returns.

Stable: names and meanings here change only with a note in the changelog. Nothing is written to
an episode log, or anywhere else, unless it is asked for.
"""

from collections.abc import Iterable
from fractions import Fraction
from os import PathLike
from pathlib import Path
from typing import Literal

from crampdetect.outputs.replay_result import ReplayResult
from crampdetect.records import Replay
from crampdetect.session import Settings, replay_recording
from crampdetect.session_open import open_source
from crampdetect.storage.recording import ReadOptions

__all__ = ["ReplayResult", "replay"]

Rate = int | float | str | Fraction


def replay(
    path: str | PathLike[str],
    *,
    profile: str | None = None,
    model: str | None = None,
    mains: Literal[50, 60] | None = None,
    emg: str | Iterable[str] = (),
    acc: str | Iterable[str] = (),
    rate: Rate | None = None,
    acc_rate: Rate | None = None,
    unit: str | None = None,
    acc_unit: str | None = None,
    timezone: str | None = None,
    participant: str | None = None,
    side: Literal["left", "right"] | None = None,
    muscle: str | None = None,
    electrode_site: str | None = None,
    shank_axis: Literal["x", "y", "z"] | None = None,
    log: str | PathLike[str] | None = None,
    again: bool = False,
) -> ReplayResult:
    """Find the cramps in a recording of calf EMG and acceleration.

    Parameters
    ----------
    path : path-like
        EDF, EDF+, BDF, OpenSignals, Shimmer, Delsys, OpenBCI, BrainFlow, XDF, WAV or CSV.
    profile : str or None
        A frozen set of thresholds: ``"standard"``, ``"strict"``, ``"sensitive"``, or an earlier one
        by its full name, such as ``"standard-1"``. None: as a capture was judged, else standard.
    model : str or None
        Name of a model that came with crampdetect or path of a model file; None is the default.
    mains : 50, 60 or None
        Mains frequency in Hz; None measures it.
    emg, acc : str or iterable of str
        Channels by name or 1-based number; empty means: guessed from the names.
    rate, acc_rate : number, str or Fraction, optional
        In Hz, for files that do not say; text such as ``"34000/27"`` is exact.
    unit, acc_unit : str or None
        For files that do not say: ``"uV"``, ``"mV"``, ``"V"``, ``"a.u."``; ``"g"``, ``"m/s^2"``.
    timezone : str or None
        IANA name of the zone of the file's clock. Without it the start stays local.
    participant, side, muscle, electrode_site : str or None
        Kept with the result in the log; a pseudonym, never a name.
    shank_axis : {"x", "y", "z"} or None
        Axis of acceleration along the shank. None: as a capture says, else x.
    log : path-like or None
        Episode log to add the result to: a file or a database URL. None writes nothing.
    again : bool
        Add a new run even if the log has this recording judged in the same way.

    Returns
    -------
    ReplayResult

    Raises
    ------
    RecordingError
        If the file cannot be read as a recording of EMG.
    ModelError
        If the model is none, or does not fit the recording.
    LogError
        If the log cannot be opened or written, or holds this recording as one of the other leg;
        the log then holds nothing of this replay.
    ValueError
        If an argument is not one of those allowed.

    Examples
    --------
    >>> from crampdetect.resources import demo_recording
    >>> night = replay(demo_recording())
    >>> night.counts["status"], night.counts["per_valid_hour"]
    ('excerpt', None)
    >>> {row["kind"] for row in night.episodes} <= {"cramp", "unsure"}
    True
    """
    if side not in (None, "left", "right"):
        raise ValueError(f"side is {side!r}; expected 'left' or 'right'")
    options = ReadOptions(
        emg=_names(emg),
        acc=_names(acc),
        rate=_rate("rate", rate),
        acc_rate=_rate("acc_rate", acc_rate),
        unit=unit,
        acc_unit=acc_unit,
    )
    settings = Settings(
        profile=profile,
        model=model,
        mains=mains,
        shank_axis=shank_axis,
        timezone=timezone,
        participant=participant,
        side=side,
        muscle=muscle,
        electrode_site=electrode_site,
    )
    recording = open_source(Path(path), options)
    found = replay_recording(recording, settings, trace=True)
    added = None if log is None else _add(found, str(log), again)
    return ReplayResult(found, recording, added)


def _names(given: str | Iterable[str]) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(given)


def _rate(name: str, given: Rate | None) -> Fraction | None:
    if given is None:
        return None
    try:
        # Through text, so that 1259.259 is what was written and not its nearest binary number.
        value = Fraction(str(given))
    except (ValueError, ZeroDivisionError) as error:
        raise ValueError(f"{name} is {given!r}; expected a rate in Hz") from error
    if value <= 0:
        raise ValueError(f"{name} is {given!r}; expected a rate above 0 Hz")
    return value


def _add(found: Replay, log: str, again: bool) -> bool:
    from crampdetect.storage.log import open_log

    with open_log(log) as opened:
        return opened.add(found, again=again).is_new
