"""PLUX BITalino (r)evolution over classic Bluetooth (a serial port) or BLE: the decoder.

One EMG sensor or more, and if wanted the single-axis accelerometer, at 1000 Hz.

- The sequence number has 4 bits. A jump within 15 samples is exact; a longer loss is completed by
  arrival, once the stream is 0.25 s behind.
- The 4-bit CRC lets one in sixteen stretches of noise pass. So eight frames must stand in a row
  before they are believed. A frame that is not the next one needs three more behind it. All of them
  are given then, so no sample is lost by this.
- The battery can only be read while the device is idle: at the start and after every reconnect.

Never seen on hardware: all known byte strings were made from a specification. The gain of the EMG
sensor (1009) is from memory, the accelerometer's scale without calibration from the data sheet of
the ADXL335. One step of 10 bits is 3.2 uV, so a resting muscle lies below one step.
"""

from collections.abc import Sequence
from fractions import Fraction
from functools import partial
from itertools import pairwise

import numpy as np

from crampdetect.detection.types import Array, Item, SignalInfo
from crampdetect.devices.bitalino_frames import (
    FRAME_BYTES,
    IDLE_TEXT,
    battery_mv,
    measure,
    rows_of,
    slot_bits,
)
from crampdetect.devices.bitalino_plan import BLE_PLAN, SERIAL_PLAN, ports_of, two_counts
from crampdetect.devices.chained_frames import ChainedFrames
from crampdetect.devices.decoder import Decoder
from crampdetect.devices.heard_before import HeardBefore
from crampdetect.devices.shared_frames import Columns, SharedFrames
from crampdetect.devices.status_flags import BATTERY_LOW, CLIPPING
from crampdetect.devices.time_map import TimeMap
from crampdetect.link import Received

__all__ = ["BLE_PLAN", "SERIAL_PLAN", "BitalinoDecoder"]

RATE = Fraction(1000)
#: Of the sequence number.
MODULUS = 16
#: Frames in a row: noise passes with 2^-32; directly behind good frames with 2^-16.
RUN, DIRECT = 8, 4
#: EMG sensor: 3.3 V over 10 bits behind a gain of 1009 (unverified), centred; 25-480 Hz.
SUPPLY_UV, GAIN, BAND = 3_300_000.0, 1009.0, (25.0, 480.0)
#: Counts (of 10 bits) at -1 g and +1 g: 330 mV/g around the middle of 3.3 V, as ADXL335 [A].
ACC_MINUS_G, ACC_PLUS_G = "410", "614"
#: Low below this (mV); its own lamp comes on between 3400 and 3800 [A].
LOW_MV = 3550
#: Presses of a button that wait to be fetched [A].
MOST_MARKS = 10_000
#: Bit of the digital nibble by the input's name.
INPUTS = {"I1": 8, "I2": 4}
#: A repeated notification comes at once; among so many it is looked for, and so soon [A].
RECENT, RECENT_NS = 4, 100_000_000


def _is_next(before: bytes, frame: bytes) -> bool:
    return (frame[-1] >> 4) - (before[-1] >> 4) & 15 == 1


def _is_another(before: bytes, frame: bytes) -> bool:
    return frame[-1] >> 4 != before[-1] >> 4


def _is_answer(frame: bytes) -> bool:
    return frame.startswith(IDLE_TEXT)


class BitalinoDecoder(Decoder):
    """From bytes to samples; see above.

    Parameters
    ----------
    emg : str
        Ports with an EMG sensor, e.g. ``"A1"`` or ``"A1,A2"``.
    acc : str
        Port of the accelerometer; empty for none.
    acc_minus_g, acc_plus_g : str
        Its counts (of 10 bits) at -1 g and +1 g, from turning it slowly.
    button : {"", "I1", "I2"}
        Input of a button: leaving its level at rest is a mark.
    """

    def __init__(
        self,
        emg: str = "A1",
        acc: str = "A5",
        acc_minus_g: str = ACC_MINUS_G,
        acc_plus_g: str = ACC_PLUS_G,
        button: str = "",
    ) -> None:
        super().__init__()
        if button not in ("", *INPUTS):
            raise ValueError(f"there is no input {button!r}; expected I1, I2 or nothing")
        muscles, motion = ports_of(emg, acc)
        ports = sorted(muscles + motion)
        self._emg = [ports.index(port) for port in muscles]
        self._acc = [ports.index(port) for port in motion]
        self._acc_counts = two_counts(acc_minus_g, acc_plus_g)
        self._length, self._slots = FRAME_BYTES[len(ports)], len(ports)
        self._signals = self._described(muscles, motion)
        self._frames = ChainedFrames(
            partial(measure, length=self._length), _is_next, RUN, _is_another, _is_answer, DIRECT
        )
        columns = Columns(len(self._emg), len(self._acc), (CLIPPING,))
        self._placing = SharedFrames(RATE, MODULUS, self.quality, columns, duplicates=False)
        self._heard = HeardBefore(RECENT, RECENT_NS)
        self._button = INPUTS.get(button, 0)
        self._at_rest: bool | None = None
        self._pressed = False
        self._heard_ns = 0
        self._flowing = False

    @property
    def signals(self) -> tuple[SignalInfo, ...]:
        """As the ports are wired."""
        return self._signals

    def time_map(self) -> TimeMap | None:
        """Of the samples."""
        return self._placing.time_map()

    def _connected(self) -> list[Item]:
        self._frames.clear()
        self._heard.clear()
        self._flowing = False
        return []

    def _disconnected(self) -> list[Item]:
        return [*self._rest(), *self._placing.link_lost()]

    def _flush(self) -> list[Item]:
        return [*self._rest(), *self._placing.flush()]

    def _rest(self) -> list[Item]:
        live = [frame for frame in self._frames.finish() if not _is_answer(frame)]
        return self._live(live, self._heard_ns) if live else []

    def _received(self, event: Received) -> list[Item]:
        self._heard_ns = event.monotonic_ns
        if event.endpoint and self._flowing and self._repeated(event):
            self.quality.duplicate += 1
            return []
        items: list[Item] = []
        live: list[bytes] = []
        skipped = self._frames.skipped
        for frame in self._frames.push(event.data):
            if _is_answer(frame):
                self.battery_mv = battery_mv(frame) or self.battery_mv
                low = self.battery_mv is not None and self.battery_mv < LOW_MV
                items += self._placing.said(BATTERY_LOW) if low else []
            else:
                live.append(frame)
                self._flowing = True
        self.quality.corrupt += self._frames.skipped - skipped
        return items + (self._live(live, event.monotonic_ns) if live else [])

    def _repeated(self, event: Received) -> bool:
        """Sequence numbers repeat every 16 frames, so only other lengths can be told."""
        length = len(event.data)
        telling = length >= self._length and length % (MODULUS * self._length)
        return bool(telling) and self._heard.push(event)

    def _live(self, frames: Sequence[bytes], arrival_ns: int) -> list[Item]:
        seq, digital, counts = rows_of(frames, self._slots)
        self._look_at_button(digital.astype(int).tolist(), arrival_ns)
        emg = counts[:, self._emg]
        tops = np.array([(1 << slot_bits(slot)) - 1.0 for slot in self._emg])
        clipped = ((emg == 0) | (emg == tops)).any(axis=1)[:, np.newaxis]
        microvolts = (emg / (tops + 1.0) - 0.5) * (SUPPLY_UV / GAIN)
        rows = np.hstack([microvolts, self._g(counts[:, self._acc]), clipped])
        items: list[Item] = []
        jumps = (np.flatnonzero(np.diff(seq) % MODULUS != 1) + 1).tolist()
        for first, stop in pairwise([0, *jumps, len(frames)]):
            items += self._placing.push_run(int(seq[first]), rows[first:stop], arrival_ns)
        return items

    def _g(self, counts: Array) -> Array:
        low, high = self._acc_counts
        narrow = [2.0 ** (slot_bits(slot) - 10) for slot in self._acc]
        g: Array = 2.0 * (counts / np.array(narrow) - low) / (high - low) - 1.0
        return g

    def _look_at_button(self, nibbles: Sequence[int], arrival_ns: int) -> None:
        if not self._button:
            return
        for nibble in nibbles:
            level = bool(nibble & self._button)
            if self._at_rest is None:
                self._at_rest = level
            pressed = level != self._at_rest
            if pressed and not self._pressed and len(self.marks) < MOST_MARKS:
                self.marks.append(arrival_ns)
            self._pressed = pressed

    def _described(self, emg: Sequence[str], acc: Sequence[str]) -> tuple[SignalInfo, ...]:
        steps = [SUPPLY_UV / GAIN / (1 << slot_bits(slot)) for slot in self._emg]
        half = SUPPLY_UV / GAIN / 2
        rails = tuple((-half, half - step) for step in steps)
        muscle = SignalInfo("emg", tuple(emg), RATE, "uV", BAND, False, rails, tuple(steps))
        if not acc:
            return (muscle,)
        ends = self._g(np.array([[0.0], [(1 << slot_bits(self._acc[0])) - 1.0]]))[:, 0]
        step = float(abs(ends[1] - ends[0])) / ((1 << slot_bits(self._acc[0])) - 1)
        rail = (float(ends.min()), float(ends.max()))
        motion = SignalInfo("acc", tuple(acc), RATE, "g", None, False, (rail,), (step,))
        return (muscle, motion)
