"""Myo armband: notifications, the turn of its characteristics, losses, acceleration, battery."""

import struct

import numpy as np
import pytest

from crampdetect.detection.types import Gap, Item
from crampdetect.devices.link_plan import BATTERY_LEVEL
from crampdetect.devices.myo import EMG_DATA, IMU_DATA, PLAN, MyoDecoder
from crampdetect.devices.myo_encoder import MyoEncoder
from crampdetect.link import Connected, Received
from tests.device_vectors import flags, gaps, golden, needs_vectors, public, values
from tests.devices_golden import FOLDER
from tests.devices_golden_more import text

MS = 1_000_000


def test_golden_packets_are_those_of_their_script() -> None:
    assert (FOLDER / "myo.json").read_text(encoding="utf-8") == text("myo")


def test_golden_notifications() -> None:
    told, decoder = golden("myo"), MyoDecoder()
    items = decoder.push(Connected(0))
    for endpoint, data, at in told["notifications"]:
        items += decoder.push(Received(bytes.fromhex(data), at * MS, endpoint))
    items += decoder.flush()
    assert values(items, "emg") == told["counts"]
    assert gaps(items) == told["lost"]
    assert values(items, "acc")[-1] == told["acc_g"]
    assert decoder.battery_percent == told["battery_percent"]
    assert flags(items) == ["battery_low"]


@pytest.mark.real_data
@needs_vectors
def test_public_notifications() -> None:
    told, decoder = public("myo_synthetic"), MyoDecoder()
    items = decoder.push(Received(bytes.fromhex(told["emg"]["hex"]), 0, EMG_DATA[0]))
    items += decoder.push(Received(bytes.fromhex(told["imu"]["hex"]), 0, IMU_DATA))
    assert values(items, "emg") == told["emg"]["decoded"]
    assert values(items, "acc")[-1] == told["imu"]["decoded"]["acc_g"]
    writes = [data.hex() for _, data in (*PLAN.start, *PLAN.stop)]
    commands = told["commands"]
    assert writes == [commands["never_sleep"], commands["emg_raw+imu"], commands["off"]]


def night(lost: range, late: range = range(0), until: int = 1000) -> tuple[
    MyoDecoder, list[Item], list[int]
]:  # fmt: skip
    """Notifications 10 ms apart, of which some are lost, or late and then come at once."""
    encoder, decoder = MyoEncoder(), MyoDecoder("1")
    items, heard = decoder.push(Connected(0)), list[int]()
    for number in range(until):
        rows = np.repeat([[2 * number % 100], [(2 * number + 1) % 100]], 8, axis=1)
        endpoint, data = encoder.emg(rows)
        at = late.stop if number in late else number
        if number not in lost:
            items += decoder.push(Received(data, at * 10 * MS, endpoint))
            heard += [2 * number, 2 * number + 1]
        if number % 2:
            endpoint, data = encoder.acceleration(np.array([0.0, 0.0, 1.0]))
            items += decoder.push(Received(data, at * 10 * MS, endpoint))
    return decoder, items + decoder.flush(), heard


@pytest.mark.parametrize("lost", [range(400, 401), range(400, 402), range(400, 403)])
def test_a_break_of_the_turn_is_exact(lost: range) -> None:
    decoder, items, heard = night(lost)
    assert gaps(items) == [[2 * lost.start, 2 * lost.stop]]
    assert [row[0] for row in values(items, "emg")] == [one % 100 for one in heard]
    assert decoder.quality.received["emg"] == len(heard)
    assert decoder.quality.lost["emg"] == 2 * len(lost)


def test_a_longer_loss_is_completed_by_arrival_and_marked() -> None:
    decoder, items, _ = night(range(400, 521))
    (gap,) = [one for one in items if isinstance(one, Gap) and one.stream == "emg"]
    assert (gap.start, gap.stop, gap.estimated) == (800, 1042, True)
    assert decoder.quality.received["acc"] + decoder.quality.lost.get("acc", 0) > 450


def test_a_stalled_link_is_no_loss() -> None:
    decoder, items, heard = night(range(0), range(400, 480))
    assert gaps(items) == []
    assert decoder.quality.received["emg"] == len(heard) == 2000


def test_repeated_notifications_count_once_even_of_a_resting_muscle() -> None:
    encoder, decoder = MyoEncoder(), MyoDecoder()
    for number in range(300):
        endpoint, data = encoder.emg(np.zeros((2, 8)))
        for _ in range(1 + number % 3):
            decoder.push(Received(data, number * 10 * MS, endpoint))
    assert decoder.quality.received["emg"] == 600
    assert decoder.quality.duplicate == 300
    assert "emg" not in decoder.quality.lost


def test_it_has_no_unit_and_says_where_it_clips() -> None:
    decoder = MyoDecoder("3,1")
    emg, acc = decoder.signals
    assert (emg.unit, emg.amplitude_known, emg.capability) == ("a.u.", False, "envelope")
    assert emg.channels == ("EMG 3", "EMG 1")
    assert (acc.unit, len(acc.channels)) == ("g", 3)
    data = struct.pack("<16b", 1, 2, 127, *range(13))
    items = decoder.push(Received(data, 0, EMG_DATA[2]))
    assert values(items, "emg")[0] == [127.0, 1.0]
    assert flags(items) == ["clipping"]


def test_what_is_no_notification_of_it_is_counted() -> None:
    decoder = MyoDecoder()
    for data, endpoint in ((b"", EMG_DATA[0]), (bytes(20), EMG_DATA[1]), (bytes(16), "other"),
                           (bytes(16), IMU_DATA), (b"\xff", BATTERY_LEVEL)):  # fmt: skip
        assert decoder.push(Received(data, 0, endpoint)) == []
    assert decoder.quality.corrupt == 5
    with pytest.raises(ValueError, match=r"expected e\.g\. '1,2' out of 1-8"):
        MyoDecoder("9")
