"""Cutting out NaN, joining gaps, merging streams."""

from collections.abc import Iterator
from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from crampdetect.detection.types import Array, Gap, Samples, Stream
from crampdetect.storage.blocks import interleave, merge_gaps, split_nan

BLOCKS = hnp.arrays(
    np.float64,
    st.tuples(st.integers(0, 40), st.integers(1, 3)),
    elements=st.sampled_from([1.0, -2.5, np.nan, np.inf, -np.inf]),
)


@given(values=BLOCKS, start=st.integers(0, 10**9))
def test_every_row_is_in_one_item_and_none_is_nan(values: Array, start: int) -> None:
    reached = start
    for item in split_nan("emg", start, values):
        assert item.start == reached
        rows = values[item.start - start : item.stop - start]
        if isinstance(item, Gap):
            assert item.cause == "nan"
            assert not np.isfinite(rows).all(axis=1).any()
        else:
            assert item.values.flags.c_contiguous
            np.testing.assert_array_equal(item.values, rows)
        reached = item.stop
    assert reached == start + len(values)


@given(values=BLOCKS, cut=st.integers(0, 40))
def test_merged_gaps_do_not_show_the_block_size(values: Array, cut: int) -> None:
    whole = [i for i in split_nan("acc", 5, values) if isinstance(i, Gap)]
    cut = min(cut, len(values))
    pieces = [*split_nan("acc", 5, values[:cut]), *split_nan("acc", 5 + cut, values[cut:])]
    assert [i for i in merge_gaps(pieces) if isinstance(i, Gap)] == whole


def test_samples_are_float64_in_c_order() -> None:
    values = np.asfortranarray(np.arange(6, dtype=np.float32).reshape(3, 2))
    (item,) = split_nan("acc", 0, values)  # type: ignore[arg-type]
    assert isinstance(item, Samples)
    assert item.values.dtype == np.float64
    assert item.values.flags.c_contiguous


def test_gaps_of_other_causes_or_streams_or_places_stay_apart() -> None:
    items = [
        Gap("emg", 0, 5, "nan"),
        Gap("acc", 0, 2, "nan"),
        Gap("emg", 5, 7, "missing"),
        Gap("acc", 2, 3, "nan"),
        Gap("emg", 8, 9, "missing"),
        Gap("emg", 9, 10, "missing", estimated=True),
    ]
    merged = list(merge_gaps(items))
    assert [i for i in merged if i.stream == "acc"] == [Gap("acc", 0, 3, "nan")]
    assert [i for i in merged if i.stream == "emg"] == [i for i in items if i.stream == "emg"]


def test_no_item_overtakes_another_of_its_stream() -> None:
    one = np.ones((1, 1))
    items: list[Samples | Gap] = [
        Gap("emg", 0, 5, "nan"),
        Samples("acc", 0, one),
        Gap("emg", 5, 6, "nan"),
        Samples("emg", 6, one),
        Gap("emg", 7, 8, "nan"),
    ]
    merged = list(merge_gaps(items))
    assert [(i.stream, i.start, i.stop) for i in merged] == [
        ("acc", 0, 1),
        ("emg", 0, 6),
        ("emg", 6, 7),
        ("emg", 7, 8),
    ]


@given(
    emg=st.lists(st.integers(1, 5000), max_size=20), acc=st.lists(st.integers(1, 500), max_size=20)
)
def test_streams_are_merged_by_the_start_of_their_items(emg: list[int], acc: list[int]) -> None:
    rates: dict[Stream, Fraction] = {"emg": Fraction(1000), "acc": Fraction(100)}

    def gaps(stream: Stream, lengths: list[int]) -> Iterator[Samples | Gap]:
        start = 0
        for length in lengths:
            yield Gap(stream, start, start + length, "x")
            start += length

    streams = {"emg": gaps("emg", emg), "acc": gaps("acc", acc)}
    merged = list(interleave(streams, rates))  # type: ignore[arg-type]
    starts = [(item.start / rates[item.stream], item.stream == "acc") for item in merged]
    assert starts == sorted(starts)
    assert [i for i in merged if i.stream == "emg"] == list(gaps("emg", emg))
    assert [i for i in merged if i.stream == "acc"] == list(gaps("acc", acc))


def test_a_long_gap_is_said_before_the_other_stream_goes_on() -> None:
    rates: dict[Stream, Fraction] = {"emg": Fraction(1000), "acc": Fraction(100)}
    hour = Gap("emg", 0, 3_600_000, "missing")
    minutes = [Gap("acc", m * 6000, (m + 1) * 6000, "x") for m in range(60)]
    merged = list(interleave({"acc": iter(minutes), "emg": iter([hour])}, rates))
    assert merged.index(hour) <= 1
