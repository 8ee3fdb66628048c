"""The Uno's firmware, run in simavr: commands, resets, rails, and the simulator itself."""

import struct
from pathlib import Path

import numpy as np
import pytest

from crampdetect.devices import cramplink_messages as wire
from crampdetect.devices.cramplink import CrampLinkDecoder
from crampdetect.devices.cramplink_commands import hello, ping, start, stop
from crampdetect.link import Connected, Received
from tests.firmware_simavr import STEP_MV, SimulatedUno
from tests.firmware_uno import EMG, Line, assert_gapless, info, signal

pytestmark = pytest.mark.avr


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the firmware is built once."""
    return tmp_path_factory.mktemp("uno")


def test_commands_are_answered(folder: Path) -> None:
    with SimulatedUno(folder, speed=0) as uno, Line(uno.start(signal(1))) as line:
        line.greet()
        greeted = len(line.of(wire.Type.INFO))
        line.write(bytes(range(1, 200)))  # no frame ends here, and it is too long for one
        line.say(hello(0))
        line.until(lambda: len(line.of(wire.Type.INFO)) > greeted)
        line.say(ping(1, 0x1122334455667788))
        line.until(lambda: bool(line.of(wire.Type.SYNC)))
        body = line.of(wire.Type.SYNC)[0].body
        assert body[:8] == struct.pack("<Q", 0x1122334455667788)
        heard_us, sent_us = (int.from_bytes(body[k : k + 6], "little") for k in (8, 14))
        assert 0 <= sent_us - heard_us < 1000
        line.say(start(2), wire.pack(0xC0, 3, 0, 0, b""), stop(4))
        line.until(lambda: len(line.of(wire.Type.ACK)) == 3)
        acks = [struct.unpack("<BHB", one.body) for one in line.of(wire.Type.ACK)]
        assert acks == [(0x82, 2, 0), (0xC0, 3, 1), (0x83, 4, 0)]
        count = len(line.of(wire.Type.DATA))
        line.say(hello(5))
        line.until(lambda: line.messages[-1].type == wire.Type.INFO)
        assert len(line.of(wire.Type.DATA)) == count


def test_a_start_that_is_repeated_goes_on_and_another_begins_anew(folder: Path) -> None:
    with SimulatedUno(folder, speed=0) as uno, Line(uno.start(signal(1))) as line:
        line.greet()
        line.say(start(1, token=7))
        line.until(lambda: len(line.blocks(EMG)) == 3)
        line.say(start(2, token=7))
        line.until(lambda: len(line.of(wire.Type.ACK)) == 2)
        line.until(lambda: line.messages[-1].type == wire.Type.DATA)
        assert_gapless(line.blocks(EMG), 1000)
        line.say(start(3, token=8))
        line.until(lambda: len(line.of(wire.Type.ACK)) == 3)
        count = len(line.blocks(EMG))
        line.until(lambda: len(line.blocks(EMG)) == count + 2)
        assert_gapless(line.blocks(EMG)[count:], 1000)
        assert line.blocks(EMG)[count].index == 0
        assert line.blocks(EMG)[count].t_us > line.blocks(EMG)[count - 1].t_us


def test_a_rail_is_told(folder: Path) -> None:
    with SimulatedUno(folder, speed=0) as uno, Line(uno.start(np.full(100, 9000.0))) as line:
        line.greet()
        line.say(start(1))
        line.until(lambda: len(line.blocks(EMG)) == 2)
    assert {one.flags for one in line.blocks(EMG)} == {wire.BlockFlag.CLIPPED}
    assert {one.flags & wire.Flag.CLIP for one in line.of(wire.Type.DATA)} == {wire.Flag.CLIP}
    assert np.unique(line.blocks(EMG)[0].values).tolist() == [4 * 511]


def test_noise_dithers_the_sum_of_four_conversions(folder: Path) -> None:
    quiet = np.zeros(1000)
    with SimulatedUno(folder, speed=0, noise_mv=3.0) as uno, Line(uno.start(quiet)) as line:
        line.greet()
        line.say(start(1))
        line.until(lambda: len(line.blocks(EMG)) == 12)
    counts = np.concatenate([one.values[:, 0] for one in line.blocks(EMG)])
    assert set(np.unique(counts % 4)) == {0.0, 1.0, 2.0, 3.0}
    # Four conversions add twice the noise of one, and that of rounding each down.
    expected = 2 * np.hypot(3.0 / STEP_MV, 1 / np.sqrt(12))
    assert np.std(counts) == pytest.approx(expected, rel=0.1)


def test_a_reset_is_a_new_boot(folder: Path) -> None:
    decoder = CrampLinkDecoder()
    with SimulatedUno(folder) as uno, Line(uno.start(signal(4))) as line:
        line.greet()
        line.say(start(1))
        line.until(lambda: len(line.blocks(EMG)) == 4)
        first = info(line).boot_id
        before = len(line.messages)
        uno.reset()
        line.until(lambda: any(one.flags & wire.Flag.TIME_RESET for one in line.messages[before:]))
        boot = line.of(wire.Type.EVENT)[-1]
        assert (boot.flags & wire.Flag.TIME_RESET, boot.body) == (
            wire.Flag.TIME_RESET,
            bytes([4, 0]),
        )
        line.until(lambda: line.messages[-1].type == wire.Type.INFO)
        line.say(start(3))
        count = len(line.blocks(EMG))
        line.until(lambda: len(line.blocks(EMG)) == count + 4)
        assert info(line).boot_id != first
        decoder.push(Connected(line.heard[0][0]))
        for at, data in line.heard:
            decoder.push(Received(data, at))
    decoder.flush()
    assert decoder.quality.restarts == 1
    assert decoder.quality.received["emg"] == 80 * len(line.blocks(EMG))


def test_the_simulator_ends_when_asked_and_says_what_it_ran(folder: Path) -> None:
    uno = SimulatedUno(folder, speed=0)
    with Line(uno.start(signal(1))) as line:
        line.greet()
        line.say(start(1))
        line.until(lambda: len(line.blocks(EMG)) == 2)
    said = uno.stop()
    assert "0 lost" in said
    assert "crashed" not in said
    assert uno.stop() == ""
