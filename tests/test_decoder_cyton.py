"""OpenBCI Cyton: frames, which of them are believed, acceleration in both forms, channels."""

import numpy as np
import pytest

from crampdetect.devices.cyton import ACC_G, LSB_UV, PLAN, CytonDecoder, is_cyton
from crampdetect.devices.cyton_encoder import CytonEncoder
from crampdetect.devices.cyton_frames import CytonFrames, frame_bytes, parsed
from crampdetect.link import Connected, Received
from tests.device_vectors import decoded, gaps, golden, needs_vectors, public, values
from tests.devices_golden import FOLDER, text

MS = 1_000_000


def test_golden_packets_are_those_of_their_script() -> None:
    assert (FOLDER / "cyton.json").read_text(encoding="utf-8") == text("cyton")


def test_golden_frames() -> None:
    told, decoder = golden("cyton"), CytonDecoder()
    items = decoded(decoder, [bytes.fromhex(told["stream"])])
    counts = [row[0] / LSB_UV for row in values(items, "emg")]
    np.testing.assert_allclose(counts, told["counts"], rtol=1e-12)
    assert gaps(items) == told["lost"]
    np.testing.assert_allclose(values(items, "acc"), told["acc_g"])
    assert decoder.quality.corrupt == 1  # the text


@pytest.mark.real_data
@needs_vectors
def test_public_frames() -> None:
    for told in public("cyton_public")["frames"]:
        data, expected = bytes.fromhex(told["hex"]), told["decoded"]
        frame = parsed(data)
        assert frame is not None
        assert frame_bytes(frame) == data
        assert (frame.number, list(frame.channels), frame.footer, frame.aux.hex()) == (
            expected["id"], expected["eeg"], expected["foot"], expected["aux"])  # fmt: skip
        nothing_new = expected.get("acc") == [0, 0, 0]
        assert frame.acc == (tuple(expected["acc"]) if "acc" in expected and not nothing_new
                             else None)  # fmt: skip
        assert frame.axis == expected.get("acc_axis")
        assert frame.board_ms == expected.get("t_ms")
    # Microvolts as OpenBCI's own tests have them: count * 4.5 / 24 / (2^23 - 1).
    assert pytest.approx(4.5 / 24 / (2**23 - 1) * 1e6, rel=1e-12) == LSB_UV


@pytest.mark.real_data
@needs_vectors
def test_public_resynchronisation() -> None:
    for told in public("cyton_public")["resync"]:
        for size in (1, 10, 1000):
            frames, data = CytonFrames(), bytes.fromhex(told["hex"])
            pieces = [data[k : k + size] for k in range(0, len(data), size)]
            numbers = [one.number for piece in pieces for one in frames.push(piece)]
            assert numbers == told["ids"]


def test_a_false_frame_within_data_is_not_believed() -> None:
    """All of the payload is A0 and C0: only the numbers tell."""
    encoder = CytonEncoder()
    count = int.from_bytes(b"\xa0\xc0\xa0", "big", signed=True)
    sent = b"".join(encoder.frame(np.full(8, count * LSB_UV)) for _ in range(30))
    for cut in range(1, 33):
        frames = list(CytonFrames().push(sent[cut:]))
        assert [one.number for one in frames] == list(range(1, 30))[: len(frames)]
        assert len(frames) >= 28


def test_a_byte_that_is_lost_costs_one_frame() -> None:
    encoder = CytonEncoder()
    sent = [encoder.frame(np.array([float(k)])) for k in range(100)]
    sent[50] = sent[50][:10] + sent[50][11:]
    items = decoded(CytonDecoder(), [b"".join(sent)])
    assert gaps(items) == [[50, 51]]
    assert len(values(items, "emg")) == 99


def test_only_the_named_channels_are_used() -> None:
    encoder = CytonEncoder()
    sent = [encoder.frame(np.array([10.0, 20.0, 30.0])) for _ in range(5)]
    decoder = CytonDecoder(" 3, 1")
    assert decoder.signals[0].channels == ("EMG 3", "EMG 1")
    assert decoder.signals[0].capability == "envelope"
    rows = values(decoded(decoder, sent), "emg")
    np.testing.assert_allclose(rows[0], [30.0, 10.0], atol=LSB_UV)


@pytest.mark.parametrize("channels", ["", "0", "9", "1,1", "1;2", "12", "one", "²"])
def test_other_channels_are_refused(channels: str) -> None:
    with pytest.raises(ValueError, match=r"the Cyton's channels are .*; expected e\.g\. '1,2'"):
        CytonDecoder(channels)


def test_acceleration_is_of_its_frame() -> None:
    encoder, items, decoder = CytonEncoder(), [], CytonDecoder()
    for number in range(2500):
        acc = (number / 2500, 0.0, 1.0) if number % 10 == 4 else None
        items += decoder.push(Received(encoder.frame(np.zeros(1), acc), number * 4 * MS))
    rows = np.array(values(items, "acc"))
    assert rows.shape[0] == 250
    np.testing.assert_allclose(rows[:, 0], (np.arange(250) * 10 + 4) / 2500, atol=ACC_G)


def test_streaming_is_asked_for_again() -> None:
    decoder, encoder = CytonDecoder(), CytonEncoder()
    decoder.push(Connected(0))
    assert decoder.keep_alive(0) is None
    assert decoder.keep_alive(2_000 * MS) is None
    assert decoder.keep_alive(3_000 * MS) == b"b"
    assert decoder.keep_alive(4_000 * MS) is None
    for _ in range(4):
        decoder.push(Received(encoder.frame(np.zeros(1)), 5_000 * MS))
    assert decoder.keep_alive(7_000 * MS) is None
    assert decoder.keep_alive(9_000 * MS) == b"b"


def test_handshake() -> None:
    encoder = CytonEncoder()
    assert is_cyton(b"OpenBCI V3 8-16 channel\r\n$$$")
    assert is_cyton(b"x" + b"".join(encoder.frame(np.zeros(1)) for _ in range(5)))
    assert not is_cyton(b"\xa0" * 500)
    assert PLAN.start[-1] == b"b"
    assert b"x1060100X" in PLAN.start
