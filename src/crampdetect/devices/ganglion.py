"""OpenBCI Ganglion over Bluetooth Low Energy, firmware 2 and 3: the decoder.

Four channels at 200 Hz and acceleration at 10 Hz with 8 bits.

- The numbers of packets are exact within 100 packets; a longer loss is completed by arrival. A
  number that jumps is believed with the next packet that goes on from it.
- Firmware 3 takes 201 samples and sends 200 of them: after each 100 packets one sample of 5 ms is
  never sent. It is not made a gap, since that would cut every window of the night; the stream
  counts the samples that are sent, and is slower than nominal by up to 0.5 %.
- Firmware 2 sends differences: after a loss, samples come again with the next whole one, within
  about a second. All that lies between is in the gap.
- After every start the numbers of firmware 3 are one behind until they fall for the first time,
  and the very first packet bears a number of another kind; it is left out.

Firmware 2 was checked against byte strings that were published with OpenBCI's own software;
firmware 3 was never seen on hardware. That a channel has a factor of 1.5 more than the older
documents say is taken from newer ones.
"""

from fractions import Fraction

import numpy as np

from crampdetect.detection.types import Array, Item, SignalInfo
from crampdetect.devices.confirmed_jumps import ConfirmedJumps
from crampdetect.devices.decoder import Decoder
from crampdetect.devices.frame_streams import FrameStreams
from crampdetect.devices.ganglion_packets import (
    CHANNELS,
    PACKET_BYTES,
    PADDING,
    coarse,
    deltas,
    fields_of,
    raw_sample,
)
from crampdetect.devices.heard_before import HeardBefore
from crampdetect.devices.link_plan import BlePlan
from crampdetect.devices.status_flags import CLIPPING
from crampdetect.devices.time_map import TimeMap
from crampdetect.link import Received

__all__ = ["PLAN", "SCALE_UV", "GanglionDecoder"]

RATE, ACC_RATE = Fraction(200), Fraction(10)
#: 1.2 V over 24 bits behind gains of 51 and 1.5 (the latter disputed), in microvolts.
SCALE_UV = 1.2e6 / (8388607 * 1.5 * 51)
#: At or beyond this (counts) a channel is at its rail; 18 bits leave steps of 128.
RAIL = (1 << 23) - 128
#: Steps (counts) of what is sent, by firmware; the sign takes a bit.
STEPS = {"2": 2, "3": 128}
#: One count of the acceleration, +-2 g.
ACC_SCALE_G = 0.016
#: Packets of a cycle, and samples: the whole sample of firmware 2 is a packet and a sample more.
PACKETS, MODULUS = {"2": 101, "3": 100}, {"2": 201, "3": 200}
#: From this id on fields have 19 bits and there is no acceleration.
FINE_FROM = {"2": 101, "3": 100}
#: Ids that are no samples: impedance (201-205), text (206, 207).
FIRST_TEXT, LAST_TEXT = 201, 207
#: Ids of the very first packet of firmware 3.
ODD_FIRST = (255, 99)
#: A repeated notification comes at once; ids come round after 0.5 s.
RECENT, RECENT_NS = 8, 250_000_000
#: Packets that may be lost between a jump and what confirms it; links lose up to 30 in a row [A].
NEARBY = 30

_COMMAND = "2d30c083-f39f-4ce6-923f-3484ea480596"
PLAN = BlePlan(
    service="0000fe84-0000-1000-8000-00805f9b34fb",
    notify=("2d30c082-f39f-4ce6-923f-3484ea480596",),
    start=((_COMMAND, b"n"), (_COMMAND, b"b")),
    stop=((_COMMAND, b"s"),),
    names=("Ganglion", "Simblee"),
    start_interval_s=0.05,
)


class GanglionDecoder(Decoder):
    """From notifications to samples; see above.

    Parameters
    ----------
    firmware : {"", "2", "3"}
        First digit of its version; empty to tell it from what it sends, within half a second.
    channels : str
        Numbers of the channels that are connected, e.g. ``"1,2"``.
    """

    def __init__(self, firmware: str = "", channels: str = "1") -> None:
        super().__init__()
        if firmware not in ("", *STEPS):
            raise ValueError(f"the firmware is {firmware!r}; expected '2', '3' or nothing")
        self._channels = _numbers(channels)
        self._firmware = ""
        self._signals: tuple[SignalInfo, ...] | None = None
        self._streams: FrameStreams | None = None
        self._order = ConfirmedJumps[Received](PACKETS["3"], NEARBY)
        self._heard = HeardBefore(RECENT, RECENT_NS)
        self._axes: list[int] = []
        self._fresh = self._first_cycle = False
        self._last = -1
        self._whole: Array | None = None
        if firmware:
            self._become(firmware)

    @property
    def signals(self) -> tuple[SignalInfo, ...] | None:
        """Known with the firmware."""
        return self._signals

    def time_map(self) -> TimeMap | None:
        """Of the EMG."""
        return None if self._streams is None else self._streams.time_map()

    # --- events

    def _connected(self) -> list[Item]:
        self._heard.clear()
        self._order.clear()
        self._fresh = self._first_cycle = True
        self._last, self._whole = -1, None
        return []

    def _disconnected(self) -> list[Item]:
        return [] if self._streams is None else [*self._rest(), *self._streams.link_lost()]

    def _flush(self) -> list[Item]:
        return [] if self._streams is None else [*self._rest(), *self._streams.flush()]

    def _received(self, event: Received) -> list[Item]:
        packet = event.data
        if packet and FIRST_TEXT <= packet[0] <= LAST_TEXT:
            return []
        if self._heard.push(event):
            self.quality.duplicate += 1
            return []
        fresh, self._fresh = self._fresh, False
        if fresh and packet and packet[0] in ODD_FIRST and self._firmware != "2":
            return []
        if len(packet) != PACKET_BYTES or packet[0] >= FIRST_TEXT:
            self.quality.corrupt += 1
            return []
        if not self._firmware:
            self._guess(packet)
        if not self._firmware:
            return []
        dropped = self._order.dropped
        items = self._believed(self._order.push(self._place(packet)[0], event))
        self.quality.corrupt += self._order.dropped - dropped
        return items

    # --- firmware

    def _guess(self, packet: bytes) -> None:
        if packet[0] == 0:
            self._become("2" if packet.endswith(PADDING) else "3")
        elif packet[0] == FINE_FROM["3"]:
            self._become("3")

    def _become(self, firmware: str) -> None:
        self._firmware = firmware
        self._streams = FrameStreams(RATE, ACC_RATE, MODULUS[firmware], self.quality)
        self._order = ConfirmedJumps[Received](PACKETS[firmware], NEARBY)
        count, step, rail = len(self._channels), STEPS[firmware] * SCALE_UV, (1 << 23) * SCALE_UV
        names = tuple(f"EMG {number}" for number in self._channels)
        rails, steps = ((-rail, rail),) * count, (step,) * count
        emg = SignalInfo("emg", names, RATE, "uV", rails=rails, resolution=steps)
        ends, grain = ((-128 * ACC_SCALE_G, 127 * ACC_SCALE_G),) * 3, (ACC_SCALE_G,) * 3
        axes = ("ACC X", "ACC Y", "ACC Z")
        acc = SignalInfo("acc", axes, ACC_RATE, "g", rails=ends, resolution=grain)
        self._signals = (emg, acc)

    # --- packets

    def _place(self, packet: bytes) -> tuple[int, int]:
        """Number of a packet in its cycle, and the bits of its fields (0: a whole sample)."""
        number, fine = packet[0], packet[0] >= FINE_FROM[self._firmware]
        if self._firmware == "3":
            return (number - PACKETS["3"], 19) if fine else (number, 18)
        if number == 0:
            return 0, 0
        return (number - FINE_FROM["2"] + 1, 19) if fine else (number, 18)

    def _rest(self) -> list[Item]:
        return self._believed(self._order.finish())

    def _believed(self, events: list[Received]) -> list[Item]:
        items: list[Item] = []
        for event in events:
            number, bits = self._place(event.data)
            acc = self._acceleration(event.data) if bits == 18 else None
            if self._firmware == "3":
                self._first_cycle = self._first_cycle and number > self._last
                counter = 2 * (number + self._first_cycle)
                counts: Array | None = coarse(fields_of(event.data, bits), bits)
            else:
                counter = max(0, 2 * number - 1)
                counts = self._from_whole(event.data, number, bits)
            self._last = number
            if counts is not None and self._streams is not None:
                chosen = counts[:, [one - 1 for one in self._channels]]
                flags = (CLIPPING,) if (np.abs(chosen) >= RAIL).any() else ()
                values = chosen * SCALE_UV
                items += self._streams.push(counter, values, event.monotonic_ns, acc, flags)
        return items

    def _from_whole(self, packet: bytes, number: int, bits: int) -> Array | None:
        """Firmware 2: counts from those before; None while the chain is broken."""
        if bits == 0:
            self._whole = raw_sample(packet)
            return self._whole[np.newaxis]
        if self._whole is None or number != self._last + 1:
            self._whole = None
            return None
        counts: Array = self._whole - np.cumsum(deltas(fields_of(packet, bits), bits), axis=0)
        self._whole = counts[1]
        return counts

    def _acceleration(self, packet: bytes) -> Array | None:
        """Of three axes, in packets whose ids follow one another and end in 1, 2, 3."""
        axis = packet[0] % 10
        if axis == 1:
            self._axes = []
        if axis not in (1, 2, 3) or len(self._axes) != axis - 1:
            return None
        self._axes.append(int.from_bytes(packet[-1:], "big", signed=True))
        if axis < 3:
            return None
        values: Array = np.array(self._axes, dtype=np.float64) * ACC_SCALE_G
        self._axes = []
        return values


def _numbers(channels: str) -> tuple[int, ...]:
    parts = [part.strip() for part in channels.split(",")]
    numbers = tuple(int(part) for part in parts if part in ("1", "2", "3", "4"))
    if len(numbers) != len(parts) or len(set(numbers)) != len(numbers):
        text = f"the Ganglion's channels are {channels!r}; expected e.g. '1,2' out of 1-{CHANNELS}"
        raise ValueError(text)
    return numbers
