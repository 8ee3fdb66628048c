"""Sensors on a serial line: finds the port, and keeps the link up through the night.

pyserial blocks in a thread of its own, which works on every system. A port that went away is
looked for under any name, by its adapter and by what it says.
"""

import threading

from crampdetect.devices.link_plan import SerialPlan
from crampdetect.devices.serial_finding import (
    FindPorts,
    PortChoice,
    SerialPort,
    listed_ports,
    scan,
)
from crampdetect.devices.serial_line import HANDSHAKE_S, SerialLine
from crampdetect.devices.transport import SILENCE_S, Deliver, OnState, StateTeller, Waits
from crampdetect.errors import DeviceError

__all__ = ["SerialPort", "SerialTransport", "listed_ports", "scan"]

#: Looking for a port costs next to nothing, so the waits stay short, in seconds [A].
LONGEST_WAIT_S = 5.0
#: A wanted end is to be over within 2 s.
STOP_S = 2.0


class SerialTransport:
    """The link to one sensor.

    Parameters
    ----------
    plan : SerialPlan
    path : str
        The port, e.g. ``"/dev/ttyUSB0"``; empty for any that the plan fits.
    on_state : callable, optional
        Called from the link's thread with a sentence and a word of `transport.REASONS`.
    silence_s : float
        Without a byte for so long the port is opened anew, in seconds.
    handshake_s : float
        A sensor must be recognised within this time, in seconds.
    waits : Waits, optional
        Between attempts.
    find_ports : callable, optional
        Gives the ports that may be tried; those of this system by default.
    """

    def __init__(
        self,
        plan: SerialPlan,
        path: str = "",
        *,
        on_state: OnState | None = None,
        silence_s: float = SILENCE_S,
        handshake_s: float = HANDSHAKE_S,
        waits: Waits | None = None,
        find_ports: FindPorts | None = None,
    ) -> None:
        self._plan, self._silence_s, self._handshake_s = plan, silence_s, handshake_s
        self._tell = StateTeller(on_state)
        self._waits = waits or Waits(longest_s=LONGEST_WAIT_S)
        self._choice = PortChoice(plan, path, find_ports)
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._line: SerialLine | None = None

    def start(self, deliver: Deliver) -> None:
        """Look for the port, open it and deliver, from a thread of its own."""
        if self._thread is not None:
            raise ValueError("the link was started before; expected one start of each link")
        self._thread = threading.Thread(
            target=self._run, args=(deliver,), name="crampdetect-serial", daemon=True
        )
        self._thread.start()

    def send(self, data: bytes) -> None:
        """Write to the port, if there is a link."""
        line = self._line
        if line is not None and line.accepted:
            line.outbox.put(data)

    def stop(self) -> None:
        """Write the plan's last commands, close the port, and end the thread."""
        if self._thread is None:
            return
        self._stopping.set()
        self._thread.join(STOP_S)
        if self._thread.is_alive():
            self._tell("the port did not let go within 2 s; it ends with the program", "failed")

    def _run(self, deliver: Deliver) -> None:
        ended = "the serial link ended by a fault of this program"
        try:
            while not self._stopping.is_set():
                self._attempt(deliver)
                self._stopping.wait(self._waits.next())
            ended = ""
        finally:
            if ended:
                self._tell(ended, "failed")  # and the exception goes to threading.excepthook

    def _attempt(self, deliver: Deliver) -> None:
        """Try the ports until one was the sensor's."""
        try:
            candidates = self._choice.candidates()
        except DeviceError as error:
            self._tell(str(error), error.reason)
            return
        for port in candidates:
            if self._stopping.is_set() or self._tried(port, deliver):
                return

    def _tried(self, port: SerialPort, deliver: Deliver) -> bool:
        """Whether the sensor was there; back when its link has ended."""
        line = SerialLine(
            self._plan, port.path, deliver, self._tell, self._stopping,
            self._silence_s, self._handshake_s,
        )  # fmt: skip
        self._line = line
        self._tell(f"opening {port.path}", "connecting")
        try:
            line.run()
        except DeviceError as error:
            self._tell(str(error), error.reason)
        finally:
            self._line = None
        if line.accepted:
            self._choice.accept(port)
        if line.heard:
            self._waits.start_again()
        return line.accepted
