"""NPG Lite over Bluetooth, and the Chords protocol on a serial line."""

import numpy as np
import pytest

from crampdetect.devices.chords import PLAN as SERIAL_PLAN
from crampdetect.devices.chords import ChordsDecoder
from crampdetect.devices.npg_lite import BATTERY, DATA, NpgLiteDecoder
from crampdetect.devices.npg_lite_encoder import NpgLiteEncoder
from crampdetect.link import Connected, Received
from tests.device_vectors import decoded, flags, gaps, golden, needs_vectors, public, values
from tests.devices_golden import FOLDER
from tests.devices_golden_more import text

MS = 1_000_000


def test_golden_packets_are_those_of_their_script() -> None:
    assert (FOLDER / "npg_lite.json").read_text(encoding="utf-8") == text("npg_lite")


def test_golden_notifications() -> None:
    told, decoder = golden("npg_lite"), NpgLiteDecoder()
    data = [bytes.fromhex(one) for one in told["notifications"]]
    items = decoded(decoder, data, [20, 40, 80])
    assert [row[0] + 2048 for row in values(items, "emg")] == told["counts"]
    assert gaps(items) == told["lost"]
    assert flags(items) == ["clipping"]  # the first value is 0


@pytest.mark.parametrize("size", [1, 5, 1000])
def test_golden_serial_frames(size: int) -> None:
    told, decoder = golden("npg_lite"), ChordsDecoder(channels="2")
    data = bytes.fromhex(told["serial"])
    items = decoded(decoder, [data[at : at + size] for at in range(0, len(data), size)])
    assert [row[0] + 2048 for row in values(items, "emg")] == told["serial_counts"]
    assert gaps(items) == told["serial_lost"]
    assert decoder.quality.corrupt == 1


@pytest.mark.real_data
@needs_vectors
def test_public_vectors() -> None:
    told = public("npg_lite_synthetic")["ble_notification"]
    items = decoded(NpgLiteDecoder("1,2,3"), [bytes.fromhex(told["hex"])])
    found = [[one + 2048 for one in row] for row in values(items, "emg")]
    assert found == [row for _, row in told["decoded"]]
    told = public("npg_lite_synthetic")["chords_serial_3ch"]
    decoder = ChordsDecoder(channels="1,2,3")
    items = decoded(decoder, [bytes.fromhex(told["hex"])])
    found = [[one + 2048 for one in row] for row in values(items, "emg")]
    assert found == [row for _, row in told["decoded"]]
    assert gaps(items) == [[3, 4]]


def test_six_channels_are_told_by_the_length() -> None:
    encoder, decoder = NpgLiteEncoder(), NpgLiteDecoder("6,1")
    items = decoded(decoder, [encoder.notification(np.tile([2049.0, 0, 0, 0, 0, 2050], (10, 1)))])
    assert values(items, "emg") == [[2.0, 1.0]] * 10
    assert decoded(decoder, [NpgLiteEncoder().notification(np.zeros((10, 3)))]) == []
    assert decoder.quality.corrupt == 1


def test_a_loss_longer_than_the_counter_is_completed_by_arrival() -> None:
    encoder, decoder = NpgLiteEncoder(), NpgLiteDecoder()
    items = decoder.push(Connected(0))
    for block in range(500):
        data = encoder.notification(np.full((10, 3), 2048.0))
        if not 200 <= block < 301:
            items += decoder.push(Received(data, (block + 1) * 20 * MS, DATA))
    assert gaps(items + decoder.flush()) == [[2000, 3010]]
    assert decoder.quality.received == {"emg": 3990}


def test_a_truncated_or_torn_notification_is_counted() -> None:
    encoder, decoder = NpgLiteEncoder(), NpgLiteDecoder()
    whole = encoder.notification(np.full((10, 3), 2048.0))
    torn = whole[:35] + b"\x07" + whole[36:]
    assert decoded(decoder, [whole[:-1], whole[:20], torn, bytes(70), b"\xff" * 70]) == []
    assert decoder.quality.corrupt == 5


def test_battery_and_signals() -> None:
    decoder = NpgLiteDecoder()
    (emg,) = decoder.signals
    assert (emg.unit, emg.capability, emg.rails) == ("a.u.", "spectral_reduced", ((-2048, 2047),))
    assert flags(decoder.push(Received(b"\x50", 0, BATTERY))) == []
    assert flags(decoder.push(Received(b"\x05", 0, BATTERY))) == ["battery_low"]
    assert decoder.push(Received(b"\xff", 0, BATTERY)) == []
    assert (decoder.battery_percent, decoder.quality.corrupt) == (5, 1)


def test_head_bytes_within_data_move_nothing() -> None:
    rng, encoder, decoder = np.random.default_rng(3), NpgLiteEncoder(), ChordsDecoder()
    items, sent = decoder.push(Connected(0)), 0
    for number in range(400):
        data = encoder.serial(np.array([[0xC7, 0x7C01, 0xC77C], [0xC77C, 0x01C7, 0x7C00]]))
        sent += 2
        if number % 50 == 20:
            data = data[int(rng.integers(1, 10)) :]
            sent -= 1
        items += decoder.push(Received(data, number * 4 * MS))
    items += decoder.flush()
    assert decoder.quality.received["emg"] == sent
    assert decoder.quality.lost["emg"] == 8
    assert decoder.quality.corrupt == 8


def test_an_uno_has_six_channels_at_250_hz() -> None:
    (emg,) = ChordsDecoder("UNO-R3", "6").signals
    assert emg.nominal_sampling_frequency == 250
    assert emg.rails == ((-512.0, 511.0),)
    assert SERIAL_PLAN.handshake is not None
    assert SERIAL_PLAN.handshake(b"\r\nNPG-LITE\r\n")
    assert SERIAL_PLAN.handshake(NpgLiteEncoder().serial(np.zeros((3, 3))))
    assert not SERIAL_PLAN.handshake(bytes(100))
    for options in ({"board": "x"}, {"channels": "4"}, {"channels": "1,,2"}):
        with pytest.raises(ValueError, match="expected"):
            ChordsDecoder(**options)
    with pytest.raises(ValueError, match=r"expected e\.g\. '1,2' out of 1-6"):
        NpgLiteDecoder("7")
