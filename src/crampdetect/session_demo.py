"""An emulated sensor: a simulated night, sent as a sensor of our own open frame sends it.

It takes the way of every other sensor (link, capture, decoder, detector), so that a night can be
tried without hardware, also faster than time passes.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from crampdetect.detection.types import Array, Gap, Stream
from crampdetect.devices.cramplink_commands import DATA_UUID
from crampdetect.devices.cramplink_encoder import CrampLinkEncoder, usual_info
from crampdetect.link import Connected, Disconnected, LinkEvent, Received
from crampdetect.simulation import NightParameters, SimulatedNight, simulate_night

__all__ = ["DEMO_HOURS", "DemoSource", "demo_events", "demo_night"]

#: Person and length of the demo; it is the night of the README's picture.
DEMO_SEED, DEMO_HOURS = 32, 8.0
#: Samples of one message of 80 ms, as the open frame recommends.
EMG_SAMPLES, ACC_SAMPLES = 80, 8
MESSAGE_NS = 80_000_000
#: STATUS comes every 10 s; its battery lasts about 11 h [A].
STATUS_MESSAGES = 125
FULL_MV, MV_PER_HOUR = 4100, 80
#: The link is lost twice in the demo, so that everybody sees that the night goes on: at these
#: hours, for so many seconds.
LOST = ((1.5, 25.0), (4.25, 90.0))


def demo_night(hours: float = DEMO_HOURS, seed: int = DEMO_SEED) -> SimulatedNight:
    """The night that the emulated sensor sends: EMG at 1 kHz, acceleration at 100 Hz."""
    return simulate_night(NightParameters(duration_s=hours * 3600.0), seed)


@dataclass(frozen=True, slots=True)
class _Piece:
    """80 ms of a night; None where the simulated link was lost."""

    emg: Array | None
    acc: Array | None


def _pieces(night: SimulatedNight) -> Iterator[_Piece]:
    """The night in pieces of 80 ms."""
    rows: dict[Stream, list[Array]] = {"emg": [], "acc": []}
    for item in night.read():
        if isinstance(item, Gap):
            width = 1 if item.stream == "emg" else 3
            values = np.full((item.stop - item.start, width), np.nan)
        else:
            values = item.values
        rows[item.stream].append(values)
        if item.stream == "acc":
            emg, acc = (np.concatenate(rows[name]) for name in ("emg", "acc"))
            count = min(emg.shape[0] // EMG_SAMPLES, acc.shape[0] // ACC_SAMPLES)
            for k in range(count):
                part = emg[k * EMG_SAMPLES : (k + 1) * EMG_SAMPLES]
                moved = acc[k * ACC_SAMPLES : (k + 1) * ACC_SAMPLES]
                there = not (np.isnan(part).any() or np.isnan(moved).any())
                yield _Piece(part, moved) if there else _Piece(None, None)
            rows = {"emg": [emg[count * EMG_SAMPLES :]], "acc": [acc[count * ACC_SAMPLES :]]}


def demo_events(night: SimulatedNight, origin_ns: int) -> Iterator[LinkEvent]:
    """What a link to the emulated sensor delivers, each event with its time.

    Parameters
    ----------
    night : SimulatedNight
    origin_ns : int
        Monotonic time at which the link comes up.
    """
    encoder = CrampLinkEncoder(usual_info(boot_id=night.seed + 1))
    lost = [(int(h * 3600e9), int(h * 3600e9 + s * 1e9)) for h, s in LOST]
    connected = False
    for number, piece in enumerate(_pieces(night)):
        passed = number * MESSAGE_NS
        at, t_us = origin_ns + passed, passed // 1000
        away = any(start <= passed < stop for start, stop in lost)
        if connected == away:
            connected = not away
            yield Connected(at, "demo") if connected else Disconnected(at, "demo")
            if connected:
                yield Received(encoder.info_message(t_us), at, DATA_UUID)
        if piece.emg is None or away:
            encoder.skip(EMG_SAMPLES, ACC_SAMPLES)
            continue
        sent = at + MESSAGE_NS
        yield Received(encoder.data(t_us, piece.emg, piece.acc), sent, DATA_UUID)
        if number % STATUS_MESSAGES == 0:
            millivolts = FULL_MV - int(passed / 3600e9 * MV_PER_HOUR)
            percent = max(0, (millivolts - 3200) // 9)
            yield Received(encoder.status(t_us, millivolts, percent), sent, DATA_UUID)


class DemoSource:
    """The emulated sensor as a source and a clock in one, for a whole night.

    The clock runs `speed` times as fast, but never past the next event: a computer that cannot
    keep up makes the night slower, not different.

    Parameters
    ----------
    events : iterator of LinkEvent
        With times from 0 on.
    speed : float
        0: as fast as the computer can.
    """

    def __init__(self, events: Iterator[LinkEvent], speed: float) -> None:
        self._events, self._speed = events, speed
        self._began, self._utc = time.monotonic_ns(), time.time_ns()
        self._now = 0
        self._next: LinkEvent | None = next(events, None)

    def start(self) -> None:
        """It has been running since it was made."""

    def stop(self) -> None:
        """What was not sent yet never is."""
        self._next = None

    def next(self, timeout_s: float) -> LinkEvent | None:
        """The next event, when its time has come.

        Raises
        ------
        EOFError
            The night is over.
        """
        event = self._next
        if event is None:
            raise EOFError
        wait_s = self._wait_s(event.monotonic_ns)
        if wait_s > timeout_s:
            time.sleep(timeout_s)
            self._now = max(self._now, min(self._scaled(), event.monotonic_ns))
            return None
        if wait_s > 0.0:
            time.sleep(wait_s)
        self._now = max(self._now, event.monotonic_ns)
        self._next = next(self._events, None)
        return event

    def send(self, data: bytes) -> None:
        """The demo sends by itself; what it is asked makes no difference."""

    def monotonic_ns(self) -> int:
        """Of the night."""
        return self._now

    def utc_ns(self) -> int:
        """From the time of day at the beginning on."""
        return self._utc + self._now

    def boottime_ns(self) -> int:
        """As the monotonic one: a demo does not sleep."""
        return self._now

    def _scaled(self) -> int:
        return int((time.monotonic_ns() - self._began) * self._speed)

    def _wait_s(self, monotonic_ns: int) -> float:
        if not self._speed:
            return 0.0
        return (monotonic_ns - self._scaled()) / 1e9 / self._speed
