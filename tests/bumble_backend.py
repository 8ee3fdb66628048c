"""A backend of bleak on bumble's virtual radio: the real BleakClient and BleakScanner, no system.

bleak takes classes, so each `World` makes its own. It comes to life in the loop of whoever uses
it first, which is that of the transport under test; a test acts on it through `World.do`.
"""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

from bleak.args import SizedBuffer
from bleak.assigned_numbers import CharacteristicPropertyName
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.client import BaseBleakClient, NotifyCallback
from bleak.backends.descriptor import BleakGATTDescriptor
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData, BaseBleakScanner
from bleak.backends.service import BleakGATTService, BleakGATTServiceCollection
from bleak.exc import BleakBluetoothNotAvailableError, BleakBluetoothNotAvailableReason, BleakError
from bleak.uuids import normalize_uuid_str
from bumble.core import UUID, AdvertisingData, BaseBumbleError
from bumble.device import Advertisement, Connection, Device, Peer
from bumble.gatt import Characteristic

from crampdetect.devices.ble_radio import Radio as HostRadio
from tests.bumble_link import Radio, Sensor, host_on

T = TypeVar("T")
#: The computer that the sensors are near.
CENTRAL = "F0:00:00:00:00:01"
_MTU, _ATT_HEADER = 517, 3
_PROPERTIES: tuple[tuple[Characteristic.Properties, CharacteristicPropertyName], ...] = (
    (Characteristic.Properties.READ, "read"),
    (Characteristic.Properties.WRITE, "write"),
    (Characteristic.Properties.WRITE_WITHOUT_RESPONSE, "write-without-response"),
    (Characteristic.Properties.NOTIFY, "notify"),
)


class World:
    """A radio with sensors, and the Bluetooth of one computer.

    Parameters
    ----------
    sensors : callable
        Puts sensors on a radio.

    Attributes
    ----------
    powered : bool
        Whether the computer's Bluetooth is on.
    connections : int
        How many came up.
    callbacks : list
        What the clients gave for notifications.
    """

    def __init__(self, sensors: Callable[[Radio], list[Sensor]]) -> None:
        self._make = sensors
        self._there = threading.Event()
        self._building = asyncio.Lock()
        self.powered = True
        self.connections = 0
        self.callbacks: list[NotifyCallback] = []
        world = self

        class ThisScanner(Scanner):
            def __init__(self, *given: Any, **named: Any) -> None:
                super().__init__(world, *given, **named)

        class ThisClient(Client):
            def __init__(self, *given: Any, **named: Any) -> None:
                super().__init__(world, *given, **named)

        self.bluetooth = HostRadio(scanner_backend=ThisScanner, client_backend=ThisClient)

    async def host(self) -> Device:
        """The computer's Bluetooth, built on first use."""
        if not self.powered:
            off = BleakBluetoothNotAvailableReason.POWERED_OFF
            raise BleakBluetoothNotAvailableError("it is off", off)
        async with self._building:
            if not self._there.is_set():
                self.loop = asyncio.get_running_loop()
                self.radio = Radio()
                self.sensors = self._make(self.radio)
                self._host = host_on(self.radio, "central", CENTRAL)
                await self._host.power_on()
                for one in self.sensors:
                    await one.switch_on()
                self._there.set()
        return self._host

    def do(self, act: Callable[[], Coroutine[Any, Any, T]], within_s: float = 20.0) -> T:
        """Run `act` in the world's loop, and wait for it."""
        assert self._there.wait(within_s)
        return asyncio.run_coroutine_threadsafe(act(), self.loop).result(within_s)

    async def switch_off(self) -> None:
        """Switch the computer's Bluetooth off; its connections end."""
        self.powered = False
        self.radio.lose()


class Scanner(BaseBleakScanner):
    """What bleak asks of a scanner."""

    def __init__(
        self, world: World, callback: Any, services: list[str] | None, mode: str, **named: Any
    ) -> None:
        del mode, named
        super().__init__(callback, services)
        self._world = world
        self._host: Device | None = None

    async def start(self) -> None:
        self._host = await self._world.host()
        self._host.on("advertisement", self._on_advertisement)
        await self._host.start_scanning(filter_duplicates=False)

    async def stop(self) -> None:
        if self._host is not None:
            self._host.remove_listener("advertisement", self._on_advertisement)
            await self._host.stop_scanning()

    def _on_advertisement(self, heard: Advertisement) -> None:
        kind = AdvertisingData.Type
        name = heard.data.get(kind.COMPLETE_LOCAL_NAME)
        services = heard.data.get(kind.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS) or []
        advertised = AdvertisementData(
            local_name=name, manufacturer_data={}, service_data={},
            service_uuids=[uuid_text(one) for one in services], tx_power=None, rssi=heard.rssi,
            platform_data=(),
        )  # fmt: skip
        address = heard.address.to_string(with_type_qualifier=False)
        device = self.create_or_update_device(address, address, name, heard.address, advertised)
        self.call_detection_callbacks(device, advertised)


class Client(BaseBleakClient):
    """What bleak asks of a client."""

    def __init__(self, world: World, device: BLEDevice | str, services: Any, **named: Any) -> None:
        del services
        super().__init__(
            device,
            disconnected_callback=named["disconnected_callback"],
            timeout=named["timeout"],
        )
        assert isinstance(device, BLEDevice)
        self._world, self._peer_address = world, device.details
        self._connection: Connection | None = None

    @property
    def mtu_size(self) -> int:
        return _MTU

    @property
    def is_connected(self) -> bool:
        return self._connection is not None

    async def connect(self, pair: bool, **named: Any) -> None:
        del pair, named
        host = await self._world.host()
        try:
            self._connection = await host.connect(self._peer_address, timeout=self._timeout)
            self._connection.on("disconnection", self._on_gone)
            self._world.connections += 1
            peer = Peer(self._connection)
            await self._answer(peer.request_mtu(_MTU))
            self.services = await self._answer(self._discover(peer))
        except (BaseBumbleError, TimeoutError) as error:
            raise BleakError(f"no connection: {error!r}") from error

    async def _discover(self, peer: Peer) -> BleakGATTServiceCollection:
        found = BleakGATTServiceCollection()
        for service in await peer.discover_services():
            ours = BleakGATTService(service, service.handle, uuid_text(service.uuid))
            found.add_service(ours)
            for one in await service.discover_characteristics():
                names = [name for flag, name in _PROPERTIES if flag in one.properties]
                found.add_characteristic(
                    BleakGATTCharacteristic(
                        one,
                        one.handle,
                        uuid_text(one.uuid),
                        names,
                        lambda: _MTU - _ATT_HEADER,
                        ours,
                    )
                )
                await one.discover_descriptors()
        return found

    def _on_gone(self, reason: int) -> None:
        del reason
        self._connection = None
        self.services = None
        if self._disconnected_callback is not None:
            self._disconnected_callback()

    async def disconnect(self) -> None:
        if self._connection is not None:
            await self._connection.disconnect()

    async def pair(self, *given: Any, **named: Any) -> None:
        raise NotImplementedError

    async def unpair(self) -> None:
        raise NotImplementedError

    async def read_gatt_char(
        self, characteristic: BleakGATTCharacteristic, **named: Any
    ) -> bytearray:
        del named
        return bytearray(await self._answer(characteristic.obj.read_value()))

    async def write_gatt_char(
        self, characteristic: BleakGATTCharacteristic, data: SizedBuffer, response: bool
    ) -> None:
        value = bytes(data)
        await self._answer(characteristic.obj.write_value(value, with_response=response))

    async def start_notify(
        self, characteristic: BleakGATTCharacteristic, callback: NotifyCallback, **named: Any
    ) -> None:
        del named
        self._world.callbacks.append(callback)
        await self._answer(characteristic.obj.subscribe(lambda value: callback(bytearray(value))))

    async def stop_notify(self, characteristic: BleakGATTCharacteristic) -> None:
        raise NotImplementedError

    async def read_gatt_descriptor(
        self, descriptor: BleakGATTDescriptor, **named: Any
    ) -> bytearray:
        raise NotImplementedError

    async def write_gatt_descriptor(
        self, descriptor: BleakGATTDescriptor, data: SizedBuffer
    ) -> None:
        raise NotImplementedError

    async def _answer(self, asked: Awaitable[T]) -> T:
        connection = self._connection
        if connection is None:
            raise BleakError("not connected")
        try:
            return await connection.cancel_on_disconnection(asked)
        except asyncio.CancelledError as error:
            if self._connection is None:
                raise BleakError("disconnected") from error
            raise
        except BaseBumbleError as error:
            raise BleakError(repr(error)) from error


def uuid_text(uuid: UUID) -> str:
    """As bleak writes it."""
    return normalize_uuid_str(uuid.to_hex_str("-"))
