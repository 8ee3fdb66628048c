"""What a CrampLink device says of itself: the body of INFO, and the signals it stands for."""

import math
import struct
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from crampdetect.detection.types import Array, SignalInfo, Stream

__all__ = ["Info", "StreamInfo", "declared", "info_body", "info_of", "physical", "signal_of"]

#: Kinds and units of streams that are used here; others are left alone.
EMG_KIND, ACC_KIND = 1, 2
RAW_UNIT, VOLT_UNIT, G_UNIT = 0, 1, 2
#: Rates that a sensor on a leg can have, in mHz; what is outside is no sensible INFO [A].
RATES_MHZ = range(1_000, 20_000_001)
#: Axes of an accelerometer.
AXES = ("X", "Y", "Z")
#: Formats whose counts have no sign.
UNSIGNED = 1
FLOAT = 5
FIXED = struct.Struct("<BB8sI3BBHHB")
PER_STREAM = struct.Struct("<BBBBIffHHBB")


@dataclass(frozen=True, slots=True)
class StreamInfo:
    """One stream; physical value = count * scale + offset.

    Parameters
    ----------
    stream, kind, fmt, unit : int
        Number; what it is; channels << 4 | code of the numbers; 0 raw, 1 volt, 2 g.
    rate_mhz : int
        In thousandths of a hertz.
    scale, offset : float
        Single precision on the wire.
    high_pass_chz, low_pass_hz : int
        Analogue band, in 0.01 Hz and Hz; 0 where unknown.
    adc_bits : int
        0 where unknown.
    label : str
        ASCII.
    """

    stream: int
    kind: int
    fmt: int
    unit: int
    rate_mhz: int
    scale: float
    offset: float = 0.0
    high_pass_chz: int = 0
    low_pass_hz: int = 0
    adc_bits: int = 0
    label: str = ""

    @property
    def channels(self) -> int:
        """How many values an instant has."""
        return self.fmt >> 4


@dataclass(frozen=True, slots=True)
class Info:
    """A device; `boot_id` is drawn anew at each start, `uid` (8 bytes) never."""

    uid: bytes
    boot_id: int
    firmware: tuple[int, int, int]
    name: str
    streams: tuple[StreamInfo, ...]
    caps: int = 0
    max_message: int = 244
    replay_s: int = 0


def info_body(info: Info) -> bytes:
    """The body of INFO."""
    name = info.name.encode()
    numbers = (len(info.streams), info.max_message, info.replay_s, len(name))
    head = FIXED.pack(0, info.caps, info.uid, info.boot_id, *info.firmware, *numbers)
    parts = [head, name]
    for one in info.streams:
        label = one.label.encode("ascii")
        front = (one.stream, one.kind, one.fmt, one.unit, one.rate_mhz, one.scale, one.offset)
        band = (one.high_pass_chz, one.low_pass_hz, one.adc_bits)
        parts += [PER_STREAM.pack(*front, *band, len(label)), label]
    return b"".join(parts)


def info_of(body: bytes) -> Info | None:
    """What INFO says; None if it is cut short. Bytes behind it are those of a later version."""
    try:
        _, caps, uid, boot_id, *rest = FIXED.unpack_from(body, 0)
        major, minor, patch, count, most, replay_s, length = rest
        at = FIXED.size + length
        name = body[FIXED.size : at].decode("utf-8", "replace")
        streams = []
        for _ in range(count):
            stream, kind, fmt, unit, *numbers, length = PER_STREAM.unpack_from(body, at)
            at += PER_STREAM.size + length
            if at > len(body):
                return None
            label = body[at - length : at].decode("ascii", "replace")
            rate, scale, offset, high, low, bits = numbers
            streams.append(
                StreamInfo(stream, kind, fmt, unit, rate, scale, offset, high, low, bits, label)
            )
    except struct.error:
        return None
    return Info(uid, boot_id, (major, minor, patch), name, tuple(streams), caps, most, replay_s)


def declared(info: Info) -> tuple[StreamInfo, StreamInfo | None] | None:
    """The EMG, and the acceleration if there is any; None if there is no EMG that can be used."""
    usable = [one for one in info.streams if one.rate_mhz in RATES_MHZ and _sensible(one)]
    emg = next((one for one in usable if one.kind == EMG_KIND), None)
    if emg is None or emg.unit not in (RAW_UNIT, VOLT_UNIT):
        return None
    acc = next((one for one in usable if one.kind == ACC_KIND and one.unit == G_UNIT), None)
    return emg, None if acc is None or acc.channels > len(AXES) else acc


def _sensible(info: StreamInfo) -> bool:
    numbers = math.isfinite(info.scale) and math.isfinite(info.offset) and info.scale != 0.0
    return numbers and info.channels > 0 and info.fmt & 0x0F <= FLOAT


def physical(info: StreamInfo, counts: Array) -> Array:
    """Counts in the unit of the stream's signal: microvolts, g, or the device's own."""
    values: Array = (counts * info.scale + info.offset) * _factor(info)
    return values


def _factor(info: StreamInfo) -> float:
    return 1e6 if info.unit == VOLT_UNIT else 1.0


def signal_of(info: StreamInfo) -> SignalInfo:
    """The stream as the core knows it."""
    stream: Stream = "emg" if info.kind == EMG_KIND else "acc"
    units = {RAW_UNIT: "a.u.", VOLT_UNIT: "uV", G_UNIT: "g"}
    band = (info.high_pass_chz / 100, float(info.low_pass_hz))
    counts = _full_scale(info)
    rails, resolution = None, None
    if info.fmt & 0x0F != FLOAT:
        resolution = abs(info.scale) * _factor(info)
    if counts is not None:
        low, high = sorted(physical(info, np.array(counts)).tolist())
        rails = (low, high)
    return SignalInfo(
        stream,
        _names(info, stream),
        Fraction(info.rate_mhz, 1000),
        units[info.unit],
        band if band[1] > band[0] else None,
        rails=(rails,) * info.channels,
        resolution=(resolution,) * info.channels,
    )


def _full_scale(info: StreamInfo) -> tuple[float, float] | None:
    """Lowest and highest count of the converter; None where it is not told."""
    if not 2 <= info.adc_bits <= 32 or info.fmt & 0x0F == FLOAT:
        return None
    if info.fmt & 0x0F == UNSIGNED:
        return 0.0, 2.0**info.adc_bits - 1
    return -(2.0 ** (info.adc_bits - 1)), 2.0 ** (info.adc_bits - 1) - 1


def _names(info: StreamInfo, stream: Stream) -> tuple[str, ...]:
    printable = "".join(one for one in info.label if one.isascii() and one.isprintable()).strip()
    label = printable or stream.upper()
    if info.channels == 1:
        return (label,)
    numbers = AXES if stream == "acc" else tuple(str(1 + k) for k in range(info.channels))
    return tuple(f"{label} {one}" for one in numbers[: info.channels])
