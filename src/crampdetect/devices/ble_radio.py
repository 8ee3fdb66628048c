"""Where bleak is made, and where its errors become ours."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bleak import BleakAdapter, BleakClient, BleakScanner
from bleak.args.bluez import BlueZAdapterArgs, BlueZClientArgs, BlueZScannerArgs
from bleak.backends.client import BaseBleakClient
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData, BaseBleakScanner
from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakCharacteristicNotFoundError,
    BleakDeviceNotFoundError,
    BleakError,
)

from crampdetect.errors import DeviceError

if sys.platform == "linux":
    from dbus_fast.errors import AuthError, DBusError, InterfaceNotFoundError, InvalidAddressError

    _BUS_ERRORS: tuple[type[Exception], ...] = (
        AuthError,
        DBusError,
        InterfaceNotFoundError,
        InvalidAddressError,
    )
else:
    _BUS_ERRORS = ()

__all__ = ["RADIO_ERRORS", "Radio", "device_error", "radio_errors"]

#: What bleak and the systems below it raise. Its own assertions and look-ups are among them: they
#: fail where a radio stack surprises it, and a night must outlive that.
RADIO_ERRORS: tuple[type[Exception], ...] = (
    BleakError,
    *_BUS_ERRORS,
    OSError,
    EOFError,
    RuntimeError,
    LookupError,
    AssertionError,
)
OnSeen = Callable[[BLEDevice, AdvertisementData], None]
#: What to do about it, for each reason why there is no Bluetooth.
_REMEDIES = {
    BleakBluetoothNotAvailableReason.NO_BLUETOOTH: "found no Bluetooth adapter; expected one",
    BleakBluetoothNotAvailableReason.NO_BLE_CENTRAL_ROLE: (
        "found a Bluetooth adapter without Low Energy; expected one that has it (4.0 or later)"
    ),
    BleakBluetoothNotAvailableReason.POWERED_OFF: (
        "found Bluetooth switched off; expected it to be on"
    ),
}
_DENIED = "the system does not let this program use Bluetooth; expected its permission"


@dataclass(frozen=True, slots=True)
class Radio:
    """The Bluetooth of this computer, or one that tests put in its place.

    Parameters
    ----------
    adapter : str
        Which one, on Linux, e.g. ``"hci1"``; empty for the usual one.
    scanner_backend, client_backend : type or None
        Of bleak; None for those of this system.
    """

    adapter: str = ""
    scanner_backend: type[BaseBleakScanner] | None = None
    client_backend: type[BaseBleakClient] | None = None

    def scanner(self, seen: OnSeen) -> BleakScanner:
        """A scanner that calls `seen` for every advertisement."""
        bluez: BlueZScannerArgs = {"adapter": self.adapter} if self.adapter else {}
        return BleakScanner(seen, bluez=bluez, backend=self.scanner_backend)

    def client(
        self, device: BLEDevice, gone: Callable[[BleakClient], None], timeout_s: float
    ) -> BleakClient:
        """A client for one connection; `gone` is called when that ends."""
        bluez: BlueZClientArgs = {"adapter": self.adapter} if self.adapter else {}
        return BleakClient(
            device, gone, timeout=timeout_s, bluez=bluez, backend=self.client_backend
        )

    async def connected(self, service: str) -> list[BLEDevice]:
        """Devices with this service that the system is connected to already.

        They do not advertise, so no scan finds them: e.g. after this program was killed.
        """
        if self.scanner_backend is not None:
            return []
        bluez: BlueZAdapterArgs = {"adapter": self.adapter} if self.adapter else {}
        try:
            adapter = await BleakAdapter.get(bluez=bluez)
            return await adapter.get_connected_devices([service])
        except NotImplementedError:
            return []  # a system where bleak cannot ask


@contextmanager
def radio_errors(doing: str) -> Iterator[None]:
    """Turn what bleak raises in the block into a DeviceError that says what was being done."""
    try:
        yield
    except RADIO_ERRORS as error:
        raise device_error(doing, error) from error


def device_error(doing: str, error: BaseException) -> DeviceError:
    """What `error`, raised while `doing`, means."""
    match error:
        case BleakBluetoothNotAvailableError():
            return DeviceError(_REMEDIES.get(error.reason, _DENIED), "adapter_off")
        case BleakDeviceNotFoundError():
            return DeviceError(f"{doing} failed: the sensor is not there any more", "not_found")
        case BleakCharacteristicNotFoundError():
            found = f"it has no characteristic {error.char_specifier}"
            return DeviceError(f"{doing} failed: {found}", "wrong_device")
        case TimeoutError():
            return DeviceError(f"{doing} failed: there was no answer in time", "failed")
        case FileNotFoundError() | ConnectionRefusedError():
            found = "the system's Bluetooth service cannot be reached; expected it to run"
            return DeviceError(f"{doing} failed: {found}", "adapter_off")
    said = str(error) or type(error).__name__
    return DeviceError(f"{doing} failed: {said}", "failed")
