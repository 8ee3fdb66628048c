"""Rates from stamps and texts; losses from counters and stamps, whatever the blocks."""

from collections.abc import Iterable
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crampdetect.detection.types import Array
from crampdetect.storage.readers.losses import CounterLoss, Loss, StampLoss
from crampdetect.storage.readers.packet_numbers import learn_modulus
from crampdetect.storage.readers.rates import rate_from_text, simplest_between, trigno_rate
from crampdetect.storage.readers.stamp_rates import rate_from_stamps, stamp_rounding

TRIGNO = [Fraction(n * 2000, 27) for n in (1, 2, 7, 17, 26, 29, 30)]


def _lost(loss: Loss, columns: list[Array], cuts: Iterable[int] = ()) -> list[int]:
    rows = np.column_stack(columns)
    blocks = np.split(rows, sorted(cuts))
    return np.concatenate([lost for _, lost in loss.apply(blocks)]).tolist()  # type: ignore[no-any-return]


@pytest.mark.parametrize("rate", TRIGNO)
@pytest.mark.parametrize("form", ["{:.4f}", "{:.6e}", "{:.3f}"])
def test_printed_trigno_rates_become_exact(rate: Fraction, form: str) -> None:
    said = rate_from_text(form.format(float(rate)))
    assert said is not None
    assert trigno_rate(said) == rate


@pytest.mark.parametrize(
    ("printed", "rate"),
    [("1259", "34000/27"), ("148", "4000/27"), ("2148", "58000/27"), ("74.07", "2000/27")],
)
def test_rates_cut_to_hertz_become_exact(printed: str, rate: str) -> None:
    assert trigno_rate(Fraction(printed)) == Fraction(rate)


@pytest.mark.parametrize(
    "text", ["", "abc", "nan", "inf", "-5", "0", "1e999999999", "1e-999999999"]
)
def test_what_is_no_rate(text: str) -> None:
    assert rate_from_text(text) is None


@given(
    st.fractions(min_value=1, max_value=5000, max_denominator=300),
    st.fractions(min_value=0, max_value=1, max_denominator=10**6),
)
def test_simplest_fraction_is_inside_and_simplest(low: Fraction, width: Fraction) -> None:
    found = simplest_between(low, low + width)
    assert low <= found <= low + width
    for denominator in range(1, min(found.denominator, 60)):
        above = -(-low * denominator // 1)
        assert Fraction(above, denominator) > low + width


@pytest.mark.parametrize(
    ("rate", "form"),
    [
        (Fraction(1000), "{:.3f}"),
        (Fraction(512), "{:.6f}"),
        (Fraction(2000), "{:.4f}"),
        (Fraction(1024), "{:.6f}"),
        (Fraction(34000, 27), "{:.7g}"),
        (Fraction(34000, 27), "{:.3f}"),
        (Fraction(52000, 27), "{:.7g}"),
        (Fraction(58000, 27), "{:.5f}"),
        (Fraction(4000, 27), "{:.5f}"),
        (Fraction(2000), "{:.3f}"),
        (Fraction(1116), "{:.6f}"),
        (Fraction(25000, 3), "{:.8f}"),
    ],
)
@pytest.mark.parametrize("offset", [0.0, 0.014, 1234.5])
def test_rounded_stamps_give_the_exact_rate(rate: Fraction, form: str, offset: float) -> None:
    cells = [form.format(offset + float(i / rate)) for i in range(5000)]
    found = rate_from_stamps(np.array([float(c) for c in cells]), stamp_rounding(cells))
    assert found is not None
    assert found.rate == rate
    assert found.exact


def test_a_hole_does_not_hide_the_rate() -> None:
    stamps = np.concatenate((np.arange(1), np.arange(400, 900), np.arange(2000, 2100))) / 500
    found = rate_from_stamps(stamps, np.full(len(stamps), 1e-6))
    assert found is not None
    assert (float(found.rate), found.exact) == (500.0, True)


def test_stamps_of_arrival_give_the_usual_rate_nearby() -> None:
    rng = np.random.default_rng(1)
    stamps = np.arange(2000) / 251.0 + rng.exponential(0.02, 2000)
    found = rate_from_stamps(np.maximum.accumulate(stamps), np.full(2000, 5e-4))
    assert found is not None
    assert (float(found.rate), found.exact) == (250.0, False)


@pytest.mark.parametrize(
    "stamps", [[], [1.0], [2.0, 2.0, 2.0], [np.nan, np.nan], [3.0, 2.0, 1.0], [0.0, 9e9]]
)
def test_stamps_that_do_not_advance(stamps: list[float]) -> None:
    assert rate_from_stamps(np.array(stamps), np.zeros(len(stamps))) is None


@given(st.lists(st.integers(1, 16), min_size=1, max_size=60), st.sets(st.integers(0, 60)))
def test_a_counter_modulo_16_tells_every_loss(steps: list[int], cuts: set[int]) -> None:
    counts = np.cumsum([3, *steps]) % 16
    found = _lost(CounterLoss(0, 16), [counts.astype(float)], cuts)
    assert found == [0, *(step - 1 for step in steps)]


def test_running_counters_wrap_and_saturate() -> None:
    counts = np.array([65533.0, 65534, 65535, 0, 1, 5])
    assert _lost(CounterLoss(0, None), [counts]) == [0, 0, 0, 0, 0, 3]
    assert _lost(CounterLoss(0, None), [np.array([65534.0, 3])]) == [0, 4]
    saturated = np.array([65534.0, 65535, 65535, 65535])
    assert _lost(CounterLoss(0, None), [saturated]) == [0, 0, 0, 0]
    with_hole = np.array([1.0, np.nan, 3.0])
    assert _lost(CounterLoss(0, None), [with_hole]) == [0, 0, 0]


def test_two_samples_a_packet() -> None:
    counts = np.repeat([100.0, 101, 104, 105], 2)
    assert _lost(CounterLoss(0, 100, repeat=2), [counts]) == [0, 0, 0, 0, 4, 0, 0, 0]
    turning = np.repeat(np.tile(np.arange(0.0, 200.0), 3), 2)
    assert learn_modulus(turning) == (200, 2)
    assert learn_modulus(np.arange(50.0)) is None
    assert learn_modulus(np.random.default_rng(0).integers(0, 99, 500).astype(float)) is None


@pytest.mark.parametrize("cuts", [[], [700], [1, 2, 1001, 2500], list(range(100, 4000, 100))])
def test_whole_turns_show_in_the_times_of_arrival(cuts: list[int]) -> None:
    rate, lost = 250, 3 * 256 + 10
    index = np.arange(4000)
    index[2000:] += lost
    stamps = 1.7e9 + index / rate
    # A stall of 1.5 s: everything waits, then comes at once. Nothing is lost there.
    stalled = slice(500, 500 + 375)
    stamps[stalled] = stamps[500 + 375]
    loss = CounterLoss(0, 256, stamp=1, rate=Fraction(rate))
    found = _lost(loss, [(index % 256).astype(float), stamps], cuts)
    assert {i: n for i, n in enumerate(found) if n} == {2000: lost}


@pytest.mark.parametrize("cuts", [[], [500, 501, 502]])
def test_a_device_clock_tells_every_hole(cuts: list[int]) -> None:
    index = np.arange(1000)
    index[500:] += 1
    index[501:] += 7
    stamps = np.round(index / 512 * 1000, 3)
    loss = StampLoss(0, Fraction(512), 1e-3, rounding=5e-7)
    found = _lost(loss, [stamps], cuts)
    assert {i: n for i, n in enumerate(found) if n} == {500: 1, 501: 7}


def test_a_clock_that_drifts_is_no_loss() -> None:
    # 360 ppm off over 8 h at 512 Hz: 10 s in sum, never a step (a Shimmer measured so).
    stamps = np.arange(0, 512 * 600) / (512 * (1 - 360e-6))
    assert not any(_lost(StampLoss(0, Fraction(512), rounding=5e-4), [stamps]))


@pytest.mark.parametrize("cuts", [[], list(range(250, 5000, 250))])
def test_times_of_arrival_estimate_a_hole_and_forgive_a_stall(cuts: list[int]) -> None:
    rate = 500
    index = np.arange(10_000.0)
    index[4000:] += 700
    index[4500:] += 300
    stamps = index / rate + np.random.default_rng(2).exponential(0.005, len(index))
    stamps[8000:8600] = np.maximum(stamps[8000:8600], stamps[8600])
    found = _lost(StampLoss(0, Fraction(rate), estimated=True), [stamps], cuts)
    places = {i: n for i, n in enumerate(found) if n}
    assert list(places) == [4000, 4500]
    assert abs(places[4000] - 700) < 0.1 * rate
    assert abs(places[4500] - 300) < 0.1 * rate


def test_a_row_without_stamp_is_the_next_sample() -> None:
    stamps = np.array([0.0, np.nan, 0.002, 0.003, np.nan, 0.010])
    assert _lost(StampLoss(0, Fraction(1000)), [stamps]) == [0, 0, 0, 0, 0, 5]


def test_one_damaged_stamp_is_no_loss() -> None:
    stamps = np.arange(200) / 1000
    stamps[100] = 1e9
    stamps[150] = -5.0
    assert not any(_lost(StampLoss(0, Fraction(1000)), [stamps]))


@given(st.lists(st.integers(1, 9), min_size=1, max_size=60), st.sets(st.integers(0, 60)))
def test_an_exact_clock_tells_every_hole_whatever_the_blocks(
    steps: list[int], cuts: set[int]
) -> None:
    stamps = np.cumsum([0, *steps]) / 1000
    found = _lost(StampLoss(0, Fraction(1000)), [stamps], cuts)
    assert found == [0, *(step - 1 for step in steps)]
