"""What limits the model: which look-alikes it took for cramps, and which cramps it missed."""

from collections import Counter

from evaluation.card_tables import plain
from evaluation.card_targets import DOCUMENTED
from evaluation.card_words import Json, number, percent, pooled_strata, share, table

__all__ = ["limit_lines"]

#: Look-alikes that are named; strata of fewer cramps say nothing.
MOST_NAMED, LEAST_CRAMPS = 6, 10
WORDS = {
    "no event": "nothing: no activity was seen there",
    "cramp, of other bounds": "a cramp, but with bounds too far off, or one for two",
    "unsure": "`unsure`",
}


def limit_lines(document: Json, worlds: list[str]) -> list[str]:
    """False alarms by cause and misses by verdict, over all worlds together."""
    return [*_false(document, worlds), *_missed(document), *_weakest(document)]


def _false(document: Json, worlds: list[str]) -> list[str]:
    false, events = Counter[str](), Counter[str]()
    for name in worlds:
        for one in document["sets"][name]["cramp_only"]["confounders"]:
            false[one["label"]] += one["false_alarms"]
            events[one["label"]] += one["events"] or 0
    total = false.total()
    if not total:
        return ["There was no false alarm.", ""]
    worst = sorted(false, key=lambda label: (-false[label], label))[:MOST_NAMED]
    rows = [
        (
            plain(label),
            str(false[label]),
            percent(false[label] / total),
            str(events[label]) if events[label] else "",
        )
        for label in worst
        if false[label]
    ]
    told = f"**What the {total} false alarms were** (the most frequent; all four sets of nights):"
    return [told, "", *table(("what was there", "false alarms", "of all", "such events"), rows)]


def _missed(document: Json) -> list[str]:
    """By what the detector called a visible cramp instead."""
    missed = document["details"]["all"]["cramp_only"]["missed"]
    total = sum(one["cramps"] for one in missed)
    if not total:
        return ["No visible cramp was missed.", ""]
    rows = [
        (
            WORDS.get(one["called"], str(one["called"]).replace("_", " ")),
            str(one["cramps"]),
            percent(one["cramps"] / total),
            number(one["median_level"], 1),
            number(one["median_duration_s"], 0),
        )
        for one in missed
    ]
    told = f"**What the {total} missed visible cramps were taken for** (all four sets of nights):"
    head = ("taken for", "cramps", "of all", "median level", "median duration (s)")
    return [told, "", *table(head, rows)]


def _weakest(document: Json) -> list[str]:
    """The level and the duration at which most is missed."""
    levels = pooled_strata(
        [document["sets"][name]["cramp_only"]["by_level"] for name in DOCUMENTED]
    )
    lengths = pooled_strata(
        [document["details"][name]["cramp_only"]["scorable_by_duration"] for name in DOCUMENTED]
    )
    told = []
    for words, strata in (
        ("{} times the resting level", {k: v for k, v in levels.items() if k != "below 1.5"}),
        ("{} s long", lengths),
    ):
        known = {label: one for label, one in strata.items() if one["of"] >= LEAST_CRAMPS}
        if known:
            label = min(known, key=lambda name: known[name]["value"])
            told.append(f"{words.format(label)}: {share(known[label])}")
    return [f"Visible cramps are found least often at {'; '.join(told)}.", ""] if told else []
