"""Opens a serial port, and makes errors of the port ours."""

import errno
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import serial

from crampdetect.errors import DeviceError

if sys.platform == "win32":
    _TERMINAL_ERRORS: tuple[type[Exception], ...] = ()
else:
    import termios

    _TERMINAL_ERRORS = (termios.error,)

__all__ = ["POLL_S", "opened", "opening_error", "port_errors"]

#: What pyserial raises where a port is unplugged or was never good: SerialException is an OSError,
#: `in_waiting` raises a plain one, a closed descriptor a TypeError, an odd baud rate a ValueError.
_PORT_ERRORS: tuple[type[Exception], ...] = (OSError, TypeError, ValueError, *_TERMINAL_ERRORS)
#: Longest wait for a byte, in seconds: so soon `stop` is heard.
POLL_S = 0.1
#: Commands are a few bytes; a port that does not take them in this time is no good [A].
WRITE_S = 0.4


@contextmanager
def opened(path: str, baud: int) -> Iterator[serial.Serial]:
    """The port, for this program alone, closed at the end of the block.

    Raises
    ------
    DeviceError
        ``"not_found"``, ``"denied"``, ``"busy"`` or ``"failed"``.
    """
    try:
        port = serial.Serial(path, baud, timeout=POLL_S, write_timeout=WRITE_S, exclusive=True)
    except _PORT_ERRORS as error:
        raise opening_error(path, error) from error
    try:
        yield port
    finally:
        port.close()


@contextmanager
def port_errors(path: str) -> Iterator[None]:
    """Turn what an open port raises in the block into a DeviceError ``"unplugged"``."""
    try:
        yield
    except _PORT_ERRORS as error:
        raise DeviceError(f"{path} went away: {error}", "unplugged") from error


def opening_error(path: str, error: Exception) -> DeviceError:
    """What it means that pyserial raised `error` at the opening."""
    number, said = getattr(error, "errno", None), str(error)
    # On Windows the number is only in the text.
    if number in (errno.ENOENT, errno.ENODEV, errno.ENXIO) or "FileNotFoundError" in said:
        return DeviceError(f"found no port {path}; expected it to be plugged in", "not_found")
    if number in (errno.EAGAIN, errno.EBUSY) or "PermissionError" in said:
        return DeviceError(f"{path} is used by another program; expected it free", "busy")
    if number in (errno.EACCES, errno.EPERM):
        remedy = "on Linux, add the user to the group of the port (dialout or uucp)"
        return DeviceError(f"{path} may not be opened; expected that it may: {remedy}", "denied")
    return DeviceError(f"{path} could not be opened: {said}", "failed")
