"""Parts that decoders share: chains of frames, jumps, repeats, runs of one-sample frames."""

from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from crampdetect.detection.types import Gap, Item, Samples, Status
from crampdetect.devices.chained_frames import MORE, ChainedFrames
from crampdetect.devices.confirmed_jumps import ConfirmedJumps
from crampdetect.devices.counted_stream import CountedStream
from crampdetect.devices.heard_before import HeardBefore
from crampdetect.devices.shared_frames import Columns, SharedFrames
from crampdetect.link import LinkQuality, Received


def measure(buffer: bytearray, at: int) -> int:
    """``<`` number ``>`` are frames, ``!`` is a message."""
    if buffer[at] == ord("!"):
        return 1
    if buffer[at] != ord("<"):
        return 0
    if len(buffer) - at < 3:
        return MORE
    return 3 if buffer[at + 2] == ord(">") else 0


def is_next(before: bytes, frame: bytes) -> bool:
    return frame[1] == before[1] + 1


def chained(run: int = 3, direct: int | None = None) -> ChainedFrames:
    return ChainedFrames(measure, is_next, run, alone=lambda frame: frame == b"!", direct=direct)


def found(frames: ChainedFrames, data: bytes) -> bytes:
    return b"".join(frames.push(data))


def test_nothing_is_believed_before_its_run_and_then_all_of_it() -> None:
    frames = chained()
    assert found(frames, b"??<a><b>") == b""
    assert found(frames, b"!<c") == b""
    assert found(frames, b"><d>!") == b"<a><b>!<c><d>!"
    assert found(frames, b"<f><g><h>") == b"<f><g><h>"
    assert (frames.skipped, frames.held) == (1, 0)


def test_where_nothing_was_skipped_less_is_enough() -> None:
    frames = chained(3, 2)
    assert found(frames, b"!!<a><b>") == b"!!<a><b>"
    assert found(frames, b"<f><g>") == b"<f><g>"
    assert found(frames, b"?<m><n>") == b""
    assert found(frames, b"<o>") == b"<m><n><o>"


def test_the_end_of_a_link_settles_what_stands_directly_behind() -> None:
    frames = chained()
    assert found(frames, b"<a><b><c><f><g>") == b"<a><b><c>"
    assert frames.finish() == [b"<f>", b"<g>"]
    found(frames, b"<a><b><c>?<f><g>")
    assert frames.finish() == []
    found(frames, b"<a><b><c><f>")
    assert frames.finish() == []


@given(st.lists(st.sampled_from(["<", ">", "!", "a", "b", "c", "<a>", "<b>", "<c>"]), max_size=40),
       st.integers(1, 9))  # fmt: skip
def test_cuts_of_a_chain_do_not_show(parts: list[str], size: int) -> None:
    data = "".join(parts).encode()
    whole, cut = chained(), chained()
    expected = found(whole, data)
    pieces = b"".join(found(cut, data[at : at + size]) for at in range(0, len(data), size))
    assert pieces == expected
    assert (cut.skipped, cut.held) == (whole.skipped, whole.held)
    assert cut.finish() == whole.finish()


def test_a_jump_waits_for_what_goes_on_from_it() -> None:
    jumps = ConfirmedJumps[str](100, 10)
    assert jumps.push(98, "a") == []
    assert jumps.push(99, "b") == ["a", "b"]
    assert jumps.push(0, "c") == ["c"]
    assert jumps.push(50, "noise") == []
    assert jumps.push(1, "d") == ["d"]
    assert jumps.push(20, "e") == []
    assert jumps.push(23, "f") == ["e", "f"]
    assert jumps.push(80, "g") == []
    assert jumps.finish() == ["g"]
    assert jumps.dropped == 1


def test_only_what_comes_at_once_is_a_repeat() -> None:
    heard = HeardBefore(2, 100)
    assert not heard.push(Received(b"a", 0, "x"))
    assert heard.push(Received(b"a", 50, "x"))
    assert not heard.push(Received(b"a", 50, "y"))
    assert not heard.push(Received(b"a", 101, "x"))
    assert not heard.push(Received(b"b", 102, "x"))
    assert not heard.push(Received(b"c", 103, "x"))
    assert not heard.push(Received(b"a", 104, "x"))


@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(1, 60), st.integers(0, 10**9)), max_size=25),
    st.sampled_from([16, 256, 1 << 32]),
    st.booleans(),
)
def test_a_run_is_as_its_samples_one_by_one(
    runs: list[tuple[int, int, int]], modulus: int, duplicates: bool
) -> None:
    rate = Fraction(1000)
    singles = CountedStream("emg", rate, modulus, LinkQuality(), duplicates)
    joined = CountedStream("emg", rate, modulus, LinkQuality(), duplicates)
    counter = at = 0
    for skipped, count, later in runs:
        counter += skipped
        at += later
        values = np.arange(counter, counter + count, dtype=np.float64)[:, np.newaxis]
        one_by_one: list[Samples | Gap] = []
        for row in range(count):
            one_by_one += singles.push(counter + row, values[row : row + 1], at)
        _same(one_by_one, joined.push_run(counter, values, at))
        if later % 7 == 3:
            _same(singles.link_lost(), joined.link_lost())
        counter += count
    _same(singles.flush(), joined.flush())


def _same(one: list[Samples | Gap], other: list[Samples | Gap]) -> None:
    def spread(items: list[Samples | Gap]) -> list[object]:
        out: list[object] = []
        for item in items:
            if isinstance(item, Gap):
                out.append(item)
            else:
                out += list(enumerate(item.values[:, 0].tolist(), start=item.start))
        return out

    assert spread(one) == spread(other)


def test_what_travels_with_the_emg_lies_where_it_lies() -> None:
    quality = LinkQuality()
    shared = SharedFrames(Fraction(1000), 256, quality, Columns(1, 2, ("clipping",)))
    rows = np.zeros((10, 4))
    rows[:, 0], rows[:, 2] = np.arange(10), 1.0
    rows[3:5, 3] = rows[9, 3] = 1.0
    items: list[Item] = shared.push(0, rows, 0)
    items += shared.push(20, rows[:2], 20_000_000)
    assert [type(item) for item in items[:4]] == [Samples, Samples, Status, Status]
    assert [(one.start, one.stop) for one in items if isinstance(one, Status)] == [(3, 5), (9, 10)]
    assert [one for one in items if isinstance(one, Gap)] == [
        Gap("emg", 10, 20, "lost"), Gap("acc", 10, 20, "lost")]  # fmt: skip
    acc = [one for one in items if isinstance(one, Samples) and one.stream == "acc"]
    assert [one.start for one in acc] == [0, 20]
    assert acc[0].values.flags.c_contiguous
    assert quality.received == {"emg": 12, "acc": 12}
    assert quality.lost == {"emg": 10, "acc": 10}
