"""Mains hum: which frequency it has, and where its harmonics stand at a given rate."""

from fractions import Fraction

import numpy as np

from crampdetect.detection.types import Array

__all__ = ["EITHER", "EVIDENCE_SECONDS", "MainsEvidence", "line_frequencies", "usable_band"]

#: Signal that the choice between 50 and 60 Hz rests on: a fixed index, so that every cut of the
#: stream decides alike [A].
EVIDENCE_SECONDS = 60
#: Harmonics that are followed when they lie above the Nyquist frequency and fold back; mains hum
#: on a calf was seen with three to five strong ones [A].
FOLDED_HARMONICS = 5
#: No hum was seen: the lines of both mains frequencies are removed, for hum may come later in the
#: night (a heated blanket) and nothing told which it would be.
EITHER = 0
#: Power of the lines over that of twice as many bins beside them from which hum is seen; without
#: hum it is 0.5, and 60 averaged pieces scatter it by a few per cent [A].
PROMINENT = 1.0
#: Conventional band of surface EMG in Hz (SENIAM; De Luca 2010 for the 20-Hz corner).
LOWEST_FREQUENCY = 20.0
HIGHEST_FREQUENCY = 450.0
#: Share of the sampling frequency that a low-pass edge may use.
USABLE_SHARE = 0.45


def usable_band(rate: Fraction) -> tuple[float, float]:
    """Band in Hz that EMG at `rate` can show: 20 to 450 Hz, or 0.45 of the rate.

    Examples
    --------
    >>> usable_band(Fraction(1000)), usable_band(Fraction(200))
    ((20.0, 450.0), (20.0, 90.0))
    """
    return LOWEST_FREQUENCY, min(HIGHEST_FREQUENCY, USABLE_SHARE * float(rate))


def line_frequencies(mains: int, rate: Fraction) -> tuple[float, ...]:
    """Frequencies in Hz, ascending, at which hum of `mains` Hz shows within the usable band.

    Harmonics above the Nyquist frequency are listed where they fold to; `mains` may be ``EITHER``.

    Examples
    --------
    >>> line_frequencies(60, Fraction(200))
    (20.0, 40.0, 60.0, 80.0)
    """
    if mains == EITHER:
        both = {*line_frequencies(50, rate), *line_frequencies(60, rate)}
        return tuple(sorted(both))
    low, high = usable_band(rate)
    found: set[Fraction] = set()
    harmonic = 1
    while harmonic <= FOLDED_HARMONICS or harmonic * mains <= high:
        frequency = Fraction(harmonic * mains)
        folded = abs(frequency - round(frequency / rate) * rate)
        if low <= folded <= high:
            found.add(folded)
        harmonic += 1
    return tuple(float(frequency) for frequency in sorted(found))


class MainsEvidence:
    """Averaged spectrum of 1-s pieces, and the more likely of 50 and 60 Hz.

    One piece is added after the other, so the sum does not depend on how the stream was cut.
    """

    def __init__(self, rate: Fraction) -> None:
        self._length = max(1, int(rate))
        self._frequencies = np.fft.rfftfreq(self._length, 1.0 / self._length) * float(
            rate / self._length
        )
        self._taper = np.hanning(self._length)
        self._power: Array = np.zeros(self._frequencies.shape[0])
        self._lines = {mains: self._bins(line_frequencies(mains, rate)) for mains in (50, 60)}

    @property
    def piece_length(self) -> int:
        """Samples of one piece."""
        return self._length

    def add(self, piece: Array) -> None:
        """Add one piece, shape ``(piece_length,)``."""
        spectrum = np.fft.rfft((piece - piece.mean()) * self._taper)
        self._power += spectrum.real**2 + spectrum.imag**2

    def decide(self) -> int:
        """50 or 60 Hz, whichever stands clearly above its neighbours, else ``EITHER``."""
        prominence = {mains: self._prominence(mains) for mains in (50, 60)}
        best = max((50, 60), key=lambda mains: prominence[mains])
        return best if prominence[best] >= PROMINENT else EITHER

    def _bins(self, frequencies: tuple[float, ...]) -> list[int]:
        return [int(np.argmin(np.abs(self._frequencies - value))) for value in frequencies]

    def _prominence(self, mains: int) -> float:
        """Power of the lines of `mains` over the power 4 to 6 Hz beside them."""
        line = beside = 0.0
        last = self._power.shape[0]
        for centre in self._lines[mains]:
            line += float(self._power[max(0, centre - 1) : centre + 2].sum())
            for low, high in ((centre - 6, centre - 3), (centre + 4, centre + 7)):
                beside += float(self._power[max(0, low) : max(0, min(high, last))].sum())
        return line / beside if beside > 0 else 0.0
