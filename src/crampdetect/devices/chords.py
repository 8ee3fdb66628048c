"""Upside Down Labs' serial protocol ("Chords") of NPG Lite and Arduino boards: the decoder.

A frame is two fixed bytes, a counter of 8 bits, the channels, and a fixed byte; it has no checksum.
So three frames must stand in a row before they are believed; all of them are given then. Losses
within a round of the counter are exact, longer ones are completed by arrival.

For trying a board on the bench: never wear a board that a cable connects to a computer or charger
on the mains. Never seen on hardware.
"""

from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from itertools import pairwise

import numpy as np

from crampdetect.detection.types import Item, SignalInfo
from crampdetect.devices.chained_frames import MORE, ChainedFrames
from crampdetect.devices.decoder import Decoder
from crampdetect.devices.link_plan import SerialPlan
from crampdetect.devices.npg_lite import unipolar_signals
from crampdetect.devices.shared_frames import Columns, SharedFrames
from crampdetect.devices.status_flags import CLIPPING
from crampdetect.devices.time_map import TimeMap
from crampdetect.link import Received

__all__ = ["BOARDS", "PLAN", "Board", "ChordsDecoder"]

HEAD, TAIL = b"\xc7\x7c", 0x01
#: Bytes beside the channels: head, counter, tail.
FIXED_BYTES = 4
#: Of the counter.
MODULUS = 256
#: Frames in a row.
RUN = 3
#: The longest line that a board answers with [A].
MOST_TEXT = 40


@dataclass(frozen=True, slots=True)
class Board:
    """One kind of board: samples a second, channels, bits of the converter."""

    rate: Fraction
    channels: int
    bits: int


#: By what they answer to WHORU.
BOARDS = {"NPG-LITE": Board(Fraction(500), 3, 12), "UNO-R3": Board(Fraction(250), 6, 10)}


def _is_chords(heard: bytes) -> bool:
    named = any(name.encode() in heard for name in BOARDS)
    framed = any(
        heard[at : at + 2] == heard[at + step : at + step + 2] == HEAD
        for step in (10, 16)
        for at in range(len(heard) - step)
    )
    return named or framed


#: Opening the port starts an Arduino anew, which takes 2 s.
PLAN = SerialPlan(
    baud=230400,
    start=(b"WHORU\n", b"WHORU\n", b"START\n"),
    stop=(b"STOP\n",),
    handshake=_is_chords,
    start_interval_s=2.0,
)


class ChordsDecoder(Decoder):
    """From bytes to samples; see above.

    Parameters
    ----------
    board : str
        One of `BOARDS`.
    channels : str
        Numbers of the channels that are connected, e.g. ``"1,2"``.
    """

    def __init__(self, board: str = "NPG-LITE", channels: str = "1") -> None:
        super().__init__()
        if board not in BOARDS:
            raise ValueError(f"the board is {board!r}; expected one of {', '.join(BOARDS)}")
        self._board = BOARDS[board]
        self._numbers = _numbers(channels, self._board.channels)
        columns = Columns(len(self._numbers), 0, (CLIPPING,))
        rate = self._board.rate
        self._placing = SharedFrames(rate, MODULUS, self.quality, columns, duplicates=False)
        length = FIXED_BYTES + 2 * self._board.channels
        measured = partial(_measure, name=board.encode(), length=length)
        self._frames = ChainedFrames(measured, _is_another, RUN, alone=_is_text)
        self._heard_ns = 0

    @property
    def signals(self) -> tuple[SignalInfo, ...]:
        """Unit-less EMG."""
        return unipolar_signals(self._numbers, self._board.rate, self._board.bits)

    def time_map(self) -> TimeMap | None:
        """Of the EMG."""
        return self._placing.time_map()

    def _connected(self) -> list[Item]:
        self._frames.clear()
        return []

    def _disconnected(self) -> list[Item]:
        return [*self._place(self._frames.finish()), *self._placing.link_lost()]

    def _flush(self) -> list[Item]:
        return [*self._place(self._frames.finish()), *self._placing.flush()]

    def _received(self, event: Received) -> list[Item]:
        self._heard_ns = event.monotonic_ns
        skipped = self._frames.skipped
        frames = list(self._frames.push(event.data))
        self.quality.corrupt += self._frames.skipped - skipped
        return self._place(frames)

    def _place(self, frames: list[bytes]) -> list[Item]:
        live = [frame for frame in frames if not _is_text(frame)]
        if not live:
            return []
        raw = np.frombuffer(b"".join(live), np.uint8).reshape(len(live), -1)
        counts = np.ascontiguousarray(raw[:, 3:-1]).view(">u2").astype(np.float64)
        counts = counts[:, [number - 1 for number in self._numbers]]
        top = (1 << self._board.bits) - 1
        clipped = ((counts == 0) | (counts >= top)).any(axis=1)[:, np.newaxis]
        rows = np.hstack([counts - float(1 << self._board.bits - 1), clipped])
        counters = raw[:, 2].astype(np.float64)
        jumps = (np.flatnonzero(np.diff(counters) % MODULUS != 1) + 1).tolist()
        items: list[Item] = []
        for first, stop in pairwise([0, *jumps, len(live)]):
            items += self._placing.push_run(int(counters[first]), rows[first:stop], self._heard_ns)
        return items


def _measure(buffer: bytearray, at: int, name: bytes, length: int) -> int:
    """Length of a frame, or of the board's line, at a place."""
    if buffer[at] == name[0]:
        head = buffer[at : at + len(name)]
        if head != name:
            return MORE if name.startswith(head) else 0
        ended = buffer.find(b"\n", at, at + MOST_TEXT)
        if ended < 0:
            return MORE if len(buffer) - at < MOST_TEXT else 0
        return ended + 1 - at
    if not HEAD.startswith(buffer[at : at + 2]):
        return 0
    if len(buffer) - at < length:
        return MORE
    return length if buffer[at + length - 1] == TAIL else 0


def _is_another(before: bytes, frame: bytes) -> bool:
    return frame[2] != before[2]


def _is_text(frame: bytes) -> bool:
    return frame[:1] != HEAD[:1]


def _numbers(channels: str, count: int) -> tuple[int, ...]:
    parts = [part.strip() for part in channels.split(",")]
    known = [str(number + 1) for number in range(count)]
    numbers = tuple(int(part) for part in parts if part in known)
    if len(numbers) != len(parts) or len(set(numbers)) != len(numbers):
        raise ValueError(
            f"the board's channels are {channels!r}; expected e.g. '1' out of 1-{count}"
        )
    return numbers
