"""Sampling frequencies out of time stamps: exact where the stamps are a clock's, else nominal."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction

import numpy as np

from crampdetect.detection.types import Array
from crampdetect.storage.readers.rates import HIGHEST_RATE, TRIGNO_FRAME, simplest_between

__all__ = ["StampRate", "rate_from_stamps", "stamp_rounding"]

#: Nominal rates of the recorders read here, in Hz; stamps of arrival cannot tell finer.
USUAL_RATES: tuple[Fraction, ...] = (
    *map(Fraction, (10, 20, 25, 50, 100, 125, 128, 200, 250, 256, 400, 500, 512, 800, 1000, 1024)),
    *map(Fraction, (1200, 1600, 2000, 2048, 2400, 4000, 4096, 5000, 10000)),
)
#: Rates of Delsys sensors: samples in a frame of 13.5 ms.
TRIGNO_RATES: tuple[Fraction, ...] = tuple(n / TRIGNO_FRAME for n in (1, 2, 15, 17, 26, 29, 30))
#: A step of arrival times that is longer than this (s) is a hole and says nothing about the rate.
LONG_HOLE_SECONDS = 1.0
#: A fraction with a larger denominator is an accident of the rounding, not a clock divider.
MAX_DENOMINATOR = 1000


@dataclass(frozen=True, slots=True)
class StampRate:
    """What time stamps say about a rate.

    Parameters
    ----------
    rate : Fraction
        In Hz.
    exact : bool
        Every stamp lies where this rate puts it, within its rounding: a device's clock or a
        computed column. False: stamps of arrival, good for the rate within about 1 %.
    """

    rate: Fraction
    exact: bool


def stamp_rounding(cells: Sequence[str]) -> Array:
    """Half a unit of the last printed digit of each time stamp.

    Programs print either a fixed number of decimals or a fixed number of digits; the coarser of
    both readings is taken for every stamp.

    Parameters
    ----------
    cells : sequence of str
        Decimal point, not comma.

    Returns
    -------
    Array, shape (n_cells,)

    Examples
    --------
    >>> stamp_rounding(["0.000", "0.001"])
    array([0.0005, 0.0005])
    """
    decimals, digits = 0, 1
    magnitudes = np.zeros(len(cells))
    for i, cell in enumerate(cells):
        try:
            number = Decimal(cell.strip())
        except InvalidOperation:
            continue
        _, figures, exponent = number.as_tuple()
        if isinstance(exponent, int) and number and -300 < number.adjusted() < 300:
            decimals = max(decimals, -exponent)
            digits = max(digits, len(figures))
            magnitudes[i] = 10.0 ** number.adjusted()
    fixed = 0.5 * 10.0 ** -min(decimals, 300)
    rounding: Array = np.maximum(fixed, 0.5 * magnitudes * 10.0 ** (1.0 - digits))
    return rounding


def rate_from_stamps(stamps: Array, rounding: Array) -> StampRate | None:
    """Rate that explains time stamps best, from their longest run without a hole.

    Where the rounding leaves several rates, a usual one of recorders is taken, else the roundest
    whole number, else the simplest fraction.

    Parameters
    ----------
    stamps : Array, shape (n_stamps,)
        In seconds.
    rounding : Array, shape (n_stamps,)
        Largest error of each stamp, in seconds.

    Returns
    -------
    StampRate or None
        None where the stamps do not advance.

    Examples
    --------
    >>> rate_from_stamps(np.round(np.arange(50) / 1250, 4), np.full(50, 5e-5))
    StampRate(rate=Fraction(1250, 1), exact=True)
    """
    finite = np.isfinite(stamps)
    stamps, rounding = stamps[finite], rounding[finite]
    steps = np.diff(stamps)
    if not np.any(steps > 0):
        return None
    # Binary numbers cannot hold every printed digit of a Unix time (2e-7 s of 1.7e9 s).
    rounding = rounding + 4 * np.finfo(np.float64).eps * np.abs(stamps)
    usual = float(np.median(steps))
    if usual <= 0:  # coarse stamps repeat
        usual = float(np.mean(steps[steps > 0]))
    run = _longest_run(np.abs(steps) > 1.5 * usual + 2 * rounding[1:] + 2 * rounding[:-1])
    exact = _exact_rate(stamps[run], rounding[run])
    if exact is not None:
        return StampRate(exact, exact=True)
    # Arrivals come in bursts: only their mean over everything but long holes tells.
    short = steps[np.abs(steps) < max(LONG_HOLE_SECONDS, 20 * usual)]
    if short.shape[0] == 0:  # nothing but holes, or stamps that are no times
        return None
    period = float(np.mean(short))
    if not 1 / float(HIGHEST_RATE) <= period < 1e9:
        return None
    return StampRate(_sensible(1 / period), exact=False)


def _longest_run(holes: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> slice:
    """Stamps between two holes, where most of them follow one another."""
    edges = np.concatenate(([-1], np.flatnonzero(holes), [len(holes)]))
    longest = int(np.argmax(np.diff(edges)))
    return slice(int(edges[longest]) + 1, int(edges[longest + 1]) + 1)


def _exact_rate(stamps: Array, rounding: Array) -> Fraction | None:
    """A rate within the bounds that every stamp gives, relative to the first."""
    span = stamps[1:] - stamps[0]
    error = rounding[1:] + rounding[0]
    known = span > error
    if not np.any(known):
        return None
    count = np.arange(1, len(stamps))[known]
    low = float(np.max(count / (span + error)[known]))
    high = float(np.min(count / (span - error)[known]))
    if not 0 < low <= high <= float(HIGHEST_RATE):
        return None
    middle = (low + high) / 2
    usual = [rate for rate in USUAL_RATES if low <= rate <= high]
    if usual:
        return min(usual, key=lambda rate: abs(float(rate) - middle))
    round_ones = [Fraction(round(middle / step) * step) for step in (1000, 100, 50, 10)]
    trigno = sorted(TRIGNO_RATES, key=lambda rate: abs(float(rate) - middle))
    for rate in (*round_ones, *trigno, Fraction(round(middle))):
        if rate and low <= rate <= high:
            return rate
    rate = simplest_between(Fraction(low), Fraction(high))
    return rate if rate.denominator <= MAX_DENOMINATOR else None


def _sensible(rate: float) -> Fraction:
    """The usual rate of a recorder within 1 %, else whole hertz, else a short fraction."""
    nearest = min(USUAL_RATES + TRIGNO_RATES, key=lambda usual: abs(float(usual) - rate))
    if abs(float(nearest) - rate) / rate < 0.01:
        return nearest
    if rate >= 50:
        return Fraction(round(rate))
    return Fraction(rate).limit_denominator(MAX_DENOMINATOR)
