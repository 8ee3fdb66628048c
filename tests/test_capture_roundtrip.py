"""A capture gives back what it was given, is a proper MCAP file, and is private."""

import json
import os
import stat
from dataclasses import replace
from pathlib import Path

import mcap.reader
import mcap.stream_reader
import pytest
from mcap.records import Channel, Chunk, Message

from crampdetect.errors import RecordingError
from crampdetect.link import Connected, Disconnected, LinkEvent, Received
from crampdetect.storage import capture_head, capture_records
from crampdetect.storage.capture_reader import Mark, Note, read_capture
from crampdetect.storage.capture_writer import FLUSH_NS, CaptureHead, CaptureWriter
from tests.capture_building import HEAD, SECOND, START, TurnedClock, write_capture
from tests.capture_golden import CAPTURE, LISTING, listing, make_capture

FORMAT_PAGE = Path(__file__).resolve().parents[1] / "docs" / "capture_format.md"


def test_events_come_back_as_they_were_given(tmp_path: Path) -> None:
    written = write_capture(tmp_path / "night.mcap")
    capture = read_capture(written.path)
    assert capture.head == HEAD
    assert (capture.end, capture.warnings) == ("ended", ())
    assert list(capture.events()) == written.events
    assert list(capture.events()) == written.events  # and once more
    at = written.events[150]
    assert capture.marks == (Mark(at.monotonic_ns, "felt"),)
    assert capture.notes == (Note(at.monotonic_ns, "battery", "3710 mV"),)


def test_the_library_reads_the_same_messages_with_its_checks_on(tmp_path: Path) -> None:
    written = write_capture(tmp_path / "night.mcap", 40)
    with written.path.open("rb") as file:
        found = list(mcap.reader.make_reader(file, validate_crcs=True).iter_messages())
    received = [
        Received(message.data, message.log_time, channel.metadata["endpoint"])
        for _, channel, message in found
        if channel.topic == "link/received"
    ]
    assert received == [event for event in written.events if isinstance(event, Received)]
    assert [message.sequence for _, _, message in found] == list(range(len(found)))
    assert (found[0][1].topic, found[-1][1].topic) == ("head", "end")
    assert all(json.loads(m.data) is not None for _, c, m in found if c.message_encoding == "json")


def test_every_chunk_stands_for_itself_and_has_a_checksum(tmp_path: Path) -> None:
    written = write_capture(tmp_path / "night.mcap")
    with written.path.open("rb") as file:
        records = list(mcap.stream_reader.StreamReader(file, emit_chunks=True).records)
    chunks = [record for record in records if isinstance(record, Chunk)]
    assert len(chunks) > 30
    for chunk in chunks:
        assert (chunk.compression, chunk.uncompressed_crc != 0) == ("", True)
        parts = mcap.stream_reader.breakup_chunk(chunk, validate_crc=True)
        named = {part.id for part in parts if isinstance(part, Channel)}
        assert {part.channel_id for part in parts if isinstance(part, Message)} == named


def test_the_head_is_on_the_disk_before_any_event(tmp_path: Path) -> None:
    path = tmp_path / "night.mcap"
    with CaptureWriter(path, HEAD, TurnedClock()):
        capture = read_capture(path)
        assert (capture.head, capture.end) == (HEAD, None)
        assert [pair.monotonic_ns for pair in capture.clock_pairs] == [START]
        assert list(capture.events()) == []


def test_what_is_older_than_a_second_can_be_read_while_it_is_written(tmp_path: Path) -> None:
    path, clock = tmp_path / "night.mcap", TurnedClock()
    with CaptureWriter(path, HEAD, clock, durable=False) as writer:
        for number in range(250):
            writer.event(Received(bytes([number]), clock.turn(0.01)))
            kept = list(read_capture(path).events())
            last = kept[-1].monotonic_ns if kept else START
            assert clock.now - last <= FLUSH_NS


def test_a_mark_is_on_the_disk_at_once(tmp_path: Path) -> None:
    path, clock = tmp_path / "night.mcap", TurnedClock()
    with CaptureWriter(path, HEAD, clock) as writer:
        writer.mark(clock.turn(0.1), "felt")
        assert read_capture(path).marks == (Mark(clock.now, "felt"),)


def test_the_disk_is_waited_for_each_second(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[int] = []
    sync = os.fsync

    def spy(descriptor: int) -> None:
        sync(descriptor)
        synced.append(os.fstat(descriptor).st_size)

    clock = TurnedClock()
    with CaptureWriter(tmp_path / "night.mcap", HEAD, clock) as writer:
        monkeypatch.setattr(os, "fsync", spy)
        for _ in range(300):
            clock.turn(0.1)
            writer.tick()
            writer.event(Received(b"x", clock.now))
        assert len(synced) == 30 * 10 // 8
        assert synced == sorted(set(synced))
        quiet = len(synced)
        clock.turn(1)
        writer.tick()
        clock.turn(1)
        writer.tick()
        assert len(synced) == quiet + 1  # nothing waits: nothing is written


def test_a_burst_makes_chunks_that_stay_small(tmp_path: Path) -> None:
    written_path, clock = tmp_path / "night.mcap", TurnedClock()
    with CaptureWriter(written_path, HEAD, clock, durable=False) as writer:
        for _ in range(40):
            writer.event(Received(bytes(10_000), clock.now))
        assert written_path.stat().st_size > 40 * 10_000 - capture_records.CHUNK_BYTES - 10_000


def test_pairs_of_the_clocks_come_each_ten_seconds_and_the_head_each_minute(tmp_path: Path) -> None:
    path, clock = tmp_path / "night.mcap", TurnedClock()
    with CaptureWriter(path, HEAD, clock, durable=False) as writer:
        for _ in range(200):
            clock.turn(1)
            writer.tick()
    with path.open("rb") as file:
        topics = [c.topic for _, c, _ in mcap.reader.make_reader(file).iter_messages()]
    assert topics.count("clock") == 1 + 20 + 1
    assert topics.count("head") == 2 + 3


@pytest.mark.skipif(os.name != "posix", reason="this system has no mode bits")
def test_a_capture_and_the_folders_made_for_it_are_private(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "night.mcap"
    before = os.umask(0)
    try:
        write_capture(path, 1)
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [stat.S_IMODE(each.stat().st_mode) for each in list(path.parents)[:2]] == [0o700, 0o700]


def test_a_night_is_never_written_over_another(tmp_path: Path) -> None:
    first = write_capture(tmp_path / "night.mcap", 5)
    before = first.path.read_bytes()
    with pytest.raises(RecordingError, match="there is a file of this name"):
        CaptureWriter(first.path, HEAD, TurnedClock())
    assert first.path.read_bytes() == before


def test_an_exception_in_the_block_keeps_everything_and_sets_no_end(tmp_path: Path) -> None:
    path, clock = tmp_path / "night.mcap", TurnedClock()
    event = Received(b"last", clock.now)
    with pytest.raises(ZeroDivisionError), CaptureWriter(path, HEAD, clock) as writer:
        writer.event(event)
        raise ZeroDivisionError
    capture = read_capture(path)
    assert (list(capture.events()), capture.end) == ([event], None)
    assert any("has no end" in warning for warning in capture.warnings)


def test_closing_again_changes_nothing_and_writing_then_is_refused(tmp_path: Path) -> None:
    path, clock = tmp_path / "night.mcap", TurnedClock()
    with CaptureWriter(path, HEAD, clock) as writer:
        writer.close("07:00")
        size = path.stat().st_size
        writer.close("again")
        with pytest.raises(ValueError, match="is closed"):
            writer.event(Connected(clock.now))
    assert (read_capture(path).end, path.stat().st_size) == ("07:00", size)


@pytest.mark.parametrize(
    "event",
    [
        Received(b"", START),
        Received(bytes(range(256)) * 4096, START, "x" * 300),
        Connected(0, "\ud800 half a pair, \0, \U0001f9b5"),
        Disconnected((1 << 63) - 1, ""),
    ],
)
def test_odd_events_come_back_too(tmp_path: Path, event: LinkEvent) -> None:
    with CaptureWriter(tmp_path / "night.mcap", HEAD, TurnedClock()) as writer:
        writer.event(event)
    assert list(read_capture(tmp_path / "night.mcap").events()) == [event]


def test_what_no_link_can_give_is_refused_and_harms_nothing(tmp_path: Path) -> None:
    path, good = tmp_path / "night.mcap", Received(b"good", START)
    with CaptureWriter(path, HEAD, TurnedClock()) as writer:
        with pytest.raises(ValueError, match="1048577 bytes at once; expected at most 1048576"):
            writer.event(Received(bytes((1 << 20) + 1), START))
        with pytest.raises(ValueError, match="expected a monotonic time from 0 on"):
            writer.event(Received(b"", -1))
        writer.event(good)
    assert (list(read_capture(path).events()), read_capture(path).warnings) == ([good], ())


def test_long_texts_are_cut_so_that_they_can_be_read_again(tmp_path: Path) -> None:
    path = tmp_path / "night.mcap"
    with CaptureWriter(path, HEAD, TurnedClock()) as writer:
        writer.note(START, "\U0001f9b5" * 9000, "\U0001f9b5" * 9000)
    (note,) = read_capture(path).notes
    assert (len(note.kind), len(note.value)) == (2048, 2048)


def test_a_head_that_is_no_text_is_refused_before_a_file_is_made(tmp_path: Path) -> None:
    path = tmp_path / "night.mcap"
    number = replace(HEAD, settings={"rate": 1000})  # type: ignore[dict-item]
    with pytest.raises(ValueError, match="the setting 'rate' is 1000; expected a text"):
        CaptureWriter(path, number, TurnedClock())
    long = replace(HEAD, settings={"rate": "x" * 70_000})
    with pytest.raises(ValueError, match="expected at most 65536"):
        CaptureWriter(path, long, TurnedClock())
    assert not path.exists()


def test_a_newer_version_is_refused_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "night.mcap"
    with monkeypatch.context() as patch:
        patch.setattr(capture_head, "FORMAT_VERSION", 2)
        write_capture(path, 1)
    with pytest.raises(RecordingError) as refused:
        read_capture(path)
    assert str(refused.value) == (
        f"{path}: a capture of version 2; expected 1 or older, update crampdetect to read it"
    )


def test_topics_of_a_later_program_are_skipped(tmp_path: Path) -> None:
    path = tmp_path / "night.mcap"
    with CaptureWriter(path, HEAD, TurnedClock()) as writer:
        writer._add("temperature", START, b"\xff no JSON")
        writer.event(Connected(START))
    capture = read_capture(path)
    assert (list(capture.events()), capture.warnings) == ([Connected(START)], ())


@pytest.mark.parametrize("content", [b"", b"hello", capture_records.opening_bytes()])
def test_a_file_that_is_no_capture_is_refused_in_one_sentence(
    tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "night.mcap"
    path.write_bytes(content)
    with pytest.raises(RecordingError) as refused:
        read_capture(path)
    assert str(refused.value).startswith(f"{path}: this file holds no head of a capture; expected")


def test_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="cannot be read"):
        read_capture(tmp_path / "nowhere.mcap")
    with pytest.raises(RecordingError, match="is no file"):
        read_capture(tmp_path)


def test_the_committed_v1_capture_reads_for_ever() -> None:
    expected = json.loads(LISTING.read_text(encoding="utf-8"))
    assert json.loads(json.dumps(listing(read_capture(CAPTURE)))) == expected
    assert len(expected["events"]) == 164


def test_v1_is_still_written_byte_for_byte(tmp_path: Path) -> None:
    make_capture(tmp_path / "night.mcap")
    assert (tmp_path / "night.mcap").read_bytes() == CAPTURE.read_bytes()


def test_the_page_of_the_format_names_every_topic_and_the_version() -> None:
    text = FORMAT_PAGE.read_text(encoding="utf-8")
    assert f"version {capture_head.FORMAT_VERSION}" in text
    for topic in ("HEAD", "CLOCK", "END", "RECEIVED", "CONNECTED", "DISCONNECTED", "MARK", "NOTE"):
        assert f"`{getattr(capture_records, topic)}`" in text


def resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="reads memory from /proc")
def test_memory_is_flat_over_a_tenth_of_ten_hours_of_140_frames_a_second(tmp_path: Path) -> None:
    path, clock = tmp_path / "night.mcap", TurnedClock()
    data, count = bytes(65), 504_000
    with CaptureWriter(path, HEAD, clock, durable=False) as writer:
        for number in range(count):
            clock.now += SECOND // 140
            writer.event(Received(data, clock.now, "6e400003"))
            if number == count // 50:
                early = resident_mb()
    assert resident_mb() - early < 1.0
    capture = read_capture(path)
    early = resident_mb()
    assert sum(1 for _ in capture.events()) == count
    assert resident_mb() - early < 1.0
    assert len(capture.clock_pairs) == pytest.approx(3600 / 10.4, abs=2)


def test_the_head_is_what_the_session_expects() -> None:
    head = CaptureHead("id", "umyo", "COM3")
    assert (head.timezone, dict(head.settings)) == (None, {})
