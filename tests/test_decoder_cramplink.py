"""CrampLink: the wire, INFO, losses, restarts, duplicates, acceleration, what the host says."""

import json
import struct
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crampdetect.detection.types import Gap, Samples, Status
from crampdetect.devices.cramplink import CrampLinkDecoder
from crampdetect.devices.cramplink_commands import BLE_PLAN, SERIAL_PLAN, is_cramplink
from crampdetect.devices.cramplink_encoder import CrampLinkEncoder, command_of, usual_info
from crampdetect.devices.cramplink_info import info_body, info_of
from crampdetect.devices.cramplink_messages import (
    LARGEST_FRAME,
    Flag,
    Type,
    block_bytes,
    blocks_of,
    framed,
    pack,
    parse,
)
from crampdetect.devices.cramplink_messages import unframed as unstuffed
from crampdetect.devices.zero_delimited import ZeroDelimited
from crampdetect.link import Connected, Disconnected, Received
from tests.device_vectors import decoded, flags, gaps, golden, needs_vectors, public, values
from tests.devices_golden import FOLDER, text

MS = 1_000_000
PACKETS = Path(__file__).resolve().parents[1] / "firmware_bridge" / "golden" / "packets.json"
ZERO = np.zeros((80, 1))


#: Contents that get far: INFO as it was, rebooted and impossible, blocks near the counter's end.
BODIES = [
    info_body(usual_info(1)),
    info_body(usual_info(2)),
    info_body(usual_info(1, rate_mhz=1)),
    info_body(replace(usual_info(3), streams=(replace(usual_info(3).streams[0], fmt=0x15,
                                                      scale=3e38, offset=-3e38),))),
    *(block_bytes(stream, fmt, 0xFF, off, index, np.full((9, fmt >> 4), 30_000.0))
      for stream, fmt, off in ((1, 0x10, 0), (2, 0x30, -32_768 * 10), (1, 0x15, 10))
      for index in (0, 9, 18, 900, 1 << 31, (1 << 32) - 4)),
    bytes([1, 0x15, 1, 0, 0, 0, 0, 0, 0, 0]) + struct.pack("<f", float("nan")),
]  # fmt: skip


def begun() -> tuple[CrampLinkDecoder, CrampLinkEncoder]:
    """A decoder that has heard INFO, and the sensor."""
    decoder, encoder = CrampLinkDecoder("message"), CrampLinkEncoder(usual_info(1))
    decoder.push(Connected(0))
    decoder.push(Received(encoder.info_message(0), 0))
    return decoder, encoder


# --- vectors


def test_golden_packets_are_those_of_their_script() -> None:
    assert (FOLDER / "cramplink.json").read_text(encoding="utf-8") == text("cramplink")


@pytest.mark.parametrize("framing", ["message", "cobs"])
def test_golden_packets(framing: str) -> None:
    told, decoder = golden("cramplink"), CrampLinkDecoder(framing)
    messages = [bytes.fromhex(one) for one in told["messages"]]
    if framing == "cobs":
        frames = [one + b"\x00" for one in bytes.fromhex(told["stream"])[1:].split(b"\x00")[:-1]]
        assert frames == [framed(one) for one in messages]
        messages = frames
    items = decoded(decoder, messages, told["arrival_ms"])
    emg = [row[0] for row in values(items, "emg")]
    np.testing.assert_allclose(emg, [*told["emg_uv"], *[7.0] * 5], rtol=1e-6)
    assert gaps(items) == told["lost"]
    assert values(items, "acc")[: len(told["acc_g"])] == told["acc_g"]
    assert [one for one in flags(items) if one != "other_signals"] == ["lead_off", "battery_low",
                                                                       "lead_off"]  # fmt: skip
    assert set(flags(items)) == set(told["statuses"])
    assert [decoder.battery_mv, decoder.battery_percent] == told["battery"]
    assert len(decoder.marks) == told["marks"]
    assert decoder.quality.restarts == told["restarts"]
    assert decoder.quality.corrupt == 0


def test_packets_of_the_firmware() -> None:
    """Those of firmware_bridge/golden: another author, another program."""
    told = json.loads(PACKETS.read_text(encoding="utf-8"))
    for one in told["framing"]:
        assert framed(bytes.fromhex(one["message"])).hex() == one["frame"]
        assert unstuffed(bytes.fromhex(one["frame"])[:-1]) == bytes.fromhex(one["message"])
    for one in told["messages"]:
        message = parse(bytes.fromhex(one["message"]))
        assert message is not None
        assert [message.type, message.seq, message.t_us, message.flags, message.body.hex()] == [
            one[name] for name in ("type", "seq", "t_us", "flags", "body")
        ]
        for block, expected in zip(
            blocks_of(message) or [] if "blocks" in one else [],
            one.get("blocks", []),
            strict=True,
        ):
            assert block.values.tolist() == expected["values"]
            assert [block.stream, block.index, block.fmt & 0x0F, block.flags] == [
                expected[name] for name in ("stream", "index", "code", "flags")
            ]
            assert block.t_us - message.t_us == expected["offset_us"]
    for one in told["rejected"]:
        assert parse(bytes.fromhex(one["message"])) is None
    for one in told["streams"]:
        frames = ZeroDelimited(LARGEST_FRAME).push(bytes.fromhex(one["bytes"]))
        raw = [unstuffed(frame) for frame in frames]
        good = [data.hex() for data in raw if data is not None and parse(data) is not None]
        assert good == one["messages"]
    commands = {one["name"]: one["message"] for one in told["commands"]}
    assert [data.hex() for _, data in (*BLE_PLAN.start, *BLE_PLAN.stop)] == [
        commands[name] for name in ("HELLO", "START", "STOP")
    ]


@pytest.mark.real_data
@needs_vectors
def test_public_messages() -> None:
    for told in public("cramplink_v1_golden")["messages"]:
        data = bytes.fromhex(told["message_hex"])
        assert framed(data).hex() == told["cobs_hex"]
        message = parse(data)
        assert message is not None
        header = {"type": message.type, "seq": message.seq, "t_us": message.t_us,
                  "flags": message.flags}  # fmt: skip
        assert header == told["header"]
        body = bytes.fromhex(told["body_hex"])
        assert pack(message.type, message.seq, message.t_us, message.flags, body) == data
        blocks = blocks_of(message) if message.type == Type.DATA else None
        for block, expected in zip(blocks or [], told.get("blocks", []), strict=True):
            assert block.values.ravel().tolist() == expected["samples"]
            assert (block.stream, block.index, block.flags) == (
                expected["stream"], expected["idx"], expected["bflags"])  # fmt: skip
            assert block.t_us - message.t_us == expected["t_off_us"]
        if message.type == Type.INFO:
            info = info_of(message.body)
            assert info is not None
            assert info_body(info) == message.body


@pytest.mark.real_data
@needs_vectors
def test_public_streams() -> None:
    told = public("cramplink_v1_golden")
    for name, bad in (("serial_stream", 0), ("serial_stream_corrupt", 1)):
        decoder = CrampLinkDecoder("cobs")
        items = decoded(decoder, [bytes.fromhex(told[name]["hex"])])
        # Another sensor's block of two channels, at the end, does not fit its INFO.
        if bad == 0:
            assert decoder.quality.corrupt == 1
            assert gaps(items) == [[160, 240]]
            assert len(values(items, "emg")) == 240
            assert "lead_off" in flags(items)
            assert decoder.battery_mv == 3912
            assert len(decoder.marks) == 1
        else:
            assert decoder.quality.corrupt == 1
    for edge in told["cobs_edge_cases"]:
        raw, stuffed = bytes.fromhex(edge["raw"]), bytes.fromhex(edge["cobs"])
        assert framed(raw) == stuffed + b"\x00"
        assert unstuffed(stuffed) == raw
    for command in told["host_messages"]:
        assert parse(bytes.fromhex(command["hex"])) is not None


# --- what INFO decides


def test_info_describes_the_signals() -> None:
    decoder, encoder = begun()
    assert decoder.signals is not None
    emg, acc = decoder.signals
    assert (emg.unit, emg.channels, emg.band) == ("uV", ("EMG",), (20.0, 450.0))
    assert emg.nominal_sampling_frequency == Fraction(1000)
    assert emg.resolution[0] == pytest.approx(2.4)
    assert emg.rails[0] == pytest.approx((-2048 * 2.4, 2047 * 2.4))
    assert (acc.unit, acc.channels) == ("g", ("ACC X", "ACC Y", "ACC Z"))
    raw = replace(encoder.info.streams[0], unit=0, rate_mhz=500_500, fmt=0x20, label="")
    decoder = CrampLinkDecoder("message")
    info = replace(encoder.info, streams=(raw,))
    decoder.push(Received(pack(Type.INFO, 0, 0, 0, info_body(info) + b"later"), 0))
    assert decoder.signals is not None
    assert len(decoder.signals) == 1
    assert decoder.signals[0].unit == "a.u."
    assert decoder.signals[0].channels == ("EMG 1", "EMG 2")
    assert decoder.signals[0].nominal_sampling_frequency == Fraction(1001, 2)


@pytest.mark.parametrize(
    "changes",
    [{"kind": 3}, {"scale": float("nan")}, {"rate_mhz": 0}, {"unit": 5}, {"fmt": 0x17}, {"fmt": 0}],
)
def test_an_info_without_a_sensible_emg_is_refused(changes: dict[str, float]) -> None:
    info = usual_info(1)
    info = replace(info, streams=(replace(info.streams[0], **changes), info.streams[1]))  # type: ignore[arg-type]
    decoder = CrampLinkDecoder("message")
    decoder.push(Received(pack(Type.INFO, 0, 0, 0, info_body(info)), 0))
    assert decoder.signals is None
    assert decoder.quality.corrupt == 1


def test_data_before_info_are_left_out() -> None:
    encoder, decoder = CrampLinkEncoder(usual_info(1)), CrampLinkDecoder("message")
    early = encoder.data(0, ZERO)
    items = decoded(decoder, [early, encoder.info_message(90_000), encoder.data(80_000, ZERO)])
    assert [(one.start, one.stop) for one in items if isinstance(one, Samples)] == [(0, 80)]


def test_other_signals_within_a_night_are_told_and_not_decoded() -> None:
    decoder, encoder = begun()
    other = usual_info(1, rate_mhz=500_000)
    items = decoder.push(Received(encoder.message(Type.INFO, 5, info_body(other)), MS))
    assert items == [Status("emg", 0, 0, "other_signals")]
    assert decoder.push(Received(encoder.data(0, ZERO), 2 * MS)) == []
    decoder.push(Received(encoder.info_message(10), 3 * MS))
    assert decoder.push(Received(encoder.data(0, ZERO), 4 * MS)) != []


# --- losses, duplicates, restarts


def test_every_notification_twice_is_one_night() -> None:
    decoder, encoder = begun()
    items = []
    for number in range(50):
        said = [encoder.data(number * 80_000, ZERO + number)]
        said += [encoder.button(number * 80_000)] if number == 20 else []
        for one in said * 3:
            items += decoder.push(Received(one, number * 80 * MS))
    assert decoder.quality.received["emg"] == 4000
    assert not gaps(items)
    assert len(decoder.marks) == 1


def test_a_reboot_is_a_new_epoch_however_it_is_told() -> None:
    """By boot_id alone, by the flag alone, by both, by the clock, and by the counter."""
    for how in ("boot_id", "flag", "both", "clock", "counter"):
        decoder, encoder = begun()
        items, at = [], 0
        for number in range(300):  # 24 s
            at = number * 80
            items += decoder.push(Received(encoder.data(at * 1000, ZERO), at * MS))
        encoder = CrampLinkEncoder(usual_info(1 if how in ("flag", "clock", "counter") else 2))
        first = encoder.info_message(0)
        if how in ("boot_id", "clock", "counter"):
            first = pack(Type.INFO, 0, 0, 0, info_body(encoder.info))
        base = at + 1000 if how == "counter" else 0
        if how == "counter":
            first = pack(Type.INFO, 0, base * 1000, 0, info_body(encoder.info))
        messages = [first]
        messages += [encoder.data((base + k * 80) * 1000, ZERO) for k in range(20)]
        messages.append(encoder.info_message((base + 1600) * 1000)
                        if how != "flag" else messages[-1])  # fmt: skip
        for number, one in enumerate(messages):
            items += decoder.push(Received(one, (at + 1000 + number * 80) * MS))
        items += decoder.flush()
        assert decoder.quality.restarts == 1, how
        assert [one[1] - one[0] for one in gaps(items, cause="restarted")] == [
            pytest.approx(1000, abs=100)
        ], how
        assert decoder.quality.received["emg"] == 320 * 80


def test_info_that_comes_after_the_first_data_of_a_reboot_is_no_second_one() -> None:
    decoder, encoder = begun()
    for number in range(50):
        decoder.push(Received(encoder.data(number * 80_000, ZERO), number * 80 * MS))
    encoder.restart(boot_id=9)
    said = [encoder.button(0), *(encoder.data(k * 80_000, ZERO) for k in range(20))]
    said += [encoder.info_message(1_600_000), encoder.data(1_600_000, ZERO)]
    items = []
    for number, one in enumerate(said):
        items += decoder.push(Received(one, (4500 + number * 80) * MS))
    assert decoder.quality.restarts == 1
    assert len(gaps(items, cause="restarted")) == 1
    assert decoder.quality.received["emg"] == 71 * 80


def test_what_is_said_of_blocks_that_wait_is_kept() -> None:
    """After a reboot EMG waits for half a second; its flags and its acceleration with it."""
    decoder, encoder = begun()
    for number in range(50):
        decoder.push(Received(encoder.data(number * 80_000, ZERO), number * 80 * MS))
    encoder.restart(boot_id=9)
    said = [encoder.info_message(0)]
    for k in range(20):
        acc = np.tile([k / 32, 0.0, 0.0], (8, 1))
        said.append(encoder.data(k * 80_000, ZERO, acc, block_flags=int(k % 3 == 1)))
    items = []
    for number, one in enumerate(said):
        items += decoder.push(Received(one, (4500 + number * 80) * MS))
    statuses = [one for one in items if isinstance(one, Status)]
    first = gaps(items, cause="restarted")[0][1]
    assert [(one.start - first) // 80 for one in statuses] == list(range(1, 20, 3))
    assert {one.flag for one in statuses} == {"lead_off"}
    rows = [row[0] for row in values(items, "acc")]
    assert len(rows) == pytest.approx(160, abs=1)
    assert sorted(set(rows)) == [k / 32 for k in range(20)]


def test_a_lost_link_leaves_an_exact_gap_where_the_device_counts_on() -> None:
    decoder, encoder = begun()
    items = []
    for number in range(200):
        if 100 <= number < 160:
            encoder.skip(80, 8)
            continue
        if number == 160:
            items += decoder.push(Disconnected(9000 * MS, "silent"))
            items += decoder.push(Connected(12700 * MS))
            items += decoder.push(Received(encoder.info_message(number * 80_000), 12790 * MS))
        acc = np.tile([0.0, 0.0, 1.0], (8, 1))
        data = encoder.data(number * 80_000, ZERO, acc)
        items += decoder.push(Received(data, number * 80 * MS))
    assert [one for one in items if isinstance(one, Gap) and one.stream == "emg"] == [
        Gap("emg", 8000, 12800, "disconnected", False)
    ]
    missing = gaps(items, "acc", "disconnected")
    assert (missing[0][0], missing[-1][1]) == (800, 1280)
    assert decoder.quality.not_connected == {"emg": 4800, "acc": 480}
    assert decoder.quality.lost == {}


def test_replayed_data_are_left_out() -> None:
    decoder, encoder = begun()
    decoder.push(Received(encoder.data(0, ZERO), 0))
    assert decoder.push(Received(encoder.data(0, ZERO, flags=Flag.REPLAYED), MS)) == []
    assert decoder.quality.duplicate == 1


@settings(max_examples=150)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([*Type]),
            st.integers(0, 1 << 16),
            st.one_of(st.integers(0, 10**9), st.integers(0, (1 << 48) - 1)),
            st.sampled_from([0, *(1 << bit for bit in range(16))]),
            st.one_of(st.binary(max_size=60), st.sampled_from(BODIES)),
            st.integers(0, 10**10),
        ),
        max_size=30,
    )
)
def test_sound_messages_with_any_content_are_taken(
    messages: list[tuple[int, int, int, int, bytes, int]],
) -> None:
    decoder, _ = begun()
    items, now = [], 0
    for kind, seq, t_us, bits, body, later in messages:
        now += later
        items += decoder.push(Received(pack(kind, seq, t_us, bits, body), now))
        decoder.keep_alive(now)
    items += decoder.flush()
    for stream in ("emg", "acc"):
        at = 0
        for item in items:
            if isinstance(item, Samples | Gap) and item.stream == stream:
                assert item.start == at < item.stop
                at = item.stop
    assert all(np.isfinite(row).all() for row in values(items, "emg") + values(items, "acc"))


# --- acceleration


@pytest.mark.parametrize("ppm", [0, 30_000, -30_000])
def test_acceleration_with_a_clock_of_its_own_stays_beside_the_emg(ppm: int) -> None:
    """Its chip's oscillator is 3 % off; each value is the device time of its sample."""
    decoder, encoder = begun()
    items, sent = [], 0
    for number in range(1, 1000):
        start, end = (number - 1) * 0.08, number * 0.08
        times = []
        while sent / (100 * (1 + ppm * 1e-6)) < end:
            times.append(sent / (100 * (1 + ppm * 1e-6)))
            sent += 1
        acc = np.array([[at % 3.0, 0.0, 0.0] for at in times])
        off = round((times[0] - start) * 1e5) * 10
        data = encoder.data(round(start * 1e6), ZERO, acc, acc_off_us=off)
        items += decoder.push(Received(data, round((end + 0.01) * 1e9)))
    rows = values(items, "acc")
    assert not gaps(items, "acc", "missing")
    error = [abs(row[0] - k / 100 % 3.0) for k, row in enumerate(rows)]
    assert max(min(one, 3.0 - one) for one in error) < 0.025
    assert len(rows) == pytest.approx(7992, abs=3)


def test_acceleration_far_from_its_emg_is_dropped() -> None:
    decoder, encoder = begun()
    decoder.push(Received(encoder.data(0, ZERO, np.zeros((1, 3))), 0))
    ahead = pack(Type.DATA, 9, 10**12, 0, struct.pack("<BBBBhI3h", 2, 0x30, 1, 0, 0, 9, 1, 2, 3))
    assert not values(decoder.push(Received(ahead, MS)), "acc")
    assert decoder.quality.corrupt == 1


# --- the host's side


def asked(decoder: CrampLinkDecoder, framing: str, at_s: float) -> int | None:
    said = decoder.keep_alive(int(at_s * 1e9))
    command = None if said is None else command_of(said, framing)
    assert (said is None) == (command is None)
    return None if command is None else command.type


def test_the_host_asks_until_it_is_answered() -> None:
    for framing in ("message", "cobs"):
        decoder, encoder = CrampLinkDecoder(framing), CrampLinkEncoder(usual_info(1))
        frame = framed if framing == "cobs" else bytes
        decoder.push(Connected(0))
        assert asked(decoder, framing, 0.0) == Type.HELLO
        assert asked(decoder, framing, 1.0) is None
        assert asked(decoder, framing, 2.0) == Type.HELLO
        decoder.push(Received(frame(encoder.info_message(0)), int(2.1e9)))
        assert asked(decoder, framing, 4.0) == Type.START
        decoder.push(Received(frame(encoder.data(0, ZERO)), int(4.5e9)))
        assert asked(decoder, framing, 5.0) == Type.PING
        decoder.push(Received(frame(encoder.data(80_000, ZERO)), int(6e9)))
        assert asked(decoder, framing, 7.0) is None
        assert asked(decoder, framing, 36.0) == Type.START  # nothing was heard for half a minute


def test_the_sensor_answers() -> None:
    encoder = CrampLinkEncoder(usual_info(1))
    kinds = []
    for _, data in (*BLE_PLAN.start, *BLE_PLAN.stop):
        command = command_of(data)
        assert command is not None
        kinds.append([one.type for one in map(parse, encoder.answer(command, 5)) if one])
    assert kinds == [[Type.INFO], [Type.ACK, Type.INFO], [Type.ACK]]
    ping = command_of(SERIAL_PLAN.start[0], "cobs")
    assert ping is not None
    assert ping.type == Type.HELLO


def test_handshake_knows_its_own() -> None:
    encoder = CrampLinkEncoder(usual_info(1))
    assert is_cramplink(b"boot text \xff" + b"\x00" + framed(encoder.info_message(0)))
    assert not is_cramplink(b"\x00OpenBCI V3$$$\x00\x00" + bytes(range(256)) * 5)


def test_an_unknown_framing_is_refused() -> None:
    with pytest.raises(ValueError, match="framing is 'slip'; expected 'cobs' or 'message'"):
        CrampLinkDecoder("slip")
