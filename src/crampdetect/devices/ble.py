"""Sensors on Bluetooth Low Energy: finds one, and keeps the link to it up through the night.

bleak runs in a thread of its own with one loop. Each attempt searches, connects and checks anew,
since after a fault the system's idea of a device may be gone; Bluetooth that is switched off and
on again is one such fault. A sensor that was once connected is the night's: no other unit takes
its place.
"""

import asyncio
import threading
from collections.abc import Callable

from crampdetect.devices.ble_connection import BleConnection
from crampdetect.devices.ble_radio import Radio
from crampdetect.devices.ble_scan import find, scan
from crampdetect.devices.link_plan import BlePlan
from crampdetect.devices.transport import SILENCE_S, Deliver, OnState, StateTeller, Waits
from crampdetect.errors import DeviceError

__all__ = ["BleTransport", "Radio", "scan"]

#: Longest search of one attempt, in seconds. Sensors advertise about once a second or faster; some
#: do it less often when they wait for long [A].
SEARCH_S = 10.0
#: A wanted end is to be over within 2 s.
STOP_S = 2.0


class BleTransport:
    """The link to one sensor.

    Parameters
    ----------
    plan : BlePlan
    address : str
        BLE address (on macOS this computer's UUID for it); empty for the first sensor that fits.
    on_state : callable, optional
        Called from the link's thread with a sentence and a word of `transport.REASONS`.
    silence_s : float
        Without a notification for so long the link is taken for dead, in seconds.
    waits : Waits, optional
        Between attempts.
    search_s : float
        Longest search of one attempt, in seconds.
    radio : Radio, optional
        That of this computer by default.
    """

    def __init__(
        self,
        plan: BlePlan,
        address: str = "",
        *,
        on_state: OnState | None = None,
        silence_s: float = SILENCE_S,
        waits: Waits | None = None,
        search_s: float = SEARCH_S,
        radio: Radio | None = None,
    ) -> None:
        self._plan, self._address = plan, address
        self._silence_s, self._search_s = silence_s, search_s
        self._tell = StateTeller(on_state)
        self._waits, self._radio = waits or Waits(), radio or Radio()
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None
        self._up = threading.Event()
        self._stopping = False
        self._connection: BleConnection | None = None

    def start(self, deliver: Deliver) -> None:
        """Search, connect and deliver, from a thread of its own."""
        if self._thread is not None:
            raise ValueError("the link was started before; expected one start of each link")
        self._thread = threading.Thread(
            target=self._run, args=(deliver,), name="crampdetect-ble", daemon=True
        )
        self._thread.start()

    def send(self, data: bytes) -> None:
        """Write to the plan's characteristic for commands, if there is a link."""
        if not self._plan.write:
            raise ValueError("found a command; expected none, since this sensor takes none")
        self._in_loop(lambda: self._send(data))

    def stop(self) -> None:
        """Write the plan's last commands, disconnect, and end the thread."""
        if self._thread is None:
            return
        self._stopping = True
        self._up.wait(STOP_S)
        self._in_loop(lambda: self._task and self._task.cancel())
        self._thread.join(STOP_S)
        if self._thread.is_alive():
            self._tell("Bluetooth did not let go within 2 s; it ends with the program", "failed")

    def _in_loop(self, call: Callable[[], object]) -> None:
        loop = self._loop
        if loop is None:
            return
        try:
            loop.call_soon_threadsafe(call)
        except RuntimeError:
            # The loop was closed between the two lines above: there is nobody left to tell.
            if not loop.is_closed():
                raise

    def _send(self, data: bytes) -> None:
        if self._connection is not None:
            self._connection.send(data)

    def _run(self, deliver: Deliver) -> None:
        ended = "the Bluetooth link ended by a fault of this program"
        try:
            asyncio.run(self._serve(deliver))
            ended = ""
        except asyncio.CancelledError:
            ended = ""
        finally:
            self._up.set()
            if ended:
                self._tell(ended, "failed")  # and the exception goes to threading.excepthook

    async def _serve(self, deliver: Deliver) -> None:
        self._loop, self._task = asyncio.get_running_loop(), asyncio.current_task()
        self._up.set()
        while not self._stopping:
            try:
                await self._attempt(deliver)
            except DeviceError as error:
                self._tell(str(error), error.reason)
            await asyncio.sleep(self._waits.next())

    async def _attempt(self, deliver: Deliver) -> None:
        self._tell(f"searching for {self._address or 'the sensor'}", "searching")
        device = await find(self._radio, self._plan, self._address, self._search_s)
        self._tell(f"connecting to {device.address}", "connecting")
        connection = BleConnection(
            self._radio, self._plan, device, deliver, self._tell, self._silence_s
        )
        self._connection = connection
        try:
            await connection.run()
        finally:
            self._connection = None
            if connection.heard:
                self._address = device.address
                self._waits.start_again()
