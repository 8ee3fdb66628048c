"""The panels of the picture of a scoring."""

import textwrap
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from crampdetect.learning.scoring_intervals import Share
from crampdetect.learning.scoring_report import Figures, Report
from crampdetect.learning.scoring_strata import Stratum

__all__ = ["draw_confounders", "draw_froc", "draw_reliability", "draw_strata"]

#: Label, shape, fill of the marks of both choices of verdicts.
_BOTH = (("cramp", "o", "black"), ("cramp or unsure", "s", "white"))
_MOST_CONFOUNDERS = 9
_LABEL_LETTERS = 32


def draw_froc(axes: Axes, report: Report) -> None:
    """Sensitivity over false alarms, with the points at which the detector works."""
    curve = report.froc
    points = [point for point in curve.points if point.sensitivity_scorable is not None]
    if points:
        axes.step(
            [0.0, *(point.false_alarms for point in points)],
            [0.0, *(point.sensitivity_scorable or 0.0 for point in points)],
            where="post", color="0.45", linewidth=1.4, label="by probability alone",
        )  # fmt: skip
    reach = 0.1
    for figures, style in zip((report.cramp_only, report.unsure_as_cramp), _BOTH, strict=True):
        reach = max(reach, _working_point(axes, figures, curve.unit, style))
    axes.set_xlim(-0.02 * reach * 2, reach * 2)
    axes.set_ylim(-0.02, 1.04)
    axes.set_xlabel(f"false alarms per {curve.unit}", fontsize=9)
    axes.set_title("Sensitivity (scorable) and false alarms", fontsize=10, loc="left")
    axes.grid(color="0.88", linewidth=0.6)
    axes.tick_params(labelsize=8.5)
    if axes.get_legend_handles_labels()[0]:
        axes.legend(loc="lower right", fontsize=8, frameon=True, framealpha=0.9)
    else:
        axes.text(0.5, 0.5, "no scorable cramps", ha="center", transform=axes.transAxes, fontsize=9)


def _working_point(axes: Axes, figures: Figures, unit: str, style: tuple[str, str, str]) -> float:
    """Draw it and return how far right it reaches."""
    label, shape, fill = style
    found = figures.primary
    rate = found.per_valid_night if unit == "valid night" else found.per_8_valid_hours
    seen = found.sensitivity_scorable
    if seen.value is None or rate.value is None or rate.low is None or rate.high is None:
        return 0.0
    axes.errorbar(
        [rate.value], [seen.value],
        xerr=[[rate.value - rate.low], [rate.high - rate.value]], yerr=_arms([seen]),
        fmt=shape, color="black", markerfacecolor=fill, markersize=6, elinewidth=0.9, capsize=2,
        label=f"verdict {label}", zorder=3,
    )  # fmt: skip
    return rate.high


def draw_strata(axes: Axes, both: Sequence[Sequence[Stratum]]) -> None:
    """Sensitivity in each stratum, with the number of cramps below it."""
    strata = both[0]
    for shift, each, (label, shape, fill) in zip((-0.13, 0.13), both, _BOTH, strict=True):
        known = [k for k, stratum in enumerate(each) if stratum.sensitivity.value is not None]
        shares = [each[k].sensitivity for k in known]
        axes.errorbar(
            [k + shift for k in known], [share.value or 0.0 for share in shares],
            yerr=_arms(shares), fmt=shape, color="black", markerfacecolor=fill, markersize=5,
            elinewidth=0.9, capsize=2, label=label,
        )  # fmt: skip
    axes.set_xticks(
        range(len(strata)),
        [f"{stratum.label}\nn={stratum.sensitivity.of}" for stratum in strata],
        rotation=38, ha="right", rotation_mode="anchor", fontsize=8,
    )  # fmt: skip
    axes.set_xlim(-0.6, len(strata) - 0.4)
    axes.set_ylim(-0.02, 1.04)
    axes.grid(axis="y", color="0.88", linewidth=0.6)
    axes.tick_params(axis="y", labelsize=8.5)


def draw_confounders(axes: Axes, report: Report) -> None:
    """False alarms by what was there, the worst first."""
    rows = [row for row in report.cramp_only.confounders if row.false_alarms][:_MOST_CONFOUNDERS]
    axes.set_title("False alarms by what was there", fontsize=10, loc="left")
    if not rows:
        axes.text(0.5, 0.5, "no false alarms", ha="center", va="center", fontsize=9)
        axes.set_xticks([])
        axes.set_yticks([])
        return
    counts = [row.false_alarms for row in rows]
    places = list(range(len(rows)))
    axes.barh(places, counts, color="0.75", edgecolor="black", linewidth=0.8, height=0.62)
    for place, row in zip(places, rows, strict=True):
        of = "" if row.accepted is None else f" ({row.accepted.count} of {row.events})"
        axes.text(row.false_alarms, place, f" {row.false_alarms}{of}", va="center", fontsize=8)
    names = [textwrap.shorten(row.label.replace("_", " "), 60) for row in rows]
    axes.set_yticks(places, [textwrap.fill(name, _LABEL_LETTERS) for name in names], fontsize=8)
    axes.set_ylim(max(len(rows), 4) - 0.4, -0.6)
    axes.set_xlim(0, max(counts) * 1.45)
    axes.set_xlabel("false alarms (events taken for a cramp)", fontsize=9)
    axes.tick_params(axis="x", labelsize=8.5)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))


def draw_reliability(axes: Axes, report: Report) -> None:
    """Share of cramps over the probability that the detector gave."""
    bins = [each for each in report.reliability.bins if each.cramps.of]
    axes.plot([0, 1], [0, 1], color="0.6", linewidth=1, linestyle="--", label="perfect")
    axes.errorbar(
        [each.mean_probability or 0.0 for each in bins],
        [each.cramps.value or 0.0 for each in bins],
        yerr=_arms([each.cramps for each in bins]), fmt="o", color="black", markersize=5,
        elinewidth=0.9, capsize=2, label="verdicts",
    )  # fmt: skip
    axes.set_xlim(-0.03, 1.03)
    axes.set_ylim(-0.03, 1.03)
    axes.set_xlabel("probability given", fontsize=9)
    brier = report.reliability.brier
    said = "" if brier is None else f" (Brier {brier:.3f}, n={report.reliability.verdicts})"
    axes.set_title(f"Calibration: share of cramps{said}", fontsize=10, loc="left")
    axes.grid(color="0.88", linewidth=0.6)
    axes.tick_params(labelsize=8.5)
    axes.legend(loc="upper left", fontsize=8, frameon=False)


def _arms(shares: Sequence[Share]) -> list[list[float]]:
    """Lengths of error bars below and above."""
    known = [(share.value or 0.0, share) for share in shares]
    return [
        [value - share.low for value, share in known],
        [share.high - value for value, share in known],
    ]
