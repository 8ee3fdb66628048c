"""What the tests of alerts share: a clock, an HTTP server, a broker and somebody who listens."""

import json
import os
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion

__all__ = ["Hook", "Listener", "SetClock", "broker", "free_port", "hook", "listener", "until"]

#: Far longer than anything takes; only a failing test waits for it.
PATIENCE_S = 20.0


def until(met: Callable[[], bool], patience_s: float = PATIENCE_S) -> None:
    """Wait for a condition."""
    end = time.monotonic() + patience_s
    while not met():
        if time.monotonic() > end:
            raise AssertionError("it did not happen in time")
        time.sleep(0.01)


class SetClock:
    """A clock that stands until a test moves it."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def monotonic_ns(self) -> int:
        return int(self.now_s * 1e9)

    def utc_ns(self) -> int:
        return 1_767_225_600_000_000_000 + self.monotonic_ns()

    def boottime_ns(self) -> int:
        return self.monotonic_ns()


class Hook:
    """What a server was sent, and what it answers."""

    def __init__(self) -> None:
        self.bodies: list[dict[str, Any]] = []
        self.paths: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.status = 204
        self.location = ""
        self.blocked = threading.Event()
        self.blocked.set()
        self.address = ""
        self.port = 0


@contextmanager
def hook() -> Iterator[Hook]:
    """A real HTTP server on loopback."""
    heard = Hook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            heard.blocked.wait(PATIENCE_S)
            heard.headers.append(dict(self.headers.items()))
            heard.paths.append(self.path)
            heard.bodies.append(json.loads(body))
            try:
                self.send_response(heard.status)
                if heard.location:
                    self.send_header("Location", heard.location)
                self.send_header("Content-Length", "0")
                self.end_headers()
            except ConnectionError:
                pass  # the sender no longer waits, as some tests want

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    heard.port = server.server_address[1]
    heard.address = f"http://127.0.0.1:{heard.port}/hook?token=geheim"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield heard
    finally:
        heard.blocked.set()
        server.shutdown()
        thread.join()
        server.server_close()


def free_port() -> int:
    """A port of loopback that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def broker(folder: Path, port: int, *lines: str) -> Iterator["subprocess.Popen[bytes]"]:
    """A real mosquitto on loopback; `lines` go into its configuration."""
    program = shutil.which("mosquitto", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        pytest.skip("needs mosquitto (apt install mosquitto)")
    own = [] if os.getuid() else ["user root"]  # else it could not read the test's folder
    text = [f"listener {port} 127.0.0.1", "allow_anonymous true", *own, *lines]
    configuration = folder / f"mosquitto-{port}.conf"
    configuration.write_text("\n".join(text) + "\n")
    with (folder / "mosquitto.log").open("ab") as log:
        process = subprocess.Popen([program, "-c", str(configuration)], stdout=log, stderr=log)
    try:
        until(lambda: _answers(port) or process.poll() is not None)
        assert process.poll() is None, (folder / "mosquitto.log").read_text()
        yield process
    finally:
        process.kill()
        process.wait()


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Listener:
    """A client that keeps the last message of each topic, and all in order."""

    def __init__(self) -> None:
        self.last: dict[str, str] = {}
        self.retained: dict[str, bool] = {}
        self.all: list[tuple[str, str]] = []

    def heard(self, client: Client, userdata: object, message: MQTTMessage) -> None:
        del client, userdata
        text = message.payload.decode()
        self.last[message.topic], self.retained[message.topic] = text, message.retain
        self.all.append((message.topic, text))

    def state(self, topic: str) -> str:
        """The state that Home Assistant's template would take from a topic."""
        text = self.last.get(topic, "")
        return str(json.loads(text)["state"]) if text else ""


@contextmanager
def listener(port: int) -> Iterator[Listener]:
    """Subscribe to everything."""
    found = Listener()
    subscribed = threading.Event()
    client = Client(CallbackAPIVersion.VERSION2)
    client.on_message = found.heard
    client.on_subscribe = lambda *_: subscribed.set()
    client.connect("127.0.0.1", port)
    client.subscribe("#", qos=1)
    client.loop_start()
    try:
        assert subscribed.wait(PATIENCE_S)
        yield found
    finally:
        client.disconnect()
        client.loop_stop()
