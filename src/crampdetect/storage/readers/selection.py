"""From the channels of a file to the streams that are used: choice, units, rails."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np

from crampdetect.detection.types import SignalInfo, Stream
from crampdetect.errors import RecordingError
from crampdetect.storage.channels import choose_channels
from crampdetect.storage.readers.grid import StreamPlan
from crampdetect.storage.recording import ReadOptions
from crampdetect.storage.units import acc_scale, emg_scale

__all__ = ["Channel", "Selection", "refuse_many_columns", "select_streams"]


@dataclass(frozen=True, slots=True)
class Channel:
    """One signal of a file.

    Parameters
    ----------
    name : str
    rate : Fraction
        In Hz.
    unit : str
        Of ``value * scale + offset``; empty where the file does not say.
    column : int
        Where its numbers are.
    scale, offset : float
        From the numbers of the file (counts) to `unit`.
    counts : tuple of (float, float) or None
        Lowest and highest number that the recorder can write.
    guess_name : str
        What the guess reads instead of `name` (for boards that only say "EXG").
    """

    name: str
    rate: Fraction
    unit: str
    column: int
    scale: float = 1.0
    offset: float = 0.0
    counts: tuple[float, float] | None = None
    guess_name: str = ""


@dataclass(frozen=True, slots=True)
class Selection:
    """What is used of a file: EMG first, acceleration where there is one."""

    streams: tuple[StreamPlan, ...]
    warnings: tuple[str, ...]


def refuse_many_columns(path: Path, found: int, limit: int) -> None:
    """Refuse a file with more columns than any recorder writes.

    Raises
    ------
    RecordingError
    """
    if found > limit:
        raise RecordingError(f"{path}: there are {found} columns; expected at most {limit}")


def select_streams(
    channels: Sequence[Channel],
    options: ReadOptions,
    path: Path,
    *,
    band: tuple[float, float] | None = None,
) -> Selection:
    """Choose the channels and work out their factors to microvolts and g.

    Parameters
    ----------
    channels : sequence of Channel
    options : ReadOptions
        ``unit`` and ``acc_unit`` replace what the file declares.
    path : Path
    band : tuple of float or None
        Analogue band of the source in Hz.

    Returns
    -------
    Selection

    Raises
    ------
    RecordingError
        From the choice; or chosen EMG channels of which only some have a known unit.

    Examples
    --------
    >>> emg = Channel("EMG", Fraction(1000), "mV", column=1)
    >>> chosen = select_streams([emg], ReadOptions(), Path("a.csv"))
    >>> chosen.streams[0].info.unit, chosen.streams[0].scale
    ('uV', array([1000.]))
    """
    names = [
        channel.name if options.emg or not channel.guess_name else channel.guess_name
        for channel in channels
    ]
    choice = choose_channels(names, [channel.rate for channel in channels], options, path)
    warnings = list(choice.warnings)
    emg = [channels[i] for i in choice.emg]
    plans = [_emg_plan(emg, options, path, band, warnings)]
    acc = [channels[i] for i in choice.acc]
    plan = _acc_plan(acc, options, warnings) if acc else None
    if plan is not None:
        plans.append(plan)
    return Selection(tuple(plans), tuple(warnings))


def _emg_plan(
    channels: Sequence[Channel],
    options: ReadOptions,
    path: Path,
    band: tuple[float, float] | None,
    warnings: list[str],
) -> StreamPlan:
    declared = [_declared(channel, options.unit) for channel in channels]
    factors = [emg_scale(channel.unit) for channel in declared]
    known = [factor for factor in factors if factor is not None]
    if known and len(known) < len(factors):
        found = ", ".join(f"{channel.name!r} {channel.unit or 'none'}" for channel in declared)
        raise RecordingError(
            f"{path}: only some EMG channels have a known unit ({found}); "
            "expected one for all, or --unit"
        )
    if not known:
        warnings.append(
            "The EMG has no known unit: amplitudes are arbitrary (a.u.); "
            "give the true unit with --unit"
        )
    return _plan("emg", declared, known or [1.0] * len(declared), "uV" if known else "a.u.", band)


def _acc_plan(
    channels: Sequence[Channel], options: ReadOptions, warnings: list[str]
) -> StreamPlan | None:
    declared = [_declared(channel, options.acc_unit) for channel in channels]
    factors = [acc_scale(channel.unit) for channel in declared]
    known = [factor for factor in factors if factor is not None]
    if len(known) < len(factors):
        found = ", ".join(repr(channel.name) for channel in declared)
        warnings.append(
            f"The acceleration ({found}) is left out, as it is not calibrated in g or m/s^2; "
            "give its unit with --acc-unit if it is"
        )
        return None
    return _plan("acc", declared, known, "g", None)


def _declared(channel: Channel, unit: str | None) -> Channel:
    """The channel with the unit a person gave for the numbers as they are in the file."""
    if unit is None:
        return channel
    return Channel(channel.name, channel.rate, unit, channel.column, counts=channel.counts)


def _plan(
    stream: Stream,
    channels: Sequence[Channel],
    factors: Sequence[float],
    unit: str,
    band: tuple[float, float] | None,
) -> StreamPlan:
    scale = np.array([c.scale * f for c, f in zip(channels, factors, strict=True)])
    offset = np.array([c.offset * f for c, f in zip(channels, factors, strict=True)])
    rails = tuple(
        None
        if c.counts is None
        else (c.counts[0] * float(s) + float(o), c.counts[1] * float(s) + float(o))
        for c, s, o in zip(channels, scale, offset, strict=True)
    )
    info = SignalInfo(
        stream=stream,
        channels=tuple(channel.name for channel in channels),
        nominal_sampling_frequency=channels[0].rate,
        unit=unit,
        band=band,
        rails=rails,
        resolution=tuple(
            None if c.counts is None else abs(float(s))
            for c, s in zip(channels, scale, strict=True)
        ),
    )
    return StreamPlan(info, tuple(c.column for c in channels), scale, offset)
