"""One picture of a night: what the muscle did, how the leg moved and lay, and what was found.

Made to be read in black and white and by the colour-blind: cramps are told by shape and words,
invalid time by hatching; colours (Okabe & Ito, https://jfly.uni-koeln.de/color/) only help.
"""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from crampdetect.errors import CrampdetectError, RecordingError
from crampdetect.outputs.clock_times import Clock
from crampdetect.records import NightTrace, Replay
from crampdetect.storage.whole_file import whole_file

try:
    import matplotlib
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
except ModuleNotFoundError as error:
    raise CrampdetectError(
        "a picture needs matplotlib, which is not installed; "
        "expected: pip install 'crampdetect[plot]'"
    ) from error

from crampdetect.outputs.night_captions import draw_clock, write_foot, write_head
from crampdetect.outputs.night_marks import draw_bands, draw_lane, draw_validity
from crampdetect.outputs.night_panels import draw_envelope, draw_motion, draw_posture

__all__ = ["night_figure", "plot_night"]

_SIZE_IN = (11.69, 8.27)  # A4, landscape
_DPI = 150  # 1754 pixels wide; lettering of 9 points stays legible when shown at 1200
_LEFT, _RIGHT = 0.085, 0.975


def plot_night(replay: Replay, path: Path) -> None:
    """Draw the night into a file that appears whole or not at all, readable by its owner only.

    Parameters
    ----------
    replay : Replay
        With its trace (``replay_recording(..., trace=True)``).
    path : Path
        ``.png``, ``.pdf`` or ``.svg``.

    Raises
    ------
    ValueError
        If the replay has no trace, or the suffix is another.
    RecordingError
        If the file cannot be written; what was there before is there still.
    """
    kind = path.suffix.lower().removeprefix(".")
    if kind not in ("png", "pdf", "svg"):
        raise ValueError(f"{path} is no picture; expected .png, .pdf or .svg")
    figure = night_figure(replay)
    try:
        with whole_file(path) as file, _own_style():
            # No date and no library version: the same night gives the same bytes.
            nothing = {"png": "Software", "pdf": "CreationDate", "svg": "Date"}
            figure.savefig(file, format=kind, dpi=_DPI, metadata={nothing[kind]: None})
    except OSError as error:
        raise RecordingError(
            f"{path}: the picture cannot be written ({error.strerror or error}); "
            "expected a folder that is writable and has space"
        ) from error


def night_figure(replay: Replay) -> Figure:
    """The picture as a matplotlib Figure (needs no display, and no pyplot).

    Parameters
    ----------
    replay : Replay
        With its trace.

    Raises
    ------
    ValueError
        If the replay has no trace.
    """
    if replay.trace is None:
        raise ValueError("the replay has no trace to draw; expected one made with trace=True")
    with _own_style():
        return _figure(replay, replay.trace)


@contextmanager
def _own_style() -> Iterator[None]:
    """Matplotlib's own defaults, whatever a matplotlibrc says (it may ask for a LaTeX)."""
    with matplotlib.rc_context(), warnings.catch_warnings():
        matplotlib.rcdefaults()
        matplotlib.rcParams["hatch.linewidth"] = 0.6
        matplotlib.rcParams["svg.hashsalt"] = "crampdetect"  # or its ids would be random
        # A file name may hold letters that the font lacks; they are then drawn as boxes.
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        yield


def _figure(replay: Replay, trace: NightTrace) -> Figure:
    duration_s = max(replay.recording.duration_s, 1e-3)
    clock = Clock.of(replay.recording)
    more = []
    if np.isfinite(trace.motion).any():
        more.append((1.5, draw_motion))
    if np.isfinite(trace.shank_angle).any():
        more.append((1.3, draw_posture))
    figure = Figure(figsize=_SIZE_IN)
    axes = _stacked(figure, [1.25, 3.4, *(height for height, _ in more), 0.34], duration_s)
    lane, envelope, *others, validity = axes
    draw_lane(lane, replay.episodes, clock, duration_s, _SIZE_IN[0] * 72 * (_RIGHT - _LEFT))
    unknown = [span[:2] for span in replay.invalid_spans if span[2] in ("gap", "lead_off")]
    draw_envelope(envelope, trace, unknown)
    for each, (_, draw) in zip(others, more, strict=True):
        draw(each, trace)
    for each in (envelope, *others):
        draw_bands(each, replay, duration_s)
    figure.legend(
        handles=draw_validity(validity, replay, duration_s), loc="lower center", ncols=6,
        bbox_to_anchor=((_LEFT + _RIGHT) / 2, 0.066), fontsize=9, frameon=False,
        handlelength=2.4, handleheight=1.1, columnspacing=1.6,
    )  # fmt: skip
    draw_clock(axes, clock, duration_s)
    write_head(figure, replay, clock, _LEFT, _RIGHT)
    write_foot(figure, replay, _LEFT, _RIGHT)
    return figure


def _stacked(figure: Figure, heights: list[float], duration_s: float) -> list[Axes]:
    """Panels one above the other over the same seconds."""
    grid = figure.add_gridspec(
        len(heights), 1, height_ratios=heights,
        left=_LEFT, right=_RIGHT, top=0.885, bottom=0.165, hspace=0.09,
    )  # fmt: skip
    axes: list[Axes] = [figure.add_subplot(grid[row]) for row in range(len(heights))]
    for each in axes:
        each.set_xlim(0, duration_s)
        each.tick_params(labelsize=9, labelbottom=False)
        each.yaxis.set_label_coords(-0.055, 0.5)
    return axes
