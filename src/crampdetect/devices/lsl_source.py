"""Streams of the Lab Streaming Layer, as a link like any other (optional: ``crampdetect[lsl]``).

For sensors whose maker's program publishes LSL: PLUX (OpenSignals), Delsys, Mentalab and others.
Samples keep the sender's times, corrected by the difference of the clocks, which is measured every
5 s. LSL brings back a lost connection but not what was sent meanwhile: a jump of the times by more
than 0.25 s is told as a loss.
"""

import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from crampdetect.detection.types import Array, Stream
from crampdetect.devices.generic_frames import Described, description, samples
from crampdetect.devices.lsl_streams import StampedIndex, described_stream
from crampdetect.devices.transport import SILENCE_S, Deliver, OnState, StateTeller, Waits
from crampdetect.errors import DeviceError
from crampdetect.link import Connected, Disconnected, Received

if TYPE_CHECKING:
    from pylsl import StreamInlet

__all__ = ["LslLink"]

#: Seconds between two looks, for finding a stream, and between two measurements of the clocks.
POLL_S, FIND_S, CLOCKS_S = 0.1, 1.0, 5.0
#: How long its end is waited for, in seconds.
STOP_S = 2.0
#: Longest waits for an answer of the sender, in seconds, and what is buffered on its way.
ANSWER_S, BUFFERED_S = 2.0, 360


@dataclass(slots=True)
class _Heard:
    """One stream that is listened to."""

    number: int
    inlet: "StreamInlet"
    factor: float
    index: StampedIndex
    correction_s: float = 0.0
    measured_s: float = field(default=-CLOCKS_S)


class LslLink:
    """A stream of EMG and, if wanted, one of acceleration, kept up through the night.

    Parameters
    ----------
    device : str
        Name of the stream with EMG; behind a comma that with acceleration.
    on_state : callable, optional

    Raises
    ------
    DeviceError
        LSL is not installed.
    ValueError
        No name, or more than two.
    """

    def __init__(self, device: str, on_state: OnState | None = None) -> None:
        self._names = [name.strip() for name in device.split(",")]
        if not all(self._names) or len(self._names) > 2:
            raise ValueError(
                f"the LSL streams are {device!r}; expected the name of the one with EMG and, "
                "behind a comma, of the one with acceleration"
            )
        try:
            import pylsl  # noqa: F401
        except (ImportError, RuntimeError) as error:
            raise DeviceError(
                "LSL is not installed; expected it from 'pip install crampdetect[lsl]'",
                "not_installed",
            ) from error
        self._tell = StateTeller(on_state)
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, deliver: Deliver) -> None:
        """Connect, and call `deliver` from a thread of its own."""
        if self._thread is not None:
            raise ValueError("the link was started before; expected a new one")
        self._thread = threading.Thread(
            target=self._keep_up, args=(deliver,), name="lsl", daemon=True
        )
        self._thread.start()

    def send(self, data: bytes) -> None:
        """Nothing: LSL goes one way."""
        del data

    def stop(self) -> None:
        """Leave the streams."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(STOP_S)

    # --- in the thread

    def _keep_up(self, deliver: Deliver) -> None:
        from pylsl.util import LostError
        from pylsl.util import TimeoutError as NoAnswerError

        waits = Waits()
        while not self._stopping.is_set():
            heard: list[_Heard] = []
            try:
                described = self._found(heard)
                if described:
                    self._deliver(described, heard, deliver)
                    waits.start_again()
                else:
                    self._tell("the LSL stream is not there yet", "not_found")
            except DeviceError as error:
                self._tell(str(error), error.reason)
            except (LostError, NoAnswerError) as error:
                self._tell(f"the LSL stream did not answer ({error})", "failed")
            finally:
                for one in heard:
                    one.inlet.close_stream()
            self._stopping.wait(waits.next())

    def _deliver(self, described: list[Described], heard: list[_Heard], deliver: Deliver) -> None:
        from pylsl.util import LostError
        from pylsl.util import TimeoutError as NoAnswerError

        deliver(Connected(time.monotonic_ns(), f"LSL {', '.join(self._names)}"))
        deliver(Received(description(described), time.monotonic_ns()))
        self._tell("the LSL stream sends", "connected")
        try:
            reason = self._listen(heard, deliver)
        except (LostError, NoAnswerError) as error:
            reason = "lost"
            self._tell(f"the LSL stream ended ({error})", reason)
        deliver(Disconnected(time.monotonic_ns(), reason))

    def _found(self, heard: list[_Heard]) -> list[Described]:
        """Fills `heard`; nothing is described while a stream is missing."""
        import pylsl

        self._tell(f"looking for the LSL stream {self._names[0]}", "searching")
        described: list[Described] = []
        for number, name in enumerate(self._names):
            found = pylsl.resolve_byprop("name", name, minimum=1, timeout=FIND_S)
            if not found:
                return []
            stream: Stream = "acc" if number else "emg"
            inlet = pylsl.StreamInlet(found[0], max_buflen=BUFFERED_S, recover=True)
            info = inlet.info(ANSWER_S)
            one, factor = described_stream(info, stream)
            inlet.open_stream(ANSWER_S)
            described.append(one)
            heard.append(_Heard(number, inlet, factor, StampedIndex(one.rate)))
        return described

    def _listen(self, heard: list[_Heard], deliver: Deliver) -> str:
        last = time.monotonic()
        while not self._stopping.wait(POLL_S):
            for one in heard:
                values, stamps = one.inlet.pull_chunk(timeout=0.0)
                if not stamps:
                    continue
                if one.number == 0:
                    last = time.monotonic()
                if time.monotonic() - one.measured_s > CLOCKS_S:
                    one.measured_s = time.monotonic()
                    one.correction_s = one.inlet.time_correction(ANSWER_S)
                for frame in _frames(one, np.asarray(values, np.float64), np.asarray(stamps)):
                    deliver(Received(frame, time.monotonic_ns()))
            if time.monotonic() - last > SILENCE_S:
                self._tell("the LSL stream is silent", "silent")
                return "silent"
        return "stopped"


def _frames(one: _Heard, values: Array, stamps: Array) -> list[bytes]:
    return [
        samples(
            one.number,
            index,
            float(stamps[first]) + one.correction_s,
            values[first:stop] * one.factor,
        )
        for index, first, stop in one.index.blocks(stamps)
    ]
