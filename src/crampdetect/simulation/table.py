"""The table of docs/simulation.md, made from the code: ``python -m crampdetect.simulation.table``.

What stands behind ``#`` on the line of a field is its source and tag; ranges are those of `worlds`.
"""

import ast
import inspect
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from types import ModuleType

from crampdetect.simulation.parameters import NightParameters
from crampdetect.simulation.worlds import CHOICES, STRESS

__all__ = ["Row", "rows", "simulation_page"]

HEAD = """\
# The numbers of the simulator

Every field of `NightParameters`, written by `python -m crampdetect.simulation.table` and not by
hand; `tests/test_simulation_worlds.py` compares it with the code. What the tags mean, and where the
publications are, stands in [evidence.md](evidence.md).

*Default* is what `NightParameters()` has: a pair of numbers is a range that is drawn uniformly
(log-uniformly where it says so), LN(60, 0.8) a lognormal with median 60 whose logarithm has a
standard deviation of 0.8. *Worlds* is what `randomised(base, seed)` draws the field from: "x 0.5 to
2" is a factor, "median 30 to 180" the median of a lognormal, "ends" both ends of a range, "each x"
every one of several shares. A dash: never drawn, since it is known or belongs to the sensor.
`other_world(base)` leaves these ranges on purpose; it is for tests only.
"""
#: Units by the end of a field's name; the longest that fits counts, "1" where none does.
UNITS = {
    "_s": "s",
    "_sd_s": "s",
    "_uv": "µV",
    "_g": "g",
    "_deg": "degrees",
    "_db": "dB",
    "_rate": "1/s",
    "_rate_sd": "1/s",
    "emg_rate": "Hz",
    "acc_rate": "Hz",
    "_phase": "years",
    "_frequency": "Hz",
    "_deviation": "Hz",
    "_highpass": "Hz",
    "_per_h": "1/h",
    "_per_min": "1/min",
    "_share": "share",
    "_persons": "share",
    "_effort": "of MVC",
    "_cv": "1",
    "_level": "x floor",
    "_factor": "factor",
    "_fade": "1/min",
    "_movements": "per 8 h",
    "_shifts": "per 8 h",
    "_starts": "per 8 h",
    "_trips": "per 8 h",
    "_sessions": "per 8 h",
    "_holds": "per 8 h",
    "_night": "per 8 h",
    "_trains": "per 8 h",
    "pops": "per 8 h",
    "dropouts": "per 8 h",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One field: where it stands, its default and range in words, and what its line says."""

    section: str
    name: str
    default: str
    worlds: str
    unit: str
    source: str


def rows() -> Iterator[Row]:
    """Yield every field in the order of the code, bases first.

    Examples
    --------
    >>> {row.name: row.worlds for row in rows()}["cramp_still_share"]
    '0.6 to 0.95'
    """
    given = NightParameters()
    for part in (*NightParameters.__bases__, NightParameters):
        module = inspect.getmodule(part)
        assert module is not None
        for section, name, note, is_lognormal in _fields(module, part.__name__):
            default = _words(getattr(given, name), is_lognormal)
            yield Row(section, name, default, _worlds(name), _unit(name), note)


def _fields(module: ModuleType, class_name: str) -> Iterator[tuple[str, str, str, bool]]:
    """Section, name, comment, and whether it is a lognormal, of the fields of one class."""
    source = inspect.getsource(module)
    lines, section = source.splitlines(), ""
    for node in ast.parse(source).body:
        if isinstance(node, ast.ClassDef) and node.name == class_name:
            position = node.lineno
            for field in node.body:
                if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
                    for line in lines[position - 1 : field.lineno - 1]:
                        found = re.match(r" *# --- (.+)", line)
                        section = found[1] if found else section
                    position = field.lineno
                    last = lines[(field.end_lineno or field.lineno) - 1]
                    note = last[field.end_col_offset or 0 :].partition("#")[2].strip()
                    kind = ast.unparse(field.annotation)
                    yield section, field.target.id, note, kind == "LogNormal"


def _words(value: object, is_lognormal: bool) -> str:
    if isinstance(value, tuple):
        numbers = [f"{number:g}" for number in value]
        if is_lognormal:
            return f"LN({', '.join(numbers)})"
        return " – ".join(numbers) if len(numbers) == 2 else ", ".join(numbers) or "none"
    if isinstance(value, bool | str):
        return str(value)
    assert isinstance(value, int | float | Fraction)
    return f"{float(value):g}"


def _worlds(name: str) -> str:
    if name in STRESS:
        return str(STRESS[name])
    return " or ".join(str(value) for value in CHOICES.get(name, ())) or "–"


def _unit(name: str) -> str:
    fitting = [end for end in UNITS if name.endswith(end)]
    return UNITS[max(fitting, key=len)] if fitting else "1"


def simulation_page() -> str:
    """Return docs/simulation.md.

    Examples
    --------
    >>> simulation_page().splitlines()[0]
    '# The numbers of the simulator'
    """
    lines, section = [HEAD], ""
    for row in rows():
        if row.section != section:
            section = row.section
            title = section[0].upper() + section[1:]
            lines.append(f"\n## {title}\n\n| field | default | worlds | unit | source, tag |")
            lines.append("|---|---|---|---|---|")
        cells = (f"`{row.name}`", row.default, row.worlds, row.unit, row.source)
        lines.append(f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |")
    return "\n".join(lines).replace("\n\n\n", "\n\n") + "\n"


if __name__ == "__main__":
    sys.stdout.write(simulation_page())
