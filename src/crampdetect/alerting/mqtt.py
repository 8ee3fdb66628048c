"""Keeps the states of a night at an MQTT broker, whatever the network does.

What counts is the last state, so nothing is queued: with each connection all states are published
anew. They are retained while the night lasts and taken back at its end.
"""

import json
import sys
import threading
from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING

from crampdetect.alerting.delivery import failures_told
from crampdetect.alerting.home_assistant import (
    OFFLINE,
    ONLINE,
    STATES,
    availability_topic,
    discovery,
    topic,
)
from crampdetect.alerting.messages import Message
from crampdetect.alerting.mqtt_client import mqtt_client
from crampdetect.alerting.settings import MqttSettings

if TYPE_CHECKING:
    from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessageInfo
    from paho.mqtt.properties import Properties
    from paho.mqtt.reasoncodes import ReasonCode

__all__ = ["MqttStates"]

#: Seconds that the broker has for the last words, and the client's thread to end [A].
LAST_WORDS_S, THREAD_S = 3.0, 6.0


class MqttStates:
    """The states of one night at a broker; connects in a thread of its own.

    Parameters
    ----------
    settings : MqttSettings

    Raises
    ------
    CrampdetectError
        The MQTT client is not installed.
    ValueError
        The certificate cannot be read.
    """

    def __init__(self, settings: MqttSettings) -> None:
        self._settings = settings
        #: Held over publishing without acknowledgement, which only appends to the client's list.
        self._lock = threading.Lock()
        self._connected = self._silent = self._refused = False
        self._failures: Counter[str] = Counter()
        self._states = dict.fromkeys(STATES, "")
        self._states |= {"cramp": _document("OFF"), "episodes": "0", "problem": _document("OFF")}
        self._last: MQTTMessageInfo | None = None
        self._client = mqtt_client(settings)
        self._client.on_connect, self._client.on_disconnect = self._on_connect, self._on_disconnect
        self._client.on_connect_fail = self._on_connect_fail
        self._client.connect_async(settings.host, settings.chosen_port)
        self._client.loop_start()

    def tell(self, message: Message) -> None:
        """A cramp begins, is over or was none; never waits."""
        if message.event == "cramp":
            self._set("cramp", _document("ON", time=message.time, probability=message.probability))
        elif message.event in ("over", "withdrawn"):
            self._set("cramp", _document("OFF", time=message.time, ended=message.event))

    def problems(self, lasting: Mapping[str, str]) -> None:
        """What endangers the night now, text by cause."""
        if lasting:
            text = "; ".join(lasting.values())
            self._set("problem", _document("ON", causes=list(lasting), text=text))
        else:
            self._set("problem", _document("OFF"))

    def status(self, episodes: int, battery_percent: int | None) -> None:
        """Episodes of this night, and the battery where it is known."""
        self._set("episodes", str(episodes))
        if battery_percent is not None:
            self._set("battery", str(battery_percent))

    def silence(self) -> None:
        """Take the states back and publish no others; never waits."""
        with self._lock:
            if self._silent:
                return
            self._silent, connected = True, self._connected
        if connected:
            self._last_words()

    def close(self) -> list[str]:
        """The same, and disconnect; what failed, in sentences."""
        self.silence()
        if self._last is not None and not _heard(self._last):
            self._failed("the end of the night was not confirmed")
        self._client.disconnect()
        # The client may be waiting for a name server, which nothing interrupts.
        ender = threading.Thread(target=self._client.loop_stop, daemon=True)
        ender.start()
        ender.join(THREAD_S)
        with self._lock:
            return failures_told(f"MQTT at {self._settings.host}", self._failures)

    def _set(self, state: str, payload: str) -> None:
        with self._lock:
            if self._silent or self._states[state] == payload:
                return
            self._states[state] = payload
            if self._connected:
                self._publish(state, payload)

    def _publish(self, state: str, payload: str) -> None:
        # Without acknowledgement: the client would send it again after a newer one.
        self._client.publish(topic(self._settings, state), payload, retain=True)

    def _last_words(self) -> None:
        self._publish("cramp", _document("OFF"))
        self._client.publish(availability_topic(self._settings), OFFLINE, qos=1, retain=True)
        for state in STATES[:-1]:
            self._publish(state, "")
        self._last = self._client.publish(topic(self._settings, STATES[-1]), "", qos=1, retain=True)

    def _failed(self, reason: str) -> None:
        with self._lock:
            self._failures[reason] += 1

    def _on_connect(
        self,
        client: "Client",
        userdata: object,
        flags: "ConnectFlags",
        reason: "ReasonCode",
        properties: "Properties | None",
    ) -> None:
        del userdata, flags, properties
        if reason.is_failure:
            self._refused = True
            self._failed(f"it refused ({str(reason).lower()})")
            return
        with self._lock:
            self._connected, silent = True, self._silent
            if not silent:
                for name, document in discovery(self._settings).items():
                    client.publish(name, document, retain=True)
                for state, payload in self._states.items():
                    if payload:
                        self._publish(state, payload)
                client.publish(availability_topic(self._settings), ONLINE, retain=True)
        if silent:
            self._last_words()

    def _on_disconnect(
        self,
        client: "Client",
        userdata: object,
        flags: "DisconnectFlags",
        reason: "ReasonCode",
        properties: "Properties | None",
    ) -> None:
        del client, userdata, flags, reason, properties
        with self._lock:
            # A refusal was counted as such; after the last words an end is none too early.
            counted = self._refused or self._silent
            what = "the connection was lost" if self._connected else "no broker answered"
            self._connected = self._refused = False
        if not counted:
            self._failed(what)

    def _on_connect_fail(self, client: "Client", userdata: object) -> None:
        del client, userdata
        # The client calls this while it handles what went wrong, and passes no reason.
        error = sys.exception()
        said = error.strerror if isinstance(error, OSError) and error.strerror else "no connection"
        self._failed(said[0].lower() + said[1:])


def _heard(last: "MQTTMessageInfo") -> bool:
    """Whether the broker confirms it in time."""
    try:
        last.wait_for_publish(LAST_WORDS_S)
        return last.is_published()
    except (RuntimeError, ValueError):  # paho's ways to say that the connection is gone
        return False


def _document(state: str, **attributes: object) -> str:
    said = {name: value for name, value in attributes.items() if value is not None}
    return json.dumps({"state": state, **said})
