"""Shimmer3 and Shimmer3R EMG over a Bluetooth serial port, Shimmer3R also over BLE: the decoder.

Two EMG channels of 24 bits, acceleration of the same rate in the same packets, the battery.

- What packets hold is learnt from the device's answers, which the start commands ask for after
  every connection. Packets that come before are left out. Another content than the night began with
  is said (``other_signals``) and left out.
- Packets carry no number but a clock of 32768 Hz in 24 bits; packets that are missing follow from
  it exactly. It goes on while the link is lost, so up to 256 s of that are exact too.
- Lead-off detection is off in the registers that are set, so the status bytes say nothing.

Checksums and answers were checked against byte strings that the maker published; EMG packets were
never seen on hardware. Firmware before LogAndStream 0.5.4 has another timestamp and is not read.
"""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from crampdetect.detection.types import Array, Item, SignalInfo
from crampdetect.devices.decoder import Decoder
from crampdetect.devices.heard_before import HeardBefore
from crampdetect.devices.shared_frames import Columns, SharedFrames
from crampdetect.devices.shimmer3_calibration import AccScale, stored_scale, usual_scale
from crampdetect.devices.shimmer3_packets import (
    ACK,
    BATTERY,
    CALIBRATION,
    DATA,
    EMG_24,
    HARDWARE,
    IN_STREAM,
    INQUIRY,
    SUPPLY,
    Layout,
    Unpacking,
    battery_mv,
    layout_of,
)
from crampdetect.devices.shimmer3_plan import BLE_PLAN, GAIN, SERIAL_PLAN
from crampdetect.devices.shimmer3_stream import CLOCK_MODULUS, PacketStream
from crampdetect.devices.status_flags import BATTERY_LOW, CLIPPING, OTHER_SIGNALS
from crampdetect.devices.time_map import TimeMap
from crampdetect.link import Received

__all__ = ["BLE_PLAN", "SERIAL_PLAN", "Shimmer3Decoder"]

#: Packets are counted over many rounds of the clock.
MODULUS = 1 << 32
VERSIONS = {0x03: "shimmer3", 0x0A: "shimmer3r"}
#: Reference of the converter, in microvolts.
REFERENCE_UV = 2_420_000.0
NAMES = {0x1E: "EXG1 CH1", 0x1F: "EXG1 CH2", 0x21: "EXG2 CH1", 0x22: "EXG2 CH2"}
NAMES |= {short: NAMES[wide] for short, wide in zip((35, 36, 37, 38), EMG_24, strict=True)}
#: Battery (mV) that lasts about another hour [A], and how often it is told.
LOW_MV, BATTERY_S = 3600, 10
#: A repeated notification comes at once; among so many it is looked for, and so soon [A].
RECENT, RECENT_NS = 4, 100_000_000


class Shimmer3Decoder(Decoder):
    """From packets to samples; see above.

    Parameters
    ----------
    hardware : {"", "shimmer3", "shimmer3r"}
        Empty: as the device says.
    checksum : {"2", "0"}
        Bytes of the packets' checksum; 0 for firmware that has none.
    """

    def __init__(self, hardware: str = "", checksum: str = "2") -> None:
        super().__init__()
        if hardware not in ("", *VERSIONS.values()) or checksum not in ("0", "2"):
            found = f"{hardware!r} with checksum {checksum!r}"
            raise ValueError(f"{found}; expected shimmer3 or shimmer3r, and 0 or 2")
        self._packets = PacketStream(checksum == "2")
        self._packets.hardware = hardware
        self._heard = HeardBefore(RECENT, RECENT_NS)
        self._blocks = b""
        self._layout: Layout | None = None
        self._placing: SharedFrames | None = None
        self._unpacking: Unpacking | None = None
        self._scale: AccScale | None = None
        self._signals: tuple[SignalInfo, ...] | None = None
        self._ticks: int | None = None
        self._stamp = self._battery_due = self._heard_ns = 0

    @property
    def signals(self) -> tuple[SignalInfo, ...] | None:
        """As the first answer to an inquiry tells them."""
        return self._signals

    def time_map(self) -> TimeMap | None:
        """Of the packets."""
        return None if self._placing is None else self._placing.time_map()

    # --- events

    def _connected(self) -> list[Item]:
        self._packets.clear()
        self._heard.clear()
        return []

    def _disconnected(self) -> list[Item]:
        items = self._taken(iter(self._packets.finish()))
        return items if self._placing is None else [*items, *self._placing.link_lost()]

    def _flush(self) -> list[Item]:
        items = self._taken(iter(self._packets.finish()))
        return items if self._placing is None else [*items, *self._placing.flush()]

    def _received(self, event: Received) -> list[Item]:
        # A stretch of a packet's length or more holds its clock, so it comes only once.
        long_enough = self._layout is not None and len(event.data) >= self._layout.length
        if event.endpoint and long_enough and self._heard.push(event):
            self.quality.duplicate += 1
            return []
        self._heard_ns, skipped = event.monotonic_ns, self._packets.skipped
        items = self._taken(self._packets.push(event.data))
        self.quality.corrupt += self._packets.skipped - skipped
        return items

    def _taken(self, frames: Iterator[bytes]) -> list[Item]:
        items: list[Item] = []
        data: list[bytes] = []
        for frame in frames:
            if frame[0] == DATA:
                data.append(frame)
                continue
            if len(frame) > 3 and frame[1] == INQUIRY:
                items += self._data(data)
                data = []
            items += self._answer(frame)
        return items + self._data(data)

    # --- answers

    def _answer(self, frame: bytes) -> list[Item]:
        if len(frame) < 3 or frame[0] != ACK:
            return []
        if frame[1] == HARDWARE:
            self._packets.hardware = self._packets.hardware or VERSIONS.get(frame[2], "")
        elif frame[1] == CALIBRATION:
            self._blocks = frame[2:]
        elif frame[1] == IN_STREAM and frame[2] == BATTERY:
            return self._battery(int.from_bytes(frame[3:5], "little"))
        elif frame[1] == INQUIRY:
            return self._inquiry(layout_of(frame[1:], self._packets.hardware))
        return []

    def _inquiry(self, layout: Layout | None) -> list[Item]:
        if layout is None:
            return []
        self._packets.layout = layout
        if self._placing is None:
            self._begin(layout)
        return self._said(OTHER_SIGNALS) if layout != self._layout else []

    def _begin(self, layout: Layout) -> None:
        self._layout = layout
        supply = (SUPPLY,) * (SUPPLY in layout.ids)
        self._unpacking = Unpacking(layout, layout.emg + layout.acc + supply)
        columns = Columns(len(layout.emg), len(layout.acc), (CLIPPING,))
        self._placing = SharedFrames(layout.rate, MODULUS, self.quality, columns)
        step, largest = _step_of(layout)
        names, count = tuple(NAMES[one] for one in layout.emg), len(layout.emg)
        rails, steps = ((-step * largest, step * largest),) * count, (step,) * count
        emg = SignalInfo("emg", names, layout.rate, "uV", rails=rails, resolution=steps)
        self._signals = (emg,)
        if layout.acc:
            usual = usual_scale(layout.hardware, layout.acc)
            self._scale = stored_scale(self._blocks, layout.acc) or usual
            axes, grain = ("ACC X", "ACC Y", "ACC Z"), self._scale.resolution
            unknown = (None,) * 3
            acc = SignalInfo("acc", axes, layout.rate, "g", rails=unknown, resolution=grain)
            self._signals = (emg, acc)

    def _said(self, flag: str) -> list[Item]:
        return [] if self._placing is None else self._placing.said(flag)

    def _battery(self, raw: int) -> list[Item]:
        self.battery_mv = battery_mv(raw)
        return self._said(BATTERY_LOW) if self.battery_mv < LOW_MV else []

    # --- data

    def _data(self, frames: list[bytes]) -> list[Item]:
        layout, placing = self._layout, self._placing
        if not frames or layout is None or placing is None or self._packets.layout != layout:
            return []
        assert self._unpacking is not None
        numbers = self._unpacking.numbers(b"".join(frames), len(frames[0]))
        rows, counters = self._rows(layout, numbers), self._counters(layout, numbers[:, 0])
        items: list[Item] = []
        jumps = (np.flatnonzero(np.diff(counters) != 1) + 1).tolist()
        for first, stop in pairwise([0, *jumps, len(frames)]):
            items += placing.push_run(int(counters[first]), rows[first:stop], self._heard_ns)
        if SUPPLY in layout.ids and placing.next >= self._battery_due:
            self._battery_due = placing.next + int(BATTERY_S * layout.rate)
            items += self._battery(int(numbers[-1, -1]))
        return items

    def _rows(self, layout: Layout, numbers: Array) -> Array:
        step, largest = _step_of(layout)
        stop = 1 + len(layout.emg)
        emg = numbers[:, 1:stop]
        rows = np.empty((numbers.shape[0], len(layout.emg) + len(layout.acc) + 1))
        rows[:, : stop - 1] = emg * step
        if self._scale is not None:
            rows[:, stop - 1 : -1] = self._scale.g(numbers[:, stop : stop + 3])
        rows[:, -1] = np.abs(emg).max(axis=1) >= largest
        return rows

    def _counters(self, layout: Layout, stamps: Array) -> Array:
        """Numbers of the packets since the first one, by the device's clock."""
        half = CLOCK_MODULUS // 2
        before = stamps[0] if self._ticks is None else float(self._stamp)
        steps = (np.diff(stamps, prepend=before) + half) % CLOCK_MODULUS - half
        ticks = (self._ticks or 0) + np.cumsum(steps)
        self._ticks, self._stamp = int(ticks[-1]), int(stamps[-1])
        counters: Array = np.floor((ticks + layout.divisor // 2) / layout.divisor) % MODULUS
        return counters


def _step_of(layout: Layout) -> tuple[float, float]:
    """One count in microvolts, and the largest count."""
    if layout.emg[0] in EMG_24:
        return REFERENCE_UV / GAIN / ((1 << 23) - 1), float((1 << 23) - 1)
    return REFERENCE_UV / (2 * GAIN) / ((1 << 15) - 1), float((1 << 15) - 1)
