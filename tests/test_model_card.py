"""The model cards say what the code, the model files and the runs say."""

import json
import re
from fractions import Fraction
from pathlib import Path

import pytest
from evaluation.card import card, read_sources
from evaluation.held_out import digest_of

from crampdetect.detection.event_table import EVENT_FEATURES
from crampdetect.detection.model import LARGEST_MODEL
from crampdetect.detection.model_schema import LINKS, TRANSFORMS, Variant
from crampdetect.detection.profiles import PROFILES
from crampdetect.detection.types import SignalInfo
from crampdetect.resources import model_names
from tests.streams import ROOT, rules_model
from tests.test_model_hostile import RULES

FOLDER, EVALUATION = ROOT / "models", ROOT / "evaluation"
CARD = (FOLDER / "rules-1.md").read_text(encoding="utf-8")
INDEX = (FOLDER / "README.md").read_text(encoding="utf-8")
#: Models that were trained, whose cards are written by a program.
TRAINED = sorted(path.name.split(".")[0] for path in FOLDER.glob("*.report.json"))
MODEL = rules_model()
VARIANTS = {
    "acc3": MODEL.variant("spectral", "acc3"),
    "none": MODEL.variant("spectral", "none"),
}
#: What a feature needs beside EMG, by the beginning of its name.
NEEDS = {
    ("still_", "longest_still", "moving_", "motion_"): "motion",
    ("upright_", "turned_"): "3 axes",
    ("median_frequency", "high_frequency"): "spectrum",
}


def table(heading: str, columns: int, text: str = CARD) -> list[list[str]]:
    """Rows of the first table below `heading`, its own head left out."""
    below = text.split(heading + "\n", 1)[1]
    lines = re.search(r"(?:^\|.*\n)+", below, re.MULTILINE)
    if lines is None:
        raise AssertionError(f"no table below {heading}")
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines[0].splitlines()[2:]]
    assert all(len(row) == columns for row in rows)
    return rows


def asked(variant: Variant) -> set[str]:
    (tree,) = variant.trees
    pairs = zip(tree.feature, tree.left, strict=True)
    return {variant.inputs[index].feature for index, left in pairs if left >= 0}


def inputs_table() -> str:
    """The table of the inputs, as it must stand in the card."""
    lines = [
        "| input | what it is | needs | asked by rules-1 | if absent |",
        "|---|---|---|---|---|",
    ]
    for name, text in EVENT_FEATURES.items():
        needs = "".join(what for starts, what in NEEDS.items() if name.startswith(starts))
        users = [motion for motion, variant in VARIANTS.items() if name in asked(variant)]
        absent = {
            one.missing
            for variant in VARIANTS.values()
            for one in variant.inputs
            if one.feature == name
        }
        shown = ", ".join(f"{value:g}" for value in sorted(absent))
        lines.append(f"| `{name}` | {text} | {needs} | {', '.join(users)} | {shown} |")
    return "\n".join(lines) + "\n"


def test_the_inputs_are_the_event_features() -> None:
    part = re.search(r"<!-- inputs: begin .*-->\n(.*)<!-- inputs: end -->", CARD, re.DOTALL)
    assert part is not None
    # If this fails, put the expected table between the two marks.
    assert part[1].strip("\n") == inputs_table().strip("\n")


def test_what_needs_motion_is_absent_without_it() -> None:
    for row in table("by tests/test_model_card.py) -->", 5):
        assert row[2] == "" or "none" not in row[3]


def test_the_rules_are_the_questions_of_the_model() -> None:
    told = set()
    for question, where, decides, source in table("## Rules", 4):
        found = re.fullmatch(r"`(\w+)` ≥ ([\d.]+)", question)
        assert found is not None
        assert decides
        assert re.search(r"\[(V2?|D|A|R-[hml])(/A)?\]", source)
        told |= {(motion, found[1], float(found[2])) for motion in where.split(", ")}
    built = {
        (motion, variant.inputs[feature].feature, round(threshold, 6))
        for motion, variant in VARIANTS.items()
        for feature, threshold, left in zip(
            variant.trees[0].feature,
            variant.trees[0].threshold,
            variant.trees[0].left,
            strict=True,
        )
        if left >= 0
    }
    assert told == built


def test_the_profiles_are_those_of_the_code() -> None:
    rows = table("the profile's two lines:", 3)
    assert {row[0].strip("`"): row[1:] for row in rows} == {
        name: [f"p ≥ {one.cramp:g}", f"p ≥ {one.unsure:g}"] for name, one in PROFILES.items()
    }


def test_the_sensors_have_the_capability_of_their_rate() -> None:
    rows = table("## Sensors", 7, INDEX)
    assert len(rows) >= 10
    for sensor, rate, comb, axes, capability, variant, _ in rows:
        info = SignalInfo("emg", ("EMG",), Fraction(rate), "uV", comb_filtered=comb == "yes")
        assert (sensor, capability) == (sensor, info.capability)
        assert (sensor, variant) == (sensor, "acc3" if axes == "3" else "none")


def test_every_field_of_the_format_is_documented() -> None:
    documented = INDEX.split("# The file\n", 1)[1]
    variant = RULES["variants"][0]
    fields = {*RULES, *variant, *variant["inputs"][0], *variant["trees"][0], *LINKS, *TRANSFORMS}
    missing = [name for name in fields if f"`{name}`" not in documented]
    assert missing == []
    assert f"{LARGEST_MODEL // 2**20} MiB" in documented


def test_the_card_is_of_this_model_and_says_what_it_is_not() -> None:
    assert f"# Model card: {MODEL.name}\n" in CARD
    for words in ("phase 0, simulation", "No real cramp", "Not a diagnosis"):
        assert words in CARD
    assert "not calibrated" in MODEL.description


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.md")), ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)", path.read_text(encoding="utf-8")):
        assert (FOLDER / target).is_file(), target


def test_the_index_names_every_model_that_is_there() -> None:
    assert [name for name in model_names() if f"`{name}.json`" not in INDEX] == []


@pytest.mark.parametrize("name", TRAINED)
def test_a_card_is_what_its_program_writes(name: str) -> None:
    of = read_sources(FOLDER / f"{name}.json", EVALUATION / f"{name}.json")
    # If this fails: python models/write_card.py NAME
    assert (FOLDER / f"{name}.md").read_text(encoding="utf-8") == card(of)
    assert (EVALUATION / f"{name}.png").is_file()


@pytest.mark.parametrize("name", TRAINED)
def test_a_card_has_every_feature_and_says_what_the_model_is_not(name: str) -> None:
    text = (FOLDER / f"{name}.md").read_text(encoding="utf-8")
    rows = table("## Features", 7, text)
    assert [row[0].strip("`") for row in rows] == list(EVENT_FEATURES)
    for words in ("phase 0, simulation", "No real cramp", "Not a diagnosis", "No hardware"):
        assert words in text


@pytest.mark.parametrize("name", TRAINED)
def test_the_evaluation_is_of_the_model_that_is_here(name: str) -> None:
    document = json.loads((EVALUATION / f"{name}.json").read_text(encoding="utf-8"))
    digest = digest_of(FOLDER / f"{name}.json")
    assert document["sha256"] == digest
    runs = (EVALUATION / "runs.tsv").read_text(encoding="utf-8").splitlines()
    head, *rows = (line.split("\t") for line in runs)
    sets = {
        row[head.index("set")]
        for row in rows
        if row[head.index("model")] == name and row[head.index("sha256")] == digest[:12]
    }
    assert sets == set(document["sets"])
