"""A live night: what was judged while it came is what its capture gives again, to the byte."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from crampdetect.detection.types import Gap
from crampdetect.devices.catalogue import DEVICES
from crampdetect.devices.cramplink_commands import DATA_UUID
from crampdetect.devices.cramplink_encoder import CrampLinkEncoder, usual_info
from crampdetect.link import Connected, Disconnected, LinkEvent, Received
from crampdetect.outputs.replay_document import document_text
from crampdetect.records import Replay
from crampdetect.session import Settings, replay_recording
from crampdetect.session_capture import open_capture
from crampdetect.session_demo import DemoSource, demo_events, demo_night
from crampdetect.session_loop import run_night
from crampdetect.session_night import NightSession
from crampdetect.session_settings import recorded
from crampdetect.storage.capture_head import CaptureHead
from crampdetect.storage.capture_reader import read_capture
from crampdetect.storage.capture_writer import CaptureWriter
from crampdetect.storage.recording import RecordingFile

ID = "0f6c3a52-6a0c-4f4e-9d7e-2f1f5b1c7a10"
ASKED = Settings(side="left", timezone="Europe/Oslo", profile="sensitive", mains=50)
MS = 1_000_000


@dataclass
class Lived:
    """A finished night, and its live result."""

    session: NightSession
    path: Path
    replay: Replay


def live(folder: Path, events: Iterator[LinkEvent], settings: Settings = ASKED) -> Lived:
    """The night as `crampdetect night` lives it, as fast as the computer can."""
    source, path = DemoSource(events, 0.0), folder / "night.mcap"
    head = CaptureHead(ID, "demo", "", settings.timezone, recorded(settings))
    with CaptureWriter(path, head, source, durable=False) as writer:
        session = NightSession(DEVICES["demo"].make_decoder(), writer, settings)
        reason = run_night(session, source, source, lambda: None, lambda: None)
        session.finish(reason)
    replay = session.replay(path)
    assert replay is not None
    return Lived(session, path, replay)


def text(replay: Replay) -> str:
    return document_text([replay], as_list=False)


def disturbed(events: Iterator[LinkEvent], seed: int) -> Iterator[LinkEvent]:
    """Losses, duplicates, noise, and lost links at random."""
    rng, away_until = random.Random(seed), 0
    for event in events:
        at = event.monotonic_ns
        if at < away_until or not isinstance(event, Received):
            continue
        if away_until:
            away_until = 0
            yield Connected(at)
        chance = rng.random()
        if chance < 0.01:
            continue
        yield event
        if chance < 0.02:
            yield event
        elif chance < 0.03:
            yield Received(rng.randbytes(rng.randrange(300)), at, DATA_UUID)
        elif chance < 0.0305:
            away_until = at + rng.randrange(500, 40_000) * MS
            yield Disconnected(at, "lost")


@pytest.mark.parametrize("seed", [0, 1])
def test_a_replay_gives_the_live_result_to_the_byte(tmp_path: Path, seed: int) -> None:
    night = demo_night(0.2, seed=32 + seed)
    lived = live(tmp_path, disturbed(demo_events(night, 0), seed))
    again = replay_recording(open_capture(lived.path), Settings())
    assert text(again) == text(lived.replay)
    assert lived.replay.recording.id == ID
    assert (again.recording.side, again.recording.timezone) == ("left", "Europe/Oslo")
    assert again.run.profile.startswith("sensitive")
    quality = lived.session.state.quality
    assert quality.duplicate
    assert quality.corrupt
    assert quality.reconnects
    assert sum(table["emg"] for table in (quality.received, quality.lost, quality.not_connected)
               ) == open_capture(lived.path).lengths["emg"]  # fmt: skip


def test_what_is_said_at_the_replay_goes_before_what_was_captured(tmp_path: Path) -> None:
    lived = live(tmp_path, demo_events(demo_night(0.05), 0))
    again = replay_recording(open_capture(lived.path), Settings(profile="strict"))
    assert again.run.profile.startswith("strict")
    assert again.run.config_hash != lived.replay.run.config_hash


def test_a_mark_is_kept_as_what_the_wearer_felt(tmp_path: Path) -> None:
    encoder = CrampLinkEncoder(usual_info(1))
    quiet = np.zeros((80, 1))
    heard: list[LinkEvent] = [Connected(0), Received(encoder.info_message(0), 0, DATA_UUID)]
    for number in range(200):
        at = (number + 1) * 80 * MS
        if number == 100:
            heard.append(Received(encoder.button(8_000_000), at - 40 * MS, DATA_UUID))
        heard.append(Received(encoder.data(number * 80_000, quiet), at, DATA_UUID))
    lived = live(tmp_path, iter(heard))
    (mark,) = lived.replay.annotations
    assert mark.onset_s == pytest.approx(8.04, abs=0.1)
    assert "felt" in mark.text
    assert lived.session.state.marks == 1
    assert read_capture(lived.path).end == "ended"


def test_a_sensor_that_never_sends_leaves_a_capture_and_no_result(tmp_path: Path) -> None:
    source = DemoSource(iter([Connected(0), Disconnected(5_000 * MS, "silent")]), 0.0)
    path = tmp_path / "night.mcap"
    with CaptureWriter(path, CaptureHead(ID, "demo", ""), source, durable=False) as writer:
        session = NightSession(DEVICES["demo"].make_decoder(), writer, Settings())
        session.finish(run_night(session, source, source, lambda: None, lambda: None))
    assert session.replay(path) is None
    assert read_capture(path).end == "ended"


def test_a_capture_converts_to_edf_with_its_gaps(tmp_path: Path) -> None:
    from crampdetect.cli.main import main
    from crampdetect.storage.readers import open_recording

    lived = live(tmp_path, disturbed(demo_events(demo_night(0.1), 0), 3))
    out = tmp_path / "night.edf"
    assert main(["convert", str(lived.path), str(out), "--no-episodes"]) == 0
    written, capture = open_recording(next(tmp_path.glob("night.?df"))), open_capture(lived.path)
    assert written.recording_id == ID

    def missing(recording: RecordingFile) -> int:
        gaps = [one for one in recording.read() if isinstance(one, Gap) and one.stream == "emg"]
        return sum(one.stop - one.start for one in gaps)

    assert missing(capture) > 1000
    # The last record of a file is filled up, and marked so.
    assert missing(capture) <= missing(written) <= missing(capture) + 1000


def test_a_clock_that_is_off_is_told(tmp_path: Path) -> None:
    lived = live(tmp_path, demo_events(demo_night(0.3), 0))
    (note,) = [one for one in lived.replay.warnings if "ppm" in one]
    assert "1000.00 Hz" in note
