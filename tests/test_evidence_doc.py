"""docs/evidence.md has every number of detector, simulator and learning, as the code has it."""

import ast
import importlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from fractions import Fraction
from itertools import chain

import pytest

from crampdetect.detection.event_table import EVENT_FEATURES
from crampdetect.detection.grid import BIN_LENGTH, WINDOW_STEP
from crampdetect.detection.profiles import EARLIER, PROFILES
from crampdetect.learning.boosting import COURSE, DIRECTION, NOT_OFFERED
from crampdetect.simulation.parameters import NightParameters
from tests.streams import ROOT

TEXT = (ROOT / "docs" / "evidence.md").read_text(encoding="utf-8")
SOURCE = ROOT / "src" / "crampdetect"
PARAMETERS = "simulation/parameters.py"
BEFORE_REFERENCES, REFERENCES = TEXT.split("## References\n")
#: Numbers that decide nothing about muscles: codes, buffers, limits of a file, grids and seeds.
TECHNICAL = {
    "detection/candidates.py": {"MOST_ROWS"},
    "detection/mains.py": {"EITHER"},
    "detection/quality.py": {"VALID", "GAP", "LEAD_OFF", "MAINS", "CLIPPED", "WARM_UP"},
    "detection/valid_time.py": {"SEVERITY"},
    "detection/model.py": {"LARGEST_MODEL", "LONGEST_NAME"},
    "detection/model_schema.py": {"LARGEST_NUMBER"},
    "learning/harvest.py": {"ENDED"},
    "learning/night_plans.py": {"FIRST_TEST_PERSON"},
    "learning/real_manifest.py": {"LONGEST_RATE"},
    "learning/real_segments.py": {"LARGEST_FACTOR"},
    "learning/real_splices.py": {"BLOCK_SECONDS"},
    "learning/reliability.py": {"N_BINS"},
    "learning/scoring_report.py": {"SCHEMA"},
    "learning/trees.py": {"ALL_LEFT", "LARGEST_FLOAT32", "MISSING_LEFT", "MISSING_RIGHT"},
    "simulation/agenda.py": {"TRIES"},
    "simulation/cramps.py": {"SLOW_GRID_RATE"},
    "simulation/events.py": {"LEAD_SECONDS"},
    "simulation/holds.py": {"SLOW_GRID_RATE"},
    "simulation/motion.py": {"SETTLING"},
    "simulation/motor_units.py": {"BATCH", "CHUNK_BINS", "STAGES"},
    "simulation/muaps.py": {"PHASES"},
    "simulation/night.py": {"BLOCK_SECONDS", "DRAWING"},
    "simulation/person.py": {"FLOOR_GRID_RATE"},
    "simulation/recruitment.py": {"BIN_RATE", "DRIVE_STEPS"},
    "simulation/sampling.py": {"LOWEST_CODE", "HIGHEST_CODE"},
    "simulation/tracks.py": {"CHANNEL_KEY"},
}
TAG = re.compile(r"\[(?:V2?|R-[hml]|D|A)(?:→A)?\]")
CITATION = re.compile(
    r"(?:(?:dos|De|Roguin) )?[A-Z]\w+(?: & (?:De )?[A-Z]\w+)? (?:19|20)\d\d\b|Minetto 2009b"
)


@dataclass(frozen=True)
class Told:
    """One constant of a table: where it is, and the numbers that the page gives."""

    file: str
    name: str
    value: str

    @property
    def numbers(self) -> list[float]:
        return numbers(self.value.partition(" = ")[0])

    @property
    def converted(self) -> str:
        return self.value.partition(" = ")[2]


def numbers(text: str) -> list[float]:
    return [float(found) for found in re.findall(r"(?<![\w.])-?\d+(?:\.\d+)?(?:e-\d+)?", text)]


def flat(value: object) -> list[float]:
    """The numbers in `value`; nothing if it holds anything else."""
    if isinstance(value, tuple):
        parts = [flat(part) for part in value]
        return list(chain.from_iterable(parts)) if all(parts) else []
    plain = isinstance(value, int | float | Fraction) and not isinstance(value, bool)
    return [float(value)] if plain else []  # type: ignore[arg-type]


def rows(header: str, text: str = TEXT) -> Iterator[list[str]]:
    """Rows of every table whose first column is called `header`."""
    for table in re.findall(rf"^\| {header} \|.*\n\|[-|]+\n((?:\|.*\n)+)", text, re.MULTILINE):
        for line in table.splitlines():
            yield [cell.strip() for cell in line.split("|")[1:-1]]


def told() -> list[Told]:
    out = []
    for names_cell, values_cell, _, _ in rows("constant"):
        found = re.fullmatch(r"(?:`([\w/]+\.py)`: )?(`\w+`(?:, `\w+`)*)", names_cell)
        if found is None:
            raise AssertionError(f"cannot read the names in {names_cell!r}")
        names = re.findall(r"`(\w+)`", found[2])
        values = [value.strip() for value in values_cell.split(";")]
        assert len(names) == len(values), names_cell
        pairs = zip(names, values, strict=True)
        out += [Told(found[1] or PARAMETERS, name, value) for name, value in pairs]
    return out


def settings() -> dict[str, tuple[str, str]]:
    """File and values of what is no plain number but a set of named ones, by its name."""
    listed = [(re.findall(r"`([^`]+)`", names), values) for names, values, *_ in rows("setting")]
    return {name: (file, values) for (file, name), values in listed}


def in_code(file: str, name: str) -> object:
    if file == PARAMETERS:
        return getattr(NightParameters(), name)
    module = importlib.import_module("crampdetect." + file.removesuffix(".py").replace("/", "."))
    return getattr(module, name)


def constants_of(file: str) -> set[str]:
    """Names of the numbers that a module defines at its top."""
    out = set()
    for node in ast.parse((SOURCE / file).read_text(encoding="utf-8")).body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        if isinstance(node, ast.AnnAssign):
            targets = [node.target]
        for target in targets:
            parts = target.elts if isinstance(target, ast.Tuple) else [target]
            names = {part.id for part in parts if isinstance(part, ast.Name)}
            out |= {name for name in names if re.fullmatch(r"[A-Z][A-Z0-9_]*", name)}
    return {name for name in out if flat(in_code(file, name))}


@pytest.mark.parametrize("one", told(), ids=lambda one: f"{one.file}:{one.name}")
def test_the_value_is_that_of_the_code(one: Told) -> None:
    assert one.numbers == flat(in_code(one.file, one.name))


@pytest.mark.parametrize(
    "one", [one for one in told() if one.converted], ids=lambda one: f"{one.file}:{one.name}"
)
def test_windows_and_bins_are_converted_rightly(one: Told) -> None:
    count, unit = re.fullmatch(r"(\S+) (windows|bins)", one.value.split(" = ")[0]).groups()  # type: ignore[union-attr]
    assert one.name.endswith(f"_{unit.upper()}")
    seconds = int(count) * (WINDOW_STEP if unit == "windows" else BIN_LENGTH)
    amount, word = one.converted.split()
    assert Fraction(amount) * {"s": 1, "min": 60}[word] == seconds


def test_every_number_is_here_once() -> None:
    pairs = [(one.file, one.name) for one in told()]
    assert len(pairs) == len(set(pairs))
    expected = {(PARAMETERS, field.name) for field in fields(NightParameters)}
    rooms = ("detection", "simulation", "learning")
    files = [path for room in rooms for path in (SOURCE / room).glob("*.py")]
    for path in [*files, SOURCE / "analysis" / "counts.py", SOURCE / "storage" / "units.py"]:
        file = path.relative_to(SOURCE).as_posix()
        if file != PARAMETERS:
            names = constants_of(file) - TECHNICAL.get(file, set())
            expected |= {(file, name) for name in names}
    # If this fails, put the number with its source and tag into a table of docs/evidence.md.
    assert expected - set(pairs) == set()


def test_the_technical_numbers_exist() -> None:
    for file, names in TECHNICAL.items():
        assert names <= constants_of(file), file


def test_numbers_without_a_name_are_drawn_in_that_file() -> None:
    listed = list(rows("in"))
    assert len(listed) >= 5
    for file_cell, values, _, _ in listed:
        file = file_cell.strip("`")
        drawn = []
        for node in ast.walk(ast.parse((SOURCE / file).read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call | ast.Tuple):
                parts = node.args if isinstance(node, ast.Call) else node.elts
                plain = [flat(part.value) for part in parts if isinstance(part, ast.Constant)]
                drawn.append(list(chain.from_iterable(plain)))
        for group in values.split(";"):
            assert numbers(group) in drawn, (file, group)


def test_the_profiles_are_those_of_the_code() -> None:
    assert {name.strip("`"): [float(x) for x in rest] for name, *rest in rows("profile")} == {
        name: [one.on, one.off, one.cramp, one.unsure] for name, one in (PROFILES | EARLIER).items()
    }


def test_the_directions_are_those_of_the_code() -> None:
    signs = {"never for": -1, "never against": 1}
    named = [(re.findall(r"`(\w+)`", cell), signs[more]) for cell, more, *_ in rows("feature")]
    assert sorted(name for names, _ in named for name in names) == sorted(DIRECTION)
    assert {name: sign for names, sign in named for name in names} == DIRECTION
    (listed,) = re.findall(r"^Not offered at all: (.*(?:\n.+)*)", TEXT, re.MULTILINE)
    found = {name for name in re.findall(r"`(\w+)`", listed) if name in EVENT_FEATURES}
    assert found == NOT_OFFERED | COURSE


def test_the_settings_are_those_of_the_code() -> None:
    listed = settings()
    assert len(listed) >= 4
    for name, (file, values) in listed.items():
        found = in_code(file, name)
        expected = list(found) if isinstance(found, tuple) else [found]
        told = []
        for part in values.split(";"):
            given = {key: json.loads(value) for key, value in re.findall(r"(\w+) ([\d.]+)", part)}
            of = expected[0] if isinstance(expected[0], type) else type(expected[0])
            told.append(of(**given))
            if isinstance(found, type):  # the defaults, every one of them told
                assert is_dataclass(found)
                assert set(given) == {field.name for field in fields(found)}
        assert told == [one() if isinstance(one, type) else one for one in expected]


def test_every_row_has_a_tag_that_is_explained() -> None:
    explained = set(TAG.findall(TEXT.split("Two tags with an arrow")[0]))
    tagged = (rows(kind) for kind in ("fact", "constant", "in", "feature", "setting"))
    for row in chain.from_iterable(tagged):
        tags = TAG.findall(row[-1])
        assert tags, row
        assert {tag.replace("→A", "") for tag in tags} <= explained, row


def test_what_was_read_names_a_source_and_every_source_is_used() -> None:
    listed = [row[0] for row in rows("source", REFERENCES)]
    assert listed == sorted(listed, key=str.lower)
    for row in chain(rows("fact"), rows("constant"), rows("feature")):
        if re.search(r"\[V2?[\]→]", row[-1]):
            assert any(source in row[-2] for source in listed), row
    assert set(CITATION.findall(BEFORE_REFERENCES)) <= set(listed)
    assert [source for source in listed if source not in BEFORE_REFERENCES] == []
    for row in rows("source", REFERENCES):
        assert re.search(r"PMID \d+|PMC\d+|doi:10\.|https://", row[1]), row


def test_every_file_and_name_that_is_mentioned_exists() -> None:
    for token in re.findall(r"`([^`]+)`", TEXT):
        if "/" in token or token.endswith((".py", ".md", ".json")):
            assert (SOURCE / token).exists() or (ROOT / token).exists(), token
        elif re.fullmatch(r"[A-Z][A-Z0-9_]+", token):
            assert token in {one.name for one in told()} | set(settings())
    for target in re.findall(r"\]\(([^)#:]+)\)", TEXT):
        assert (ROOT / "docs" / target).is_file(), target


def test_comments_point_at_sections_that_exist() -> None:
    sections = set(re.findall(r"^## (.+)$", TEXT, re.MULTILINE))
    pointed = set()
    for path in SOURCE.rglob("*.py"):
        # A comment may break a title over two lines.
        code = re.sub(r"\s*\n\s*(?:#: |# )?", " ", path.read_text(encoding="utf-8"))
        pointed |= set(re.findall(r'docs/evidence\.md, "([^"]+)"', code))
    assert pointed
    assert pointed <= sections


def test_no_text_outside_the_repository_is_pointed_at() -> None:
    files = [ROOT / "docs" / "evidence.md", *SOURCE.rglob("*.py"), *(ROOT / "models").glob("*.*")]
    outside = re.compile(r"\.\./shared|/work/|physiology sheet|contracts\.md|house\.md|users\.md")
    for path in files:
        assert outside.search(path.read_text(encoding="utf-8")) is None, path
