"""Parts that decoders share: frames between zeros, acceleration that travels with EMG frames."""

from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from crampdetect.detection.types import Samples
from crampdetect.devices.decoder import joined
from crampdetect.devices.frame_streams import FrameStreams
from crampdetect.devices.held_stream import HeldStream
from crampdetect.devices.zero_delimited import ZeroDelimited
from crampdetect.link import LinkQuality
from tests.device_vectors import gaps, values

MS = 1_000_000


def test_a_stretch_that_is_too_long_is_noise_up_to_its_zero() -> None:
    cutter = ZeroDelimited(4)
    assert cutter.push(b"abcd\x00\x00abc") == [b"abcd"]
    assert cutter.held == 3
    assert cutter.push(b"de") == []
    assert (cutter.held, cutter.too_long) == (0, 1)
    assert cutter.push(b"f\x00gh\x00") == [b"gh"]
    assert cutter.push(b"1234567\x00ij\x00") == [b"ij"]
    assert cutter.too_long == 2


@given(st.lists(st.binary(max_size=12), max_size=12), st.integers(1, 9))
def test_frames_do_not_depend_on_cuts(parts: list[bytes], size: int) -> None:
    data, whole, cutter = b"\x00".join(parts), ZeroDelimited(8), ZeroDelimited(8)
    pieces = [data[k : k + size] for k in range(0, len(data), size)]
    assert [one for piece in pieces for one in cutter.push(piece)] == whole.push(data)
    assert cutter.too_long == whole.too_long
    assert cutter.held == whole.held <= 8


def test_acceleration_stays_with_its_frame_through_a_hold_and_its_duplicates() -> None:
    """After a lost link frames wait for half a second; some of them come twice."""
    streams = FrameStreams(Fraction(1000), Fraction(125), 2048, LinkQuality())
    items, sent = [], 0
    for number in range(400):
        if number == 200:
            items += streams.link_lost()
            sent += 100  # frames that nobody heard
        for _ in range(1 + number % 3):
            emg, acc = np.full((8, 1), float(sent)), np.array([float(sent), 0.0, 1.0])
            items += streams.push(sent * 8, emg, sent * 8 * MS, acc)
        sent += 1
    items += streams.flush()
    placed = {
        one.start // 8: one.values[0, 0]
        for one in items
        if isinstance(one, Samples) and one.stream == "emg"
    }
    assert len(placed) == 400
    at = {one.start: one.values for one in items if isinstance(one, Samples)
          and one.stream == "acc"}  # fmt: skip
    found = {start + k: row[0] for start, rows in at.items() for k, row in enumerate(rows)}
    (missing,) = gaps(items, cause="disconnected")
    shift = missing[1] / 8 - missing[1] // 8
    for place, number in placed.items():
        assert found[place + round(shift)] == number


@given(
    runs=st.lists(st.tuples(st.integers(1, 12), st.floats(-0.03, 1.5), st.booleans()), max_size=20)
)
def test_a_run_is_placed_as_its_samples_one_by_one(runs: list[tuple[int, float, bool]]) -> None:
    ones, many = (HeldStream("acc", Fraction(100), LinkQuality()) for _ in range(2))
    at, number, first, second = 0.0, 0, [], []
    for count, pause, follows in runs:
        rows = np.arange(number, number + count, dtype=np.float64)[:, np.newaxis]
        number += count
        first += many.push_run(at, rows, follows)
        for k in range(count):
            second += ones.push(at + k / 100, rows[k], follows or k > 0)
        at = max(0.0, at + count / 100 + pause)
    assert values(joined([*first]), "acc") == values(joined([*second]), "acc")
    for cause in ("missing", "disconnected"):
        assert gaps([*first], "acc", cause) == gaps([*second], "acc", cause)
