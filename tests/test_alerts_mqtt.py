"""A real mosquitto on loopback: what Home Assistant would see of a night, come what may."""

import json
import signal
import socket
import time
from pathlib import Path
from typing import Any

from crampdetect.alerting.messages import Message
from crampdetect.alerting.mqtt import MqttStates
from crampdetect.alerting.settings import MqttSettings
from tests.alert_rigs import Listener, broker, free_port, listener, until

NOW = 1_767_225_600_000_000_000
CRAMP, OVER = Message("cramp", NOW, 0.93), Message("over", NOW)
PREFIX = "crampdetect/left"


def settings(port: int, **fields: Any) -> MqttSettings:
    return MqttSettings("127.0.0.1", port, PREFIX, **fields)


def online(heard: Listener) -> bool:
    return heard.last.get(f"{PREFIX}/availability") == "online"


def test_home_assistant_finds_the_device_and_every_entity(tmp_path: Path) -> None:
    port = free_port()
    with broker(tmp_path, port):
        states = MqttStates(settings(port))
        with listener(port) as before:
            until(lambda: online(before))
        # Who comes later, as Home Assistant after a restart, finds the same: it is retained.
        with listener(port) as heard:
            until(lambda: online(heard))
            assert all(heard.retained.values())
            found = {
                name: json.loads(text) for name, text in heard.last.items() if "/config" in name
            }
        assert states.close() == []
    assert sorted(found) == [
        "homeassistant/binary_sensor/crampdetect_left/cramp/config",
        "homeassistant/binary_sensor/crampdetect_left/problem/config",
        "homeassistant/sensor/crampdetect_left/battery/config",
        "homeassistant/sensor/crampdetect_left/episodes/config",
    ]
    for name, document in found.items():
        entity = name.split("/")[3]
        assert document["unique_id"] == f"crampdetect_left_{entity}"
        assert document["state_topic"] == f"{PREFIX}/{entity}"
        assert document["availability_topic"] == f"{PREFIX}/availability"
        assert document["device"]["identifiers"] == ["crampdetect_left"]
        assert document["origin"]["name"] == "crampdetect"
    problem = found["homeassistant/binary_sensor/crampdetect_left/problem/config"]
    assert problem["device_class"] == "problem"
    battery = found["homeassistant/sensor/crampdetect_left/battery/config"]
    assert (battery["device_class"], battery["unit_of_measurement"]) == ("battery", "%")


def test_a_night_as_a_broker_sees_it(tmp_path: Path) -> None:
    port = free_port()
    with broker(tmp_path, port), listener(port) as heard:
        states = MqttStates(settings(port))
        until(lambda: online(heard))
        assert heard.state(f"{PREFIX}/cramp") == "OFF"
        assert heard.last[f"{PREFIX}/episodes"] == "0"
        assert f"{PREFIX}/battery" not in heard.last
        states.tell(CRAMP)
        until(lambda: heard.state(f"{PREFIX}/cramp") == "ON")
        assert json.loads(heard.last[f"{PREFIX}/cramp"]) == {
            "state": "ON",
            "time": "2026-01-01T00:00:00Z",
            "probability": 0.93,
        }
        for _ in range(100):
            states.status(1, 64)
        states.tell(OVER)
        states.problems({"no_data": "no data", "disk_low": "no space"})
        until(lambda: heard.state(f"{PREFIX}/problem") == "ON")
        problem = json.loads(heard.last[f"{PREFIX}/problem"])
        assert problem["causes"] == ["no_data", "disk_low"]
        assert problem["text"] == "no data; no space"
        assert heard.state(f"{PREFIX}/cramp") == "OFF"
        # A state is published when it changes, not each time that it is said.
        assert [text for name, text in heard.all if name == f"{PREFIX}/battery"] == ["64"]
        assert [text for name, text in heard.all if name == f"{PREFIX}/episodes"] == ["0", "1"]
        states.problems({})
        until(lambda: heard.state(f"{PREFIX}/problem") == "OFF")
        assert states.close() == []
        until(lambda: heard.last[f"{PREFIX}/problem"] == "")
        assert heard.last[f"{PREFIX}/availability"] == "offline"
        states.tell(CRAMP)
        states.status(9, 9)
    assert heard.last[f"{PREFIX}/cramp"] == heard.last[f"{PREFIX}/episodes"] == ""


def test_after_the_night_nothing_of_it_is_kept_at_the_broker(tmp_path: Path) -> None:
    port = free_port()
    with broker(tmp_path, port):
        states = MqttStates(settings(port))
        with listener(port) as heard:
            until(lambda: online(heard))
            states.tell(CRAMP)
            states.status(3, 50)
            until(lambda: heard.last.get(f"{PREFIX}/battery") == "50")
            assert states.close() == []
        with listener(port) as later:
            until(lambda: f"{PREFIX}/availability" in later.last)
            until(lambda: len(later.last) == 5)
    assert later.last[f"{PREFIX}/availability"] == "offline"
    assert [name for name in later.last if not name.startswith("homeassistant/")] == [
        f"{PREFIX}/availability"
    ]


def test_the_states_come_back_after_the_broker_was_away(tmp_path: Path) -> None:
    port = free_port()
    with broker(tmp_path, port):
        states = MqttStates(settings(port))
        with listener(port) as heard:
            until(lambda: online(heard))
            states.tell(CRAMP)
            until(lambda: heard.state(f"{PREFIX}/cramp") == "ON")
    # Gone without a word, with all that it had retained; meanwhile the cramp ends.
    states.tell(OVER)
    states.status(1, None)
    with broker(tmp_path, port), listener(port) as heard:
        until(lambda: online(heard))
        assert heard.state(f"{PREFIX}/cramp") == "OFF"
        assert heard.last[f"{PREFIX}/episodes"] == "1"
        assert len([name for name in heard.last if name.endswith("/config")]) == 4
        told = states.close()
    assert "MQTT at 127.0.0.1 failed 1 time: the connection was lost" in told


def test_a_broker_that_is_not_there_is_counted_and_holds_up_nobody() -> None:
    port = free_port()
    states = MqttStates(settings(port))
    until(lambda: bool(states._failures))
    began = time.monotonic()
    for _ in range(1000):
        states.tell(CRAMP)
        states.tell(OVER)
    assert time.monotonic() - began < 2.0
    (told,) = states.close()
    assert told.startswith("MQTT at 127.0.0.1 failed ")
    assert told.endswith(": connection refused")


def test_something_else_than_a_broker() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        states = MqttStates(settings(server.getsockname()[1]))
        link, _ = server.accept()
        link.close()
        until(lambda: bool(states._failures))
    told = states.close()
    assert told[0] == "MQTT at 127.0.0.1 failed 1 time: no broker answered"


def test_a_mute_takes_a_cramp_back_at_once(tmp_path: Path) -> None:
    port = free_port()
    with broker(tmp_path, port), listener(port) as heard:
        states = MqttStates(settings(port))
        until(lambda: online(heard))
        states.tell(CRAMP)
        until(lambda: heard.state(f"{PREFIX}/cramp") == "ON")
        states.silence()
        until(lambda: heard.last[f"{PREFIX}/problem"] == "")
        assert heard.last[f"{PREFIX}/availability"] == "offline"
        cramps = [text for name, text in heard.all if name == f"{PREFIX}/cramp" and text]
        assert json.loads(cramps[-1]) == {"state": "OFF"}
        count = len(heard.all)
        states.tell(CRAMP)
        states.problems({"no_data": "no data"})
        assert states.close() == []
        assert len(heard.all) == count


def test_a_mute_while_the_broker_is_away_reaches_it_later(tmp_path: Path) -> None:
    port = free_port()
    persistent = ("persistence true", f"persistence_location {tmp_path}/", "autosave_interval 1",
                  "autosave_on_changes true")  # fmt: skip
    with broker(tmp_path, port, *persistent) as process:
        states = MqttStates(settings(port))
        with listener(port) as heard:
            until(lambda: online(heard))
            states.tell(CRAMP)
            until(lambda: heard.state(f"{PREFIX}/cramp") == "ON")
        process.send_signal(signal.SIGTERM)
        process.wait()
    until(lambda: not states._connected)
    states.silence()
    with broker(tmp_path, port, *persistent):
        until(lambda: states._last is not None and states._last.is_published())
        told = states.close()
        with listener(port) as later:
            until(lambda: len(later.last) == 5)
    # The broker had kept all of it, the cramp too; now only what it needs to know the device.
    assert later.last.pop(f"{PREFIX}/availability") == "offline"
    assert all(name.endswith("/config") for name in later.last)
    assert told[0] == "MQTT at 127.0.0.1 failed 1 time: the connection was lost"
