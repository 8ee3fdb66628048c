"""XDF: an own chunk reader against pyxdf, gaps by stamps, bounds, damage."""

import struct
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import pyxdf

from crampdetect.detection.types import Gap
from crampdetect.errors import RecordingError
from crampdetect.storage.readers.xdf import open_xdf
from crampdetect.storage.recording import ReadOptions
from tests.readers_golden import content, small_xdf, write, xdf, xdf_chunk, xdf_header, xdf_samples

NONE = ReadOptions()


def test_small_file(tmp_path: Path) -> None:
    opened = open_xdf(write(tmp_path, "a.xdf", small_xdf()), NONE)
    emg, acc = opened.signals
    assert (emg.channels, emg.unit) == (("Box ch1",), "uV")
    assert [float(info.nominal_sampling_frequency) for info in (emg, acc)] == [500.0, 50.0]
    assert acc.unit == "g"
    np.testing.assert_allclose(content(opened).values[:, 0], np.arange(500) * 1000)
    # The accelerometer began 0.1 s later.
    assert content(opened, "acc").gaps == [Gap("acc", 0, 5, "missing", estimated=True)]
    assert opened.lengths == {"emg": 500, "acc": 45}
    assert opened.start is not None
    assert opened.start.astimezone(UTC) == datetime(2024, 5, 1, 20, 15, tzinfo=UTC)
    assert opened.warnings == ()


@pytest.mark.parametrize("form", ["float32", "double64", "int16", "int32", "int64", "int8"])
def test_values_are_those_of_pyxdf(tmp_path: Path, form: str) -> None:
    kinds = {"float32": "<f4", "double64": "<f8", "int8": "i1"}
    kind = kinds.get(form, f"<i{int(form[3:]) // 8 if form.startswith('int') else 8}")
    rng = np.random.default_rng(3)
    values = rng.integers(-100, 100, (2000, 3)).astype(float)
    chunks = [xdf_header(7, "EMG", 1000, ["a", "b", "c"], "uV", form)]
    for start in range(0, 2000, 130):
        part = values[start : start + 130]
        # Stamps here and there, as LabRecorder leaves out what can be deduced.
        stamps = [
            5.0 + (start + i) / 1000 if rng.random() < 0.1 or start + i == 0 else None
            for i in range(len(part))
        ]
        chunks.append(xdf_samples(7, stamps, part, kind))
    path = write(tmp_path, "a.xdf", xdf(*chunks))
    streams, _ = pyxdf.load_xdf(str(path), synchronize_clocks=False, dejitter_timestamps=False)
    opened = open_xdf(path, ReadOptions(emg=("1", "2", "3")))
    found = content(opened)
    np.testing.assert_array_equal(found.values, streams[0]["time_series"])
    np.testing.assert_array_equal(found.values, values)
    assert found.gaps == []


def test_holes_are_estimated_by_stamps(tmp_path: Path) -> None:
    index = np.arange(4000.0)
    index[1500:] += 600
    rng = np.random.default_rng(4)
    stamps = (50 + index / 500 + rng.uniform(0, 0.01, 4000)).tolist()
    header = xdf_header(1, "EMG", 500, ["ch1"], "uV")
    chunks = [
        xdf_samples(1, stamps[i : i + 250], index[i : i + 250, np.newaxis])
        for i in range(0, 4000, 250)
    ]
    opened = open_xdf(write(tmp_path, "a.xdf", xdf(header, *chunks)), NONE)
    (gap,) = content(opened).gaps
    assert (gap.start, gap.cause, gap.estimated) == (1500, "missing", True)
    assert abs(gap.stop - gap.start - 600) <= 0.1 * 500


def test_first_clock_offsets_align_streams_of_two_computers(tmp_path: Path) -> None:
    emg = np.zeros((500, 1))
    data = xdf(
        xdf_header(1, "EMG", 500, ["ch1"], "uV"),
        xdf_header(2, "ACC", 50, ["X"], "g"),
        xdf_chunk(4, struct.pack("<Idd", 1, 0.0, 1000.0)),
        xdf_chunk(4, struct.pack("<Idd", 2, 0.0, 0.0)),
        xdf_chunk(4, struct.pack("<Idd", 2, 9.0, 77.0)),
        xdf_samples(1, [i / 500 for i in range(500)], emg),
        xdf_samples(2, [1000.5 + i / 50 for i in range(20)], np.ones((20, 1))),
    )
    opened = open_xdf(write(tmp_path, "a.xdf", data), NONE)
    assert content(opened, "acc").gaps == [Gap("acc", 0, 25, "missing", estimated=True)]


def test_labels_beat_types_and_text_streams_are_left_alone(tmp_path: Path) -> None:
    data = xdf(
        xdf_header(1, "Markers", 0, ["m"], "", "string"),
        xdf_header(2, "EEG", 500, ["Cz", "EMG Gastroc"], "microvolts"),
        xdf_chunk(3, struct.pack("<I", 1) + b"\x01\x01\x00\x01\x02hi"),
        xdf_samples(2, [0.0, *[None] * 9], np.arange(20.0).reshape(10, 2)),
    )
    opened = open_xdf(write(tmp_path, "a.xdf", data), NONE)
    assert opened.signals[0].channels == ("Box EMG Gastroc",)
    assert opened.warnings == ()
    assert content(opened).values[:, 0].tolist() == list(np.arange(1.0, 20, 2))


@pytest.mark.parametrize("cut", [1, 5, 100, 1500])
def test_a_cut_file_gives_its_whole_chunks(tmp_path: Path, cut: int) -> None:
    chunk = xdf_samples(1, [0.0, *[None] * 999], np.arange(1000.0)[:, np.newaxis])
    header = xdf_header(1, "EMG", 1000, ["ch1"], "uV")
    more = xdf_samples(1, [1.0, *[None] * 999], np.arange(1000.0)[:, np.newaxis])
    path = write(tmp_path, "a.xdf", xdf(header, chunk, more)[:-cut])
    opened = open_xdf(path, NONE)
    assert opened.lengths == {"emg": 1000}
    assert any("cut short" in warning for warning in opened.warnings)
    assert len(content(opened).values) == 1000


def _bomb() -> bytes:
    lol = "<!DOCTYPE l [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;'>]><info><name>&b;</name></info>"
    return xdf_chunk(2, struct.pack("<I", 1) + lol.encode())


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (xdf(_bomb()), "declares entities"),
        (
            xdf(xdf_chunk(2, struct.pack("<I", 1) + b"<!DOCTYPE a SYSTEM 'file:///b'><info/>")),
            "declares entities",
        ),
        (xdf(xdf_chunk(2, struct.pack("<I", 1) + b"<info>")), "well-formed"),
        (xdf(xdf_header(1, "EMG", 500, [], "uV")), "channels; expected 1 to"),
        (xdf(xdf_header(1, "EMG", 500, ["a"], "uV")), "no leg EMG"),
        (xdf(), "no leg EMG"),
        (
            xdf(xdf_header(1, "EMG", 100, ["a"], "uV"), xdf_samples(1, [0.0], np.ones((1, 1)))),
            "has 100 Hz; expected at least 200 Hz",
        ),
        (
            xdf(
                xdf_header(1, "EMG", 500, ["a"], "uV"),
                xdf_chunk(3, struct.pack("<IBI", 1, 4, 1 << 31) + b"\0" * 50),
            ),
            "does not hold what it announces",
        ),
        (
            xdf(
                xdf_header(1, "EMG", 500, ["a"], "uV"),
                xdf_chunk(3, struct.pack("<IBB", 1, 1, 2) + b"\x03" + b"\0" * 20),
            ),
            "does not hold what it announces",
        ),
        (
            xdf(
                xdf_header(1, "EMG", 500, ["a"], "uV"),
                xdf_chunk(3, struct.pack("<IBB", 1, 1, 2) + b"\x08" + b"\0" * 12 + b"\x08abcd"),
            ),
            "does not hold what it announces",
        ),
    ],
)
def test_damage_is_one_sentence(tmp_path: Path, data: bytes, word: str) -> None:
    with pytest.raises(RecordingError, match=word) as caught:
        open_xdf(write(tmp_path, "a.xdf", data), NONE)
    assert "a.xdf" in str(caught.value)


def _one(
    rate: float | str = 500, form: str = "float32", stamps: tuple[float, ...] = (0.0,)
) -> bytes:
    """One stream with one channel, whatever its header says of rate and format."""
    xml = (
        f"<info><name>Box</name><type>EMG</type><channel_count>1</channel_count>"
        f"<nominal_srate>{rate}</nominal_srate><channel_format>{form}</channel_format>"
        "<desc><channels><channel><unit>uV</unit></channel></channels></desc></info>"
    )
    header = xdf_chunk(2, struct.pack("<I", 1) + xml.encode())
    return xdf(header, xdf_samples(1, stamps, np.ones((len(stamps), 1))))


@pytest.mark.parametrize("rate", ["-500", "1e30", "nan", "inf", "fast", ""])
def test_an_impossible_nominal_rate_is_named(tmp_path: Path, rate: str) -> None:
    path = write(tmp_path, "a.xdf", _one(rate))
    with pytest.raises(RecordingError) as caught:
        open_xdf(path, NONE)
    assert str(caught.value) == (
        f"{path}: stream 'Box' has the nominal rate {rate!r}; "
        "expected a number of hertz above 0, at most 1000000"
    )
    given = open_xdf(path, ReadOptions(rate=Fraction(1000)))
    assert given.signals[0].nominal_sampling_frequency == 1000
    assert given.warnings == ()


def test_an_unknown_sample_format_is_named(tmp_path: Path) -> None:
    path = write(tmp_path, "a.xdf", _one(form="foo"))
    with pytest.raises(RecordingError) as caught:
        open_xdf(path, NONE)
    assert str(caught.value) == (
        f"{path}: stream 'Box' has the unknown sample format 'foo'; "
        "expected float32, double64, int8, int16, int32 or int64"
    )


def test_an_unusable_stream_beside_a_good_one_is_a_warning(tmp_path: Path) -> None:
    data = xdf(
        xdf_header(2, "EMG", 500, ["a"], "uV"),
        xdf_header(1, "EMG", 500, ["b"], "uV", "foo"),
        xdf_samples(1, [0.0], np.ones((1, 1))),
        xdf_samples(2, [0.0], np.ones((1, 1))),
    )
    opened = open_xdf(write(tmp_path, "a.xdf", data), NONE)
    (warning,) = opened.warnings
    assert warning.startswith("Stream 'Box' has the unknown sample format 'foo'")
    with pytest.raises(RecordingError, match=r"format 'foo'.*; .*leg"):
        open_xdf(opened.path, ReadOptions(emg=("leg",)))


@pytest.mark.parametrize(
    ("chunk", "found"),
    [
        (struct.pack("<BIH", 4, 5000, 3), "a chunk of 5000 bytes at byte {at} is longer than the"),
        (struct.pack("<BBH", 1, 1, 3), "a chunk of 1 bytes at byte {at} is shorter than its tag"),
        (b"\x05" + b"\0" * 9, "the length at byte {at} has 5 bytes, not 1, 4 or 8"),
        (b"\x08\0\0", "a chunk at byte {at} has no whole header"),
    ],
)
def test_a_chunk_with_a_lying_length_is_named(tmp_path: Path, chunk: bytes, found: str) -> None:
    before = xdf(xdf_header(1, "EMG", 500, ["a"], "uV"))
    lying = chunk + b"\0" * 20 if chunk[0] in (1, 4) else chunk
    path = write(tmp_path, "a.xdf", before + lying)
    with pytest.raises(RecordingError) as caught:
        open_xdf(path, NONE)
    assert found.format(at=len(before)) in str(caught.value)
    assert "no channels" not in str(caught.value)


@pytest.mark.parametrize("stamp", [float("nan"), float("inf"), 1.1e12, -1e300])
@pytest.mark.parametrize("place", [0, 1])
def test_a_stamp_that_is_no_time_is_refused(tmp_path: Path, stamp: float, place: int) -> None:
    stamps = (stamp, 0.002) if place == 0 else (0.0, stamp)
    path = write(tmp_path, "a.xdf", _one(stamps=stamps))
    with pytest.raises(RecordingError) as caught:
        open_xdf(path, NONE)
    assert f"stream 'Box' has the time stamp {stamp:g} s; expected" in str(caught.value)


def test_the_largest_stamp_is_a_time(tmp_path: Path) -> None:
    assert open_xdf(write(tmp_path, "a.xdf", _one(stamps=(1e12,))), NONE).lengths == {"emg": 1}


@pytest.mark.parametrize(("back", "refused"), [(0.5, False), (6.0, True)])
def test_stamps_that_run_backwards(tmp_path: Path, back: float, refused: bool) -> None:
    index = np.arange(8000)
    stamps = np.where(index < 5000, index / 500, index / 500 - back)
    header = xdf_header(1, "EMG", 500, ["a"], "uV")
    data = xdf(header, xdf_samples(1, stamps.tolist(), np.ones((8000, 1))))
    path = write(tmp_path, "a.xdf", data)
    if not refused:  # chunks that overlap
        assert open_xdf(path, NONE).lengths == {"emg": 8000}
        return
    with pytest.raises(RecordingError, match=r"backwards at sample 5001: 9\.998 s then 4\.0 s"):
        open_xdf(path, NONE)


def test_huge_chunk_is_refused_unread(tmp_path: Path) -> None:
    path = write(tmp_path, "a.xdf", b"XDF:\x08" + struct.pack("<QH", (1 << 28) + 9, 3))
    with path.open("r+b") as file:
        file.truncate((1 << 28) + 100)  # sparse
    with pytest.raises(RecordingError, match="XDF chunk of 268435465 bytes"):
        open_xdf(path, NONE)
