"""One opening of a serial port, until it is unplugged, falls silent, or is to be closed."""

import queue
import threading
import time

import serial

from crampdetect.devices.link_plan import SerialPlan
from crampdetect.devices.serial_opening import POLL_S, opened, port_errors
from crampdetect.devices.transport import Deliver, StateTeller
from crampdetect.errors import DeviceError
from crampdetect.link import Connected, Disconnected, Received

__all__ = ["HANDSHAKE_S", "SerialLine"]

#: After the first byte others follow; so long they are gathered, so that a fast sensor costs at
#: most 200 reads a second. At 921600 baud it fills a tenth of the system's buffer of 4 kB.
GATHER_S = 0.005
#: A sensor answers within this time; a board that is reset by the opening needs about 2 s [A].
HANDSHAKE_S = 6.0
#: While nothing at all is heard the plan's commands are said again, in seconds: a board that was
#: reset by the opening missed them [A].
AGAIN_S = 2.0
#: Bytes in which a sensor must have been recognised: 0.7 s of the fastest one.
MOST_HEARD = 1 << 16


class SerialLine:
    """A port, opened once.

    Parameters
    ----------
    plan : SerialPlan
    path : str
    deliver : callable
    tell : StateTeller
    stopping : threading.Event
        Set when the line is to be closed.
    silence_s, handshake_s : float
        In seconds.

    Attributes
    ----------
    accepted : bool
        Whether the sensor was recognised.
    heard : bool
        Whether anything came since.
    outbox : queue.Queue of bytes
        What is to be sent.
    """

    def __init__(
        self,
        plan: SerialPlan,
        path: str,
        deliver: Deliver,
        tell: StateTeller,
        stopping: threading.Event,
        silence_s: float,
        handshake_s: float = HANDSHAKE_S,
    ) -> None:
        self._plan, self._path, self._deliver, self._tell = plan, path, deliver, tell
        self._stopping = stopping
        self._silence_s, self._handshake_s = silence_s, handshake_s
        self._waiting: list[Received] = []
        self.outbox: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self.accepted = self.heard = False

    def run(self) -> None:
        """Open, recognise, deliver until the end, close.

        Raises
        ------
        DeviceError
            The port could not be opened, or is not that of such a sensor.
        """
        with opened(self._path, self._plan.baud) as port:
            opened_ns = time.monotonic_ns()
            if self._recognised(port):
                self._use(port, opened_ns)

    def _recognised(self, port: serial.Serial) -> bool:
        """Say the plan's commands, and listen whether it is such a sensor; False if stopped."""
        if self._plan.handshake is None:
            return True
        self._say(port, self._plan.start)
        deadline = time.monotonic() + self._handshake_s
        again = time.monotonic() + AGAIN_S
        judged = -1
        while not self._stopping.is_set():
            heard = b"".join(one.data for one in self._waiting)
            if len(heard) != judged and self._plan.handshake(heard):
                return True
            judged = len(heard)
            if judged > MOST_HEARD or time.monotonic() > deadline:
                raise self._stranger(judged)
            if not heard and time.monotonic() > again:
                self._say(port, self._plan.start)
                again = time.monotonic() + AGAIN_S
            self._listen(port, POLL_S)
        return False

    def _stranger(self, count: int) -> DeviceError:
        if count:
            found = f"{count} bytes that are not those of such a sensor"
            return DeviceError(f"found {found} at {self._path}; expected its data", "wrong_device")
        return DeviceError(
            f"nothing was heard at {self._path}; expected the sensor, switched on and near",
            "silent",
        )

    def _use(self, port: serial.Serial, opened_ns: int) -> None:
        self.accepted = True
        self._deliver(Connected(opened_ns, self._path))
        reason = "unplugged"
        try:
            self._tell(f"connected to {self._path}", "connected")
            for one in self._waiting:
                self._got(one)
            if self._plan.handshake is None:
                self._say(port, self._plan.start)
            reason = self._pump(port)
        finally:
            self._deliver(Disconnected(time.monotonic_ns(), reason))
        self._tell(f"the link at {self._path} is {reason}", reason)
        if reason == "stopped":
            self._last_words(port)

    def _pump(self, port: serial.Serial) -> str:
        """Deliver until the end; its reason."""
        last = time.monotonic()
        while time.monotonic() - last <= self._silence_s:
            if self._stopping.is_set():
                return "stopped"
            self._send(port)
            if self._read(port):
                last = time.monotonic()
        return "silent"

    def _say(self, port: serial.Serial, commands: tuple[bytes, ...]) -> None:
        for one in commands:
            with port_errors(self._path):
                port.write(one)
            # The system's buffer is small: what comes between two commands is read at once.
            self._listen(port, self._plan.start_interval_s)

    def _listen(self, port: serial.Serial, seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until and not self._stopping.is_set():
            self._read(port)

    def _send(self, port: serial.Serial) -> None:
        while not self.outbox.empty():
            with port_errors(self._path):
                port.write(self.outbox.get_nowait())

    def _last_words(self, port: serial.Serial) -> None:
        try:
            with port_errors(self._path):
                for one in self._plan.stop:
                    port.write(one)
        except DeviceError as error:
            self._tell(f"stopping the sensor failed: {error}", error.reason)

    def _read(self, port: serial.Serial) -> bool:
        with port_errors(self._path):
            data = port.read(1)
        if not data:
            return False
        time.sleep(GATHER_S)
        try:
            with port_errors(self._path):
                data += port.read(port.in_waiting)
        finally:
            # What came before an unplugging is not lost by it.
            self._got(Received(data, time.monotonic_ns()))
        return True

    def _got(self, one: Received) -> None:
        if self.accepted:
            self.heard = True
            self._deliver(one)
        else:
            self._waiting.append(one)
