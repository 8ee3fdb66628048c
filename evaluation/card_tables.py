"""The card's tables of figures: sets, strong and weak, look-alikes, the curve."""

from evaluation.card_targets import DOCUMENTED
from evaluation.card_words import (
    NONE,
    Json,
    number,
    percent,
    pooled_strata,
    rate,
    share,
    spread,
    table,
)
from evaluation.held_out import DENSE_CRAMPS

__all__ = [
    "THREE",
    "WORLDS",
    "confounder_lines",
    "curve_lines",
    "plain",
    "set_lines",
    "strata_lines",
]

#: Sets that are no sensor's, and what they are.
WORLDS = {
    "default": "as documented",
    "dense": f"as documented, {DENSE_CRAMPS:g} cramps a night",
    "heavy": "look-alikes two to three times as often",
    "other": "second set of assumptions, kept for tests",
}
#: Of false alarms beside a true cramp.
WORDS = {
    "cramp found already": "a cramp that another verdict found",
    "cramp missed, overlap too small": "a cramp, but with bounds too far off",
}
#: Those whose look-alikes differ.
THREE = ("default", "heavy", "other")
BOTH = ("cramp_only", "unsure_as_cramp")


def set_lines(document: Json) -> list[str]:
    """One row a set of nights."""
    rows = []
    for name, words in WORLDS.items():
        one = document["sets"][name]
        nights, figures = one["nights"], one["cramp_only"]
        found = figures["detection"][0]
        rows.append(
            (
                f"{name}: {words}",
                f"{nights['nights']} ({nights['valid_nights']})",
                f"{nights['cramps']} ({nights['scorable_cramps']})",
                share(found["sensitivity_scorable"]),
                share(found["sensitivity_all"]),
                rate(found["per_valid_night"]),
                rate(one["unsure_per_valid_night"]),
                spread(figures["timing"]["onset_error_s"]),
                percent(nights["valid_share"]),
            )
        )
    head = (
        "nights", "nights (valid)", "cramps (visible)", "sensitivity, visible", "sensitivity, all",
        "false alarms a valid night", "`unsure` a valid night", "onset error", "valid time",
    )  # fmt: skip
    return table(head, rows)


def strata_lines(document: Json) -> list[str]:
    """Sensitivity by level and by duration."""
    sets = [document["sets"][name] for name in DOCUMENTED]
    told = [document["details"][name] for name in DOCUMENTED]
    levels = [pooled_strata([one[kind]["by_level"] for one in sets]) for kind in BOTH]
    rows = [
        (f"{label} times rest", *(share(each[label]) for each in levels)) for label in levels[0]
    ]
    lines = table(("plateau over rest", "`cramp`", "`cramp` or `unsure`"), rows)
    seen = [pooled_strata([one[kind]["scorable_by_duration"] for one in told]) for kind in BOTH]
    every = pooled_strata([one["cramp_only"]["by_duration"] for one in sets])
    rows = [
        (f"{label} s", share(only), share(both), share(all_of_them))
        for (label, only), both, all_of_them in zip(
            seen[0].items(), seen[1].values(), every.values(), strict=True
        )
    ]
    head = ("duration", "`cramp`, visible", "`cramp` or `unsure`, visible", "`cramp`, all")
    return [*lines, *table(head, rows)]


def confounder_lines(document: Json) -> list[str]:
    """Every sort of look-alike: how many happened and how many were taken for a cramp."""
    by_set = [
        {one["label"]: one for one in document["sets"][name]["cramp_only"]["confounders"]}
        for name in THREE
    ]
    labels = {label for one in by_set for label in one}
    rows = []
    for label in labels:
        there = [one.get(label) for one in by_set]
        false = sum(one["false_alarms"] for one in there if one)
        events = sum(one["events"] or 0 for one in there if one)
        rows.append((-false, -events, label, [_accepted(one) for one in there]))
    head = ("what was there", *(f"{name}: taken for a cramp" for name in THREE), "false alarms")
    return table(
        head,
        [(plain(label), *cells, str(-false)) for false, _, label, cells in sorted(rows)],
    )


def _accepted(one: Json | None) -> str:
    if one is None:
        return NONE
    if one["accepted"] is None:
        return str(one["false_alarms"])
    return f"{one['accepted']['count']} of {one['events']}"


def plain(label: str) -> str:
    """The label of a sort of event in words.

    Examples
    --------
    >>> plain("limb_movement: periodic series")
    'limb movement: periodic series'
    """
    return WORDS.get(label, label).replace("_", " ").replace("|", "/")


def curve_lines(document: Json) -> list[str]:
    """Sensitivity at round rates of false alarms, and the calibration in a sentence."""
    curves = {name: document["sets"][name]["froc"] for name in THREE}
    read = curves["default"]["read_at"]
    head = ("false alarms a valid night at most", *(f"{most:g}" for most, _ in read))
    lines = table(
        head,
        [
            (f"sensitivity, visible: {name}", *(percent(value) for _, value in curve["read_at"]))
            for name, curve in curves.items()
        ],
    )
    found = document["sets"]["default"]["reliability"]
    told = (
        f"Brier score of the probability on the default nights: {number(found['brier'], 4)} over "
        f"{found['verdicts']} verdicts ({number(found['brier_of_base_rate'], 4)} by always saying "
        f"{number(found['base_rate'], 3)}; 0 is perfect)."
    )
    return [*lines, told, ""]
