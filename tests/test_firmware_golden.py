"""The decoder reads the golden packets, and other people's, as they are meant."""

import binascii
import json
import re
from pathlib import Path

import numpy as np
import pytest
from cobs import cobs

from crampdetect.devices import cramplink_messages as wire
from crampdetect.devices.cramplink import CrampLinkDecoder
from crampdetect.devices.cramplink_info import info_of
from crampdetect.link import Connected, Received
from tests.firmware_golden import Entry, golden
from tests.firmware_simavr import BRIDGE

PUBLIC = Path(__file__).resolve().parents[2] / "shared/sensors/vectors/cramplink_v1_golden.json"
RULE = re.compile(r"\bW(\d+)\b")


def test_messages_mean_what_they_say() -> None:
    for one in golden()["messages"] + golden()["commands"]:
        message = wire.parse(bytes.fromhex(one["message"]))
        assert message is not None
        told = (message.type, message.seq, message.t_us, message.flags, message.body.hex())
        assert told == (one["type"], one["seq"], one["t_us"], one["flags"], one["body"])
        assert wire.pack(*told[:4], message.body).hex() == one["message"]
        assert wire.framed(bytes.fromhex(one["message"])).hex() == one["frame"]


def test_blocks_hold_what_they_say() -> None:
    for one in golden()["messages"]:
        message = wire.parse(bytes.fromhex(one["message"]))
        assert message is not None
        for block, told in zip(_blocks(message, one), one.get("blocks", []), strict=True):
            assert block.values.tolist() == told["values"]
            assert (block.stream, block.index) == (told["stream"], told["index"])
            assert (block.fmt & 0x0F, block.flags) == (told["code"], told["flags"])
            assert block.t_us == message.t_us + told["offset_us"]


def _blocks(message: wire.Message, told: Entry) -> list[wire.Block]:
    blocks = wire.blocks_of(message) if "blocks" in told else []
    assert blocks is not None
    return blocks


def test_crc_and_frames_agree_with_other_makers() -> None:
    for one in golden()["crc"]:
        assert f"{binascii.crc_hqx(bytes.fromhex(one['bytes']), 0xFFFF):04x}" == one["crc"]
    for one in golden()["framing"]:
        text, frame = bytes.fromhex(one["message"]), bytes.fromhex(one["frame"])
        assert cobs.encode(text) + b"\x00" == frame
        assert wire.unframed(frame[:-1]) == text


def test_what_is_to_be_rejected_is() -> None:
    for one in golden()["rejected"]:
        assert wire.parse(bytes.fromhex(one["message"])) is None


@pytest.mark.parametrize("step", [1, 7, 1_000_000])
def test_a_decoder_hears_each_stream(step: int) -> None:
    for one in golden()["streams"]:
        decoder, data = CrampLinkDecoder(), bytes.fromhex(one["bytes"])
        items = decoder.push(Connected(0))
        for at in range(0, len(data), step):
            items += decoder.push(Received(data[at : at + step], 1_000_000 * (at + 1)))
        items += decoder.flush()
        assert decoder.info is not None
        assert decoder.info.name == "calf-left"
        lost = len(golden()["streams"][0]["messages"]) - len(one["messages"])
        data_heard = 3 - lost
        assert decoder.quality.received["emg"] == 80 * data_heard
        assert decoder.quality.restarts == 0


def test_a_device_s_session_is_decoded_without_noise() -> None:
    """All that the test device sends from boot on; what it lost is a gap, to the sample."""
    decoder = CrampLinkDecoder("message")
    decoder.push(Connected(0))
    sent = [one for step in golden()["session"] for one in step["sent"]]
    # The second START counts from 0 again, which a host that wants one night never asks for.
    for k, one in enumerate(sent[:-3]):
        decoder.push(Received(bytes.fromhex(one), 10_000_000 * (k + 1)))
    decoder.flush()
    assert decoder.quality.corrupt == decoder.quality.duplicate == 0
    assert decoder.quality.received["emg"] == 3 * 80 + 80 + 80 + 79
    assert decoder.quality.lost["emg"] == 19
    assert len(decoder.marks) == 1


def test_every_rule_that_is_named_exists_and_most_are_shown() -> None:
    text = (BRIDGE / "WIRE.md").read_text(encoding="utf-8")
    rules = [int(one) for one in re.findall(r"^\*\*W(\d+)\*\*", text, re.MULTILINE)]
    assert rules == list(range(1, len(rules) + 1))
    places = [p for kind in ("*.c", "*.h", "*.py", "*.ino") for p in BRIDGE.rglob(kind)]
    named = {int(n) for p in places for n in RULE.findall(p.read_text(encoding="utf-8"))}
    assert named <= set(rules)
    shown = {int(n) for n in RULE.findall((BRIDGE / "golden/packets.json").read_text())}
    # What only a host, a radio or a night can show.
    assert set(rules) - shown == {1, 10, 18, 23, 28, 43, 44, 46}


@pytest.mark.real_data
def test_the_public_vectors_mean_the_same() -> None:
    """Vectors that others made from the same frame."""
    if not PUBLIC.is_file():
        pytest.skip("the public vectors are not beside this checkout")
    public = json.loads(PUBLIC.read_text(encoding="utf-8"))
    for one in public["messages"]:
        data, header = bytes.fromhex(one["message_hex"]), one["header"]
        message = wire.parse(data)
        assert message is not None
        told = (message.type, message.seq, message.t_us, message.flags, message.body.hex())
        assert told == (*(header[k] for k in ("type", "seq", "t_us", "flags")), one["body_hex"])
        assert wire.framed(data).hex() == one["cobs_hex"]
        for block, meant in zip(_blocks(message, one), one.get("blocks", []), strict=True):
            assert (block.stream, block.index) == (meant["stream"], meant["idx"])
            assert np.ravel(block.values).tolist() == np.ravel(meant["samples"]).tolist()
        if message.type == wire.Type.INFO:
            info = info_of(message.body)
            assert info is not None
            assert info.name == "calf-L01"
    for one in public["cobs_edge_cases"]:
        assert wire.framed(bytes.fromhex(one["raw"])).hex() == one["cobs"] + "00"
