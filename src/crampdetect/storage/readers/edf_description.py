"""What is known about the chosen channels of an EDF file: exact rate, unit, rails, band."""

from collections.abc import Sequence
from fractions import Fraction

from crampdetect.detection.types import SignalInfo, Stream
from crampdetect.storage.edf_marks import LARGEST_RATE_ERROR, ChannelNote, parse_note
from crampdetect.storage.readers.edf_calibration import Calibration, band
from crampdetect.storage.readers.edf_header import EdfHeader, EdfSignal
from crampdetect.storage.recording import ReadOptions
from crampdetect.storage.units import acc_scale, emg_scale

__all__ = ["describe", "exact_rate", "unit_of"]

#: Units that say openly that the scale is unknown: no warning is due.
_ARBITRARY = frozenset({"a.u.", "au", "arb", "arbitrary"})


def exact_rate(header: EdfHeader, signal: EdfSignal) -> Fraction:
    """Sampling frequency in Hz: the header's, or the exact one that a note of ours adds to it."""
    rate = header.rate(signal)
    note = parse_note(signal.transducer)
    if note is None or note.rate is None or rate <= 0 or not header.kind.endswith("+C"):
        return rate
    # Only a refinement: a note that contradicts the header is not believed.
    return note.rate if abs(note.rate / rate - 1) <= LARGEST_RATE_ERROR else rate


def unit_of(
    header: EdfHeader, stream: Stream, signals: Sequence[EdfSignal], options: ReadOptions
) -> tuple[str, list[float], tuple[str, ...]]:
    """Find the unit of a stream.

    Parameters
    ----------
    header : EdfHeader
    stream : {"emg", "acc"}
    signals : sequence of EdfSignal
    options : ReadOptions
        A unit there replaces the file's.

    Returns
    -------
    unit : str
        ``"uV"``, ``"g"`` or ``"a.u."``.
    scales : list of float
        Factor of each channel to that unit.
    warnings : tuple of str
    """
    known, scale_of, option, flag = (
        ("uV", emg_scale, options.unit, "--unit")
        if stream == "emg"
        else ("g", acc_scale, options.acc_unit, "--acc-unit")
    )
    declared = [signal.unit if option is None else option for signal in signals]
    scales = [scale_of(unit) for unit in declared]
    found = [scale for scale in scales if scale is not None]
    if len(found) == len(scales):
        return known, found, ()
    unknown = sorted({u for u, scale in zip(declared, scales, strict=True) if scale is None})
    spelled = ", ".join(repr(unit) for unit in unknown)
    warning = (
        f"{header.path}: the unit {spelled} of the {stream.upper()} channels is unknown, so its "
        f"amplitude is arbitrary; give the true unit with {flag}"
    )
    openly = all(unit.strip().lower() in _ARBITRARY for unit in unknown)
    return "a.u.", [1.0] * len(scales), () if openly else (warning,)


def describe(
    stream: Stream,
    signals: Sequence[EdfSignal],
    notes: Sequence[ChannelNote | None],
    calibrations: Sequence[Calibration],
    rate: Fraction,
    unit: str,
) -> SignalInfo:
    """Put together what is known about a stream.

    Parameters
    ----------
    stream : {"emg", "acc"}
    signals : sequence of EdfSignal
    notes : sequence of ChannelNote or None
    calibrations : sequence of Calibration
        In the unit of the stream.
    rate : Fraction
        In Hz.
    unit : str

    Returns
    -------
    SignalInfo
    """
    bands = {band(signal.prefiltering) for signal in signals}
    return SignalInfo(
        stream=stream,
        channels=tuple(
            signal.label if note is None or note.name is None else note.name
            for signal, note in zip(signals, notes, strict=True)
        ),
        nominal_sampling_frequency=rate,
        unit=unit,
        band=bands.pop() if len(bands) == 1 else None,
        comb_filtered=any("comb" in signal.prefiltering.lower() for signal in signals),
        rails=tuple(
            (float(one.rails[0]), float(one.rails[1])) if note is None or note.rails_known else None
            for one, note in zip(calibrations, notes, strict=True)
        ),
        resolution=tuple(
            float(abs(one.gain)) if note is None or note.resolution_known else None
            for one, note in zip(calibrations, notes, strict=True)
        ),
    )
