"""Our frames for samples that another program has decoded (BrainFlow, Lab Streaming Layer).

So a night of such a sensor is captured and replayed like any other. A frame is four fixed bytes, a
type, the length of its body, the body, and a CRC-32 over type, length and body; integers are
little endian. One delivery of a link is one frame.

- A description is JSON: for each stream its name, channels, rate, unit, and where its index comes
  round.
- Samples are the stream's number in the description, the count of its channels, the index of the
  first sample, the source's time of it in seconds, and the values as 64-bit floats, sample by
  sample.
"""

import json
import struct
import zlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction

import numpy as np

from crampdetect.detection.types import Array, Stream

__all__ = [
    "Block",
    "Described",
    "block_of",
    "description",
    "is_sound",
    "samples",
    "streams_of",
]

MAGIC = b"\xc5gn1"
DESCRIPTION, SAMPLES = 1, 2
HEAD, TAIL_BYTES = struct.Struct("<4sBI"), 4
BLOCK = struct.Struct("<BBQd")
#: Bytes of a frame at most: 0.5 s of 16 channels at 4 kHz are a quarter of it [A].
LONGEST = 1 << 20
#: What a stream may be, so that no description is taken that nobody can judge [A].
MOST_CHANNELS, LOWEST_HZ, HIGHEST_HZ = 64, Fraction(1), Fraction(20_000)
UNITS = {"emg": ("uV", "a.u."), "acc": ("g",)}


@dataclass(frozen=True, slots=True)
class Described:
    """One stream of a source.

    Parameters
    ----------
    stream : {"emg", "acc"}
    channels : tuple of str
    rate : Fraction
        Nominal, in Hz.
    unit : str
        ``"uV"`` or ``"a.u."`` for EMG, ``"g"`` for acceleration.
    modulus : int
        Where its index comes round, in samples.
    """

    stream: Stream
    channels: tuple[str, ...]
    rate: Fraction
    unit: str
    modulus: int


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Consecutive samples of one stream.

    Parameters
    ----------
    number : int
        Of the stream in the description.
    index : int
        Of the first sample.
    time_s : float
        The source's time of the first sample, in seconds.
    values : Array, shape (n_samples, n_channels)
    """

    number: int
    index: int
    time_s: float
    values: Array


def _frame(kind: int, body: bytes) -> bytes:
    text = HEAD.pack(MAGIC, kind, len(body)) + body
    return text + zlib.crc32(text[len(MAGIC) :]).to_bytes(TAIL_BYTES, "little")


def description(streams: Sequence[Described]) -> bytes:
    """The frame that says what follows; EMG first."""
    rows = [{**asdict(one), "rate": str(one.rate)} for one in streams]
    return _frame(DESCRIPTION, json.dumps({"streams": rows}, sort_keys=True).encode())


def samples(number: int, index: int, time_s: float, values: Array) -> bytes:
    """The frame of consecutive samples, shape (n_samples, n_channels)."""
    head = BLOCK.pack(number, values.shape[1], index, time_s)
    return _frame(SAMPLES, head + np.ascontiguousarray(values, "<f8").tobytes())


def is_sound(frame: bytes) -> bool:
    """Whether this is one whole frame."""
    if not HEAD.size + TAIL_BYTES <= len(frame) <= LONGEST or not frame.startswith(MAGIC):
        return False
    _, _, count = HEAD.unpack_from(frame)
    crc = zlib.crc32(frame[len(MAGIC) : -TAIL_BYTES]).to_bytes(TAIL_BYTES, "little")
    return bool(len(frame) == HEAD.size + count + TAIL_BYTES and crc == frame[-TAIL_BYTES:])


def streams_of(frame: bytes) -> tuple[Described, ...] | None:
    """What a description says; None if the frame is none, or nothing that can be judged."""
    if frame[len(MAGIC)] != DESCRIPTION:
        return None
    try:
        rows = json.loads(frame[HEAD.size : -TAIL_BYTES])["streams"]
        streams = tuple(_described(row) for row in rows)
    except (ValueError, TypeError, KeyError, ZeroDivisionError, RecursionError):
        return None
    names = [one.stream for one in streams]
    return streams if names in (["emg"], ["emg", "acc"]) else None


def _described(row: dict[str, object]) -> Described:
    stream, channels, modulus = row["stream"], row["channels"], row["modulus"]
    rate = Fraction(str(row["rate"]))
    fits = (
        (stream == "emg" or stream == "acc")
        and isinstance(channels, list)
        and isinstance(modulus, int)
        and 1 <= len(channels) <= MOST_CHANNELS
        and len(set(map(str, channels))) == len(channels)
        and LOWEST_HZ <= rate <= HIGHEST_HZ
        and rate.denominator <= 1 << 32
        and 2 <= modulus <= 1 << 53
        and row["unit"] in UNITS[str(stream)]
    )
    if not fits:
        raise ValueError("the description is not of a stream that can be judged")
    assert stream == "emg" or stream == "acc"
    assert isinstance(channels, list)
    assert isinstance(modulus, int)
    return Described(stream, tuple(map(str, channels)), rate, str(row["unit"]), modulus)


def block_of(frame: bytes) -> Block | None:
    """The samples of a frame; None if it has none, or numbers that are none."""
    body = frame[HEAD.size : -TAIL_BYTES]
    if frame[len(MAGIC)] != SAMPLES or len(body) < BLOCK.size:
        return None
    number, channels, index, time_s = BLOCK.unpack_from(body)
    values = body[BLOCK.size :]
    if channels == 0 or not values or len(values) % (8 * channels):
        return None
    rows = np.frombuffer(values, "<f8").astype(np.float64).reshape(-1, channels)
    if not (np.isfinite(rows).all() and np.isfinite(time_s)):
        return None
    return Block(number, index, time_s, rows)
