"""CrampLink, our own open frame for sensors that people build: the decoder.

``firmware_bridge/WIRE.md`` has the rules of the wire. What this decoder makes of them:

- INFO decides the signals: its first EMG stream, and its first stream of acceleration in g. DATA
  that comes before INFO is left out; DATA that does not fit INFO is counted as corrupt.
- Another boot_id, the flag TIME_RESET, or a clock that falls back by more than 10 s is a device
  that began anew: its samples go into a new epoch.
- A message that was heard before (sequence number, clock and type) is a duplicate. Replayed
  messages are not asked for, and left out.
- Acceleration is placed by the device's clock beside the EMG of the same clock.

Seen on simulated links and microcontrollers only; never seen on a leg.
"""

from collections import deque

from crampdetect.detection.types import Item, SignalInfo
from crampdetect.devices.cramplink_commands import BLE_PLAN, SERIAL_PLAN, Asking, on_the_wire
from crampdetect.devices.cramplink_info import Info, declared, info_of
from crampdetect.devices.cramplink_messages import (
    LARGEST_FRAME,
    Block,
    BlockFlag,
    Flag,
    Message,
    Type,
    blocks_of,
    parse,
    unframed,
)
from crampdetect.devices.cramplink_placing import Placing
from crampdetect.devices.decoder import Decoder
from crampdetect.devices.link_plan import BATTERY_LEVEL
from crampdetect.devices.status_flags import (
    BATTERY_LOW,
    CLIPPING,
    LEAD_OFF,
    OTHER_SIGNALS,
    SENSOR_FAULT,
)
from crampdetect.devices.time_map import TimeMap
from crampdetect.devices.zero_delimited import ZeroDelimited
from crampdetect.link import Received

__all__ = ["BLE_PLAN", "SERIAL_PLAN", "CrampLinkDecoder"]

#: DATA carries the instant of its first sample, so clocks fall back a little between messages.
RESET_US = 10_000_000
#: Messages among which a duplicate is looked for; BlueZ repeats them at once.
MOST_RECENT = 16
#: Presses of the button that wait to be fetched [A].
MOST_MARKS = 10_000
BUTTON = 1
#: STATUS: bytes up to the mask of leads that are off; percent beyond this is not known.
STATUS_BYTES, FULL = 17, 100
SAID = (
    (BlockFlag.LEAD_OFF, LEAD_OFF),
    (BlockFlag.CLIPPED, CLIPPING),
    (BlockFlag.SENSOR_FAULT, SENSOR_FAULT),
)


class CrampLinkDecoder(Decoder):
    """From messages to samples; see the rules above.

    Parameters
    ----------
    framing : {"cobs", "message"}
        On a byte stream, or one message a notification (BLE).

    Attributes
    ----------
    info : Info or None
        As last heard.
    """

    def __init__(self, framing: str = "cobs") -> None:
        super().__init__()
        if framing not in ("cobs", "message"):
            raise ValueError(f"the framing is {framing!r}; expected 'cobs' or 'message'")
        self._bytes = ZeroDelimited(LARGEST_FRAME) if framing == "cobs" else None
        self._recent: deque[tuple[int, int, int]] = deque(maxlen=MOST_RECENT)
        self._placing: Placing | None = None
        self._other_signals = self._battery_low = False
        self._boot_id: int | None = None
        self._last_us = 0
        self._asking = Asking()
        self._last_data_ns: int | None = None
        self.info: Info | None = None

    @property
    def signals(self) -> tuple[SignalInfo, ...] | None:
        """As the first INFO declares them."""
        return None if self._placing is None else self._placing.signals

    def time_map(self) -> TimeMap | None:
        """Of the EMG."""
        return None if self._placing is None else self._placing.time_map()

    def keep_alive(self, monotonic_ns: int) -> bytes | None:
        """HELLO until there is INFO, START until there is DATA, then PING."""
        message = self._asking.due(monotonic_ns, self._placing is not None, self._last_data_ns)
        return message if message is None or self._bytes is None else on_the_wire(message)

    # --- events

    def _connected(self) -> list[Item]:
        self._last_data_ns, self._asking = None, Asking()
        if self._bytes is not None:
            self._bytes.clear()
        return []

    def _disconnected(self) -> list[Item]:
        return [] if self._placing is None else self._placing.link_lost()

    def _flush(self) -> list[Item]:
        return [] if self._placing is None else self._placing.flush()

    def _received(self, event: Received) -> list[Item]:
        if event.endpoint == BATTERY_LEVEL:
            if len(event.data) == 1 and event.data[0] <= FULL:
                self.battery_percent = event.data[0]
            return []
        if self._bytes is None:
            return self._take(parse(event.data), event.monotonic_ns)
        items: list[Item] = []
        too_long = self._bytes.too_long
        for frame in self._bytes.push(event.data):
            message = unframed(frame)
            items += self._take(None if message is None else parse(message), event.monotonic_ns)
        self.quality.corrupt += self._bytes.too_long - too_long
        return items

    # --- messages

    def _take(self, message: Message | None, arrival_ns: int) -> list[Item]:
        if message is None:
            self.quality.corrupt += 1
            return []
        key = (message.seq, message.t_us, message.type)
        if message.flags & Flag.REPLAYED or key in self._recent:
            self.quality.duplicate += 1
            return []
        self._recent.append(key)
        self._follow_clock(message)
        match message.type:
            case Type.INFO:
                return self._take_info(message)
            case Type.DATA:
                return self._take_data(message, arrival_ns)
            case Type.STATUS:
                return self._take_status(message)
            case Type.EVENT if message.body[:1] == bytes([BUTTON]):
                if len(self.marks) < MOST_MARKS:
                    self.marks.append(arrival_ns)
        return []

    def _follow_clock(self, message: Message) -> None:
        fell_back = self._last_us - message.t_us > RESET_US
        if message.flags & Flag.TIME_RESET or fell_back:
            self._restart()
            self._last_us = message.t_us
        self._last_us = max(self._last_us, message.t_us)

    def _restart(self) -> None:
        """The device began anew; INFO will tell under which boot_id."""
        self._boot_id = None
        self._recent.clear()  # the same numbers may come again
        if self._placing is not None:
            self._placing.restart()

    def _take_info(self, message: Message) -> list[Item]:
        info = info_of(message.body)
        streams = None if info is None else declared(info)
        if info is None or streams is None:
            self.quality.corrupt += 1
            return []
        if self._boot_id is not None and info.boot_id != self._boot_id:
            self._restart()
        self._boot_id, self.info = info.boot_id, info
        if self._placing is None:
            self._placing = Placing(*streams, self.quality)
        self._other_signals = streams != self._placing.streams
        return self._placing.said(OTHER_SIGNALS) if self._other_signals else []

    def _take_status(self, message: Message) -> list[Item]:
        body = message.body
        if len(body) < STATUS_BYTES:
            self.quality.corrupt += 1
            return []
        self.battery_mv = int.from_bytes(body[:2], "little") or None
        self.battery_percent = body[2] if body[2] <= FULL else None
        self._battery_low = bool(message.flags & Flag.BATT_LOW)
        if self._placing is None:
            return []
        items = self._placing.said(BATTERY_LOW) if self._battery_low else []
        return items + (self._placing.said(LEAD_OFF) if body[STATUS_BYTES - 1] else [])

    def _take_data(self, message: Message, arrival_ns: int) -> list[Item]:
        blocks = blocks_of(message)
        if blocks is None or self._other_signals:
            self.quality.corrupt += 1
            return []
        self._last_data_ns = arrival_ns
        if self._placing is None:
            return []
        items: list[Item] = []
        if message.flags & Flag.BATT_LOW and not self._battery_low:
            self._battery_low = True
            items += self._placing.said(BATTERY_LOW)
        for block in blocks:
            items += self._placing.push(block, _said_of(block, message), arrival_ns)
        return items


def _said_of(block: Block, message: Message) -> tuple[str, ...]:
    bits = block.flags | (BlockFlag.LEAD_OFF if message.flags & Flag.LEAD_OFF else 0)
    return tuple(flag for bit, flag in SAID if bits & bit) if bits else ()
