"""One Bluetooth connection, from a sensor that was found until the link ends.

A connection has a client of its own and is never used again: after an unexpected end, BlueZ goes
on delivering to a client that did not say goodbye, so that the next one hears everything twice
(seen with BlueZ 5.66 and bleak 3.1).
"""

import asyncio
import time

from bleak import BleakClient
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.device import BLEDevice

from crampdetect.devices.ble_radio import RADIO_ERRORS, Radio, device_error, radio_errors
from crampdetect.devices.link_plan import BATTERY_LEVEL, BlePlan
from crampdetect.devices.transport import Deliver, StateTeller
from crampdetect.errors import DeviceError
from crampdetect.link import Connected, Disconnected, Received

__all__ = ["BleConnection"]

#: Connecting may take a scan of the system's own and several tries of the radio [A].
CONNECT_S = 20.0
#: Subscribing, and each command: an answer takes a few connection intervals [A].
ANSWER_S = 5.0
#: BlueZ ends a link about 2 s after it was asked to, a dead one later.
RELEASE_S = 6.0
#: A wanted end has 2 s in all: so long for the last words, so long for the disconnect. Where that
#: is too short the system has been asked and goes on by itself.
LAST_WORDS_S, LAST_RELEASE_S = 0.5, 1.2
#: The battery is read at once and then so often, in seconds [A].
BATTERY_S = 300.0
#: Commands that wait to be sent; more are dropped.
MOST_WAITING = 32


class BleConnection:
    """One connection.

    Parameters
    ----------
    radio : Radio
    plan : BlePlan
    device : BLEDevice
        As `find` gave it.
    deliver : callable
    tell : StateTeller
    silence_s : float
        Longest time without a notification, in seconds.

    Attributes
    ----------
    heard : bool
        Whether a notification came.
    """

    def __init__(
        self,
        radio: Radio,
        plan: BlePlan,
        device: BLEDevice,
        deliver: Deliver,
        tell: StateTeller,
        silence_s: float,
    ) -> None:
        self._plan, self._deliver, self._tell = plan, deliver, tell
        self._name = f"{device.name or 'the sensor'} at {device.address}"
        self._silence_s = silence_s
        self._client = radio.client(device, self._on_gone, CONNECT_S)
        self._gone = asyncio.Event()
        self._outbox: asyncio.Queue[bytes] = asyncio.Queue(MOST_WAITING)
        self._live = False
        self._heard_at = 0.0
        self.heard = False

    async def run(self) -> None:
        """Connect, deliver until the link ends, and let go of it.

        Raises
        ------
        DeviceError
            The link did not come up, is that of a wrong device, or could not be begun.
        """
        await self._open()
        release_s = RELEASE_S
        try:
            self._check()
            await self._use()
        except asyncio.CancelledError:
            release_s = LAST_RELEASE_S
            raise
        finally:
            await self._release(release_s)

    def send(self, data: bytes) -> None:
        """Send to the plan's characteristic for commands; from the loop's thread."""
        try:
            self._outbox.put_nowait(data)
        except asyncio.QueueFull:
            self._tell("a command was dropped: the sensor takes none", "failed")

    async def _open(self) -> None:
        # Where this fails or is cancelled, bleak lets go by itself.
        with radio_errors(f"connecting to {self._name}"):
            # bleak has a limit too, but not for all that it does on the way.
            async with asyncio.timeout(CONNECT_S + ANSWER_S):
                await self._client.connect()

    def _check(self) -> None:
        with radio_errors(f"looking at {self._name}"):
            services = self._client.services
            missing = [] if services.get_service(self._plan.service) else [self._plan.service]
            wanted = (*self._plan.notify, *(one for one, _ in self._plan.start))
            missing += [one for one in wanted if services.get_characteristic(one) is None]
        if missing:
            raise DeviceError(
                f"{self._name} is another kind of device; expected that it has {missing[0]}",
                "wrong_device",
            )

    async def _use(self) -> None:
        self._live = True
        self._deliver(Connected(time.monotonic_ns(), self._name))
        reason = "failed"
        try:
            await self._begin()
            self._tell(f"connected to {self._name}", "connected")
            reason = await self._watch()
        except asyncio.CancelledError:
            reason = "stopped"
            await self._last_words()
            raise
        finally:
            # From here on a late notification is of the past, and dropped.
            self._live = False
            self._deliver(Disconnected(time.monotonic_ns(), reason))
            if reason in ("silent", "lost"):
                self._tell(f"the link to {self._name} is {reason}", reason)

    async def _begin(self) -> None:
        self._heard_at = time.monotonic()
        with radio_errors(f"starting {self._name}"):
            for one in self._plan.notify:
                async with asyncio.timeout(ANSWER_S):
                    await self._client.start_notify(one, self._on_notification)
            for one, data in self._plan.start:
                async with asyncio.timeout(ANSWER_S):
                    await self._client.write_gatt_char(one, data)
                await asyncio.sleep(self._plan.start_interval_s)
        self._heard_at = time.monotonic()

    async def _watch(self) -> str:
        """Wait for the end; its reason."""
        async with asyncio.TaskGroup() as group:
            chores = [group.create_task(self._write()), group.create_task(self._read_battery())]
            try:
                while (left := self._heard_at + self._silence_s - time.monotonic()) > 0:
                    try:
                        async with asyncio.timeout(left):
                            await self._gone.wait()
                        return "lost"
                    except TimeoutError:
                        continue  # it was heard meanwhile, or the loop ends
                return "silent"
            finally:
                for chore in chores:
                    chore.cancel()

    async def _write(self) -> None:
        while True:
            data = await self._outbox.get()
            try:
                async with asyncio.timeout(ANSWER_S):
                    await self._client.write_gatt_char(self._plan.write, data)
            except RADIO_ERRORS as error:
                self._tell(str(device_error("sending a command", error)), "failed")

    async def _read_battery(self) -> None:
        if (
            not self._plan.battery
            or self._client.services.get_characteristic(BATTERY_LEVEL) is None
        ):
            return
        while True:
            try:
                async with asyncio.timeout(ANSWER_S):
                    level = bytes(await self._client.read_gatt_char(BATTERY_LEVEL))
                self._deliver(Received(level, time.monotonic_ns(), BATTERY_LEVEL))
            except RADIO_ERRORS as error:
                self._tell(str(device_error("reading the battery", error)), "failed")
            await asyncio.sleep(BATTERY_S)

    async def _last_words(self) -> None:
        try:
            async with asyncio.timeout(LAST_WORDS_S):
                for one, data in self._plan.stop:
                    await self._client.write_gatt_char(one, data)
        except RADIO_ERRORS as error:
            self._tell(str(device_error("stopping the sensor", error)), "failed")

    async def _release(self, release_s: float) -> None:
        try:
            async with asyncio.timeout(release_s):
                await self._client.disconnect()
        except TimeoutError as error:
            if release_s > LAST_RELEASE_S:  # else the system has been asked, and goes on by itself
                self._tell(str(device_error(f"letting go of {self._name}", error)), "failed")
        except RADIO_ERRORS as error:
            self._tell(str(device_error(f"letting go of {self._name}", error)), "failed")

    def _on_gone(self, client: BleakClient) -> None:
        del client
        self._gone.set()

    def _on_notification(self, characteristic: BleakGATTCharacteristic, data: bytearray) -> None:
        now = time.monotonic_ns()
        if not self._live:
            return
        self._heard_at, self.heard = now / 1e9, True
        self._deliver(Received(bytes(data), now, characteristic.uuid))
