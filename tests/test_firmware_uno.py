"""The Uno's firmware, run in simavr: real machine code, EMG on its converter, bytes on a port."""

from pathlib import Path

import numpy as np
import pytest

from crampdetect.detection.types import Array
from crampdetect.devices import cramplink_messages as wire
from crampdetect.devices.cramplink import CrampLinkDecoder
from crampdetect.devices.cramplink_commands import start
from crampdetect.devices.cramplink_info import Info
from crampdetect.link import Connected, Received
from tests.firmware_simavr import ACC_ZERO_MV, GAIN, MIDDLE_MV, MV_PER_G, STEP_MV, SimulatedUno
from tests.firmware_uno import ACC, EMG, Line, assert_gapless, info, signal

pytestmark = pytest.mark.avr

#: As the firmware has it.
EMG_DELAY_US, ACC_DELAY_US = 180, 5060


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the firmware is built once."""
    return tmp_path_factory.mktemp("uno")


def movement(seconds: int) -> Array:
    """Slow turning, in g."""
    t = np.arange(1000 * seconds) / 1000
    return np.stack([np.sin(t), np.cos(t), 0.3 * np.sin(2 * t)], axis=1)


@pytest.mark.parametrize("baud", [250_000, 115_200])
def test_what_is_at_the_pins_arrives_to_one_step(folder: Path, baud: int) -> None:
    seconds = 12
    emg, acc = signal(seconds), movement(seconds)
    with (
        SimulatedUno(folder / str(baud), speed=0, baud=baud) as uno,
        Line(uno.start(emg, acc)) as line,
    ):
        line.greet()
        line.say(start(1))
        line.until(lambda: len(line.blocks(EMG)) >= 140)
    assert line.corrupt_after_first == 0
    assert len(line.of(wire.Type.STATUS)) == 1
    sequence = [one.seq for one in line.messages]
    assert sequence == list(range(sequence[0], sequence[0] + len(sequence)))
    heard, heard_acc = line.blocks(EMG), line.blocks(ACC)
    assert_gapless(heard, 1000)
    assert_gapless(heard_acc, 10_000)
    assert (heard[0].index, heard_acc[0].index) == (0, 0)
    assert_emg_is(info(line), heard, emg)
    assert_acc_is(info(line), heard_acc, acc)


def ideal(millivolts: Array) -> Array:
    """Readings of a perfect 10-bit converter."""
    return np.asarray(np.floor(millivolts / STEP_MV)).clip(0, 1023)


def simulated(millivolts: Array) -> Array:
    """Readings of simavr's: whole millivolts, and 1023 steps instead of 1024."""
    tenths = np.rint(millivolts * 10)
    return np.asarray(np.floor((tenths + 5) // 10 * 1023 / 3300))


def assert_emg_is(told: Info, heard: list[wire.Block], emg: Array) -> None:
    """The sum of four readings; volts at the skin by INFO."""
    stream = told.streams[0]
    assert (told.name, stream.label, stream.rate_mhz) == ("calf-uno", "EMG", 1_000_000)
    counts = np.concatenate([one.values[:, 0] for one in heard])
    # The file's first row lasts from the first conversion on, which is that of round 1.
    first = (heard[0].t_us - EMG_DELAY_US) // 1000 - 1
    sent = (MIDDLE_MV + emg * GAIN / 1000)[(first + np.arange(len(counts))) % len(emg)]
    assert counts.tolist() == (4 * (simulated(sent) - 512)).tolist()
    assert np.abs(counts / 4 + 512 - ideal(sent)).max() <= 1
    microvolts = counts * stream.scale * 1e6
    off = microvolts - (sent - MIDDLE_MV) * 1000 / GAIN
    assert np.abs(off).max() <= 2 * STEP_MV * 1000 / GAIN
    assert np.ptp(counts) > 1000


def assert_acc_is(told: Info, heard: list[wire.Block], acc: Array) -> None:
    """The sum of ten readings of each axis; g by INFO."""
    counts = np.concatenate([one.values for one in heard])
    first = (heard[0].t_us - ACC_DELAY_US) // 1000 - 1
    rows = (first + np.arange(10 * len(counts))) % len(acc)
    readings = (ACC_ZERO_MV + acc * MV_PER_G)[rows].reshape(-1, 10, 3)
    assert counts.tolist() == (simulated(readings).sum(axis=1) - 5120).tolist()
    assert np.abs(counts + 5120 - ideal(readings).sum(axis=1)).max() <= 10
    off = counts * told.streams[1].scale - acc[rows].reshape(-1, 10, 3).mean(axis=1)
    assert np.abs(off).max() <= 2 * STEP_MV / MV_PER_G


def test_in_real_time_our_decoder_loses_nothing(folder: Path) -> None:
    decoder = CrampLinkDecoder()
    with SimulatedUno(folder) as uno, Line(uno.start(signal(4))) as line:
        line.greet()
        line.say(start(1))
        line.until(lambda: len(line.blocks(EMG)) >= 1)
        begin = (line.blocks(EMG)[-1].index, line.heard[-1][0])
        line.until(lambda: len(line.blocks(EMG)) >= 41)
        decoder.push(Connected(line.heard[0][0]))
        for at, data in line.heard:
            decoder.push(Received(data, at))
    decoder.flush()
    blocks = line.blocks(EMG)
    assert decoder.quality.received["emg"] == sum(len(one.values) for one in blocks) >= 3200
    assert decoder.quality.lost.get("emg", 0) == 0
    assert decoder.quality.corrupt <= 1
    assert decoder.quality.restarts == 0
    # From one arrival to another, by the wall clock; the machine is shared.
    rate = 1e9 * (blocks[-1].index - begin[0]) / (line.heard[-1][0] - begin[1])
    assert 950 < rate < 1050
