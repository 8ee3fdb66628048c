"""Units as files spell them: factors to microvolts and g, and a check of what cannot be true."""

import numpy as np

from crampdetect.detection.types import Array

__all__ = ["STANDARD_GRAVITY", "acc_scale", "emg_scale", "implausible_emg"]

#: Standard acceleration of gravity in m/s^2 (3rd CGPM, 1901).
STANDARD_GRAVITY = 9.80665

#: Resting levels (root mean square, uV) that no muscle at rest shows through a correct unit: calf
#: rest is 1-10 uV, the noise of the best amplifiers about 0.2 uV, and maximal contractions of a
#: calf reach 100-400 uV (docs/evidence.md, "Counting, units and time").
HIGHEST_REST_UV = 1000.0
LOWEST_REST_UV = 0.01
#: The quietest fifth of a minute is rest in all but one continuous contraction.
REST_PERCENTILE = 20
#: One piece per second of the first minute.
PIECES = 60

_TO_MICROVOLT = {"v": 1e6, "mv": 1e3, "uv": 1.0, "nv": 1e-3}
_TO_G = {
    "g": 1.0,
    "mg": 1e-3,
    "m/s^2": 1 / STANDARD_GRAVITY,
    "m/s2": 1 / STANDARD_GRAVITY,
    "m/(s^2)": 1 / STANDARD_GRAVITY,
    "m/s**2": 1 / STANDARD_GRAVITY,
}
# Both code points that look like a micro sign, and the raised two.
_SPELLINGS = str.maketrans({"\N{MICRO SIGN}": "u", "\N{GREEK SMALL LETTER MU}": "u", "²": "^2"})
_WORDS = {"volt": "v", "volts": "v", "millivolt": "mv", "microvolt": "uv", "microvolts": "uv"}


def emg_scale(unit: str) -> float | None:
    """Factor from a declared voltage unit to microvolts.

    Parameters
    ----------
    unit : str
        As the file spells it; case and spaces do not matter, both micro signs are known.

    Returns
    -------
    float or None
        None for an unknown or arbitrary unit (``"a.u."``, ``"counts"``, ``""``).

    Examples
    --------
    >>> emg_scale("mV"), emg_scale(" µV "), emg_scale("a.u.")
    (1000.0, 1.0, None)
    """
    folded = _fold(unit)
    return _TO_MICROVOLT.get(_WORDS.get(folded, folded))


def acc_scale(unit: str) -> float | None:
    """Factor from a declared acceleration unit to g.

    Parameters
    ----------
    unit : str
        As the file spells it; case and spaces do not matter.

    Returns
    -------
    float or None
        None for an unknown unit.

    Examples
    --------
    >>> acc_scale("G"), acc_scale("mg"), round(acc_scale("m/s^2"), 6), acc_scale("LSB")
    (1.0, 0.001, 0.101972, None)
    """
    return _TO_G.get(_fold(unit))


def implausible_emg(values_uv: Array, channel: str) -> str | None:
    """Say that a declared unit cannot be true, judged by the resting level; never a factor.

    Parameters
    ----------
    values_uv : Array, shape (n_samples,) or (n_samples, 1)
        The first minute (or less) of one channel in microvolts. It is cut into 60 pieces, so one
        minute is judged by its seconds.
    channel : str
        Name for the sentence.

    Returns
    -------
    str or None
        One sentence, or None where the level is possible (or exactly zero: a flat channel says
        nothing about its unit).

    Examples
    --------
    >>> noise = np.random.default_rng(0).normal(size=60_000)
    >>> implausible_emg(5.0 * noise, "Gastroc") is None
    True
    >>> implausible_emg(1e6 * noise, "Gastroc") is None
    False
    """
    values = np.asarray(values_uv, dtype=np.float64).reshape(-1)
    values = values[np.isfinite(values)]
    length = max(values.size // PIECES, min(values.size, 8))
    if length < 2:
        return None
    pieces = values[: values.size // length * length].reshape(-1, length)
    level = float(np.percentile(_detrended_rms(pieces), REST_PERCENTILE))
    # Rounding leaves a residue of about 1e-16 of the offset where a channel is flat.
    if level <= 1e-12 * float(np.abs(values).max()):
        return None
    if LOWEST_REST_UV <= level <= HIGHEST_REST_UV:
        return None
    return (
        f"The resting level of channel {channel!r} is {level:.3g} uV, which no muscle shows "
        f"(expected {LOWEST_REST_UV:g} to {HIGHEST_REST_UV:g} uV): its declared unit is probably "
        "wrong; give the true one with --unit"
    )


def _detrended_rms(pieces: Array) -> Array:
    """Root mean square of each row after removal of its straight line."""
    ramp = np.arange(pieces.shape[1]) - (pieces.shape[1] - 1) / 2
    centred = pieces - pieces.mean(axis=1, keepdims=True)
    slope = (centred * ramp).sum(axis=1, keepdims=True) / (ramp @ ramp)
    residue = centred - slope * ramp
    return np.asarray(np.sqrt(np.square(residue).mean(axis=1)), dtype=np.float64)


def _fold(unit: str) -> str:
    return "".join(unit.translate(_SPELLINGS).split()).strip("[]").lower()
