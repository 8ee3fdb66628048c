"""Shimmer3 and Shimmer3R: checksum, answers, packets, the clock as counter, calibration."""

import struct

import numpy as np
import pytest

from crampdetect.detection.types import Gap, Item
from crampdetect.devices.shimmer3 import BLE_PLAN, SERIAL_PLAN, Shimmer3Decoder
from crampdetect.devices.shimmer3_encoder import NACK, Shimmer3Encoder
from crampdetect.devices.shimmer3_packets import Layout, Unpacking, crc, layout_of
from crampdetect.devices.shimmer3_plan import start_writes
from crampdetect.link import Connected, Disconnected, Received
from tests.device_vectors import decoded, flags, gaps, golden, needs_vectors, public, values
from tests.devices_golden import FOLDER
from tests.devices_golden_more import text

MS = 1_000_000
UV = 2_420_000 / 12 / (2**23 - 1)
IDS = (0x00, 0x01, 0x02, 0x03, 0x1D, 0x1E, 0x1F)


def test_golden_packets_are_those_of_their_script() -> None:
    assert (FOLDER / "shimmer3.json").read_text(encoding="utf-8") == text("shimmer3")


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_golden_stream(size: int) -> None:
    told, decoder = golden("shimmer3"), Shimmer3Decoder()
    data = bytes.fromhex(told["stream"])
    pieces = [data[at : at + size] for at in range(0, len(data), size)]
    items = decoded(decoder, pieces, [0] * len(pieces))
    counts = [row[0] / UV for row in values(items, "emg")]
    np.testing.assert_allclose(counts, told["counts"], rtol=1e-12)
    assert {row[1] for row in values(items, "emg")} == {-UV}
    assert gaps(items) == gaps(items, "acc") == told["lost"]
    np.testing.assert_allclose(values(items, "acc")[0], told["acc_g"], atol=1e-12)
    assert decoder.battery_mv == told["battery_mv"]
    assert decoder.quality.corrupt == 0


@pytest.mark.real_data
@needs_vectors
def test_public_checksums_and_inquiries() -> None:
    told = public("shimmer_public")
    for one in told["crc"]:
        assert crc(bytes.fromhex(one["data"])).hex() == one["crc_on_wire"]
    names = {3: "shimmer3", 10: "shimmer3r"}
    for one in told["inquiry"]:
        layout = layout_of(bytes.fromhex(one["hex"]), names[one["hw"]])
        assert layout is not None
        assert (float(layout.rate), list(layout.ids)) == (one["rate_hz"], one["ids"])
    one = told["data"][0]
    layout = Layout(names[one["hw"]], 640, tuple(one["ids"]))
    numbers = Unpacking(layout, layout.ids).numbers(bytes.fromhex(one["hex"]), layout.length)
    assert numbers[0].tolist() == list(one["decoded"].values())


@pytest.mark.real_data
@needs_vectors
def test_public_emg_packets() -> None:
    told = public("shimmer3r_emg_synthetic")
    data = bytes.fromhex(told["inquiry_response"])
    data += b"".join(bytes.fromhex(one["hex"]) for one in told["packets"])
    decoder = Shimmer3Decoder("shimmer3r")
    items = decoded(decoder, [data])
    expected = [[one["decoded"][f"EXG1_CH{k}"] for k in (1, 2)] for one in told["packets"]]
    np.testing.assert_allclose(np.array(values(items, "emg")) / UV, expected, atol=1e-9)
    assert gaps(items) == [[3, 4]]
    assert decoder.signals is not None
    emg, acc = decoder.signals
    assert emg.nominal_sampling_frequency == acc.nominal_sampling_frequency == told["rate_hz"]
    # 16384 counts at +-2 g are 1 g, turned by the sensor's mounting.
    assert values(items, "acc")[0][2] == pytest.approx(-1.0, abs=0.001)


class Rig:
    """A device that is started, and a decoder that hears what it sends."""

    def __init__(self, hardware: str = "shimmer3", checksum: str = "2", divisor: int = 32) -> None:
        self.encoder = Shimmer3Encoder(Layout(hardware, divisor, IDS))
        self.decoder = Shimmer3Decoder(checksum=checksum)
        self.commands = [one for one in start_writes() if checksum == "2" or one[0] != 0x8B]
        self.items: list[Item] = []
        self.now = self.sent = 0
        self.per_ms = 32.768 / divisor
        self.start()

    def start(self) -> None:
        self.items += self.decoder.push(Connected(self.now))
        for one in self.commands:
            self.hear(self.encoder.answer(one))

    def hear(self, data: bytes) -> None:
        self.items += self.decoder.push(Received(data, self.now))

    def send(self, count: int, lost: bool = False) -> None:
        if lost:
            self.now += count * int(MS / self.per_ms)
            self.encoder.skip(count)
            self.sent += count
            return
        for _ in range(count):
            self.now += int(MS / self.per_ms)
            self.hear(self.encoder.packet({0x1E: self.sent % 1000, 0x03: 2600}))
            self.sent += 1


@pytest.mark.parametrize("checksum", ["2", "0"])
@pytest.mark.parametrize("hardware", ["shimmer3", "shimmer3r"])
def test_losses_follow_from_the_clock(hardware: str, checksum: str) -> None:
    rig = Rig(hardware, checksum)
    for lost in (1, 5, 40):
        rig.send(500)
        rig.send(lost, lost=True)
    rig.send(500)
    items = rig.items + rig.decoder.flush()
    assert gaps(items) == [[500, 501], [1001, 1006], [1506, 1546]]
    numbers = np.array([row[0] for row in values(items, "emg")]) / UV
    expected = [n % 1000 for n in range(rig.sent) if not any(a <= n < b for a, b in gaps(items))]
    np.testing.assert_allclose(numbers, expected, atol=1e-9)
    assert rig.decoder.quality.corrupt == 0
    assert rig.decoder.battery_mv == round(2600 / 4095 * 5964)


def test_a_rate_that_does_not_divide_the_clock() -> None:
    rig = Rig(divisor=48)  # 682.67 Hz; the clock comes round after 349525.3 packets
    rig.encoder.ticks = (1 << 24) - 48 * 300
    rig.send(500)
    rig.send(7, lost=True)
    rig.send(500)
    assert gaps(rig.items) == [[500, 507]]


def test_a_lost_link_within_the_clock_is_exact() -> None:
    rig = Rig()
    rig.send(5000)
    rig.items += rig.decoder.push(Disconnected(rig.now))
    rig.send(30_000, lost=True)
    rig.start()
    rig.send(1000)
    (gap,) = [one for one in rig.items if isinstance(one, Gap) and one.stream == "emg"]
    assert gap == Gap("emg", 5000, 35_000, "disconnected", False)


def test_a_clock_that_begins_anew_is_an_epoch() -> None:
    rig = Rig()
    rig.send(5000)
    rig.items += rig.decoder.push(Disconnected(rig.now))
    rig.send(5000, lost=True)
    rig.encoder.ticks = 0
    rig.start()
    rig.send(1000)
    (gap,) = [one for one in rig.items if isinstance(one, Gap) and one.stream == "emg"]
    assert gap.estimated
    assert gap.stop == pytest.approx(10_000, abs=102)


def test_noise_and_answers_between_packets() -> None:
    rig, rng = Rig(), np.random.default_rng(8)
    for number in range(200):
        rig.send(3)
        if number % 20 == 7:
            rig.hear(rng.bytes(30))
        if number % 20 == 13:
            rig.hear(rig.encoder.answer(b"\x95"))
        if number % 20 == 17:
            status = b"\xff\x8a\x71\x21"
            rig.hear(status + crc(status))
    items = rig.items + rig.decoder.flush()
    assert gaps(items) == []
    assert rig.decoder.quality.received == {"emg": 600, "acc": 600}
    assert rig.decoder.quality.corrupt == 10


def test_a_device_that_still_streams_is_understood_after_its_answers() -> None:
    rig = Rig()
    stale = rig.encoder.packet({}) + rig.encoder.packet({})[:9]
    decoder = Shimmer3Decoder()
    decoder.push(Connected(0))
    decoder.push(Received(stale, 0))
    decoder.push(Received(b"".join(rig.encoder.answer(one) for one in start_writes()), 1))
    items = decoder.push(Received(rig.encoder.packet({}) + rig.encoder.packet({}), 2))
    assert len(values(items, "emg")) == 2
    assert decoder.quality.corrupt == 1


def test_other_content_than_the_night_began_with_is_told_and_left_out() -> None:
    rig = Rig()
    rig.send(100)
    rig.items += rig.decoder.push(Disconnected(rig.now))
    rig.encoder.layout = Layout("shimmer3", 64, IDS)
    rig.start()
    rig.send(50)
    assert "other_signals" in flags(rig.items)
    assert rig.decoder.quality.received["emg"] == 100
    rig.items += rig.decoder.push(Disconnected(rig.now))
    rig.encoder.layout = Layout("shimmer3", 32, IDS)
    rig.start()
    rig.send(1000)
    rig.items += rig.decoder.flush()
    assert rig.decoder.quality.received["emg"] == 1100


def test_sixteen_bits_without_acceleration_and_clipping() -> None:
    encoder = Shimmer3Encoder(Layout("shimmer3r", 32, (0x23, 0x24)))
    decoder = Shimmer3Decoder()
    data = b"".join(encoder.answer(one) for one in start_writes())
    data += b"".join(encoder.packet({0x23: one, 0x24: 0}) for one in (5, -32767, 32767, -5))
    items = decoded(decoder, [data])
    assert decoder.signals is not None
    (emg,) = decoder.signals
    assert emg.channels == ("EXG1 CH1", "EXG1 CH2")
    assert emg.resolution == pytest.approx((3.077, 3.077), abs=0.001)
    assert emg.rails[0] == pytest.approx((-100_833, 100_833), abs=1)
    assert flags(items) == ["clipping"]


def test_stored_calibration_that_is_nonsense_is_not_used() -> None:
    for block in (b"\xff" * 21, bytes(21), struct.pack(">6h", 1, 1, 1, 0, 5, 5) + bytes(9)):
        encoder = Shimmer3Encoder(Layout("shimmer3", 32, IDS), blocks=block.ljust(84, b"\xff"))
        data = b"".join(encoder.answer(one) for one in start_writes())
        packet = {0x00: 2047, 0x01: 2047, 0x02: 2047 + 814}
        data += encoder.packet(packet) + encoder.packet(packet)
        items = decoded(Shimmer3Decoder(), [data])
        assert values(items, "acc")[0] == [0.0, 0.0, pytest.approx(-1.0, abs=0.001)]


def test_plans_and_refusals() -> None:
    assert SERIAL_PLAN.start[5].hex() == "6100000a04a81069602000000203"
    assert SERIAL_PLAN.start[6].hex() == "6101000a04a010e1e10000000201"
    assert start_writes(512)[4:6] == (
        b"\x05\x40\x00",
        bytes.fromhex("6100000a03a81069602000000203"),
    )
    assert SERIAL_PLAN.start[7] == bytes.fromhex("08902000")
    assert [data for _, data in BLE_PLAN.start] == list(SERIAL_PLAN.start)
    assert SERIAL_PLAN.handshake is not None
    assert SERIAL_PLAN.handshake(b"\xff\xff\x25\x0a")
    assert not SERIAL_PLAN.handshake(b"\xff\xff")
    assert Shimmer3Encoder(Layout("shimmer3", 32, IDS)).answer(b"\xee") == NACK
    for options in ({"hardware": "shimmer4"}, {"checksum": "1"}):
        with pytest.raises(ValueError, match="expected shimmer3 or shimmer3r, and 0 or 2"):
            Shimmer3Decoder(**options)
