"""uMyo: frames of the base station, which unit is believed, its battery; notifications."""

from fractions import Fraction

import numpy as np
import pytest

from crampdetect.devices.umyo_base import PLAN, UmyoBaseDecoder, is_base
from crampdetect.devices.umyo_base_encoder import UmyoBaseEncoder
from crampdetect.devices.umyo_base_frames import BaseFrames
from crampdetect.devices.umyo_gatt import UmyoGattDecoder
from crampdetect.devices.umyo_gatt_encoder import UmyoGattEncoder
from crampdetect.devices.umyo_signals import ACC_G, LSB_UV, RATE
from crampdetect.link import Connected, Disconnected, Received
from tests.device_vectors import decoded, flags, gaps, golden, needs_vectors, public, values
from tests.devices_golden import FOLDER, text

ZERO = np.zeros((8, 1))
#: Of one frame.
NS = int(8 / RATE * 10**9)


@pytest.mark.parametrize("name", ["umyo", "umyo_gatt"])
def test_golden_packets_are_those_of_their_script(name: str) -> None:
    assert (FOLDER / f"{name}.json").read_text(encoding="utf-8") == text(name)


def test_golden_frames_of_the_base() -> None:
    told, decoder = golden("umyo"), UmyoBaseDecoder()
    items = decoded(decoder, [bytes.fromhex(told["stream"])])
    counts = [row[0] / (LSB_UV / 2) for row in values(items, "emg")]
    np.testing.assert_allclose(counts, told["counts"], rtol=1e-12)
    assert gaps(items) == told["lost"]
    assert all(row == told["acc_g"] for row in values(items, "acc"))
    # The lost frame's place holds the last value.
    assert len(values(items, "acc")) == 5
    assert (decoder.unit, decoder.battery_mv) == (told["unit"], told["battery_mv"])


def test_golden_notifications() -> None:
    told, decoder = golden("umyo_gatt"), UmyoGattDecoder()
    sent = [bytes.fromhex(one) for one in told["notifications"]]
    items = decoded(decoder, sent)
    counts = [row[0] / LSB_UV for row in values(items, "emg")]
    np.testing.assert_allclose(counts, told["counts"], rtol=1e-12)
    assert gaps(items) == told["lost"]
    assert values(items, "acc")[-1] == told["acc_g"]
    assert decoder.quality.corrupt == 0


@pytest.mark.real_data
@needs_vectors
def test_public_stream_of_the_base() -> None:
    told = public("umyo_synthetic")["base_stream"]
    frames = list(BaseFrames().push(bytes.fromhex(told["hex"])))
    assert len(frames) == len(told["decoded"])
    for frame, expected in zip(frames, told["decoded"], strict=True):
        assert (frame.rssi, frame.packet_id, frame.unit_id, frame.data_id, frame.battery_mv,
                frame.version) == (expected["rssi"], expected["packet_id"], expected["unit_id"],
                expected["data_id"], expected["batt_mv"], expected["version"])  # fmt: skip
        parts = (frame.emg, frame.spectrum, frame.quaternion, frame.acc, frame.angles,
                 frame.magnetic)  # fmt: skip
        names = ("emg", "fft", "quat", "acc", "ypr", "mag")
        assert [list(one) for one in parts] == [expected[name] for name in names]
    items = decoded(UmyoBaseDecoder(), [bytes.fromhex(told["hex"])])
    assert gaps(items) == [[32, 40]]
    expected_uv = [value * LSB_UV / 2 for one in told["decoded"] for value in one["emg"]]
    np.testing.assert_allclose([row[0] for row in values(items, "emg")], expected_uv)
    np.testing.assert_allclose(values(items, "acc")[0], np.array([100, -200, 16384]) * ACC_G)


@pytest.mark.real_data
@needs_vectors
def test_public_notifications() -> None:
    told = public("umyo_synthetic")
    sent = [bytes.fromhex(one["hex"]) for one in told["gatt"]]
    items = decoded(UmyoGattDecoder(), sent)
    expected = [value for one in told["gatt"] for value in one["decoded"][1].get("emg", [])]
    counts = [row[0] / LSB_UV for row in values(items, "emg")]
    np.testing.assert_allclose(counts, expected)
    assert gaps(items) == [[48, 72]]
    np.testing.assert_allclose(values(items, "acc")[-1], [0.0, 0.0, 1.0])
    second = decoded(UmyoGattDecoder(), [bytes.fromhex(one["hex"]) for one in told["gatt_v2"]])
    assert values(second, "emg") == values(items, "emg")[:24]


def test_signals_say_what_the_firmware_does_to_them() -> None:
    emg, acc = UmyoBaseDecoder().signals
    assert (emg.comb_filtered, emg.capability) == (True, "envelope")
    assert emg.nominal_sampling_frequency == Fraction(15625, 14)
    assert acc.nominal_sampling_frequency == Fraction(15625, 112)
    raw, _ = UmyoGattDecoder().signals
    assert (raw.comb_filtered, raw.capability) == (False, "spectral")
    assert raw.resolution[0] == pytest.approx(2.7466, abs=1e-4)


def test_one_unit_of_two_is_the_nights() -> None:
    units = [UmyoBaseEncoder(0xAAAA0001), UmyoBaseEncoder(0xBBBB0002)]
    sent = [unit.frame(ZERO + 100 * (1 + k)) for _ in range(30) for k, unit in enumerate(units)]
    for wanted, level in (("", 100), ("bbbb0002", 200)):
        decoder = UmyoBaseDecoder(wanted)
        items = decoded(decoder, sent, [4 * k for k in range(60)])
        assert {round(row[0]) for row in values(items, "emg")} == {
            round(np.rint(level / (LSB_UV / 2)) * LSB_UV / 2)
        }
        assert len(values(items, "emg")) == 240
        assert not gaps(items)
        assert decoder.unit == (wanted or "aaaa0001")


def test_a_unit_is_believed_after_three_frames_and_none_of_them_is_lost() -> None:
    unit = UmyoBaseEncoder()
    decoder, sent = UmyoBaseDecoder(), [unit.frame(ZERO) for _ in range(3)]
    counts = []
    for one in sent:
        items = decoder.push(Received(one, 0))
        counts.append(len(values(items, "emg")))
    assert counts == [0, 0, 24]


def test_the_battery_is_told_every_ten_seconds_and_when_it_is_low() -> None:
    unit, decoder, low = UmyoBaseEncoder(battery_mv=3400), UmyoBaseDecoder(), 0
    told: list[int] = []
    for number in range(140 * 35):
        unit.battery_mv = 3400 - number // 25
        items = decoder.push(Received(unit.frame(ZERO), number * NS))
        low += flags(items).count("battery_low")
        if decoder.battery_mv is not None and decoder.battery_mv not in told[-1:]:
            told.append(decoder.battery_mv)
    assert len(told) == 4
    assert low == sum(one < 3350 for one in told) >= 1


def test_a_long_loss_is_completed_by_arrival() -> None:
    """256 buffers are 1.8 s; here 5 s of frames do not arrive."""
    unit, decoder, items = UmyoBaseEncoder(), UmyoBaseDecoder(), []
    for number in range(2000):
        if 500 <= number < 1200:
            unit.skip(8)
            continue
        items += decoder.push(Received(unit.frame(ZERO), number * NS))
    assert gaps(items) == [[4000, 9600]]
    missing = gaps(items, "acc", "missing")
    assert (missing[0][0], missing[-1][1]) == (500, 1200)


def test_half_a_frame_before_a_lost_link_does_not_meet_what_comes() -> None:
    unit, decoder = UmyoBaseEncoder(), UmyoBaseDecoder()
    for number in range(10):
        decoder.push(Received(unit.frame(ZERO), number * NS))
    decoder.push(Received(unit.frame(ZERO)[:40], 10 * NS))
    decoder.push(Disconnected(11 * NS))
    decoder.push(Connected(12 * NS))
    items = []
    for number in range(12, 140):
        items += decoder.push(Received(unit.frame(ZERO), number * NS))
    assert len(values(items, "emg")) == 128 * 8
    assert decoder.quality.corrupt == 0


def test_no_notification_of_another_length_is_taken() -> None:
    decoder = UmyoGattDecoder()
    for length in (0, 1, 19, 21, 25, 28, 51, 54, 62, 512):
        assert decoder.push(Received(bytes(length), 0)) == []
    assert decoder.quality.corrupt == 10


def test_sparse_acceleration_is_placed_by_the_emg() -> None:
    unit, decoder, items = UmyoGattEncoder(), UmyoGattDecoder(), []
    for number in range(1000):
        at = int(number * 24 / RATE * 10**9)
        items += decoder.push(Received(unit.emg(np.zeros((24, 1))), at))
        if number % 2:
            items += decoder.push(Received(unit.acc((0.0, number / 1000, 1.0)), at))
    rows = values(items, "acc")
    assert len(rows) == pytest.approx(float(24000 / RATE * 25), abs=2)
    assert gaps(items, "acc", "missing") == [[0, 1]]  # it begins with the second frame
    true = [min(1.0, (k + 1) / 25 * float(RATE) / 24 / 1000) for k in range(len(rows))]
    assert np.abs(np.array(rows)[:, 1] - true).max() < 0.006


def test_handshake_and_options() -> None:
    unit = UmyoBaseEncoder()
    assert PLAN.baud == 921600
    assert not is_base(unit.frame(ZERO) * 2)
    assert is_base(b"".join(unit.frame(ZERO) for _ in range(3)))
    with pytest.raises(ValueError, match="number is 'left'; expected up to 8 hexadecimal digits"):
        UmyoBaseDecoder("left")
