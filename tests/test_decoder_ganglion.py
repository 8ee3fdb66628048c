"""OpenBCI Ganglion: packets of both firmwares, cycles, losses, acceleration."""

import numpy as np
import pytest

from crampdetect.detection.types import Item
from crampdetect.devices.ganglion import PLAN, SCALE_UV, GanglionDecoder
from crampdetect.devices.ganglion_encoder import GanglionEncoder
from crampdetect.devices.ganglion_packets import coarse, deltas, fields_of, packed, raw_sample
from crampdetect.link import Connected, Disconnected, Received
from tests.device_vectors import decoded, flags, gaps, golden, needs_vectors, public, values
from tests.devices_golden import FOLDER
from tests.devices_golden_more import text

MS = 1_000_000


def counts_of(items: list[Item]) -> list[list[float]]:
    return [[one / SCALE_UV for one in row] for row in values(items, "emg")]


@pytest.mark.parametrize("name", ["ganglion_2", "ganglion_3"])
def test_golden_packets_are_those_of_their_script(name: str) -> None:
    assert (FOLDER / f"{name}.json").read_text(encoding="utf-8") == text(name)


@pytest.mark.parametrize("firmware", ["2", ""])
def test_golden_firmware_2(firmware: str) -> None:
    told, decoder = golden("ganglion_2"), GanglionDecoder(firmware, "1,2,3,4")
    data = [bytes.fromhex(one) for one in told["notifications"]]
    items = decoded(decoder, data, told["arrival_ms"])
    np.testing.assert_allclose(counts_of(items), told["counts"], rtol=1e-12)
    assert gaps(items) == told["lost"]
    np.testing.assert_allclose(values(items, "acc"), told["acc_g"])
    assert decoder.quality.duplicate == told["duplicate"]


def test_golden_firmware_3() -> None:
    told, decoder = golden("ganglion_3"), GanglionDecoder("3", "1,2")
    items = decoded(decoder, [bytes.fromhex(one) for one in told["notifications"]])
    np.testing.assert_allclose(counts_of(items), told["counts"], rtol=1e-12)
    assert gaps(items) == told["lost"]
    assert decoder.quality.corrupt == decoder.quality.duplicate == 0
    assert {tuple(row) for row in values(items, "acc")} == {(0.016, 0.032, 0.048)}
    assert decoder.quality.received["acc"] == 21


@pytest.mark.real_data
@needs_vectors
def test_public_fields() -> None:
    told = public("ganglion_public")
    for one in told["delta_fields"]:
        packet = b"\x01" + bytes.fromhex(one["data"]).ljust(19, b"\x00")
        found = deltas(fields_of(packet, one["nbits"]), one["nbits"]).ravel().tolist()
        assert found == one["fields"]
    for one in told["field_to_int"]:
        bits, value = one["nbits"], int.from_bytes(bytes.fromhex(one["b3"]), "big")
        field = np.array([float(value % (1 << bits))])
        assert deltas(field, bits)[0] == pytest.approx(one["value"], abs=one.get("tol", 0))
    packet = bytes.fromhex(told["notifications"][0]["hex"])
    expected = told["notifications"][0]["fields_by_reference_codec"]
    assert deltas(fields_of(packet, 19), 19).ravel().tolist() == expected
    whole = bytes.fromhex(told["notifications"][2]["hex"])
    assert raw_sample(whole).tolist() == told["notifications"][2]["samples"]


@pytest.mark.real_data
@needs_vectors
def test_public_firmware_3() -> None:
    for told in public("ganglion_v3_synthetic")["packets"]:
        packet = bytes.fromhex(told["hex"])
        bits, samples, aux = told["decoded"]
        assert coarse(fields_of(packet, bits), bits).tolist() == samples
        if aux is not None:
            assert int.from_bytes(packet[-1:], "big", signed=True) == aux
        again = packed(told["id"], fields_of(packet, bits), bits, aux or 0)
        assert again == packet


@pytest.mark.real_data
@needs_vectors
def test_public_impedance_and_text_are_no_samples() -> None:
    decoder = GanglionDecoder("2")
    impedance = bytes.fromhex(public("ganglion_public")["notifications"][1]["hex"])
    assert decoded(decoder, [impedance, b"\xcehello", b"\xcf$$$"]) == []
    assert decoder.quality.corrupt == 0


def night(firmware: str, acceleration: bool, lost: range, cycles: int = 12) -> tuple[
    GanglionDecoder, list[Item], list[float]
]:  # fmt: skip
    """Twelve seconds in which some notifications are lost; the numbers of the sent samples."""
    encoder, decoder = GanglionEncoder(firmware, acceleration), GanglionDecoder(firmware)
    items, sent, heard, notifications = decoder.push(Connected(0)), list[float](), list[float](), 0
    for number in range(201 * cycles):
        counts = np.array([number * 128.0, 0.0, 0.0, 0.0])
        sent.append(number * 128.0)
        data = encoder.push(counts, np.array([0.0, 0.0, 62.0]))
        if data is None:
            continue
        notifications += 1
        if notifications not in lost:
            items += decoder.push(Received(data, number * 5 * MS, PLAN.notify[0]))
            heard += sent[-2:]
    return decoder, items + decoder.flush(), heard


@pytest.mark.parametrize("acceleration", [True, False])
@pytest.mark.parametrize("lost", [range(0), range(150, 151), range(190, 220), range(300, 850)])
def test_firmware_3_counts_what_is_sent(acceleration: bool, lost: range) -> None:
    decoder, items, heard = night("3", acceleration, lost)
    np.testing.assert_allclose([row[0] for row in counts_of(items)], heard[2:], rtol=1e-12)
    # The first packet bears no number. A loss of many cycles is within one by arrival.
    expected = [[2 * lost.start - 4, 2 * lost.stop - 4]] if lost else []
    assert gaps(items) == expected
    assert (decoder.quality.received.get("acc", 0) > 0) == acceleration


@pytest.mark.parametrize("acceleration", [True, False])
def test_firmware_2_is_off_by_one_count_at_most(acceleration: bool) -> None:
    encoder, decoder = GanglionEncoder("2", acceleration), GanglionDecoder("2")
    rng, items, sent = np.random.default_rng(4), decoder.push(Connected(0)), []
    for number in range(201 * 3):
        counts = np.rint(rng.normal(0, 30_000, 4))
        sent.append(counts[0])
        data = encoder.push(counts, np.zeros(3))
        if data is not None:
            items += decoder.push(Received(data, number * 5 * MS, PLAN.notify[0]))
    found = np.array([row[0] for row in counts_of(items)])
    assert np.abs(found - np.array(sent)).max() <= 1.0 + 1e-9
    assert gaps(items) == []


def test_firmware_2_waits_for_a_whole_sample_after_a_loss() -> None:
    decoder, items, _ = night("2", True, range(150, 160))
    # Whole sample, 48 packets of the second cycle; the third cycle begins with index 402.
    assert gaps(items) == [[201 + 1 + 2 * 47, 402]]
    assert decoder.quality.lost["emg"] == 402 - 296


def test_one_packet_of_noise_moves_nothing() -> None:
    encoder, decoder = GanglionEncoder("3"), GanglionDecoder("3")
    items = decoder.push(Connected(0))
    for number in range(400):
        data = encoder.push(np.zeros(4), np.zeros(3))
        if data is not None:
            items += decoder.push(Received(data, number * 5 * MS, "x"))
        if number == 201:
            items += decoder.push(Received(bytes([40]) + bytes(19), number * 5 * MS, "x"))
    assert gaps(items) == []
    assert decoder.quality.corrupt == 1


def test_after_a_lost_link_the_first_cycle_is_shifted_again() -> None:
    decoder, items = GanglionDecoder("3"), []
    for link in range(2):
        encoder = GanglionEncoder("3")
        start = link * 3000
        items += decoder.push(Connected(start * MS))
        for number in range(450):
            data = encoder.push(np.zeros(4), np.zeros(3))
            if data is not None:
                items += decoder.push(Received(data, (start + number * 5) * MS, "x"))
        items += decoder.push(Disconnected((start + 2300) * MS))
    items += decoder.flush()
    assert gaps(items) == []
    (away,) = gaps(items, cause="disconnected")
    assert away[1] - away[0] == pytest.approx(3000 / 5 - 448, abs=20)
    assert decoder.quality.received["emg"] == 2 * 446


def test_clipping_is_told_and_lengths_are_checked() -> None:
    rail = np.zeros((2, 4))
    rail[0, 0] = (1 << 17) - 1
    decoder = GanglionDecoder("3")
    packets = [packed(7, rail, 18), packed(8, np.zeros((2, 4)), 18), b"\x09" + bytes(18)]
    items = decoded(decoder, packets)
    assert flags(items) == ["clipping"]
    assert decoder.quality.corrupt == 1


@pytest.mark.parametrize("options", [{"firmware": "1"}, {"channels": "5"}, {"channels": "1,1"}])
def test_impossible_options_are_refused(options: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="expected"):
        GanglionDecoder(**options)
