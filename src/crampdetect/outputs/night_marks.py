"""What was found in a night and where nothing could be told, drawn over its seconds."""

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.patches import Patch

from crampdetect.outputs.clock_times import Clock, length
from crampdetect.outputs.night_axis import label_rows
from crampdetect.outputs.night_text import LOSSES
from crampdetect.records import EpisodeRecord, Replay

__all__ = ["draw_bands", "draw_lane", "draw_validity"]

_CRAMP, _UNSURE = "#D55E00", "#0072B2"  # Okabe & Ito, https://jfly.uni-koeln.de/color/
#: Bands of episodes, the faint ones first.
_BANDS: dict[str, dict[str, Any]] = {
    "other": {"facecolor": "0.5", "alpha": 0.13, "linewidth": 0},
    "unsure": {"facecolor": "none", "edgecolor": _UNSURE, "hatch": "////", "linewidth": 0.8},
    "cramp": {"facecolor": _CRAMP, "alpha": 0.45, "linewidth": 0},
}
_GAP: dict[str, Any] = {
    "facecolor": "white", "edgecolor": "0.45", "hatch": "xxx", "linewidth": 0.4, "zorder": 3
}  # fmt: skip
#: What made time invalid, told apart without colour.
_INVALID: dict[str, dict[str, Any]] = {
    "gap": {"facecolor": "white", "edgecolor": "0.2", "hatch": "xxxxx", "linewidth": 0.5},
    "lead_off": {"facecolor": "0.80", "edgecolor": "0.2", "hatch": "////", "linewidth": 0.5},
    "mains": {"facecolor": "0.92", "edgecolor": "0.2", "hatch": "....", "linewidth": 0.5},
    "clipped": {"facecolor": "0.80", "edgecolor": "0.2", "hatch": "\\\\\\\\", "linewidth": 0.5},
    "warm_up": {"facecolor": "0.88", "edgecolor": "0.5", "linewidth": 0.5},
}
#: A band narrower than this share of the picture would vanish: 41 s of 8 h is 2 pixels of 1200.
_NARROWEST = 0.002
#: Heights in the lane of episodes: markers, and the first of the rows of words above them.
_MARKERS, _FIRST_LABEL, _LABEL_ROWS = 1.05, 1.55, 3
_LETTER_POINTS = 5.9  # width of a bold letter at 9 points


def draw_lane(
    axes: Axes,
    episodes: Sequence[EpisodeRecord],
    clock: Clock,
    duration_s: float,
    width_points: float,
) -> None:
    """Cramps and unsure ones as markers with words, look-alikes as ticks below them."""
    found = sorted(
        (each for each in episodes if each.kind in ("cramp", "unsure")), key=lambda e: e.onset_s
    )
    others = [each.onset_s for each in episodes if each.kind not in ("cramp", "unsure")]
    axes.set_ylim(-0.1, _FIRST_LABEL + _LABEL_ROWS)
    axes.vlines(others, 0.0, 0.45, color="0.5", linewidth=0.9)
    for kind, marker, face in (("cramp", "v", _CRAMP), ("unsure", "D", "white")):
        at = [each.onset_s + each.duration_s / 2 for each in found if each.kind == kind]
        edge = "black" if kind == "cramp" else _UNSURE
        axes.plot(
            at, [_MARKERS] * len(at), linestyle="", marker=marker, color=face,
            markeredgecolor=edge, markersize=9 if kind == "cramp" else 6, clip_on=False,
        )  # fmt: skip
    _label_episodes(axes, found, clock, duration_s, width_points)
    axes.set_yticks([0.2, _MARKERS], ["look-alikes", "cramps"])
    axes.tick_params(axis="both", length=0)
    axes.set_xticks([])
    axes.spines[:].set_visible(False)


def _label_episodes(
    axes: Axes,
    found: Sequence[EpisodeRecord],
    clock: Clock,
    duration_s: float,
    width_points: float,
) -> None:
    texts = [
        f"{_short(clock.time(each.onset_s))}, {length(each.duration_s)}"
        + (" unsure" if each.kind == "unsure" else "")
        for each in found
    ]
    per_point = duration_s / width_points
    widths = [(len(text) + 1) * _LETTER_POINTS * per_point for text in texts]
    # A label near a border moves inside, where it is whole.
    centres = [
        min(max(each.onset_s + each.duration_s / 2, width / 2), max(duration_s - width / 2, 0.0))
        for each, width in zip(found, widths, strict=True)
    ]
    rows = label_rows(centres, widths, _LABEL_ROWS)
    for each, text, centre, row in zip(found, texts, centres, rows, strict=True):
        if row is None:
            continue
        middle = each.onset_s + each.duration_s / 2
        axes.vlines(
            middle, _MARKERS, _FIRST_LABEL + row + 0.2, color="0.6", linewidth=0.7, zorder=1
        )
        axes.text(
            centre, _FIRST_LABEL + row, text, fontsize=9, ha="center", va="bottom", zorder=4,
            fontweight="bold" if each.kind == "cramp" else "normal",
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6},
        )  # fmt: skip


def draw_bands(axes: Axes, replay: Replay, duration_s: float) -> None:
    """Episodes and gaps over the whole height of a panel."""
    whole = axes.get_xaxis_transform()
    for kind, style in _BANDS.items():
        spans = [
            (each.onset_s, each.duration_s)
            for each in replay.episodes
            if (each.kind if each.kind in _BANDS else "other") == kind
        ]
        if kind != "other":
            spans = [_widened(*span, duration_s) for span in spans]
        axes.broken_barh(spans, (0, 1), zorder=0.8, transform=whole, **style)
    axes.broken_barh(_spans(replay, "gap"), (0, 1), transform=whole, **_GAP)


def draw_validity(axes: Axes, replay: Replay, duration_s: float) -> list[Patch]:
    """A strip of valid and invalid time by cause; the keys of what occurs, for a legend."""
    axes.broken_barh([(0, duration_s)], (0, 1), facecolor="white", edgecolor="0.2")
    keys = [Patch(facecolor="white", edgecolor="0.2", label="valid")]
    for cause, style in _INVALID.items():
        spans = _spans(replay, cause)
        if spans:
            axes.broken_barh(spans, (0, 1), **style)
            lost = length(getattr(replay.quality, f"{cause}_s"))
            keys.append(Patch(**style, label=f"{LOSSES[cause]} {lost}"))
    axes.set_ylim(0, 1)
    axes.set_yticks([0.5], ["valid time"])
    axes.tick_params(axis="y", length=0)
    return keys


def _spans(replay: Replay, cause: str) -> list[tuple[float, float]]:
    return [(start, stop - start) for start, stop, why in replay.invalid_spans if why == cause]


def _short(time: str) -> str:
    """Clock times without seconds: they are in the list, and here would cost the room."""
    return time if time.startswith("+") else time[:5]


def _widened(start: float, duration: float, duration_s: float) -> tuple[float, float]:
    """A span that can be seen, about its own middle."""
    width = max(duration, _NARROWEST * duration_s)
    return start + duration / 2 - width / 2, width
