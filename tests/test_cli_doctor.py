"""The doctor sees what is wrong, changes nothing, and tells nobody's business."""

import getpass
import json
import os
import sys
import zipfile
from pathlib import Path

import pytest

from crampdetect.cli import doctor_checks
from crampdetect.cli.doctor_checks import all_findings
from crampdetect.cli.doctor_hardware import bluetooth, serial_ports
from crampdetect.cli.findings import Finding
from crampdetect.cli.main import main
from crampdetect.cli.support_bundle import anonymous, write_bundle
from crampdetect.resources import demo_recording


@pytest.fixture(autouse=True)
def nobodys_log(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CRAMPDETECT_LOG", raising=False)


def finding(topic: str, log: str | None) -> Finding:
    (found,) = (each for each in all_findings(log) if each.topic == topic)
    return found


def test_a_healthy_installation(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = tmp_path / "new" / "log.sqlite"
    assert main(["doctor", "--log", str(log)]) == 0
    told = capsys.readouterr().out
    for topic in ("crampdetect", "Python", "numpy", "models", "demo night", "Bluetooth"):
        assert f" {topic} " in told
    assert "will be created" in told
    assert not log.parent.exists(), "looking must not create"


def test_a_log_of_this_version(tmp_path: Path) -> None:
    log = tmp_path / "log.sqlite"
    main(["replay", str(demo_recording()), "--log", str(log), "--json"])
    assert finding("episode log", str(log)).level == "ok"
    log.chmod(0o644)
    found = finding("episode log", str(log))
    assert (found.level, found.advice) == ("warning", f"chmod 600 {log}")


def test_a_broken_log_is_wrong_and_the_exit_code_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = tmp_path / "log.sqlite"
    log.write_bytes(b"not a database, by far" * 50)
    log.chmod(0o600)
    assert finding("episode log", str(log)).level == "wrong"
    assert main(["doctor", "--log", str(log)]) == 1
    assert "wrong    episode log" in capsys.readouterr().out


def test_what_is_missing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor_checks, "_NEEDED", ("no-such-package",))
    monkeypatch.setattr(doctor_checks, "_OPTIONAL", {"no-such-extra": ("drawing", "install it")})
    monkeypatch.setattr(doctor_checks, "model_names", lambda: ())
    levels = {each.topic: each.level for each in all_findings("x.sqlite")}
    assert levels["no-such-package"] == "wrong"
    assert levels["no-such-extra"] == "ok"  # nobody needs it before they need it
    assert levels["models"] == "wrong"


def test_little_space_is_a_warning(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(doctor_checks, "_LEAST_FREE", 10**18)
    assert finding("free space", str(tmp_path / "log.sqlite")).level == "warning"


def test_serial_ports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "none" in serial_ports(tmp_path, "linux").text
    (tmp_path / "ttyUSB0").touch()
    assert serial_ports(tmp_path, "linux").text == "ttyUSB0"
    assert serial_ports(tmp_path, "win32").text.startswith("not checked")
    monkeypatch.setattr(os, "access", lambda *_: False)
    found = serial_ports(tmp_path, "linux")
    assert found.level == "warning"
    assert "usermod -aG" in found.advice


def test_bluetooth(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    assert bluetooth(tmp_path / "none").level == "warning"
    (tmp_path / "hci0").mkdir()
    (tmp_path / "hci0:12").mkdir()  # a connection, not an adapter
    assert bluetooth(tmp_path).text == "hci0"


def test_the_bundle_tells_nothing_of_a_night_or_a_person(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home = tmp_path / "home" / "eva"
    home.mkdir(parents=True)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    monkeypatch.setattr(getpass, "getuser", lambda: "eva")
    folder = home / "patient Meier"
    folder.mkdir()
    night = folder / "meier-monday.edf"
    night.write_bytes(demo_recording().read_bytes())
    log = folder / "meier.sqlite"
    assert main(["replay", str(night), "--log", str(log), "--participant", "Meier"]) == 0
    bundle = tmp_path / "support.zip"
    assert main(["doctor", "--log", str(log), "--bundle", str(bundle)]) == 0
    with zipfile.ZipFile(bundle) as opened:
        assert sorted(opened.namelist()) == ["doctor.txt", "versions.json"]
        text = "".join(opened.read(name).decode() for name in opened.namelist())
        versions = json.loads(opened.read("versions.json"))
    assert "Meier" not in text and "meier" not in text
    assert "eva" not in text and str(tmp_path) not in text
    assert "numpy" in versions["packages"]
    assert bundle.stat().st_mode & 0o777 == 0o600


def test_the_default_log_is_told_below_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    (tmp_path / ".local").mkdir()
    found = finding("episode log", None)
    assert "(left out)" not in found.public_line
    write_bundle(tmp_path / "b.zip", [found])
    with zipfile.ZipFile(tmp_path / "b.zip") as opened:
        told = opened.read("doctor.txt").decode()
    assert "~/" in told and str(tmp_path) not in told


def test_a_servers_address_and_account_stay_out(tmp_path: Path) -> None:
    found = Finding("wrong", "episode log", "server anna@host said no", private=("anna@host",))
    write_bundle(tmp_path / "b.zip", [found])
    with zipfile.ZipFile(tmp_path / "b.zip") as opened:
        assert b"anna" not in opened.read("doctor.txt")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("/home/eva/x", "~/x"),
        ("/media/eva/stick", "/media/USER/stick"),
        ("evaluation by eva-maria", "evaluation by eva-maria"),
        ("eva", "USER"),
    ],
)
def test_anonymous(text: str, told: str) -> None:
    assert anonymous(text, Path("/home/eva"), "eva") == told
    assert anonymous("/x", Path("/"), "") == "/x"
