"""Tells systemd how a service is: ready, status, alive, stopping. Without systemd: nothing.

The protocol is lines of ``NAME=value`` in datagrams to a socket that the environment names
(sd_notify(3)). A status can be seen by other users of the computer: no health data in it.
"""

import os
import socket
import time
from collections.abc import Callable, Mapping

__all__ = ["ServiceNotify"]


class ServiceNotify:
    """Speaks to the service manager, if one is there; never waits for it.

    Parameters
    ----------
    environment : mapping of str to str, optional
        Of this process, where it is not another.
    now_s : callable
        Monotonic, in real seconds, as systemd's own clock.

    Attributes
    ----------
    failed : int
        Datagrams that could not be sent.
    failure : str
        Why, of the last.
    """

    def __init__(
        self,
        environment: Mapping[str, str] | None = None,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        source = os.environ if environment is None else environment
        self._address = source.get("NOTIFY_SOCKET", "")
        self._interval = _watchdog_s(source) / 2.0
        self._now, self._beaten, self._said = now_s, float("-inf"), ""
        self.failed, self.failure = 0, ""

    def ready(self) -> None:
        """The night is being recorded."""
        self._send("READY=1")

    def status(self, text: str) -> None:
        """One line for ``systemctl status``; the same again: nothing."""
        line = " ".join(text.split())
        if line != self._said:
            self._said = line
            self._send(f"STATUS={line}")

    def beat(self) -> None:
        """Still alive: said when half of the watchdog's time is over. Call it each second."""
        now = self._now()
        if self._interval and now - self._beaten >= self._interval:
            self._beaten = now
            self._send("WATCHDOG=1")

    def stopping(self) -> None:
        """The night is being finished."""
        self._send("STOPPING=1")

    def _send(self, line: str) -> None:
        if not self._address:
            return
        try:
            if self._address[0] not in "/@" or not hasattr(socket, "AF_UNIX"):
                raise OSError("NOTIFY_SOCKET is no local socket")
            # A leading @ stands for the zero byte of Linux's abstract names.
            address = b"\0" * (self._address[0] == "@") + os.fsencode(self._address.lstrip("@"))
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as link:
                link.setblocking(False)
                link.sendto(line.encode(), address)
        except OSError as error:
            self.failed += 1
            self.failure = error.strerror or str(error)


def _watchdog_s(environment: Mapping[str, str]) -> float:
    """Seconds until the watchdog bites; 0 where it does not watch this process."""
    microseconds = environment.get("WATCHDOG_USEC", "")
    watched = environment.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
    return int(microseconds) / 1e6 if watched and microseconds.isdecimal() else 0.0
