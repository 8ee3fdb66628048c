"""A real HTTP server on loopback: what it is sent, and what its failures are called."""

import socket
import threading
import time
from collections.abc import Callable

import pytest

from crampdetect.alerting.delivery import Delivery
from crampdetect.alerting.messages import Message
from crampdetect.alerting.webhook import WebhookReceiver
from tests.alert_rigs import free_port, hook, until

CRAMP = Message("cramp", 1_767_225_600_000_000_000, 0.93)


def test_events_are_posted_as_json_and_hold_nothing_else() -> None:
    with hook() as server:
        receiver = WebhookReceiver(server.address)
        assert receiver.deliver(CRAMP) is None
        assert receiver.deliver(Message("withdrawn", 0)) is None
        fault = Message("fault", 0, cause="no_data", text="no data for 30 s")
        assert receiver.deliver(fault) is None
    assert server.bodies == [
        {"schema": 1, "event": "cramp", "time": "2026-01-01T00:00:00Z", "probability": 0.93},
        {"schema": 1, "event": "withdrawn", "time": "1970-01-01T00:00:00Z"},
        {
            "schema": 1,
            "event": "fault",
            "time": "1970-01-01T00:00:00Z",
            "cause": "no_data",
            "text": "no data for 30 s",
        },
    ]
    assert server.paths == ["/hook?token=geheim"] * 3
    assert server.headers[0]["Content-Type"] == "application/json"
    assert server.headers[0]["User-Agent"] == "crampdetect"


@pytest.mark.parametrize("status", [400, 404, 500, 503])
def test_an_answer_that_is_no_success_is_a_failure(status: int) -> None:
    with hook() as server:
        server.status = status
        assert WebhookReceiver(server.address).deliver(CRAMP) == f"it answered {status}"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_refused(status: int) -> None:
    with hook() as server, hook() as other:
        server.status, server.location = status, other.address
        failure = WebhookReceiver(server.address).deliver(CRAMP)
        assert failure == f"it answered {status} (redirects are refused)"
        assert len(server.bodies) == 1
        assert other.bodies == []


def test_nobody_listens() -> None:
    receiver = WebhookReceiver(f"http://127.0.0.1:{free_port()}/geheim")
    assert receiver.deliver(CRAMP) == "connection refused"
    assert receiver.name == "the webhook at 127.0.0.1"


def test_no_answer_in_time() -> None:
    with hook() as server:
        server.blocked.clear()
        began = time.monotonic()
        failure = WebhookReceiver(server.address, timeout_s=0.2).deliver(CRAMP)
        assert failure == "no answer within 0.2 s"
        assert time.monotonic() - began < 5.0


def answering(answer: Callable[[socket.socket], object]) -> tuple[int, threading.Thread]:
    """A server that is none of HTTP, for one connection."""
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        link, _ = server.accept()
        with server, link:
            link.recv(65536)
            answer(link)

    thread = threading.Thread(target=serve)
    thread.start()
    return int(server.getsockname()[1]), thread


@pytest.mark.parametrize(
    ("answer", "failure"),
    [
        (b"SSH-2.0-x\r\n", "no HTTP answer (BadStatusLine)"),
        (b"", "no HTTP answer (RemoteDisconnected)"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200, "no HTTP answer (HTTPException)"),
        (b"HTTP/1.1 200 " + b"x" * 70000 + b"\r\n\r\n", "no HTTP answer (LineTooLong)"),
    ],
)
def test_answers_that_are_none(answer: bytes, failure: str) -> None:
    port, thread = answering(lambda link: link.sendall(answer))
    found = WebhookReceiver(f"http://127.0.0.1:{port}/geheim").deliver(CRAMP)
    thread.join()
    assert found in (failure, "connection reset by peer")


def test_https_to_a_server_that_has_none() -> None:
    port, thread = answering(lambda link: link.sendall(b"HTTP/1.1 200 OK\r\n\r\n"))
    found = WebhookReceiver(f"https://127.0.0.1:{port}/geheim").deliver(CRAMP)
    thread.join()
    assert found is not None
    assert "geheim" not in found


def test_a_proxy_of_the_system_is_not_asked_for_this_computer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with hook() as proxy, hook() as server:
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{proxy.port}")
        assert WebhookReceiver(server.address).deliver(CRAMP) is None
        assert (len(server.bodies), proxy.bodies) == (1, [])


def test_a_webhook_that_hangs_holds_up_nobody_and_is_told_once() -> None:
    with hook() as server:
        server.blocked.clear()
        delivery = Delivery(WebhookReceiver(server.address, timeout_s=0.3))
        began = time.monotonic()
        for _ in range(3):
            delivery.put(CRAMP)
        assert time.monotonic() - began < 0.3
        delivery.end()
        assert delivery.join(20.0) == [
            "the webhook at 127.0.0.1 failed 3 times: no answer within 0.3 s"
        ]


def test_the_end_of_the_night_does_not_wait_for_ever() -> None:
    with hook() as server:
        server.blocked.clear()
        delivery = Delivery(WebhookReceiver(server.address, timeout_s=15.0))
        delivery.put(CRAMP)
        until(lambda: not delivery._waiting)
        delivery.end()
        began = time.monotonic()
        told = delivery.join(0.1)
        assert time.monotonic() - began < 8.0
        assert told == [
            "the webhook at 127.0.0.1 failed 1 time: it was still waited for at the end"
        ]
