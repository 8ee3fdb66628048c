"""The configuration: a small private file, whole or not at all, and refused with clear words."""

import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crampdetect.errors import CrampdetectError
from crampdetect.storage.configuration import (
    AlertChoice,
    BatteryUse,
    Calibrated,
    Configuration,
    DeviceChoice,
    JudgingChoice,
    Mqtt,
    StorageChoice,
    Wearer,
    configuration_path,
    load_configuration,
    save_configuration,
    with_value,
)
from crampdetect.storage.configuration_values import KEYS, checked

FULL = Configuration(
    DeviceChoice("cramplink", "AA:BB:CC:DD:EE:FF", {"unit": "uV"}),
    Wearer("P07", "left", "gastrocnemius medialis", "a third down", "Europe/Oslo", "07:00"),
    JudgingChoice(50, "y", "strict"),
    AlertChoice(
        "notify-send 'a cramp'",
        "notify-send fault",
        "https://example.org/hook?key=1",
        True,
        True,
        Mqtt("localhost", 8883, "cramps", "eva", "se cret", True, "ca.pem", "homeassistant"),
    ),
    StorageChoice(12.5),
    Calibrated("2026-03-14", 2.5, "uV", 7.25),
    BatteryUse(6.5, 80.0),
)


def test_what_is_saved_is_what_is_loaded(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "c.toml"
    assert save_configuration(FULL, path) == path
    assert load_configuration(path) == FULL
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_every_key_is_in_the_full_example(tmp_path: Path) -> None:
    """So that no key can be forgotten by one of the two places that name it."""
    text = save_configuration(FULL, tmp_path / "c.toml").read_text()
    for key in KEYS:
        assert f"{key.rpartition('.')[2]} = " in text or f"[{key}]" in text, key


def test_no_file_says_nothing_and_neither_does_an_empty_one(tmp_path: Path) -> None:
    assert load_configuration(tmp_path / "none.toml") == Configuration()
    (tmp_path / "empty.toml").touch()
    assert load_configuration(tmp_path / "empty.toml") == Configuration()
    path = save_configuration(Configuration(), tmp_path / "c.toml")
    assert load_configuration(path) == Configuration()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[wearer]\nsied = 'left'", "wearer.sied is unknown; expected one of wearer.participant"),
        ("[waerer]\nside = 'left'", "waerer is unknown"),
        ("wearer = 3", "wearer is 3; expected a table [wearer]"),
        ("[wearer]\nside = 1", "wearer.side is 1; expected left or right"),
        ("[wearer]\ntimezone = 'Mars/Base'", "expected an IANA time zone such as Europe/Berlin"),
        ("[wearer]\ntimezone = '../../etc/passwd'", "expected an IANA time zone"),
        ("[wearer]\ntimezone = 'Europe'", "expected an IANA time zone"),
        ("[wearer]\nuntil = '7:00'", "wearer.until is '7:00'; expected a time of day such as \"07"),
        ("[wearer]\nuntil = 07:00:00", "wearer.until is datetime.time(7, 0); expected a time"),
        ("[wearer]\nparticipant = ''", "wearer.participant is ''; expected words"),
        ('[wearer]\nparticipant = "\\u001b[31m"', "expected words without control characters"),
        ("[judging]\nmains = 55", "judging.mains is 55; expected 50 or 60"),
        ("[judging]\nmains = true", "judging.mains is True; expected 50 or 60"),
        ("[judging]\nmains = 50.0", "judging.mains is 50.0; expected 50 or 60"),
        ("[judging]\nprofile = 'mild'", "expected strict, standard, sensitive, or a full name"),
        ("[alerts]\nmute = 'no'", "alerts.mute is 'no'; expected true or false"),
        ("[alerts.mqtt]\nport = 70000", "alerts.mqtt.port is 70000; expected a whole number from"),
        ("[alerts.mqtt]\ntopic = 'a/#'", "expected letters, digits, _ and -, parted by /"),
        ("[alerts]\nmqtt = 'here'", "alerts.mqtt is 'here'; expected a table [alerts.mqtt]"),
        ("[storage]\nbudget_gb = nan", "storage.budget_gb is nan; expected a number above 0"),
        ("[storage]\nbudget_gb = -1", "storage.budget_gb is -1; expected a number above 0"),
        ("[device]\noptions = {unit = 3}", "device.options is {'unit': 3}; expected a table of"),
        ("[device", "no TOML text"),
    ],
)
def test_what_is_wrong_is_told_with_file_and_key(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "c.toml"
    path.write_text(text)
    with pytest.raises(ValueError, match=r"^.*c\.toml: ") as caught:
        load_configuration(path)
    assert told in str(caught.value)


def test_every_wrong_key_has_its_sentence(tmp_path: Path) -> None:
    path = tmp_path / "c.toml"
    path.write_text("[wearer]\nside = 'top'\nfoo = 1\n[judging]\nmains = 16\n")
    with pytest.raises(ValueError, match="side") as caught:
        load_configuration(path)
    assert str(caught.value).count(f"{path}: ") == 3


def test_a_secret_is_not_repeated_in_a_complaint() -> None:
    _, problems = checked(
        {"alerts": {"webhook": "ftp://key@host", "mqtt": {"password": ["s3cret"]}}}
    )
    assert len(problems) == 2
    assert "key@host" not in problems[0]
    assert "s3cret" not in problems[1]


def test_a_file_that_is_no_text_or_too_large_or_a_folder_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "c.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ValueError, match="no TOML text"):
        load_configuration(path)
    path.write_bytes(b"#" * 1_000_001)
    with pytest.raises(ValueError, match="larger than"):
        load_configuration(path)
    path.write_bytes(b"a = " + b"[" * 100_000)
    with pytest.raises(ValueError, match="no TOML text"):
        load_configuration(path)
    with pytest.raises(ValueError, match="cannot be read"):
        load_configuration(tmp_path)


def test_a_failed_save_leaves_the_old_file(tmp_path: Path) -> None:
    path = save_configuration(FULL, tmp_path / "c.toml")
    before = path.read_bytes()
    with pytest.raises(ValueError, match=r"judging.mains is 40; expected 50 or 60"):
        save_configuration(replace(FULL, judging=JudgingChoice(mains=40)), path)
    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["c.toml"]
    with pytest.raises(CrampdetectError, match="cannot be written"):
        save_configuration(FULL, tmp_path / "c.toml" / "below.toml")


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    real = tmp_path / "dotfiles" / "c.toml"
    save_configuration(Configuration(), real)
    link = tmp_path / "c.toml"
    link.symlink_to(real)
    save_configuration(FULL, link)
    assert link.is_symlink()
    assert load_configuration(real) == FULL


def test_where_it_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert configuration_path({"CRAMPDETECT_CONFIG": str(tmp_path / "a")}) == tmp_path / "a"
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.delenv("CRAMPDETECT_CONFIG", raising=False)
    assert configuration_path({}).name == "configuration.toml"
    assert configuration_path({}).parent.name == "crampdetect"
    if os.name == "posix" and os.uname().sysname == "Linux":
        assert configuration_path() == tmp_path / "crampdetect" / "configuration.toml"


def test_one_value_at_a_time() -> None:
    changed = with_value(FULL, "alerts.mqtt.port", None)
    assert changed.alerts.mqtt == replace(FULL.alerts.mqtt, port=None)
    assert replace(changed, alerts=FULL.alerts) == FULL
    assert with_value(Configuration(), "device.options", {"a": "b"}).device.options == {"a": "b"}
    assert with_value(FULL, "alerts.mute", None).alerts.mute is False
    with pytest.raises(ValueError, match=r"^wearer.side is 'both'; expected left or right$"):
        with_value(FULL, "wearer.side", "both")
    with pytest.raises(ValueError, match="is no setting; expected one of device"):
        with_value(FULL, "wearer.name", "Eva")


@given(st.binary(max_size=200))
def test_no_bytes_do_worse_than_be_refused(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    path = tmp_path_factory.mktemp("c") / "c.toml"
    path.write_bytes(data)
    try:
        load_configuration(path)
    except ValueError as error:
        assert str(path) in str(error)
