"""A virtual radio: bumble's LocalLink, a sensor on it, and faults.

The real bleak client runs over it with a backend of its own (`tests.bumble_backend`), or a real
bluetoothd in an emulated guest (`tests.bluez_guest`).
"""

import asyncio
import struct
from collections.abc import Callable

from bumble.controller import Controller
from bumble.core import UUID, AdvertisingData, PhysicalTransport
from bumble.device import Connection, Device
from bumble.gatt import Characteristic, CharacteristicValue, Service
from bumble.hci import HCI_CONNECTION_TIMEOUT_ERROR, Address
from bumble.host import Host
from bumble.link import LocalLink
from bumble.ll import AdvertisingPdu, ControlPdu

from crampdetect.devices.link_plan import BATTERY_LEVEL, BlePlan

BASE = "-5f2e-4c1b-9d07-2b6a1c0f7e31"
SERVICE, DATA, COMMAND = (f"ca11f00{one}{BASE}" for one in "123")
ADDRESS, OTHER_ADDRESS = "F0:F1:F2:F3:F4:F5", "F0:F1:F2:F3:F4:F6"
NAME = "Calf"
PLAN = BlePlan(
    SERVICE, (DATA,), start=((COMMAND, b"go"),), stop=((COMMAND, b"end"),), battery=True,
    write=COMMAND,
)  # fmt: skip
NUMBER = struct.Struct("<I")
#: Bytes of a notification.
SIZE = 180


def payload(number: int, size: int = SIZE) -> bytes:
    """The notification with this number; each byte depends on it."""
    return NUMBER.pack(number) + bytes((number + k) & 0xFF for k in range(size - NUMBER.size))


def number_of(data: bytes) -> int:
    """Its number, if the notification is whole."""
    number: int = NUMBER.unpack_from(data)[0]
    assert data == payload(number, len(data))
    return number


class Radio(LocalLink):
    """A link with faults.

    Attributes
    ----------
    frozen : bool
        Nothing passes, and nobody is told: out of range.
    interval_s : float
        Data is handed over in batches this far apart.
    """

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.frozen, self.interval_s = False, 0.0
        self._waiting: list[Callable[[], None]] = []

    def send_acl_data(
        self,
        sender_controller: Controller,
        destination_address: Address,
        transport: PhysicalTransport,
        data: bytes,
    ) -> None:
        # bumble takes the sender's random address, which is wrong for a host that connects from
        # its public one, as BlueZ does.
        source = next(
            (
                one.self_address
                for one in sender_controller.le_connections.values()
                if one.peer_address == destination_address
            ),
            sender_controller.random_address,
        )
        receiver = self.find_le_controller(destination_address)
        if self.frozen or receiver is None:
            return
        deliver = receiver.on_link_acl_data
        loop = asyncio.get_running_loop()
        if not self.interval_s:
            loop.call_soon(deliver, source, transport, data)
            return
        if not self._waiting:
            loop.call_later(self.interval_s, self._hand_over)
        self._waiting.append(lambda: deliver(source, transport, data))

    def _hand_over(self) -> None:
        waiting, self._waiting = self._waiting, []
        for one in waiting:
            one()

    def send_advertising_pdu(self, sender_controller: Controller, packet: AdvertisingPdu) -> None:
        if not self.frozen:
            super().send_advertising_pdu(sender_controller, packet)

    def send_ll_control_pdu(
        self, sender_address: Address, receiver_address: Address, packet: ControlPdu
    ) -> None:
        if not self.frozen and self.find_le_controller(receiver_address) is not None:
            super().send_ll_control_pdu(sender_address, receiver_address, packet)

    def lose(self) -> None:
        """The supervision timeout of every connection passes (bumble has no such timer)."""
        for controller in self.controllers:
            for one in tuple(controller.le_connections.values()):
                controller.on_le_disconnected(one, HCI_CONNECTION_TIMEOUT_ERROR)


def host_on(radio: LocalLink, name: str, address: str) -> Device:
    """A Bluetooth host with a controller of its own on the radio; not powered yet."""
    host = Host()
    controller = Controller(name, link=radio, public_address=address)
    controller.le_acl_data_packet_length = 251  # else a notification is ten packets
    host.controller = controller
    return Device(name=name, address=Address(address), host=host)


class Sensor:
    """A sensor that numbers its notifications, and goes on counting without a link.

    Attributes
    ----------
    written : list of bytes
        What was written to its characteristic for commands.
    sent : list of int
        Numbers of the notifications that had a subscriber.
    connections : int
        How many came up.
    on : bool
        Whether it advertises when it has no connection.
    """

    def __init__(
        self,
        radio: LocalLink,
        address: str = ADDRESS,
        name: str = NAME,
        service: str = SERVICE,
        data: str = DATA,
        command: str = COMMAND,
    ) -> None:
        self.device = host_on(radio, name, address)
        self.written: list[bytes] = []
        self.sent: list[int] = []
        self.number, self.on = 0, True
        self.connections = 0
        self.battery = 87
        kinds, may = Characteristic.Properties, Characteristic.Permissions
        self._data: Characteristic[bytes] = Characteristic(
            UUID(data), kinds.NOTIFY | kinds.READ, may.READABLE, b""
        )
        commands: Characteristic[bytes] = Characteristic(
            UUID(command), kinds.WRITE | kinds.WRITE_WITHOUT_RESPONSE, may.WRITEABLE,
            CharacteristicValue(write=lambda _, value: self.commanded(bytes(value))),
        )  # fmt: skip
        battery: Characteristic[bytes] = Characteristic(
            UUID(BATTERY_LEVEL), kinds.READ, may.READABLE,
            CharacteristicValue(read=lambda _: bytes([self.battery])),
        )  # fmt: skip
        self.device.add_service(Service(UUID(service), [self._data, commands]))
        self.device.add_service(Service(UUID.from_16_bits(0x180F), [battery]))
        # All within the 31 bytes of one advertisement: bumble repeats it as scan response.
        kind = AdvertisingData.Type
        self._advertisement = bytes(
            AdvertisingData(
                [
                    (kind.FLAGS, b"\x06"),
                    (
                        kind.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS,
                        UUID(service).to_bytes(force_128=True),
                    ),
                    (kind.COMPLETE_LOCAL_NAME, name.encode()),
                ]
            )
        )
        self.device.on("connection", self._on_connection)

    async def switch_on(self) -> None:
        """Advertise."""
        await self.device.power_on()
        await self.advertise()

    async def advertise(self) -> None:
        """Advertise, unless it does."""
        if self.on and not self.device.is_advertising and not self.device.connections:
            await self.device.start_advertising(
                advertising_data=self._advertisement, scan_response_data=b"",
                advertising_interval_min=20, advertising_interval_max=20,
            )  # fmt: skip

    async def hang_up(self) -> None:
        """End every connection, as a sensor that switches itself off does."""
        for one in tuple(self.device.connections.values()):
            await one.disconnect()

    def message(self, number: int) -> bytes:
        """What the notification with this number holds."""
        return payload(number)

    def missed(self, number: int) -> None:
        """Nobody was there to hear this number."""

    def congested(self) -> bool:
        """Whether its radio can take no more now; a sensor drops what it cannot send."""
        return False

    def commanded(self, data: bytes) -> None:
        """A command was written."""
        self.written.append(data)

    async def notify(self, count: int, rate: float) -> None:
        """Number `count` notifications at `rate` a second; those with a subscriber are sent."""
        loop = asyncio.get_running_loop()
        due = loop.time()
        for _ in range(count):
            if self.subscribers() and not self.congested():
                self.sent.append(self.number)
                await self.say(self.message(self.number))
            else:
                self.missed(self.number)
            self.number += 1
            due += 1 / rate
            await asyncio.sleep(max(0.0, due - loop.time()))

    async def say(self, data: bytes) -> None:
        """One notification to all who subscribed."""
        for one in self.subscribers():
            await self.device.notify_subscriber(one, self._data, data)

    def subscribers(self) -> list[Connection]:
        """Connections that subscribed."""
        return [one for one in self.device.connections.values() if self._subscribed(one)]

    def _subscribed(self, connection: Connection) -> bool:
        subscribers = self.device.gatt_server.subscribers.get(connection, {})
        return subscribers.get(self._data.handle, b"\x00\x00")[:1] == b"\x01"

    def _on_connection(self, connection: Connection) -> None:
        self.connections += 1
        connection.on("disconnection", lambda _: asyncio.ensure_future(self.advertise()))
