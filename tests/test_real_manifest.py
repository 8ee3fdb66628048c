"""Manifests of real recordings: what is asked of them, and who may be learnt from."""

from dataclasses import replace
from fractions import Fraction
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from crampdetect.errors import RecordingError
from crampdetect.learning.real_manifest import COLUMNS, FREE_LICENCES, RealSegment, read_manifest
from crampdetect.learning.real_segments import load_segment
from crampdetect.learning.real_split import read_split, segments_of
from tests.streams import ROOT

MANIFEST = ROOT / "models" / "real_manifest.tsv"
SPLIT = ROOT / "models" / "real_subjects.tsv"
TEST_ONLY = ROOT / "tests" / "real_test_only.tsv"
FOLDER = ROOT.parent / "shared" / "data"
GOOD = {
    "path": "calf/one.csv",
    "sha256": "0" * 64,
    "licence": "MIT",
    "source": "here",
    "subject": "somebody",
    "muscle": "calf",
    "activity": "rest",
    "channel": "EMG (uV)",
    "start_s": "0",
    "stop_s": "2.5",
    "rate": "",
    "unit": "",
}


def written(folder: Path, **changes: str) -> Path:
    path = folder / "manifest.tsv"
    row = GOOD | changes
    path.write_text("\t".join(COLUMNS) + "\n" + "\t".join(row[one] for one in COLUMNS) + "\n")
    return path


def test_a_line_is_a_stretch(tmp_path: Path) -> None:
    (found,) = read_manifest(written(tmp_path, rate="34000/27", unit="mV"))
    assert (found.activity, found.start_s, found.stop_s) == ("rest", 0.0, 2.5)
    assert found.options.emg == ("EMG (uV)",)
    assert (found.options.rate, found.options.unit) == (Fraction(34000, 27), "mV")


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"licence": "none"}, "licence 'none' of calf/one.csv; expected one of BSD"),
        ({"licence": "GPL-3.0"}, "expected one of"),
        ({"activity": "dancing"}, "activity 'dancing'; expected one of rest, mains"),
        ({"path": "../one.csv"}, "below the folder"),
        ({"path": "/one.csv"}, "below the folder"),
        ({"start_s": "3"}, "from 3 to 2.5 s"),
        ({"stop_s": "inf"}, "from 0 to inf s"),
        ({"stop_s": "nan"}, "from 0 to nan s"),
        ({"stop_s": "long"}, "line 2"),
        ({"rate": "1/0"}, "rate '1/0'"),
        ({"rate": "-5"}, "rate '-5'"),
        ({"subject": ""}, "no subject"),
        ({"channel": ""}, "no channel"),
    ],
)
def test_what_is_wrong_with_a_line_is_said_in_one_sentence(
    tmp_path: Path, changes: dict[str, str], word: str
) -> None:
    with pytest.raises(RecordingError) as caught:
        read_manifest(written(tmp_path, **changes))
    assert word in str(caught.value)
    assert "line 2" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_without_a_licence_may_be_tested_on(tmp_path: Path) -> None:
    (found,) = read_manifest(written(tmp_path, licence="none"), testing=True)
    assert found.licence not in FREE_LICENCES


@pytest.mark.parametrize("text", ["", "path\tsha256\n", "\xff\xfe"])
def test_another_table_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "other.tsv"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(RecordingError):
        read_manifest(path)
    with pytest.raises(RecordingError, match="nowhere"):
        read_manifest(tmp_path / "nowhere.tsv")


def test_a_row_of_another_width_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path)
    path.write_text(path.read_text() + "one\ttwo\n")
    with pytest.raises(RecordingError, match="line 3: 2 columns; expected 12"):
        read_manifest(path)


@pytest.mark.parametrize("rows", ["a\ttrain\na\ttest", "a\tboth"])
def test_nobody_is_on_both_sides(tmp_path: Path, rows: str) -> None:
    path = tmp_path / "split.tsv"
    path.write_text(f"subject\tpart\n{rows}\n")
    with pytest.raises(RecordingError, match="each subject once"):
        read_split(path)


def test_a_subject_of_neither_part_is_refused(tmp_path: Path) -> None:
    found = read_manifest(written(tmp_path))
    assert segments_of("train", found, {"somebody": "train"}) == found
    assert segments_of("test", found, {"somebody": "train"}) == ()
    with pytest.raises(RecordingError, match="neither part"):
        segments_of("train", found, {"another": "train"})


def a_csv(folder: Path) -> RealSegment:
    path = folder / "one.csv"
    path.write_text("EMG (uV)\n" + "\n".join(str(value % 7) for value in range(3000)))
    digest = sha256(path.read_bytes()).hexdigest()
    return RealSegment(
        "one.csv", digest, "MIT", "here", "a", "calf", "rest", "EMG (uV)", 0.5, 2.5, Fraction(1000)
    )


def test_a_stretch_is_cut_and_freed_of_its_mean(tmp_path: Path) -> None:
    values = load_segment(a_csv(tmp_path), tmp_path, Fraction(1000))
    expected = np.arange(500, 2500) % 7
    np.testing.assert_allclose(values, expected - expected.mean())
    assert load_segment(a_csv(tmp_path), tmp_path, Fraction(500)).shape == (1000,)


def test_another_file_a_missing_and_a_short_one_are_refused(tmp_path: Path) -> None:
    segment = a_csv(tmp_path)
    with pytest.raises(RecordingError, match="SHA-256 begins"):
        load_segment(replace(segment, sha256="0" * 64), tmp_path, Fraction(1000))
    with pytest.raises(RecordingError, match="cannot be read"):
        load_segment(replace(segment, path="two.csv"), tmp_path, Fraction(1000))
    with pytest.raises(RecordingError, match="3 s long; expected at least 9 s"):
        load_segment(replace(segment, stop_s=9.0), tmp_path, Fraction(1000))


def an_npz(folder: Path, **arrays: np.ndarray) -> RealSegment:
    path = folder / "one.npz"
    np.savez(path, allow_pickle=True, **arrays)
    digest = sha256(path.read_bytes()).hexdigest()
    return RealSegment("one.npz", digest, "MIT", "here", "a", "TA", "hold", "EMG_TA:2", 0.0, 1.0)


def test_a_column_of_an_npz_at_2_khz(tmp_path: Path) -> None:
    table = np.stack((np.zeros(4000), np.arange(4000.0)), axis=1).astype(np.float32)
    segment = an_npz(tmp_path, EMG_TA=table)
    values = load_segment(segment, tmp_path, Fraction(2000))
    np.testing.assert_array_equal(values, np.arange(2000) - 999.5)
    for channel in ("EMG_TA:5", "EMG_VL:1", "EMG_TA"):
        with pytest.raises(RecordingError, match="expected array:column"):
            load_segment(replace(segment, channel=channel), tmp_path, Fraction(2000))


def test_objects_in_an_npz_are_not_unpickled(tmp_path: Path) -> None:
    segment = an_npz(tmp_path, EMG_TA=np.array([[1, print], [2, None]], dtype=object))
    with pytest.raises(RecordingError, match=r"one\.npz"):
        load_segment(segment, tmp_path, Fraction(2000))


def test_the_manifest_that_comes_with_the_models_may_be_learnt_from() -> None:
    found = read_manifest(MANIFEST)
    split = read_split(SPLIT)
    assert {one.subject for one in found} == set(split)
    for part in ("train", "test"):
        activities = {one.activity for one in segments_of(part, found, split)}
        assert activities >= {"walking", "contraction", "hold", "rest", "dead"}
    assert "shared" not in MANIFEST.read_text(encoding="utf-8")


def test_what_is_only_for_tests_has_subjects_of_its_own() -> None:
    known = set(read_split(SPLIT))
    for one in read_manifest(TEST_ONLY, testing=True):
        assert one.subject not in known
        assert one.licence not in FREE_LICENCES


def test_the_elderly_are_split_by_the_hash_of_their_names() -> None:
    split = read_split(SPLIT)
    names = sorted(
        (one for one in split if one.startswith("elderly-")),
        key=lambda one: sha256(one.encode()).hexdigest(),
    )
    assert [split[one] for one in names] == ["train"] * 8 + ["test"] * 8


@pytest.mark.real_data
@pytest.mark.skipif(not FOLDER.is_dir(), reason=f"no real recordings in {FOLDER}")
@pytest.mark.parametrize("path", [MANIFEST, TEST_ONLY], ids=lambda path: path.stem)
def test_every_stretch_can_be_read(path: Path) -> None:
    for segment in read_manifest(path, testing=True):
        values = load_segment(segment, FOLDER, Fraction(1000))
        assert values.shape[0] == pytest.approx(1000 * (segment.stop_s - segment.start_s), abs=2)
        assert 0.5 < values.std() < 1e6
