"""The commands `check`, `calibrate` and `devices`, over the emulated sensor's real link."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from crampdetect.cli import devices
from crampdetect.cli.calibrate import kept
from crampdetect.cli.check import check_verdict, night_times
from crampdetect.cli.leading import finding_lines
from crampdetect.devices.catalogue import DEVICES
from crampdetect.devices.transport import Found
from crampdetect.errors import DeviceError
from crampdetect.link import LinkEvent, LinkQuality
from crampdetect.session_calibration import Calibration
from crampdetect.session_check import CHECK_STEPS, BedtimeCheck
from crampdetect.session_check_demo import calibration_evening, check_evening
from crampdetect.session_check_drive import FIRST_S, SILENT_S, lead_through
from crampdetect.session_check_finding import CheckFinding
from crampdetect.session_check_listen import heard_battery
from crampdetect.session_demo import demo_events
from crampdetect.simulation import SimulatedNight
from crampdetect.storage.configuration import Configuration, Wearer, load_configuration
from tests.asked_commands import PROGRAM, run_command


@pytest.fixture(autouse=True)
def configuration_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    path = tmp_path / "c.toml"
    monkeypatch.setenv("CRAMPDETECT_CONFIG", str(path))
    return path


class Ahead:
    """A sensor whose time is that of its events, and the clock that runs with it."""

    def __init__(self, night: SimulatedNight, silent_after_s: float | None = None) -> None:
        self._events = demo_events(night, 0)
        self._silent_ns = None if silent_after_s is None else silent_after_s * 1e9
        self._now = 0
        self.sent: list[bytes] = []

    def next(self, timeout_s: float) -> LinkEvent | None:
        event = None
        if self._silent_ns is None or self._now < self._silent_ns:
            event = next(self._events, None)
            if event is None:
                raise EOFError
        self._now = self._now + int(timeout_s * 1e9) if event is None else event.monotonic_ns
        return event

    def send(self, data: bytes) -> None:
        self.sent.append(data)

    def monotonic_ns(self) -> int:
        return self._now


def checked(source: Ahead) -> tuple[BedtimeCheck, list[str]]:
    decoder = DEVICES["demo"].make_decoder()
    told: list[str] = []
    check = lead_through(
        decoder, source, source, lambda signals: BedtimeCheck(signals, decoder.quality), told.append
    )
    return check, told


def test_a_check_over_the_link_of_the_demo() -> None:
    source = Ahead(check_evening())
    check, told = checked(source)
    findings = check.findings(source.monotonic_ns(), datetime(2026, 3, 14, 22, tzinfo=UTC))
    assert {each.step: each.level for each in findings} == dict.fromkeys(CHECK_STEPS, "passed")
    assert told[-1] == "Good: 5 of 5."
    assert len(source.sent) >= 3, "the sensor is kept awake"


def test_a_sensor_that_falls_silent_ends_the_check_and_one_that_never_spoke_raises() -> None:
    source = Ahead(check_evening(), silent_after_s=70.0)
    check, _ = checked(source)
    assert 69.0 < check.seconds < 71.0
    assert source.monotonic_ns() < (71.0 + SILENT_S) * 1e9
    findings = {
        each.step: each
        for each in check.findings(source.monotonic_ns(), datetime(2026, 3, 14, 22, tzinfo=UTC))
    }
    assert (findings["loss"].level, findings["loss"].found) == ("failed", "the sensor fell silent")
    dead = Ahead(check_evening(), silent_after_s=0.0)
    with pytest.raises(DeviceError, match="sent nothing") as caught:
        checked(dead)
    assert caught.value.reason == "silent"
    assert dead.monotonic_ns() < (FIRST_S + 1.0) * 1e9


def test_the_demo_calibrates() -> None:
    source = Ahead(calibration_evening())
    calibration = lead_through(
        DEVICES["demo"].make_decoder(), source, source, Calibration, lambda _: None
    )
    result = calibration.result()
    assert {each.level for each in result.findings} == {"passed"}
    assert result.shank_axis == "x"
    side = kept(Configuration(wearer=Wearer(side="left")), result, None)
    assert side.wearer.side == "left"
    assert side.judging.shank_axis == "x"
    assert side.calibration.resting_level == pytest.approx(result.resting_level, rel=1e-3)
    assert side.calibration.date is not None
    other = kept(side, replace(result, shank_axis=None, raise_ratio=None), "right")
    assert (other.judging.shank_axis, other.wearer.side) == ("x", "right")
    assert other.calibration.raise_ratio == side.calibration.raise_ratio


def test_the_battery_is_heard() -> None:
    source = Ahead(check_evening())
    assert heard_battery(DEVICES["demo"].make_decoder(), source, source, 12.0) == (4100, 100)
    dead = Ahead(check_evening(), silent_after_s=0.0)
    assert heard_battery(DEVICES["demo"].make_decoder(), dead, dead, 12.0) == (None, None)


def test_check_as_a_process(tmp_path: Path) -> None:
    """The demo at 100 times its speed: real threads, a real queue, one document on stdout."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, "check", "--device", "demo", "--speed", "100", "--json"],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={**os.environ, "CRAMPDETECT_CONFIG": str(tmp_path / "c.toml")},
    )
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert (document["device"], document["result"]) == ("demo", "passed")
    assert [step["step"] for step in document["steps"]] == list(CHECK_STEPS)
    assert "Lie down" in done.stderr


def test_calibrate_keeps_nothing_of_the_demo(
    configuration_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command("calibrate", "--device", "demo", "--speed", "200") == 0
    out = capsys.readouterr().out
    assert "changes no threshold" in out
    assert "nothing was kept" in out
    assert not configuration_file.exists()


def test_without_a_sensor_the_first_thing_to_do_is_told() -> None:
    with pytest.raises(ValueError, match="no sensor is set up; run `crampdetect setup`"):
        run_command("check")


def test_a_wrong_configuration_stops_before_the_sensor(configuration_file: Path) -> None:
    configuration_file.write_text("[wearer]\nside = 'both'\n")
    with pytest.raises(ValueError, match=r"wearer\.side is 'both'"):
        run_command("check", "--device", "demo")


def test_the_end_of_a_night_is_by_the_wearers_clock() -> None:
    now, until = night_times(Configuration(wearer=Wearer(timezone="Asia/Tokyo", until="07:00")))
    assert until is not None
    assert now.tzinfo == ZoneInfo("Asia/Tokyo")
    assert (until.hour, until.minute) == (7, 0)
    assert 0 < (until - now).total_seconds() <= 86_400
    assert night_times(Configuration())[1] is None


def test_lines_for_a_person() -> None:
    good = CheckFinding("loss", "passed", "nothing was lost", "less than 1 % lost")
    bad = CheckFinding("contact", "failed", "no signal", "a signal", "press the electrodes")
    doubt = replace(bad, level="doubtful")
    assert finding_lines(good) == ["OK      Radio link      nothing was lost"]
    assert finding_lines(bad)[0].startswith("NOT OK  Electrodes      no signal; expected a signal")
    assert finding_lines(bad)[1].strip() == "-> press the electrodes"
    assert check_verdict((good, good)) == "Everything is in order. Good night."
    assert check_verdict((good, doubt)) == "The night can begin, but look at: Electrodes."
    assert check_verdict((bad, good)).startswith("Not yet: see to this, then check again: Elec")


def test_devices_are_listed_and_what_cannot_be_done_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def no_radio(seconds: float) -> list[Found]:
        raise DeviceError("found no Bluetooth adapter; expected one", "adapter_off")

    def cables(seconds: float) -> list[Found]:
        return [Found("/dev/ttyUSB0", "FT231X\x1b[31m", "cyton", "serial", None, "USB 0403:6015")]

    monkeypatch.setattr(devices, "_WAYS", {"ble": no_radio, "serial": cables})
    assert run_command("devices") == 0
    said = capsys.readouterr()
    assert "/dev/ttyUSB0" in said.out
    assert "\x1b" not in said.out
    assert said.err == "crampdetect: found no Bluetooth adapter; expected one\n"
    assert run_command("devices", "--json") == 0
    document = json.loads(capsys.readouterr().out)
    assert document["devices"][0]["kind"] == "cyton"
    assert document["problems"] == [
        {
            "transport": "ble",
            "reason": "adapter_off",
            "text": "found no Bluetooth adapter; expected one",
        }
    ]
    monkeypatch.setattr(devices, "_WAYS", {"ble": no_radio})
    assert run_command("devices") == 1


def test_what_is_no_sensor_is_left_out_unless_asked_for(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    air = [
        Found("AA:01", "calf", "cramplink", "ble", -52),
        Found("AA:02", "Simblee", "", "ble", -60, "could be ganglion or ganglion-3"),
        Found("AA:03", "television", "", "ble", -40),
    ]
    monkeypatch.setattr(devices, "_WAYS", {"ble": lambda seconds: list(air)})
    assert run_command("devices") == 0
    out = capsys.readouterr().out
    assert "-52 dBm" in out
    assert "could be ganglion or ganglion-3" in out
    assert "television" not in out
    assert "another device is in the air (--all shows them)" in out
    assert run_command("devices", "--all") == 0
    assert "television" in capsys.readouterr().out


def test_scanning_here_ends_in_a_list_or_in_sentences() -> None:
    """The real bleak and pyserial of this computer, whatever it has."""
    found, problems = devices.scanned(0.5)
    assert all(each.transport in ("ble", "serial") for each in found)
    assert all(each.way == "ble" and "expected" in each.text for each in problems)


def test_losses_before_the_check_do_not_count() -> None:
    night = check_evening()
    quality = LinkQuality(received={"emg": 10}, lost={"emg": 1000}, reconnects=3)
    check = BedtimeCheck(night.signals, quality)
    for item in night.read():
        check.push(item)
    quality.received["emg"] += 150_000
    findings = {each.step: each for each in check.findings(0, datetime(2026, 3, 14, tzinfo=UTC))}
    assert findings["loss"].found == "nothing was lost"
    assert load_configuration() == Configuration()
