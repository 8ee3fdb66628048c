"""Tables for the tools of the seizure community: `timescoring` scores the same events."""

import csv
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from timescoring.annotations import Annotation
from timescoring.scoring import EventScoring

from crampdetect.learning.scoring import Night, TrueEvent, score
from crampdetect.learning.scoring_pairs import PairedNight
from crampdetect.learning.scoring_truth_files import truth_files
from crampdetect.learning.szcore_tsv import COLUMNS, write_szcore
from tests.scored_nights import HOURS_8, cramp, found, night, nights

START = datetime(2026, 1, 1, 22, 30)
#: Of timescoring: its own precision.
HZ = 10
#: Neither tolerance, nor merging, nor splitting: our rules have been applied already.
PLAIN = EventScoring.Parameters(0, 0, 0, 1e9, 0)


def tables(folder: Path, made: list[Night]) -> None:
    write_szcore(folder, [PairedNight(each, START, "d") for each in made], score(made))


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def scored_by_timescoring(folder: Path, name: str, kinds: tuple[str, ...]) -> EventScoring:
    sides = []
    for side in ("reference", "hypothesis"):
        table = rows(folder / side / f"{name}.tsv")
        length = float(table[0]["recordingDuration"])
        events = [
            (float(row["onset"]), float(row["onset"]) + float(row["duration"]))
            for row in table
            if row["eventType"] in kinds
        ]
        sides.append(Annotation(events, HZ, round(length * HZ)))
    return EventScoring(*sides, PLAIN)


def test_timescoring_sees_what_we_see(tmp_path: Path) -> None:
    truth = [
        cramp(1000), cramp(1050, 20),  # 10 s apart: one cramp
        cramp(3000), cramp(5000, 400), cramp(9000),
        TrueEvent("gap", 20_000, 500), cramp(20_100),
    ]  # fmt: skip
    verdicts = [
        found(1002, 65), found(3001, 30), found(5000, 390), found(12_000),  # three right, one false
        found(9001, 30, "unsure"), found(15_000, 9, "artefact", 0.1),
        found(20_100),  # in the gap
    ]  # fmt: skip
    made = night(truth, verdicts)
    tables(tmp_path, [made])
    for kinds, figures in (
        (("cramp",), score([made]).cramp_only),
        (("cramp", "unsure"), score([made]).unsure_as_cramp),
    ):
        theirs = scored_by_timescoring(tmp_path, "night", kinds)
        ours = figures.primary
        assert theirs.refTrue == ours.sensitivity_all.of == 4
        assert theirs.tp == ours.sensitivity_all.count
        assert theirs.fp == ours.false_alarms == 1
        assert theirs.sensitivity == ours.sensitivity_all.value
        assert theirs.precision == ours.positive_predictive_value.value
        assert theirs.f1 == pytest.approx(ours.f1)


@given(nights())
@settings(max_examples=15)
def test_the_tables_hold_what_was_scored(tmp_path_factory: object, made: list[Night]) -> None:
    folder = tmp_path_factory.mktemp("tables")  # type: ignore[attr-defined]
    tables(folder, made)
    report = score(made)
    counts = {"reference": 0, "hypothesis": 0}
    for side in counts:
        for each in made:
            table = rows(folder / side / f"{each.name}.tsv")
            assert tuple(table[0]) == COLUMNS
            counts[side] += sum(row["eventType"] != "bckg" for row in table)
    assert counts["reference"] == report.nights.cramps
    both = report.unsure_as_cramp
    right_or_false = both.primary.sensitivity_all.count + both.primary.false_alarms
    assert counts["hypothesis"] == right_or_false


def test_a_row_in_full_and_a_night_without_events(tmp_path: Path) -> None:
    tables(tmp_path, [night([cramp(1000)], [found(1000.5, 39)], "a"), night(name="b")])
    text = (tmp_path / "hypothesis" / "a.tsv").read_text()
    assert text.splitlines()[1] == (
        "1000.500\t39.000\tcramp\t0.9000\tn/a\t2026-01-01 22:30:00\t28800.000"
    )
    (row,) = rows(tmp_path / "reference" / "b.tsv")
    assert (row["eventType"], row["duration"]) == ("bckg", "28800.000")


def test_tables_are_read_again_as_truth_and_stay_simulation(tmp_path: Path) -> None:
    tables(tmp_path, [night([cramp(1000)], [], "a"), night(name="b")])
    first, second = truth_files(tmp_path / "reference")
    assert (first.name, first.duration_s, first.simulated) == ("a", HOURS_8, True)
    assert [event.kind for event in first.events] == ["cramp"]
    assert second.events == ()
