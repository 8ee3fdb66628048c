"""The card's picture: sensitivity against false alarms, and calibration. Black and white."""

from pathlib import Path
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from evaluation.card_tables import THREE, WORLDS
from evaluation.card_words import Json

__all__ = ["draw"]

_SIZE_IN, _DPI = (10.0, 4.8), 120
#: Line and mark of each set of nights, told apart without colour.
_STYLES: dict[str, tuple[str, str, str]] = {
    "default": ("-", "o", "black"),
    "heavy": ("--", "s", "white"),
    "other": (":", "^", "0.6"),
}
_MOST_FALSE_ALARMS = 1.0


def draw(document: Json, path: Path) -> None:
    """Draw into a PNG file; the same figures give the same picture."""
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        figure = Figure(figsize=_SIZE_IN)
        left, right = figure.subplots(1, 2, width_ratios=(1.35, 1))
        figure.subplots_adjust(left=0.07, right=0.985, top=0.86, bottom=0.12, wspace=0.2)
        _curves(left, document)
        _calibration(right, document)
        figure.text(
            0.07, 0.94, f"{Path(document['model']).stem}: SIMULATION, says nothing of patients",
            fontsize=12, weight="bold",
        )  # fmt: skip
        figure.savefig(path, dpi=_DPI, metadata={"Software": None})


def _curves(axes: Axes, document: Json) -> None:
    for name in THREE:
        line, mark, fill = _STYLES[name]
        one = document["sets"][name]
        curve, found = one["froc"], one["cramp_only"]["detection"][0]
        points = [point for point in curve["points"] if point["sensitivity_scorable"] is not None]
        axes.step(
            [0.0, *(point["false_alarms"] for point in points)],
            [0.0, *(point["sensitivity_scorable"] for point in points)],
            where="post", color="black", linestyle=line, linewidth=1.3,
        )  # fmt: skip
        seen, false = found["sensitivity_scorable"], found["per_valid_night"]
        if seen["value"] is not None and false["value"] is not None:
            axes.errorbar(
                [false["value"]], [seen["value"]], xerr=_arms([false]), yerr=_arms([seen]),
                color="black", fmt=mark, linestyle=line, markerfacecolor=fill, markersize=8,
                elinewidth=0.8, capsize=2, label=f"{name}: {WORLDS[name]}", zorder=3,
            )  # fmt: skip
    axes.set_xlim(-0.02, _MOST_FALSE_ALARMS)
    axes.set_ylim(0.0, 1.03)
    axes.set_xlabel("false alarms per valid night")
    axes.set_ylabel("sensitivity, visible cramps")
    axes.set_title(
        "Curve: by the probability alone. Mark: the verdict `cramp`, 95 % intervals",
        fontsize=9, loc="left",
    )  # fmt: skip
    axes.grid(color="0.88", linewidth=0.6)
    axes.legend(loc="lower right", fontsize=9, handlelength=4.5)


def _calibration(axes: Axes, document: Json) -> None:
    bins = [
        one for one in document["sets"]["default"]["reliability"]["bins"] if one["cramps"]["of"]
    ]
    shares = [one["cramps"] for one in bins]
    axes.plot([0, 1], [0, 1], color="0.6", linewidth=1, linestyle="--", label="perfect")
    axes.errorbar(
        [one["mean_probability"] for one in bins], [one["value"] for one in shares],
        yerr=_arms(shares), fmt="o", color="black", markersize=6, elinewidth=0.8, capsize=2,
        label="default nights",
    )  # fmt: skip
    for one, share in zip(bins, shares, strict=True):
        axes.annotate(
            str(share["of"]), (one["mean_probability"], share["value"]), xytext=(6, -10),
            textcoords="offset points", fontsize=7.5,
        )  # fmt: skip
    axes.set_xlim(-0.03, 1.03)
    axes.set_ylim(-0.08, 1.03)
    axes.set_xlabel("probability of a cramp that was given")
    axes.set_ylabel("share that were cramps")
    axes.set_title("Calibration, with the number of verdicts", fontsize=9, loc="left")
    axes.grid(color="0.88", linewidth=0.6)
    axes.legend(loc="lower right", fontsize=9)


def _arms(several: list[Any]) -> list[list[float]]:
    """Lengths of error bars below and above."""
    return [
        [one["value"] - one["low"] for one in several],
        [one["high"] - one["value"] for one in several],
    ]
