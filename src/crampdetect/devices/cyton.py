"""OpenBCI Cyton through its USB radio dongle: the decoder.

250 Hz, so about half of the power of surface EMG: levels are fine, spectra are not. Acceleration
comes about 25 times a second. A board with the Daisy extension (125 Hz a channel) is not for EMG
and not decoded. The frames were checked against vectors that OpenBCI published, never on a leg.

Channels that are connected to nothing show noise; so only those that are named are used.
"""

from fractions import Fraction

import numpy as np

from crampdetect.detection.types import Array, Item, SignalInfo
from crampdetect.devices.cyton_frames import CHANNELS, NUMBERS, CytonFrame, CytonFrames
from crampdetect.devices.decoder import Decoder
from crampdetect.devices.frame_streams import FrameStreams
from crampdetect.devices.link_plan import SerialPlan
from crampdetect.devices.time_map import TimeMap
from crampdetect.link import Received

__all__ = ["ACC_G", "LSB_UV", "PLAN", "CytonDecoder"]

RATE, ACC_RATE = Fraction(250), Fraction(25)
#: ADS1299: reference 4.5 V, gain 24, 24 bits.
LARGEST = (1 << 23) - 1
LSB_UV = 4.5 / 24 / LARGEST * 1e6
#: LIS3DH at +-4 g.
ACC_G = 0.002 / 16
ACC_LARGEST = (1 << 15) - 1
#: With board time, one axis is sent in each of these frames (number modulo 10).
AXIS_FRAMES = {7: 0, 8: 1, 9: 2}
#: After this long without a frame the dongle is asked again to stream [A].
QUIET_NS, ASK_NS = 3_000_000_000, 3_000_000_000


def is_cyton(heard: bytes) -> bool:
    """Whether a byte stream comes from such a board: its answer to a reset, or its frames."""
    return b"OpenBCI" in heard or len(list(CytonFrames().push(heard))) >= 3


#: Streaming is stopped (it goes on after a crash), every channel is made bipolar (gain 24, no
#: SRB2), then streaming begins. Commands need pauses of 50 ms.
PLAN = SerialPlan(
    baud=115200,
    start=(b"s", b"v", *(f"x{1 + k}060100X".encode() for k in range(CHANNELS)), b"b"),
    stop=(b"s",),
    # FTDI: the dongle's FT231X, and the FT232 [A]; the handshake decides.
    vid_pid=((0x0403, 0x6015), (0x0403, 0x6001)),
    handshake=is_cyton,
    start_interval_s=0.1,
)


class CytonDecoder(Decoder):
    """From frames to samples.

    Parameters
    ----------
    channels : str
        Numbers of the channels that are connected, e.g. ``"1,2"``.
    """

    def __init__(self, channels: str = "1") -> None:
        super().__init__()
        self._channels = _numbers(channels)
        self._frames = CytonFrames()
        self._streams = FrameStreams(RATE, ACC_RATE, NUMBERS, self.quality)
        self._axes: dict[int, int] = {}
        self._heard_ns: int | None = None
        self._asked_ns: int | None = None

    @property
    def signals(self) -> tuple[SignalInfo, ...]:
        """The channels that are connected, three axes of acceleration."""
        count = len(self._channels)
        rails = ((-LARGEST * LSB_UV, LARGEST * LSB_UV),) * count
        names = tuple(f"EMG {number}" for number in self._channels)
        emg = SignalInfo("emg", names, RATE, "uV", rails=rails, resolution=(LSB_UV,) * count)
        acc_rails = ((-ACC_LARGEST * ACC_G, ACC_LARGEST * ACC_G),) * 3
        axes = ("ACC X", "ACC Y", "ACC Z")
        acc = SignalInfo("acc", axes, ACC_RATE, "g", rails=acc_rails, resolution=(ACC_G,) * 3)
        return emg, acc

    def time_map(self) -> TimeMap | None:
        """Of the EMG."""
        return self._streams.time_map()

    def keep_alive(self, monotonic_ns: int) -> bytes | None:
        """Asks again for the stream where none comes: the first request is lost in a reset."""
        if self._heard_ns is not None and monotonic_ns - self._heard_ns < QUIET_NS:
            return None
        if self._asked_ns is None or monotonic_ns - self._asked_ns >= ASK_NS:
            first, self._asked_ns = self._asked_ns is None, monotonic_ns
            return None if first else b"b"
        return None

    def _connected(self) -> list[Item]:
        self._frames.clear()
        self._heard_ns = self._asked_ns = None
        return []

    def _disconnected(self) -> list[Item]:
        self._frames.clear()
        self._axes.clear()
        return self._streams.link_lost()

    def _flush(self) -> list[Item]:
        return self._streams.flush()

    def _received(self, event: Received) -> list[Item]:
        items: list[Item] = []
        noise = self._frames.noise
        for frame in self._frames.push(event.data):
            self._heard_ns = event.monotonic_ns
            counts = [frame.channels[number - 1] for number in self._channels]
            emg: Array = np.array([counts], dtype=np.float64) * LSB_UV
            acc = self._acceleration(frame)
            items += self._streams.push(frame.number, emg, event.monotonic_ns, acc)
        self.quality.corrupt += self._frames.noise - noise
        return items

    def _acceleration(self, frame: CytonFrame) -> Array | None:
        counts: tuple[int, ...] | None = frame.acc
        axis, count = AXIS_FRAMES.get(frame.number % 10), frame.axis
        if axis is not None and count is not None:
            # Axes that do not follow one another belong to different readings.
            self._axes = {k: v for k, v in self._axes.items() if k < axis == len(self._axes)}
            self._axes[axis] = count
            if len(self._axes) == 3:
                counts = tuple(self._axes[k] for k in range(3))
                self._axes.clear()
        if counts is None:
            return None
        values: Array = np.array(counts, dtype=np.float64) * ACC_G
        return values


def _numbers(channels: str) -> tuple[int, ...]:
    parts = [part.strip() for part in channels.split(",")]
    numbers = tuple(int(part) for part in parts if part.isdecimal() and len(part) == 1)
    fits = all(1 <= one <= CHANNELS for one in numbers) and len(set(numbers)) == len(numbers)
    if not numbers or len(numbers) != len(parts) or not fits:
        raise ValueError(f"the Cyton's channels are {channels!r}; expected e.g. '1,2' out of 1-8")
    return numbers
