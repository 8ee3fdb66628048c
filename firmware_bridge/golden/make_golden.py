"""Write ``packets.json``: ``python firmware_bridge/golden/make_golden.py [OUT]``.

Each entry names the rules of ``WIRE.md`` that it shows.
"""

import json
import struct
import sys
from pathlib import Path

from links import byte_streams, framing, rejected
from session import steps
from wire import Block, Stream, data, frame, info, message, status

__all__ = ["golden", "text_of"]

PLACE = Path(__file__).parent / "packets.json"
#: Rows of a wave that any reader can make again.
WAVE = [0, 154, 250, 250, 154, 0, -154, -250, -250, -154]
BOOT_ID = 0x5EED0001
_STREAMS = (
    Stream(1, 1, 0x10, 1, 1_000_000, 4.028e-6, 0.0, 2080, 498, 12, "EMG calf"),
    Stream(2, 2, 0x30, 2, 100_000, 1 / 8192, 0.0, 0, 0, 16, "ACC"),
)
Entry = dict[str, object]


def _emg(index: int, count: int = 80, flags: int = 0) -> Block:
    return Block(1, 0, [[WAVE[(index + k) % 10]] for k in range(count)], index, flags=flags)


def _acc(index: int) -> Block:
    rows = [[-40 + k, 12 * (index + k), 8192] for k in range(8)]
    return Block(2, 0, rows, index, offset_us=4500)


class _Messages:
    """Collects messages with their meaning."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []

    def add(
        self, name: str, rules: str, header: tuple[int, int, int, int], body: bytes, **more: object
    ) -> bytes:
        text = message(*header, body)
        meaning = dict(zip(("type", "seq", "t_us", "flags"), header, strict=True))
        fields = {"name": name, "rules": rules.split(), **meaning, "body": body.hex(), **more}
        self.entries.append({**fields, "message": text.hex(), "frame": frame(text).hex()})
        return text

    def data(
        self, name: str, rules: str, header: tuple[int, int, int, int], blocks: list[Block]
    ) -> bytes:
        meaning = [block.meaning() for block in blocks]
        return self.add(name, rules, header, data(blocks), blocks=meaning)


def _of_the_device(out: _Messages) -> list[bytes]:
    """Messages as a device sends them; DATA 2 is missing, so the index jumps from 160 to 240."""
    body = info(b"golden\x00\x01", BOOT_ID, (1, 0, 0), "calf-left", _STREAMS, 0x28, 512)
    state = status(3650, 17, 33, 9, 2, 80, 1, -71, 24)
    night = [
        out.add("INFO after boot", "W4 W5 W8 W25 W26", (0x01, 65534, 12, 64), body),
        out.add(
            "ACK of START", "W36", (0x02, 65535, 900_000, 0), struct.pack("<BHB", 0x82, 1, 0)
        ),
        out.data("DATA 0", "W5 W7 W13 W14", (0x10, 0, 1_000_000, 0), [_emg(0), _acc(0)]),
        out.data("DATA 1", "W15", (0x10, 1, 1_080_000, 0), [_emg(80), _acc(8)]),
        out.data(
            "DATA 3, behind a gap, a lead off", "W9 W15 W16 W19 W41", (0x10, 3, 1_240_000, 4 | 32),
            [_emg(240, flags=1 | 8), _acc(24)],
        ),
        out.add("STATUS", "W30", (0x11, 4, 9_000_000, 1), state),
        out.add("EVENT button", "W31", (0x12, 5, 9_100_000, 0), b"\x01\x00"),
        out.add("LOG", "W29", (0x13, 6, 9_200_000, 0), b"IMU silent"),
        out.add("a type nobody knows", "W11", (0x5A, 7, 9_300_000, 0), b"\x01\x02\x03"),
    ]  # fmt: skip
    _other_formats(out)
    return night


def _other_formats(out: _Messages) -> None:
    wide = [[-(1 << 23), (1 << 23) - 1], [0, -1], [123456, -123456]]
    sync = struct.pack("<Q", 0xA1B2C3D4E5F60718)
    clocks = b"".join(struct.pack("<Q", t)[:6] for t in (77_000_100, 77_000_180))
    header = (0x10, 9, 281_474_976_710_655, 0)
    out.data("24 bits, the highest clock", "W6 W17", header, [Block(1, 2, wide, 4_294_967_295)])
    out.data(
        "every other format", "W14 W17", (0x10, 10, 78_000_000, 0),
        [
            Block(3, 1, [[0], [65535]], 7, -10),
            Block(4, 3, [[-(1 << 31)], [(1 << 31) - 1]], 7, 327_670),
            Block(5, 4, [[-128], [127]], 7, -327_680),
            Block(6, 5, [[0.5], [-1.25]], 7),
        ],
    )  # fmt: skip
    out.add("SYNC", "W35", (0x03, 8, 77_000_180, 0), sync + clocks, clocks=[77_000_100, 77_000_180])


def _of_the_host(out: _Messages) -> None:
    commands = (
        ("HELLO", "W32", 0x81, b""),
        ("START", "W33", 0x82, struct.pack("<I", 0x4352)),
        ("STOP", "W34", 0x83, b""),
        ("CONFIG: stream 1 at 500 Hz", "W37", 0x84, struct.pack("<BBBI", 2, 5, 1, 500_000)),
        ("PING", "W35", 0x85, struct.pack("<Q", 0xA1B2C3D4E5F60718)),
        ("MARK", "W38", 0x86, b"\x01"),
        ("REPLAY: stream 1, 80 from 160", "W39", 0x87, struct.pack("<BIH", 1, 160, 80)),
        ("IMPEDANCE", "W39", 0x88, b"\x01"),
        ("POWER_OFF", "W39", 0x89, b""),
    )
    for seq, (name, rule, kind, body) in enumerate(commands):
        out.add(name, f"W4 W7 {rule}", (kind, seq, 0, 0), body)


def golden() -> dict[str, object]:
    """Everything, as it is in the file."""
    messages, commands = _Messages(), _Messages()
    night = _of_the_device(messages)
    _of_the_host(commands)
    return {
        "note": "CrampLink 1: made by make_golden.py from WIRE.md; never heard from hardware",
        "crc": [{"rules": ["W12"], "bytes": b"123456789".hex(), "crc": "29b1"}],
        "framing": framing(),
        "messages": messages.entries,
        "commands": commands.entries,
        "rejected": rejected(),
        "streams": byte_streams(night),
        "session": steps(),
    }


def text_of(packets: dict[str, object]) -> str:
    """The file's text: an entry a line."""
    parts = []
    for key, value in packets.items():
        if isinstance(value, list):
            lines = ",\n  ".join(json.dumps(one) for one in value)
            parts.append(f' "{key}": [\n  {lines}\n ]')
        else:
            parts.append(f' "{key}": {json.dumps(value)}')
    return "{\n" + ",\n".join(parts) + "\n}\n"


if __name__ == "__main__":
    place = Path(sys.argv[1]) if len(sys.argv) > 1 else PLACE
    place.write_text(text_of(golden()), encoding="utf-8")
