"""From digital values to microvolts and g: exact factors, rails and resolution of one signal."""

import re
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from crampdetect.errors import RecordingError
from crampdetect.storage.readers.edf_fields import decimal_field, integer_field
from crampdetect.storage.readers.edf_header import EdfHeader, EdfSignal

__all__ = ["Calibration", "band", "calibration"]

_CORNER = re.compile(r"\b(HP|LP):\s*(DC|\d+(?:\.\d+)?)\s*(k?)(?:Hz)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Calibration:
    """``value = digital * gain + offset``, and the values at the ends of the digital range."""

    gain: Fraction
    offset: Fraction
    rails: tuple[Fraction, Fraction]

    def scaled(self, factor: float) -> "Calibration":
        """Return the same calibration in another unit; decimal factors stay exact."""
        exact = Fraction(str(factor))
        low, high = self.rails
        return Calibration(self.gain * exact, self.offset * exact, (low * exact, high * exact))


def calibration(header: EdfHeader, signal: EdfSignal) -> Calibration:
    """Read the calibration of a signal that is used.

    Parameters
    ----------
    header : EdfHeader
    signal : EdfSignal

    Returns
    -------
    Calibration
        In the unit of the signal. A physical minimum above the maximum (inverted polarity) is
        allowed by the standard.

    Raises
    ------
    RecordingError
        No numbers, a physical range of zero, a digital range that is swapped, empty or wider than
        the samples.
    """
    path: Path = header.path
    of = f"of signal {signal.number} {signal.label!r}"
    low, high = (
        decimal_field(raw, f"physical {end} {of}", path)
        for raw, end in zip(signal.physical, ("minimum", "maximum"), strict=True)
    )
    first, last = (
        integer_field(raw, f"digital {end} {of}", path)
        for raw, end in zip(signal.digital, ("minimum", "maximum"), strict=True)
    )
    limit = 1 << (8 * header.sample_bytes - 1)
    if low == high:
        raise RecordingError(
            f"{path}: the physical range {of} is zero ({float(low):g} to {float(high):g}); "
            "expected a minimum and a maximum that differ"
        )
    if not -limit <= first < last < limit:
        raise RecordingError(
            f"{path}: the digital range {of} is {first} to {last}; expected a minimum below the "
            f"maximum, both within {-limit} to {limit - 1}"
        )
    gain = (high - low) / (last - first)
    return Calibration(gain, low - first * gain, (min(low, high), max(low, high)))


def band(prefiltering: str) -> tuple[float, float] | None:
    """Read the analogue band from a prefiltering text.

    Parameters
    ----------
    prefiltering : str

    Returns
    -------
    tuple of (float, float) or None
        High-pass and low-pass corner in Hz, where both are given.

    Examples
    --------
    >>> band("HP:0.5Hz LP:100Hz [enhanced cassette BW]"), band("HP:DC; LP:1kHz"), band("N:50Hz")
    ((0.5, 100.0), (0.0, 1000.0), None)
    """
    corners = {
        match[1].upper(): 0.0
        if match[2].upper() == "DC"
        else float(match[2]) * (1000 if match[3] else 1)
        for match in _CORNER.finditer(prefiltering)
    }
    low, high = corners.get("HP"), corners.get("LP")
    return (low, high) if low is not None and high is not None and low < high else None
