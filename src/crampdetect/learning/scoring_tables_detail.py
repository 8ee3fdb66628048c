"""The figures of a report as lines for people: strata, confounders, curves, trials. Pure."""

from collections.abc import Sequence

from crampdetect.learning.scoring_report import Figures, Report
from crampdetect.learning.scoring_strata import Stratum
from crampdetect.learning.scoring_words import (
    NONE,
    columns,
    counted,
    figure,
    rate_words,
    share_words,
)

__all__ = [
    "confounders_lines",
    "deciles_lines",
    "froc_lines",
    "rate_ratio_lines",
    "reliability_lines",
    "strata_lines",
]


def strata_lines(title: str, both: Sequence[Sequence[Stratum]]) -> list[str]:
    """Sensitivity in each stratum, for both choices of verdicts.

    Examples
    --------
    >>> strata_lines("by level", [[], []])
    ['by level  cramp  cramp or unsure']
    """
    rows = [
        (strata[0].label, *(share_words(each.sensitivity) for each in strata))
        for strata in zip(*both, strict=True)
    ]
    return columns((title, "cramp", "cramp or unsure"), rows)


def deciles_lines(strata: Sequence[Stratum]) -> list[str]:
    """Sensitivity in each decile of the level; nothing where no level is known.

    Examples
    --------
    >>> deciles_lines([])
    []
    """
    rows = [(each.label, share_words(each.sensitivity)) for each in strata]
    return columns(("by decile of plateau over floor", "cramp"), rows) if rows else []


def confounders_lines(figures: Figures) -> list[str]:
    """What false alarms were really.

    Examples
    --------
    >>> from crampdetect.learning.scoring import score
    >>> confounders_lines(score([]).cramp_only)
    []
    """
    rows = [
        (
            row.label,
            NONE if row.events is None else str(row.events),
            NONE if row.accepted is None else figure(row.accepted.value, 4),
            str(row.false_alarms),
            rate_words(row.per_valid_night),
        )
        for row in figures.confounders
    ]
    head = ("false alarms by what was there", "events", "accepted", "alarms", "a valid night")
    return columns(head, rows) if rows else []


def froc_lines(report: Report) -> list[str]:
    """The threshold curve read at round false-alarm rates.

    Examples
    --------
    >>> from crampdetect.learning.scoring import score
    >>> froc_lines(score([]))[-1]
    'by a threshold on the probability alone'
    """
    row = ("sensitivity, scorable", *(figure(value, 3) for _, value in report.froc.read_at))
    head = (
        f"false alarms per {report.froc.unit} at most",
        *(f"{rate:g}" for rate, _ in report.froc.read_at),
    )
    return [*columns(head, [row]), "by a threshold on the probability alone"]


def reliability_lines(report: Report) -> list[str]:
    """Calibration of the probability.

    Examples
    --------
    >>> from crampdetect.learning.scoring import score
    >>> reliability_lines(score([]))[-1]
    'Brier score - over 0 verdicts (- by always saying -)'
    """
    found = report.reliability
    rows = [
        (
            f"{each.low:.1f} to {each.high:.1f}",
            figure(each.mean_probability),
            share_words(each.cramps),
        )
        for each in found.bins
        if each.cramps.of
    ]
    brier = (
        f"Brier score {figure(found.brier, 4)} over {counted(found.verdicts, 'verdict')} "
        f"({figure(found.brier_of_base_rate, 4)} by always saying {figure(found.base_rate, 3)})"
    )
    return [*columns(("probability", "mean", "were cramps"), rows), brier]


def rate_ratio_lines(both: Sequence[Figures]) -> list[str]:
    """What simulated trials would estimate.

    Examples
    --------
    >>> from crampdetect.learning.scoring import score
    >>> rate_ratio_lines([score([]).cramp_only] * 2)
    ['rate ratios: too few valid nights with cramps to simulate trials']
    """
    first = both[0].rate_ratio[0]
    rows = []
    for place, each in enumerate(both[0].rate_ratio):
        named = (
            ("cramp", each.detector),
            ("cramp or unsure", both[1].rate_ratio[place].detector),
            ("the truth", each.truth),
        )
        for name, got in named:
            if got is not None:
                spread = f"{got.median:.2f} ({got.low:.2f} to {got.high:.2f})"
                numbers = (f"{got.coverage:.3f}", f"{got.excludes_one:.3f}")
                rows.append((f"{each.true_ratio:g} counted by {name}", spread, *numbers))
    if not rows:
        return ["rate ratios: too few valid nights with cramps to simulate trials"]
    head = ("true rate ratio", "estimate (95 %)", "coverage", "excludes 1")
    what = f"{first.trials} trials of {first.nights_per_phase} + {first.nights_per_phase} nights"
    return [*columns(head, rows), f"{what}, drawn from {first.from_nights}"]
