"""EDF out: what is refused, and that nothing half-written is left."""

from collections.abc import Iterator
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from crampdetect.detection.types import Gap, Samples
from crampdetect.errors import RecordingError
from crampdetect.records import Annotation
from crampdetect.storage.edf_writer import write_edf
from tests.edf_sources import START, acc_info, emg_info, items_of, left_behind, reading


def test_the_file_is_private_and_replaces_an_old_one_only_when_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.edf"
    path.write_text("old")
    values = np.ones((1000, 1))
    calls = []

    def breaks() -> Iterator[Samples | Gap]:
        calls.append(1)
        yield Samples("emg", 0, values[:500])
        if len(calls) == 2:
            raise RecordingError("the source is gone")
        yield Samples("emg", 500, values[500:])

    with pytest.raises(RecordingError, match="the source is gone"):
        write_edf(path, [emg_info()], breaks, lengths={"emg": 1000}, start_local=None)
    assert left_behind(tmp_path) == ["a.edf"]
    assert path.read_text() == "old"
    write_edf(path, [emg_info()], reading(values), lengths={"emg": 1000}, start_local=None)
    assert path.stat().st_mode & 0o777 == 0o600
    assert left_behind(tmp_path) == ["a.edf"]


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match=r"cannot be written .* expected a folder"):
        write_edf(
            tmp_path / "no" / "a.edf",
            [emg_info()],
            reading(np.ones((10, 1))),
            lengths={"emg": 10},
            start_local=None,
        )


def test_the_same_recording_gives_the_same_bytes(tmp_path: Path) -> None:
    values = np.random.default_rng(5).normal(0, 10, (5000, 1))
    paths = [
        write_edf(
            tmp_path / name,
            [emg_info(rails=((-100.0, 100.0),), resolution=(0.01,))],
            lambda block=block: items_of("emg", values, [(100, 300)], block),  # type: ignore[misc]
            lengths={"emg": 5000},
            start_local=START,
        )
        for name, block in (("a.edf", 100), ("b.edf", 4999))
    ]
    assert paths[0].read_bytes() == paths[1].read_bytes()


BAD_ITEMS: list[tuple[str, list[Samples | Gap], str]] = [
    ("nan", [Samples("emg", 0, np.array([[np.nan]] * 10))], "not all finite"),
    ("overlap", [Samples("emg", 0, np.ones((6, 1))), Samples("emg", 5, np.ones((5, 1)))], "follow"),
    ("beyond", [Samples("emg", 0, np.ones((11, 1)))], "within the length 10"),
    ("channels", [Samples("emg", 0, np.ones((10, 2)))], "2 channels; expected 1"),
]


@pytest.mark.parametrize(("name", "items", "sentence"), BAD_ITEMS, ids=[b[0] for b in BAD_ITEMS])
def test_wrong_samples_are_refused(
    tmp_path: Path, name: str, items: list[Samples | Gap], sentence: str
) -> None:
    with pytest.raises(RecordingError, match=sentence):
        write_edf(
            tmp_path / "a.edf",
            [emg_info()],
            lambda: iter(items),
            lengths={"emg": 10},
            start_local=None,
        )
    assert left_behind(tmp_path) == []


def test_a_callers_mistakes_are_value_errors(tmp_path: Path) -> None:
    read = reading(np.ones((10, 1)))
    path = tmp_path / "a.edf"
    with pytest.raises(ValueError, match="aware"):
        write_edf(path, [emg_info()], read, lengths={"emg": 10}, start_local=datetime.now(UTC))
    with pytest.raises(ValueError, match="length of"):
        write_edf(path, [emg_info()], read, lengths={}, start_local=None)
    with pytest.raises(ValueError, match="each of them once"):
        write_edf(path, [emg_info()] * 2, read, lengths={"emg": 10}, start_local=None)
    with pytest.raises(ValueError, match="UUID"):
        write_edf(
            path, [emg_info()], read, lengths={"emg": 10}, start_local=None, recording_id="night 1"
        )
    with pytest.raises(ValueError, match="no annotation"):
        write_edf(
            path,
            [emg_info()],
            read,
            lengths={"emg": 10},
            start_local=None,
            annotations=(Annotation(0.0, -1.0, "x"),),
        )


def test_an_annotation_text_that_no_record_holds_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="5000 bytes of text; expected at most 4096"):
        write_edf(
            tmp_path / "a.edf",
            [emg_info()],
            reading(np.ones((10, 1))),
            lengths={"emg": 10},
            start_local=None,
            annotations=(Annotation(0.0, 0.0, "y" * 5000),),
        )


def test_rates_that_no_header_states_are_refused(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match=r"1259\.259 Hz and 148\.148.* expected"):
        write_edf(
            tmp_path / "a.edf",
            [emg_info(Fraction("1259.259")), acc_info(Fraction(4000, 27))],
            lambda: iter([]),
            lengths={"emg": 10, "acc": 10},
            start_local=None,
        )
