"""What a plain table of numbers says about itself: separator, decimal mark, names, units, rate."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from crampdetect.storage.readers.rates import rate_from_text
from crampdetect.storage.readers.text_columns import Layout, is_number, split_cells
from crampdetect.storage.units import acc_scale, emg_scale

__all__ = ["PlainHeader", "read_plain_header", "unit_in_name"]

#: Rows at the end of the head that show how the table is built.
_SAMPLE_ROWS = 50
_COMMENT = re.compile(r"^\s*(#|%|//)\s*")
_ENTRY = re.compile(r"^\s*([A-Za-z][A-Za-z _()/.-]{0,40}?)\s*(?::=|[:=])\s*(.*?)\s*$")
_RATE_KEY = re.compile(r"sampl\w*[ _-]?(rate|freq\w*)|^(fs|s?rate|frequency)\b", re.IGNORECASE)
_UCI = re.compile(r"^Channel \d+: '(?P<name>[^']*)'.*engineering units: (?P<unit>[^,]*)")
_NUMBER = re.compile(r"[-+]?\d[\d.,]*(?:[eE][-+]?\d+)?")
_MOMENT = re.compile(r"\d{4}[-/]\d\d[-/]\d\d[ T]\d\d:\d\d:\d\d(\.\d{1,6})?")
_BRACKETS = re.compile(r"[\[(]([^\[\]()]*(?:\([^()]*\))?)[\])]\s*$")
_NO_VALUE = ("", "nan", "na", "n/a", "null", "none")


@dataclass(frozen=True, slots=True)
class PlainHeader:
    """Layout and words of a table.

    Parameters
    ----------
    layout : Layout
    width : int
        Number of columns.
    names, units : tuple of str
        One for each column; `names` is empty where the file has none.
    rate : Fraction or None
        In Hz, where a line of the header says it.
    rows : tuple of tuple of str
        The first rows as cells.
    """

    layout: Layout
    width: int
    names: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    rate: Fraction | None = None
    rows: tuple[tuple[str, ...], ...] = field(default=(), repr=False)


def unit_in_name(name: str) -> str:
    """Unit that a column's name bears in brackets or as a suffix.

    Examples
    --------
    >>> unit_in_name("EMG [mV]"), unit_in_name("acc_x (m/s^2)"), unit_in_name("emg_uV")
    ('mV', 'm/s^2', 'uV')
    """
    bracket = _BRACKETS.search(name)
    if bracket:
        return bracket[1].strip()
    suffix = re.search(r"[_ ]([unmµμ]V)$", name, re.IGNORECASE)
    return suffix[1] if suffix else ""


def read_plain_header(lines: Sequence[str]) -> PlainHeader | None:
    """Work out how a table is built, from its first lines.

    Parameters
    ----------
    lines : sequence of str

    Returns
    -------
    PlainHeader or None
        None where no row of numbers is found.

    Examples
    --------
    >>> header = read_plain_header(["time_s;EMG [mV]", "0;0,5", "0,001;0,6"])
    >>> header.names, header.units, header.layout.decimal_comma
    (('time_s', 'EMG [mV]'), ('', 'mV'), True)
    """
    layout = _layout(lines)
    if layout is None:
        return None
    first = next((i for i, line in enumerate(lines) if _is_row(line, layout)), None)
    if first is None:
        return None
    rows = tuple(
        tuple(split_cells(line, layout.delimiter)) for line in lines[first:] if line.strip()
    )
    width = layout.cells or Counter(map(len, rows)).most_common(1)[0][0]
    moments = [
        i
        for i in range(width)
        if all(i < len(row) and _MOMENT.fullmatch(row[i]) for row in rows[:5])
    ]
    if layout.decimal_comma:
        rows = tuple(tuple(cell.replace(",", ".") for cell in row) for row in rows)
    layout = replace(layout, header_lines=first, moment_column=moments[0] if moments else None)
    return _with_words(PlainHeader(layout, width, rows=rows), lines[:first])


def _with_words(table: PlainHeader, lines: Sequence[str]) -> PlainHeader:
    """Names, units and rate out of the lines before the first row."""
    entries = _entries(lines)
    channels = [match for match in map(_UCI.match, lines) if match]
    names, units = _name_row(table, lines)
    if channels:
        names, units = [m["name"] for m in channels], [m["unit"].strip() for m in channels]
    elif not names and "labels" in entries:
        names = re.split(r"\s*[\t,;]\s*", entries["labels"])
    names = names[: table.width] + [""] * (table.width - len(names)) if names else []
    common = entries.get("units") or entries.get("unit", "")
    units += [""] * (table.width - len(units))
    units = [
        unit or unit_in_name(name) or common
        for unit, name in zip(units, names or [""] * table.width, strict=False)
    ]
    rate = next(
        (_rate(key, value) for key, value in entries.items() if _RATE_KEY.search(key)), None
    )
    return replace(table, names=tuple(names), units=tuple(units), rate=rate)


def _entries(lines: Sequence[str]) -> dict[str, str]:
    """Lines like ``# Sampling Rate (Hz):= 1000``."""
    found = {}
    for line in lines:
        match = _ENTRY.match(_COMMENT.sub("", line))
        if match:
            found[match[1].lower()] = match[2]
    return found


def _rate(key: str, value: str) -> Fraction | None:
    number = _NUMBER.search(value)
    rate = rate_from_text(number[0]) if number else None
    return rate * 1000 if rate is not None and "khz" in f"{key} {value}".lower() else rate


def _name_row(table: PlainHeader, lines: Sequence[str]) -> tuple[list[str], list[str]]:
    """The last line with as many words as there are columns; a row of units may follow it."""
    candidates = [_COMMENT.sub("", line) for line in lines if line.strip()]
    if table.width == 1:  # one column's name may have blanks in it
        split = [[line.strip()] for line in candidates]
    else:
        split = [split_cells(line, table.layout.delimiter) for line in candidates]
    fitting = [
        cells
        for cells, line in zip(split, candidates, strict=True)
        if _fits(cells, table.width) and not (_COMMENT_ENTRY.match(line) and table.width != 1)
    ]
    if not fitting or not split or fitting[-1] is not split[-1]:
        return [], []
    if len(fitting) > 1 and split[-2] is fitting[-2] and all(map(_is_unit, fitting[-1])):
        return fitting[-2], [cell.strip("[]()") for cell in fitting[-1]]
    if table.width == 1 and _COMMENT_ENTRY.match(candidates[-1]):
        return [], []
    return fitting[-1], []


_COMMENT_ENTRY = re.compile(r"^[^\t,;]*(:=|:\s|=)")


def _fits(cells: Sequence[str], width: int) -> bool:
    used = len(cells) - next((i for i, c in enumerate(reversed(cells)) if c), len(cells))
    return 0 < used <= width and used >= width - 1 and any(c and not is_number(c) for c in cells)


def _is_unit(cell: str) -> bool:
    bare = cell.strip("[]()").lower()
    known = emg_scale(bare) is not None or acc_scale(bare) is not None
    return known or bare in ("", "s", "ms", "us", "deg", "deg/s", "°/s", "a.u.", "n", "nm")


def _layout(lines: Sequence[str]) -> Layout | None:
    """Separator and decimal mark that make most lines behind the first row rows of numbers."""
    last = [line for line in lines if line.strip() and not _COMMENT.match(line)][-_SAMPLE_ROWS:]
    for delimiter in ("\t", ";", ",", None):
        widths = Counter(len(split_cells(line, delimiter)) for line in last)
        for width, _ in widths.most_common(3):
            if width < 2 and delimiter is not None:
                continue
            cells = width if delimiter is not None else None
            for comma in (False, True) if delimiter != "," else (False,):
                layout = Layout(0, delimiter, comma, cells)
                if _explains(layout, last):
                    return layout
    return None


def _explains(layout: Layout, lines: Sequence[str]) -> bool:
    rows = [_is_row(line, layout) for line in lines]
    return sum(rows) >= 2 and 2 * sum(rows) >= len(rows) - rows.index(True)


def _is_row(line: str, layout: Layout) -> bool:
    """Whether a line is a row: numbers, or no value, in every cell, and not all of them empty."""
    cells = split_cells(line, layout.delimiter)
    if layout.cells is not None and len(cells) != layout.cells:
        return False
    numbers = [is_number(cell, layout.decimal_comma) for cell in cells]
    valued = [n for n, cell in zip(numbers, cells, strict=True) if cell.lower() not in _NO_VALUE]
    if not valued:
        return any(cells)
    return any(valued) and all(
        number or cell.lower() in _NO_VALUE or _MOMENT.fullmatch(cell)
        for number, cell in zip(numbers, cells, strict=True)
    )
