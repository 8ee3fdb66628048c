"""The EMG filter: 20-450 Hz (or what the rate allows) and notches on the mains lines."""

from fractions import Fraction

import numpy as np
from scipy.signal import butter, iirnotch, sosfilt, sosfilt_zi, tf2sos

from crampdetect.detection.flow import Filtered
from crampdetect.detection.mains import (
    EVIDENCE_SECONDS,
    MainsEvidence,
    line_frequencies,
    usable_band,
)
from crampdetect.detection.stage import Stage
from crampdetect.detection.types import Array, Gap, Samples

__all__ = ["EmgFilter", "design"]

#: Quality factors of the notches: 1.7 Hz wide at 50 Hz takes 18 dB of hum that is 0.1 Hz off;
#: harmonics are weaker, and narrower notches leave more of the muscle [A].
FUNDAMENTAL_QUALITY = 30.0
HARMONIC_QUALITY = 50.0
#: Lines up to here (Hz, the fifth harmonic) are notched twice: hum that is 0.1 Hz off its nominal
#: frequency keeps 12 % of its amplitude behind one notch (50 uV of a heated blanket become up to
#: 6 uV that come and go with the grid, over a rest of 1 uV) and 1.5 % behind two [A].
STRONGEST_LINES = 300.0
#: Order of the Butterworth band-pass on each side; 24 dB/octave below 20 Hz keeps motion artefact
#: out (De Luca 2010 recommends at least 12).
BAND_ORDER = 4


def design(rate: Fraction, mains: int) -> Array:
    """Second-order sections of the band-pass and the notches, shape ``(n_sections, 6)``."""
    frequency = float(rate)
    low, high = usable_band(rate)
    sections = [butter(BAND_ORDER, (low, high), "bandpass", fs=frequency, output="sos")]
    for line in line_frequencies(mains, rate):
        quality = FUNDAMENTAL_QUALITY if line in (50.0, 60.0) else HARMONIC_QUALITY
        times = 2 if line <= STRONGEST_LINES else 1
        sections += [tf2sos(*iirnotch(line, quality, fs=frequency))] * times
    return np.ascontiguousarray(np.vstack(sections))


class EmgFilter(Stage[Samples | Gap, Filtered | Gap]):
    """Filter one EMG channel; a gap is a fresh start.

    The mains frequency is the caller's, or decided from the first 60 s of signal, which are held
    back until then (the baseline is not learnt yet, so nothing waits for them). It is decided
    again, from 60 s of signal, only after a gap; a gap within the 60 s does not start them anew.

    Parameters
    ----------
    rate : Fraction
        Nominal sampling frequency in Hz.
    column : int
        Channel of the incoming Samples.
    mains : 50, 60 or None
    """

    def __init__(self, rate: Fraction, column: int = 0, mains: int | None = None) -> None:
        if mains not in (None, 50, 60):
            raise ValueError(f"mains is {mains}; expected 50, 60 or None")
        self._rate, self._column = rate, column
        self._fixed = mains is not None
        self._mains = mains
        self._sos: Array | None = None if mains is None else design(rate, mains)
        self._state: Array | None = None
        self._fresh_at = 0
        self._held: list[Array] = []
        self._held_start = 0
        self._restart_evidence()

    def push(self, item: Samples | Gap) -> list[Filtered | Gap]:
        """Filtered runs in order; the first 60 s come out together once the mains is known."""
        if isinstance(item, Gap):
            released = self._release()
            self._state = None
            if self._evidence is not None:
                self._piece.clear()  # a piece never spans a gap
                self._piece_have = 0
            elif not self._fixed:
                self._restart_evidence()
            return [*released, item]
        out: list[Filtered | Gap] = []
        values = item.values[:, self._column].copy()
        start = item.start
        while values.shape[0]:
            count = self._gather(values)
            out += self._take(start, values[:count])
            if self._evidence is not None and self._pieces_left == 0:
                out += self._decide()
            values, start = values[count:], start + count
        return out

    def flush(self) -> list[Filtered | Gap]:
        """What was held back because the recording is shorter than 60 s."""
        return self._release()

    def _restart_evidence(self) -> None:
        self._evidence = None if self._fixed else MainsEvidence(self._rate)
        self._pieces_left = EVIDENCE_SECONDS
        self._piece: list[Array] = []
        self._piece_have = 0

    def _gather(self, values: Array) -> int:
        """Take samples into the current piece of evidence; return how many may be filtered."""
        if self._evidence is None:
            return int(values.shape[0])
        count = min(int(values.shape[0]), self._evidence.piece_length - self._piece_have)
        self._piece.append(values[:count].copy())
        self._piece_have += count
        if self._piece_have == self._evidence.piece_length:
            self._evidence.add(np.concatenate(self._piece))
            self._piece, self._piece_have = [], 0
            self._pieces_left -= 1
        return count

    def _take(self, start: int, values: Array) -> list[Filtered | Gap]:
        if self._sos is None:
            if not self._held:
                self._held_start = start
            self._held.append(values.copy())
            return []
        return [self._filter(start, values)]

    def _decide(self) -> list[Filtered | Gap]:
        """The evidence is complete: choose, and let go what was held."""
        if self._evidence is None:
            return []
        decided = self._evidence.decide()
        self._evidence = None
        if decided != self._mains:
            self._mains = decided
            self._sos = design(self._rate, decided)
            self._state = None
        return self._release()

    def _release(self) -> list[Filtered | Gap]:
        if not self._held:
            return []
        if self._sos is None and self._evidence is not None:
            self._mains = self._evidence.decide()
            self._sos = design(self._rate, self._mains)
        values = np.concatenate(self._held)
        self._held = []
        return [self._filter(self._held_start, values)]

    def _filter(self, start: int, values: Array) -> Filtered:
        if self._sos is None or self._mains is None:
            raise RuntimeError("filter used before the mains frequency was decided")
        if self._state is None:
            self._state = sosfilt_zi(self._sos) * values[0]
            self._fresh_at = start
        filtered, self._state = sosfilt(self._sos, values, zi=self._state)
        return Filtered(start, values, filtered, self._mains, self._fresh_at)
