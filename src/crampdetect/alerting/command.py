"""Runs a person's command for an event, in a process of its own, without a shell."""

import os
import shutil
import signal
import subprocess
import sys
import threading
from contextlib import suppress

from crampdetect.alerting.messages import Event, Message
from crampdetect.alerting.settings import command_words

__all__ = ["CommandReceiver"]

#: Seconds that a command may take: long enough for a sound that wakes somebody [A].
COMMAND_S = 60.0
#: And to end once it was asked to.
END_S = 1.0


class CommandReceiver:
    """A command line that is run for one kind of event.

    Parameters
    ----------
    line : str
    setting : str
        What it comes from, ``"on_cramp"`` or ``"on_fault"``.
    event : str
        The event that it is run for.
    timeout_s : float
        After which it is ended, with all that it started.

    Raises
    ------
    ValueError
        The program is not there: better known before the night than in it.
    """

    def __init__(self, line: str, setting: str, event: Event, timeout_s: float = COMMAND_S) -> None:
        self._words = command_words(line, setting)
        if shutil.which(self._words[0]) is None:
            raise ValueError(
                f"{setting}: {self._words[0]} cannot be run; expected a program on the PATH, or "
                "its path"
            )
        self.name = f"the {setting} command"
        self._event, self._timeout = event, timeout_s
        self._lock = threading.Lock()
        self._stopped = False
        self._process: subprocess.Popen[bytes] | None = None

    def wants(self, message: Message) -> bool:
        """Only its own event: an alarm must not sound because a cramp is over."""
        return message.event == self._event

    def deliver(self, message: Message) -> str | None:
        """Run it and wait for its end."""
        try:
            process = self._begin(message)
        except OSError as error:
            return f"it could not be run ({error.strerror or error})"
        if process is None:
            return None
        try:
            code = process.wait(self._timeout)
        except subprocess.TimeoutExpired:
            _end(process)
            return f"not done within {self._timeout:g} s, so it was ended"
        finally:
            with self._lock:
                self._process = None
        if code == 0 or self._stopped:
            return None
        return f"it ended with {code}" if code > 0 else f"it was ended by signal {-code}"

    def stop(self) -> None:
        """End it with all that it started, and run it no more."""
        with self._lock:
            self._stopped = True
            process = self._process
        # Once it was waited for, its number may be another's.
        if process is not None and process.poll() is None:
            _end(process)

    def _begin(self, message: Message) -> "subprocess.Popen[bytes] | None":
        with self._lock:
            if self._stopped:
                return None
            self._process = subprocess.Popen(
                self._words,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=os.environ | message.environment(),
                # Ctrl-C at the terminal ends the night, not an alarm; and all that it starts
                # can be ended together.
                start_new_session=True,
            )
            return self._process


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End the process and what it started."""
    _signal(process, hard=False)
    with suppress(subprocess.TimeoutExpired):  # what follows does not ask
        process.wait(END_S)
    _signal(process, hard=True)
    process.wait()


def _signal(process: "subprocess.Popen[bytes]", hard: bool) -> None:
    if sys.platform == "win32":
        process.kill()
        return
    try:
        os.killpg(process.pid, signal.SIGKILL if hard else signal.SIGTERM)
    except (ProcessLookupError, PermissionError):
        return  # All of the group has ended, or belongs to somebody else now (setuid).
