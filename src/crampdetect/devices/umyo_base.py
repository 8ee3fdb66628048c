"""uMyo over its USB base station: the decoder.

The sensor's mode "base" (green). Its firmware sums each sample with the one 11 (50 Hz) or 9
(60 Hz) before, so mains hum is weak but the spectrum has holes within the EMG band: levels are
fine, frequencies are not (`comb_filtered`). The sum's gain of 2 is taken out.

- A unit is believed after three frames whose buffer counter advances by 1 to 8 each; the first
  such unit, or the one that the option names, is the night's. Others near the base are left out.
- Each frame brings 8 samples and one reading of acceleration; losses are whole frames.

Decoded by reading the firmware: never seen on hardware. How large a count is, and whether the
battery lasts a night, are unverified.
"""

from collections import deque

import numpy as np

from crampdetect.detection.types import Array, Item, SignalInfo
from crampdetect.devices.decoder import Decoder
from crampdetect.devices.frame_streams import FrameStreams
from crampdetect.devices.link_plan import SerialPlan
from crampdetect.devices.status_flags import BATTERY_LOW
from crampdetect.devices.time_map import TimeMap
from crampdetect.devices.umyo_base_frames import BUFFERS, SAMPLES, BaseFrame, BaseFrames
from crampdetect.devices.umyo_signals import (
    BATTERY_LOW_MV,
    LSB_UV,
    RATE,
    acceleration,
    umyo_signals,
)
from crampdetect.link import Received

__all__ = ["PLAN", "UmyoBaseDecoder"]

ACC_RATE = RATE / SAMPLES
#: The comb filter adds two samples.
COMB_GAIN = 2
#: Frames until a unit is believed, and the steps of its counter that count as consecutive.
CONVINCING, STEPS = 3, range(1, 9)
#: Units that are watched until one is believed; as many as share a base, and noise [A].
MOST_UNITS = 8
#: Readings of the battery jitter by 10 mV and come 140 times a second: one in so long is told [A].
BATTERY_SAMPLES = int(10 * RATE)


def is_base(heard: bytes) -> bool:
    """Whether a byte stream comes from such a base, with a sensor in range."""
    units = [frame.unit_id for frame in BaseFrames().push(heard)]
    return any(units.count(one) >= CONVINCING for one in set(units))


PLAN = SerialPlan(baud=921600, vid_pid=((0x10C4, 0xEA60),), handshake=is_base)


class UmyoBaseDecoder(Decoder):
    """From frames of the base station to samples; see the rules above.

    Parameters
    ----------
    unit : str
        Which sensor, by its chip's number in hexadecimal (8 digits); empty for the first.
    """

    def __init__(self, unit: str = "") -> None:
        super().__init__()
        self._frames = BaseFrames()
        self._unit: int | None = None
        self._wanted = _number(unit)
        self._watched: dict[int, deque[tuple[BaseFrame, int]]] = {}
        self._streams = FrameStreams(RATE, ACC_RATE, BUFFERS * SAMPLES, self.quality)
        self._battery_due = 0

    @property
    def signals(self) -> tuple[SignalInfo, ...]:
        """Comb-filtered EMG, three axes of acceleration."""
        return umyo_signals(ACC_RATE, comb=True)

    @property
    def unit(self) -> str:
        """The night's sensor; empty before it is believed."""
        return "" if self._unit is None else f"{self._unit:08x}"

    def time_map(self) -> TimeMap | None:
        """Of the EMG."""
        return self._streams.time_map()

    def _connected(self) -> list[Item]:
        self._frames.clear()
        return []

    def _disconnected(self) -> list[Item]:
        self._frames.clear()
        self._watched.clear()
        return self._streams.link_lost()

    def _flush(self) -> list[Item]:
        return self._streams.flush()

    def _received(self, event: Received) -> list[Item]:
        items: list[Item] = []
        noise = self._frames.noise
        for frame in self._frames.push(event.data):
            for believed, arrival_ns in self._believed(frame, event.monotonic_ns):
                items += self._place(believed, arrival_ns)
        self.quality.corrupt += self._frames.noise - noise
        return items

    def _believed(self, frame: BaseFrame, arrival_ns: int) -> list[tuple[BaseFrame, int]]:
        """The frames of the night's sensor, as soon as it is known."""
        if self._unit is not None:
            return [(frame, arrival_ns)] if frame.unit_id == self._unit else []
        if self._wanted is not None and frame.unit_id != self._wanted:
            return []
        if frame.unit_id not in self._watched and len(self._watched) >= MOST_UNITS:
            del self._watched[next(iter(self._watched))]
        run = self._watched.setdefault(frame.unit_id, deque())
        if run and (frame.data_id - run[-1][0].data_id) % BUFFERS not in STEPS:
            run.clear()
        run.append((frame, arrival_ns))
        if len(run) < CONVINCING:
            return []
        self._unit = frame.unit_id
        self._watched.clear()
        return list(run)

    def _place(self, frame: BaseFrame, arrival_ns: int) -> list[Item]:
        counts: Array = np.array(frame.emg, dtype=np.float64)[:, np.newaxis]
        emg = counts * (LSB_UV / COMB_GAIN)
        acc = acceleration(frame.acc)
        items = self._streams.push(frame.data_id * SAMPLES, emg, arrival_ns, acc)
        if self._streams.next >= self._battery_due:
            self._battery_due = self._streams.next + BATTERY_SAMPLES
            self.battery_mv = frame.battery_mv
            if frame.battery_mv < BATTERY_LOW_MV:
                items += self._streams.said(BATTERY_LOW)
        return items


def _number(unit: str) -> int | None:
    if not unit:
        return None
    try:
        number = int(unit, 16)
    except ValueError:
        number = -1
    if not 0 <= number < 1 << 32:
        raise ValueError(f"the uMyo's number is {unit!r}; expected up to 8 hexadecimal digits")
    return number
