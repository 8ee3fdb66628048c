"""Every key of the configuration, and what its value may be."""

import math
import re
import shlex
from collections.abc import Callable, Iterator, Mapping
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from crampdetect.detection.profiles import profile

__all__ = ["KEYS", "SECRETS", "checked"]

Check = Callable[[object], object]
#: Longest text of a setting, in characters: longer ones are no name, command or address.
LONGEST_TEXT = 2000


def _words(value: object) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST_TEXT:
        raise ValueError("words")
    if not value.isprintable():
        raise ValueError("words without control characters")
    return value


def _choice(*allowed: object) -> Check:
    def check(value: object) -> object:
        # 50.0 and True equal whole numbers in Python; neither is one in a file.
        if isinstance(value, str | int) and not isinstance(value, bool) and value in allowed:
            return value
        raise ValueError(" or ".join(str(each) for each in allowed))

    return check


def _zone(value: object) -> str:
    name = _words(value)
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError("an IANA time zone such as Europe/Berlin") from error
    return name


def _clock_time(value: object) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", value):
        raise ValueError('a time of day such as "07:00"')
    return value


def _date(value: object) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        raise ValueError('a date such as "2026-03-14"')
    return value


def _profile(value: object) -> str:
    name = _words(value)
    try:
        profile(name)
    except ValueError as error:
        expected = "strict, standard, sensitive, or a full name such as standard-1"
        raise ValueError(expected) from error
    return name


def _number(value: object) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        found = float(value)
        if found > 0.0:
            return found
    raise ValueError("a number above 0")


def _port(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 65536:
        return value
    raise ValueError("a whole number from 1 to 65535")


def _yes(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError("true or false")
    return value


def _command(value: object) -> str:
    text = _words(value)
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise ValueError("a command with closed quotes") from error
    if not words:
        raise ValueError("a command")
    return text


def _web_address(value: object) -> str:
    text = _words(value)
    try:
        parts = urlsplit(text)
    except ValueError as error:
        raise ValueError("a web address such as https://example.org/cramp") from error
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("a web address such as https://example.org/cramp")
    return text


def _topic(value: object) -> str:
    # Topics become names in Home Assistant, which allows these characters.
    if not isinstance(value, str) or not re.fullmatch(r"[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*", value):
        raise ValueError("letters, digits, _ and -, parted by /")
    return value


def _options(value: object) -> dict[str, str]:
    if not isinstance(value, Mapping):
        raise ValueError("a table of texts")
    found = {str(name): str(text) for name, text in value.items() if isinstance(text, str)}
    if len(found) != len(value):
        raise ValueError("a table of texts")
    return found


#: Key with its table -> what its value may be.
KEYS: dict[str, Check] = {
    "device.kind": _words,
    "device.address": _words,
    "device.options": _options,
    "wearer.participant": _words,
    "wearer.side": _choice("left", "right"),
    "wearer.muscle": _words,
    "wearer.electrode_site": _words,
    "wearer.timezone": _zone,
    "wearer.until": _clock_time,
    "judging.mains": _choice(50, 60),
    "judging.shank_axis": _choice("x", "y", "z"),
    "judging.profile": _profile,
    "alerts.on_cramp": _command,
    "alerts.on_fault": _command,
    "alerts.webhook": _web_address,
    "alerts.mute": _yes,
    "alerts.allow_plain": _yes,
    "alerts.mqtt.host": _words,
    "alerts.mqtt.port": _port,
    "alerts.mqtt.topic": _topic,
    "alerts.mqtt.user": _words,
    "alerts.mqtt.password": _words,
    "alerts.mqtt.tls": _yes,
    "alerts.mqtt.ca_file": _words,
    "alerts.mqtt.discovery_prefix": _topic,
    "storage.budget_gb": _number,
    "calibration.date": _date,
    "calibration.resting_level": _number,
    "calibration.unit": _words,
    "calibration.raise_ratio": _number,
    "battery.percent_per_hour": _number,
    "battery.millivolts_per_hour": _number,
}
#: Never shown, nor repeated in a complaint.
SECRETS = frozenset(
    {"alerts.mqtt.password", "alerts.webhook", "alerts.on_cramp", "alerts.on_fault"}
)
_TABLES = {key.rpartition(".")[0] for key in KEYS}


def checked(document: Mapping[str, object]) -> tuple[dict[str, dict[str, object]], list[str]]:
    """The values of a document by table, and what is wrong with it: a sentence for each key.

    Examples
    --------
    >>> checked({"wearer": {"side": "top"}})
    ({}, ["wearer.side is 'top'; expected left or right"])
    """
    values: dict[str, dict[str, object]] = {}
    problems: list[str] = []
    for key, value in _leaves(document, ""):
        table, _, name = key.rpartition(".")
        if key in _TABLES:
            problems.append(f"{key} is {_shown(key, value)}; expected a table [{key}]")
        elif key not in KEYS:
            known = [each for each in KEYS if each.rpartition(".")[0] == table] or list(KEYS)
            problems.append(f"{key} is unknown; expected one of {', '.join(known)}")
        else:
            try:
                values.setdefault(table, {})[name] = KEYS[key](value)
            except ValueError as error:
                problems.append(f"{key} is {_shown(key, value)}; expected {error}")
    return {table: rows for table, rows in values.items() if rows}, problems


def _leaves(document: Mapping[str, object], table: str) -> Iterator[tuple[str, object]]:
    for name, value in document.items():
        key = f"{table}.{name}" if table else name
        if key in _TABLES and isinstance(value, Mapping):
            yield from _leaves(value, key)
        else:
            yield key, value


def _shown(key: str, value: object) -> str:
    if key in SECRETS:
        return "not what it should be"
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
