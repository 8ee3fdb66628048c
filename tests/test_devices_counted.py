"""Frames on the night's index: losses, lost links, restarts, drift, stalls, duplicates."""

from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crampdetect.detection.types import Gap, Samples
from crampdetect.devices.counted_stream import CountedStream
from crampdetect.devices.held_stream import HeldStream
from crampdetect.link import LinkQuality

RATE = Fraction(1000)
SIZE = 8


@dataclass
class Device:
    """Samples whose values are their true number; `ppm` is how much faster than nominal it runs."""

    modulus: int
    ppm: float = 0.0
    sent: int = 0
    counter: int = 0
    rng: np.random.Generator = field(default_factory=lambda: np.random.default_rng(1))

    def frame(self) -> tuple[int, np.ndarray, int]:
        values = np.arange(self.sent, self.sent + SIZE, dtype=np.float64)[:, np.newaxis]
        counter = self.counter % self.modulus
        self.sent += SIZE
        self.counter += SIZE
        at = self.sent / (float(RATE) * (1 + self.ppm * 1e-6))
        return counter, values, int((at + self.rng.exponential(0.004)) * 1e9)


def collect(items: list[Samples | Gap]) -> tuple[list[int], list[int], list[Gap]]:
    """Index and true number of every sample; all indices are in exactly one item."""
    indices: list[int] = []
    numbers: list[int] = []
    gaps: list[Gap] = []
    at = 0
    for item in items:
        assert item.start == at
        at = item.stop
        if isinstance(item, Samples):
            indices += range(item.start, item.stop)
            numbers += item.values[:, 0].astype(int).tolist()
        else:
            gaps.append(item)
    return indices, numbers, gaps


@pytest.mark.parametrize("modulus", [16, 256, 2048, 1 << 32])
def test_losses_within_an_epoch_are_exact(modulus: int) -> None:
    device, quality = Device(modulus), LinkQuality()
    stream = CountedStream("emg", RATE, modulus, quality)
    rng, items, dropped = np.random.default_rng(2), [], 0
    for _ in range(4000):
        counter, values, at = device.frame()
        # Less than a round of the counter is lost at a time.
        if modulus > SIZE * 2 and rng.random() < 0.05:
            dropped += SIZE
            continue
        items += stream.push(counter, values, at)
    items += stream.flush()
    indices, numbers, gaps = collect(items)
    assert indices == numbers
    assert quality.lost.get("emg", 0) == dropped == sum(g.stop - g.start for g in gaps)
    assert not any(gap.estimated for gap in gaps)
    assert (modulus == 16) == (dropped == 0)


def test_a_loss_longer_than_the_counter_is_completed_by_arrival() -> None:
    device, quality = Device(2048), LinkQuality()
    stream, items = CountedStream("emg", RATE, 2048, quality), []
    for number in range(3000):
        counter, values, at = device.frame()
        if not 1000 <= number < 1700:  # 5.6 s, 2.7 rounds
            items += stream.push(counter, values, at)
    indices, numbers, gaps = collect(items)
    assert indices == numbers
    assert [(gap.stop - gap.start, gap.estimated) for gap in gaps] == [(5600, False)]


def test_a_stalled_link_is_no_loss() -> None:
    device, quality = Device(2048), LinkQuality()
    stream, items = CountedStream("emg", RATE, 2048, quality), []
    for number in range(3000):
        counter, values, at = device.frame()
        if 1000 <= number < 1700:  # all of 5.6 s comes in one burst
            at = int(1700 * SIZE * 1e6) + number
        items += stream.push(counter, values, at)
    items += stream.flush()
    indices, numbers, gaps = collect(items)
    assert indices == numbers == list(range(3000 * SIZE))
    assert gaps == []


def test_duplicates_are_dropped() -> None:
    for modulus in (256, 2048, 1 << 32):
        device, quality = Device(modulus), LinkQuality()
        stream, items = CountedStream("emg", RATE, modulus, quality), []
        for number in range(500):
            frame = device.frame()
            for _ in range(1 + number % 3):
                items += stream.push(*frame)
        indices, numbers, gaps = collect(items)
        assert indices == numbers == list(range(500 * SIZE))
        assert not gaps
        assert quality.duplicate == sum(number % 3 for number in range(500))


@settings(deadline=None, max_examples=40)
@given(
    seed=st.integers(0, 1000),
    modulus=st.sampled_from([256, 2048, 1 << 32]),
    ppm=st.sampled_from([-80.0, 0.0, 80.0, 9000.0]),
)
def test_lost_links_and_restarts_keep_the_time(seed: int, modulus: int, ppm: float) -> None:
    device, quality = Device(modulus, ppm), LinkQuality()
    device.rng = np.random.default_rng(seed)
    stream, items = CountedStream("emg", RATE, modulus, quality), []
    rng, away, restarted = np.random.default_rng(seed + 1), 0, 0
    for number in range(30_000):  # 4 min
        frame = device.frame()
        if number >= 12_000 and not away and rng.random() < 0.001:
            away = int(rng.integers(50, 1500))
            items += stream.link_lost()
            # Two restarts within a second cannot be told from one lost link.
            if rng.random() < 0.3 and number - restarted > 1000:
                device.counter, restarted = 0, number
        if away:
            away -= 1
            continue
        items += stream.push(*frame)
    items += stream.flush()
    indices, numbers, gaps = collect(items)
    counted = quality.received["emg"] + quality.lost.get("emg", 0)
    assert counted + quality.not_connected.get("emg", 0) == stream.next
    assert quality.received["emg"] == len(numbers) == len(set(numbers))
    times = stream.time_map()
    assert times is not None
    for index, number in list(zip(indices, numbers, strict=True))[::997]:
        true = number / (float(RATE) * (1 + ppm * 1e-6))
        # A nominal clock would be off by 2 s at 9000 ppm.
        assert times.seconds(index) == pytest.approx(true, abs=0.1)
    assert not [gap for gap in gaps if gap.cause == "lost"]
    if ppm and abs(ppm) < 1000:
        assert times.ppm() == pytest.approx(ppm, abs=60.0)


def test_a_wide_counter_that_goes_on_after_a_lost_link_is_exact() -> None:
    device, quality = Device(1 << 32, 80.0), LinkQuality()
    stream, items = CountedStream("emg", RATE, 1 << 32, quality), []
    for number in range(90_000):
        frame = device.frame()
        if number == 30_000:
            items += stream.link_lost()
        if not 30_000 <= number < 80_000:
            items += stream.push(*frame)
    indices, numbers, gaps = collect(items)
    assert indices == numbers
    assert gaps == [Gap("emg", 240_000, 640_000, "disconnected", False)]


def test_a_restart_without_a_lost_link_begins_an_epoch() -> None:
    device, quality = Device(1 << 32), LinkQuality()
    stream, items = CountedStream("emg", RATE, 1 << 32, quality), []
    for number in range(20_000):
        if number == 15_000:
            device.counter = 0
            device.sent += 3000  # booting takes 3 s
        items += stream.push(*device.frame())
    indices, numbers, gaps = collect(items)
    assert quality.restarts == 1
    assert [gap.cause for gap in gaps] == ["restarted"]
    assert abs(indices[-1] - numbers[-1]) <= 100


@given(st.lists(st.tuples(st.integers(0, 1 << 33), st.integers(0, 10**10)), max_size=60))
def test_any_counters_and_times_are_taken(frames: list[tuple[int, int]]) -> None:
    for modulus in (16, 2048, 1 << 32):
        stream, items, at = CountedStream("emg", RATE, modulus, LinkQuality()), [], 0
        for number, (counter, later) in enumerate(frames):
            at += later
            items += stream.push(counter, np.zeros((SIZE, 1)), at)
            if number % 13 == 12:
                items += stream.link_lost()
        items += stream.flush()
        collect(items)


def test_held_samples_take_up_drift_and_say_what_is_missing() -> None:
    quality = LinkQuality()
    held, items = HeldStream("acc", Fraction(100), quality), []
    for number in range(10_200):  # 2 % fast: 100 s
        at = number / 102.0
        if not 4000 <= number < 5000:
            items += held.push(at, np.array([at, 0.0, 1.0]))
        items += held.advance(at)
    total = 0
    for item in items:
        assert item.start == total
        total = item.stop
        if isinstance(item, Samples):
            expected = np.arange(item.start, item.stop) / 100.0
            assert np.abs(item.values[:, 0] - expected).max() <= 0.02
    gaps = [item for item in items if isinstance(item, Gap)]
    assert sum(gap.stop - gap.start for gap in gaps) == pytest.approx(980, abs=3)
    assert abs(total - 10_000) <= 2


def test_jitter_of_a_known_follower_does_not_show() -> None:
    held, rng = HeldStream("acc", Fraction(50), LinkQuality()), np.random.default_rng(3)
    starts = []
    for number in range(2000):
        at = (number + rng.uniform(-0.6, 0.6)) / 50.0
        starts += [item.start for item in held.push(max(at, 0.0), np.array([float(number)]))]
    assert starts == list(range(2000))
