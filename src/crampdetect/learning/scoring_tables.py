"""The figures of a report as lines for people. Pure."""

from collections.abc import Sequence

from crampdetect.learning.scoring_intervals import Rate, Share
from crampdetect.learning.scoring_report import Figures, Report
from crampdetect.learning.scoring_tables_detail import (
    confounders_lines,
    deciles_lines,
    froc_lines,
    rate_ratio_lines,
    reliability_lines,
    strata_lines,
)
from crampdetect.learning.scoring_words import (
    LENGTHS_ONLY,
    NONE,
    columns,
    counted,
    figure,
    rate_words,
    share_words,
    spread_words,
)

__all__ = ["report_lines"]

#: Unsure verdicts a night that the claims of this project allow.
_MOST_UNSURE = 0.3
#: Valid time over truly valid time that they ask for.
_LEAST_VALID = 0.95
_CRITERIA = {"iou_0.2": "IoU 0.2", "iou_0.5": "IoU 0.5", "onset_15s": "onset within 15 s"}


def report_lines(report: Report, detectors: Sequence[str] = ()) -> list[str]:
    """The whole report.

    Parameters
    ----------
    report : Report
    detectors : sequence of str
        What made the verdicts, for the head.

    Examples
    --------
    >>> from crampdetect.learning.scoring import score
    >>> report_lines(score([]))[0]
    'There are no nights, so there are no figures.'
    """
    both = (report.cramp_only, report.unsure_as_cramp)
    parts = [
        _head(report, detectors),
        _merging(report),
        _detection(both),
        _unsure(report),
        _timing(both),
        _nights(both),
        strata_lines("sensitivity by plateau over floor", [each.by_level for each in both]),
        strata_lines("sensitivity by duration in s", [each.by_duration for each in both]),
        deciles_lines(report.cramp_only.by_level_decile),
        confounders_lines(report.cramp_only),
        froc_lines(report),
        reliability_lines(report),
        rate_ratio_lines(both),
    ]
    lines: list[str] = []
    for part in parts:
        lines += ["", *part] if lines and part else part
    return lines


def _head(report: Report, detectors: Sequence[str]) -> list[str]:
    nights = report.nights
    share = nights.valid_share
    short = (
        "" if share is None or share >= _LEAST_VALID else f"; expected {_LEAST_VALID * 100:.0f} %"
    )
    return [
        report.claim,
        *(f"detector: {name}" for name in detectors),
        f"{counted(nights.nights, 'night')} of {counted(nights.patients, 'patient')}, "
        f"{nights.valid_nights} of them valid (4 valid hours and 70 %)",
        f"{counted(nights.cramps, 'true cramp')}, {nights.scorable_cramps} of them scorable "
        f"(plateau at least 1.5 x floor); {nights.censored_cramps} more in invalid time",
        f"valid time {nights.valid_h:.1f} h of {nights.truly_valid_h:.1f} h truly valid"
        + ("" if share is None else f" ({share * 100:.1f} %{short})"),
        *([LENGTHS_ONLY] if share is not None and nights.by_lengths else []),
    ]


def _merging(report: Report) -> list[str]:
    rule = report.merging
    rows = [
        ("true cramps", *(str(each) for each in rule.true_cramps)),
        ("found cramps", *(str(each) for each in rule.found_cramps)),
    ]
    head = ("one cramp if closer than", *(f"{each} s" for each in rule.within_s))
    pairs = counted(rule.ambiguous_pairs, "pair")
    return [*columns(head, rows), f"{pairs} of true cramps 30 to 60 s apart (ambiguous)"]


def _detection(both: Sequence[Figures]) -> list[str]:
    rows: list[tuple[str, ...]] = []
    for place, name in enumerate(_CRITERIA.values()):
        found = [each.detection[place] for each in both]
        each_share: list[tuple[str, list[Share]]] = [
            ("sensitivity, scorable", [each.sensitivity_scorable for each in found]),
            ("sensitivity, all", [each.sensitivity_all for each in found]),
            ("predictive value", [each.positive_predictive_value for each in found]),
        ]
        each_rate: list[tuple[str, list[Rate]]] = [
            ("false alarms a valid night", [each.per_valid_night for each in found]),
            ("false alarms per 8 valid h", [each.per_8_valid_hours for each in found]),
        ]
        rows.append((f"matched by {name}", "", ""))
        rows += [(f"  {label}", *map(share_words, shares)) for label, shares in each_share]
        rows.append(("  F1", *(figure(each.f1, 3) for each in found)))
        rows += [(f"  {label}", *map(rate_words, rates)) for label, rates in each_rate]
    head = ("with 95 % intervals", "cramp", "cramp or unsure")
    return [*columns(head, rows), "exact intervals (those of sensitivity also by drawing patients)"]


def _unsure(report: Report) -> list[str]:
    rate = report.unsure_per_valid_night
    verdict = ""
    if rate.value is not None:
        verdict = " (within" if rate.value <= _MOST_UNSURE else " (more than"
        verdict += f" the {_MOST_UNSURE:g} that are allowed)"
    return [
        f"unsure a valid night: {rate_words(rate)}{verdict}",
        f"unsure per 8 valid h: {rate_words(report.unsure_per_8_valid_hours)}",
    ]


def _timing(both: Sequence[Figures]) -> list[str]:
    times = [each.timing for each in both]
    rows = [
        ("onset error in s", *(spread_words(each.onset_error_s) for each in times)),
        ("offset error in s", *(spread_words(each.offset_error_s) for each in times)),
        (
            "log duration ratio",
            *(
                f"{figure(each.median)} ({figure(each.lower_quartile)} to "
                f"{figure(each.upper_quartile)})"
                for each in (time.log_duration_ratio for time in times)
            ),
        ),
        (
            "alert latency in s",
            *(
                f"{figure(each.median, 1)}, P90 {figure(each.p90, 1)} "
                f"({each.alerted} of {each.of} with an alert)"
                if each.alerted
                else "no times of alerts"
                for each in (time.alert_latency_s for time in times)
            ),
        ),
    ]
    return columns(("of found cramps", "cramp", "cramp or unsure"), rows)


def _nights(both: Sequence[Figures]) -> list[str]:
    errors, quiet = [each.count_error for each in both], [each.quiet_nights for each in both]
    rows = [
        ("bias of the nightly count", *(figure(each.bias, signed=True) for each in errors)),
        ("  mean absolute error", *(figure(each.mean_absolute) for each in errors)),
        (
            "  95 % limits of agreement",
            *(
                NONE if each.low is None else f"{figure(each.low)} to {figure(each.high)}"
                for each in errors
            ),
        ),
        (
            f"{counted(quiet[0].nights, 'night')} without a cramp",
            *(f"silent {share_words(each.without_false_alarm)}" for each in quiet),
        ),
        ("  false alarms a night", *(rate_words(each.false_alarms) for each in quiet)),
    ]
    return columns(("valid nights", "cramp", "cramp or unsure"), rows)
