"""The targets of the project beside what was found."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from evaluation.card_words import NONE, Json, number, percent, pooled_strata, rate, share, table

__all__ = ["Row", "target_lines", "targets"]

#: Sets that are as documented; together where strong and weak, long and short are told apart.
DOCUMENTED = ("default", "dense")
KINDS = ("cramp_only", "unsure_as_cramp")
_VALID_TIME = "truly valid time that was taken for valid"
#: A value, and the words for it.
Found = tuple[float | None, str]


@dataclass(frozen=True, slots=True)
class Row:
    """One target.

    Parameters
    ----------
    label, target : str
    found : Found
        For verdicts `cramp`.
    with_unsure : Found or None
        With `unsure` counted as cramp; None where that makes no difference.
    least, most : float
    """

    label: str
    target: str
    found: Found
    with_unsure: Found | None
    least: float = -math.inf
    most: float = math.inf

    @property
    def met(self) -> bool | None:
        """Whether the value is within its limits; None where there is no target."""
        if not self.target:
            return None
        return self.found[0] is not None and self.least <= self.found[0] <= self.most


def targets(document: Json) -> list[Row]:
    """All targets, in order."""
    default = document["sets"]["default"]
    unsure, valid = default["unsure_per_valid_night"], default["nights"]["valid_share"]
    return [
        *_sensitivity(document),
        _false_alarms(document, "default", 0.05),
        _false_alarms(document, "heavy", 0.1),
        *_times(default),
        Row("`unsure` a night", "≤ 0.3", (unsure["value"], rate(unsure)), None, most=0.3),
        Row(_VALID_TIME, "≥ 95 %", (valid, percent(valid)), None, least=0.95),
    ]


def target_lines(document: Json) -> list[str]:
    """The table, and how many are met."""
    rows = targets(document)
    judged = [row for row in rows if row.met is not None]
    missed = [row.label for row in judged if not row.met]
    told = f"{len(judged) - len(missed)} of {len(judged)} targets are met."
    if missed:
        told += f" **Not met: {'; '.join(missed)}.**"
    cells = [
        (
            row.label,
            row.target or "told, no target",
            row.found[1],
            NONE if row.with_unsure is None else row.with_unsure[1],
            {True: "met", False: "**NOT met**", None: ""}[row.met],
        )
        for row in rows
    ]
    head = ("figure", "target", "found: `cramp`", "found: `cramp` or `unsure`", "")
    return [told, "", *table(head, cells)]


def _sensitivity(document: Json) -> list[Row]:
    sets, told = document["sets"], document["details"]
    primary = [sets["default"][kind]["detection"][0] for kind in KINDS]
    levels = [pooled_strata([sets[name][kind]["by_level"] for name in DOCUMENTED])["2 to 4"]
              for kind in KINDS]  # fmt: skip
    short = [pooled_strata([told[name][kind]["scorable_by_duration"] for name in DOCUMENTED])
             ["10 to 20"] for kind in KINDS]  # fmt: skip
    return [
        _least("sensitivity, cramps that the electrode can see", 0.95,
               [one["sensitivity_scorable"] for one in primary]),
        _least("sensitivity, all cramps", None, [one["sensitivity_all"] for one in primary]),
        _least("sensitivity at 2 to 4 times the resting level", 0.9, levels),
        _least("sensitivity, 10 to 20 s long", 0.85, short),
    ]  # fmt: skip


def _least(label: str, least: float | None, both: Sequence[Json]) -> Row:
    only, with_unsure = ((one["value"], _by_persons(one)) for one in both)
    if least is None:
        return Row(label, "", only, with_unsure)
    return Row(label, f"≥ {least * 100:.0f} %", only, with_unsure, least=least)


def _by_persons(one: Json) -> str:
    """With the interval by drawing persons again, where there is one."""
    low, high = one.get("bootstrap_low"), one.get("bootstrap_high")
    words = share(one)
    if low is None or high is None:
        return words
    return f"{words[:-1]}; by persons {low * 100:.1f}–{high * 100:.1f})"


def _false_alarms(document: Json, name: str, most: float) -> Row:
    only, both = (document["sets"][name][kind]["detection"][0]["per_valid_night"] for kind in KINDS)
    label = "false alarms a valid night" + (", many look-alikes" if name == "heavy" else "")
    return Row(
        label, f"≤ {most:g}", (only["value"], rate(only)), (both["value"], rate(both)), most=most
    )


def _times(default: Json) -> list[Row]:
    only, both = (default[kind]["timing"] for kind in KINDS)

    def row(label: str, least: float, most: float, of: Callable[[Json], Found]) -> Row:
        target = f"≤ {most:g} s" if least == 0 else f"{least:g} to {most:g}"
        return Row(label, target, of(only), of(both), least, most)

    return [
        row("onset error, median", 0, 2, lambda one: _seconds(one, "absolute_median")),
        row("onset error, 90th percentile", 0, 10, lambda one: _seconds(one, "absolute_p90")),
        row("found over true duration, median (quartiles)", 0.9, 1.1, _ratio),
    ]


def _seconds(timing: Json, key: str) -> Found:
    value = timing["onset_error_s"][key]
    cramps = timing["onset_error_s"]["cramps"]
    return value, NONE if value is None else f"{value:.2f} s ({cramps} cramps)"


def _ratio(timing: Json) -> Found:
    spread = timing["log_duration_ratio"]
    if spread["median"] is None:
        return None, NONE
    middle, low, high = (
        math.exp(spread[key]) for key in ("median", "lower_quartile", "upper_quartile")
    )
    return middle, f"{number(middle)} ({number(low)}–{number(high)})"
