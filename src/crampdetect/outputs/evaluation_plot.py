"""One picture of a scoring: the curve, where cramps are missed, what false alarms were.

Made to be read in black and white: marks differ by shape and fill, and every panel says its unit.
"""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from crampdetect.errors import CrampdetectError, RecordingError
from crampdetect.learning.scoring_report import Report
from crampdetect.learning.scoring_words import counted
from crampdetect.storage.whole_file import whole_file

try:
    import matplotlib
    from matplotlib.figure import Figure
except ModuleNotFoundError as error:
    raise CrampdetectError(
        "a picture needs matplotlib, which is not installed; "
        "expected: pip install 'crampdetect[plot]'"
    ) from error

from crampdetect.outputs.evaluation_panels import (
    draw_confounders,
    draw_froc,
    draw_reliability,
    draw_strata,
)

__all__ = ["evaluation_figure", "plot_evaluation"]

_SIZE_IN = (11.69, 8.27)  # A4, landscape
_DPI = 150
#: Without what a file would otherwise say of date and library version.
_NOTHING = {"png": "Software", "pdf": "CreationDate", "svg": "Date"}


def plot_evaluation(report: Report, path: Path) -> None:
    """Draw the report into a file that appears whole or not at all.

    Parameters
    ----------
    report : Report
    path : Path
        ``.png``, ``.pdf`` or ``.svg``. The same report gives the same bytes.

    Raises
    ------
    ValueError
        If the suffix is another.
    RecordingError
        If the file cannot be written; what was there before is there still.

    Examples
    --------
    >>> from crampdetect.learning.scoring import score
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "a.png"
    >>> plot_evaluation(score([]), path)
    >>> path.exists()
    True
    """
    kind = path.suffix.lower().removeprefix(".")
    if kind not in _NOTHING:
        raise ValueError(f"{path} is no picture; expected .png, .pdf or .svg")
    figure = evaluation_figure(report)
    try:
        with whole_file(path) as file, _own_style():
            figure.savefig(file, format=kind, dpi=_DPI, metadata={_NOTHING[kind]: None})
    except OSError as error:
        raise RecordingError(
            f"{path}: the picture cannot be written ({error.strerror or error}); "
            "expected a folder that is writable and has space"
        ) from error


def evaluation_figure(report: Report) -> Figure:
    """The picture as a matplotlib Figure (needs no display, and no pyplot).

    Examples
    --------
    >>> from crampdetect.learning.scoring import score
    >>> len(evaluation_figure(score([])).axes)
    5
    """
    with _own_style():
        figure = Figure(figsize=_SIZE_IN)
        grid = figure.add_gridspec(
            2, 6, left=0.065, right=0.98, top=0.865, bottom=0.115, hspace=0.42, wspace=1.1
        )
        draw_froc(figure.add_subplot(grid[0, :2]), report)
        both = (report.cramp_only, report.unsure_as_cramp)
        level = figure.add_subplot(grid[0, 2:4])
        draw_strata(level, [each.by_level for each in both])
        level.set_title("Sensitivity by plateau over floor", fontsize=10, loc="left")
        length = figure.add_subplot(grid[0, 4:])
        draw_strata(length, [each.by_duration for each in both])
        length.set_title("Sensitivity by duration (s)", fontsize=10, loc="left")
        draw_confounders(figure.add_subplot(grid[1, 1:4]), report)
        draw_reliability(figure.add_subplot(grid[1, 4:]), report)
        figure.text(0.065, 0.945, _title(report), fontsize=13, weight="bold")
        figure.text(0.065, 0.91, _subtitle(report), fontsize=9.5)
        figure.text(0.065, 0.025, report.claim, fontsize=9)
        if report.claim_level in ("simulation", "mixed"):
            figure.text(
                0.98, 0.945, "SIMULATION", fontsize=13, ha="right", weight="bold",
                bbox={"boxstyle": "square,pad=0.25", "facecolor": "white", "edgecolor": "black"},
            )  # fmt: skip
        return figure


def _title(report: Report) -> str:
    found = report.cramp_only.primary
    sensitivity, rate = found.sensitivity_scorable, found.per_valid_night
    unit = "valid night"
    if rate.value is None:
        rate, unit = found.per_8_valid_hours, "8 valid hours"
    seen = "no scorable cramps"
    if sensitivity.value is not None:
        seen = f"{sensitivity.value * 100:.0f} % of {sensitivity.of} scorable cramps found"
    false = "" if rate.value is None else f", {rate.value:.2f} false alarms per {unit}"
    return seen + false


def _subtitle(report: Report) -> str:
    nights = report.nights
    return (
        f"{counted(nights.nights, 'night')} ({nights.valid_nights} valid), "
        f"{counted(nights.cramps, 'true cramp')}; "
        "matched one-to-one with IoU at least 0.2; bars are exact 95 % intervals"
    )


@contextmanager
def _own_style() -> Iterator[None]:
    """Matplotlib's own defaults, whatever a matplotlibrc says."""
    with matplotlib.rc_context(), warnings.catch_warnings():
        matplotlib.rcdefaults()
        matplotlib.rcParams["svg.hashsalt"] = "crampdetect"  # or its ids would be random
        # A truth may hold letters that the font lacks; they are then drawn as boxes.
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        yield
