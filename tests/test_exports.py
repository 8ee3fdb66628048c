"""CSV and JSON from the log."""

import csv
import io
import json
import stat
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crampdetect.errors import LogError
from crampdetect.outputs.export_csv import (
    EPISODE_COLUMNS,
    NIGHT_COLUMNS,
    episodes_csv,
    nights_csv,
)
from crampdetect.outputs.export_json import export_json
from crampdetect.storage.log import EpisodeLog, EpisodeRow, open_log
from tests.test_log_examples import example_replay, with_recording


@pytest.fixture
def log() -> Iterator[EpisodeLog]:
    with open_log("sqlite://") as opened:
        opened.add(example_replay("early", config="old"))
        opened.add(example_replay("early", config="new"))
        opened.add(example_replay("unknown", start=None, hours=1.0))
        yield opened


def lines(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def episode_lines(log: EpisodeLog) -> list[dict[str, str]]:
    stream = io.StringIO()
    episodes_csv(log.episodes(), stream)
    return lines(stream.getvalue())


def test_one_line_an_episode(log: EpisodeLog) -> None:
    found = episode_lines(log)
    assert tuple(found[0]) == EPISODE_COLUMNS
    assert found[0] == {
        "night": "2026-05-04",
        "recording": "early",
        "participant": "",
        "side": "",
        "muscle": "",
        "valid_hours": "7.6",
        "kind": "cramp",
        "onset": "2026-05-04T22:40:00.125+02:00",
        "onset_utc": "2026-05-04T20:40:00.125+00:00",
        "onset_s": "600.125",
        "duration_s": "42.5",
        "probability": "0.875",
        "reasons": "the calf was tense for 42 s; the leg lay still",
        "channel": "Gastroc",
        "alerted": "yes",
        "version": "0.1.0",
        "model": "rules-1",
        "profile": "standard",
        "config_hash": "new",
        "episode": "early-new-0",
        "path": "nights/early.edf",
    }
    assert [each["recording"] for each in found] == ["early"] * 3 + ["unknown"] * 3
    assert (found[3]["night"], found[3]["onset"], found[3]["onset_utc"]) == ("", "", "")


def test_one_line_a_night_even_without_episodes(log: EpisodeLog) -> None:
    log.add(example_replay("quiet", kinds=()))
    stream = io.StringIO()
    nights_csv(log.nights(), stream)
    found = {each["recording"]: each for each in lines(stream.getvalue())}
    assert tuple(found["early"]) == NIGHT_COLUMNS
    assert found.keys() == {"early", "quiet", "unknown"}
    early = found["early"]
    assert (early["start"], early["start_utc"]) == (
        "2026-05-04T22:30:00.000+02:00",
        "2026-05-04T20:30:00.000+00:00",
    )
    assert (early["status"], early["cramps"], early["cramps_per_valid_hour"]) == (
        "ok",
        "1",
        "0.1316",
    )
    assert found["quiet"]["cramps_per_valid_hour"] == "0.0"
    assert (found["unknown"]["status"], found["unknown"]["cramps_per_valid_hour"]) == (
        "excerpt",
        "",
    )


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ('=HYPERLINK("x")', '\'=HYPERLINK("x")'),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("-12.5", "-12.5"),
        ("+1e-3", "+1e-3"),
        ("P=1", "P=1"),
        ('a "b", c\nd', 'a "b", c\nd'),
        ("a\r=1", "a\r=1"),
    ],
)
def test_formulas_become_text_and_numbers_stay(log: EpisodeLog, cell: str, written: str) -> None:
    first = log.episodes()[0]
    row = replace(first, recording=replace(first.recording, participant=cell))
    stream = io.StringIO()
    episodes_csv([row], stream)
    assert lines(stream.getvalue())[0]["participant"] == written


@settings(max_examples=60, deadline=None)
@given(cells=st.lists(st.text(max_size=8), min_size=4, max_size=4))
def test_no_text_cell_starts_a_formula(cells: list[str]) -> None:
    with open_log("sqlite://") as log:
        log.add(example_replay(hours=0.1))
        first = log.episodes()[0]
    row = EpisodeRow(
        night=first.night,
        recording=replace(first.recording, path=cells[0], muscle=cells[1]),
        run_id=first.run_id,
        run=first.run,
        is_current=True,
        valid_s=first.valid_s,
        episode=replace(first.episode, reasons=(cells[2],), channel=cells[3]),
    )
    stream = io.StringIO()
    episodes_csv([row], stream)
    (written,) = csv.reader(io.StringIO(stream.getvalue().split("\n", 1)[1], newline=""))
    for cell in written:
        if cell.startswith(("=", "+", "-", "@", "\t", "\r")):
            float(cell)


def test_json_holds_recordings_runs_and_episodes(log: EpisodeLog) -> None:
    stream = io.StringIO()
    export_json(log, stream)
    document = json.loads(stream.getvalue())
    assert list(document) == ["schema", "recordings", "runs", "episodes"]
    assert [each["id"] for each in document["recordings"]] == ["early", "unknown"]
    assert [each["config_hash"] for each in document["runs"]] == ["new", "standard-1"]
    assert len(document["episodes"]) == 6
    first = document["episodes"][0]
    assert first["onset"] == "2026-05-04T22:40:00.125+02:00"
    assert first["onset_utc"] == "2026-05-04T20:40:00.125+00:00"
    assert first["measures"] == {"duration": 42.5, "rise": -0.25}
    assert document["recordings"][0]["signals"][0]["sampling_frequency_exact"] == "34000/27"
    assert document["runs"][0]["quality"]["gap_s"] == 1152.0


def test_json_of_every_run_and_of_a_span(log: EpisodeLog) -> None:
    stream = io.StringIO()
    export_json(log, stream, since=date(2026, 5, 4), kinds=("cramp",), current_only=False)
    document = json.loads(stream.getvalue())
    assert [each["id"] for each in document["recordings"]] == ["early"]
    assert [each["is_current"] for each in document["runs"]] == [False, True]
    assert [each["kind"] for each in document["episodes"]] == ["cramp", "cramp"]


def test_json_lists_a_night_without_episodes(log: EpisodeLog) -> None:
    log.add(with_recording(example_replay("quiet", kinds=()), side="left"))
    stream = io.StringIO()
    export_json(log, stream)
    quiet = [each for each in json.loads(stream.getvalue())["recordings"] if each["side"]]
    assert [each["id"] for each in quiet] == ["quiet"]


def test_files_are_private_and_whole(log: EpisodeLog, tmp_path: Path) -> None:
    log.add(with_recording(example_replay("named"), muscle="Wadenmuskel, tiefer"))
    episodes_csv(log.episodes(), tmp_path / "e.csv")
    nights_csv(log.nights(), tmp_path / "n.csv")
    export_json(log, tmp_path / "all.json")
    assert {each.name for each in tmp_path.iterdir()} == {"e.csv", "n.csv", "all.json"}
    for each in tmp_path.iterdir():
        assert stat.S_IMODE(each.stat().st_mode) == 0o600
    stream = io.StringIO()
    episodes_csv(log.episodes(), stream)
    assert (tmp_path / "e.csv").read_text("utf-8") == stream.getvalue()
    assert json.loads((tmp_path / "all.json").read_text("utf-8"))["schema"] == 1


def test_an_export_that_fails_leaves_the_old_file(log: EpisodeLog, tmp_path: Path) -> None:
    def broken() -> Iterator[EpisodeRow]:
        yield log.episodes()[0]
        raise KeyboardInterrupt

    target = tmp_path / "e.csv"
    target.write_text("old")
    with pytest.raises(KeyboardInterrupt):
        episodes_csv(broken(), target)
    assert [(each.name, each.read_text()) for each in tmp_path.iterdir()] == [("e.csv", "old")]


def test_a_folder_that_is_not_there_is_one_sentence(log: EpisodeLog, tmp_path: Path) -> None:
    with pytest.raises(LogError, match=r"e\.csv: the export cannot be written"):
        episodes_csv(log.episodes(), tmp_path / "missing" / "e.csv")
