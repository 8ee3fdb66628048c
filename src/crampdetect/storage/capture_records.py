"""The MCAP records of a capture, as bytes. It knows no file and no clock.

Each chunk stands for itself: it names the channels of its messages again, holds a CRC, and can be
read whatever happened to the chunks before it. There is no summary: its index of chunks would grow
with the night while it is recorded, and readers of MCAP scan a file that has none.
"""

import struct
import zlib
from typing import Any

from mcap.data_stream import RecordBuilder
from mcap.records import Channel, Chunk, DataEnd, Footer, Header, McapRecord

__all__ = [
    "CHUNK_BYTES",
    "CLOCK",
    "CONNECTED",
    "DISCONNECTED",
    "END",
    "HEAD",
    "MAGIC",
    "MARK",
    "MOST_CHUNK_BYTES",
    "MOST_DATA_BYTES",
    "NOTE",
    "RECEIVED",
    "ChunkBuilder",
    "closing_bytes",
    "opening_bytes",
]

#: The first and last bytes of every MCAP file (https://mcap.dev/spec).
MAGIC = b"\x89MCAP0\r\n"
PROFILE = "crampdetect-capture"

#: Topics, see docs/capture_format.md. A reader skips those that it does not know.
HEAD, CLOCK, END = "head", "clock", "end"
RECEIVED, CONNECTED, DISCONNECTED = "link/received", "link/connected", "link/disconnected"
MARK, NOTE = "mark", "note"

#: A chunk is handed to the system when it holds so many bytes, or after 0.8 s: a kill loses less.
CHUNK_BYTES = 64 * 1024
#: One event may be so large: a serial port gives at most a few kB at once, BLE 512 bytes [A].
MOST_DATA_BYTES = 1 << 20
#: So no chunk is larger than this; a length that says more is damage.
MOST_CHUNK_BYTES = 4 << 20

#: Opcode 5, length, channel, sequence, log time, publish time: a message before its data.
_MESSAGE = struct.Struct("<BQHIQQ")
_MESSAGE_OPCODE = 5
_MESSAGE_FIXED = 22


def _bytes_of(record: McapRecord) -> bytes:
    builder: Any = RecordBuilder()  # its methods carry no types
    record.write(builder)
    return bytes(builder.end())


def opening_bytes() -> bytes:
    """What an MCAP file begins with."""
    return MAGIC + _bytes_of(Header(profile=PROFILE, library="crampdetect"))


def closing_bytes() -> bytes:
    """What a finished MCAP file ends with; no summary and no CRC beside those of the chunks."""
    footer = Footer(summary_start=0, summary_offset_start=0, summary_crc=0)
    return _bytes_of(DataEnd(data_section_crc=0)) + _bytes_of(footer) + MAGIC


class ChunkBuilder:
    """Messages that become one chunk, and the numbers of channels and messages.

    Parameters
    ----------
    sequence : int
        Of the first message.

    Attributes
    ----------
    size : int
        Bytes that wait.
    """

    def __init__(self, sequence: int = 0) -> None:
        self._sequence = sequence
        self._channels: dict[tuple[str, str], tuple[int, bytes]] = {}
        self._named: set[int] = set()
        self._data = bytearray()
        self._first_ns = self._last_ns = 0

    @property
    def size(self) -> int:
        """Bytes that wait to be written."""
        return len(self._data)

    def add(self, topic: str, time_ns: int, data: bytes, endpoint: str = "") -> None:
        """One message behind the others.

        Raises
        ------
        ValueError
            `data` is longer than 1 MiB, or the time is negative.
        """
        if len(data) > MOST_DATA_BYTES:
            raise ValueError(f"{len(data)} bytes at once; expected at most {MOST_DATA_BYTES}")
        if not 0 <= time_ns < 1 << 63:
            raise ValueError(f"the time is {time_ns} ns; expected a monotonic time from 0 on")
        known = self._channels.get((topic, endpoint))
        number, record = known or self._new_channel(topic, endpoint)
        if not self._data:
            self._first_ns = self._last_ns = time_ns
        if number not in self._named:
            self._named.add(number)
            self._data += record
        self._data += _MESSAGE.pack(
            _MESSAGE_OPCODE, _MESSAGE_FIXED + len(data), number, self._sequence, time_ns, time_ns
        )
        self._data += data
        self._sequence = (self._sequence + 1) & 0xFFFFFFFF
        if time_ns > self._last_ns:
            self._last_ns = time_ns
        elif time_ns < self._first_ns:
            self._first_ns = time_ns

    def take(self) -> bytes:
        """The waiting messages as one chunk, which is empty from now on; no bytes if none wait."""
        if not self._data:
            return b""
        data = bytes(self._data)
        chunk = Chunk(
            compression="",
            data=data,
            message_start_time=self._first_ns,
            message_end_time=self._last_ns,
            uncompressed_crc=zlib.crc32(data),
            uncompressed_size=len(data),
        )
        self._data.clear()
        self._named.clear()
        return _bytes_of(chunk)

    def _new_channel(self, topic: str, endpoint: str) -> tuple[int, bytes]:
        number = len(self._channels) + 1
        channel = Channel(
            id=number,
            topic=topic,
            message_encoding="bytes" if topic == RECEIVED else "json",
            metadata={"endpoint": endpoint} if topic == RECEIVED else {},
            schema_id=0,
        )
        self._channels[(topic, endpoint)] = number, _bytes_of(channel)
        return self._channels[(topic, endpoint)]
