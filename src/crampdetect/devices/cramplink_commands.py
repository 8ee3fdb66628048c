"""What the host says to a CrampLink device, and what such a device needs of its link."""

import struct

from crampdetect.devices.cramplink_messages import (
    LARGEST_FRAME,
    Type,
    framed,
    pack,
    parse,
    unframed,
)
from crampdetect.devices.link_plan import BlePlan, SerialPlan
from crampdetect.devices.zero_delimited import ZeroDelimited

__all__ = [
    "BLE_PLAN",
    "DATA_UUID",
    "SERIAL_PLAN",
    "START_TOKEN",
    "Asking",
    "hello",
    "on_the_wire",
    "ping",
    "start",
    "stop",
]

#: Service and characteristics of the open frame (a proposal; registered nowhere).
_UUID = "c1a3{}-6d5e-4b6f-8a21-6e1f0c4d2b10"
SERVICE, DATA_UUID, COMMAND_UUID = (_UUID.format(one) for one in ("0001", "0002", "0003"))
#: The same at every START of the host, so that a device that streams already goes on counting.
START_TOKEN = 0x4352
#: HELLO and START are said again until they are answered; PING shows that the host is there and
#: lets its clock be compared with the device's [A].
ASK_NS, PING_NS = 2_000_000_000, 30_000_000_000
#: No DATA for this long means that the device does not stream [A].
QUIET_NS = 3_000_000_000


def hello(seq: int) -> bytes:
    """Asks for INFO."""
    return pack(Type.HELLO, seq, 0, 0, b"")


def start(seq: int, token: int = START_TOKEN) -> bytes:
    """Asks for samples."""
    return pack(Type.START, seq, 0, 0, struct.pack("<I", token))


def stop(seq: int) -> bytes:
    """Asks for no more samples."""
    return pack(Type.STOP, seq, 0, 0, b"")


def ping(seq: int, token: int) -> bytes:
    """Asks for SYNC; `token` (64 bits) comes back."""
    return pack(Type.PING, seq, 0, 0, struct.pack("<Q", token % (1 << 64)))


def on_the_wire(message: bytes) -> bytes:
    """A command for a byte stream: the zero before it ends whatever the device had heard."""
    return b"\x00" + framed(message)


def is_cramplink(heard: bytes) -> bool:
    """Whether a byte stream holds a message of such a device."""
    frames = ZeroDelimited(LARGEST_FRAME).push(heard)
    messages = [unframed(one) for one in frames]
    return any(one is not None and parse(one) is not None for one in messages)


BLE_PLAN = BlePlan(
    service=SERVICE,
    notify=(DATA_UUID,),
    start=((COMMAND_UUID, hello(0)), (COMMAND_UUID, start(1))),
    stop=((COMMAND_UUID, stop(2)),),
    battery=True,
    write=COMMAND_UUID,
)
#: 230400 baud is the frame's recommendation; an Uno makes 115200 or 250000, so whoever opens the
#: port may replace it. Any USB bridge may carry the frame, so only the handshake tells.
SERIAL_PLAN = SerialPlan(
    baud=230400,
    start=(on_the_wire(hello(0)), on_the_wire(start(1))),
    stop=(on_the_wire(stop(2)),),
    handshake=is_cramplink,
)


class Asking:
    """When to say what: HELLO until INFO came, START until DATA comes, then PING."""

    def __init__(self) -> None:
        self._seq = 3
        self._asked_ns: int | None = None
        self._pinged_ns: int | None = None

    def due(self, now_ns: int, knows_info: bool, last_data_ns: int | None) -> bytes | None:
        """The message that is due; None for none.

        Parameters
        ----------
        now_ns : int
            Monotonic.
        knows_info : bool
        last_data_ns : int or None
            When DATA came last; None if there was none since the link came up.
        """
        streams = last_data_ns is not None and now_ns - last_data_ns < QUIET_NS
        if knows_info and streams:
            if self._pinged_ns is not None and now_ns - self._pinged_ns < PING_NS:
                return None
            self._pinged_ns = now_ns
            return ping(self._next(), now_ns)
        if self._asked_ns is not None and now_ns - self._asked_ns < ASK_NS:
            return None
        self._asked_ns = now_ns
        return start(self._next()) if knows_info else hello(self._next())

    def _next(self) -> int:
        self._seq += 1
        return self._seq
