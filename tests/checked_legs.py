"""Simulated legs at bedtime, and a check or a calibration led over them."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np

from crampdetect.detection.types import Array, Gap, Item, Samples, SignalInfo, Stream
from crampdetect.devices.cramplink import CrampLinkDecoder
from crampdetect.devices.cramplink_commands import DATA_UUID
from crampdetect.devices.cramplink_encoder import CrampLinkEncoder, usual_info
from crampdetect.link import Connected, LinkEvent, LinkQuality, Received
from crampdetect.session_check import BedtimeCheck
from crampdetect.session_check_finding import CheckFinding
from crampdetect.simulation import NightParameters, SimulatedNight, scripted_night
from crampdetect.simulation.events import Event
from crampdetect.simulation.holds import VoluntaryHold

#: A sensor that sits well, for whom gravity is what it is.
LEG = NightParameters(duration_s=125.0, resting_uv=(2.5, 2.5), acc_gain_error=0.0, acc_offset_g=0.0)
NOW = datetime(2026, 3, 14, 22, 30, tzinfo=UTC)
MESSAGE_S = 0.08


def raises(count: int = 5, level: float = 9.0, first_s: float = 64.0) -> list[Event]:
    """Foot-raises of 3 s every 10 s."""
    return [
        VoluntaryHold(onset_s=first_s + 10.0 * k, duration_s=3.0, level=level, motion_g=0.1)
        for k in range(count)
    ]


def evening(
    events: Iterable[Event], parameters: NightParameters = LEG, seed: int = 1
) -> SimulatedNight:
    return scripted_night(events, parameters, seed)


def pieces(night: SimulatedNight, seconds: float = 1.0) -> Iterator[Samples | Gap]:
    """Both streams in step, a second of each at a time."""
    rates = {info.stream: info.nominal_sampling_frequency for info in night.signals}
    waiting: dict[Stream, list[Samples | Gap]] = {stream: [] for stream in rates}
    for item in night.read():
        if isinstance(item, Gap):
            waiting[item.stream].append(item)
            continue
        size = int(seconds * rates[item.stream])
        for first in range(0, item.values.shape[0], size):
            values = np.ascontiguousarray(item.values[first : first + size])
            waiting[item.stream].append(Samples(item.stream, item.start + first, values))
    everything = [item for items in waiting.values() for item in items]
    yield from sorted(everything, key=lambda item: (item.stop / rates[item.stream], item.stream))


def check_items(
    items: Iterable[Item], signals: tuple[SignalInfo, ...], quality: LinkQuality | None = None
) -> BedtimeCheck:
    """A check fed until it is done; without a quality, one that received everything."""
    received = LinkQuality() if quality is None else quality
    check = BedtimeCheck(signals, received)
    for item in items:
        if check.done:
            break
        check.push(item)
        if quality is None and isinstance(item, Samples):
            count = received.received.get(item.stream, 0)
            received.received[item.stream] = count + item.values.shape[0]
    return check


def found(check: BedtimeCheck) -> dict[str, CheckFinding]:
    return {each.step: each for each in check.findings(0, NOW)}


def link_events(night: SimulatedNight, lost: Iterable[int] = ()) -> Iterator[LinkEvent]:
    """What a CrampLink sensor sends of a night over Bluetooth, without the messages `lost`."""
    encoder = CrampLinkEncoder(usual_info(boot_id=7))
    emg, acc = (_whole(night, stream) for stream in ("emg", "acc"))
    away = set(lost)
    yield Connected(0)
    yield Received(encoder.info_message(0), 0, DATA_UUID)
    for number in range(emg.shape[0] // 80):
        at, t_us = int((number + 1) * MESSAGE_S * 1e9), number * 80_000
        part = emg[number * 80 : (number + 1) * 80]
        data = encoder.data(t_us, part, acc[number * 8 : (number + 1) * 8])
        if number not in away:
            yield Received(data, at, DATA_UUID)
        if number % 125 == 0:
            yield Received(encoder.status(t_us, 4010, 90), at, DATA_UUID)


def check_link(events: Iterable[LinkEvent]) -> BedtimeCheck:
    """A check behind the real decoder."""
    decoder = CrampLinkDecoder("message")
    check: BedtimeCheck | None = None
    for event in events:
        items = decoder.push(event)
        if check is None and decoder.signals is not None:
            check = BedtimeCheck(decoder.signals, decoder.quality)
        if check is not None:
            for item in items:
                check.push(item)
            if check.done:
                break
    assert check is not None
    return check


def constant(
    items: Iterable[Samples | Gap], stream: Stream, value: float
) -> Iterator[Samples | Gap]:
    """The same items with one stream dead at a value."""
    for item in items:
        if isinstance(item, Samples) and item.stream == stream:
            yield replace(item, values=np.full_like(item.values, value))
        else:
            yield item


def _whole(night: SimulatedNight, stream: str) -> Array:
    return np.concatenate(
        [
            item.values
            for item in night.read()
            if isinstance(item, Samples) and item.stream == stream
        ]
    )
