"""Makes the MQTT client of a night from what a person chose."""

from typing import TYPE_CHECKING

from crampdetect.alerting.home_assistant import OFFLINE, availability_topic
from crampdetect.alerting.settings import MqttSettings
from crampdetect.errors import CrampdetectError

if TYPE_CHECKING:
    from paho.mqtt.client import Client

__all__ = ["mqtt_client"]

#: Seconds between two tries to connect, from and to [A].
FIRST_RETRY_S, LAST_RETRY_S = 1, 30


def mqtt_client(settings: MqttSettings) -> "Client":
    """A client that is not started yet; the broker will say that it is gone when it is.

    Raises
    ------
    CrampdetectError
        paho-mqtt is not installed.
    ValueError
        The certificate cannot be read.
    """
    try:
        from paho.mqtt.client import Client
        from paho.mqtt.enums import CallbackAPIVersion
    except ImportError as error:
        raise CrampdetectError(
            "MQTT needs paho-mqtt, which is not installed; "
            "expected: pip install 'crampdetect[mqtt]'"
        ) from error
    client = Client(CallbackAPIVersion.VERSION2)
    client.will_set(availability_topic(settings), OFFLINE, qos=1, retain=True)
    client.reconnect_delay_set(FIRST_RETRY_S, LAST_RETRY_S)
    if settings.user is not None:
        client.username_pw_set(settings.user, settings.password)
    if settings.tls:
        try:
            client.tls_set(settings.ca_file)
        except OSError as error:
            raise ValueError(
                f"{settings.ca_file}: no certificate ({error.strerror or error}); "
                "expected that of an authority, in PEM form"
            ) from error
    return client
