"""The part of logind that systemd-inhibit asks, on a bus of its own: a lock is an open pipe."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from dbus_fast import Message, MessageType
from dbus_fast.aio import MessageBus


@dataclass
class Bus:
    """Its address, and the file in which the service writes what it is asked and what ends."""

    address: str
    journal: Path

    def lines(self) -> list[str]:
        return self.journal.read_text(encoding="utf-8").splitlines()


@contextmanager
def bus_with_login1(folder: Path) -> Iterator[Bus]:
    """A bus on which somebody gives locks."""
    journal = folder / "journal.txt"
    journal.write_text("")
    daemon = subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--print-address"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert daemon.stdout is not None
    address = daemon.stdout.readline().strip()
    service = subprocess.Popen(
        [sys.executable, "-m", "tests.login1_service", address, str(journal)],
        cwd=Path(__file__).resolve().parents[1],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert service.stdout is not None
    try:
        assert service.stdout.readline() == "ready\n"
        yield Bus(address, journal)
    finally:
        for process in (service, daemon):
            process.terminate()
            process.communicate()


async def serve(address: str, journal: Path) -> None:
    """Give locks until the process is ended."""
    bus = await MessageBus(bus_address=address, negotiate_unix_fd=True).connect()

    def say(line: str) -> None:
        with journal.open("a", encoding="utf-8") as file:
            file.write(line + "\n")

    def asked(message: Message) -> Message | None:
        if message.message_type is not MessageType.METHOD_CALL or message.member != "Inhibit":
            return None
        ours, theirs = os.pipe()
        say("lock " + " ".join(message.body))

        def released() -> None:
            asyncio.get_running_loop().remove_reader(ours)
            os.close(ours)
            say("released")

        asyncio.get_running_loop().add_reader(ours, released)
        asyncio.get_running_loop().call_later(0.2, os.close, theirs)  # theirs has been sent by then
        return Message.new_method_return(message, "h", [0], [theirs])

    bus.add_message_handler(asked)
    await bus.request_name("org.freedesktop.login1")
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await asyncio.get_running_loop().create_future()  # until SIGTERM


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], Path(sys.argv[2])))
