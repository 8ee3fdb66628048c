"""Which sensors are in the air, and which of them is the one."""

import asyncio
from collections.abc import Mapping

from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData

from crampdetect.devices.ble_radio import Radio, radio_errors
from crampdetect.devices.link_plan import BlePlan
from crampdetect.devices.transport import Found
from crampdetect.errors import DeviceError

__all__ = ["find", "fits", "scan"]

#: What BlueZ gives for a strength that it does not know.
_UNKNOWN_RSSI = -127
_SCANNING = "searching for Bluetooth sensors"


def fits(plan: BlePlan, name: str, services: list[str]) -> bool:
    """Whether what is advertised is of this plan's kind: by its name where that is fixed."""
    if plan.names:
        return name.startswith(plan.names)
    return plan.service in (one.lower() for one in services)


async def find(radio: Radio, plan: BlePlan, address: str, search_s: float) -> BLEDevice:
    """The sensor: the one at `address`, or else the first that fits.

    Raises
    ------
    DeviceError
        ``"not_found"``, ``"wrong_device"``, ``"adapter_off"`` or ``"failed"``.
    """
    search = _Search(plan, address)
    with radio_errors(_SCANNING):
        for device in await radio.connected(plan.service):
            search.seen(device, device.name or "", [plan.service])
        if not search.found.done():
            async with radio.scanner(search.advertised):
                await asyncio.wait({search.found}, timeout=search_s)
    if search.found.done():
        return search.found.result()
    search.found.cancel()
    raise search.failure()


class _Search:
    """What has been seen so far."""

    def __init__(self, plan: BlePlan, address: str) -> None:
        self._plan, self._address = plan, address.lower()
        self._others: dict[str, str] = {}
        self.found: asyncio.Future[BLEDevice] = asyncio.get_running_loop().create_future()

    def advertised(self, device: BLEDevice, advertisement: AdvertisementData) -> None:
        name = advertisement.local_name or device.name or ""
        self.seen(device, name, advertisement.service_uuids)

    def seen(self, device: BLEDevice, name: str, services: list[str]) -> None:
        if self.found.done():
            return
        fit = fits(self._plan, name, services)
        if not self._address:
            if fit:
                self.found.set_result(device)
        elif device.address.lower() == self._address:
            # Of a sensor that was asked for by its address, the name may come a little later,
            # and the service is looked at when it is connected.
            if fit or not (self._plan.names and name):
                self.found.set_result(device)
            else:
                self._others[device.address] = name
        elif fit:
            self._others[device.address] = name

    def failure(self) -> DeviceError:
        if self._others:
            others = ", ".join(f"{name or 'a sensor'} at {at}" for at, name in self._others.items())
            expected = self._address.upper()
            if expected in (at.upper() for at in self._others):
                expected += " to be named " + " or ".join(f"{one}..." for one in self._plan.names)
            return DeviceError(f"found {others}; expected {expected}", "wrong_device")
        wanted = self._address.upper() or " or ".join(f"{one}..." for one in self._plan.names)
        return DeviceError(
            f"found no sensor; expected {wanted or self._plan.service}, switched on, near, "
            "and not connected to another device",
            "not_found",
        )


def scan(seconds: float, plans: Mapping[str, BlePlan], radio: Radio | None = None) -> list[Found]:
    """What advertises now, recognised kinds first, then by strength.

    Parameters
    ----------
    seconds : float
        How long to listen, e.g. 5.
    plans : mapping of str to BlePlan
        By key of the catalogue.
    radio : Radio, optional
        That of this computer by default.

    Raises
    ------
    DeviceError
        There is no Bluetooth, or it is off (``"adapter_off"``), or it failed.
    """
    return asyncio.run(_scan(seconds, plans, radio or Radio()))


async def _scan(seconds: float, plans: Mapping[str, BlePlan], radio: Radio) -> list[Found]:
    found: dict[str, Found] = {}

    def seen(device: BLEDevice, advertisement: AdvertisementData) -> None:
        name = advertisement.local_name or device.name or ""
        kind, detail = _kind(plans, name, advertisement.service_uuids)
        before = found.get(device.address)
        if before is None or kind or not before.kind:
            rssi = None if advertisement.rssi <= _UNKNOWN_RSSI else advertisement.rssi
            found[device.address] = Found(device.address, name, kind, "ble", rssi, detail)

    with radio_errors(_SCANNING):
        for kind, plan in plans.items():
            for device in await radio.connected(plan.service):
                if fits(plan, device.name or "", [plan.service]):
                    found[device.address] = Found(
                        device.address, device.name or "", kind, "ble", None, "connected already"
                    )
        async with radio.scanner(seen):
            await asyncio.sleep(seconds)
    return sorted(found.values(), key=lambda one: (not one.kind, -(one.rssi or _UNKNOWN_RSSI)))


def _kind(plans: Mapping[str, BlePlan], name: str, services: list[str]) -> tuple[str, str]:
    """The kind, and for a person which ones it could be."""
    kinds = [kind for kind, plan in plans.items() if fits(plan, name, services)]
    if len(kinds) == 1:
        return kinds[0], ""
    return "", "could be " + " or ".join(kinds) if kinds else ""
