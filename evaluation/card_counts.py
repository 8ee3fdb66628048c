"""The card's tables of what counts are for: alerts, nightly counts, ratios in a trial."""

from evaluation.card_tables import BOTH, WORLDS
from evaluation.card_words import NONE, Json, number, percent, share, table

__all__ = ["alert_lines", "count_lines"]


def alert_lines(document: Json) -> list[str]:
    """How soon a person would be told."""
    rows = []
    for name in WORLDS:
        strong = document["details"][name]["alerts"]
        every = document["sets"][name]["cramp_only"]["timing"]["alert_latency_s"]
        rows.append(
            (
                name,
                share(strong["in_time"]),
                share(strong["alerted"]),
                _latency(strong["median_s"], strong["p90_s"]),
                f"{_latency(every['median'], every['p90'])} ({every['alerted']} of {every['of']})",
            )
        )
    first = document["details"]["default"]["alerts"]
    strong = f"level ≥ {first['least_level']:g}"
    head = (
        "nights", f"{strong}: alert within {first['within_s']:g} s", f"{strong}: alert at all",
        f"{strong}: from onset to alert", "all found: from onset to alert (alerted of found)",
    )  # fmt: skip
    return table(head, rows)


def _latency(median: float | None, p90: float | None) -> str:
    return NONE if median is None else f"{median:.1f} s, P90 {number(p90, 1)} s"


def count_lines(document: Json) -> list[str]:
    """How far nightly counts are off, and what a trial would estimate."""
    rows = []
    for name in WORLDS:
        figures = document["sets"][name]["cramp_only"]
        error, quiet = figures["count_error"], figures["quiet_nights"]
        limits = f"{number(error['low'])} to {number(error['high'])}"
        silent = share(quiet["without_false_alarm"])
        rows.append((name, number(error["bias"]), number(error["mean_absolute"]), limits, silent))
    head = (
        "valid nights", "found minus true cramps, mean", "mean size of the error",
        "95 % limits of agreement", "nights without a cramp that stayed silent",
    )  # fmt: skip
    return [*table(head, rows), *_ratio_lines(document)]


def _ratio_lines(document: Json) -> list[str]:
    only, both = (document["sets"]["default"][kind]["rate_ratio"] for kind in BOTH)
    rows = []
    for one, other in zip(only, both, strict=True):
        for words, got in (
            ("`cramp`", one["detector"]),
            ("`cramp` or `unsure`", other["detector"]),
            ("the true cramps", one["truth"]),
        ):
            if got is not None:
                estimate = f"{number(got['median'])} ({number(got['low'])}–{number(got['high'])})"
                shares = percent(got["coverage"]), percent(got["excludes_one"])
                rows.append((f"{one['true_ratio']:g}", words, estimate, *shares))
    if not rows:
        return ["Too few valid nights with cramps to make trials of.", ""]
    head = ("true ratio", "counted", "estimate (95 %)", "interval holds it", "interval excludes 1")
    told = (
        f"{only[0]['trials']} made-up trials of {only[0]['nights_per_phase']} nights before and "
        f"as many after, drawn from the {only[0]['from_nights']} valid default nights:"
    )
    return [told, "", *table(head, rows)]
