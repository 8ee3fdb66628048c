"""Golden packets of further sensors: ``python -m tests.devices_golden_more`` writes them.

As tests/devices_golden.py: built by hand, with no code of the package.
"""

import json
import struct

from tests.devices_golden import FOLDER


def crc_nibbles(frame: bytes) -> int:
    """CRC-4 with the polynomial x^4 + x + 1, bit by bit; the lowest nibble is left out."""
    bits = "".join(f"{byte:08b}" for byte in frame)[:-4] + "0000"
    rest = [int(bit) for bit in bits]
    for at in range(len(rest) - 4):
        if rest[at]:
            for step, bit in enumerate((1, 0, 0, 1, 1)):
                rest[at + step] ^= bit
    return int("".join(map(str, rest[-4:])), 2)


def bitalino() -> dict[str, object]:
    """Version, state, 40 frames of two ports of which four are lost, a stray byte."""
    state = bytearray(struct.pack("<7HBB", 1, 2, 3, 4, 5, 6, 580, 0, 100) + b"\x90")
    state[-1] |= crc_nibbles(bytes(state))
    data = bytearray(b"BITalino_v5.2\n" + state)
    emg, acc = [], []
    for number in range(40):
        first, second = 1023 - 25 * number, 410 + 5 * number
        frame = bytearray([second & 255, (first & 63) << 2 | second >> 8, 0x90 | first >> 6])
        frame.append((number & 15) << 4)
        frame[-1] |= crc_nibbles(bytes(frame))
        if 10 <= number < 14:
            continue
        emg.append(first)
        acc.append(second)
        data += frame
        if number == 20:
            data += b"\x55"
    return {
        "stream": data.hex(),
        "counts": emg,
        "acc_counts": acc,
        "lost": [[10, 14]],
        "battery_mv": round(580 * 6600 / 1024),
    }


def bits_of(fields: list[int], bits: int) -> str:
    return "".join(f"{field % (1 << bits):0{bits}b}" for field in fields)


def ganglion_2() -> dict[str, object]:
    """A whole sample, differences, a lost packet, and the next whole sample."""
    sample = [1000, -1000, 8_000_000, -8_000_000]
    whole = b"\x00" + b"".join(one.to_bytes(3, "big", signed=True) for one in sample) + b"ABCDEFG"
    packets, rows = [whole], [list(sample)]
    for number in range(1, 8):
        fields = []
        for row in range(2):
            step = 20 * number + row
            # Odd fields are negative, even ones are not.
            for channel, change in enumerate((2 * step, -2 * step + 1, 0, -1)):
                fields.append(change)
                sample[channel] -= change
            rows.append(list(sample))
        axis = {1: -62, 2: 3, 3: 127}.get(number % 10, 0)
        body = int(bits_of(fields, 18), 2).to_bytes(18, "big")
        packets.append(bytes([number]) + body + axis.to_bytes(1, "big", signed=True))
    lost = packets.pop(5)
    assert lost[0] == 5
    again = b"\x00" + (7).to_bytes(3, "big") + bytes(9) + b"ABCDEFG"
    return {
        "notifications": [one.hex() for one in [*packets, again, again]],
        "arrival_ms": [0, 10, 20, 30, 40, 60, 70, 1005, 1005],
        "counts": [*rows[:9], [7, 0, 0, 0]],
        "lost": [[9, 201]],
        "acc_g": [[-62 * 0.016, 3 * 0.016, 127 * 0.016]],
        "duplicate": 1,
    }


def ganglion_3() -> dict[str, object]:
    """The odd first packet, the first, shifted cycle, the second one with a lost packet."""
    packets = [bytes([255]) + bytes(19)]
    counts = []
    numbers = [*range(99), *range(100), *range(4)]
    for place, number in enumerate(numbers):
        fields = []
        for row in range(2):
            value = 2 * (2 * place + row)
            fields += [value, -value - 1, 0, 0]
        if place == 150:
            continue
        body = int(bits_of(fields, 18), 2).to_bytes(18, "big")
        packets.append(bytes([number]) + body + bytes([number % 10]))
        counts += [[64 * (fields[4 * row]), 64 * (fields[4 * row + 1] - 1)] for row in range(2)]
    return {
        "notifications": [one.hex() for one in packets],
        "counts": counts,
        "lost": [[300, 302]],
    }


def myo() -> dict[str, object]:
    """Two turns of the four characteristics with one missing, and acceleration."""
    uuid = "d506{}-a904-deb9-4748-2c7f4a124842"
    sent, rows = [], []
    for turn in range(8):
        block = [[(16 * turn + 8 * row + channel) % 128 - 64 for channel in range(8)]
                 for row in range(2)]  # fmt: skip
        if turn == 5:
            continue
        data = struct.pack("<16b", *block[0], *block[1])
        sent.append([uuid.format(f"0{turn % 4 + 1}05"), data.hex(), 10 * turn])
        rows += block
    turned = struct.pack("<10h", 16384, 0, 0, 0, 2048, -2048, 1024, 16, -32, 0)
    sent.insert(3, [uuid.format("0402"), turned.hex(), 25])
    sent.append(["00002a19-0000-1000-8000-00805f9b34fb", "0c", 80])
    return {
        "notifications": sent,
        "counts": rows,
        "lost": [[10, 12]],
        "acc_g": [1.0, -1.0, 0.5],
        "battery_percent": 12,
    }


def npg_lite() -> dict[str, object]:
    """Four notifications of three channels with one missing, of six channels, and serial frames."""
    sent, counts = [], []
    for block in range(4):
        data = bytearray()
        for sample in range(10):
            number = 10 * block + sample
            data.append((250 + number) % 256)
            data += struct.pack(">3H", 100 * number, 4095 - number, 0)
        if block == 2:
            continue
        sent.append(data.hex())
        counts += [100 * (10 * block + sample) for sample in range(10)]
    serial = bytearray(b"NPG-LITE\r\n\xc7")
    for number in range(8):
        if number != 5:
            serial += b"\xc7\x7c" + bytes([(254 + number) % 256])
            serial += struct.pack(">3H", 0xC77C % 4096, number, 4095) + b"\x01"
    return {
        "notifications": sent,
        "counts": counts,
        "lost": [[20, 30]],
        "serial": serial.hex(),
        "serial_counts": [number for number in range(8) if number != 5],
        "serial_lost": [[5, 6]],
    }


def crc_shimmer(data: bytes) -> bytes:
    """As Shimmer's documents tell it, step by step."""
    crc = 0xB0CA
    for byte in data + b"\x00" * (len(data) % 2):
        crc = (crc >> 8 | crc << 8) & 0xFFFF
        crc ^= byte
        crc ^= (crc & 0xFF) >> 4
        crc ^= crc << 12 & 0xFFFF
        crc ^= (crc & 0xFF) << 5
    return crc.to_bytes(2, "little")


def shimmer3() -> dict[str, object]:
    """Answers to the start commands, then packets around a round of the clock, one missing."""
    block = struct.pack(">6h", 2000, 2000, 2000, 100, 100, 100)
    block += bytes([0, 156, 0, 156, 0, 0, 0, 0, 156])
    answers = [
        b"\xff", b"\xff", b"\xff\x25\x03", b"\xff", b"\xff", b"\xff", b"\xff", b"\xff",
        b"\xff\x2d" + block + bytes(63),
        b"\xff\x02" + struct.pack("<H", 32) + bytes(4) + bytes([7, 1, 0, 1, 2, 3, 29, 30, 31]),
        b"\xff",
    ]  # fmt: skip
    data, emg = bytearray(), []
    for number, one in enumerate(answers):
        data += one if number == 0 else one + crc_shimmer(one)
    for number in range(6):
        stamp = (2**24 - 64 + 32 * number) % 2**24
        value = 4000 - 2000 * number
        packet = b"\x00" + stamp.to_bytes(3, "little")
        packet += struct.pack("<4H", 2000, 2000, 2981, 2600) + b"\x80"
        packet += value.to_bytes(3, "big", signed=True) + (-1).to_bytes(3, "big", signed=True)
        if number == 3:
            continue
        emg.append(value)
        data += packet + crc_shimmer(packet)
        if number == 1:
            docked = b"\xff\x8a\x71\x30"
            data += docked + crc_shimmer(docked)
    return {
        "stream": data.hex(),
        "counts": emg,
        "lost": [[3, 4]],
        # 981 counts at 100 counts per m/s^2 are 9.81 m/s^2 along -Z.
        "acc_g": [0.0, 0.0, -9.81 / 9.80665],
        "battery_mv": round(2600 / 4095 * 3000 * 1.988),
    }


GOLDEN = {
    "bitalino": bitalino,
    "ganglion_2": ganglion_2,
    "ganglion_3": ganglion_3,
    "myo": myo,
    "npg_lite": npg_lite,
    "shimmer3": shimmer3,
}


def text(name: str) -> str:
    """The file of one sensor."""
    return json.dumps(GOLDEN[name](), indent=1) + "\n"


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in GOLDEN:
        (FOLDER / f"{name}.json").write_text(text(name), encoding="utf-8")
