"""Topics and documents with which Home Assistant finds a night by itself. Pure.

Home Assistant takes a retained document for each entity from
``PREFIX/COMPONENT/NODE/ENTITY/config``. Only fields that its releases of the last years all know
are used.
"""

import json

from crampdetect.alerting.settings import MqttSettings
from crampdetect.version import __version__

__all__ = ["ENTITIES", "OFFLINE", "ONLINE", "STATES", "availability_topic", "discovery", "topic"]

ONLINE, OFFLINE = "online", "offline"
#: State topics by entity, below the configured topic.
STATES = ("cramp", "episodes", "battery", "problem")
_ON_OFF = {"value_template": "{{ value_json.state }}", "payload_on": "ON", "payload_off": "OFF"}
#: Component and fields of each entity.
ENTITIES: dict[str, tuple[str, dict[str, str]]] = {
    "cramp": ("binary_sensor", {"name": "Cramp", **_ON_OFF}),
    "episodes": (
        "sensor",
        {"name": "Episodes tonight", "state_class": "total_increasing", "icon": "mdi:counter"},
    ),
    "battery": (
        "sensor",
        {
            "name": "Battery",
            "device_class": "battery",
            "unit_of_measurement": "%",
            "state_class": "measurement",
            "entity_category": "diagnostic",
        },
    ),
    "problem": (
        "binary_sensor",
        {
            "name": "Problem",
            "device_class": "problem",
            "entity_category": "diagnostic",
            **_ON_OFF,
        },
    ),
}


def topic(settings: MqttSettings, state: str) -> str:
    """Where a state is published.

    Examples
    --------
    >>> topic(MqttSettings("localhost", topic="crampdetect/left"), "cramp")
    'crampdetect/left/cramp'
    """
    return f"{settings.topic}/{state}"


def availability_topic(settings: MqttSettings) -> str:
    """Where ``online`` and ``offline`` are published, the latter also by the broker."""
    return topic(settings, "availability")


def discovery(settings: MqttSettings) -> dict[str, str]:
    """The retained documents by topic."""
    node = settings.topic.replace("/", "_")
    device = {
        "identifiers": [node],
        "name": settings.topic.replace("/", " "),
        "manufacturer": "crampdetect",
        "sw_version": __version__,
    }
    documents = {}
    for entity, (component, fields) in ENTITIES.items():
        state = topic(settings, entity)
        document = {
            **fields,
            "unique_id": f"{node}_{entity}",
            "state_topic": state,
            "availability_topic": availability_topic(settings),
            "payload_available": ONLINE,
            "payload_not_available": OFFLINE,
            "device": device,
            "origin": {"name": "crampdetect", "sw_version": __version__},
        }
        if component == "binary_sensor":
            document["json_attributes_topic"] = state
        name = f"{settings.discovery_prefix}/{component}/{node}/{entity}/config"
        documents[name] = json.dumps(document)
    return documents
