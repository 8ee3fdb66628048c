"""What a person set up once: sensor, wearer, judging and alerts, in one small TOML file.

The file is private (mode 0600), since it says who wears the sensor and may hold a password. A file
that is not there is the same as one that says nothing; one that says something wrong is refused
with a sentence for each wrong key, for a night must not run on half of what was meant.
"""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from crampdetect.errors import CrampdetectError
from crampdetect.storage.capture_file import private_folder, told
from crampdetect.storage.configuration_tables import (
    AlertChoice,
    BatteryUse,
    Calibrated,
    Configuration,
    DeviceChoice,
    JudgingChoice,
    Mqtt,
    StorageChoice,
    Wearer,
)
from crampdetect.storage.configuration_values import KEYS, checked
from crampdetect.storage.whole_file import whole_file

__all__ = [
    "CONFIGURATION_VARIABLE",
    "AlertChoice",
    "BatteryUse",
    "Calibrated",
    "Configuration",
    "DeviceChoice",
    "JudgingChoice",
    "Mqtt",
    "StorageChoice",
    "Wearer",
    "configuration_path",
    "load_configuration",
    "save_configuration",
    "with_value",
]

#: Environment variable that names another file.
CONFIGURATION_VARIABLE = "CRAMPDETECT_CONFIG"
#: A page of text is 2 kB; a larger file is not ours, and is not read whole.
LARGEST_FILE = 1_000_000
_HEAD = "# Written by `crampdetect setup`; its page in docs/commands.md names every key.\n"


def configuration_path(environment: Mapping[str, str] | None = None) -> Path:
    """``CRAMPDETECT_CONFIG`` where it is set, else ``configuration.toml`` in the user's folder.

    Examples
    --------
    >>> configuration_path({"CRAMPDETECT_CONFIG": "mine.toml"}).name
    'mine.toml'
    """
    source = os.environ if environment is None else environment
    wanted = source.get(CONFIGURATION_VARIABLE)
    if wanted:
        return Path(wanted).expanduser()
    from platformdirs import user_config_path

    return user_config_path("crampdetect", appauthor=False) / "configuration.toml"


def load_configuration(path: Path | None = None) -> Configuration:
    """What the file says; the defaults where there is none.

    Raises
    ------
    ValueError
        The file cannot be read, is no TOML, or says something that is not a setting: a sentence
        for each, with the file and the key.
    """
    path = configuration_path() if path is None else path
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_FILE + 1)
    except FileNotFoundError:
        return Configuration()
    except OSError as error:
        raise ValueError(
            f"{path}: the configuration cannot be read ({told(error)}); expected a readable file"
        ) from error
    if len(data) > LARGEST_FILE:
        raise ValueError(f"{path}: larger than {LARGEST_FILE} bytes; expected a configuration")
    try:
        document = tomllib.loads(data.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError(f"{path}: no TOML text ({error}); expected key = value lines") from error
    values, problems = checked(document)
    if problems:
        raise ValueError(" ".join(f"{path}: {each}." for each in problems))
    return _built(values)


def save_configuration(configuration: Configuration, path: Path | None = None) -> Path:
    """Write it whole or not at all, readable by its owner only; returns where.

    Raises
    ------
    ValueError
        A field holds what is not a setting.
    CrampdetectError
        The file cannot be written; an earlier one is as it was.
    """
    import tomli_w

    path = configuration_path() if path is None else path
    document = _said(asdict(configuration))
    _, problems = checked(document)
    if problems:
        raise ValueError(" ".join(f"{each}." for each in problems))
    try:
        # A link to a file elsewhere stays a link.
        target = path.resolve() if path.is_symlink() else path
        private_folder(target.parent)
        with whole_file(target) as file:
            file.write((_HEAD + tomli_w.dumps(document)).encode("utf-8"))
    except OSError as error:
        raise CrampdetectError(
            f"{path}: the configuration cannot be written ({told(error)}); "
            "expected a folder that is writable and has space"
        ) from error
    return path


def with_value(configuration: Configuration, key: str, value: object) -> Configuration:
    """The same with one key changed; None is its default again.

    Parameters
    ----------
    configuration : Configuration
    key : str
        With its table, e.g. ``"wearer.side"``.
    value : object

    Raises
    ------
    ValueError
        There is no such key, or `value` is none that it takes.

    Examples
    --------
    >>> with_value(Configuration(), "wearer.side", "left").wearer.side
    'left'
    """
    if key not in KEYS:
        raise ValueError(f"{key} is no setting; expected one of {', '.join(KEYS)}")
    document = _said(asdict(configuration))
    *tables, name = key.split(".")
    table = document
    for each in tables:
        table = table.setdefault(each, {})
    table.pop(name, None)
    if value is not None:
        table[name] = value
    values, problems = checked(document)
    if problems:
        raise ValueError(problems[0])
    return _built(values)


def _said(values: dict[str, Any]) -> dict[str, Any]:
    """Without what is not said, as TOML has no null."""
    out: dict[str, Any] = {}
    for name, value in values.items():
        kept = _said(dict(value)) if isinstance(value, Mapping) else value
        if kept is not None and kept != {}:
            out[name] = kept
    return out


def _built(values: Mapping[str, Mapping[str, object]]) -> Configuration:
    """From checked values by table."""
    given: dict[str, dict[str, Any]] = {table: dict(rows) for table, rows in values.items()}
    alerts = given.setdefault("alerts", {})
    alerts["mqtt"] = Mqtt(**given.pop("alerts.mqtt", {}))
    kinds: dict[str, type[Any]] = {
        "device": DeviceChoice,
        "wearer": Wearer,
        "judging": JudgingChoice,
        "alerts": AlertChoice,
        "storage": StorageChoice,
        "calibration": Calibrated,
        "battery": BatteryUse,
    }
    return Configuration(**{table: kinds[table](**rows) for table, rows in given.items()})
