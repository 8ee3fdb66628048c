"""Wrong truth and result files get one sentence each."""

from pathlib import Path
from typing import Any

import pytest

from crampdetect.errors import RecordingError
from crampdetect.learning.scoring_json import documents
from crampdetect.learning.scoring_pairs import read_nights
from crampdetect.learning.scoring_truth_files import read_truth, truth_files
from tests.scored_files import result_document, truth_document, written


@pytest.fixture
def truth(tmp_path: Path) -> Path:
    return written(tmp_path / "night-0007.truth.json", truth_document())


EVENT = {"kind": "cramp", "onset_s": 1, "duration_s": 1}


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ("{", "it is no JSON (Expecting property name"),
        ("[" * 100_000, "nested too deep"),
        ("[]", "it holds an empty list"),
        ("3", "it holds int"),
        ({}, "expected schema 1 with its events"),
        ([truth_document(), truth_document()], "it is no truth of one night"),
        (truth_document(schema=2), "expected schema 1"),
        (truth_document(simulated="yes"), "its simulated is 'yes'; expected true or false"),
        (truth_document(duration_s="10"), "its duration_s is '10'; expected a finite number"),
        (truth_document(duration_s=float("nan")), "its duration_s is nan"),
        (truth_document(events=[3]), "event 1 is 3; expected an object"),
        (truth_document(events=[{}]), "event 1: its onset_s is None"),
        (truth_document(events=[{**EVENT, "kind": "nap"}]), "event 1: the kind 'nap' is unknown"),
        (truth_document(events=[{**EVENT, "kind": []}]), "event 1: the kind [] is unknown"),
        (truth_document(events=[EVENT, {**EVENT, "onset_s": -1}]), "event 2: onset_s is -1.0"),
        (truth_document(events=[{**EVENT, "level": "big"}]), "its level is 'big'"),
        (truth_document(events=[{**EVENT, "onset_s": 10**400}]), "expected a finite number"),
        (truth_document(events=[{**EVENT, "onset_s": True}]), "its onset_s is True"),
    ],
)
def test_a_wrong_truth_is_refused(tmp_path: Path, document: object, words: str) -> None:
    path = written(tmp_path / "a.truth.json", document)
    with pytest.raises(RecordingError) as refused:
        read_truth(path)
    assert words in str(refused.value)
    assert str(path) in str(refused.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "its columns are none; expected onset, duration and eventType"),
        ("onset,duration\n1,2\n", "its columns are duration, onset; expected"),
        ("onset,duration,eventType\n1,two,cramp\n", "row 1: its duration is 'two'"),
        ("onset,duration,eventType\n1\n", "row 1: its duration is ''"),
        ("onset,duration,eventType\n1,inf,cramp\n", "row 1: its duration_s is inf"),
        ("onset,duration,eventType\n1,2,seizure\n", "row 1: the kind 'seizure' is unknown"),
        (
            "onset,duration,eventType,recordingDuration\n1,2,cramp,9\n1,2,cramp,8\n",
            "its recordingDuration is 8 and 9; expected one",
        ),
    ],
)
def test_a_wrong_table_is_refused(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(RecordingError) as refused:
        read_truth(written(tmp_path / "a.csv", text))
    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"schema": 2}, "expected its schema 1"),
        ({"episodes": None}, "it is no document of `crampdetect replay --json`"),
        ({"counts": {}}, "its status is None; expected ok, partial, insufficient, excerpt"),
        ({"quality": {}}, "its valid_s is None"),
        ({"quality": {"valid_s": 601}}, "601.0 s of 600.0 s are valid"),
        ({"episodes": [1]}, "an episode is 1; expected an object"),
        (
            {"episodes": [{"onset_s": 1, "duration_s": 1, "probability": 3, "kind": "cramp"}]},
            "0 to 1",
        ),
        ({"episodes": [{"onset_s": 1, "duration_s": 1, "probability": 1}]}, "the kind 'None'"),
        ({"recording": {"path": "x", "duration_s": 700.0}}, "lasts 600 s and that of"),
        ({"episodes": [{**EVENT, "onset_s": 611, "probability": 1}]}, "a verdict begins at 611 s"),
        ({"episodes": [{**EVENT, "onset_s": -1, "probability": 1}]}, "a verdict begins at -1 s"),
    ],
)
def test_a_wrong_result_is_refused(
    tmp_path: Path, truth: Path, changed: dict[str, Any], words: str
) -> None:
    with pytest.raises(RecordingError) as refused:
        read_nights(truth, written(tmp_path / "x.json", result_document(**changed)))
    assert words in str(refused.value)


def test_nights_without_partner_or_with_two_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "nights"
    folder.mkdir()
    with pytest.raises(RecordingError, match="it holds no truth; expected"):
        truth_files(folder)
    for name in "abcde":
        written(folder / f"{name}.truth.json", truth_document())
    with pytest.raises(RecordingError, match="it holds no results"):
        read_nights(folder, folder)
    written(folder / "a.json", result_document("a.edf"))
    with pytest.raises(RecordingError, match="no result is of b, c, d and 1 more; expected"):
        read_nights(folder, folder)
    one = tmp_path / "one"
    one.mkdir()
    written(one / "a.truth.json", truth_document())
    both = written(tmp_path / "both.json", [result_document("a.edf"), result_document("b.edf")])
    with pytest.raises(RecordingError, match=r"no truth is of .*both.json: recording 2; expected"):
        read_nights(one, both)
    written(tmp_path / "both.json", [result_document("a.edf"), result_document("a.bdf")])
    with pytest.raises(RecordingError, match="2 results are of this night"):
        read_nights(one, both)


def test_one_result_is_never_two_nights(tmp_path: Path) -> None:
    for name in ("night-a", "night-b"):
        written(tmp_path / f"{name}.truth.json", truth_document())
    results = tmp_path / "r"
    results.mkdir()
    written(results / "night-a.json", result_document("night-b.edf"))
    with pytest.raises(RecordingError) as refused:
        read_nights(tmp_path, results)
    assert str(refused.value) == (
        f"no result is of night-a ({results / 'night-a.json'} is of night-b); "
        "expected a result for each truth, named like it"
    )


def test_a_truth_outside_its_recording_is_refused(tmp_path: Path) -> None:
    late = {**EVENT, "onset_s": 611.0}
    truth = written(tmp_path / "a.truth.json", truth_document(events=[late]))
    with pytest.raises(RecordingError, match="a true cramp begins at 611 s; expected"):
        read_nights(truth, written(tmp_path / "x.json", result_document()))


@pytest.mark.parametrize("text", ['{"seed": %s}', '{"a": 1}\n{"seed": %s}\n'])
def test_a_number_too_long_to_read_names_the_file(tmp_path: Path, text: str) -> None:
    path = written(tmp_path / "a.json", text % ("9" * 4301))
    with pytest.raises(RecordingError) as refused:
        documents(path)
    assert str(refused.value) == (
        f"{path}: a number in it has more than 4300 digits; expected numbers of a usual length"
    )


def test_files_that_are_not_there_or_no_text(tmp_path: Path, truth: Path) -> None:
    with pytest.raises(RecordingError, match="it does not exist; expected a truth"):
        truth_files(tmp_path / "gone")
    with pytest.raises(RecordingError, match=r"it cannot be read .No such file"):
        read_nights(truth, tmp_path / "gone.json")
    (tmp_path / "b.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(RecordingError, match="it is no UTF-8 text"):
        read_nights(truth, tmp_path / "b.json")
    with pytest.raises(RecordingError, match=r"it ends in .edf; expected a truth"):
        truth_files(written(tmp_path / "c.edf", "x"))


def test_one_night_has_one_truth(tmp_path: Path) -> None:
    for name in ("a.tsv", "a.csv"):
        written(tmp_path / name, "onset,duration,eventType\n")
    with pytest.raises(RecordingError, match=r"a.csv is of the same night; expected one truth"):
        truth_files(tmp_path)
