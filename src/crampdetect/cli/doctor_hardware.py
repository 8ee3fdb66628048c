"""Checks of ``crampdetect doctor`` on what sensors need: Bluetooth and serial ports."""

import os
import sys
from pathlib import Path

from crampdetect.cli.findings import Finding

__all__ = ["bluetooth", "serial_ports"]

_ADAPTERS = Path("/sys/class/bluetooth")
_DEVICES = Path("/dev")
#: Names of serial ports of USB sensors, by system.
_PORTS = {"linux": ("ttyUSB*", "ttyACM*"), "darwin": ("cu.usb*",)}


def bluetooth(adapters: Path = _ADAPTERS) -> Finding:
    """Whether there is a Bluetooth adapter, as far as this system says without asking for rights.

    Parameters
    ----------
    adapters : Path
        Where Linux lists them.
    """
    if sys.platform != "linux":
        return Finding("ok", "Bluetooth", "not checked on this system")
    found = sorted(each.name for each in adapters.glob("hci*") if ":" not in each.name)
    if found:
        return Finding("ok", "Bluetooth", ", ".join(found))
    advice = "wireless sensors need one; files do not"
    return Finding("warning", "Bluetooth", "no adapter found", advice)


def serial_ports(devices: Path = _DEVICES, system: str = sys.platform) -> Finding:
    """Serial ports of USB sensors, and whether this user may open them.

    Parameters
    ----------
    devices : Path
        Where the system lists them.
    system : str
        As ``sys.platform``.
    """
    if system not in _PORTS:
        return Finding("ok", "serial ports", "not checked on this system")
    ports = sorted(each for pattern in _PORTS[system] for each in devices.glob(pattern))
    if not ports:
        return Finding("ok", "serial ports", "none (no cable sensor is plugged in)")
    closed = [each for each in ports if not os.access(each, os.R_OK | os.W_OK)]
    if closed:
        text = f"{', '.join(each.name for each in closed)}: you may not open it"
        return Finding("warning", "serial ports", text, _permission_advice(closed[0], system))
    return Finding("ok", "serial ports", ", ".join(each.name for each in ports))


def _permission_advice(port: Path, system: str) -> str:
    if system != "linux":
        return "allow it in the system's settings"
    try:
        group = port.group()
    except (KeyError, OSError):  # a group without a name, as in containers
        group = "dialout"
    return f"sudo usermod -aG {group} $USER, then log in again"
