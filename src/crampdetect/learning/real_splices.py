"""Real stretches put into a rest: matched in gain, cross-faded, as long as is wanted."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from scipy.signal import sosfilt

from crampdetect.detection.filtering import design
from crampdetect.detection.mains import EITHER
from crampdetect.detection.types import Array, Samples, Stream

__all__ = ["Splice", "as_samples", "level_of", "looped", "spliced"]

#: Length of a cross-fade in seconds: shorter than the detector's window, longer than a click [A].
FADE_S = 0.1
#: Pieces of a loop are drawn from this much of the stretch, so that no seam has a rhythm [A].
SHORTEST_PIECE = 0.4
BLOCK_SECONDS = 60


@dataclass(frozen=True, slots=True, eq=False)
class Splice:
    """A stretch and its place.

    Parameters
    ----------
    values : Array, shape (n_samples,)
    onset_s : float
        Where its first sample goes, in seconds of the rest.
    ratio : float
        RMS of the stretch over that of the rest, both between 20 and 450 Hz without mains lines.
    """

    values: Array
    onset_s: float
    ratio: float


def level_of(values: Array, rate: Fraction) -> float:
    """RMS as the detector filters it, without the second in which the filter settles.

    Parameters
    ----------
    values : Array, shape (n_samples,)
    rate : Fraction

    Examples
    --------
    >>> tone = np.sin(2 * np.pi * 130 * np.arange(3000) / 1000)
    >>> round(level_of(tone, Fraction(1000)), 1)
    0.7
    """
    # Its beginning is heard twice, so that a short stretch is long enough.
    lead = min(values.shape[0], int(rate))
    twice = np.concatenate((values[:lead][::-1], values))
    heard = np.asarray(sosfilt(design(rate, EITHER), twice))[lead:]
    return float(np.sqrt(np.mean(heard * heard)))


def looped(values: Array, length: int, rate: Fraction, rng: np.random.Generator) -> Array:
    """A longer stretch of the same, made of pieces from random places.

    Pieces are cross-faded with equal power, so no seam shows in the envelope.

    Parameters
    ----------
    values : Array, shape (n_samples,)
    length : int
        Samples wanted; of a stretch that is longer, a random part is taken.
    rate : Fraction
    rng : numpy.random.Generator

    Raises
    ------
    ValueError
        The stretch is shorter than ten cross-fades.
    """
    fade = _fade_length(rate)
    count = values.shape[0]
    if count < 10 * fade:
        raise ValueError(f"{count / float(rate):g} s to loop; expected at least {10 * FADE_S:g} s")
    if length <= count:
        start = int(rng.integers(0, count - length + 1))
        return values[start : start + length].copy()
    out = np.zeros(length + count)
    position = 0
    while position < length:
        size = int(rng.integers(int(SHORTEST_PIECE * count), count + 1))
        start = int(rng.integers(0, count - size + 1))
        _blend(out, values[start : start + size], position, fade, keep_start=position == 0)
        position += size - fade
    return out[:length].copy()


def spliced(rest: Array, rate: Fraction, splices: Sequence[Splice]) -> Array:
    """The rest with all stretches in their places, at their levels.

    Parameters
    ----------
    rest : Array, shape (n_samples,)
    rate : Fraction
    splices : sequence of Splice

    Raises
    ------
    ValueError
        One lies outside the rest or is silent.
    """
    out = rest.copy()
    floor = level_of(rest[: 60 * int(rate)], rate)
    for one in splices:
        start = int(one.onset_s * rate)
        if start < 0 or start + one.values.shape[0] > rest.shape[0]:
            raise ValueError(
                f"a stretch of {one.values.shape[0] / float(rate):g} s at {one.onset_s:g} s; "
                f"expected it within the {rest.shape[0] / float(rate):g} s of rest"
            )
        level = level_of(one.values, rate)
        if not level > 0:
            raise ValueError("a stretch is silent; expected a signal to match in gain")
        _blend(out, one.values * (one.ratio * floor / level), start, _fade_length(rate))
    return out


def as_samples(values: Array, rate: Fraction, stream: Stream = "emg") -> Iterator[Samples]:
    """The same as Samples of 60 s, ready for a detector.

    Parameters
    ----------
    values : Array, shape (n_samples,) or (n_samples, n_channels)
    rate : Fraction
    stream : {"emg", "acc"}
    """
    table = values[:, np.newaxis] if values.ndim == 1 else values
    size = int(BLOCK_SECONDS * rate)
    for start in range(0, table.shape[0], size):
        yield Samples(stream, start, np.ascontiguousarray(table[start : start + size]))


def _fade_length(rate: Fraction) -> int:
    return max(1, int(FADE_S * float(rate)))


def _blend(out: Array, piece: Array, start: int, fade: int, keep_start: bool = False) -> None:
    """Write `piece` over `out`, cross-faded with equal power at both ends."""
    rising = np.sin(np.pi / 2 * (np.arange(fade) + 0.5) / fade)
    share = np.ones(piece.shape[0])
    if not keep_start:
        share[:fade] = rising
    share[-fade:] = np.minimum(share[-fade:], rising[::-1])
    stop = start + piece.shape[0]
    out[start:stop] *= np.sqrt(1.0 - share * share)
    out[start:stop] += share * piece
