"""EDF+C and BDF+C out: what comes back, what is refused, what is left behind."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crampdetect.detection.types import Array, Gap, Samples, SignalInfo, Stream
from crampdetect.errors import RecordingError
from crampdetect.records import Annotation
from crampdetect.storage.edf_writer import write_edf
from crampdetect.storage.readers.edf import open_edf
from crampdetect.storage.recording import ReadOptions, RecordingFile

OPTIONS = ReadOptions()
START = datetime(2026, 3, 14, 2, 10, 0, 125_000)
IDENTITY = "0b9b7a52-6a3e-4c3c-9d56-2f5d1f3b1a11"
RATES = [
    *(Fraction(hertz) for hertz in (200, 250, 256, 500, 512, 1000, 1024, 1116)),
    Fraction("1259.259"),
    Fraction(34000, 27),
    Fraction(2000),
    Fraction(2148),
]
ACC_RATES = [Fraction(25), Fraction(50), Fraction(100), Fraction("148.148"), Fraction(4000, 27)]


def emg_info(rate: Fraction = Fraction(1000), **more: object) -> SignalInfo:
    return SignalInfo("emg", ("EMG Gastroc",), rate, "uV", **more)  # type: ignore[arg-type]


def acc_info(rate: Fraction) -> SignalInfo:
    return SignalInfo("acc", ("ACC X", "ACC Y", "ACC Z"), rate, "g", rails=((-4.0, 4.0),) * 3)


def items_of(
    stream: Stream, values: Array, gaps: Sequence[tuple[int, int]], block: int
) -> Iterator[Samples | Gap]:
    """Blocks of at most `block` rows between the gaps."""
    reached = 0
    for start, stop in [*gaps, (len(values), len(values))]:
        for begin in range(reached, start, block):
            end = min(begin + block, start)
            yield Samples(stream, begin, np.ascontiguousarray(values[begin:end]))
        if stop > start:
            yield Gap(stream, start, stop, "missing")
        reached = stop


def reading(values: Array, **more: object) -> Callable[[], Iterator[Samples | Gap]]:
    return lambda: items_of("emg", values, [], 777)


def collected(file: RecordingFile, stream: Stream = "emg") -> tuple[Array, list[tuple[int, int]]]:
    width = len(next(one for one in file.signals if one.stream == stream).channels)
    values = np.full((file.lengths[stream], width), np.nan)
    gaps: list[tuple[int, int]] = []
    for item in file.read():
        if item.stream == stream and isinstance(item, Samples):
            values[item.start : item.stop] = item.values
        elif item.stream == stream:
            gaps.append((item.start, item.stop))
    return values, gaps


def left_behind(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@st.composite
def gap_lists(draw: st.DrawFn, length: int) -> list[tuple[int, int]]:
    bounds = draw(st.lists(st.integers(0, length), max_size=12, unique=True).map(sorted))
    return list(zip(bounds[::2], bounds[1::2], strict=False))


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_what_is_written_comes_back(tmp_path: Path, data: st.DataObject) -> None:
    rate = data.draw(st.sampled_from(RATES))
    acc_rate = data.draw(st.sampled_from(ACC_RATES))
    # These two are the roundings of one sensor's rates; mixed, no header states them exactly.
    if rate == Fraction("1259.259"):
        acc_rate = min(acc_rate, Fraction("148.148"))
    length = data.draw(st.integers(1, 4000))
    acc_length = data.draw(st.integers(1, 400))
    random = np.random.default_rng(data.draw(st.integers(0, 99)))
    emg = random.normal(0, data.draw(st.sampled_from([0.5, 30.0, 2000.0])), (length, 1))
    acc = random.uniform(-4, 4, (acc_length, 3))
    gaps = data.draw(gap_lists(length))
    acc_gaps = data.draw(gap_lists(acc_length))
    block = data.draw(st.integers(1, 1500))
    suffix = data.draw(st.sampled_from([".edf", ".bdf"]))
    start = data.draw(st.sampled_from([None, START]))
    annotations = tuple(
        Annotation(onset, 0.1, f"Mark {onset}")
        for onset in data.draw(
            st.lists(st.floats(-1, 1e6).map(lambda x: round(x, 6)), max_size=30).map(sorted)
        )
    )

    def read() -> Iterator[Samples | Gap]:
        yield from items_of("emg", emg, gaps, block)
        yield from items_of("acc", acc, acc_gaps, block)

    path = write_edf(
        tmp_path / f"a{suffix}",
        [emg_info(rate), acc_info(acc_rate)],
        read,
        lengths={"emg": length, "acc": acc_length},
        start_local=start,
        annotations=annotations,
        recording_id=IDENTITY,
    )
    opened = open_edf(path, OPTIONS)
    assert opened.lengths == {"emg": length, "acc": acc_length}
    assert [one.nominal_sampling_frequency for one in opened.signals] == [rate, acc_rate]
    assert opened.duration == max(length / rate, acc_length / acc_rate)
    assert opened.recording_id == IDENTITY
    assert opened.start_local == start
    assert tuple(one for one in opened.annotations if "BAD_" not in one.text) == annotations
    for stream, truth, holes in (("emg", emg, gaps), ("acc", acc, acc_gaps)):
        values, found = collected(opened, stream)  # type: ignore[arg-type]
        assert found == holes
        kept = ~np.isnan(values[:, 0])
        assert kept.sum() == len(truth) - sum(stop - start for start, stop in holes)
        half = (8.0 if stream == "acc" else 2.2 * np.ptp([*emg, [0.0]]) + 2) / 65535 / 2 * 1.001
        assert np.abs(values[kept] - truth[kept]).max(initial=0) <= half
    assert opened.signals[1].rails == ((-4.0, 4.0),) * 3
    assert opened.signals[0].rails == (None,)


@pytest.mark.parametrize("rate", RATES)
def test_one_sample_gaps_at_hour_8_come_back(tmp_path: Path, rate: Fraction) -> None:
    index = int(8 * 3600 * rate)
    length = index + 5
    gaps = [(1000, index - 3), (index, index + 1)]

    def read() -> Iterator[Samples | Gap]:
        yield Samples("emg", 0, np.ones((1000, 1)))
        yield Gap("emg", 1000, index - 3, "missing")
        yield Samples("emg", index - 3, np.full((3, 1), 2.0))
        yield Gap("emg", index, index + 1, "nan")
        yield Samples("emg", index + 1, np.full((4, 1), 3.0))

    info = emg_info(rate, rails=((-10.0, 10.0),), resolution=(0.5,))
    path = write_edf(tmp_path / "a.edf", [info], read, lengths={"emg": length}, start_local=START)
    opened = open_edf(path, OPTIONS)
    assert opened.lengths == {"emg": length}
    found = [(i.start, i.stop) for i in opened.read() if isinstance(i, Gap)]
    assert found == gaps
    last = [i for i in opened.read() if isinstance(i, Samples)][-2:]
    assert [(i.start, i.values.ravel().tolist()) for i in last] == [
        (index - 3, [2.0] * 3),
        (index + 1, [3.0] * 4),
    ]


def test_a_16_bit_source_keeps_its_steps(tmp_path: Path) -> None:
    digital = np.random.default_rng(1).integers(-2048, 2048, (5000, 1))
    step = 384 / 4095
    values = -192.0 + (digital + 2048) * step
    info = emg_info(rails=((-192.0, 192.0),), resolution=(step,))
    options = {"lengths": {"emg": 5000}, "start_local": None}
    first = write_edf(tmp_path / "a.edf", [info], reading(values), **options)  # type: ignore[arg-type]
    opened = open_edf(first, OPTIONS)
    np.testing.assert_allclose(collected(opened)[0], values, atol=1e-10)
    assert opened.signals[0].rails == info.rails
    assert opened.signals[0].resolution == pytest.approx(info.resolution)
    # Converted again, nothing changes any more.
    second = write_edf(
        tmp_path / "b.edf", opened.signals, opened.read, lengths=opened.lengths, start_local=None
    )
    assert second.read_bytes() == first.read_bytes()


def test_more_than_16_bits_become_bdf(tmp_path: Path) -> None:
    step = 0.0223517
    values = np.round(np.random.default_rng(2).normal(0, 20, (3000, 1)) / step) * step
    info = emg_info(rails=((-187_500.0, 187_500.0),), resolution=(step,))
    path = write_edf(
        tmp_path / "a.edf", [info], reading(values), lengths={"emg": 3000}, start_local=None
    )
    assert path == tmp_path / "a.bdf"
    assert left_behind(tmp_path) == ["a.bdf"]
    opened = open_edf(path, OPTIONS)
    assert opened.format == "BDF+C"
    np.testing.assert_allclose(collected(opened)[0], values, atol=step / 2 * 1.001)
    with pytest.raises(RecordingError, match=r"needs more than 16 bits, and .*a\.bdf exists"):
        write_edf(
            tmp_path / "a.edf", [info], reading(values), lengths={"emg": 3000}, start_local=None
        )


def test_a_quiet_rest_beside_a_pop_is_not_rounded_away(tmp_path: Path) -> None:
    values = np.random.default_rng(3).normal(0, 2, (20_000, 1))
    values[10_000] = 400_000
    path = write_edf(
        tmp_path / "a.edf", [emg_info()], reading(values), lengths={"emg": 20_000}, start_local=None
    )
    back = collected(open_edf(path, OPTIONS))[0]
    assert np.abs(back - values).max() < 0.1


def test_values_outside_a_given_range_are_refused_before_anything_is_written(
    tmp_path: Path,
) -> None:
    values = np.linspace(-100, 100.5, 1000)[:, np.newaxis]
    with pytest.raises(RecordingError, match=r"'EMG Gastroc' \(-100 to 100.5\) lie outside"):
        write_edf(
            tmp_path / "a.edf",
            [emg_info()],
            reading(values),
            lengths={"emg": 1000},
            start_local=None,
            ranges={("emg", 0): (-100.0, 100.0)},
        )
    assert left_behind(tmp_path) == []


def test_a_range_without_zero_is_filled_at_its_end(tmp_path: Path) -> None:
    path = write_edf(
        tmp_path / "a.edf",
        [emg_info()],
        lambda: iter([Samples("emg", 0, np.full((500, 1), 7.0)), Gap("emg", 500, 900, "nan")]),
        lengths={"emg": 900},
        start_local=None,
        ranges={("emg", 0): (5.0, 10.0)},
    )
    assert collected(open_edf(path, OPTIONS))[1] == [(500, 900)]
    raw = np.frombuffer(path.read_bytes()[768 : 768 + 2000], "<i2")
    assert set(raw[500:]) == {-32768}


def test_many_and_long_annotations_are_not_lost(tmp_path: Path) -> None:
    marks = tuple(Annotation(i / 1000, 0.0, f"Ereignis {i} größer") for i in range(5000))
    marks += (Annotation(7.0, 1.0, "x" * 4000),)
    path = write_edf(
        tmp_path / "a.edf",
        [emg_info()],
        reading(np.zeros((3000, 1))),
        lengths={"emg": 3000},
        start_local=START,
        annotations=marks,
    )
    assert sorted(open_edf(path, OPTIONS).annotations, key=lambda m: m.onset_s) == list(marks)


def test_gap_marks_of_the_source_are_made_anew_and_not_doubled(tmp_path: Path) -> None:
    values = np.ones((2999, 1))
    path = write_edf(
        tmp_path / "a.edf",
        [emg_info(rails=((-10.0, 10.0),), resolution=(1.0,))],
        lambda: items_of("emg", values, [(10, 20)], 500),
        lengths={"emg": 2999},
        start_local=START,
        annotations=(Annotation(1.0, 0.5, "BAD_electrode"),),
    )
    first = open_edf(path, OPTIONS)
    again = write_edf(
        tmp_path / "b.edf",
        first.signals,
        first.read,
        lengths=first.lengths,
        start_local=first.start_local,
        annotations=first.annotations,
    )
    second = open_edf(again, OPTIONS)
    assert collected(first)[1] == collected(second)[1] == [(10, 20), (1000, 1500)]
    assert [m.text for m in first.annotations] == ["BAD_gap emg", "BAD_electrode"]
    # The foreign mark stays, and the gap that it made is now marked as filled too.
    texts = [m.text for m in second.annotations]
    assert sorted(texts) == ["BAD_electrode", "BAD_gap emg", "BAD_gap emg"]


def test_descriptions_come_back(tmp_path: Path) -> None:
    emg = SignalInfo(
        "emg",
        ("EMG_R_Gastrocnemius medial", "Wade außen µ"),
        Fraction("1259.259"),
        "a.u.",
        band=(20.0, 450.0),
        comb_filtered=True,
        rails=(None, (-5000.0, 5000.0)),
        resolution=(None, 0.25),
    )
    acc = SignalInfo(
        "acc",
        tuple(f"Shimmer_952D_Accel_LN_{axis}_CAL" for axis in "XYZ"),
        Fraction("148.148"),
        "g",
    )
    random = np.random.default_rng(4)
    values = random.normal(0, 100, (3000, 2)), random.normal(0, 1, (300, 3))
    path = write_edf(
        tmp_path / "a.edf",
        [emg, acc],
        lambda: iter([Samples("emg", 0, values[0]), Samples("acc", 0, values[1])]),
        lengths={"emg": 3000, "acc": 300},
        start_local=START,
    )
    opened = open_edf(path, OPTIONS)
    back, back_acc = opened.signals
    assert back.channels == emg.channels
    assert back_acc.channels == acc.channels
    assert back.band == emg.band
    assert back.comb_filtered
    assert back.unit == "a.u."
    assert back.rails == emg.rails
    assert back.resolution == emg.resolution
    assert opened.warnings == ()
    assert opened.recording_id is None


def test_channels_of_a_file_of_ours_can_be_overridden(tmp_path: Path) -> None:
    emg = SignalInfo("emg", ("1", "A2"), Fraction(1000), "uV")
    path = write_edf(
        tmp_path / "a.edf",
        [emg],
        lambda: iter([Samples("emg", 0, np.array([[1.0, 2.0]] * 1000))]),
        lengths={"emg": 1000},
        start_local=None,
    )
    assert open_edf(path, OPTIONS).signals[0].channels == ("1", "A2")
    assert open_edf(path, ReadOptions(emg=("a2",))).signals[0].channels == ("A2",)


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
