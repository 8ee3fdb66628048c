"""Serial links with the real pyserial, over pseudo-terminals and socat: every byte once."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from crampdetect.devices.serial_port import SerialPort, SerialTransport
from crampdetect.devices.transport import Waits
from crampdetect.link import Connected, Disconnected
from tests.serial_sensor import FRAME, PLAN, Pty, Streaming, frame, frames, socat, talk, transport
from tests.transport_watching import Watch, connected, received, running, said

REPOSITORY = Path(__file__).resolve().parents[1]


@pytest.fixture
def pty() -> Iterator[Pty]:
    """A port with a sensor."""
    one = Pty()
    yield one
    one.unplug()


def received_bytes(watch: Watch, count: int) -> bool:
    return len(received(watch)) >= count


def test_every_byte_arrives_once_and_in_order(pty: Pty) -> None:
    watch = Watch()
    with running(transport(watch, pty.path), watch):
        watch.until(lambda: "connecting" in watch.reasons())
        pty.hears(b"go")  # opening a port discards what came before
        stream = Streaming(pty, 200)
        watch.until(lambda: received_bytes(watch, 200 * FRAME))
        stream.thread.join()
    assert received(watch) == frames(200)
    assert isinstance(watch.events[0], Connected)
    assert watch.events[0].detail == pty.path
    assert watch.ends() == ["stopped"]
    pty.hears(b"end")
    assert bytes(pty.heard) == b"go\nend\n"


@pytest.mark.slow
def test_a_minute_of_4_khz_and_4_channels_loses_nothing(tmp_path: Path) -> None:
    """Over a pty and over socat at the same time, each fed by a process of its own."""
    count, pty = 6000, Pty(listens=False)
    watches = Watch(), Watch()
    with socat(tmp_path) as (sensor, port):
        feeders = [feed(str(pty.sensor), count, pty.sensor), feed(str(sensor), count)]
        with (
            running(transport(watches[0], pty.path), watches[0]),
            running(transport(watches[1], str(port)), watches[1]),
        ):
            for watch in watches:
                watch.until(partial(received_bytes, watch, count * FRAME), within_s=90)
            assert [one.wait() for one in feeders] == [0, 0]
    pty.unplug()
    for watch in watches:
        assert received(watch) == frames(count)
        seconds = (watch.received()[-1].monotonic_ns - watch.received()[0].monotonic_ns) / 1e9
        assert seconds == pytest.approx(60, abs=2)
        # Reads are gathered: what a night costs grows with their number.
        assert len(watch.received()) < 61 * 200


def feed(where: str, count: int, *descriptors: int) -> "subprocess.Popen[bytes]":
    """A sensor in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.serial_sensor", where, str(count)],
        cwd=REPOSITORY,
        pass_fds=descriptors,
    )


def test_unplugged_and_plugged_in_again_under_another_name() -> None:
    first, chatter, second = Pty(), Pty(), Pty()
    ports = [SerialPort(first.path)]
    watch = Watch()
    link = SerialTransport(
        PLAN, on_state=watch.on_state, waits=Waits(0.05, 0.1), handshake_s=1.0,
        find_ports=lambda: tuple(ports),
    )  # fmt: skip
    with running(link, watch):
        before = Streaming(first, 10_000)
        connected(watch)
        watch.until(lambda: received_bytes(watch, 50 * FRAME))
        ports.clear()
        before.stopped.set()
        before.thread.join()
        first.unplug()
        watch.until(lambda: watch.count(Disconnected))
        watch.until(lambda: "not_found" in watch.reasons())
        heard = received(watch)
        # Now another device that talks, and the sensor behind it under a new name.
        ports += [SerialPort(chatter.path), SerialPort(second.path)]
        stop_talking = threading.Event()
        talking = threading.Thread(target=talk, args=(chatter, stop_talking))
        talking.start()
        after = Streaming(second, 10_000, first=20_000)
        connected(watch, 2)
        watch.until(lambda: received_bytes(watch, len(heard) + 50 * FRAME))
        stop_talking.set()
        talking.join()
    after.stopped.set()
    after.thread.join()
    assert watch.ends() == ["unplugged", "stopped"]
    assert [one.detail for one in watch.events if isinstance(one, Connected)] == [
        first.path,
        second.path,
    ]
    assert "wrong_device" in watch.reasons()
    assert len(heard) >= 50 * FRAME
    assert a_part_of(heard, frames(10_000))
    assert a_part_of(received(watch)[len(heard) :], frames(500, first=20_000))
    for one in (chatter, second):
        one.unplug()


def a_part_of(part: bytes, whole: bytes) -> bool:
    """Whether it is whole within, without a byte missing or twice; not all of it may be there."""
    return part in whole


def test_socat_that_ends_and_begins_again_under_the_same_name(tmp_path: Path) -> None:
    watch = Watch()
    port = tmp_path / "port"
    with running(transport(watch, str(port)), watch):
        watch.until(lambda: "not_found" in watch.reasons())
        assert said(watch, "not_found") == f"found no port {port}; expected it to be plugged in"
        for times in (1, 2):
            with socat(tmp_path) as (sensor, _):
                feeder = feed(str(sensor), 10_000)
                connected(watch, times)
                had = len(received(watch))
                watch.until(partial(received_bytes, watch, had + 20 * FRAME))
                feeder.kill()
                feeder.wait()
            watch.until(partial(ended, watch, times))
    assert watch.ends() == ["unplugged"] * 2


def ended(watch: Watch, times: int) -> bool:
    return watch.count(Disconnected) >= times


def test_garbage_and_half_frames_are_delivered_as_they_are(pty: Pty) -> None:
    watch, noise = Watch(), bytes(range(256)) * 8
    parts = [frame(0)[100:], noise, frames(3), frame(3)[:50], frame(4), noise, frame(5)[:7]]
    with running(transport(watch, pty.path), watch):
        pty.hears(b"go")  # opening a port discards what came before
        for one in parts:
            pty.write(one)
        watch.until(lambda: received_bytes(watch, sum(map(len, parts))))
    assert received(watch) == b"".join(parts)


def test_silence_opens_the_port_anew(pty: Pty) -> None:
    watch = Watch()
    with running(transport(watch, pty.path, silence_s=0.4), watch):
        for times in (1, 2):
            stream = Streaming(pty, 10_000)
            connected(watch, times)
            stream.stopped.set()
            stream.thread.join()
            watch.until(partial(ended, watch, times))
    assert watch.ends() == ["silent"] * 2


def test_commands_are_said_again_to_a_board_that_was_asleep(
    pty: Pty, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crampdetect.devices.serial_line.AGAIN_S", 0.1)
    watch = Watch()
    link = transport(watch, pty.path)
    link.send(b"nobody hears this")
    with running(link, watch):
        pty.hears(b"go", times=3)
        pty.write(frames(3))
        connected(watch)
        link.send(b"ping\n")
        pty.hears(b"ping")
    assert received(watch) == frames(3)
    pty.hears(b"end")
    assert bytes(pty.heard).endswith(b"ping\nend\n")
    assert b"nobody" not in pty.heard


def test_a_sensor_that_nothing_tells_is_taken_as_it_is(pty: Pty) -> None:
    watch = Watch()
    plan = replace(PLAN, handshake=None, start_interval_s=0.05)
    with running(transport(watch, pty.path, plan), watch):
        connected(watch)
        pty.hears(b"go")  # opening a port discards what came before
        pty.write(b"anything")
        watch.until(lambda: received_bytes(watch, 8))
    assert received(watch) == b"anything"
    assert watch.ends() == ["stopped"]
