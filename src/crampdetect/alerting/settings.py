"""What a person chooses to be told, and how; nothing by default."""

import ipaddress
import re
import shlex
import sys
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

__all__ = ["AlertSettings", "MqttSettings", "command_words", "is_loopback", "web_address"]

#: Ports that IANA registered for MQTT, without and with TLS.
MQTT_PORT, MQTT_TLS_PORT = 1883, 8883
#: Topics become names in Home Assistant, which allows these characters.
_TOPIC = re.compile(r"[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*")


@dataclass(frozen=True, slots=True)
class MqttSettings:
    """A broker, and under which topics to publish.

    Parameters
    ----------
    host : str
    port : int or None
        1883, or 8883 with TLS, where it is not given.
    topic : str
        Under it lie the states, e.g. ``"crampdetect/left-leg"``; another one for another wearer.
    user, password : str or None
        The password is never shown.
    tls : bool
        Encrypt, and check the broker's certificate.
    ca_file : str or None
        Certificate of the authority that signed the broker's, where the system does not know it.
    discovery_prefix : str
        Where Home Assistant looks for devices.

    Raises
    ------
    ValueError
        Something in it cannot be.
    """

    host: str
    port: int | None = None
    topic: str = "crampdetect"
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    tls: bool = False
    ca_file: str | None = None
    discovery_prefix: str = "homeassistant"

    def __post_init__(self) -> None:
        if not _is_host(self.host):
            raise ValueError(f"the MQTT host is {self.host!r}; expected a name or an address")
        if self.port is not None and not 0 < self.port < 65536:
            raise ValueError(f"the MQTT port is {self.port}; expected 1 to 65535")
        for name in (self.topic, self.discovery_prefix):
            if not _TOPIC.fullmatch(name):
                raise ValueError(
                    f"the MQTT topic is {name!r}; expected letters, digits, _ and -, parted by /"
                )
        if self.password is not None and self.user is None:
            raise ValueError("there is an MQTT password without a user; expected both or none")
        if self.ca_file is not None and not self.tls:
            raise ValueError("there is an MQTT ca_file without tls; expected tls as well")

    @property
    def chosen_port(self) -> int:
        """The port, also where it was not given."""
        return self.port or (MQTT_TLS_PORT if self.tls else MQTT_PORT)


@dataclass(frozen=True, slots=True)
class AlertSettings:
    """Who is told; everything is off unless it is set.

    Parameters
    ----------
    on_cramp : str or None
        A command line that is run when a cramp seems to go on. No shell.
    on_fault : str or None
        Likewise, when the night is in danger.
    webhook : str or None
        Where every event is posted as JSON: https, or http to this computer.
    mqtt : MqttSettings or None
    mute : bool
        Tell nobody anything, faults included.
    allow_plain : bool
        Let `webhook` be http to another computer.

    Raises
    ------
    ValueError
        Something in it cannot be.

    Examples
    --------
    >>> AlertSettings().active, AlertSettings(on_cramp="beep", mute=True).active
    (False, False)
    """

    on_cramp: str | None = None
    on_fault: str | None = None
    webhook: str | None = field(default=None, repr=False)
    mqtt: MqttSettings | None = None
    mute: bool = False
    allow_plain: bool = False

    def __post_init__(self) -> None:
        for name, line in (("on_cramp", self.on_cramp), ("on_fault", self.on_fault)):
            if line is not None:
                command_words(line, name)
        if self.webhook is not None:
            web_address(self.webhook, self.allow_plain)

    @property
    def active(self) -> bool:
        """Whether anybody is told anything."""
        chosen = (self.on_cramp, self.on_fault, self.webhook, self.mqtt)
        return not self.mute and any(each is not None for each in chosen)


def command_words(line: str, name: str) -> list[str]:
    """The words of a command line; `name` is the setting's, for a complaint.

    Examples
    --------
    >>> command_words("play 'my alarm.wav'", "on_cramp")
    ['play', 'my alarm.wav']
    """
    try:
        # Windows paths hold backslashes, which are no escapes there.
        words = shlex.split(line, posix=sys.platform != "win32")
    except ValueError as error:
        raise ValueError(f"{name} has a quote that does not end; expected a command") from error
    if not words or "\0" in line:
        raise ValueError(f"{name} holds no command; expected a program and its words")
    return [word.strip('"') for word in words] if sys.platform == "win32" else words


def web_address(url: str, allow_plain: bool) -> SplitResult:
    """The parts of a webhook's address. It may hold a secret, so a complaint never shows it."""
    expected = "expected https://, or http:// to this computer"
    if not url.isascii() or not url.isprintable() or " " in url:
        raise ValueError(f"the webhook has characters that no address has; {expected}")
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise ValueError(f"the webhook is no address; {expected}") from error
    host = parts.hostname or ""
    if parts.scheme not in ("http", "https") or not _is_host(host):
        raise ValueError(f"the webhook is no web address; {expected}")
    if "@" in parts.netloc:
        raise ValueError("the webhook has a user or password before its host; expected none")
    if parts.scheme == "http" and not allow_plain and not is_loopback(host):
        raise ValueError(
            f"the webhook goes to {host} unencrypted; {expected} (or set allow_plain, if nobody "
            "else is in that network)"
        )
    return parts


def is_loopback(host: str) -> bool:
    """Whether `host` is this computer.

    Examples
    --------
    >>> is_loopback("127.0.0.1"), is_loopback("::1"), is_loopback("example.org")
    (True, True, False)
    """
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _is_host(host: str) -> bool:
    try:
        # What the system's resolver will do; a label that is empty or too long is none.
        host.encode("idna")
    except UnicodeError:
        return False
    return bool(host) and host.isprintable() and not set(host) & set(" /@")
