"""What a capture says of itself before any byte of the link: which night, sensor, person, settings.

The head is JSON with a version. It is written first, and again once a minute, so that damage to
the beginning of a file does not cost the night.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from crampdetect.errors import RecordingError

__all__ = ["FORMAT_VERSION", "CaptureHead", "head_bytes", "parsed_head", "parsed_object"]

#: The version that this program writes, and the newest it reads (docs/capture_format.md).
FORMAT_VERSION = 1
#: Longest JSON text of one message, in bytes: a head with every setting takes about 1 kB, and a
#: text that claims more is damaged or hostile [A].
MOST_TEXT_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class CaptureHead:
    """What is known of a night before it begins.

    Parameters
    ----------
    recording_id : str
        UUID (version 4) as text; born here, and carried into every other form of the night.
    device_kind : str
        Key of the device catalogue.
    device : str
        Address or port, as it was asked for.
    timezone : str or None
        IANA zone of the wearer, e.g. ``"Europe/Berlin"``.
    settings : mapping of str to str
        Options of the decoder, what was said of the wearer, and how it was judged.
    """

    recording_id: str
    device_kind: str
    device: str
    timezone: str | None = None
    settings: Mapping[str, str] = field(default_factory=dict)


def head_bytes(head: CaptureHead) -> bytes:
    """The head as it is written.

    Raises
    ------
    ValueError
        A setting is no text, or the head is longer than 64 KiB.
    """
    for name, value in head.settings.items():
        if not isinstance(name, str) or not isinstance(value, str):
            raise ValueError(f"the setting {name!r} is {value!r}; expected a text for each name")
    document = {
        "version": FORMAT_VERSION,
        "recording_id": head.recording_id,
        "device_kind": head.device_kind,
        "device": head.device,
        "timezone": head.timezone,
        "settings": dict(head.settings),
    }
    data = json.dumps(document, sort_keys=True, separators=(",", ":")).encode()
    if len(data) > MOST_TEXT_BYTES:
        raise ValueError(
            f"the head of the capture takes {len(data)} bytes; expected at most {MOST_TEXT_BYTES}"
        )
    return data


def parsed_head(data: bytes) -> CaptureHead | None:
    """The head that `data` holds; None where it makes no sense.

    Raises
    ------
    RecordingError
        It was written by a newer program.
    """
    document = parsed_object(data)
    version = document.get("version")
    if type(version) is not int or version < 1:
        return None
    if version > FORMAT_VERSION:
        raise RecordingError(
            f"a capture of version {version}; expected {FORMAT_VERSION} or older, "
            "update crampdetect to read it"
        )
    texts = [document.get(name) for name in ("recording_id", "device_kind", "device")]
    zone, settings = document.get("timezone"), document.get("settings")
    if not isinstance(settings, dict) or not (zone is None or isinstance(zone, str)):
        return None
    if not all(isinstance(value, str) for value in (*texts, *settings.values())):
        return None
    return CaptureHead(str(texts[0]), str(texts[1]), str(texts[2]), zone, settings)


def parsed_object(data: bytes) -> dict[str, object]:
    """The JSON object that a message holds; empty where it is none."""
    if len(data) > MOST_TEXT_BYTES:
        return {}
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):  # e.g. thousands of brackets; the reader tells of it
        return {}
    return document if isinstance(document, dict) else {}
