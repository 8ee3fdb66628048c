"""Setting up by answering: what is answered is written, and nothing is written half."""

import io
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from crampdetect.cli import setup_questions
from crampdetect.cli.setup_questions import answered, proposed_timezone
from crampdetect.storage.configuration import (
    AlertChoice,
    Configuration,
    DeviceChoice,
    Mqtt,
    Wearer,
    load_configuration,
    save_configuration,
)
from tests.asked_commands import PROGRAM, run_command


@pytest.fixture(autouse=True)
def configuration_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    path = tmp_path / "c.toml"
    monkeypatch.setenv("CRAMPDETECT_CONFIG", str(path))
    return path


class Script:
    """A person who answers by what a question is about; everything else with Enter."""

    def __init__(self, **answers: str | list[str]) -> None:
        self._answers = {
            key: [one] if isinstance(one, str) else list(one) for key, one in answers.items()
        }
        self.asked: list[str] = []
        self.told: list[str] = []
        self.secrets: list[str] = []

    def ask(self, question: str, secret: bool = False) -> str:
        self.asked.append(question)
        if secret:
            self.secrets.append(question)
        for about, answers in self._answers.items():
            if about.replace("_", " ").lower() in question.lower() and answers:
                return answers.pop(0)
        return ""

    def tell(self, line: str) -> None:
        self.told.append(line)


FULL = Configuration(
    DeviceChoice("cramplink", "AA:BB"),
    Wearer("P07", "left", "soleus", "low", "Europe/Oslo", "07:00"),
    alerts=AlertChoice("beep", None, "https://example.org/?token=1", False, False,
                       Mqtt("broker", 1883, "leg", "eva", "geheim")),
)  # fmt: skip


def test_enter_keeps_everything_and_shows_it() -> None:
    person = Script()
    assert answered(FULL, person) == FULL
    text = "\n".join(person.asked)
    for shown in ("cramplink", "AA:BB", "P07", "left", "Europe/Oslo", "07:00", "1883"):
        assert f"[{shown}]" in text
    assert "geheim" not in text
    assert "token" not in text
    assert len(person.secrets) == 3  # command, web address, password


def test_every_answer_lands_in_its_place() -> None:
    person = Script(
        which_sensor="cramplink",
        its_address="AA:BB",
        a_code_for_you="P07",
        which_leg="LEFT",
        which_muscle="soleus",
        electrodes_sit="low",
        time_zone="Europe/Oslo",
        when_a_night_ends="07:00",
        mains_frequency="60",
        along_the_shin="Y",
        how_it_judges="strict",
        disk_for_nights="12,5",
        told_elsewhere="yes",
        a_command_to_run="beep",
        a_web_address_to_send="https://example.org/?token=1",
        its_host="broker",
        its_port="1883",
        topic_under="leg",
        encrypted="no",
        user_there="eva",
        password_there="geheim",
    )
    found = answered(Configuration(), person)
    assert replace(found, judging=FULL.judging, storage=FULL.storage) == FULL
    assert (found.judging.mains, found.judging.shank_axis) == (60, "y")
    assert (found.judging.profile, found.storage.budget_gb) == ("strict", 12.5)
    assert any("Seen in simulation only" in line for line in person.told), "remarks are shown"


def test_a_wrong_answer_is_asked_again_with_what_is_expected() -> None:
    person = Script(
        which_sensor=["99", "fitbit", "5"],
        which_leg=["both", "right"],
        mains_frequency=["fifty", "55", "50"],
        told_elsewhere=["perhaps", "no"],
        time_zone=["Oslo", "Europe/Oslo"],
    )
    found = answered(Configuration(), person)
    assert (found.device.kind, found.wearer.side, found.judging.mains) == ("demo", "right", 50)
    said = "\n".join(person.told)
    assert "'fitbit' is no sensor of the list" in said
    assert "that is 'both'; expected left or right" in said
    assert "that is 'fifty'; expected 50 or 60" in said
    assert "that is 55; expected 50 or 60" in said
    assert "that is 'Oslo'; expected an IANA time zone" in said
    assert "'perhaps' is no answer; expected yes or no" in said


def test_a_dash_clears() -> None:
    found = answered(FULL, Script(which_leg="-", its_host="-", a_web_address_to_send="-"))
    assert found.wearer == replace(FULL.wearer, side=None)
    assert found.alerts.mqtt.host is None
    assert found.alerts.webhook is None
    assert found.alerts.on_cramp == "beep"


def test_a_no_to_alerts_mutes_what_is_set_up_and_keeps_it() -> None:
    found = answered(FULL, Script(told_elsewhere="no"))
    assert found == replace(FULL, alerts=replace(FULL.alerts, mute=True))
    again = Script()
    assert answered(found, again) == found, "Enter keeps the mute"
    nothing = Script(told_elsewhere="no", time_zone="-")
    assert answered(Configuration(), nothing) == Configuration()
    assert answered(found, Script(told_elsewhere="yes")) == FULL


def test_another_sensor_forgets_what_was_said_of_the_first() -> None:
    given = replace(FULL, device=DeviceChoice("cyton", "COM3", {"channels": "1"}))
    found = answered(given, Script(which_sensor="cramplink"))
    assert found.device == DeviceChoice("cramplink")


def test_options_of_a_sensor_are_checked_by_its_decoder() -> None:
    person = Script(which_sensor="cyton", option=["none of these", "1"])
    found = answered(Configuration(), person)
    assert dict(found.device.options) == {"channels": "1"}
    assert any(line.startswith("  ") and "none of these" in line for line in person.told)


def test_a_zone_is_proposed_and_never_taken_unseen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Europe/Lisbon")
    assert proposed_timezone() == "Europe/Lisbon"
    monkeypatch.setenv("TZ", "CET-1CEST")
    assert proposed_timezone() != "CET-1CEST"
    question = next(each for each in setup_questions.QUESTIONS if each.key == "wearer.timezone")
    proposing = replace(question, propose=lambda: "Europe/Lisbon")
    person = Script()
    found = proposing.put(Configuration(), person)
    assert found.wearer.timezone == "Europe/Lisbon"
    assert "[Europe/Lisbon]" in person.asked[0]
    assert proposing.put(FULL, person).wearer.timezone == "Europe/Oslo"
    assert proposing.put(Configuration(), Script(time_zone="-")).wearer.timezone is None


def test_the_command_writes_what_was_typed(
    configuration_file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("demo\n" + "\n" * 40))
    assert run_command("setup") == 0
    assert load_configuration(configuration_file).device.kind == "demo"
    assert f"kept in {configuration_file}; next: crampdetect check" in capsys.readouterr().out


def test_answers_that_end_early_change_nothing(
    configuration_file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    save_configuration(FULL, configuration_file)
    before = configuration_file.read_bytes()
    monkeypatch.setattr(sys, "stdin", io.StringIO("demo\n\n"))
    assert run_command("setup") == 1
    assert "nothing was changed" in capsys.readouterr().err
    assert configuration_file.read_bytes() == before


def test_show_hides_secrets_and_asks_nothing(
    configuration_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command("setup", "--show") == 0
    assert "not written yet" in capsys.readouterr().out
    save_configuration(FULL, configuration_file)
    assert run_command("setup", "--show") == 0
    out = capsys.readouterr().out
    assert "wearer.side                  left\n" in out
    assert "alerts.webhook               (set, not shown)" in out
    assert "geheim" not in out
    assert "token" not in out
    assert "beep" not in out


#: A shell may start what it runs in the background deaf to Ctrl-C.
HEEDING = "import signal\nsignal.signal(signal.SIGINT, signal.default_int_handler)\n"


def interrupted(process: "subprocess.Popen[bytes]") -> None:
    """Ctrl-C until it ends: one that comes just before the wait for input is heard after it."""
    for _ in range(30):
        process.send_signal(signal.SIGINT)
        try:
            process.wait(timeout=1.0)
        except subprocess.TimeoutExpired:
            continue
        return
    process.kill()


def test_ctrl_c_leaves_the_file_as_it_was(configuration_file: Path) -> None:
    save_configuration(FULL, configuration_file)
    before = configuration_file.read_bytes()
    with subprocess.Popen(
        [sys.executable, "-u", "-c", HEEDING + PROGRAM, "setup"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "CRAMPDETECT_CONFIG": str(configuration_file)},
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdin.write(b"demo\n")
        process.stdin.flush()
        heard = b""
        while b"Its address or port" not in heard:
            more = process.stdout.read(1)
            assert more, process.stderr.read()
            heard += more
        interrupted(process)
        assert process.stderr.read().endswith(b"crampdetect: interrupted\n")
        assert process.wait() == 130
    assert configuration_file.read_bytes() == before
    assert [each.name for each in configuration_file.parent.iterdir()] == ["c.toml"]
