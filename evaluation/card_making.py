"""How the model was made: nights, settings, features, profiles."""

from crampdetect.detection.event_table import EVENT_FEATURES
from crampdetect.detection.profiles import PROFILES
from crampdetect.learning.boosting import DIRECTION, NOT_OFFERED
from crampdetect.learning.choosing import USUAL_CRAMPS
from crampdetect.learning.night_plans import DENSE, ROLES, SENSORS
from crampdetect.simulation.worlds import CHOICES, STRESS
from evaluation.card_words import NONE, Json, number, table

__all__ = ["feature_lines", "profile_lines", "provenance_lines", "setting_lines"]

LEANS = {-1: "never for a cramp", 1: "never against", 0: "free"}
#: What the nights of a role are for, and which.
USES = {
    "train": "learnt from; half as documented, half each of a world drawn anew",
    "mine": "no cramps, look-alikes doubled, worlds drawn anew: hard look-alikes are learnt again",
    "mine again": "the same, a second time",
    "choose": "settings and features are chosen here; half as documented, half drawn anew",
    "calibrate": "probabilities are set here; half as documented, half drawn anew",
}


def provenance_lines(report: Json) -> list[str]:
    """Which nights, of whom, and whether real material was mixed in."""
    nights, seed = report.get("nights", {}), report["seed"]
    rows = [
        (
            role,
            str(nights.get(role.removesuffix(" again"), NONE)),
            f"{ROLES[role] + seed * 10_000} and on",
            use,
        )
        for role, use in USES.items()
    ]
    lines = table(("nights", "how many", "persons (seeds)", "what for"), rows)
    if not nights:
        lines += ["The report does not say how many nights there were.", ""]
    lines += [
        f"Seed {seed}. Each night is 8 h of another made-up person; nobody is in two roles. Nights "
        f"with cramps have {DENSE:g} on average; for choosing and calibrating, weights make them "
        f"as rare as {USUAL_CRAMPS:g} a night. Recorded in turn with the sensors "
        f"{', '.join(dict.fromkeys(SENSORS))}. A world drawn anew draws "
        f"{len(STRESS) + len(CHOICES)} numbers of the simulator, each within its range "
        "([docs/simulation.md](../docs/simulation.md)), so that what nobody knows is not leant on.",
        "",
        _real(report),
        "",
    ]
    return lines


def _real(report: Json) -> str:
    real = report.get("real")
    if not real:
        return "Real recordings: the report names none that were learnt from."
    told = ", ".join(f"{value} {name}" for name, value in real.items())
    return (
        f"Real recordings were mixed in ({told}), none of them of a cramp; which, with licence and "
        "SHA-256: [real_manifest.tsv](real_manifest.tsv), [real_subjects.tsv](real_subjects.tsv)."
    )


def setting_lines(report: Json) -> list[str]:
    """What was tried for each variant, and chosen."""
    variants: Json = report["variants"]
    rows = []
    for name, one in variants.items():
        rounds = ", ".join(str(count) for count in one["hard look-alikes"])
        slope, offset = one["calibration"]
        chosen = _settings(one["settings"])
        rows.append(
            (name, str(one["rows"]), str(one["cramps"]), rounds, chosen, number(one["loss"], 5),
             f"{number(slope, 3)}, {number(offset, 3)}")
        )  # fmt: skip
    head = (
        "variant", "events learnt from", "of them cramps", "hard look-alikes added",
        "settings chosen", "loss", "calibration: slope, offset",
    )  # fmt: skip
    tried = [
        (
            _settings(settings),
            *(number(one["tried"][place]["loss"], 5) for one in variants.values()),
        )
        for place, settings in enumerate(
            each["settings"] for each in next(iter(variants.values()))["tried"]
        )
    ]
    told = "Tried, with the loss (mean negative log likelihood, in nats) on the choosing nights:"
    return [*table(head, rows), told, "", *table(("settings", *variants), tried)]


def _settings(settings: Json) -> str:
    return ", ".join(f"{name} {value:g}" for name, value in settings.items())


def feature_lines(report: Json) -> list[str]:
    """Every event feature, what it may say, and by how much it helps each variant."""
    variants: Json = report["variants"]
    rows = []
    for name, words in EVENT_FEATURES.items():
        lean = "not offered" if name in NOT_OFFERED else LEANS[DIRECTION.get(name, 0)]
        rows.append((f"`{name}`", words, lean, *(_help(one, name) for one in variants.values())))
    return table(("feature", "what it is", "more of it speaks", *variants), rows)


def _help(variant: Json, name: str) -> str:
    """By how many per cent the loss rises when the feature is shuffled."""
    if name not in variant["help"]:
        return NONE
    base = min(one["loss"] for one in variant["tried"])
    told = f"{100 * variant['help'][name] / base:+.1f}"
    return f"{told}, dropped" if name in variant["dropped"] else told


def profile_lines() -> list[str]:
    """Where each profile draws its lines."""
    rows = [
        (f"`{short}` ({one.name})", f"p ≥ {one.cramp:g}", f"p ≥ {one.unsure:g}",
         f"{one.on:g} times rest", f"{one.off:g} times rest")
        for short, one in PROFILES.items()
    ]  # fmt: skip
    return table(("profile", "cramp", "unsure", "activity opens at", "and ends below"), rows)
