"""Which serial port is the sensor's, also when it comes back under another name."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from serial.tools import list_ports

from crampdetect.devices.link_plan import SerialPlan
from crampdetect.devices.transport import Found
from crampdetect.errors import DeviceError

__all__ = ["FindPorts", "PortChoice", "SerialPort", "listed_ports", "scan"]

#: Ports of the computer's own, where no sensor of ours can be: a stray command could reach a
#: machine's console.
_BUILT_IN = ("/dev/ttyS", "/dev/ttyAMA")


@dataclass(frozen=True, slots=True)
class SerialPort:
    """A port that is there now.

    Parameters
    ----------
    path : str
        E.g. ``"/dev/ttyUSB0"``, ``"COM3"``.
    vid_pid : tuple of (int, int) or None
        USB vendor and product of the adapter; None where it is not on USB.
    serial_number : str
        Of the adapter; many have none.
    description : str
        For a person.
    """

    path: str
    vid_pid: tuple[int, int] | None = None
    serial_number: str = ""
    description: str = ""

    def same_adapter(self, other: "SerialPort") -> bool:
        """Whether nothing tells the two apart but their names."""
        return (self.vid_pid, self.serial_number) == (other.vid_pid, other.serial_number)


FindPorts = Callable[[], Sequence[SerialPort]]


def listed_ports() -> list[SerialPort]:
    """The ports of this system, without those that are built in."""
    ports = []
    for one in list_ports.comports():
        vid_pid = None if one.vid is None or one.pid is None else (one.vid, one.pid)
        if vid_pid is not None or not one.device.startswith(_BUILT_IN):
            ports.append(
                SerialPort(one.device, vid_pid, one.serial_number or "", one.description or "")
            )
    return sorted(ports, key=lambda port: port.path)


class PortChoice:
    """Which ports to try, in which order.

    Parameters
    ----------
    plan : SerialPlan
    path : str
        As asked for; empty for any port that the plan fits.
    find_ports : callable or None
        Gives the ports that are there; None for those of this system.
    """

    def __init__(self, plan: SerialPlan, path: str, find_ports: FindPorts | None) -> None:
        self._plan, self._path = plan, path
        self._find_ports = find_ports
        self._known: SerialPort | None = None

    def accept(self, port: SerialPort) -> None:
        """The sensor is on this port; from now on only its adapter will do."""
        self._known = port

    def candidates(self) -> list[SerialPort]:
        """What to try now.

        Raises
        ------
        DeviceError
            ``"not_found"``: there is none; ``"wrong_device"``: another adapter has its name.
        """
        ports = list((self._find_ports or listed_ports)())
        named = self._named(ports)
        if self._known is not None:
            known = self._known
            chosen = [one for one in ports if one.same_adapter(known)]
            chosen.sort(key=lambda one: one.path != known.path)
            if named is not None and named.same_adapter(known) and named not in chosen:
                chosen.insert(0, named)
        elif self._path:
            chosen = [named] if named is not None else []
        else:
            chosen = [one for one in ports if self._fits(one)]
        if not chosen:
            raise self._failure(ports, named)
        return chosen

    def _named(self, ports: list[SerialPort]) -> SerialPort | None:
        """The port that was asked for, with what the system knows of it."""
        if not self._path:
            return None
        real = os.path.realpath(self._path)
        for one in ports:
            if self._path == one.path or real == os.path.realpath(one.path):
                return SerialPort(self._path, one.vid_pid, one.serial_number, one.description)
        # A port that no list has, e.g. a pseudo-terminal; where it is not there, opening tells.
        return SerialPort(self._path)

    def _fits(self, port: SerialPort) -> bool:
        if self._find_ports is not None and port.vid_pid is None:
            return True  # a list that was given names its ports on purpose
        return not self._plan.vid_pid or port.vid_pid in self._plan.vid_pid

    def _failure(self, ports: list[SerialPort], named: SerialPort | None) -> DeviceError:
        if self._known is not None and named is not None and named.vid_pid is not None:
            return DeviceError(
                f"found {_adapter(named)} at {named.path}; expected {_adapter(self._known)}",
                "wrong_device",
            )
        found = ", ".join(f"{one.path} ({_adapter(one)})" for one in ports) or "no serial port"
        if self._known is not None:
            expected = f"{_adapter(self._known)} to be plugged in again"
        else:
            adapters = " or ".join(_usb(one) for one in self._plan.vid_pid)
            expected = f"{adapters or 'the adapter of the sensor'} to be plugged in"
        return DeviceError(f"found {found}; expected {expected}", "not_found")


def scan(plans: Mapping[str, SerialPlan], find_ports: FindPorts = listed_ports) -> list[Found]:
    """The ports of this system, those that are recognised first.

    They are told by their USB adapter alone, which several kinds may share; nothing is sent.

    Parameters
    ----------
    plans : mapping of str to SerialPlan
        By key of the catalogue.
    find_ports : callable
        Gives the ports; those of this system by default.
    """
    found = []
    for port in find_ports():
        kinds = [kind for kind, plan in plans.items() if port.vid_pid in plan.vid_pid]
        unsure = "could be " + " or ".join(kinds) if len(kinds) > 1 else ""
        detail = ", ".join(part for part in (_adapter(port), unsure) if part)
        kind = kinds[0] if len(kinds) == 1 else ""
        found.append(Found(port.path, port.description, kind, "serial", None, detail))
    return sorted(found, key=lambda one: not one.kind)


def _usb(vid_pid: tuple[int, int]) -> str:
    return "USB {:04X}:{:04X}".format(*vid_pid)


def _adapter(port: SerialPort) -> str:
    if port.vid_pid is None:
        return f"{port.description or 'a port'} that is not on USB"
    number = f", serial number {port.serial_number}" if port.serial_number else ""
    return _usb(port.vid_pid) + number
