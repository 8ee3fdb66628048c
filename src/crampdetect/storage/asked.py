"""Opening a recording as a person asked, and saying where what was asked cannot be done."""

from dataclasses import replace
from pathlib import Path

from crampdetect.storage.readers import open_recording
from crampdetect.storage.recording import ReadOptions, RecordingFile
from crampdetect.storage.units import acc_scale, emg_scale

__all__ = ["open_as_asked"]


def open_as_asked(path: Path, options: ReadOptions) -> RecordingFile:
    """Open a recording; a rate that was given in vain is among its warnings.

    Parameters
    ----------
    path : Path
    options : ReadOptions

    Raises
    ------
    ValueError
        If a unit is none that is known.
    RecordingError
        If the file cannot be read as a recording of EMG.

    Examples
    --------
    >>> from fractions import Fraction
    >>> from crampdetect.resources import demo_recording
    >>> open_as_asked(demo_recording(), ReadOptions(rate=Fraction(1000))).warnings[-1]
    '--rate has no effect: the file states its rate, 500 Hz'
    """
    _check_units(options)
    recording = open_recording(path, options)
    return replace(recording, warnings=(*recording.warnings, *_rates_in_vain(recording, options)))


def _check_units(options: ReadOptions) -> None:
    """Refuse a unit that no reader could convert; an EMG may have no known scale."""
    unit, acc_unit = options.unit, options.acc_unit
    if unit is not None and emg_scale(unit) is None and unit.strip().lower() != "a.u.":
        raise ValueError(f"the EMG unit is {unit!r}; expected uV, mV, V, nV or a.u.")
    if acc_unit is not None and acc_scale(acc_unit) is None:
        raise ValueError(f"the acceleration unit is {acc_unit!r}; expected g, mg or m/s^2")


def _rates_in_vain(recording: RecordingFile, options: ReadOptions) -> list[str]:
    asked = {"emg": ("--rate", options.rate), "acc": ("--acc-rate", options.acc_rate)}
    notes = []
    for info in recording.signals:
        option, rate = asked[info.stream]
        stated = info.nominal_sampling_frequency
        if rate is not None and rate != stated:
            notes.append(f"{option} has no effect: the file states its rate, {float(stated):g} Hz")
    return notes
