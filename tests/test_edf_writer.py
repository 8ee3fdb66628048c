"""EDF+C and BDF+C out: what comes back, what is refused, what is left behind."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crampdetect.detection.types import Array, Gap, Samples, Stream
from crampdetect.errors import RecordingError
from crampdetect.records import Annotation
from crampdetect.storage.edf_writer import write_edf
from crampdetect.storage.readers.edf import open_edf
from crampdetect.storage.recording import ReadOptions
from tests.edf_collecting import collected, gaps_of
from tests.edf_sources import START, acc_info, emg_info, items_of, left_behind, reading

OPTIONS = ReadOptions()
IDENTITY = "0b9b7a52-6a3e-4c3c-9d56-2f5d1f3b1a11"
RATES = [
    *(Fraction(hertz) for hertz in (200, 250, 256, 500, 512, 1000, 1024, 1116)),
    Fraction("1259.259"),
    Fraction(34000, 27),
    Fraction(2000),
    Fraction(2148),
]
ACC_RATES = [Fraction(25), Fraction(50), Fraction(100), Fraction("148.148"), Fraction(4000, 27)]


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
    streams: list[tuple[Stream, Array, list[tuple[int, int]]]] = [
        ("emg", emg, gaps),
        ("acc", acc, acc_gaps),
    ]
    for stream, truth, holes in streams:
        values, _ = collected(opened, stream)
        assert gaps_of(opened, stream) == holes
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
    assert gaps_of(open_edf(path, OPTIONS)) == [(500, 900)]
    raw = np.frombuffer(path.read_bytes()[768 : 768 + 2000], "<i2")
    assert set(raw[500:]) == {-32768}
