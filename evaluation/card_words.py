"""Numbers of an evaluation as the card says them, and its tables."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from crampdetect.learning.scoring_intervals import Share

__all__ = [
    "NONE", "Json", "number", "percent", "pooled", "pooled_strata", "rate", "share", "source",
    "spread", "table",
]  # fmt: skip

#: An object of a JSON document.
Json = Mapping[str, Any]
#: What stands where there is no figure.
NONE = "–"


def number(value: float | None, places: int = 2) -> str:
    """A number with `places` decimals.

    Examples
    --------
    >>> number(0.5), number(None)
    ('0.50', '–')
    """
    return NONE if value is None else f"{value:.{places}f}"


def percent(value: float | None) -> str:
    """A share in per cent.

    Examples
    --------
    >>> percent(0.9504)
    '95.0 %'
    """
    return NONE if value is None else f"{value * 100:.1f} %"


def share(one: Json) -> str:
    """A share with its counts and exact 95 % interval.

    Examples
    --------
    >>> share({"count": 1, "of": 2, "value": 0.5, "low": 0.01, "high": 0.99})
    '50.0 % (1 of 2; 1.0–99.0)'
    """
    if one["value"] is None:
        return f"{NONE} (0 of 0)"
    interval = f"{one['low'] * 100:.1f}–{one['high'] * 100:.1f}"
    return f"{percent(one['value'])} ({one['count']} of {one['of']}; {interval})"


def rate(one: Json) -> str:
    """A rate with its count and exact 95 % interval.

    Examples
    --------
    >>> rate({"count": 2, "value": 0.02, "low": 0.0024, "high": 0.072})
    '0.020 (2; 0.002–0.072)'
    """
    if one["value"] is None:
        return f"{NONE} ({one['count']})"
    return f"{one['value']:.3f} ({one['count']}; {one['low']:.3f}–{one['high']:.3f})"


def spread(one: Json) -> str:
    """Median and 90th percentile of the size of an error.

    Examples
    --------
    >>> spread({"absolute_median": 1.04, "absolute_p90": 4.0})
    '1.0 s, P90 4.0 s'
    """
    if one["absolute_median"] is None:
        return NONE
    return f"{one['absolute_median']:.1f} s, P90 {one['absolute_p90']:.1f} s"


def pooled(shares: Iterable[Json]) -> dict[str, Any]:
    """One share of several sets of nights.

    Examples
    --------
    >>> share(pooled([{"count": 3, "of": 4}, {"count": 5, "of": 6}]))
    '80.0 % (8 of 10; 44.4–97.5)'
    """
    listed = list(shares)
    one = Share.counted(sum(each["count"] for each in listed), sum(each["of"] for each in listed))
    return {"count": one.count, "of": one.of, "value": one.value, "low": one.low, "high": one.high}


def pooled_strata(several: Sequence[Sequence[Json]]) -> dict[str, dict[str, Any]]:
    """Strata of several sets of nights, by label.

    Examples
    --------
    >>> strata = [{"label": "2 to 4", "sensitivity": {"count": 1, "of": 1}}]
    >>> pooled_strata([strata, strata])["2 to 4"]["of"]
    2
    """
    found: dict[str, list[Json]] = {}
    for strata in several:
        for one in strata:
            found.setdefault(one["label"], []).append(one["sensitivity"])
    return {label: pooled(shares) for label, shares in found.items()}


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Lines of a Markdown table, with an empty one behind it.

    Examples
    --------
    >>> table(("night", "cramps"), [("1", "2")])
    ['| night | cramps |', '|---|---|', '| 1 | 2 |', '']
    """
    lines = ["| " + " | ".join(row) + " |" for row in (head, *rows)]
    return [lines[0], "|" + "---|" * len(head), *lines[1:], ""]


def source(command: str) -> list[str]:
    """The line that says which command made the table below it."""
    return [f"From `{command}`:", ""]
