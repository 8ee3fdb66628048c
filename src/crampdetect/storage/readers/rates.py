"""Sampling frequencies as exact fractions: as headers print them."""

import math
from decimal import Decimal, InvalidOperation
from fractions import Fraction

__all__ = [
    "HIGHEST_RATE",
    "rate_from_text",
    "simplest_between",
    "trigno_rate",
]

#: Above this a "rate" is a damaged header: surface EMG ends at 500 Hz, sound cards at 192 kHz.
HIGHEST_RATE = Fraction(1_000_000)
#: Delsys Trigno sensors send one frame every 13.5 ms; every rate is a whole number of samples a
#: frame (Trigno SDK user guide: 1259.259, 1925.926, 2148.148, 148.148, 74.074, 2222.222 Hz).
TRIGNO_FRAME = Fraction(135, 10_000)
#: Printed Trigno rates are cut or rounded to whole hertz; half a hertz of 74 Hz is 0.7 %.
TRIGNO_TOLERANCE = Fraction(1)


def simplest_between(low: Fraction, high: Fraction) -> Fraction:
    """Fraction with the smallest denominator in [low, high], 0 < low <= high (Stern-Brocot).

    Examples
    --------
    >>> simplest_between(Fraction("1259.2592"), Fraction("1259.2594"))
    Fraction(34000, 27)
    """
    whole: list[int] = []
    while True:
        floor = math.floor(low)
        if floor == low or floor < math.floor(high):
            whole.append(floor if floor == low else floor + 1)
            break
        whole.append(floor)
        low, high = 1 / (high - floor), 1 / (low - floor)
    result = Fraction(whole.pop())
    while whole:
        result = whole.pop() + 1 / result
    return result


def rate_from_text(text: str) -> Fraction | None:
    """Rate as printed in a header, as the simplest fraction that prints like this.

    Parameters
    ----------
    text : str
        Hz, e.g. ``"1000"``, ``"1.259259e+003"``, ``"148.1481"``; a decimal comma is fine.

    Returns
    -------
    Fraction or None
        None for anything that is no rate in (0, 1 MHz].

    Notes
    -----
    With three or more decimals a denominator up to 64 is taken for the truth behind the rounding;
    a rate printed with fewer decimals is taken as it stands.

    Examples
    --------
    >>> rate_from_text("1925.9259"), rate_from_text("999.98"), rate_from_text("-1")
    (Fraction(52000, 27), Fraction(49999, 50), None)
    """
    try:
        number = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        return None
    # The exponent is looked at before a Fraction is made: 1e999999999 would be a huge integer.
    if not number.is_finite() or number <= 0 or not -30 < number.adjusted() < 7:
        return None
    exact = Fraction(number)
    if exact > HIGHEST_RATE:
        return None
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and exponent <= -3:
        half = Fraction(1, 2) * Fraction(10) ** max(exponent, -30)
        simple = simplest_between(max(exact - half, half), exact + half)
        if simple.denominator <= 64:
            return simple
    return exact


def trigno_rate(rate: Fraction) -> Fraction:
    """Exact rate of a Delsys Trigno channel behind a rounded one.

    Examples
    --------
    >>> trigno_rate(Fraction(1259)), trigno_rate(Fraction("2222.2222")), trigno_rate(Fraction(1000))
    (Fraction(34000, 27), Fraction(20000, 9), Fraction(1000, 1))
    """
    exact = max(round(rate * TRIGNO_FRAME), 1) / TRIGNO_FRAME
    return exact if abs(exact - rate) < TRIGNO_TOLERANCE else rate
