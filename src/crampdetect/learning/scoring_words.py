"""Numbers of a report as words, and plain columns. Pure."""

from collections.abc import Sequence

from crampdetect.learning.scoring_intervals import Rate, Share
from crampdetect.learning.scoring_timing import ErrorSpread

__all__ = [
    "LENGTHS_ONLY",
    "NONE",
    "columns",
    "counted",
    "figure",
    "rate_words",
    "share_words",
    "spread_words",
]

#: What stands where there is no figure.
NONE = "-"
#: What the share of valid time cannot show.
LENGTHS_ONLY = "lengths only: time wrongly called valid would hide time wrongly called invalid"


def figure(value: float | None, places: int = 2, *, signed: bool = False) -> str:
    """A number with `places` decimals.

    Examples
    --------
    >>> figure(0.5), figure(None), figure(0.5, 1, signed=True)
    ('0.50', '-', '+0.5')
    """
    if value is None:
        return NONE
    return f"{value:+.{places}f}" if signed else f"{value:.{places}f}"


def counted(count: int, noun: str) -> str:
    """A count with its noun.

    Examples
    --------
    >>> counted(1, "night"), counted(2, "night")
    ('1 night', '2 nights')
    """
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def share_words(share: Share) -> str:
    """Value, counts and intervals of a share.

    Examples
    --------
    >>> share_words(Share.counted(27, 30))
    '0.900 (27/30, 0.735-0.979)'
    """
    if share.value is None:
        return f"{NONE} (0/0)"
    patients = ""
    if share.bootstrap_low is not None and share.bootstrap_high is not None:
        patients = f"; {share.bootstrap_low:.3f}-{share.bootstrap_high:.3f}"
    counts = f"{share.count}/{share.of}, {share.low:.3f}-{share.high:.3f}"
    return f"{share.value:.3f} ({counts}{patients})"


def rate_words(rate: Rate) -> str:
    """Value, count and interval of a rate.

    Examples
    --------
    >>> rate_words(Rate.counted(2, 100.0))
    '0.020 (2, 0.002-0.072)'
    """
    if rate.value is None or rate.low is None or rate.high is None:
        return f"{NONE} ({rate.count})"
    return f"{rate.value:.3f} ({rate.count}, {rate.low:.3f}-{rate.high:.3f})"


def spread_words(spread: ErrorSpread) -> str:
    """Median (signed), and median and 90th percentile of the size.

    Examples
    --------
    >>> spread_words(ErrorSpread(3, -0.5, 0.5, 2.0))
    '-0.5, size 0.5, P90 2.0'
    """
    return (
        f"{figure(spread.median, 1, signed=True)}, size {figure(spread.absolute_median, 1)}, "
        f"P90 {figure(spread.absolute_p90, 1)}"
    )


def columns(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Lines of a plain table, flush left.

    Examples
    --------
    >>> columns(("night", "cramps"), [("2026-03-13", "2")])
    ['night       cramps', '2026-03-13  2']
    """
    table = [head, *rows]
    widths = [max(len(row[place]) for row in table) for place in range(len(head))]
    return [
        "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()
        for row in table
    ]
