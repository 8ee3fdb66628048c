"""gForcePro+: notifications, messages in parts, losses without a counter, battery."""

import numpy as np
import pytest

from crampdetect.detection.types import Gap
from crampdetect.devices.gforce import ANSWERS, DATA, PLAN, STEP_UV, GForceDecoder
from crampdetect.devices.gforce_encoder import (
    acceleration_notification,
    emg_notification,
    in_parts,
)
from crampdetect.link import Connected, Received
from tests.device_vectors import flags, gaps, needs_vectors, public, values

MS = 1_000_000


def test_samples_come_back_whole_and_in_parts() -> None:
    rng, decoder = np.random.default_rng(1), GForceDecoder("1,8")
    counts = rng.integers(1, 4095, (8, 8)).astype(np.float64)
    items = decoder.push(Received(emg_notification(counts), 0, DATA))
    for part in in_parts(emg_notification(counts + 1.0), 60):
        items += decoder.push(Received(part, 16 * MS, DATA))
    items += decoder.push(Received(acceleration_notification(np.array([0.5, 0, -1])), 17, DATA))
    expected = np.vstack([counts, counts + 1.0])[:, [0, 7]] - 2048
    np.testing.assert_allclose(np.array(values(items, "emg")) / STEP_UV["12"], expected, atol=1e-9)
    assert values(items, "acc") == [[0.5, 0.0, -1.0]]
    assert decoder.quality.corrupt == 0


@pytest.mark.real_data
@needs_vectors
def test_public_vectors() -> None:
    emg, quaternion = public("gforce_synthetic")["data"]
    decoder = GForceDecoder(bits="8")
    items = decoder.push(Received(bytes.fromhex(emg["hex"]), 0, DATA))
    found = np.array(values(items, "emg")).ravel() / STEP_UV["8"] + 128
    np.testing.assert_allclose(found, emg["decoded"][1], atol=1e-9)
    assert decoder.push(Received(bytes.fromhex(quaternion["hex"]), 1, DATA)) == []
    assert decoder.quality.corrupt == 0
    told = public("gforce_synthetic")["commands"]
    # The vectors ask for 8 bits, we for 12.
    first = PLAN.start[0][1]
    assert first[:-1].hex() + "08" == told["emg_500Hz_8ch_128B_8bit"]
    assert PLAN.stop[0][1].hex() == told["switch_off"]


def test_a_part_that_is_missing_spoils_only_its_message() -> None:
    decoder = GForceDecoder()
    parts = in_parts(emg_notification(np.full((8, 8), 2048.0)), 40)
    items = []
    for part in [*parts[:1], *parts[2:], *parts]:
        items += decoder.push(Received(part, 0, DATA))
    assert len(values(items, "emg")) == 8
    assert decoder.quality.corrupt > 0


def test_a_loss_is_completed_by_arrival_and_marked() -> None:
    decoder, items = GForceDecoder("1"), []
    items += decoder.push(Connected(0))
    for number in range(600):
        data = emg_notification(np.full((8, 8), 2048.0 + number % 50))
        if not 300 <= number < 350:
            items += decoder.push(Received(data, (number + 1) * 16 * MS, DATA))
    items += decoder.flush()
    (gap,) = [one for one in items if isinstance(one, Gap) and one.stream == "emg"]
    assert (gap.start, gap.stop, gap.estimated) == (2400, 2800, True)


def test_nothing_but_sound_messages_is_taken() -> None:
    decoder = GForceDecoder()
    odd = (b"", b"\xff", b"\x08" + bytes(127), b"\x08" + b"\xff" * 128, b"\x01" + bytes(11))
    for number, data in enumerate(odd):
        assert decoder.push(Received(data, number * 100 * MS, DATA)) == []
    assert decoder.quality.corrupt == len(odd)
    assert decoder.push(Received(b"\x05" + bytes(16), 10**9, DATA)) == []
    for _ in range(300):
        decoder.push(Received(b"\xff\x50" + bytes(200), 10**9, DATA))
    assert gaps(decoder.flush()) == []


def test_battery_is_asked_for_and_told() -> None:
    decoder = GForceDecoder()
    assert decoder.keep_alive(0) == b"\x08"
    assert decoder.keep_alive(10**9) is None
    assert decoder.push(Received(b"\x00\x4f", 0, ANSWERS)) == []
    assert flags(decoder.push(Received(b"\x00\x08\x09", 0, ANSWERS))) == ["battery_low"]
    assert decoder.battery_percent == 9
    clipped = np.full((8, 8), 2048.0)
    clipped[2, 2] = 4095
    assert flags(decoder.push(Received(emg_notification(clipped), 0, DATA))) == ["clipping"]
    for options in ({"channels": "0"}, {"bits": "10"}):
        with pytest.raises(ValueError, match="expected"):
            GForceDecoder(**options)
