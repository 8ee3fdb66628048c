"""Reads a capture back: the events of its link, in order, and what is known beside them.

Damage is told and read past; only a file that is no capture, or one of a newer program, is refused.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from crampdetect.errors import RecordingError
from crampdetect.link import Connected, Disconnected, LinkEvent, Received
from crampdetect.storage import capture_records as records
from crampdetect.storage.capture_clock import ClockPair, UtcLine
from crampdetect.storage.capture_head import CaptureHead, parsed_object
from crampdetect.storage.capture_survey import Mark, Note, survey, text_of
from crampdetect.storage.capture_walk import Message, Tail, walk

__all__ = ["Capture", "Mark", "Note", "read_capture"]


@dataclass(frozen=True, slots=True)
class Capture:
    """A night as it was captured.

    Parameters
    ----------
    path : Path
    head : CaptureHead
    end : str or None
        Why it ended; None if it did not: it was cut off, or is being recorded.
    warnings : tuple of str
        One sentence each about what is damaged or missing.
    clock_pairs : tuple of ClockPair
        In the order of the file.
    marks : tuple of Mark
    notes : tuple of Note
    stop : int
        Size of the file when it was looked at, in bytes; later bytes are not read.
    tail : Tail
        Where the whole part of the file ends.
    utc_line : UtcLine or None
        Made of the clock pairs; None without one.
    """

    path: Path
    head: CaptureHead
    end: str | None
    warnings: tuple[str, ...]
    clock_pairs: tuple[ClockPair, ...]
    marks: tuple[Mark, ...]
    notes: tuple[Note, ...]
    stop: int
    tail: Tail
    utc_line: UtcLine | None = field(repr=False, compare=False)

    def events(self) -> Iterator[LinkEvent]:
        """The events of the link, in the order in which they were kept, each once.

        Raises
        ------
        RecordingError
            The file cannot be read any more.
        """
        for item in walk(self.path, self.stop):
            if not isinstance(item, Message):
                continue
            if item.topic == records.RECEIVED:
                yield Received(item.data, item.time_ns, item.endpoint)
            elif item.topic == records.CONNECTED:
                yield Connected(item.time_ns, text_of(parsed_object(item.data), "detail"))
            elif item.topic == records.DISCONNECTED:
                yield Disconnected(item.time_ns, text_of(parsed_object(item.data), "reason"))

    def utc_of(self, monotonic_ns: int) -> int:
        """UTC of an instant of the night, in nanoseconds since 1970.

        A clock that was set and a sleep are allowed for: `capture_clock` has the rule.

        Raises
        ------
        RecordingError
            Damage took every clock pair.
        """
        if self.utc_line is None:
            raise RecordingError(
                f"{self.path}: the capture holds no reading of the clock; expected one each 10 s"
            )
        return self.utc_line.utc_ns(monotonic_ns)


def read_capture(path: Path) -> Capture:
    """Look through a capture.

    Parameters
    ----------
    path : Path
        Of a finished capture, of one that was cut off, or of one that is being recorded.

    Raises
    ------
    RecordingError
        There is no such file, it is no capture, or of a newer program.
    """
    try:
        stop = path.stat().st_size
        if not path.is_file():
            raise RecordingError(f"{path}: this is no file; expected a capture")
    except OSError as error:
        raise RecordingError(
            f"{path}: the capture cannot be read ({error.strerror or error}); "
            "expected a readable file"
        ) from error
    found = survey(path, walk(path, stop))
    assert found.head is not None  # else survey refused it
    return Capture(
        path=path,
        head=found.head,
        end=found.end,
        warnings=tuple(found.warnings),
        clock_pairs=tuple(found.pairs),
        marks=tuple(found.marks),
        notes=tuple(found.notes),
        stop=stop,
        tail=found.tail,
        utc_line=UtcLine(found.pairs) if found.pairs else None,
    )
