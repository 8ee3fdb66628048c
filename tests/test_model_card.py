"""The model card says what the code and the model file say."""

import re
from fractions import Fraction

from crampdetect.detection.event_features import EVENT_FEATURES
from crampdetect.detection.model import LARGEST_MODEL
from crampdetect.detection.model_schema import LINKS, TRANSFORMS, Variant
from crampdetect.detection.profiles import PROFILES
from crampdetect.detection.types import SignalInfo
from tests.streams import ROOT, rules_model
from tests.test_model_hostile import RULES

CARD = (ROOT / "models" / "README.md").read_text(encoding="utf-8")
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
    rows = table("## Sensors", 7)
    assert len(rows) >= 10
    for sensor, rate, comb, axes, capability, variant, _ in rows:
        info = SignalInfo("emg", ("EMG",), Fraction(rate), "uV", comb_filtered=comb == "yes")
        assert (sensor, capability) == (sensor, info.capability)
        assert (sensor, variant) == (sensor, "acc3" if axes == "3" else "none")


def test_every_field_of_the_format_is_documented() -> None:
    documented = CARD.split("# The file\n", 1)[1]
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


def test_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", CARD):
        assert (ROOT / "models" / target).is_file()
