"""The messages of a capture in order, each once, with what is missing between them."""

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from mcap.data_stream import ReadDataStream
from mcap.exceptions import McapError
from mcap.records import Channel

from crampdetect.errors import RecordingError
from crampdetect.storage.capture_chunks import ChunkScanner, Damage, Whole
from crampdetect.storage.capture_records import END

__all__ = ["Loss", "Message", "Tail", "messages_of", "walk"]

_PREFIX = struct.Struct("<BQ")
_MESSAGE = struct.Struct("<HIQQ")
_CHANNEL_OPCODE, _MESSAGE_OPCODE = 4, 5
#: Numbers of messages are taken modulo this.
_ROUND = 1 << 32


class Message(NamedTuple):
    """One message: its number, its time (monotonic, ns) and what it holds."""

    topic: str
    endpoint: str
    sequence: int
    time_ns: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Loss:
    """Something between two messages (or behind the last) that cannot be read.

    Parameters
    ----------
    messages : int
        That are missing, by their numbers; 0 where that is none or unknown.
    bytes_damaged : int
    repeated : int
        Messages that were there before, and are left out.
    unreadable : int
        Chunks whose CRC is right and whose content is not.
    at_end : bool
        No message follows.
    """

    messages: int = 0
    bytes_damaged: int = 0
    repeated: int = 0
    unreadable: int = 0
    at_end: bool = False


@dataclass(frozen=True, slots=True)
class Tail:
    """Where the whole part of a capture ends: offset, number of the next message, last time."""

    offset: int = 0
    sequence: int = 0
    time_ns: int = 0


def walk(path: Path, stop: int) -> Iterator[Message | Loss | Tail]:
    """Messages from the first to the end record, then the tail.

    Parameters
    ----------
    path : Path
    stop : int
        Offset at which to stop.

    Raises
    ------
    RecordingError
        The file cannot be read.
    """
    try:
        with path.open("rb") as file:
            yield from _walk(ChunkScanner(file, stop).chunks())
    except OSError as error:
        raise RecordingError(
            f"{path}: the capture cannot be read ({error.strerror or error}); "
            "expected a readable file"
        ) from error


def _walk(chunks: Iterator[Whole | Damage]) -> Iterator[Message | Loss | Tail]:
    tail, damaged = Tail(), 0
    for found in chunks:
        if isinstance(found, Damage):
            damaged += found.stop - found.start
            continue
        content, readable = messages_of(found.data)
        if not readable:
            yield Loss(unreadable=1)
        if not content:
            continue
        ahead = (content[0].sequence - tail.sequence) % _ROUND
        if ahead >= _ROUND // 2:
            yield Loss(repeated=len(content))
            continue
        if ahead or damaged:
            yield Loss(messages=ahead, bytes_damaged=damaged)
            damaged = 0
        yield from content
        last = content[-1]
        tail = Tail(found.stop, (last.sequence + 1) % _ROUND, last.time_ns)
        if last.topic == END:
            break
    if damaged:
        yield Loss(bytes_damaged=damaged, at_end=True)
    yield tail


def messages_of(chunk: bytes) -> tuple[list[Message], bool]:
    """The messages of one chunk, and whether all of it could be read."""
    channels: dict[int, tuple[str, str]] = {}
    found: list[Message] = []
    position, stop = 0, len(chunk)
    while position + _PREFIX.size <= stop:
        opcode, length = _PREFIX.unpack_from(chunk, position)
        position += _PREFIX.size
        behind = position + length
        if behind > stop:
            break
        if opcode == _MESSAGE_OPCODE and length >= _MESSAGE.size:
            number, sequence, time_ns, _ = _MESSAGE.unpack_from(chunk, position)
            topic, endpoint = channels.get(number, ("", ""))
            data = chunk[position + _MESSAGE.size : behind]
            found.append(Message(topic, endpoint, sequence, time_ns, data))
        elif opcode == _CHANNEL_OPCODE:
            channel = _channel(chunk[position:behind])
            if channel is None:
                break
            channels[channel.id] = channel.topic, channel.metadata.get("endpoint", "")
        position = behind
    return found, position == stop


def _channel(body: bytes) -> Channel | None:
    try:
        channel = Channel.read(ReadDataStream(io.BytesIO(body)))
    except (McapError, ValueError, struct.error):
        return None
    return channel if isinstance(channel, Channel) else None
