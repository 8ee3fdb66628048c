"""Objective measurement of nocturnal leg cramps from calf EMG and motion.

The package is lazy: importing it loads nothing heavy. ``crampdetect.replay`` and the names in
``__all__`` are fetched from :mod:`crampdetect.api` when they are first used.
"""

from typing import TYPE_CHECKING

from crampdetect.version import __version__

if TYPE_CHECKING:
    from crampdetect.api import ReplayResult, replay
    from crampdetect.errors import (
        CrampdetectError,
        DeviceError,
        LogError,
        ModelError,
        ProtocolError,
        RecordingError,
    )

__all__ = [
    "CrampdetectError",
    "DeviceError",
    "LogError",
    "ModelError",
    "ProtocolError",
    "RecordingError",
    "ReplayResult",
    "__version__",
    "replay",
]


def __getattr__(name: str) -> object:
    if name in ("replay", "ReplayResult"):
        from crampdetect import api

        return getattr(api, name)
    if name in __all__:
        from crampdetect import errors

        return getattr(errors, name)
    raise AttributeError(f"module 'crampdetect' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
