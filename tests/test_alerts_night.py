"""All alerts of a night together: real command, real HTTP server, real broker."""

import shlex
import threading
import time
from fractions import Fraction
from pathlib import Path

import pytest

from crampdetect.alerting.alerts import Alerts
from crampdetect.alerting.fault_memory import TOLD_AGAIN_S
from crampdetect.alerting.night_facts import NightFacts
from crampdetect.alerting.settings import AlertSettings, MqttSettings
from crampdetect.detection.types import Episode, Kind, Provisional
from tests.alert_rigs import SetClock, broker, free_port, hook, listener, until

RATE = Fraction(1000)
#: Ten seconds of a night each.
CRAMP = Provisional(215, 2000, "cramp", 0.93, "calf")
SILENT = NightFacts(silent_s=30.0)


def ended(kind: Kind = "cramp") -> Episode:
    return Episode(100_000, 150_000, kind, 0.9, ("a reason",), {"duration_s": 50.0}, "calf")


def writes(path: Path) -> str:
    """A command that appends its event and cause to a file."""
    script = f'echo "$CRAMPDETECT_EVENT $CRAMPDETECT_CAUSE" >> {shlex.quote(str(path))}'
    return shlex.join(["sh", "-c", script])


def test_off_by_default_means_no_thread_and_no_word() -> None:
    before = threading.active_count()
    alerts = Alerts(AlertSettings(), SetClock())
    assert threading.active_count() == before
    alerts.hear(CRAMP, RATE)
    alerts.watch(SILENT)
    alerts.status(1, 50)
    alerts.mute()
    assert alerts.close() == []
    assert alerts.close() == []


def test_one_cramp_reaches_everybody_once(tmp_path: Path) -> None:
    out, port = tmp_path / "out", free_port()
    with hook() as server, broker(tmp_path, port), listener(port) as heard:
        mqtt = MqttSettings("127.0.0.1", port)
        alerts = Alerts(AlertSettings(writes(out), None, server.address, mqtt), SetClock())
        until(lambda: heard.last.get("crampdetect/availability") == "online")
        for window in range(215, 300, 10):
            alerts.hear(Provisional(window, 2000, "cramp", 0.93, "calf"), RATE)
        until(lambda: heard.state("crampdetect/cramp") == "ON")
        alerts.status(0, 70)
        alerts.hear(ended(), RATE)
        alerts.status(1, 70)
        until(lambda: heard.last.get("crampdetect/episodes") == "1")
        assert heard.state("crampdetect/cramp") == "OFF"
        assert alerts.close() == []
    assert out.read_text() == "cramp \n"
    assert [body["event"] for body in server.bodies] == ["cramp", "over"]
    # Of the wearer only that, when and how sure.
    assert set(server.bodies[0]) == {"schema", "event", "time", "probability"}
    assert set(server.bodies[1]) == {"schema", "event", "time"}


def test_an_alert_may_be_withdrawn() -> None:
    with hook() as server:
        alerts = Alerts(AlertSettings(webhook=server.address), SetClock())
        alerts.hear(CRAMP, RATE)
        alerts.hear(ended("voluntary_hold"), RATE)
        alerts.hear(ended("voluntary_hold"), RATE)
        assert alerts.close() == []
    assert [body["event"] for body in server.bodies] == ["cramp", "withdrawn"]


def test_a_mute_mutes_everything_from_the_beginning(tmp_path: Path) -> None:
    out, port = tmp_path / "out", free_port()
    with hook() as server, broker(tmp_path, port), listener(port) as heard:
        mqtt, line = MqttSettings("127.0.0.1", port), writes(out)
        alerts = Alerts(AlertSettings(line, line, server.address, mqtt, mute=True), SetClock())
        alerts.hear(CRAMP, RATE)
        alerts.watch(SILENT)
        alerts.fault("disk_low", "text")
        alerts.status(1, 50)
        assert alerts.close() == []
        assert heard.all == []
    assert server.bodies == []
    assert not out.exists()


def test_a_mute_in_the_night_ends_an_alarm_that_sounds(tmp_path: Path) -> None:
    begun, port = tmp_path / "begun", free_port()
    line = shlex.join(["sh", "-c", f"echo >> {shlex.quote(str(begun))}; sleep 600"])
    with hook() as server, broker(tmp_path, port), listener(port) as heard:
        mqtt = MqttSettings("127.0.0.1", port)
        alerts = Alerts(AlertSettings(line, line, server.address, mqtt), SetClock())
        until(lambda: heard.last.get("crampdetect/availability") == "online")
        alerts.hear(CRAMP, RATE)
        until(lambda: begun.exists() and len(server.bodies) == 1)
        until(lambda: heard.state("crampdetect/cramp") == "ON")
        began = time.monotonic()
        alerts.mute()
        assert time.monotonic() - began < 5.0
        until(lambda: heard.last["crampdetect/availability"] == "offline")
        alerts.hear(ended(), RATE)
        alerts.watch(SILENT)
        assert alerts.close() == []
    assert len(server.bodies) == 1
    assert len(begun.read_text()) == 1


def test_faults_are_told_once_with_their_cause(tmp_path: Path) -> None:
    out, clock = tmp_path / "out", SetClock()
    with hook() as server:
        alerts = Alerts(AlertSettings(writes(out), writes(out), server.address), clock)
        for second in range(120):
            clock.now_s = float(second)
            alerts.watch(SILENT if second < 60 else NightFacts())
        assert alerts.close() == []
    assert [(body["event"], body["cause"]) for body in server.bodies] == [
        ("fault", "no_data"),
        ("fault_over", "no_data"),
    ]
    assert "30 s" in server.bodies[0]["text"]
    assert server.bodies[0]["time"] == "2026-01-01T00:00:00Z"
    assert server.bodies[1]["time"] == "2026-01-01T00:01:10Z"
    # The alarm for cramps stays silent.
    assert out.read_text() == "fault no_data\n"


def test_a_radio_that_fails_all_night_wakes_nobody_every_minute() -> None:
    clock = SetClock()
    with hook() as server:
        alerts = Alerts(AlertSettings(webhook=server.address), clock)
        for second in range(36_000):
            clock.now_s = float(second)
            alerts.watch(SILENT if second % 120 < 60 else NightFacts())
        assert alerts.close() == []
    events = [body["event"] for body in server.bodies]
    assert events.count("fault") == events.count("fault_over") == 36_000 / TOLD_AGAIN_S


def test_a_problem_is_shown_while_it_lasts_however_often_it_was_told(tmp_path: Path) -> None:
    port, clock = free_port(), SetClock()
    with broker(tmp_path, port), listener(port) as heard:
        alerts = Alerts(AlertSettings(mqtt=MqttSettings("127.0.0.1", port)), clock)
        until(lambda: heard.state("crampdetect/problem") == "OFF")
        for _ in range(3):
            alerts.fault("no_data", "no data")
            until(lambda: heard.state("crampdetect/problem") == "ON")
            alerts.fault_over("no_data")
            until(lambda: heard.state("crampdetect/problem") == "OFF")
        assert alerts.close() == []


def test_receivers_that_fail_hold_up_nothing_and_are_told_of_at_the_end() -> None:
    port = free_port()
    settings = AlertSettings(
        "sh -c 'exit 3'",
        "sh -c 'exit 4'",
        f"http://127.0.0.1:{port}/geheim",
        MqttSettings("127.0.0.1", port),
    )
    clock = SetClock()
    alerts = Alerts(settings, clock)
    began = time.monotonic()
    for night in range(3):
        clock.now_s = night * 4000.0
        alerts.cramp(Provisional(215 + 4000 * night, 2000 + 40_000 * night, "cramp", 0.9, "calf"))
        alerts.fault("no_data", "no data")
        alerts.fault_over("no_data")
    assert time.monotonic() - began < 1.0
    told = alerts.close()
    assert told[:3] == [
        "the on_cramp command failed 3 times: it ended with 3",
        "the on_fault command failed 3 times: it ended with 4",
        "the webhook at 127.0.0.1 failed 9 times: connection refused",
    ]
    assert told[3].startswith("MQTT at 127.0.0.1 failed ")
    assert "geheim" not in " ".join(told)


def test_no_thread_is_left_behind(tmp_path: Path) -> None:
    before = threading.active_count()
    with hook() as server:
        alerts = Alerts(AlertSettings("true", "true", server.address), SetClock())
        assert threading.active_count() > before
        assert alerts.close() == []
    until(lambda: threading.active_count() == before)


@pytest.mark.parametrize("kind", ["unsure", "limb_movement", "tonic"])
def test_a_look_that_is_no_cramp_is_told_to_nobody(kind: Kind) -> None:
    with hook() as server:
        alerts = Alerts(AlertSettings(webhook=server.address), SetClock())
        alerts.hear(Provisional(215, 2000, kind, 0.4, "calf"), RATE)
        alerts.hear(ended(kind), RATE)
        assert alerts.close() == []
    assert server.bodies == []
