"""Golden packets, built by hand from the documents: ``python -m tests.devices_golden`` writes them.

They share no code with the encoders of the package: checksums are bit by bit, stuffing byte by
byte, and every field is packed here. What they should decode to stands beside the bytes.
"""

import json
import struct
from pathlib import Path

FOLDER = Path(__file__).parent / "golden" / "devices"


def crc16(data: bytes) -> int:
    """CRC-16/CCITT-FALSE, bit by bit."""
    crc = 0xFFFF
    for byte in data:
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1 ^ 0x1021 if crc & 0x8000 else crc << 1) & 0xFFFF
    return crc


def stuffed(data: bytes) -> bytes:
    """COBS with its closing zero."""
    out = bytearray()
    *pieces, last = data.split(b"\x00")
    for piece in [*pieces, last]:
        rest = piece
        while len(rest) >= 254:
            out += b"\xff" + rest[:254]
            rest = rest[254:]
        if rest or piece is not last or not piece:
            out += bytes([len(rest) + 1]) + rest
    return bytes(out) + b"\x00"


def message(kind: int, seq: int, t_us: int, flags: int, body: bytes) -> bytes:
    head = bytes([0xC1, kind]) + seq.to_bytes(2, "little") + t_us.to_bytes(6, "little")
    text = head + flags.to_bytes(2, "little") + body
    return text + crc16(text).to_bytes(2, "little")


def info(boot_id: int) -> bytes:
    scale = struct.pack("<f", 1e-6)
    emg = bytes([1, 1, 0x10, 1]) + (1_000_000).to_bytes(4, "little") + scale + bytes(4)
    emg += (2000).to_bytes(2, "little") + (450).to_bytes(2, "little") + bytes([12, 3]) + b"EMG"
    acc = bytes([2, 2, 0x30, 2]) + (100_000).to_bytes(4, "little")
    acc += struct.pack("<f", 1 / 8192) + bytes(4) + bytes(4) + bytes([16, 3]) + b"ACC"
    front = bytes([0, 0x0C]) + b"goldenID" + boot_id.to_bytes(4, "little") + bytes([1, 2, 3, 2])
    return front + (244).to_bytes(2, "little") + bytes(2) + bytes([4]) + b"calf" + emg + acc


def block(stream: int, fmt: int, flags: int, off: int, index: int, rows: list[list[int]]) -> bytes:
    head = bytes([stream, fmt, len(rows), flags]) + struct.pack("<h", off)
    values = b"".join(one.to_bytes(2, "little", signed=True) for row in rows for one in row)
    return head + index.to_bytes(4, "little") + values


def cramplink() -> dict[str, object]:
    """A night of half a second: a lost message, lead-off, a button, a battery, a reboot."""
    first = block(1, 0x10, 0, 0, 0, [[100 + k] for k in range(10)])
    first += block(2, 0x30, 0, 250, 0, [[0, -8192, 4096]])
    late = block(1, 0x10, 1, 0, 30, [[-2048], [2047]])
    again = block(1, 0x10, 0, 0, 0, [[7] for _ in range(5)])
    status = struct.pack("<HBbIIIBbBB", 3710, 62, -128, 9, 0, 0, 1, 0, 0, 0)
    messages = [
        message(0x01, 65534, 5_000, 0x40, info(77)),
        message(0x10, 65535, 10_000, 0, first),
        message(0x10, 1, 40_000, 0x04, late),
        message(0x11, 2, 45_000, 0x01, status),
        message(0x12, 3, 46_000, 0, bytes([1, 0])),
        message(0x7F, 4, 47_000, 0, b"of a later version"),
        message(0x01, 0, 1_000, 0x40, info(78)),
        message(0x10, 1, 2_000, 0, again),
    ]  # fmt: skip
    return {
        "messages": [one.hex() for one in messages],
        "arrival_ms": [0, 20, 42, 45, 46, 47, 940, 950],
        "stream": (b"\x00" + b"".join(stuffed(one) for one in messages)).hex(),
        "emg_uv": [*range(100, 110), -2048, 2047],
        "lost": [[10, 30]],
        "acc_g": [[0.0, -1.0, 0.5]],
        "statuses": ["battery_low", "lead_off"],
        "battery": [3710, 62],
        "marks": 1,
        "restarts": 1,
    }


def umyo() -> dict[str, object]:
    """Five frames of the base station, one of them lost, behind a false beginning."""
    data, emg = bytearray(b"\x00\x4f\xd5\x4f"), []
    for data_id in (254, 255, 0, 2):
        counts = [16_000 + 10 * k + data_id % 7 for k in range(8)]
        payload = bytes([data_id % 129, 62]) + (0xCAFE0042).to_bytes(4, "big")
        payload += bytes([88, 0, 170, 101, 0, data_id]) + struct.pack(">8h", *counts)
        payload += struct.pack(">4h", 1, 2, 3, 4) + struct.pack(">4h", 22_627, 0, -22_627, 0)
        payload += struct.pack(">3h", 0, -8192, 16384) + struct.pack(">6h", 0, 0, 0, 9, 9, 9)
        data += b"\x4f\xd5\x37" + payload
        emg += counts
    return {
        "stream": data.hex(),
        "unit": "cafe0042",
        "counts": emg,
        "lost": [[24, 32]],
        "acc_g": [0.0, -0.5, 1.0],
        "battery_mv": 3700,
    }


def umyo_gatt() -> dict[str, object]:
    """Three notifications of EMG, one of them of the second draft, and one of acceleration."""
    rows = [[8000 + k for k in range(24)], [7000 + k for k in range(24)], [-5] * 8]
    one, two, three = (struct.pack(f"<{len(row)}h", *row) for row in rows)
    other = struct.pack("<13h", 16384, 0, -16384, *(0,) * 6, 32_000, 0, 0, 0)
    sent = [
        (0).to_bytes(4, "little") + one,
        b"\x02" + (24).to_bytes(4, "little") + two,
        other,
        (72).to_bytes(4, "little") + three,
    ]
    return {
        "notifications": [item.hex() for item in sent],
        "counts": [value for row in rows for value in row],
        "lost": [[48, 72]],
        "acc_g": [1.0, 0.0, -1.0],
    }


def cyton() -> dict[str, object]:
    """Frames with one and with all axes of acceleration, text before them, a lost one."""
    data = bytearray(b"OpenBCI V3\n$$$\xa0")
    counts = []
    for number in (254, 255, 0, 1, 3, 6, 7, 8, 9):
        value = -8_388_607 + number
        counts.append(value)
        channels = value.to_bytes(3, "big", signed=True) + bytes(21)
        aux, footer = bytes(6), 0xC0
        if number == 0:
            aux = struct.pack(">3h", 8000, -8000, 16)
        elif number in (7, 8, 9):
            aux, footer = struct.pack(">hI", number * 100, 123_456), 0xC4
        data += bytes([0xA0, number]) + channels + aux + bytes([footer])
    return {
        "stream": data.hex(),
        "counts": counts,
        "lost": [[4, 5], [6, 8]],
        "acc_g": [[1.0, -1.0, 0.002], [0.0875, 0.1, 0.1125]],
    }


GOLDEN = {"cramplink": cramplink, "umyo": umyo, "umyo_gatt": umyo_gatt, "cyton": cyton}


def text(name: str) -> str:
    """The file of one sensor."""
    return json.dumps(GOLDEN[name](), indent=1) + "\n"


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in GOLDEN:
        (FOLDER / f"{name}.json").write_text(text(name), encoding="utf-8")
