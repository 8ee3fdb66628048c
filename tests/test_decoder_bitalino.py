"""PLUX BITalino: frames, resynchronisation, battery, ports, long losses, repeated notifications."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crampdetect.devices.bitalino import BLE_PLAN, SERIAL_PLAN, BitalinoDecoder
from crampdetect.devices.bitalino_encoder import BitalinoEncoder
from crampdetect.devices.bitalino_frames import (
    FRAME_BYTES,
    crc4,
    live_frames,
    measure,
    rows_of,
    slot_bits,
)
from crampdetect.devices.bitalino_plan import start_writes
from crampdetect.link import Connected, Received
from tests.device_vectors import decoded, flags, gaps, golden, needs_vectors, public, values
from tests.devices_golden import FOLDER
from tests.devices_golden_more import text

MS = 1_000_000
STEP_UV = 3_300_000 / 1009 / 1024


def counts_of(rows: list[list[float]]) -> list[float]:
    return [row[0] / STEP_UV + 512 for row in rows]


def test_golden_packets_are_those_of_their_script() -> None:
    assert (FOLDER / "bitalino.json").read_text(encoding="utf-8") == text("bitalino")


@pytest.mark.parametrize("size", [1, 3, 1000])
def test_golden_stream(size: int) -> None:
    told, decoder = golden("bitalino"), BitalinoDecoder()
    data = bytes.fromhex(told["stream"])
    pieces = [data[at : at + size] for at in range(0, len(data), size)]
    items = decoded(decoder, pieces, [0] * len(pieces))
    np.testing.assert_allclose(counts_of(values(items, "emg")), told["counts"], atol=1e-9)
    g = [2 * (one - 410) / 204 - 1 for one in told["acc_counts"]]
    np.testing.assert_allclose([row[0] for row in values(items, "acc")], g, atol=1e-12)
    assert gaps(items) == gaps(items, "acc") == told["lost"]
    assert decoder.battery_mv == told["battery_mv"]
    assert decoder.quality.corrupt == 1
    assert flags(items) == ["clipping"]


@pytest.mark.real_data
@needs_vectors
def test_public_frames() -> None:
    for told in public("bitalino_synthetic")["frames"]:
        frame, slots = bytes.fromhex(told["hex"]), told["n"]
        assert len(frame) == FRAME_BYTES[slots]
        assert measure(bytearray(frame), 0, len(frame)) == len(frame)
        seq, digital, counts = rows_of([frame], slots)
        nibble = int("".join(map(str, told["dig"])), 2)
        assert (seq[0], digital[0], counts[0].tolist()) == (told["seq"], nibble, told["ch"])
        assert live_frames(told["seq"], nibble, counts) == [frame]
    bad = bytes.fromhex(public("bitalino_synthetic")["bad_crc"]["hex"])
    assert measure(bytearray(bad), 0, len(bad)) == 0


@pytest.mark.real_data
@needs_vectors
def test_public_stream_and_commands() -> None:
    told = public("bitalino_synthetic")
    stream = told["stream_2ch"]
    decoder = BitalinoDecoder()
    items = decoded(decoder, [bytes.fromhex(stream["hex"])])
    expected = [one["ch"][0] for one in stream["expected"]]
    np.testing.assert_allclose(counts_of(values(items, "emg")), expected, atol=1e-9)
    assert gaps(items) == [[10, 12]]
    known = {bytes.fromhex(one) for one in told["commands"].values()}
    assert set(start_writes()) <= known
    assert set(start_writes("A1,A2,A3,A4,A5", "A6")) <= known


@given(st.lists(st.integers(0, 255), min_size=1, max_size=8))
def test_crc_as_bit_by_bit(values: list[int]) -> None:
    from tests.devices_golden_more import crc_nibbles

    assert crc4(bytes(values)) == crc_nibbles(bytes(values))


@given(slots=st.integers(1, 6), seed=st.integers(0, 1000))
def test_frames_of_any_number_of_ports_come_back(slots: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    tops = [1 << slot_bits(slot) for slot in range(slots)]
    counts = np.column_stack([rng.integers(0, top, 20) for top in tops]).astype(np.float64)
    seq, digital, back = rows_of(live_frames(5, 6, counts), slots)
    assert seq.tolist() == [(5 + number) % 16 for number in range(20)]
    assert set(digital.tolist()) == {6.0}
    np.testing.assert_array_equal(back, counts)


def test_a_long_loss_is_completed_by_arrival() -> None:
    encoder, decoder = BitalinoEncoder(), BitalinoDecoder()
    items = decoder.push(Connected(0))
    for block in range(400):  # 10 ms each
        data = encoder.frames(np.full((10, 2), 400.0))
        if not 200 <= block < 290:
            items += decoder.push(Received(data, (block + 1) * 10 * MS))
    items += decoder.flush()
    assert gaps(items) == [[2000, 2900]]
    assert decoder.quality.received == {"emg": 3100, "acc": 3100}


def test_a_stalled_port_is_no_loss() -> None:
    encoder, decoder = BitalinoEncoder(), BitalinoDecoder()
    items = decoder.push(Connected(0))
    for block in range(600):
        data = encoder.frames(np.full((10, 2), 400.0))
        late = 350 if 200 <= block < 350 else block + 1
        items += decoder.push(Received(data, late * 10 * MS))
    items += decoder.flush()
    assert gaps(items) == []
    assert decoder.quality.received["emg"] == 6000


def test_a_repeated_notification_counts_once() -> None:
    encoder, decoder = BitalinoEncoder(), BitalinoDecoder()
    endpoint = BLE_PLAN.notify[0]
    items = decoder.push(Connected(0))
    for block in range(100):
        data = encoder.frames(np.full((5, 2), 400.0))
        for _ in range(1 + (block > 3) * (block % 3)):
            items += decoder.push(Received(data, (block + 1) * 5 * MS, endpoint))
    assert gaps(items) == []
    assert decoder.quality.received["emg"] == 500
    assert decoder.quality.duplicate == sum(block % 3 for block in range(4, 100))
    assert decoder.quality.corrupt == 0


def test_a_button_is_a_mark_and_a_weak_battery_is_told() -> None:
    encoder, decoder = BitalinoEncoder(abat=540), BitalinoDecoder(button="I1")
    items = decoder.push(Connected(0))
    items += decoder.push(Received(encoder.answer(0x07) + encoder.answer(0x0B), 5))
    for block, level in enumerate([8, 8, 0, 0, 8, 0, 8]):
        data = encoder.frames(np.full((16, 2), 400.0), level)
        items += decoder.push(Received(data, block * 16 * MS))
    assert decoder.marks == [32 * MS, 80 * MS]
    assert decoder.battery_mv == 3480
    assert flags(items) == ["battery_low"]


def test_ports_and_scales_are_the_users() -> None:
    decoder = BitalinoDecoder("A2,A6", "A1", "300", "700")
    emg, acc = decoder.signals
    assert (emg.channels, emg.unit, acc.channels, acc.unit) == (("A2", "A6"), "uV", ("A1",), "g")
    assert acc.resolution == pytest.approx((2 / 400,))
    data = b"".join(live_frames(0, 0, np.tile([[500.0, 512.0, 512.0]], (8, 1))))
    items = decoded(decoder, [data])
    assert values(items, "emg")[0] == [0.0, 0.0]
    assert values(items, "acc")[0] == [0.0]
    assert [info.stream for info in BitalinoDecoder("A1", "").signals] == ["emg"]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"emg": "A7"}, "there is no port 'A7'"),
        ({"emg": ""}, "expected different ports"),
        ({"acc": "A1"}, "expected different ports"),
        ({"acc_minus_g": "x"}, "expected two out of 0 to 1023"),
        ({"button": "I3"}, "there is no input 'I3'"),
    ],
)
def test_impossible_options_are_refused(options: dict[str, str], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        BitalinoDecoder(**options)


def test_the_plan_starts_two_ports_and_knows_the_device() -> None:
    assert SERIAL_PLAN.start == (b"\x00", b"\x07", b"\x0b", b"\xc3", b"\x45")
    assert SERIAL_PLAN.handshake is not None
    assert SERIAL_PLAN.handshake(b"??BITalino_v5.2\n")
    assert not SERIAL_PLAN.handshake(b"something else")
