"""Rhythm and pauses of an envelope."""

import numpy as np
from numpy.typing import NDArray

from crampdetect.detection.grid import BIN_LENGTH
from crampdetect.detection.types import Array

__all__ = ["longest_run", "pieces", "rhythm"]

#: Segments of 6.4 s, half overlapping, resolve 0.16 Hz; at most the first minute is looked at.
SEGMENT_BINS = 128
LONGEST_BINS = 1200
#: Modulation that counts (leg movements 0.3-4 Hz, clonus 4-8 Hz: docs/evidence.md, "Look-alikes").
MODULATION_BAND = (0.3, 9.9)
RHYTHM_BAND = (0.45, 9.0)


def longest_run(mask: NDArray[np.bool_]) -> int:
    """Length of the longest run of true values.

    Examples
    --------
    >>> longest_run(np.array([True, False, True, True]))
    2
    """
    edges = np.flatnonzero(np.diff(np.concatenate(([False], mask, [False])).astype(np.int8)))
    return int((edges[1::2] - edges[::2]).max()) if edges.shape[0] else 0


def pieces(values: Array, size: int) -> Array:
    """Means of consecutive groups of `size` values; a rest that is not full is left out."""
    count = values.shape[0] // size
    return np.asarray(values[: count * size].reshape(count, size).mean(axis=1))


def rhythm(envelope: Array) -> tuple[float, float]:
    """How rhythmic an envelope is.

    Parameters
    ----------
    envelope : Array, shape (n_bins,)
        RMS in 50-ms bins.

    Returns
    -------
    index : float
        Share of the modulation at the strongest rhythm and its first overtone, 0 to 1; 0 when the
        envelope is shorter than 3.2 s.
    frequency : float
        Of that rhythm, in Hz.

    Examples
    --------
    >>> t = np.arange(600) / 20
    >>> index, frequency = rhythm(1 + 0.8 * np.sin(2 * np.pi * 1.25 * t))
    >>> round(index, 1), frequency
    (1.0, 1.25)
    """
    envelope = envelope[:LONGEST_BINS]
    if envelope.shape[0] < SEGMENT_BINS // 2:
        return 0.0, 0.0
    power = np.zeros(SEGMENT_BINS // 2 + 1)
    taper = np.hanning(SEGMENT_BINS)
    starts = range(0, max(1, envelope.shape[0] - SEGMENT_BINS + 1), SEGMENT_BINS // 2)
    for start in starts:
        part = envelope[start : start + SEGMENT_BINS]
        if part.shape[0] < SEGMENT_BINS:
            part = np.concatenate((part, np.full(SEGMENT_BINS - part.shape[0], part.mean())))
        spectrum = np.fft.rfft((part - part.mean()) * taper)
        power += spectrum.real**2 + spectrum.imag**2
    frequencies = np.fft.rfftfreq(SEGMENT_BINS, float(BIN_LENGTH))
    counted = (frequencies >= MODULATION_BAND[0]) & (frequencies <= MODULATION_BAND[1])
    total = float(power[counted].sum())
    allowed = np.flatnonzero((frequencies >= RHYTHM_BAND[0]) & (frequencies <= RHYTHM_BAND[1]))
    peak = int(allowed[np.argmax(power[allowed])])
    near = np.zeros(power.shape[0], dtype=bool)
    for centre in (peak, 2 * peak):
        near[max(0, centre - 1) : centre + 2] = True
    share = float(power[near & counted].sum()) / total if total > 0 else 0.0
    return share, round(float(frequencies[peak]), 4)
