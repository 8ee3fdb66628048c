"""The card of a trained model: all figures come from its report and its evaluation.

``python models/write_card.py boosted-3`` writes it; nobody edits what it writes.
"""

import json
import textwrap
from dataclasses import dataclass
from pathlib import Path

from evaluation import card_counts, card_limits, card_making, card_sensors, card_tables
from evaluation.card_targets import target_lines
from evaluation.card_text import CLAIM, LIMITS, NEVER_TRIED, PURPOSE, VERDICT
from evaluation.card_words import Json, number, percent, source
from evaluation.held_out import digest_of

__all__ = ["Sources", "card", "read_sources"]

#: Letters of a line.
WIDTH = 130


@dataclass(frozen=True, slots=True)
class Sources:
    """What a card is written from.

    Parameters
    ----------
    name : str
        Of the model.
    description : str
        From the model file.
    report : Json
        What training wrote beside it.
    document : Json
        What ``evaluation.run`` wrote.
    """

    name: str
    description: str
    report: Json
    document: Json


def read_sources(model: Path, evaluation: Path) -> Sources:
    """Read the model's description, its report and its evaluation.

    Raises
    ------
    ValueError
        The evaluation is of another model file.
    """
    document = json.loads(evaluation.read_text(encoding="utf-8"))
    digest = digest_of(model)
    if document["sha256"] != digest:
        raise ValueError(
            f"{evaluation.name} is of a model with SHA-256 {document['sha256'][:12]}; "
            f"expected {digest[:12]}, that of {model.name}: run `make evaluate`"
        )
    report = json.loads(model.with_suffix(".report.json").read_text(encoding="utf-8"))
    described = json.loads(model.read_text(encoding="utf-8"))["description"]
    return Sources(model.stem, described, report, document)


def card(of: Sources) -> str:
    """The whole card as Markdown."""
    lines = [f"# Model card: {of.name}", "", *_head(of), *_found(of), *_made(of)]
    text = "\n".join(_wrapped(line) for line in lines)
    return text.rstrip() + "\n"


def _wrapped(line: str) -> str:
    """Sentences in lines that can be read; tables, lists and headings stay."""
    if line.startswith(("|", "-", "#", "!", " ")) or "\n" in line:
        return line
    return textwrap.fill(line, WIDTH, break_long_words=False, break_on_hyphens=False)


def _head(of: Sources) -> list[str]:
    return [
        f"Written by `python models/write_card.py {of.name}`; every figure is from a run.", "",
        CLAIM, "",
        f"**What it is.** {of.description} SHA-256 of the file: `{of.document['sha256']}`.", "",
        PURPOSE, "",
        f"**In short.** {_short(of.document)}", "",
    ]  # fmt: skip


def _short(document: Json) -> str:
    """The default nights in plain sentences."""
    one = document["sets"]["default"]
    nights, found = one["nights"], one["cramp_only"]["detection"][0]
    seen, false = found["sensitivity_scorable"], found["per_valid_night"]
    unsure = one["unsure_per_valid_night"]
    return (
        f"{nights['nights']} simulated nights of {nights['patients']} made-up people held "
        f"{nights['cramps']} cramps. The electrode could see {seen['of']} of them (*visible*: at "
        f"least 1.5 times the resting level). The program found {seen['count']} of these "
        f"({percent(seen['value'])}). In {false['exposure']:.0f} valid nights it took something "
        f"else for a cramp {false['count']} times ({number(false['value'], 3)} a night), and left "
        f"{unsure['count']} events open as `unsure`."
    )


def _found(of: Sources) -> list[str]:
    document = of.document
    run = source(f"python -m evaluation.run models/{of.name}.json")
    return [
        "## Targets and what was found", "",
        f"Profile `{document['profile']}`. In brackets: counts and the exact 95 % interval. *Met* "
        "is said of the value itself, not of its whole interval. Levels and durations are of the "
        "default and the dense nights together.", "",
        *run, *target_lines(document),
        "## All sets of nights", "", *run, *card_tables.set_lines(document),
        "## How strong, how long", "", *run, *card_tables.strata_lines(document),
        "## Look-alikes", "", *run, *card_tables.confounder_lines(document),
        "## Curve and calibration", "",
        f"![Sensitivity against false alarms, and calibration](../evaluation/{of.name}.png)", "",
        *run, *card_tables.curve_lines(document),
        "## Alerts while a cramp lasts", "", *run, *card_counts.alert_lines(document),
        "## Counts of a night, and trials", "", *run, *card_counts.count_lines(document),
        "## Sensors", "", *run, *card_sensors.sensor_lines(document),
        "## What each variant can tell", "", *run, *card_sensors.variant_lines(document),
        "## What limits it", "", LIMITS, "",
        *run, *card_limits.limit_lines(document, list(card_tables.WORLDS)),
        "## What it was never tried on", "", NEVER_TRIED, "",
    ]  # fmt: skip


def _made(of: Sources) -> list[str]:
    trained = f"crampdetect train models/{of.name}.json --seed {of.report['seed']}"
    if of.report.get("real"):
        trained += " --real DIR --manifest models/real_manifest.tsv"
    told = source(trained)
    return [
        "## How a verdict is made", "", VERDICT, "", *card_making.profile_lines(),
        "## Features", "",
        "*More of it speaks*: which way the trees may lean, whatever the nights say. The columns: "
        "by how many per cent the loss rises on the choosing nights when the feature is shuffled; "
        "*dropped*: it helped too little and was left out; –: this variant cannot have it.", "",
        *told, *card_making.feature_lines(of.report),
        "## What it was made from", "",
        "The nights it is *tried* on are of persons drawn from the "
        "SHA-256 of the finished model file, so nothing could be fitted to them; the second set "
        "of assumptions was written before the first training and never learnt from.", "",
        *told, *card_making.provenance_lines(of.report),
        "## Settings", "", *told, *card_making.setting_lines(of.report),
    ]  # fmt: skip
