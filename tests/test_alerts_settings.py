"""Alerts are off by default; what cannot work is refused before the night, without its secrets."""

import pytest

from crampdetect.alerting.alerts import Alerts
from crampdetect.alerting.settings import AlertSettings, MqttSettings
from tests.alert_rigs import SetClock


def test_nothing_is_told_by_default() -> None:
    assert not AlertSettings().active


def test_mute_goes_before_everything() -> None:
    settings = AlertSettings("a", "b", "https://example.org", MqttSettings("broker"), mute=True)
    assert not settings.active


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/a?b=c",
        "https://example.org:8443/",
        "http://localhost:8123/api/webhook/x",
        "http://127.0.0.1/",
        "http://[::1]:80/",
    ],
)
def test_web_addresses_that_may_be_used(url: str) -> None:
    assert AlertSettings(webhook=url).active


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("http://example.org/geheim", "goes to example.org unencrypted"),
        ("http://192.168.1.5/geheim", "goes to 192.168.1.5 unencrypted"),
        ("http://localhost.example.org/geheim", "unencrypted"),
        ("ftp://example.org/geheim", "is no web address"),
        ("file:///geheim", "is no web address"),
        ("geheim", "is no web address"),
        ("https:///geheim", "is no web address"),
        ("https://user:geheim@example.org/", "user or password"),
        ("https://example.org:99999/geheim", "is no address"),
        ("https://[geheim/", "is no address"),
        ("https://example.org/ geheim", "characters"),
        ("https://example.org/\r\nX: geheim", "characters"),
        ("https://exämple.org/geheim", "characters"),
    ],
)
def test_web_addresses_that_are_refused_without_showing_them(url: str, found: str) -> None:
    with pytest.raises(ValueError, match="expected") as refused:
        AlertSettings(webhook=url)
    assert found in str(refused.value)
    assert "geheim" not in str(refused.value)


def test_plain_http_to_others_must_be_allowed() -> None:
    assert AlertSettings(webhook="http://192.168.1.5/x", allow_plain=True).active


@pytest.mark.parametrize("line", ["", "   ", "play 'alarm.wav", "play\0x"])
def test_commands_that_are_none(line: str) -> None:
    with pytest.raises(ValueError, match=r"on_cramp .* expected"):
        AlertSettings(on_cramp=line)


def test_a_program_that_is_not_there_is_told_before_the_night() -> None:
    settings = AlertSettings(on_fault="no-such-program-4711 --loud")
    with pytest.raises(ValueError, match="on_fault: no-such-program-4711 cannot be run; expected"):
        Alerts(settings, SetClock())


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"host": ""}, "host"),
        ({"host": "a b"}, "host"),
        ({"host": "a..b"}, "host"),
        ({"host": "x" * 64 + ".org"}, "host"),
        ({"host": "mqtt://broker"}, "host"),
        ({"host": "broker", "port": 0}, "port is 0"),
        ({"host": "broker", "port": 65536}, "port is 65536"),
        ({"host": "broker", "topic": "a/#"}, "topic"),
        ({"host": "broker", "topic": "/a"}, "topic"),
        ({"host": "broker", "topic": ""}, "topic"),
        ({"host": "broker", "discovery_prefix": "+"}, "topic"),
        ({"host": "broker", "password": "geheim"}, "without a user"),
        ({"host": "broker", "ca_file": "ca.pem"}, "without tls"),
    ],
)
def test_brokers_that_are_refused(fields: dict[str, object], found: str) -> None:
    with pytest.raises(ValueError, match=r"expected|without") as refused:
        MqttSettings(**fields)  # type: ignore[arg-type]
    assert found in str(refused.value)
    assert "geheim" not in str(refused.value)


def test_ports_follow_encryption() -> None:
    assert MqttSettings("broker").chosen_port == 1883
    assert MqttSettings("broker", tls=True).chosen_port == 8883
    assert MqttSettings("broker", 1, tls=True).chosen_port == 1


def test_no_secret_is_shown() -> None:
    broker = MqttSettings("broker", user="me", password="geheim")
    settings = AlertSettings(webhook="https://example.org/geheim", mqtt=broker)
    assert "geheim" not in repr(settings)


def test_what_the_wearer_should_know_before_the_night() -> None:
    clock = SetClock()
    assert Alerts(AlertSettings(), clock).remarks == ()
    (muted,) = Alerts(AlertSettings(on_cramp="x", mute=True), clock).remarks
    assert "muted" in muted
    broker = MqttSettings("broker.invalid", user="me", password="geheim")
    alerts = Alerts(AlertSettings(mqtt=broker), clock)
    alerts.close()
    (open_net,) = alerts.remarks
    assert "broker.invalid is not encrypted" in open_net
    assert "password" in open_net
    assert "geheim" not in open_net
