"""Tells others what happens in a night, without ever making the night wait.

Off by default. A mute mutes everything. Nothing here raises once the night runs: what fails is
counted, and told when the night is over.
"""

from fractions import Fraction
from typing import TYPE_CHECKING

from crampdetect.alerting.command import CommandReceiver
from crampdetect.alerting.delivery import Delivery, Receiver
from crampdetect.alerting.fault_memory import FaultMemory
from crampdetect.alerting.fault_watch import FaultWatch
from crampdetect.alerting.lasting import LastingCramp, Outcome
from crampdetect.alerting.messages import Event, Message
from crampdetect.alerting.settings import AlertSettings, is_loopback
from crampdetect.alerting.webhook import WebhookReceiver
from crampdetect.detection.flow import Aligned
from crampdetect.detection.types import Episode, Provisional

if TYPE_CHECKING:
    from crampdetect.alerting.mqtt import MqttStates
    from crampdetect.alerting.night_facts import NightFacts
    from crampdetect.detection.detector import Output
    from crampdetect.session_loop import Clock

__all__ = ["Alerts"]

#: Seconds that receivers have at the end of the night for what is still to be told [A].
PATIENCE_S = 5.0


class Alerts:
    """The alerts of one night. Called from the night's own thread.

    Parameters
    ----------
    settings : AlertSettings
    clock : Clock
        The session's.

    Attributes
    ----------
    remarks : tuple of str
        Sentences that the wearer should know before the night.

    Raises
    ------
    ValueError
        A setting cannot be used, e.g. a program that is not there.
    CrampdetectError
        Something needed is not installed.
    """

    def __init__(self, settings: AlertSettings, clock: "Clock") -> None:
        self._clock = clock
        self._lasting, self._watch, self._memory = LastingCramp(), FaultWatch(), FaultMemory()
        receivers = _receivers(settings) if settings.active else []
        self._mqtt = _mqtt(settings) if settings.active else None
        # Last, so that a setting that is refused leaves no thread behind.
        self._deliveries = [Delivery(each) for each in receivers]
        self.remarks = _remarks(settings)

    def hear(self, output: "Output", rate: Fraction) -> None:
        """An output of the detector; all that cramps need.

        Parameters
        ----------
        output : Output
        rate : Fraction
            That its indices count in, in Hz.
        """
        if isinstance(output, Provisional):
            self.cramp(output)
        elif isinstance(output, Episode):
            self._settled(self._lasting.verdict(output, rate))
        elif isinstance(output, Aligned):
            self._settled(self._lasting.passed(output.first + output.count))

    def cramp(self, provisional: Provisional) -> None:
        """A look at an event that lasts; told once, at the first that says cramp."""
        if self._lasting.look(provisional):
            self._tell("cramp", probability=provisional.probability)

    def watch(self, facts: "NightFacts") -> None:
        """What is known of the night, about once a second: faults are found and told."""
        for change in self._watch.look(facts, self._now_s()):
            if change.begun:
                self.fault(change.cause, change.text)
            else:
                self.fault_over(change.cause)
        self._tell_due()

    def fault(self, cause: str, text: str) -> None:
        """A fault was found: told once until it is over, and not more often than half-hourly.

        Parameters
        ----------
        cause : str
            A fixed word, e.g. one of `fault_watch.CAUSES`.
        text : str
            A sentence for a person, without health data.
        """
        self._memory.begin(cause, text)
        self._tell_due()
        self._show_problems()

    def fault_over(self, cause: str) -> None:
        """It is over: told if its beginning was."""
        if self._memory.over(cause):
            self._tell("fault_over", cause=cause)
        self._show_problems()

    def status(self, episodes: int, battery_percent: int | None) -> None:
        """For those who show a state: cramps of this night, and the sensor's battery."""
        if self._mqtt is not None:
            self._mqtt.status(episodes, battery_percent)
        self._tell_due()

    def mute(self) -> None:
        """Silence for the rest of the night: nothing more is told, and an alarm is ended."""
        for delivery in self._deliveries:
            delivery.drop()
        if self._mqtt is not None:
            self._mqtt.silence()

    def close(self) -> list[str]:
        """The night is over: tell what is still to be told; what failed, in sentences."""
        for delivery in self._deliveries:
            delivery.end()
        sentences = [each for one in self._deliveries for each in one.join(PATIENCE_S)]
        self._deliveries = []
        mqtt, self._mqtt = self._mqtt, None
        return sentences + (mqtt.close() if mqtt is not None else [])

    def _settled(self, outcome: Outcome | None) -> None:
        if outcome is not None:
            self._tell(outcome)

    def _tell(
        self, event: Event, probability: float | None = None, cause: str = "", text: str = ""
    ) -> None:
        message = Message(event, self._clock.utc_ns(), probability, cause, text)
        for delivery in self._deliveries:
            delivery.put(message)
        if self._mqtt is not None:
            self._mqtt.tell(message)

    def _tell_due(self) -> None:
        for cause, text in self._memory.due(self._now_s()):
            self._tell("fault", cause=cause, text=text)

    def _show_problems(self) -> None:
        if self._mqtt is not None:
            self._mqtt.problems(self._memory.lasting)

    def _now_s(self) -> float:
        return self._clock.monotonic_ns() / 1e9


def _receivers(settings: AlertSettings) -> list[Receiver]:
    receivers: list[Receiver] = []
    if settings.on_cramp is not None:
        receivers.append(CommandReceiver(settings.on_cramp, "on_cramp", "cramp"))
    if settings.on_fault is not None:
        receivers.append(CommandReceiver(settings.on_fault, "on_fault", "fault"))
    if settings.webhook is not None:
        receivers.append(WebhookReceiver(settings.webhook, settings.allow_plain))
    return receivers


def _mqtt(settings: AlertSettings) -> "MqttStates | None":
    if settings.mqtt is None:
        return None
    from crampdetect.alerting.mqtt import MqttStates

    return MqttStates(settings.mqtt)


def _remarks(settings: AlertSettings) -> tuple[str, ...]:
    if settings.mute:
        return ("alerts are muted: nobody is told of a cramp, nor of a fault",)
    broker = settings.mqtt
    if broker is None or broker.tls or is_loopback(broker.host):
        return ()
    secret = "" if broker.password is None else ", and the password"
    return (
        f"MQTT to {broker.host} is not encrypted: whoever is in that network can read it{secret}",
    )
