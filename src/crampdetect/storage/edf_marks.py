"""What crampdetect writes into an EDF file beyond the standard's fields, and how it reads it back.

All of it is plain text in free fields, so other programs show or ignore it: the stream, the full
channel name and the exact rate in the transducer field, filled samples as ``BAD_gap`` annotations,
the recording's identity after the equipment code.
"""

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from crampdetect.detection.types import Stream

__all__ = [
    "LARGEST_RATE_ERROR",
    "ChannelNote",
    "bad_streams",
    "gap_text",
    "is_own_mark",
    "padded_stream",
    "padding_text",
    "parse_note",
    "recording_uuid",
]

#: A header rate that no decimal record duration states exactly may be off by this much: 0.3 ms in
#: 8 h, less than half a sample at 1.7 kHz. The exact rate stands in the note.
LARGEST_RATE_ERROR = Fraction(1, 10**8)
EQUIPMENT = "crampdetect"
NOTE_BYTES = 80
STREAMS: tuple[Stream, ...] = ("emg", "acc")

_GAP = re.compile(r"BAD_gap (emg|acc)")
_PADDING = re.compile(r"BAD_padding (emg|acc)")
_UUID = re.compile(r"(?:^| )crampdetect ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?: |$)")
_NOTE = re.compile(
    r"crampdetect (?P<stream>emg|acc)(?: (?P<numerator>\d{1,15})/(?P<denominator>\d{1,15}) Hz)?"
    r"(?P<rails> no rails)?(?P<step> no step)?(?:: (?P<name>.+))?"
)


@dataclass(frozen=True, slots=True)
class ChannelNote:
    """What the transducer field of a file of ours says about a channel.

    `rate` is given where the header's rate is not exact, `name` where the label had to be
    changed.
    """

    stream: Stream
    rate: Fraction | None = None
    rails_known: bool = True
    resolution_known: bool = True
    name: str | None = None

    def text(self) -> str:
        """Put it into at most 80 ASCII characters; a name that does not fit is left out."""
        text = f"{EQUIPMENT} {self.stream}"
        if self.rate is not None:
            text += f" {self.rate.numerator}/{self.rate.denominator} Hz"
        if not self.rails_known:
            text += " no rails"
        if not self.resolution_known:
            text += " no step"
        if self.name is None:
            return text
        with_name = f"{text}: {self.name.encode('unicode_escape').decode('ascii')}"
        return with_name if len(with_name) <= NOTE_BYTES else text


def parse_note(transducer: str) -> ChannelNote | None:
    """Read a note back.

    Parameters
    ----------
    transducer : str

    Returns
    -------
    ChannelNote or None
        None where the text is not ours.

    Examples
    --------
    >>> parse_note(ChannelNote("emg", Fraction(1259259, 1000), name="Wade µ").text())
    ChannelNote(stream='emg', rate=Fraction(1259259, 1000), rails_known=True, \
resolution_known=True, name='Wade µ')
    >>> parse_note("Ag-AgCl electrodes") is None
    True
    """
    match = _NOTE.fullmatch(transducer)
    if match is None:
        return None
    try:
        name = match["name"] and match["name"].encode("ascii").decode("unicode_escape")
    except UnicodeError:  # a damaged note: the label is still there
        name = None
    rated = match["denominator"] and int(match["denominator"]) > 0
    return ChannelNote(
        stream=next(name for name in STREAMS if name == match["stream"]),
        rate=Fraction(int(match["numerator"]), int(match["denominator"])) if rated else None,
        rails_known=match["rails"] is None,
        resolution_known=match["step"] is None,
        name=name,
    )


def gap_text(stream: Stream) -> str:
    """Text of the annotation over samples of `stream` that were filled in for a gap."""
    return f"BAD_gap {stream}"


def padding_text(stream: Stream) -> str:
    """Text of the annotation over samples after the end of `stream`, up to a whole record."""
    return f"BAD_padding {stream}"


def bad_streams(text: str) -> Sequence[Stream]:
    """Streams that an annotation declares bad: one for our own marks, all for any other ``BAD_``.

    Parameters
    ----------
    text : str

    Returns
    -------
    sequence of {"emg", "acc"}

    Examples
    --------
    >>> bad_streams("BAD_gap acc"), bad_streams("bad_electrode"), bad_streams("Lights off")
    (('acc',), ('emg', 'acc'), ())
    """
    if not text.upper().startswith("BAD_"):
        return ()
    match = _GAP.fullmatch(text) or _PADDING.fullmatch(text)
    return STREAMS if match is None else tuple(name for name in STREAMS if name == match[1])


def padded_stream(text: str) -> Stream | None:
    """Return the stream whose end an annotation marks, or None."""
    match = _PADDING.fullmatch(text)
    return None if match is None else next(name for name in STREAMS if name == match[1])


def is_own_mark(text: str) -> bool:
    """Whether an annotation is one that the writer makes itself, from gaps and lengths."""
    return bool(_GAP.fullmatch(text) or _PADDING.fullmatch(text))


def recording_uuid(recording: str) -> str | None:
    """Identity of a recording of ours, from the recording identification of the header."""
    match = _UUID.search(recording)
    return None if match is None else str(uuid.UUID(match[1]))
