"""The questions of `crampdetect setup`, one after the other."""

import os
from contextlib import suppress
from pathlib import Path

from crampdetect.cli.setup_question import (
    Person,
    Question,
    decimal,
    lower,
    whole,
    yes_or_no,
)
from crampdetect.cli.setup_sensor import ask_kind, ask_options
from crampdetect.storage.configuration import Configuration, with_value
from crampdetect.storage.configuration_values import checked

__all__ = ["answered", "proposed_timezone"]


def answered(configuration: Configuration, person: Person) -> Configuration:
    """The configuration after all questions; its values are the defaults."""
    configuration = ask_kind(configuration, person)
    configuration = ask_options(configuration, person)
    for question in QUESTIONS:
        configuration = question.put(configuration, person)
    return _alerts(configuration, person)


def proposed_timezone() -> str | None:
    """The zone of this computer, if it tells one; only ever shown as a proposal."""
    names = [os.environ.get("TZ", "").removeprefix(":")]
    _, found, after = os.path.realpath("/etc/localtime").partition("/zoneinfo/")
    if found:
        names.append(after)
    with suppress(OSError, UnicodeDecodeError):  # only Debian has it
        names.append(Path("/etc/timezone").read_text(encoding="utf-8").strip())
    usable = (name for name in names if name and not checked({"wearer": {"timezone": name}})[1])
    return next(usable, None)


QUESTIONS = (
    Question(
        "device.address",
        "Its address or port, as `crampdetect devices` shows it (leave unset for the only one)",
    ),
    Question("wearer.participant", "A code for you in the log; never your name"),
    Question("wearer.side", "Which leg wears the sensor: left or right", lower),
    Question("wearer.muscle", "Which muscle, for example: gastrocnemius medialis"),
    Question("wearer.electrode_site", "Where the electrodes sit, in your own words"),
    Question(
        "wearer.timezone",
        "Your time zone (is it this one?), for example Europe/Oslo",
        propose=proposed_timezone,
    ),
    Question("wearer.until", "When a night ends, for example 07:00 (not set: when you stop it)"),
    Question("judging.mains", "Mains frequency, 50 or 60 (not set: measured)", whole),
    Question(
        "judging.shank_axis",
        "Axis of the sensor along the shin: x, y or z (`crampdetect calibrate` finds it)",
        lower,
    ),
    Question("judging.profile", "How it judges: strict, standard or sensitive", lower),
    Question(
        "storage.budget_gb",
        "Disk for nights in GB, before you are asked about old ones (a night takes about 0.1)",
        decimal,
    ),
)
ALERTS = (
    Question("alerts.on_cramp", "A command to run when a cramp is found"),
    Question("alerts.webhook", "A web address to send it to"),
)
BROKER = Question("alerts.mqtt.host", "Home Assistant or another MQTT broker: its host")
AT_BROKER = (
    Question("alerts.mqtt.port", "Its port (not set: the usual one)", whole),
    Question("alerts.mqtt.topic", "Topic under which it is told"),
    Question("alerts.mqtt.tls", "Is it encrypted (TLS): yes or no", yes_or_no),
    Question("alerts.mqtt.user", "User there"),
)
PASSWORD = Question("alerts.mqtt.password", "Password there")


def _alerts(configuration: Configuration, person: Person) -> Configuration:
    """Off unless somebody wants them; a no mutes what is set up, and keeps it."""
    alerts = configuration.alerts
    is_set = any((alerts.on_cramp, alerts.on_fault, alerts.webhook, alerts.mqtt.host))
    usual = "yes" if is_set and not alerts.mute else "no"
    words = "Shall a cramp be told elsewhere (a command, a web address, Home Assistant): yes or no"
    while True:
        wanted = yes_or_no(person.ask(f"{words} [{usual}]: ").strip() or usual)
        if isinstance(wanted, bool):
            break
        person.tell(f"  {wanted!r} is no answer; expected yes or no")
    if not wanted:
        return with_value(configuration, "alerts.mute", True) if is_set else configuration
    configuration = with_value(configuration, "alerts.mute", False)
    for question in (*ALERTS, BROKER):
        configuration = question.put(configuration, person)
    if configuration.alerts.mqtt.host is None:
        return configuration
    for question in AT_BROKER:
        configuration = question.put(configuration, person)
    if configuration.alerts.mqtt.user is None:
        return with_value(configuration, "alerts.mqtt.password", None)
    return PASSWORD.put(configuration, person)
