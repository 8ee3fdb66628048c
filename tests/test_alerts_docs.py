"""docs/alerts.md says what the code does, and its unit is one."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import get_args

import pytest

from crampdetect.alerting.alerts import PATIENCE_S
from crampdetect.alerting.command import COMMAND_S
from crampdetect.alerting.delivery import MOST_WAITING
from crampdetect.alerting.fault_memory import TOLD_AGAIN_S
from crampdetect.alerting.fault_watch import CAUSES
from crampdetect.alerting.home_assistant import ENTITIES, topic
from crampdetect.alerting.messages import Event, Message
from crampdetect.alerting.mqtt_client import FIRST_RETRY_S, LAST_RETRY_S
from crampdetect.alerting.settings import AlertSettings, MqttSettings
from crampdetect.alerting.webhook import WEBHOOK_S

TEXT = (Path(__file__).resolve().parents[1] / "docs" / "alerts.md").read_text(encoding="utf-8")
FULL = Message("fault", 0, 0.5, "no_data", "text")


def first_column(title: str) -> list[str]:
    """The first cells of the table whose head begins with `title`."""
    table = re.search(rf"^\| {title} \|.*\n\|[-|]+\n((?:\|.*\n)+)", TEXT, re.MULTILINE)
    assert table is not None
    return [row.split("|")[1].strip() for row in table[1].splitlines()]


def test_every_event_and_cause_is_in_its_table() -> None:
    assert first_column("event") == [f"`{each}`" for each in get_args(Event)]
    assert first_column("cause") == [f"`{each}`" for each in CAUSES]


def test_every_variable_and_field_is_named() -> None:
    assert {each.strip("`") for each in first_column("variable")} == set(FULL.environment())
    for name in FULL.document():
        assert f'"{name}": ' in TEXT


def test_every_entity_is_in_its_table() -> None:
    for entity, (component, fields) in ENTITIES.items():
        state = topic(MqttSettings("localhost"), entity)
        assert f"| {component.replace('_', ' ')} *{fields['name']}* | `{state}` |" in TEXT


def test_every_setting_is_named() -> None:
    keys = " ".join(first_column("key"))
    for name in AlertSettings.__dataclass_fields__:
        assert f"`alerts.{name}`" in keys or name == "mqtt"
    for name in MqttSettings.__dataclass_fields__:
        assert f"`alerts.mqtt.{name}`" in keys or f"`.{name}`" in keys


@pytest.mark.parametrize(
    "figure",
    [
        f"after {COMMAND_S:.0f} s it is ended",
        f"{WEBHOOK_S:.0f} s are waited for each step",
        f"At most {MOST_WAITING} events wait",
        f"at most every {TOLD_AGAIN_S / 60:.0f} minutes",
        f"tried after {FIRST_RETRY_S} s, then up to {LAST_RETRY_S} s",
        f"what waits has {PATIENCE_S:.0f} s",
    ],
)
def test_figures_are_those_of_the_code(figure: str) -> None:
    assert figure in TEXT


def test_the_unit_is_one_for_systemd(tmp_path: Path) -> None:
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("needs systemd-analyze (apt install systemd)")
    service, timer = re.findall(r"```ini\n(.*?)```", TEXT, re.DOTALL)
    # The program is somewhere else here.
    service = re.sub(r"ExecStart=\S+", f"ExecStart={shutil.which('true')}", service)
    (tmp_path / "crampdetect-night.service").write_text(service)
    (tmp_path / "crampdetect-night.timer").write_text(timer)
    units = [str(each) for each in sorted(tmp_path.iterdir())]
    done = subprocess.run(
        [program, "verify", "--user", "--man=no", *units],
        capture_output=True,
        text=True,
        env={"XDG_RUNTIME_DIR": str(tmp_path), "HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
