"""Boards that BrainFlow knows, as a link like any other (optional: ``crampdetect[brainflow]``).

BrainFlow decodes; we take its microvolts and g, its package numbers, and its times, which are those
of arrival. It goes silent when a board is gone and does not come back by itself: then the session
is released, and prepared anew.
"""

import threading
import time
from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from crampdetect.detection.types import Array
from crampdetect.devices.generic_frames import Described, description, samples
from crampdetect.devices.transport import SILENCE_S, Deliver, OnState, StateTeller, Waits
from crampdetect.errors import DeviceError
from crampdetect.link import Connected, Disconnected, Received

if TYPE_CHECKING:
    from brainflow.board_shim import BoardShim

__all__ = ["BrainFlowLink", "blocks_of_poll"]

#: Seconds between two looks at BrainFlow's buffer, and what the buffer holds: 45 s at 1 kHz.
POLL_S, BUFFER = 0.1, 45_000
#: How long its end is waited for, in seconds; preparing a session cannot be cut short.
STOP_S = 2.0
#: Package numbers of most boards come round here; Cyton, the synthetic board and others.
MODULUS = 256
AXES = ("ACC X", "ACC Y", "ACC Z")


class BrainFlowLink:
    """A board, kept up through the night.

    Parameters
    ----------
    device : str
        Number of the board, and what it needs, e.g. ``"-1"`` or
        ``"0:serial_port=/dev/ttyUSB0"``; further words are separated by commas.
    modulus : int
        Where the board's package numbers come round.
    on_state : callable, optional

    Raises
    ------
    DeviceError
        BrainFlow is not installed, does not know the board, or the board has no EMG.
    ValueError
        `device` says nothing of this kind.
    """

    def __init__(
        self, device: str, modulus: int = MODULUS, on_state: OnState | None = None
    ) -> None:
        self._board_id, self._words = _asked(device)
        self._modulus, self._tell = modulus, StateTeller(on_state)
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._open: Callable[[], BoardShim] = _opener(self._board_id, self._words)
        self._rows = _Rows(self._board_id, modulus)

    def start(self, deliver: Deliver) -> None:
        """Connect, and call `deliver` from a thread of its own."""
        if self._thread is not None:
            raise ValueError("the link was started before; expected a new one")
        self._thread = threading.Thread(
            target=self._keep_up, args=(deliver,), name="brainflow", daemon=True
        )
        self._thread.start()

    def send(self, data: bytes) -> None:
        """Nothing: BrainFlow talks to the board."""
        del data

    def stop(self) -> None:
        """Release the board."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(STOP_S)

    # --- in the thread

    def _keep_up(self, deliver: Deliver) -> None:
        from brainflow.exit_codes import BrainFlowError

        waits = Waits()
        while not self._stopping.is_set():
            self._tell("looking for the board", "connecting")
            try:
                board = self._open()
            except BrainFlowError as error:
                self._tell(f"BrainFlow did not reach the board ({error})", "failed")
                self._stopping.wait(waits.next())
                continue
            deliver(Connected(time.monotonic_ns(), f"BrainFlow board {self._board_id}"))
            deliver(Received(description(self._rows.streams), time.monotonic_ns()))
            self._tell("the board sends", "connected")
            try:
                heard, reason = self._listen(board, deliver)
                if heard:
                    waits.start_again()
            except BrainFlowError as error:
                reason = "failed"
                self._tell(f"BrainFlow lost the board ({error})", reason)
            try:
                board.release_session()
            except BrainFlowError as error:
                self._tell(f"BrainFlow did not release the board ({error})", "failed")
            deliver(Disconnected(time.monotonic_ns(), reason))
            if reason != "stopped":
                self._stopping.wait(waits.next())

    def _listen(self, board: "BoardShim", deliver: Deliver) -> tuple[bool, str]:
        """Poll until it is to stop, or nothing came for too long; whether anything came."""
        heard, last = False, time.monotonic()
        while not self._stopping.wait(POLL_S):
            data = np.asarray(board.get_board_data(), dtype=np.float64)
            if data.shape[1]:
                heard, last = True, time.monotonic()
                for frame in self._rows.frames(data):
                    deliver(Received(frame, time.monotonic_ns()))
            elif time.monotonic() - last > SILENCE_S:
                self._tell("connected, but the board is silent", "silent")
                return heard, "silent"
        return heard, "stopped"


class _Rows:
    """Which rows of BrainFlow's table are what."""

    def __init__(self, board_id: int, modulus: int) -> None:
        from brainflow.board_shim import BoardShim
        from brainflow.exit_codes import BrainFlowError

        try:
            self.emg: list[int] = list(BoardShim.get_emg_channels(board_id))
            self.number: int = BoardShim.get_package_num_channel(board_id)
            self.time: int = BoardShim.get_timestamp_channel(board_id)
            rate = Fraction(BoardShim.get_sampling_rate(board_id))
        except BrainFlowError as error:
            raise DeviceError(
                f"BrainFlow has no EMG for board {board_id} ({error}); expected a board with EMG",
                "wrong_device",
            ) from error
        try:
            self.acc: list[int] = list(BoardShim.get_accel_channels(board_id))
        except BrainFlowError:  # it says so of boards without acceleration
            self.acc = []
        names = tuple(f"EMG {k + 1}" for k in range(len(self.emg)))
        self.modulus = modulus
        self.streams = [Described("emg", names, rate, "uV", modulus)]
        if len(self.acc) == len(AXES):
            self.streams.append(Described("acc", AXES, rate, "g", modulus))

    def frames(self, data: Array) -> list[bytes]:
        """Generic frames of one poll; `data` has a column for each sample."""
        out = []
        for index, first, stop in blocks_of_poll(data[self.number], self.modulus):
            time_s = float(data[self.time, first])
            out.append(samples(0, index, time_s, data[self.emg, first:stop].T))
            if len(self.streams) > 1:
                out.append(samples(1, index, time_s, data[self.acc, first:stop].T))
        return out


def blocks_of_poll(numbers: Array, modulus: int) -> list[tuple[int, int, int]]:
    """Index, first and stop (exclusive) of stretches without a loss, by package numbers."""
    whole = np.rint(numbers).astype(np.int64) % modulus
    jumps = (np.flatnonzero(np.diff(whole) % modulus != 1) + 1).tolist()
    bounds = pairwise([0, *jumps, len(whole)])
    return [(int(whole[first]), first, stop) for first, stop in bounds]


def _asked(device: str) -> tuple[int, dict[str, str]]:
    number, _, rest = device.partition(":")
    words = dict(word.partition("=")[::2] for word in rest.split(",") if word)
    if not number.removeprefix("-").isdecimal() or not all(words.values()):
        raise ValueError(
            f"the board is {device!r}; expected its number in BrainFlow and what it needs, e.g. "
            "'0:serial_port=/dev/ttyUSB0'"
        )
    return int(number), words


def _opener(board_id: int, words: dict[str, str]) -> "Callable[[], BoardShim]":
    try:
        from brainflow.board_shim import BoardShim, BrainFlowInputParams
        from brainflow.exit_codes import BrainFlowError
    except ImportError as error:
        raise DeviceError(
            "BrainFlow is not installed; expected it from 'pip install crampdetect[brainflow]'",
            "not_installed",
        ) from error
    BoardShim.disable_board_logger()
    parameters = BrainFlowInputParams()
    for word, value in words.items():
        known = getattr(parameters, word, None)
        if not isinstance(known, str | int):
            raise ValueError(f"BrainFlow has no parameter {word!r}; expected e.g. serial_port")
        setattr(parameters, word, type(known)(value))

    def opened() -> BoardShim:
        board = BoardShim(board_id, parameters)
        board.prepare_session()
        try:
            board.start_stream(BUFFER)
        except BrainFlowError:
            board.release_session()
            raise
        return board

    return opened
