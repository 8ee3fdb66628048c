"""The digital grid on which a channel is written: the source's own where it has one."""

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from math import ceil

import numpy as np
from numpy.typing import NDArray

from crampdetect.detection.types import Array
from crampdetect.errors import RecordingError

__all__ = ["Grid", "Need", "make_grid"]

FIELD_CHARACTERS = 8
#: Headroom beyond the data where the source names no rails, so that no peak looks clipped.
HEADROOM = 0.1


@dataclass(frozen=True, slots=True)
class Need:
    """What a channel asks of its grid, in its physical unit.

    `low` and `high` bound its samples; `rails` is the range to be kept, if any (not to be widened
    where it is `fixed`); `resolution` is one step of the source where `stated`, else a step that
    its finest detail needs.
    """

    name: str
    low: float
    high: float
    rails: tuple[float, float] | None
    resolution: float | None
    stated: bool
    fixed: bool = False

    @property
    def span(self) -> tuple[float, float]:
        """Physical range to be written: the rails, widened where samples lie beyond them."""
        if self.rails is None:
            low, high = min(self.low, 0.0), max(self.high, 0.0)
            margin = HEADROOM * (high - low) or 1.0
            return low - margin, high + margin
        low, high = self.rails
        if self.fixed:
            return low, high
        # By whole steps, so that the source's own steps remain.
        step = self.resolution if self.stated and self.resolution else abs(high - low) / 65535
        below, above = ceil((low - self.low) / step - 0.5), ceil((self.high - high) / step - 0.5)
        return low - max(below, 0) * step, high + max(above, 0) * step

    @property
    def steps(self) -> float:
        """Number of steps over the range; 65535 are what 16 bits have."""
        low, high = self.span
        return (high - low) / self.resolution if self.resolution else 0.0


@dataclass(frozen=True, slots=True)
class Grid:
    """Physical and digital ends of a channel, the physical ones exactly as the header's text."""

    physical_text: tuple[str, str]
    digital: tuple[int, int]

    @property
    def gain(self) -> float:
        """One step in the physical unit."""
        low, high = (Fraction(text) for text in self.physical_text)
        return float((high - low) / (self.digital[1] - self.digital[0]))

    @property
    def fill(self) -> int:
        """Digital value for samples that do not exist: zero, or the nearest end."""
        return int(self.quantise(np.zeros(1))[0])

    def holds(self, low: float, high: float) -> bool:
        """Whether values from `low` to `high` fit without being clipped."""
        first, last = (float(Fraction(text)) for text in self.physical_text)
        half = self.gain / 2 * (1 + 1e-9)
        return first - half <= low and high <= last + half

    def quantise(self, values: Array) -> NDArray[np.int32]:
        """Nearest digital values."""
        low = float(Fraction(self.physical_text[0]))
        digital = np.rint((values - low) / self.gain) + self.digital[0]
        first, last = self.digital
        inside: NDArray[np.int32] = np.clip(digital, first, last).astype(np.int32)
        return inside


def make_grid(need: Need, sample_bytes: int) -> Grid:
    """Choose the grid of a channel.

    Parameters
    ----------
    need : Need
    sample_bytes : int
        2 (EDF) or 3 (BDF).

    Returns
    -------
    Grid
        The source's own steps where it states them and they fit, else all steps that there are.

    Raises
    ------
    RecordingError
        A range that eight characters of the header cannot state.

    Examples
    --------
    >>> make_grid(Need("EMG", -90.0, 80.0, (-3276.8, 3276.7), 0.1, True), 2)
    Grid(physical_text=('-3276.8', '3276.7'), digital=(-32768, 32767))
    """
    half = 1 << (8 * sample_bytes - 1)
    low, high = need.span
    texts = _field(low, ROUND_HALF_EVEN), _field(high, ROUND_HALF_EVEN)
    steps = round(need.steps)
    if need.stated and need.resolution and 1 <= steps < 2 * half and None not in texts:
        first = round(low / need.resolution)
        if not -half <= first <= half - 1 - steps:
            first = -half if steps > half else -((steps + 1) // 2)
        grid = Grid((str(texts[0]), str(texts[1])), (first, first + steps))
        # Lossless only where the rounding of the two texts stays far below one step.
        drift = abs(Fraction(grid.physical_text[0]) - Fraction(low)) + abs(
            Fraction(grid.physical_text[1]) - Fraction(high)
        )
        if drift < Fraction(need.resolution) / 8:
            return grid
    outer = _field(low, ROUND_FLOOR), _field(high, ROUND_CEILING)
    if None in outer or outer[0] == outer[1]:
        raise RecordingError(
            f"The range of channel {need.name!r} ({low:g} to {high:g}) cannot be written as EDF; "
            f"expected two numbers of at most {FIELD_CHARACTERS} characters"
        )
    return Grid((str(outer[0]), str(outer[1])), (-half, half - 1))


def _field(value: float, rounding: str) -> str | None:
    """Decimal text of at most eight characters, as exact as they allow."""
    number = Decimal(repr(float(value)))
    for decimals in range(FIELD_CHARACTERS - 2, -1, -1):
        if number.adjusted() > 2 * FIELD_CHARACTERS:
            return None
        rounded = number.quantize(Decimal(1).scaleb(-decimals), rounding=rounding)
        text = f"{rounded:f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
        text = "0" if text in ("-0", "") else text
        if len(text) <= FIELD_CHARACTERS:
            return text
    return None
