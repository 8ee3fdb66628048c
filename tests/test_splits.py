"""Live equals replay: the whole detector, cut and interleaved at random, says the same bytes."""

from collections.abc import Iterator
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crampdetect.detection.flow import Aligned
from crampdetect.detection.types import Episode
from tests.joining import joined
from tests.laws import cut, length, part_of
from tests.streams import Item, Leg, detect, in_blocks

RATES = [
    Fraction(200),
    Fraction(500),
    Fraction(1116),
    Fraction("1259.259"),
    Fraction(2000),
    Fraction(4000),
]


def said(outputs: list[object]) -> dict[str, bytes]:
    """Outputs by type, in order."""
    return joined(outputs)


@st.composite
def cuts(draw: st.DrawFn) -> tuple[Leg, list[int], bool]:
    """A leg with gaps, sizes to cut its streams by, and whether acceleration runs ahead."""
    rate = draw(st.sampled_from(RATES))
    gaps: list[tuple[float, float]] = []
    for start in sorted(draw(st.lists(st.floats(5.0, 140.0), max_size=3))):
        if not gaps or gaps[-1][1] + 0.1 < start:
            gaps.append((start, start + draw(st.floats(0.004, 6.0))))
    leg = Leg(
        rate,
        draw(st.sampled_from([Fraction(25), Fraction(100), Fraction("148.148")])),
        150.0,
        ((70.0, 95.0, 6.0), (100.0, 104.0, 8.0), (120.0, 141.0, 4.0)),
        ((85.0, 90.0), (101.0, 103.0)),
        tuple(gaps),
        channels=draw(st.integers(1, 2)),
        axes=draw(st.sampled_from([0, 2, 3])),
    )
    sizes = draw(st.lists(st.sampled_from([1, 3, 20, 499, 7919, 60000]), min_size=1, max_size=9))
    return leg, sizes, draw(st.booleans())


def recut(leg: Leg, sizes: list[int], acc_ahead: bool) -> Iterator[Item]:
    """The same streams in pieces of changing size, one stream up to 30 s ahead of the other."""
    streams = {"emg": list(leg.pieces("emg", 10**9)), "acc": []}
    if leg.axes:
        streams["acc"] = list(leg.pieces("acc", 10**9))
    parts: dict[str, list[Item]] = {"emg": [], "acc": []}
    for name, items in streams.items():
        turn = 0
        for item in items:
            rest: list[Item] = [item]
            while rest:
                size = sizes[turn % len(sizes)]
                # One sample at a time for a whole night would only be slow.
                size = size if turn % 50 < 10 else max(size, 2000)
                turn += 1
                head, *tail = [*two_parts(rest.pop(), size)]
                parts[name].append(head)
                rest = tail
    lead = 30.0 if acc_ahead else -30.0
    rates = {"emg": float(leg.rate), "acc": float(leg.acc_rate)}
    offset = {"emg": 0.0, "acc": -lead}
    merged = [
        (item.stop / rates[name] + offset[name], name == "acc", number, item)
        for name, items in parts.items()
        for number, item in enumerate(items)
    ]
    return (item for _, _, _, item in sorted(merged, key=lambda row: row[:3]))


def two_parts(item: Item, size: int) -> list[Item]:
    """The first `size` samples, and the rest."""
    whole = next(iter(cut(item, 10**12)))
    first = next(iter(cut(whole, size)))
    if first is whole:
        return [whole]
    total = length(whole)
    assert total is not None
    return [first, part_of(whole, size, total)]


@settings(max_examples=60, deadline=None)
@given(cuts())
def test_replay_says_the_same_bytes_however_it_is_cut(case: tuple[Leg, list[int], bool]) -> None:
    leg, sizes, acc_ahead = case
    whole = said(list(detect(leg, in_blocks(leg, 60.0))))
    assert said(list(detect(leg, recut(leg, sizes, acc_ahead)))) == whole


@pytest.mark.parametrize("seconds", [0.02, 0.0613, 1.0, 7.3])
def test_live_sized_pieces_equal_one_block(seconds: float) -> None:
    leg = Leg(seconds=150.0, bursts=((80.0, 110.0, 5.0),), motions=(), gaps=((60.2, 60.25),))
    whole = detect(leg, in_blocks(leg, 1e6))
    assert any(isinstance(one, Episode) and one.kind == "cramp" for one in whole)
    assert any(isinstance(one, Aligned) for one in whole)
    assert said(list(detect(leg, in_blocks(leg, seconds)))) == said(list(whole))


def test_sample_by_sample_equals_one_block() -> None:
    leg = Leg(Fraction(200), Fraction(10), 130.0, ((80.0, 95.0, 5.0),), (), ())
    assert said(list(detect(leg, in_blocks(leg, 0.005)))) == said(
        list(detect(leg, in_blocks(leg, 1e6)))
    )


def test_gaps_close_to_one_another_are_accounted_for_however_they_are_cut() -> None:
    """Once, half a second between two gaps was counted before the second gap was known."""
    gaps = ((12.0, 17.5), (18.0, 19.0))
    leg = Leg(Fraction(200), Fraction(25), 30.0, (), (), gaps, axes=0)
    whole = said(list(detect(leg, in_blocks(leg, 60.0))))
    assert said(list(detect(leg, recut(leg, [1], True)))) == whole
