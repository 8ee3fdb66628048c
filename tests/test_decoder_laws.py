"""Laws of every decoder: cuts do not show, noise never raises, every sample is accounted for."""

import pickle
from collections.abc import Iterator, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crampdetect.detection.types import Gap, Item, Samples
from crampdetect.devices.decoder import Decoder
from crampdetect.link import Connected, Disconnected, LinkEvent, Received
from tests.decoder_cases import CASES, Case

KINDS = tuple(CASES)
STREAMS = tuple(kind for kind, case in CASES.items() if case.stream)
#: A decoder and what it holds; a few hundred frames that wait for their place take some of it.
MOST_BYTES = 200_000


def run(decoder: Decoder, events: Sequence[LinkEvent]) -> list[Item]:
    return [item for event in events for item in decoder.push(event)] + decoder.flush()


def of(items: list[Item], stream: str) -> Iterator[Samples | Gap]:
    """The items of one stream, checked to follow one another from 0."""
    at = 0
    for item in items:
        if isinstance(item, Samples | Gap) and item.stream == stream:
            assert item.start == at
            assert item.stop > at
            at = item.stop
            yield item


def content(items: list[Item]) -> dict[str, object]:
    """Values and gaps by stream, and statuses, however they were batched."""
    out: dict[str, object] = {}
    for stream in ("emg", "acc"):
        parts = list(of(items, stream))
        values = [part.values for part in parts if isinstance(part, Samples)]
        out[stream] = np.concatenate(values).tobytes() if values else b""
        out[f"{stream} gaps"] = [part for part in parts if isinstance(part, Gap)]
    return out


class Night:
    """A sensor on a link, with the time at which every frame arrives."""

    def __init__(self, case: Case) -> None:
        self.case, self.sensor, self.decoder = case, case.sensor(), case.decoder()
        info = self.decoder.signals
        rate = case.rate if info is None else float(info[0].nominal_sampling_frequency)
        self.frame_ns = int(case.size / rate * 1e9)
        self.events: list[LinkEvent] = []
        self.now = self.frames = self.heard = 0
        self.connect()

    def connect(self) -> None:
        self.events.append(Connected(self.now))
        if self.sensor.hello():
            self.events.append(Received(self.sensor.hello(), self.now, "x"))

    def disconnect(self) -> None:
        self.events.append(Disconnected(self.now, "silent"))

    def frame(self, sent: bool = True, times: int = 1) -> None:
        self.now += self.frame_ns
        self.frames += 1
        if not sent:
            self.sensor.skip()
            return
        self.heard += 1
        data = self.sensor.frame()
        endpoint = getattr(self.sensor, "endpoint", "x")
        self.events += [Received(data, self.now, endpoint)] * times


@pytest.mark.parametrize("kind", STREAMS)
@settings(max_examples=15)
@given(seed=st.integers(0, 10_000), longest=st.sampled_from([1, 7, 40, 300, 5000]))
def test_cuts_do_not_show(kind: str, seed: int, longest: int) -> None:
    night, rng = Night(CASES[kind]), np.random.default_rng(seed)
    for _ in range(60):
        night.frame(sent=bool(rng.random() > 0.05))
    whole = content(run(night.decoder, night.events))
    data = b"".join(one.data for one in night.events if isinstance(one, Received))
    cut: list[LinkEvent] = [Connected(0)]
    at = 0
    while at < len(data):
        stop = at + int(rng.integers(1, longest + 1))
        arrival = int(night.now * min(1.0, stop / len(data)))
        cut.append(Received(data[at:stop], arrival, "x"))
        at = stop
    assert content(run(CASES[kind].decoder(), cut)) == whole
    assert len(whole["emg"]) > 0  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=40)
@given(
    noise=st.lists(st.binary(max_size=300), max_size=12),
    seed=st.integers(0, 10_000),
    inside=st.booleans(),
)
def test_noise_never_raises_and_two_good_frames_end_it(
    kind: str, noise: list[bytes], seed: int, inside: bool
) -> None:
    night, rng = Night(CASES[kind]), np.random.default_rng(seed)
    if inside:
        for _ in range(5):
            night.frame()
    before = night.heard
    night.events += [Received(one, night.now, "x") for one in noise]
    night.events.append(Received(rng.bytes(int(rng.integers(0, 700))), night.now, "x"))
    if CASES[kind].stream and rng.random() < 0.5:  # half a frame
        whole = night.sensor.frame()
        night.events.append(Received(whole[: len(whole) // 2], night.now, "x"))
    if not inside and CASES[kind].kind.startswith("cramplink"):
        night.events += [Received(night.sensor.hello(), night.now, "x")] * 2
    for _ in range(60):
        night.frame()
    items = run(night.decoder, night.events)
    received = sum(one.values.shape[0] for one in of(items, "emg") if isinstance(one, Samples))
    list(of(items, "acc"))
    # The last frame may wait for the next to confirm it.
    least = (night.heard - before - 2) * CASES[kind].size
    assert received >= least
    assert received <= (night.heard + 1) * CASES[kind].size


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_held_is_bounded(kind: str) -> None:
    night, rng = Night(CASES[kind]), np.random.default_rng(5)
    prefixes = (b"\xa0", b"\x4f\xd5", b"\x4f\xd5\x28\x00\x64", b"\xc1\x10", b"\x00", b"")
    decoder = night.decoder
    for number in range(1500):
        prefix = prefixes[number % len(prefixes)]
        decoder.push(Received(prefix + rng.bytes(int(rng.integers(0, 400))), number * 1000, "x"))
        # A valid frame now and then, all at nearly the same time and with counters that jump.
        if number % 3 == 0:
            for _ in range(int(rng.integers(0, 50))):
                night.sensor.skip()
            decoder.push(Received(night.sensor.hello() + b"", number * 1000, "x"))
            decoder.push(Received(night.sensor.frame(), number * 1000, "x"))
    assert len(pickle.dumps(decoder)) < MOST_BYTES


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=6)
@given(seed=st.integers(0, 10_000), restarts=st.booleans())
def test_received_lost_and_not_connected_are_all_there_was(
    kind: str, seed: int, restarts: bool
) -> None:
    case = CASES[kind]
    night, rng = Night(case), np.random.default_rng(seed)
    per_second = 1e9 / night.frame_ns
    for stretch in range(3):
        for _ in range(int(per_second * rng.uniform(3.0, 7.0))):
            night.frame(sent=bool(rng.random() > 0.03), times=1 + int(rng.random() < case.twice))
        if stretch < 2:
            night.disconnect()
            if restarts and stretch == 1:
                night.sensor.restart()
            for _ in range(int(per_second * rng.uniform(0.5, 6.0))):
                night.frame(sent=False)
            night.connect()
    items = run(night.decoder, night.events)
    parts, quality = list(of(items, "emg")), night.decoder.quality
    received = sum(one.stop - one.start for one in parts if isinstance(one, Samples))
    missing = sum(one.stop - one.start for one in parts if isinstance(one, Gap))
    assert quality.received["emg"] == received
    assert quality.lost.get("emg", 0) + quality.not_connected.get("emg", 0) == missing
    assert quality.reconnects == 2
    waiting = 2 * case.size  # the first of the night may be lost, the last not confirmed
    assert night.heard * case.size - waiting <= received <= night.heard * case.size
    truth = night.frames * case.size
    within = waiting if case.counter >= 1 << 24 and not restarts else waiting + 0.1 * _rate(night)
    assert abs(received + missing - truth) <= within
    lost = [one for one in parts if isinstance(one, Gap) and one.cause == "lost"]
    assert not any(one.estimated for one in lost)
    _check_numbers(night, parts)
    acc = list(of(items, "acc"))
    counted = quality.received.get("acc", 0) + quality.lost.get("acc", 0)
    total = acc[-1].stop if acc else 0
    assert counted + quality.not_connected.get("acc", 0) == total


def _rate(night: Night) -> float:
    return night.case.size * 1e9 / night.frame_ns


def _check_numbers(night: Night, parts: list[Samples | Gap]) -> None:
    """Within an epoch, values are the samples' own numbers: no jump that a gap does not tell."""
    assert night.decoder.signals is not None
    scale = night.decoder.signals[0].resolution[0]
    assert scale is not None
    epoch: list[Samples] = []
    for part in [*parts, None]:
        if isinstance(part, Samples):
            epoch.append(part)
        elif part is None or part.cause != "lost":
            counts = np.concatenate([one.values[:, 0] for one in epoch]) / scale
            indices = np.concatenate([np.arange(one.start, one.stop) for one in epoch])
            assert np.abs(counts - np.rint(counts)).max() < 1e-3
            assert len(set(((indices - np.rint(counts)) % night.case.round).tolist())) == 1
            epoch = []
