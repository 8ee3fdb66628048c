"""Whatever happens to the bytes of a capture: no exception but RecordingError, nothing twice."""

import tracemalloc
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from crampdetect.errors import RecordingError
from crampdetect.link import LinkEvent, Received
from crampdetect.storage import capture_records as records
from crampdetect.storage.capture_chunks import ChunkScanner, Whole
from crampdetect.storage.capture_findings import clock_findings
from crampdetect.storage.capture_head import CaptureHead, head_bytes
from crampdetect.storage.capture_reader import Capture, read_capture
from crampdetect.storage.capture_writer import CaptureWriter
from tests.capture_building import ENDPOINT, HEAD, SECOND, START, TurnedClock, write_capture

#: The largest chunk of the captures here: 0.8 s of 10 events a second, and what comes beside them.
MOST_IN_A_CHUNK = 12


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, list[LinkEvent], Path]:
    folder = tmp_path_factory.mktemp("damage")
    written = write_capture(folder / "night.mcap", 250)
    return written.path.read_bytes(), written.events, folder / "damaged.mcap"


def whole_chunks(content: bytes, path: Path) -> list[tuple[int, int]]:
    """Start and stop of every chunk."""
    path.write_bytes(content)
    with path.open("rb") as file:
        stops = [
            found.stop
            for found in ChunkScanner(file, len(content)).chunks()
            if isinstance(found, Whole)
        ]
    return list(pairwise([len(records.opening_bytes()), *stops]))


def read(content: bytes, path: Path) -> Capture | None:
    """The capture, or None where it is refused; everything is asked of it."""
    path.write_bytes(content)
    try:
        capture = read_capture(path)
    except RecordingError as error:
        assert str(error).startswith(f"{path}: ")
        return None
    if capture.clock_pairs:
        capture.utc_of(START)
        clock_findings(capture)
    return capture


def is_part_of(found: list[LinkEvent], events: list[LinkEvent]) -> bool:
    """Whether `found` is `events` with some left out: same order, nothing twice."""
    rest = iter(events)
    return all(event in rest for event in found)


def test_a_cut_at_any_byte_ends_at_the_last_whole_chunk(
    night: tuple[bytes, list[LinkEvent], Path],
) -> None:
    content, events, path = night
    chunks = whole_chunks(content, path)
    edges = {edge + off for _, edge in chunks for off in (-1, 0, 1, 9, 30, 50)}
    for cut in sorted(edge for edge in edges if edge <= len(content)):
        capture = read(content[:cut], path)
        assert capture is not None or cut < chunks[0][1]
        if capture is None:
            continue
        found = list(capture.events())
        assert found == events[: len(found)]
        whole = sum(stop <= cut for _, stop in chunks)
        assert (capture.end == "ended") == (whole == len(chunks))
        assert capture.tail.offset == chunks[whole - 1][1]
        is_cut = cut != chunks[whole - 1][1] and whole < len(chunks)
        assert is_cut == any("no whole chunk" in warning for warning in capture.warnings)


def test_zeros_behind_the_last_chunk_as_a_power_cut_leaves_them(
    night: tuple[bytes, list[LinkEvent], Path],
) -> None:
    content, events, path = night
    _, stop = whole_chunks(content, path)[20]
    capture = read(content[: stop + 11] + bytes(5000), path)
    assert capture is not None
    found = list(capture.events())
    assert found == events[: len(found)]
    assert capture.tail.offset == stop
    assert any("the last 5011 bytes are no whole chunk" in told for told in capture.warnings)


def test_a_flipped_byte_costs_at_most_one_chunk_and_is_told(
    night: tuple[bytes, list[LinkEvent], Path],
) -> None:
    content, events, path = night
    end = whole_chunks(content, path)[-1][0]
    for place in range(0, end, 211):
        damaged = bytearray(content)
        damaged[place] ^= 0x41
        capture = read(bytes(damaged), path)
        assert capture is not None, place
        found = list(capture.events())
        assert is_part_of(found, events), place
        assert len(events) - len(found) <= MOST_IN_A_CHUNK, place
        assert capture.end == "ended", place
        if len(found) < len(events):
            assert capture.warnings, place


@pytest.mark.parametrize("bit", range(8))
def test_a_flipped_bit_in_the_fields_before_a_chunk_costs_no_second_chunk(
    night: tuple[bytes, list[LinkEvent], Path], bit: int
) -> None:
    content, events, path = night
    start, _ = whole_chunks(content, path)[10]
    for place in range(start, start + 49):
        damaged = bytearray(content)
        damaged[place] ^= 1 << bit
        capture = read(bytes(damaged), path)
        assert capture is not None
        assert len(events) - len(list(capture.events())) <= MOST_IN_A_CHUNK
        assert capture.end == "ended"


def test_lost_messages_are_counted_and_placed(night: tuple[bytes, list[LinkEvent], Path]) -> None:
    content, events, path = night
    start, stop = whole_chunks(content, path)[5]
    capture = read(content[: start + 60] + b"?" + content[start + 61 :], path)
    without = read(content[:start] + content[stop:], path)
    assert capture is not None
    assert without is not None
    lost = len(events) - len(list(capture.events()))
    assert list(capture.events()) == list(without.events())
    assert (
        capture.warnings
        == without.warnings
        == (f"3 s after its start {lost} messages are missing",)
    )


def test_a_chunk_that_is_there_twice_counts_once(
    night: tuple[bytes, list[LinkEvent], Path],
) -> None:
    content, events, path = night
    start, stop = whole_chunks(content, path)[5]
    capture = read(content[:stop] + content[start:], path)
    assert capture is not None
    assert list(capture.events()) == events
    assert any("were there twice and are taken once" in told for told in capture.warnings)


def test_without_its_beginning_a_night_has_its_head_from_a_repetition(tmp_path: Path) -> None:
    path, clock = tmp_path / "night.mcap", TurnedClock()
    with CaptureWriter(path, HEAD, clock, durable=False) as writer:
        for _ in range(100):
            writer.event(Received(b"x", clock.turn(1), ENDPOINT))
    content = path.read_bytes()
    capture = read(b"?" * 700 + content[700:], path)
    assert capture is not None
    assert capture.head == HEAD
    assert 95 <= len(list(capture.events())) < 100
    assert capture.warnings[0].startswith("the first ")
    assert "its head was taken from a repetition" in capture.warnings[1]


def test_many_damaged_places_are_told_as_a_number(
    night: tuple[bytes, list[LinkEvent], Path],
) -> None:
    content, events, path = night
    damaged = bytearray(content)
    for start, _ in whole_chunks(content, path)[1:-1:2]:
        damaged[start + 70] ^= 1
    capture = read(bytes(damaged), path)
    assert capture is not None
    assert is_part_of(list(capture.events()), events)
    assert len(capture.warnings) == 11
    assert capture.warnings[-1].endswith("further places in the file are damaged")


changes = st.lists(
    st.tuples(
        st.sampled_from(["flip", "cut", "drop", "insert", "repeat"]),
        st.floats(0, 1),
        st.binary(min_size=1, max_size=60),
    ),
    min_size=1,
    max_size=4,
)


def changed(content: bytes, how: list[tuple[str, float, bytes]]) -> bytes:
    for kind, where, data in how:
        place = int(where * len(content))
        match kind:
            case "flip":
                new = bytes(a ^ b for a, b in zip(content[place:], data, strict=False))
                content = content[:place] + new + content[place + len(new) :]
            case "cut":
                content = content[:place]
            case "drop":
                content = content[:place] + content[place + 40 * len(data) :]
            case "insert":
                content = content[:place] + data + content[place:]
            case "repeat":
                content = content[:place] + content[max(0, place - 50 * len(data)) :]
    return content


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes)
@example([("cut", 0.0, b"x")])
@example([("flip", 0.0, b"x" * 8)])
def test_no_change_of_the_bytes_raises_anything_else_or_gives_an_event_twice(
    night: tuple[bytes, list[LinkEvent], Path], how: list[tuple[str, float, bytes]]
) -> None:
    content, events, path = night
    capture = read(changed(content, how), path)
    if capture is not None:
        assert is_part_of(list(capture.events()), events)


message = st.tuples(
    st.sampled_from(
        [records.HEAD, records.CLOCK, records.END, records.MARK, records.NOTE, "x", "",
         records.CONNECTED, records.DISCONNECTED, records.RECEIVED]
    ),
    st.integers(0, (1 << 63) - 1),
    st.one_of(
        st.binary(max_size=50),
        st.sampled_from([b"[" * 60_000, b"{}", b"[]", b"1e999", b'{"utc_ns":' + b"9" * 5000 + b"}",
                         b'{"utc_ns":1,"boottime_ns":true}', b'{"version":1.0}', b'{"version":1}',
                         b'{"utc_ns":9223372036854775807,"boottime_ns":0}',
                         b'{"version":0}', b'{"text":5}', b'"\\ud800"']),
    ),
)  # fmt: skip


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(message, max_size=12))
def test_messages_that_make_no_sense_raise_nothing_although_their_checksums_are_right(
    tmp_path: Path, content: list[tuple[str, int, bytes]]
) -> None:
    good = write_capture_bytes()
    chunk = records.ChunkBuilder(sequence=1000)
    for topic, time_ns, data in content:
        chunk.add(topic, time_ns, data)
    capture = read(good + chunk.take(), tmp_path / "made.mcap")
    assert capture is not None
    list(capture.events())


def write_capture_bytes() -> bytes:
    chunk = records.ChunkBuilder()
    head = CaptureHead("a", "b", "c", timezone="Nowhere/At_All")
    chunk.add(records.HEAD, START, head_bytes(head))
    chunk.add(records.CLOCK, START, b'{"utc_ns":5000000000,"boottime_ns":5000000000}')
    return records.opening_bytes() + chunk.take()


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300))
def test_records_that_make_no_sense_in_a_chunk_raise_nothing(tmp_path: Path, data: bytes) -> None:
    chunk = records.ChunkBuilder(sequence=2)
    chunk.add(records.MARK, START, b"{}")
    chunk._data += data
    capture = read(write_capture_bytes() + chunk.take(), tmp_path / "made.mcap")
    assert capture is not None
    assert len(capture.marks) >= 1


def test_a_hostile_file_takes_neither_memory_nor_time(tmp_path: Path) -> None:
    # Millions of places that look like a chunk of 4 MB and are none.
    size = (3 << 20).to_bytes(8, "little")
    fake = b"\x06" + (int.from_bytes(size, "little") + 40).to_bytes(8, "little") + bytes(16)
    fake += size + b"\1\2\3\4" + bytes(4) + size
    content = write_capture_bytes() + fake * 160_000
    path = tmp_path / "hostile.mcap"
    path.write_bytes(content)
    tracemalloc.start()
    capture = read_capture(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert list(capture.events()) == []
    assert peak < 24e6


def test_a_length_without_bound_allocates_nothing(tmp_path: Path) -> None:
    for opcode in range(20):
        content = write_capture_bytes() + bytes([opcode]) + b"\xff" * 8 + bytes(100)
        capture = read(content, tmp_path / "long.mcap")
        assert capture is not None
        assert list(capture.events()) == []


def test_a_capture_is_read_as_far_as_it_was_when_it_was_opened(tmp_path: Path) -> None:
    path, clock = tmp_path / "night.mcap", TurnedClock()
    with CaptureWriter(path, HEAD, clock, durable=False) as writer:
        writer.event(Received(b"before", clock.turn(1)))
        capture = read_capture(path)
        writer.event(Received(b"after", clock.turn(1)))
    assert [event.monotonic_ns for event in capture.events()] == [START + SECOND]
