"""The check over a real serial port: pyserial on a pseudo-terminal, with a sensor at its end."""

import json
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from crampdetect.devices.cramplink_messages import framed
from crampdetect.link import Received
from crampdetect.session_check_demo import check_evening
from crampdetect.simulation import SimulatedNight
from crampdetect.storage.configuration import Configuration, DeviceChoice, save_configuration
from tests.asked_commands import run_command
from tests.checked_legs import LEG, evening, link_events

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are of Unix")


class Sensor:
    """Sends a whole evening, as fast as the port takes it, once the computer has spoken."""

    def __init__(self, night: SimulatedNight) -> None:
        self._night = night
        self._near, self._far = os.openpty()
        self.path = os.ttyname(self._far)
        os.set_blocking(self._near, False)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._send, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._over.set()
        self._thread.join()
        os.close(self._near)
        os.close(self._far)

    def _send(self) -> None:
        while not self._heard():
            if self._over.wait(0.01):
                return
        for event in link_events(self._night):
            data = framed(event.data) if isinstance(event, Received) else b""
            while data and not self._over.is_set():
                self._heard()
                try:
                    data = data[os.write(self._near, data) :]
                except BlockingIOError:
                    self._over.wait(0.005)

    def _heard(self) -> bytes:
        try:
            return os.read(self._near, 4096)
        except BlockingIOError:
            return b""


@pytest.fixture(autouse=True)
def configuration_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CRAMPDETECT_CONFIG", str(tmp_path / "c.toml"))


@contextmanager
def sensor(night: SimulatedNight) -> Iterator[Sensor]:
    one = Sensor(night)
    try:
        yield one
    finally:
        one.close()


def test_the_sensor_that_was_set_up_is_checked(capsys: pytest.CaptureFixture[str]) -> None:
    with sensor(check_evening()) as there:
        save_configuration(Configuration(DeviceChoice("cramplink-serial", there.path)))
        code = run_command("check", "--json")
    said = capsys.readouterr()
    document = json.loads(said.out)
    levels = {step["step"]: step["level"] for step in document["steps"]}
    assert set(levels.values()) == {"passed"}, said
    assert (code, document["device"]) == (0, "cramplink-serial")
    measures = {step["step"]: step["measures"] for step in document["steps"]}
    assert measures["loss"]["lost"] == 0
    assert measures["loss"]["received"] > 100_000
    assert measures["battery"] == {"percent": 90, "millivolts": 4010}


def test_a_calf_that_never_works_is_not_ok(capsys: pytest.CaptureFixture[str]) -> None:
    with sensor(evening([], replace(LEG, duration_s=130.0))) as there:
        code = run_command("check", "--device", there.path, "--kind", "cramplink-serial")
    said = capsys.readouterr().out
    assert code == 1
    assert "NOT OK  Foot-raises     your calf rose only 1." in said
    assert "-> point the foot down as hard as you can" in said
    assert said.rstrip().endswith("Not yet: see to this, then check again: Foot-raises.")
