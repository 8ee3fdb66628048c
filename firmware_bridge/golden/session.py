"""What one device says from boot on: lines for the driver of the core, and the answers."""

import struct

from sensor_side import (
    B_CLIPPED,
    B_GAP,
    B_LEAD_OFF,
    BAD_ARGUMENT,
    BATT_LOW,
    CLIP,
    CONFIG,
    DATA,
    EMG_SPARED,
    EVENT,
    HELLO,
    IMPEDANCE,
    INFO,
    INFO_BODY,
    LEAD_OFF,
    LONGEST_ON_BLE,
    MARK,
    PING,
    POWER_OFF,
    REFUSED,
    REPLAY,
    START,
    STATUS,
    STOP,
    TIME_RESET,
    TX_OVERRUN,
    UNHEARD_OF,
    UNKNOWN,
    acc_block,
    acc_values,
    ack,
    command,
    emg_block,
    emg_value,
    sent_by_device,
    sync,
)
from wire import data, message, status

__all__ = ["steps"]

Step = dict[str, object]


class _Script:
    """Collects steps, and counts the samples that the driver has pushed."""

    def __init__(self) -> None:
        self.steps: list[Step] = []
        self.emg = self.acc = 0

    def say(self, line: str, *sent: bytes, rules: str = "") -> None:
        step: Step = {"line": line, "sent": [one.hex() for one in sent]}
        self.steps.append({**step, "rules": rules.split()} if rules else step)

    def sample(self, count: int, clipped: dict[int, int] | None = None) -> None:
        """Instants of EMG, with one of acceleration after each tenth."""
        for _ in range(count):
            self.say(f"sample 0 {(clipped or {}).get(self.emg, emg_value(self.emg))}")
            self.emg += 1
            if self.emg % 10 == 0:
                self.say("sample 1 " + " ".join(map(str, acc_values(self.acc))))
                self.acc += 1


def steps() -> list[Step]:
    """All of it, in order."""
    script = _Script()
    _boot(script)
    _stream(script)
    _commands(script)
    _losses(script)
    _narrow_link(script)
    return script.steps


def _boot(script: _Script) -> None:
    event = sent_by_device(EVENT, 0, 0, TIME_RESET, bytes([4, 0]))
    script.say(
        "boot", event, sent_by_device(INFO, 1, 0, 0, INFO_BODY), rules="W5 W8 W25 W26 W27 W31"
    )
    script.say("now 1500000")
    script.say("poll")
    script.say(command(HELLO, 0), sent_by_device(INFO, 2, 1_500_000, 0, INFO_BODY), rules="W32")
    script.say("sample 0 5")
    script.say("poll", rules="W33")
    started = [ack(3, 1_500_000, START, 1), sent_by_device(INFO, 4, 1_500_000, 0, INFO_BODY)]
    script.say(command(START, 1, struct.pack("<I", 7)), *started, rules="W27 W33 W36")


def _stream(script: _Script) -> None:
    """Index 0 is of 1.501 s; acceleration lies 4.5 ms behind."""
    script.sample(79)
    script.say("poll")
    script.sample(1)
    body = data([emg_block(0, 80), acc_block(0, 8, 4500)])
    sent = sent_by_device(DATA, 5, 1_501_000, 0, body)
    script.say("poll", sent, rules="W7 W13 W14 W15 W17")
    again = [ack(6, 1_500_000, START, 2), sent_by_device(INFO, 7, 1_500_000, 0, INFO_BODY)]
    script.say(command(START, 2, struct.pack("<I", 7)), *again, rules="W33")
    rails = {85: 2047, 90: -2048}
    script.sample(80, rails)
    body = data([emg_block(80, 80, B_CLIPPED, rails), acc_block(8, 8, 4500)])
    script.say("poll", sent_by_device(DATA, 8, 1_581_000, CLIP, body), rules="W9 W16")
    script.say("status 3700 80 31 1 -60 12")
    script.say(f"flags {BATT_LOW}")
    script.sample(80)
    body = data([emg_block(160, 80, B_LEAD_OFF), acc_block(16, 8, 4500)])
    script.say(
        "poll", sent_by_device(DATA, 9, 1_661_000, LEAD_OFF | BATT_LOW, body), rules="W9 W16"
    )
    script.say("now 10000000")
    body = status(3700, 80, 31, 10, 0, 0, 1, -60, 12)
    script.say(
        "poll", sent_by_device(STATUS, 10, 10_000_000, LEAD_OFF | BATT_LOW, body), rules="W30"
    )
    script.say("status 0 255 -128 0 0 0")
    script.say("flags 0")


def _commands(script: _Script) -> None:
    at = 10_000_000
    token = 0x1122334455667788
    script.say(command(PING, 3, struct.pack("<Q", token)), sync(11, at, token), rules="W35")
    marked = [ack(12, at, MARK, 4), sent_by_device(EVENT, 13, at, 0, bytes([3, 0, 9]))]
    script.say(command(MARK, 4, b"\x09"), *marked, rules="W31 W38")
    button = sent_by_device(EVENT, 14, at, 0, bytes([1, 0]))
    script.say("event 1 0 -", button, rules="W31")
    rate = struct.pack("<BBBI", 2, 5, 1, 500_000)
    refused = (
        (CONFIG, rate, REFUSED, "W37"),
        (CONFIG, rate[:-1], BAD_ARGUMENT, "W37"),
        (CONFIG, b"", 0, "W37"),
        (REPLAY, struct.pack("<BIH", 1, 0, 80), REFUSED, "W39"),
        (IMPEDANCE, b"\x01", REFUSED, "W39"),
        (POWER_OFF, b"", REFUSED, "W39"),
        (START, b"\x01", BAD_ARGUMENT, "W33"),
        (PING, b"\x01", BAD_ARGUMENT, "W35"),
        (MARK, b"", BAD_ARGUMENT, "W38"),
        (UNHEARD_OF, b"", UNKNOWN, "W40"),
    )
    for k, (kind, body, result, rule) in enumerate(refused):
        script.say(command(kind, 5 + k, body), ack(15 + k, at, kind, 5 + k, result), rules=rule)
    script.say("ignored", rules="W11")
    script.steps[-1]["says"] = "ignored 0"
    script.say("hear " + message(DATA, 0, 0, 0, b"").hex(), rules="W11")
    script.say("hear c181", rules="W45")
    script.say("ignored")
    script.steps[-1]["says"] = "ignored 2"


def _losses(script: _Script) -> None:
    """A message that is lost for good, a link that is away, and rings that overflow."""
    script.say("refuse 1")
    script.say("event 2 0 -", rules="W5 W42")
    script.say("room 0")
    script.sample(80)
    script.say("poll")
    script.say("room 512")
    script.say("refuse 1")
    script.say("poll")
    body = data([emg_block(240, 80), acc_block(24, 8, 4500)])
    sent = sent_by_device(DATA, 26, 1_741_000, TX_OVERRUN, body)
    script.say("poll", sent, rules="W5 W42")
    script.say("room 0")
    # The EMG ring (128) is full after 448 and keeps the newest 112 of 320 to 450; that of the
    # acceleration (16) is not full before 48 instants have been taken.
    script.sample(131)
    script.say("poll")
    script.say("room 512")
    start = 451 - EMG_SPARED
    body = data([emg_block(start, 80, B_GAP), acc_block(32, 13, 320_000 + 4500 - start * 1000)])
    sent = sent_by_device(DATA, 27, 1_501_000 + start * 1000, 0, body)
    script.say("poll", sent, rules="W15 W16 W19")
    script.say("now 20000000")
    body = status(0, 255, -128, 20, 1, start - 320)
    script.say("poll", sent_by_device(STATUS, 28, 20_000_000, 0, body), rules="W30")


def _narrow_link(script: _Script) -> None:
    """Messages are cut to what the link takes: 80 EMG samples, or fewer, and acceleration alone."""
    script.say(f"room {LONGEST_ON_BLE}")
    script.sample(49)
    start = 451 - EMG_SPARED + 80
    at = 1_501_000 + start * 1000
    sent = sent_by_device(DATA, 29, at, 0, data([emg_block(start, 79)]))
    script.say("poll", sent, rules="W2 W24")
    script.say(command(STOP, 20), ack(30, 20_000_000, STOP, 20), rules="W34")
    script.say("sample 0 1")
    script.say("poll", rules="W34")
    restarted = [ack(31, 20_000_000, START, 21), sent_by_device(INFO, 32, 20_000_000, 0, INFO_BODY)]
    script.say(command(START, 21, struct.pack("<I", 7)), *restarted, rules="W15 W33")
    script.emg = script.acc = 0
    for index in range(12):
        script.say("sample 1 " + " ".join(map(str, acc_values(index))))
    alone = sent_by_device(DATA, 33, 20_005_500, 0, data([acc_block(0, 12, 0)]))
    script.say("poll", alone, rules="W7 W13")
