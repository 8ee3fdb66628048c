"""Headers of XDF streams: XML within bounds, without entities."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree

from crampdetect.errors import RecordingError
from crampdetect.storage.readers.rates import rate_from_text

__all__ = ["StreamHeader", "read_stream_header", "read_xml"]

#: A header describes at most some hundred channels, in a few hundred bytes each.
_MAX_XML_BYTES = 1 << 22
_MAX_CHANNELS = 4096
_FORMATS = {
    "float32": "<f4",
    "double64": "<f8",
    "int8": "i1",
    "int16": "<i2",
    "int32": "<i4",
    "int64": "<i8",
}


@dataclass(frozen=True, slots=True)
class StreamHeader:
    """What a stream's header says.

    Parameters
    ----------
    number : int
        Stream id within the file.
    name, kind : str
        For example ``"OpenBCI"``, ``"EMG"``.
    labels, units : tuple of str
        One for each channel, empty where the header is silent.
    rate : Fraction or None
        Nominal, in Hz; None for an irregular stream.
    dtype : str or None
        Of numpy; None for text.
    """

    number: int
    name: str
    kind: str
    labels: tuple[str, ...]
    units: tuple[str, ...]
    rate: Fraction | None
    dtype: str | None


def read_xml(path: Path, data: bytes) -> ElementTree.Element:
    """Parse the XML of a header, without entities and within bounds.

    Raises
    ------
    RecordingError
        Too large, not well-formed, or with a document type (entities may expand without end).
    """
    upper = data.upper()
    if len(data) > _MAX_XML_BYTES or b"<!DOCTYPE" in upper or b"<!ENTITY" in upper or b"\0" in data:
        raise RecordingError(
            f"{path}: an XDF header is too large or declares entities; expected plain XML"
        )
    try:
        return ElementTree.fromstring(data)
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise RecordingError(
            f"{path}: an XDF header is no well-formed XML ({error}); "
            "expected the stream's description"
        ) from error


def read_stream_header(path: Path, number: int, data: bytes) -> StreamHeader:
    """Read the description of one stream.

    Raises
    ------
    RecordingError
        As `read_xml`; or an impossible number of channels.
    """
    root = read_xml(path, data)
    text = (root.findtext("channel_count") or "").strip()
    count = int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 0
    if not 0 < count <= _MAX_CHANNELS:
        raise RecordingError(
            f"{path}: an XDF stream has {text!r} channels; expected 1 to {_MAX_CHANNELS}"
        )
    described = root.findall("./desc/channels/channel")[:count]
    padding = ("",) * (count - len(described))
    return StreamHeader(
        number=number,
        name=(root.findtext("name") or "").strip(),
        kind=(root.findtext("type") or "").strip(),
        labels=tuple((one.findtext("label") or "").strip() for one in described) + padding,
        units=tuple((one.findtext("unit") or "").strip() for one in described) + padding,
        rate=rate_from_text(root.findtext("nominal_srate") or ""),
        dtype=_FORMATS.get((root.findtext("channel_format") or "").strip()),
    )
