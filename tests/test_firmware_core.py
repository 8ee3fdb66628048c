"""The portable C core under sanitizers, against the golden packets."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crampdetect.devices import cramplink_messages as wire
from tests.firmware_golden import Driver, answers, golden, lines_of
from tests.firmware_simavr import BRIDGE, make, require


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Driver:
    require("gcc", "make")
    build = tmp_path_factory.mktemp("core")
    make("check", "host", build)
    return Driver(build / "core_host")


def test_the_core_builds_and_reads_every_golden_packet(driver: Driver) -> None:
    packets = golden()
    assert driver(*lines_of(packets)) == answers(packets)


def test_golden_packets_are_what_their_script_makes(tmp_path: Path) -> None:
    script, out = BRIDGE / "golden" / "make_golden.py", tmp_path / "packets.json"
    subprocess.run([sys.executable, str(script), str(out)], check=True)
    assert out.read_bytes() == (BRIDGE / "golden" / "packets.json").read_bytes()


@settings(max_examples=20)
@given(texts=st.lists(st.binary(max_size=498), min_size=1, max_size=20))
def test_any_body_comes_back(driver: Driver, texts: list[bytes]) -> None:
    """Through the core's frames and the decoder's, and the other way round."""
    messages = [wire.pack(0x13, k, 7, 0, text) for k, text in enumerate(texts)]
    frames = driver(*(f"frame {one.hex()}" for one in messages))
    assert [bytes.fromhex(one) for one in frames] == [wire.framed(one) for one in messages]
    heard = b"".join(wire.framed(one) for one in messages)[:8000]
    whole = heard.count(b"\x00")
    found = driver(f"read {heard.hex()}")
    assert found == [one.hex() for one in messages[:whole]] + ["broken 0"]


@settings(max_examples=50)
@given(noise=st.binary(max_size=1500))
def test_the_reader_survives_noise_and_hears_the_next_frame(driver: Driver, noise: bytes) -> None:
    good = wire.pack(0x81, 3, 0, 0, b"")
    heard = noise + b"\x00" + wire.framed(good)
    assert driver(f"read {heard.hex()}")[-2] == good.hex()


@settings(max_examples=50)
@given(commands=st.lists(st.tuples(st.integers(0, 255), st.binary(max_size=60)), max_size=12))
def test_any_command_is_answered_once_at_least(
    driver: Driver, commands: list[tuple[int, bytes]]
) -> None:
    """A sanitizer would stop the driver; types without bit 7 are not for a device."""
    said = [wire.pack(kind, k, 0, 0, body) for k, (kind, body) in enumerate(commands)]
    out = driver("boot", *(f"hear {one.hex()}" for one in said), "ignored")
    ours = sum(kind >= 0x80 for kind, _ in commands)
    sent = [wire.parse(bytes.fromhex(one)) for one in out[:-1]]
    assert None not in sent
    assert len(sent) - 2 >= ours
    assert out[-1] == f"ignored {len(commands) - ours}"


def test_losses_are_exact_however_slow_the_link(driver: Driver) -> None:
    """Received and lost samples add up to those taken, and blocks never overlap."""
    lines = ["boot", "hear " + wire.pack(0x82, 0, 0, 0, bytes(4)).hex()]
    for k in range(3000):
        lines.append(f"sample 0 {k % 4000 - 2000}")
        if k % 10 == 9:
            lines.append(f"sample 1 {k} 0 0")
        if k % 300 < 130:
            lines.append("poll")
    heard = [wire.parse(bytes.fromhex(one)) for one in driver(*lines, "now 10000000", "poll")]
    blocks = [b for m in heard if m and m.type == wire.Type.DATA for b in wire.blocks_of(m) or []]
    emg = [b for b in blocks if b.stream == 1]
    index = [int(b.index) + k for b in emg for k in range(len(b.values))]
    assert len(set(index)) == len(index)
    assert index == sorted(index)
    assert [v for b in emg for v in b.values[:, 0]] == [k % 4000 - 2000 for k in index]
    expected = [0 if k == 0 or one.index == _stop(emg[k - 1]) else 8 for k, one in enumerate(emg)]
    assert [b.flags & wire.BlockFlag.SOURCE_GAP for b in emg] == expected
    assert any(expected)
    status = [m for m in heard if m and m.type == wire.Type.STATUS][-1]
    lost = int.from_bytes(status.body[12:16], "little")
    acc = [b for b in blocks if b.stream == 2]
    missing = sum(_stop(one[-1]) - sum(len(b.values) for b in one) for one in (emg, acc))
    assert 0 < missing <= lost


def _stop(block: wire.Block) -> int:
    return block.index + len(block.values)
