"""Writes a night as it comes: bytes of the link before anybody judges them.

What was given is handed to the system after 0.8 s at the latest (so a kill of this program loses
less than a second), and then waits for the disk (so does a power cut). A capture is finished when
it has its end record; one without was cut off.
"""

import json
from pathlib import Path
from types import TracebackType
from typing import Self

from crampdetect.errors import RecordingError
from crampdetect.link import Connected, LinkEvent, Received
from crampdetect.storage import capture_records as records
from crampdetect.storage.capture_clock import Clock, ClockPair, changes, read_pair
from crampdetect.storage.capture_file import CaptureFile
from crampdetect.storage.capture_head import MOST_TEXT_BYTES, CaptureHead, head_bytes

__all__ = ["CaptureHead", "CaptureWriter", "said"]

#: A second is what may be lost; the rest of it is for waiting in queues and for the disk.
FLUSH_NS = 800_000_000
PAIR_NS = 10_000_000_000
#: The head is written again with the second chunk, and so often; about 0.3 MB a night.
HEAD_NS = 60_000_000_000
#: Longest text of a mark or note, in characters; ASCII-escaped it fits into one message.
MOST_TEXT = MOST_TEXT_BYTES // 32


def said(**texts: str) -> bytes:
    """Texts as the JSON of one message; each is cut at 2048 characters."""
    cut = {name: text[:MOST_TEXT] for name, text in texts.items()}
    return json.dumps(cut, sort_keys=True, separators=(",", ":")).encode()


class CaptureWriter:
    """A new capture; a context manager, for one thread.

    Leaving the block ends the capture as ``"ended"`` unless `close` did; leaving it by an exception
    keeps all that was given, without an end: the night is to be recovered.

    Parameters
    ----------
    path : Path
        Of a file that does not exist yet; it gets mode 0600, missing folders 0700.
    head : CaptureHead
    clock : Clock
    durable : bool
        Wait for the disk each second. A simulated night that runs much faster than time need not.

    Raises
    ------
    RecordingError
        The file cannot be made: the folder is read-only, the disk is full, the name is taken.
    """

    def __init__(
        self, path: Path, head: CaptureHead, clock: Clock, *, durable: bool = True
    ) -> None:
        self._head = head_bytes(head)
        self._path, self._clock, self._durable = path, clock, durable
        self._chunk = records.ChunkBuilder()
        self._file = CaptureFile(path)
        self._open = True
        self._failed = False
        self._pair = read_pair(clock)
        self._flushed_ns = self._pair.monotonic_ns
        self._headed_ns = self._flushed_ns - HEAD_NS
        try:
            self._chunk.add(records.HEAD, self._pair.monotonic_ns, self._head)
            self._write_pair(self._pair)
            self._put(records.opening_bytes() + self._chunk.take())
            if durable:
                self._file.sync_name()
        except BaseException:
            self._file.close()
            path.unlink()  # it holds nothing yet, and would look like a night
            raise

    def event(self, event: LinkEvent) -> None:
        """Keep an event of the link.

        Raises
        ------
        RecordingError
            The disk is full; all but the last second is kept.
        """
        if isinstance(event, Received):
            self._add(records.RECEIVED, event.monotonic_ns, event.data, event.endpoint)
        elif isinstance(event, Connected):
            self._add(records.CONNECTED, event.monotonic_ns, said(detail=event.detail))
        else:
            self._add(records.DISCONNECTED, event.monotonic_ns, said(reason=event.reason))
        self.tick()

    def mark(self, monotonic_ns: int, text: str) -> None:
        """Keep what the wearer felt, safely at once: the only ground truth there is."""
        self._add(records.MARK, monotonic_ns, said(text=text))
        self._flush()

    def note(self, monotonic_ns: int, kind: str, value: str) -> None:
        """Keep what the device or the computer said, e.g. a battery or a fault."""
        self._add(records.NOTE, monotonic_ns, said(kind=kind, value=value))
        self.tick()

    def tick(self) -> None:
        """Make safe what is due; cheap while nothing is.

        Raises
        ------
        RecordingError
            The disk is full; all but the last second is kept.
        """
        now = self._clock.monotonic_ns()
        if now - self._flushed_ns < FLUSH_NS and self._chunk.size < records.CHUNK_BYTES:
            return
        self._check_open()
        pair = read_pair(self._clock)
        change = next(changes((self._pair, pair)))
        if change.slept or change.set_by or pair.monotonic_ns - self._pair.monotonic_ns >= PAIR_NS:
            self._write_pair(pair)
        if pair.monotonic_ns - self._headed_ns >= HEAD_NS:
            self._chunk.add(records.HEAD, pair.monotonic_ns, self._head)
            self._headed_ns = pair.monotonic_ns
        self._flush()
        self._flushed_ns = now

    def close(self, reason: str) -> None:
        """End the capture: `reason` is a short word, e.g. ``"ended"``. Again: nothing.

        Raises
        ------
        RecordingError
            The disk is full and that was not told yet.
        """
        if not self._open:
            return
        pair, was_told = read_pair(self._clock), self._failed
        try:
            if not was_told:
                self._write_pair(pair)
                self._put(self._chunk.take())
            self._chunk.add(records.END, pair.monotonic_ns, said(reason=reason))
            self._put(self._chunk.take() + records.closing_bytes())
            if self._durable:
                self._file.sync_name()
        except RecordingError:
            if not was_told:
                raise
            # The disk is still full, as was told: the capture stays without its end.
        finally:
            self._open = False
            self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is None:
            self.close("ended")
        elif self._open:
            try:
                if not self._failed:
                    self._flush()
            finally:
                self._open = False
                self._file.close()

    def _add(self, topic: str, monotonic_ns: int, data: bytes, endpoint: str = "") -> None:
        self._check_open()
        self._chunk.add(topic, monotonic_ns, data, endpoint)

    def _check_open(self) -> None:
        if self._failed:
            raise RecordingError(f"{self._path}: nothing more is kept since the disk failed")
        if not self._open:
            raise ValueError(f"{self._path}: the capture is closed; expected an open one")

    def _flush(self) -> None:
        if self._chunk.size:
            self._put(self._chunk.take())

    def _put(self, data: bytes) -> None:
        try:
            self._file.append(data)
            if self._durable:
                self._file.sync()
        except RecordingError:
            self._failed = True
            raise

    def _write_pair(self, pair: ClockPair) -> None:
        data = f'{{"boottime_ns":{pair.boottime_ns},"utc_ns":{pair.utc_ns}}}'
        self._chunk.add(records.CLOCK, pair.monotonic_ns, data.encode())
        self._pair = pair
