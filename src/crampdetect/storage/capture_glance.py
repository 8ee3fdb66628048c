"""The head and the end of a capture without reading what is between: for lists of nights."""

from dataclasses import dataclass
from pathlib import Path

from crampdetect.errors import RecordingError
from crampdetect.storage import capture_records as records
from crampdetect.storage.capture_chunks import ChunkScanner, Whole
from crampdetect.storage.capture_clock import ClockPair
from crampdetect.storage.capture_head import CaptureHead, parsed_head, parsed_object
from crampdetect.storage.capture_survey import number_of, text_of
from crampdetect.storage.capture_walk import messages_of

__all__ = ["Glance", "glance"]

#: Bytes from which the beginning is read. The head is in the first chunk, some kB at most.
BEGIN_BYTES = 256 * 1024
#: Bytes in which the end record is looked for: it is the last message, in a chunk of its own.
END_BYTES = 16 * 1024


@dataclass(frozen=True, slots=True)
class Glance:
    """What the beginning and the end of a capture say.

    Parameters
    ----------
    head : CaptureHead
    start : ClockPair or None
        The first reading of the clocks.
    end : str or None
        Why it ended; None if it did not.
    """

    head: CaptureHead
    start: ClockPair | None
    end: str | None


def glance(path: Path) -> Glance:
    """Look at both ends of a capture.

    Raises
    ------
    RecordingError
        It cannot be read, or begins like no capture of this program.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head, start = _beginning(ChunkScanner(file, min(size, BEGIN_BYTES)))
            end = _end(ChunkScanner(file, size), max(0, size - END_BYTES))
    except OSError as error:
        raise RecordingError(
            f"{path}: the capture cannot be read ({error.strerror or error}); "
            "expected a readable file"
        ) from error
    except RecordingError as error:
        raise RecordingError(f"{path}: {error}") from error
    if head is None:
        raise RecordingError(
            f"{path}: this file begins like no capture; expected a night that crampdetect captured"
        )
    return Glance(head, start, end)


def _beginning(scanner: ChunkScanner) -> tuple[CaptureHead | None, ClockPair | None]:
    head: CaptureHead | None = None
    for chunk in scanner.chunks():
        if not isinstance(chunk, Whole):
            continue
        for message in messages_of(chunk.data)[0]:
            if message.topic == records.HEAD and head is None:
                head = parsed_head(message.data)
            if message.topic == records.CLOCK:
                document = parsed_object(message.data)
                utc, boottime = number_of(document, "utc_ns"), number_of(document, "boottime_ns")
                if head is not None and utc is not None and boottime is not None:
                    return head, ClockPair(message.time_ns, utc, boottime)
    return head, None


def _end(scanner: ChunkScanner, start: int) -> str | None:
    for chunk in scanner.chunks_from(start):
        if isinstance(chunk, Whole):
            for message in messages_of(chunk.data)[0]:
                if message.topic == records.END:
                    return text_of(parsed_object(message.data), "reason")
    return None
