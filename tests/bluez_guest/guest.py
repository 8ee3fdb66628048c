"""Runs the guest: qemu, the radio around it, and the way from bleak to the guest's D-Bus."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.bluez_guest.building import Image

REPOSITORY = Path(__file__).resolve().parents[2]
#: It takes 10 to 20 s on two cores that have nothing else to do.
BOOT_S = 120.0


class Guest:
    """A guest that runs.

    Attributes
    ----------
    bus : str
        D-Bus address of its system bus, on this computer.
    """

    def __init__(self, folder: Path, image: Image, running: ExitStack) -> None:
        self._folder, self._running = folder, running
        self.bus = f"unix:path={folder / 'bus'}"
        self._port = _free_port()
        self._qemu = self._process(*_qemu(folder, image, self._port))
        _wait(lambda: (folder / "hci").exists(), "qemu did not begin")
        self._radio = self._process(
            sys.executable, "-m", "tests.bluez_guest.radio", str(folder / "hci"), piped=True
        )
        assert self._answer() == "ready"
        self._process(
            "socat", f"UNIX-LISTEN:{folder / 'bus'},fork", f"TCP:127.0.0.1:{self._port},nodelay"
        )
        _wait(self._booted, "the guest did not boot")

    def radio(self, command: str) -> object:
        """Let something happen in the air; what the radio answers."""
        assert self._radio.stdin is not None
        self._radio.stdin.write(f"{command}\n".encode())
        self._radio.stdin.flush()
        return self._answer()

    def log(self) -> str:
        """What the guest wrote to its console."""
        path = self._folder / "console.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def _answer(self) -> object:
        assert self._radio.stdout is not None
        line = self._radio.stdout.readline()
        assert line, "the radio ended"
        return json.loads(line)

    def _booted(self) -> bool:
        assert self._qemu.poll() is None, self.log()[-2000:]
        return "guest: ready" in self.log()

    def _process(self, *command: str, piped: bool = False) -> "subprocess.Popen[bytes]":
        pipe = subprocess.PIPE if piped else subprocess.DEVNULL
        log = self._running.enter_context(
            (self._folder / f"{Path(command[0]).name}.log").open("ab")
        )
        process = subprocess.Popen(command, cwd=REPOSITORY, stdin=pipe, stdout=pipe, stderr=log)
        self._running.callback(_end, process)
        return process


@contextmanager
def running_guest(image: Image, folder: Path) -> Iterator[Guest]:
    """A guest that has booted; everything ends with the block.

    Parameters
    ----------
    folder : Path
        For its sockets and logs; short, since paths of sockets must be.
    """
    with ExitStack() as running:
        yield Guest(folder, image, running)


def _qemu(folder: Path, image: Image, port: int) -> list[str]:
    network = f"user,id=n,restrict=on,hostfwd=tcp:127.0.0.1:{port}-:5555"
    return [
        "qemu-system-x86_64", "-accel", "tcg,thread=multi", "-cpu", "qemu64", "-m", "256",
        "-M", "pc", "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot",
        "-kernel", str(image.kernel), "-initrd", str(image.initrd),
        "-append", "console=ttyS0 quiet mitigations=off cryptomgr.notests panic=-1",
        "-serial", f"file:{folder / 'console.log'}",
        "-netdev", network, "-device", "virtio-net-pci,netdev=n,romfile=",
        "-device", "virtio-serial-pci",
        "-chardev", f"socket,path={folder / 'hci'},server=on,wait=off,id=h",
        "-device", "virtconsole,chardev=h",
    ]  # fmt: skip


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def _wait(true: Callable[[], bool], failure: str) -> None:
    deadline = time.monotonic() + BOOT_S
    while not true():
        assert time.monotonic() < deadline, failure
        time.sleep(0.05)


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.kill()
    process.wait()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            stream.close()
