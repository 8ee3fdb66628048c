"""What systemd would hear, on a real socket."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from crampdetect.service_notify import ServiceNotify

pytestmark = pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="no local sockets here")


class Manager:
    """The other end of NOTIFY_SOCKET."""

    def __init__(self, address: str | bytes) -> None:
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(address)
        self.socket.setblocking(False)

    def heard(self) -> list[str]:
        lines = []
        while True:
            try:
                lines.append(self.socket.recv(4096).decode())
            except BlockingIOError:
                return lines


@pytest.fixture(params=["path", "abstract"])
def manager(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Manager, str]]:
    if request.param == "path":
        address = name = str(tmp_path / "notify")
    else:
        name = f"@crampdetect-test-{os.getpid()}"
        address = "\0" + name[1:]
    found = Manager(address)
    yield found, name
    found.socket.close()


def test_a_service_from_ready_to_stopping(manager: tuple[Manager, str]) -> None:
    systemd, name = manager
    service = ServiceNotify({"NOTIFY_SOCKET": name})
    service.ready()
    service.status("recording\nlost 0.1 %")
    service.status("recording lost 0.1 %")
    service.status("recording, lost 0.2 %")
    service.beat()
    service.stopping()
    assert systemd.heard() == [
        "READY=1",
        "STATUS=recording lost 0.1 %",
        "STATUS=recording, lost 0.2 %",
        "STOPPING=1",
    ]
    assert (service.failed, service.failure) == (0, "")


def test_the_watchdog_is_fed_at_half_its_time(manager: tuple[Manager, str]) -> None:
    systemd, name = manager
    now = 100.0
    environment = {"NOTIFY_SOCKET": name, "WATCHDOG_USEC": "60000000"}
    service = ServiceNotify(environment, lambda: now)
    fed = []
    for second in range(100):
        now = 100.0 + second
        service.beat()
        fed += [second] * systemd.heard().count("WATCHDOG=1")
    assert fed == [0, 30, 60, 90]


def test_a_watchdog_of_another_process_is_not_fed(manager: tuple[Manager, str]) -> None:
    systemd, name = manager
    environment = {"NOTIFY_SOCKET": name, "WATCHDOG_USEC": "60000000"}
    ServiceNotify(environment | {"WATCHDOG_PID": str(os.getpid() + 1)}).beat()
    assert systemd.heard() == []
    ServiceNotify(environment | {"WATCHDOG_PID": str(os.getpid())}).beat()
    assert systemd.heard() == ["WATCHDOG=1"]


@pytest.mark.parametrize("said", ["", "-1", "soon"])
def test_no_watchdog(manager: tuple[Manager, str], said: str) -> None:
    systemd, name = manager
    ServiceNotify({"NOTIFY_SOCKET": name, "WATCHDOG_USEC": said}).beat()
    assert systemd.heard() == []


def test_without_systemd_nothing_happens() -> None:
    service = ServiceNotify({})
    service.ready()
    service.status("text")
    service.beat()
    service.stopping()
    assert service.failed == 0


def test_the_environment_of_the_process_is_the_usual_one(
    manager: tuple[Manager, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    systemd, name = manager
    monkeypatch.setenv("NOTIFY_SOCKET", name)
    ServiceNotify().ready()
    assert systemd.heard() == ["READY=1"]


def test_a_manager_that_does_not_read_is_not_waited_for(manager: tuple[Manager, str]) -> None:
    systemd, name = manager
    service = ServiceNotify({"NOTIFY_SOCKET": name})
    for count in range(2000):
        service.status(f"{count}")
    # The socket's queue is full after some; the others are counted.
    assert service.failed == 2000 - len(systemd.heard()) > 0
    assert service.failure == "Resource temporarily unavailable"


@pytest.mark.parametrize("name", ["/no/such/socket", "vsock:2:1", "relative"])
def test_a_socket_that_is_none_is_counted(name: str) -> None:
    service = ServiceNotify({"NOTIFY_SOCKET": name})
    service.ready()
    assert service.failed == 1
    assert service.failure in ("No such file or directory", "NOTIFY_SOCKET is no local socket")
