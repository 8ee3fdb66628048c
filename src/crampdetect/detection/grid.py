"""The time grid: window and bin bounds as sample indices, in rational arithmetic.

Window *k* covers ``[k * WINDOW_STEP, k * WINDOW_STEP + WINDOW_LENGTH)`` seconds since the recording
began; its bounds are ``ceil(t * rate)``. Nothing is ever added up from a rounded step, so hour 8 is
as exact as the first second.
"""

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "BINS_PER_STEP",
    "BINS_PER_WINDOW",
    "BIN_LENGTH",
    "WINDOW_LENGTH",
    "WINDOW_STEP",
    "bound",
    "bounds",
    "first_at",
    "last_before",
]

#: Short against a cramp of 10 s, long enough for a steady RMS: docs/evidence.md, "Windows and
#: filters" [A].
WINDOW_LENGTH = Fraction(1)
WINDOW_STEP = Fraction(1, 2)
#: Resolution of the envelope, in seconds: fine enough for 10-Hz rhythms and onset to 50 ms [A].
BIN_LENGTH = Fraction(1, 20)
BINS_PER_STEP = int(WINDOW_STEP / BIN_LENGTH)
BINS_PER_WINDOW = int(WINDOW_LENGTH / BIN_LENGTH)


def bound(count: int, step: Fraction, rate: Fraction) -> int:
    """First sample index at or after ``count * step`` seconds.

    Examples
    --------
    >>> bound(57599, WINDOW_STEP, Fraction("1259.259"))
    36266030
    """
    product = count * step * rate
    return -(-product.numerator // product.denominator)


def bounds(first: int, count: int, step: Fraction, rate: Fraction) -> NDArray[np.int64]:
    """:func:`bound` for ``first``, ``first + 1``, ... as an array of `count` indices."""
    ratio = step * rate
    steps = np.arange(first, first + count, dtype=np.int64)
    return -(-(steps * ratio.numerator) // ratio.denominator)


def first_at(index: int, step: Fraction, rate: Fraction) -> int:
    """Smallest count whose :func:`bound` is at or after sample `index`."""
    # bound(count) >= index  <=>  count * step * rate > index - 1
    ratio = step * rate
    return max(0, ((index - 1) * ratio.denominator) // ratio.numerator + 1)


def last_before(index: int, step: Fraction, rate: Fraction) -> int:
    """Largest count whose :func:`bound` is at or before sample `index`."""
    # bound(count) <= index  <=>  count * step * rate <= index
    ratio = step * rate
    return (index * ratio.denominator) // ratio.numerator
