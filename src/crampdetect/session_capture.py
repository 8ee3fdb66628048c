"""A capture as a recording: its bytes are decoded again, by the decoder of the night.

What is printed of a capture (times by the clock, marks, zone) is made here, for live and replay
alike.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import numpy as np

from crampdetect.detection.types import Gap, Item, Samples, SignalInfo, Stream
from crampdetect.devices.catalogue import DEVICES
from crampdetect.devices.decoder import Decoder
from crampdetect.devices.time_map import TimeMap
from crampdetect.errors import RecordingError
from crampdetect.link import LinkQuality
from crampdetect.records import Annotation
from crampdetect.storage.capture_findings import clock_findings
from crampdetect.storage.capture_reader import Capture, read_capture
from crampdetect.storage.recording import BLOCK_SECONDS, ReadOptions, RecordingFile

__all__ = ["DEVICE_OPTION", "Decoded", "decode_capture", "open_capture", "options_of"]

#: Settings of a decoder stand in the head of a capture behind this.
DEVICE_OPTION = "device."
#: From so long on (s) a rate is told: arrivals of 10 ms are then 10 ppm [A].
LONG_ENOUGH_S = 1000
#: The fixed word of a wearer's mark among the annotations.
FELT = "felt"


@dataclass(frozen=True, slots=True)
class Decoded:
    """What one pass through a capture says of it, beside the samples."""

    signals: tuple[SignalInfo, ...]
    lengths: dict[Stream, int]
    times: TimeMap
    quality: LinkQuality
    battery_mv: int | None


def options_of(settings: Mapping[str, str]) -> dict[str, str]:
    """The decoder's options among the settings of a capture's head."""
    return {
        name.removeprefix(DEVICE_OPTION): value
        for name, value in settings.items()
        if name.startswith(DEVICE_OPTION)
    }


def open_capture(path: Path, options: ReadOptions | None = None) -> RecordingFile:
    """A capture as a recording.

    Parameters
    ----------
    path : Path
    options : ReadOptions, optional
        Only kept; a capture says everything itself.

    Raises
    ------
    RecordingError
        It is none, is damaged beyond its end, or holds no sample.
    """
    capture = read_capture(path)
    decoded = decode_capture(capture, path)
    printed = _printed(decoded)
    rates = {info.stream: info.nominal_sampling_frequency for info in decoded.signals}
    start = capture.utc_of(int(decoded.times.ns(0)))
    return RecordingFile(
        path=path,
        format="crampdetect capture",
        signals=decoded.signals,
        start_local=None,
        start=_moment(start),
        duration=max(decoded.lengths[stream] / rate for stream, rate in rates.items()),
        read=lambda: _blocks(capture, path, rates),
        lengths=decoded.lengths,
        annotations=_marks(capture, decoded.times),
        warnings=(*capture.warnings, *clock_findings(capture), *_rate_note(decoded)),
        recording_id=capture.head.recording_id,
        channels_available=tuple(name for info in decoded.signals for name in info.channels),
        options=options or ReadOptions(),
        printed=printed,
        settings=_settings(capture),
    )


def decode_capture(capture: Capture, path: Path) -> Decoded:
    """One pass through a capture, to know its lengths and its clock.

    Raises
    ------
    RecordingError
        Its device is not known here, or it holds no sample.
    """
    decoder, lengths = _decoder(capture, path), dict[Stream, int]()
    for item in _items(decoder, capture):
        lengths[item.stream] = item.stop
    signals, times = decoder.signals, decoder.time_map()
    if signals is None or times is None or "emg" not in lengths:
        raise RecordingError(f"{path}: the capture holds no sample; expected a night's signals")
    for info in signals:
        lengths.setdefault(info.stream, 0)
    return Decoded(signals, lengths, times, decoder.quality, decoder.battery_mv)


def _decoder(capture: Capture, path: Path) -> Decoder:
    kind = capture.head.device_kind
    if kind not in DEVICES:
        raise RecordingError(
            f"{path}: was captured from a {kind!r}; expected one of {', '.join(DEVICES)}"
        )
    return DEVICES[kind].make_decoder(options_of(capture.head.settings))


def _items(decoder: Decoder, capture: Capture) -> Iterator[Samples | Gap]:
    def plain(items: list[Item]) -> Iterator[Samples | Gap]:
        return (item for item in items if isinstance(item, Samples | Gap))

    for event in capture.events():
        yield from plain(decoder.push(event))
    yield from plain(decoder.flush())


def _blocks(capture: Capture, path: Path, rates: dict[Stream, Fraction]) -> Iterator[Samples | Gap]:
    """The items in blocks of at most a sixth of the longest: small frames cost time downstream."""
    most = {stream: int(BLOCK_SECONDS * rate) // 6 for stream, rate in rates.items()}
    runs: dict[Stream, list[Samples]] = {stream: [] for stream in rates}
    for item in _items(_decoder(capture, path), capture):
        run = runs[item.stream]
        if isinstance(item, Gap):
            yield from _block(run)
            yield item
            continue
        run.append(item)
        if item.stop - run[0].start >= most[item.stream]:
            yield from _block(run)
    for stream in rates:
        yield from _block(runs[stream])


def _block(run: list[Samples]) -> Iterator[Samples]:
    if run:
        values = np.concatenate([one.values for one in run])
        yield Samples(run[0].stream, run[0].start, values)
        run.clear()


def _printed(decoded: Decoded) -> Callable[[float], float]:
    """Nominal seconds -> seconds by the clock."""
    rate, times = float(decoded.times.rate), decoded.times

    def seconds(nominal_s: float) -> float:
        return times.seconds(nominal_s * rate)

    return seconds


def _rate_note(decoded: Decoded) -> list[str]:
    """The sensor's true rate, where a night is long enough to say it."""
    rate = decoded.times.rate
    if decoded.lengths["emg"] / rate < LONG_ENOUGH_S:
        return []
    ppm = decoded.times.ppm()
    true = float(rate) * (1.0 + ppm * 1e-6)
    return [
        f"by this computer's clock the sensor sampled at {true:.2f} Hz, {abs(ppm):.0f} ppm "
        f"{'faster' if ppm >= 0 else 'slower'} than nominal; printed times allow for it"
    ]


def _marks(capture: Capture, times: TimeMap) -> tuple[Annotation, ...]:
    """The wearer's marks by the clock of the night, on the axis of the recording."""
    origin = times.ns(0)
    return tuple(
        Annotation(round(max(0.0, (mark.monotonic_ns - origin) / 1e9), 3), 0.0, mark.text or FELT)
        for mark in capture.marks
    )


def _settings(capture: Capture) -> dict[str, str]:
    said = {
        name: value
        for name, value in capture.head.settings.items()
        if not name.startswith(DEVICE_OPTION)
    }
    if capture.head.timezone is not None:
        said["timezone"] = capture.head.timezone
    return said


def _moment(utc_ns: int) -> datetime:
    """A UTC instant to the millisecond, as it is printed."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=utc_ns // 1_000_000)
