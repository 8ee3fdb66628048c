"""One line about the machine, so that figures of two machines are not taken for one."""

import os
import platform
from importlib.metadata import PackageNotFoundError, version

__all__ = ["load", "machine_line"]


def machine_line() -> str:
    """Cores, Python, numpy and scipy, and how busy the machine is with other things."""
    names = " ".join(f"{name} {_version(name)}," for name in ("numpy", "scipy"))
    return (
        f"machine: {os.cpu_count()} cores, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}, {names} load {load()}"
    )


def load() -> str:
    """Processes that wanted a core, averaged over the last minute (getloadavg(3))."""
    return f"{os.getloadavg()[0]:.1f}"


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"
