"""Truth and result files: what is read, and what belongs together."""

import json
from pathlib import Path

import pytest

from crampdetect.learning.scoring_pairs import read_nights
from tests.scored_files import result_document, truth_document, written


@pytest.fixture
def truth(tmp_path: Path) -> Path:
    return written(tmp_path / "night-0007.truth.json", truth_document())


def test_a_pair_of_files_is_one_night_whatever_their_names(tmp_path: Path, truth: Path) -> None:
    (paired,) = read_nights(truth, written(tmp_path / "x.json", result_document("other.edf")))
    night = paired.night
    assert (night.name, night.patient, night.simulated) == ("night-0007", "3", True)
    assert [event.kind for event in night.events] == ["cramp", "gap"]
    assert [verdict[2] for verdict in night.found] == ["cramp", "artefact"]
    assert (night.valid_s, night.duration_s, night.status) == (560.0, 600.0, "excerpt")
    assert (paired.start, paired.detector) == (None, "0.1 m standard")


@pytest.mark.parametrize("form", ["folder", "list", "lines", "same folder"])
def test_results_come_in_every_form(tmp_path: Path, form: str) -> None:
    truths = tmp_path / "truth"
    truths.mkdir()
    names = ["night-0007", "night-0008"]
    for name in names:
        written(truths / f"{name}.truth.json", truth_document())
    documents = [result_document(f"C:\\nights\\{name}.edf") for name in reversed(names)]
    results = truths if form == "same folder" else tmp_path / "results"
    results.mkdir(exist_ok=True)
    if form == "list":
        results = written(results / "all.json", documents)
    elif form == "lines":
        text = "".join(json.dumps(each) + "\n\n" for each in documents)
        results = written(results / "all.ndjson", text)
    else:
        for name in names:
            written(results / f"{name}.json", result_document(""))
    assert [each.night.name for each in read_nights(truths, results)] == names


def test_the_name_of_the_recording_wins_over_that_of_the_file(tmp_path: Path) -> None:
    names = ["night-a", "night-b"]
    for name, other, valid_s in zip(names, reversed(names), (550.0, 560.0), strict=True):
        written(tmp_path / f"{name}.truth.json", truth_document())
        document = result_document(f"{other}.edf", quality={"valid_s": valid_s})
        written(tmp_path / f"{name}.json", document)
    paired = [each.night for each in read_nights(tmp_path, tmp_path)]
    assert [(each.name, each.valid_s) for each in paired] == [
        ("night-a", 560.0),
        ("night-b", 550.0),
    ]


@pytest.mark.parametrize(
    ("valid_s", "duration_s", "given", "status"),
    [
        (0.0, 28_800.0, "ok", "insufficient"),
        (28_800.0 * 0.75, 28_800.0, "ok", "partial"),
        (600.0, 600.0, "ok", "excerpt"),
        (28_800.0, 28_800.0, "partial", "partial"),
        (28_800.0, 28_800.0, "excerpt", "excerpt"),
    ],
)
def test_a_status_is_never_better_than_the_rule_allows(
    tmp_path: Path, valid_s: float, duration_s: float, given: str, status: str
) -> None:
    truth = written(tmp_path / "a.truth.json", truth_document(duration_s=duration_s))
    document = result_document(quality={"valid_s": valid_s}, counts={"status": given})
    document["recording"]["duration_s"] = duration_s
    (paired,) = read_nights(truth, written(tmp_path / "x.json", document))
    assert paired.night.status == status


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("night-0007.tsv", "onset\tduration\teventType\n100\t40\tcramp\n300\t5\tlead-off\n"),
        (
            "night-0007_events.tsv",
            "\ufeffonset\tduration\ttrial_type\tlevel\n100\t40\tCramp\t8\n300\t5\tlead_off\tn/a\n",
        ),
        (
            "night-0007.truth.csv",
            "eventType,onset,duration,recordingDuration,patient\n"
            "bckg,0,600,600.0,p1\ncramp, 100 ,40,600.0,p1\nlead off,300,5,600.0,p1\n",
        ),
    ],
)
def test_annotations_by_hand(tmp_path: Path, name: str, text: str) -> None:
    results = written(tmp_path / "night-0007.json", result_document())
    (paired,) = read_nights(written(tmp_path / name, text), results)
    night = paired.night
    assert (night.name, night.simulated) == ("night-0007", False)
    told = [(event.kind, event.onset_s, event.duration_s) for event in night.events]
    assert told == [("cramp", 100.0, 40.0), ("lead_off", 300.0, 5.0)]
    assert night.patient == ("p1" if "p1" in text else None)


def test_start_and_alert_are_read(tmp_path: Path, truth: Path) -> None:
    document = result_document()
    document["recording"]["start_local"] = "2026-01-01T22:30:00.000"
    document["episodes"][0]["alert_s"] = 110.5
    (paired,) = read_nights(truth, written(tmp_path / "x.json", document))
    assert f"{paired.start}" == "2026-01-01 22:30:00"
    assert paired.night.found[0].alert_s == 110.5
