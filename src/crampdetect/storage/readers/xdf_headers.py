"""Headers of XDF streams: XML within bounds, without entities."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree

from crampdetect.errors import RecordingError
from crampdetect.storage.readers.rates import HIGHEST_RATE, rate_from_text

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
        Of numpy; None for text and for a format that XDF does not have.
    rate_text, format_text : str
        The nominal rate and the sample format as they are written.
    """

    number: int
    name: str
    kind: str
    labels: tuple[str, ...]
    units: tuple[str, ...]
    rate: Fraction | None
    dtype: str | None
    rate_text: str = ""
    format_text: str = ""

    @property
    def format_problem(self) -> str | None:
        """One sentence about a sample format that XDF does not have."""
        if self.dtype is not None or self.format_text == "string":
            return None
        return (
            f"stream {self.shown!r} has the unknown sample format {_short(self.format_text)!r}; "
            "expected float32, double64, int8, int16, int32 or int64"
        )

    @property
    def rate_problem(self) -> str | None:
        """One sentence about an impossible nominal rate; 0 is that of an irregular stream."""
        if self.rate is not None or _is_zero(self.rate_text):
            return None
        return (
            f"stream {self.shown!r} has the nominal rate {_short(self.rate_text)!r}; "
            f"expected a number of hertz above 0, at most {HIGHEST_RATE}"
        )

    @property
    def shown(self) -> str:
        """Name for a sentence: a stream without name goes by its type or number."""
        return _short(self.name or self.kind or str(self.number))


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
        rate_text=(root.findtext("nominal_srate") or "").strip(),
        format_text=(root.findtext("channel_format") or "").strip(),
    )


def _is_zero(text: str) -> bool:
    try:
        return float(text) == 0
    except ValueError:
        return False


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:40] + "..."
