"""Panels of the night's picture that draw a quantity over the seconds of the recording."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator
from numpy.typing import NDArray

from crampdetect.outputs.night_axis import columns
from crampdetect.records import NightTrace

__all__ = ["draw_envelope", "draw_motion", "draw_posture"]

_COLUMNS = 1500  # about the pixels of a panel
#: Brief bursts are light, what lasts is dark: a cramp is told from a twitch at a glance.
_RANGE, _LINE = "0.66", "0.05"
_REST = "#0072B2"  # blue of Okabe & Ito, https://jfly.uni-koeln.de/color/


def draw_envelope(axes: Axes, trace: NightTrace, unknown: Sequence[tuple[float, float]]) -> None:
    """RMS of the EMG on a logarithmic scale, with the resting level it is compared with.

    Nothing is drawn in the spans `unknown` (start and stop in seconds): without an electrode there
    is no muscle, and a flat line of noise would set the scale.
    """
    unit = "µV" if trace.unit == "uV" else trace.unit
    envelope = trace.envelope.copy()
    for start, stop in unknown:
        # A window is a second long: one that begins before the span reaches into it.
        envelope[(trace.time_s > start - 1.0) & (trace.time_s < stop)] = np.nan
    # Headroom, so that the legend covers no burst.
    _draw_log_trace(axes, trace.time_s, envelope, f"EMG RMS ({unit})", headroom=4.0)
    rest = columns(trace.time_s, trace.resting_level, _COLUMNS)
    level = np.maximum(rest.low, 1e-12)
    axes.plot(rest.time_s, level, color="white", linewidth=2.6)
    axes.plot(rest.time_s, level, color=_REST, linewidth=1.6, dashes=(5, 2), label="resting level")
    axes.legend(loc="upper right", ncols=3, fontsize=9, framealpha=0.9, borderpad=0.3)


def draw_motion(axes: Axes, trace: NightTrace) -> None:
    """Dynamic acceleration in thousandths of g, on a logarithmic scale."""
    _draw_log_trace(axes, trace.time_s, trace.motion * 1000, "motion (mg)")


def draw_posture(axes: Axes, trace: NightTrace) -> None:
    """Angle of the shank above the horizontal."""
    angle = columns(trace.time_s, trace.shank_angle, _COLUMNS)
    axes.fill_between(angle.time_s, angle.low, angle.high, color=_RANGE, linewidth=0.7)
    axes.plot(angle.time_s, angle.median, color=_LINE, linewidth=1.3)
    axes.set_ylim(-6, 98)
    axes.set_yticks([0, 90], ["lying", "upright"])
    axes.grid(visible=True, axis="y", color="0.85", linewidth=0.6)
    axes.set_ylabel("shank", fontsize=9.5)


def _draw_log_trace(
    axes: Axes,
    time_s: NDArray[np.float64],
    values: NDArray[np.float64],
    name: str,
    headroom: float = 1.4,
) -> None:
    drawn = columns(time_s, values, _COLUMNS)
    seen = values[np.isfinite(values) & (values > 0)]
    # Neither single windows nor the tail of a filter over a dead signal may set the scale.
    bottom = max(float(np.quantile(seen, 0.01)) / 1.5, seen.max() / 1e5) if seen.size else 0.1
    top = float(seen.max()) * headroom if seen.size else 10.0
    top = max(top, bottom * 20)
    axes.set_yscale("log")
    axes.set_ylim(bottom, top)
    low, high = np.maximum(drawn.low, bottom), np.maximum(drawn.high, bottom)
    axes.fill_between(drawn.time_s, low, high, color=_RANGE, linewidth=0.7, label="range")
    median = np.maximum(drawn.median, bottom)
    axes.plot(drawn.time_s, median, color=_LINE, linewidth=1.1, label="middle value")
    _plain_numbers(axes, top / bottom)
    axes.grid(visible=True, axis="y", color="0.85", linewidth=0.6)
    axes.set_ylabel(name, fontsize=9.5)


def _plain_numbers(axes: Axes, ratio: float) -> None:
    """Labels 1, 2, 5, 10 ... instead of powers of ten; decades alone where there are many."""
    subs = (1.0, 2.0, 5.0) if ratio < 200 else (1.0, 3.0) if ratio < 2000 else (1.0,)
    axes.yaxis.set_major_locator(LogLocator(base=10, subs=subs))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
