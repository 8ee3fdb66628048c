"""Who may talk to a real mosquitto, and what it says of a night that was killed."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from crampdetect.alerting.mqtt import MqttStates
from crampdetect.alerting.settings import MqttSettings
from tests.alert_rigs import broker, free_port, listener, until

PREFIX = "crampdetect/left"


def settings(port: int, **fields: Any) -> MqttSettings:
    return MqttSettings("127.0.0.1", port, PREFIX, **fields)


CHILD = """
import sys, time
from crampdetect.alerting.mqtt import MqttStates
from crampdetect.alerting.settings import MqttSettings
from crampdetect.alerting.messages import Message
states = MqttStates(MqttSettings("127.0.0.1", int(sys.argv[1]), "crampdetect/left"))
states.tell(Message("cramp", 0, 0.9))
time.sleep(600)
"""


def test_a_night_that_is_killed_is_offline_by_the_brokers_word(tmp_path: Path) -> None:
    port = free_port()
    with broker(tmp_path, port), listener(port) as heard:
        child = subprocess.Popen([sys.executable, "-c", CHILD, str(port)])
        try:
            until(lambda: heard.last.get(f"{PREFIX}/availability") == "online")
            os.kill(child.pid, signal.SIGKILL)
        finally:
            child.kill()
            child.wait()
        until(lambda: heard.last[f"{PREFIX}/availability"] == "offline")


def passwords(folder: Path) -> str:
    program = shutil.which("mosquitto_passwd")
    if program is None:
        pytest.skip("needs mosquitto_passwd (apt install mosquitto)")
    file = folder / "passwords"
    subprocess.run([program, "-b", "-c", str(file), "wearer", "geheim"], check=True)
    return f"password_file {file}"


def test_user_and_password(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    port = free_port()
    with broker(tmp_path, port, passwords(tmp_path), "allow_anonymous false"):
        right = MqttStates(settings(port, user="wearer", password="geheim"))
        until(lambda: right._connected)
        wrong = MqttStates(settings(port, user="wearer", password="geheimer"))
        until(lambda: bool(wrong._failures))
        (told,) = wrong.close()
        assert right.close() == []
    assert "it refused (not authorized)" in told
    assert "geheim" not in told + "".join(capfd.readouterr())


def certificates(folder: Path) -> tuple[Path, Path, Path]:
    """A fresh authority, and a certificate of it for 127.0.0.1."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("needs openssl (apt install openssl)")
    ca, ca_key = folder / "ca.pem", folder / "ca.key"
    own, own_key, request = folder / "own.pem", folder / "own.key", folder / "own.csr"
    names = folder / "names"
    names.write_text("subjectAltName=IP:127.0.0.1\n")
    new = [openssl, "req", "-newkey", "rsa:2048", "-nodes"]
    commands: list[list[str | Path]] = [
        [*new, "-x509", "-days", "2", "-subj", "/CN=test", "-keyout", ca_key, "-out", ca],
        [*new, "-subj", "/CN=broker", "-keyout", own_key, "-out", request],
        [openssl, "x509", "-req", "-in", request, "-CA", ca, "-CAkey", ca_key, "-days", "2",
         "-CAcreateserial", "-extfile", names, "-out", own],
    ]  # fmt: skip
    for command in commands:
        subprocess.run(command, check=True, capture_output=True)
    return ca, own, own_key


# paho leaves a socket whose handshake failed to the garbage collector.
@pytest.mark.filterwarnings("ignore:unclosed <ssl:ResourceWarning")
def test_an_encrypted_broker_is_trusted_only_with_its_authority(tmp_path: Path) -> None:
    port = free_port()
    ca, own, own_key = certificates(tmp_path)
    with broker(tmp_path, port, f"certfile {own}", f"keyfile {own_key}"):
        trusting = MqttStates(settings(port, tls=True, ca_file=str(ca)))
        until(lambda: trusting._connected)
        doubting = MqttStates(settings(port, tls=True))
        until(lambda: bool(doubting._failures))
        assert not doubting._connected
        (told,) = doubting.close()
        assert "certificate verify failed" in told
        assert trusting.close() == []


def test_a_certificate_that_is_none_is_told_before_the_night(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"missing\.pem: no certificate .*expected"):
        MqttStates(settings(1, tls=True, ca_file=str(tmp_path / "missing.pem")))
    empty = tmp_path / "empty.pem"
    empty.write_text("nothing")
    with pytest.raises(ValueError, match=r"empty\.pem: no certificate .*expected"):
        MqttStates(settings(1, tls=True, ca_file=str(empty)))
