"""The test device's messages: the device in ``check/test_device.c``, written from ``WIRE.md``."""

import struct

from wire import Block, Stream, info, message

__all__ = [
    "BAD_ARGUMENT",
    "BATT_LOW",
    "B_CLIPPED",
    "B_GAP",
    "B_LEAD_OFF",
    "CLIP",
    "CONFIG",
    "DATA",
    "EMG_SPARED",
    "EVENT",
    "HELLO",
    "IMPEDANCE",
    "INFO",
    "INFO_BODY",
    "LEAD_OFF",
    "LONGEST_ON_BLE",
    "MARK",
    "PING",
    "POWER_OFF",
    "REFUSED",
    "REPLAY",
    "START",
    "STATUS",
    "STOP",
    "TIME_RESET",
    "TX_OVERRUN",
    "UNHEARD_OF",
    "UNKNOWN",
    "acc_block",
    "acc_values",
    "ack",
    "command",
    "emg_block",
    "emg_value",
    "sent_by_device",
    "sync",
]

#: Types (W4) and flags (W9) that occur here.
INFO, ACK, SYNC, DATA, STATUS, EVENT = 0x01, 0x02, 0x03, 0x10, 0x11, 0x12
HELLO, START, STOP, CONFIG, PING, MARK, REPLAY = 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87
IMPEDANCE, POWER_OFF, UNHEARD_OF = 0x88, 0x89, 0xC0
BATT_LOW, LEAD_OFF, CLIP, TX_OVERRUN, TIME_RESET = 1, 4, 8, 32, 64
#: Flags of a block (W16).
B_LEAD_OFF, B_CLIPPED, B_GAP = 1, 2, 8
UNKNOWN, BAD_ARGUMENT, REFUSED = 1, 2, 4
#: What the test device's ring of EMG (128) keeps when it is full.
EMG_SPARED = 112
#: A notification at an MTU of 185, which some computers grant at most.
LONGEST_ON_BLE = 182
BOOT_ID = 0x0102FFFE

INFO_BODY = info(
    b"test\x00\x00\x00\x01",
    BOOT_ID,
    (1, 2, 3),
    "test-sensor",
    (
        Stream(1, 1, 0x10, 1, 1_000_000, 2.5e-6, 0.0, 2000, 450, 12, "EMG"),
        Stream(2, 2, 0x30, 2, 100_000, 1 / 8192, 0.0, 0, 0, 16, "ACC"),
    ),
    capabilities=0x28,
)


def emg_value(index: int) -> int:
    """The EMG at this index."""
    return (37 * index) % 401 - 200


def acc_values(index: int) -> list[int]:
    """The acceleration at this index."""
    return [index % 50, -(index % 40), 8192 - index % 30]


def sent_by_device(kind: int, count: int, t_us: int, flags: int, body: bytes) -> bytes:
    """What the device sends as its message number `count` since boot (W5)."""
    return message(kind, (BOOT_ID + count) & 0xFFFF, t_us, flags, body)


def command(kind: int, seq: int, body: bytes = b"") -> str:
    """The line that lets the device hear a command."""
    return "hear " + message(kind, seq, 0, 0, body).hex()


def ack(seq: int, t_us: int, kind: int, heard: int, result: int = 0, flags: int = 0) -> bytes:
    """ACK, as message number `seq` since boot."""
    return sent_by_device(ACK, seq, t_us, flags, struct.pack("<BHB", kind, heard, result))


def sync(seq: int, t_us: int, token: int) -> bytes:
    """SYNC, when no time passes between hearing and answering."""
    clock = struct.pack("<Q", t_us)[:6]
    return sent_by_device(SYNC, seq, t_us, 0, struct.pack("<Q", token) + clock + clock)


def emg_block(
    start: int, count: int, flags: int = 0, clipped: dict[int, int] | None = None
) -> Block:
    """A block of `emg_value`."""
    places = range(start, start + count)
    rows = [[(clipped or {}).get(k, emg_value(k))] for k in places]
    return Block(1, 0, rows, start, flags=flags)


def acc_block(start: int, count: int, offset_us: int, flags: int = 0) -> Block:
    """A block of `acc_values`."""
    rows = [acc_values(k) for k in range(start, start + count)]
    return Block(2, 0, rows, start, offset_us, flags)
