"""How an uncertain number of the table is drawn anew; the ranges are in `stress_nights` and
`stress_cramps`."""

from dataclasses import dataclass
from typing import Literal

__all__ = ["Stress"]

Way = Literal["between", "log", "factor", "median", "ends", "shares"]


@dataclass(frozen=True, slots=True)
class Stress:
    """How a number of the table is drawn anew.

    Parameters
    ----------
    way : str
        ``"between"`` and ``"log"``: the number, uniformly or in the logarithm; ``"factor"``: the
        number or both ends of its range times one factor, drawn in the logarithm; ``"median"``:
        the median of a lognormal in the logarithm, its sigma times 0.8 to 1.25; ``"ends"``: both
        ends of a range, uniformly; ``"shares"``: each share times a factor of its own, then made
        to add up to 1.
    low, high : float
        In the field's unit, or of the factor.

    Examples
    --------
    >>> str(Stress("median", 30.0, 180.0)), str(Stress("factor", 0.5, 2.0))
    ('median 30 to 180', 'x 0.5 to 2')
    """

    way: Way
    low: float
    high: float

    def __str__(self) -> str:
        words = {"median": "median ", "ends": "ends ", "factor": "x ", "shares": "each x "}
        return f"{words.get(self.way, '')}{self.low:g} to {self.high:g}"
