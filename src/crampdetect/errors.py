"""The whole exception tree: one sentence each, what was found and what was expected.

A caller's mistake is a plain :class:`ValueError`. Errors of other libraries are translated where
they arise (``raise ... from error``). Only ``cli`` turns these into a line and an exit code.
"""

__all__ = [
    "CrampdetectError",
    "DeviceError",
    "LogError",
    "ModelError",
    "ProtocolError",
    "RecordingError",
]


class CrampdetectError(Exception):
    """Anything crampdetect refuses or fails at, told in one sentence."""


class DeviceError(CrampdetectError):
    """A sensor or its link failed.

    Parameters
    ----------
    message : str
        One sentence for a person.
    reason : str
        A fixed word that programs may test, e.g. ``"not_found"``.
    """

    def __init__(self, message: str, reason: str) -> None:
        super().__init__(message)
        self.reason = reason


class ProtocolError(CrampdetectError):
    """A caller drove a protocol in a way it does not have (never raised for noise on a link)."""


class RecordingError(CrampdetectError):
    """A recording cannot be read or written as it is."""


class ModelError(CrampdetectError):
    """A model file is not one of ours, is damaged, or does not fit the recording."""


class LogError(CrampdetectError):
    """The episode log cannot be opened, read or written."""
