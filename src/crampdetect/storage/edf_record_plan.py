"""Which record duration states the rates of all streams in whole samples per EDF data record."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil, gcd, lcm

import numpy as np

from crampdetect.errors import RecordingError
from crampdetect.storage.edf_marks import LARGEST_RATE_ERROR

__all__ = ["RecordPlan", "plan_records"]

#: The standard recommends that a data record does not exceed this (Kemp et al. 1992) ...
RECOMMENDED_BYTES = 61_440
#: ... and EDFlib, which most programs read with, refuses more than 10 MiB.
LARGEST_BYTES = 10 * 1024 * 1024
#: Records of about a second: a viewer's page, and a round number for most rates.
USUAL_DURATION = Fraction(1)
#: An exact record up to this long is taken without a look at shorter ones that are nearly exact.
LONGEST_EXACT_S = 60
#: A record that is nearly exact has to be this many times shorter to be preferred.
WORTH = 4
FIELD_CHARACTERS = 8
_SEARCHED_AT_ONCE = 100_000


@dataclass(frozen=True, slots=True)
class RecordPlan:
    """Duration of a data record in seconds, exactly as its header `text`, and samples in it."""

    duration: Fraction
    text: str
    counts: tuple[int, ...]


def plan_records(rates: Sequence[Fraction], bytes_per_row: Sequence[int]) -> RecordPlan:
    """Choose the duration of a data record.

    Exact where a short record allows it; else the shortest record whose stated rates are off by
    at most 1e-8 (1259.259 Hz would need 1000 s to be exact, and 1.1 s serve).

    Parameters
    ----------
    rates : sequence of Fraction
        In Hz, one for each stream.
    bytes_per_row : sequence of int
        Bytes that one sample of all channels of each stream takes.

    Returns
    -------
    RecordPlan

    Raises
    ------
    RecordingError
        No record of at most 10 MiB serves all rates.

    Examples
    --------
    >>> plan_records([Fraction(1000), Fraction(100)], [2, 6])
    RecordPlan(duration=Fraction(1, 1), text='1', counts=(1000, 100))
    >>> plan_records([Fraction(34000, 27), Fraction(4000, 27)], [2, 6]).text
    '1.0125'
    """
    per_second = sum(
        (rate * width for rate, width in zip(rates, bytes_per_row, strict=True)), Fraction(0)
    )
    for limit in (RECOMMENDED_BYTES, LARGEST_BYTES):
        longest = limit / per_second
        exact = _exact(rates, longest)
        if exact is not None and exact.duration <= LONGEST_EXACT_S:
            return exact
        near = _nearly_exact(rates, longest)
        if exact is not None and (near is None or near.duration * WORTH > exact.duration):
            return exact
        if near is not None:
            return near
    asked = " and ".join(f"{float(rate):.10g} Hz" for rate in rates)
    raise RecordingError(
        f"No EDF data record states {asked} together; expected rates that fit a record of at most "
        f"{LARGEST_BYTES} bytes within {float(LARGEST_RATE_ERROR):g}"
    )


def _exact(rates: Sequence[Fraction], longest: Fraction) -> RecordPlan | None:
    """Smallest usual multiple of the common period that is a decimal of eight characters."""
    period = Fraction(
        lcm(*(rate.denominator for rate in rates)), gcd(*(rate.numerator for rate in rates))
    )
    # A decimal has no other prime factors than 2 and 5 in its denominator.
    odd = period.denominator
    for factor in (2, 5):
        while odd % factor == 0:
            odd //= factor
    period *= odd
    if period > longest:
        return None
    multiple = ceil(USUAL_DURATION / period)
    if multiple * period > longest:
        multiple = int(longest / period)
    # Some multiples have too many digits; the powers of ten within this range do not.
    for candidate in (*range(multiple, multiple + 1000), *(10**power for power in range(9))):
        text = _decimal_text(candidate * period)
        if text is not None and candidate * period <= longest:
            return _plan(rates, text)
    return None


def _nearly_exact(rates: Sequence[Fraction], longest: Fraction) -> RecordPlan | None:
    """Search the number of samples of the fastest stream upwards from the usual duration."""
    fastest = float(max(rates))
    floats = np.array([float(rate) for rate in rates])
    first = max(ceil(min(float(USUAL_DURATION), float(longest) / 2) * fastest), 1)
    last = int(min(float(longest), 9999.0) * fastest)
    for begin in range(first, last + 1, _SEARCHED_AT_ONCE):
        counts = np.arange(begin, min(begin + _SEARCHED_AT_ONCE, last + 1))
        durations = counts / fastest
        # As many decimals as eight characters hold.
        digits = np.maximum(np.floor(np.log10(np.maximum(durations, 1.0))), 0) + 1
        steps = 10.0 ** (FIELD_CHARACTERS - 1 - digits)
        durations = np.round(durations * steps) / steps
        products = durations[:, np.newaxis] * floats
        errors = np.abs(np.round(products) / np.maximum(products, 1e-300) - 1).max(axis=1)
        for found in np.flatnonzero(errors <= 2 * float(LARGEST_RATE_ERROR)).tolist():
            text = _decimal_text(Fraction(str(float(durations[found]))))
            plan = None if text is None else _plan(rates, text)
            if plan is not None:
                return plan
    return None


def _plan(rates: Sequence[Fraction], text: str) -> RecordPlan | None:
    """The plan for a duration, judged in exact arithmetic."""
    duration = Fraction(text)
    counts = tuple(round(rate * duration) for rate in rates)
    if duration <= 0 or min(counts) < 1:
        return None
    errors = (abs(count / (duration * rate) - 1) for count, rate in zip(counts, rates, strict=True))
    return RecordPlan(duration, text, counts) if max(errors) < LARGEST_RATE_ERROR else None


def _decimal_text(value: Fraction) -> str | None:
    """Decimal text of at most eight characters, or None where there is none."""
    number = Decimal(value.numerator) / Decimal(value.denominator)
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    if len(text) > FIELD_CHARACTERS or Fraction(text) != value:
        return None
    return text
