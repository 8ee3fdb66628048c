"""A column of time stamps: its unit, the rate it shows, the absolute start, and the holes in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import numpy as np

from crampdetect.detection.types import Array
from crampdetect.errors import RecordingError
from crampdetect.storage.readers.losses import Loss, NoLoss, StampLoss
from crampdetect.storage.readers.stamp_rates import rate_from_stamps, stamp_rounding

__all__ = ["StampColumn", "read_stamps", "stamp_unit_of_unix", "unix_start"]

#: Unix times between 2001 and 2096 in seconds; a thousand times that is milliseconds, and so on.
_UNIX_RANGE = (1e9, 4e9)
#: A given rate and the stamps agree if the usual step is this close to one sample.
_AGREEMENT = 0.05


def stamp_unit_of_unix(stamp: float) -> float | None:
    """Seconds per unit of a Unix time, by its size; None where it is no Unix time.

    Examples
    --------
    >>> stamp_unit_of_unix(1.7e12), stamp_unit_of_unix(12.5)
    (0.001, None)
    """
    for unit in (1.0, 1e-3, 1e-6, 1e-9):
        if _UNIX_RANGE[0] < stamp * unit < _UNIX_RANGE[1]:
            return unit
    return None


def unix_start(stamp: float, unit: float) -> datetime | None:
    """Aware start of a recording whose first stamp is a Unix time, else None.

    Examples
    --------
    >>> unix_start(1.5e12, 1e-3)
    datetime.datetime(2017, 7, 14, 2, 40, tzinfo=datetime.timezone.utc)
    """
    seconds = stamp * unit
    if not _UNIX_RANGE[0] < seconds < _UNIX_RANGE[1]:
        return None
    return datetime.fromtimestamp(seconds, UTC)


@dataclass(frozen=True, slots=True)
class StampColumn:
    """What the first rows of a time column show.

    Parameters
    ----------
    rate : Fraction
        In Hz.
    loss : Loss
        Finds the holes.
    first : float
        First stamp, in the column's unit.
    warnings : tuple of str
    """

    rate: Fraction
    loss: Loss
    first: float
    warnings: tuple[str, ...] = ()


def read_stamps(
    path: Path,
    column: int,
    cells: Sequence[str],
    unit: float,
    *,
    given: Fraction | None = None,
    seconds: Array | None = None,
    likely: Sequence[Fraction] = (),
) -> StampColumn:
    """Work out rate and holes from the first cells of a time column.

    Parameters
    ----------
    path : Path
    column : int
        0-based, in the file.
    cells : sequence of str
        Its first cells as printed (decimal point).
    unit : float
        Seconds per unit.
    given : Fraction or None
        The rate that a person gave: used exactly, and stamps that contradict it are not used.
    seconds : Array or None
        The stamps, if the cells are dates and not numbers.
    likely : sequence of Fraction
        Rates of the recorder: the nearest within 0.02 % is taken (clock dividers).

    Returns
    -------
    StampColumn

    Raises
    ------
    RecordingError
        The stamps do not advance, and no rate was given.
    """
    stamps = np.array([_number(cell) for cell in cells]) if seconds is None else seconds
    rounding = stamp_rounding(cells) if seconds is None else np.full(len(stamps), 0.0005)
    found = rate_from_stamps(stamps * unit, rounding * unit)
    known = stamps[np.isfinite(stamps)]
    first = float(known[0]) if known.size else float("nan")
    if found is None:
        if given is None:
            raise RecordingError(
                f"{path}: the time stamps do not advance; expected rising ones, or --rate"
            )
        return StampColumn(given, NoLoss(), first)
    if given is not None and abs(float(given / found.rate) - 1) > _AGREEMENT:
        warning = (
            f"The time stamps show {float(found.rate):.6g} Hz, not {float(given):.6g} Hz as given: "
            "the given rate is used and the stamps are not, so holes are not seen"
        )
        return StampColumn(given, NoLoss(), first, (warning,))
    rate = given or _likeliest(found.rate, likely)
    loss = StampLoss(column, rate, unit, float(np.max(rounding)) * unit, estimated=not found.exact)
    warnings = () if found.exact or given is not None else (_uneven(found.rate),)
    return StampColumn(rate, loss, first, warnings)


def _likeliest(rate: Fraction, likely: Sequence[Fraction]) -> Fraction:
    near = [one for one in likely if abs(float(rate / one) - 1) < 2e-4]
    return min(near, key=lambda one: abs(one - rate)) if near else rate


def _uneven(rate: Fraction) -> str:
    return (
        f"The time stamps are uneven (times of arrival): the rate is taken as {float(rate):.6g} Hz "
        "and holes are estimated; give the true rate with --rate"
    )


def _number(cell: str) -> float:
    try:
        return float(cell)
    except ValueError:
        return float("nan")
