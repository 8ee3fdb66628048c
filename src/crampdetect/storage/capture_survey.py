"""One pass through a capture: everything but the bytes of the link, and what is wrong with it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from crampdetect.errors import RecordingError
from crampdetect.storage import capture_records as records
from crampdetect.storage.capture_clock import ClockPair
from crampdetect.storage.capture_head import CaptureHead, parsed_head, parsed_object
from crampdetect.storage.capture_walk import Loss, Message, Tail

__all__ = ["Mark", "Note", "Survey", "number_of", "survey", "text_of"]

#: A night has 3600 clock pairs and some hundred notes; a file that claims more than this of either
#: is hostile, and must not fill the memory.
MOST_KEPT = 100_000
#: Damage that is told place by place; more is told as a number.
MOST_TOLD = 10
#: Times and UTC in nanoseconds stay below this (the year 2262).
MOST_NS = 1 << 63

_Kept = TypeVar("_Kept")


@dataclass(frozen=True, slots=True)
class Mark:
    """The wearer said: I felt one now."""

    monotonic_ns: int
    text: str


@dataclass(frozen=True, slots=True)
class Note:
    """Something that the device or the computer said, by kind."""

    monotonic_ns: int
    kind: str
    value: str


@dataclass(slots=True)
class Survey:
    """What one pass found."""

    head: CaptureHead | None = None
    end: str | None = None
    tail: Tail = field(default_factory=Tail)
    pairs: list[ClockPair] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    _began_ns: int | None = None
    _last_ns: int = 0
    _untold: int = 0
    _unreadable: int = 0
    _unkept: int = 0

    def take(self, message: Message) -> None:
        """One message more."""
        if self._began_ns is None:
            self._began_ns = message.time_ns
            if message.topic != records.HEAD:
                self.warnings.append(
                    "the beginning of the capture is damaged; its head was taken from a repetition"
                )
        self._last_ns = message.time_ns
        if message.topic != records.RECEIVED:
            self._read(message)

    def lose(self, loss: Loss) -> None:
        """Something that cannot be read."""
        if len(self.warnings) >= MOST_TOLD:
            self._untold += 1
            return
        place = f"{(self._last_ns - (self._began_ns or 0)) / 1e9:.0f} s after its start"
        if loss.repeated:
            said = f"{loss.repeated} messages were there twice and are taken once"
        elif loss.unreadable:
            said = "a part whose checksum is right could not be read and is left out"
        elif loss.messages:
            said = f"{loss.messages} messages are missing"
        elif loss.at_end:
            said = f"the last {loss.bytes_damaged} bytes are no whole chunk and are left out"
        else:
            said = f"{loss.bytes_damaged} damaged bytes held no message that is missed"
        if self._began_ns is not None:
            self.warnings.append(f"{place} {said}")
        elif loss.messages:
            self.warnings.append(f"the first {loss.messages} messages are missing")

    def finish(self, path: Path) -> None:
        """Say what can be said only at the end.

        Raises
        ------
        RecordingError
            It is no capture.
        """
        if self.head is None:
            raise RecordingError(
                f"{path}: this file holds no head of a capture; "
                "expected a night that crampdetect captured"
            )
        for count, said in (
            (self._untold, "further places in the file are damaged"),
            (self._unreadable, "messages made no sense and are left out"),
            (self._unkept, "clock pairs, marks or notes are too many and are left out"),
        ):
            if count:
                self.warnings.append(f"{count} {said}")
        if self.end is None:
            self.warnings.append(
                "the capture has no end: recording was cut off or still goes on; "
                "up to the last second before may be missing"
            )

    def _read(self, message: Message) -> None:
        topic, time_ns, document = message.topic, message.time_ns, parsed_object(message.data)
        match topic:
            case records.HEAD:
                head = parsed_head(message.data)
                self._unreadable += head is None
                self.head = self.head or head
            case records.CLOCK:
                utc, boottime = number_of(document, "utc_ns"), number_of(document, "boottime_ns")
                if utc is None or boottime is None or time_ns >= MOST_NS:
                    self._unreadable += 1
                else:
                    self._keep(self.pairs, ClockPair(time_ns, utc, boottime))
            case records.MARK:
                self._keep(self.marks, Mark(time_ns, text_of(document, "text")))
            case records.NOTE:
                kind, value = text_of(document, "kind"), text_of(document, "value")
                self._keep(self.notes, Note(time_ns, kind, value))
            case records.END:
                self.end = text_of(document, "reason")
            case _:
                pass  # link events are read later; other topics are of a later program

    def _keep(self, kept: list[_Kept], item: _Kept) -> None:
        if len(kept) < MOST_KEPT:
            kept.append(item)
        else:
            self._unkept += 1


def survey(path: Path, found: Iterable[Message | Loss | Tail]) -> Survey:
    """All of a walk in one.

    Raises
    ------
    RecordingError
        It is no capture, or one of a newer program.
    """
    result = Survey()
    try:
        for item in found:
            if isinstance(item, Message):
                result.take(item)
            elif isinstance(item, Loss):
                result.lose(item)
            else:
                result.tail = item
    except RecordingError as error:
        sentence = str(error)
        raise RecordingError(
            sentence if sentence.startswith(str(path)) else f"{path}: {sentence}"
        ) from error
    result.finish(path)
    return result


def text_of(document: dict[str, object], name: str) -> str:
    """A text of a message; empty where it is missing or none."""
    value = document.get(name, "")
    return value if isinstance(value, str) else ""


def number_of(document: dict[str, object], name: str) -> int | None:
    """Nanoseconds of a message; None where they make no sense."""
    value = document.get(name)
    return value if type(value) is int and 0 <= value < MOST_NS else None
