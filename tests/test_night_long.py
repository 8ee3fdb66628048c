"""Ten hours with 300 lost links, two restarts and a clock that is 80 ppm off, faster than time."""

import resource
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from crampdetect.devices.cramplink_commands import DATA_UUID
from crampdetect.devices.cramplink_encoder import CrampLinkEncoder, usual_info
from crampdetect.link import Connected, Disconnected, LinkEvent, Received
from crampdetect.session import Settings, replay_recording
from crampdetect.session_capture import open_capture
from tests.test_night_session import live, text

HOURS, PPM = 10.0, 80.0
#: True seconds at which 60 s of strong activity begin, the last one in the tenth hour.
CRAMPS = (3_000.0, 12_000.0, 21_000.0, 35_000.0)
SECONDS = 60.0
#: A message holds 160 ms here, as much as one can.
SIZE, ACC = 160, 16


def away(rng: np.random.Generator) -> list[tuple[float, float]]:
    """300 times without a link, in true seconds; none while or shortly before a cramp."""
    spans: list[tuple[float, float]] = []
    while len(spans) < 300:
        start = float(rng.uniform(300.0, HOURS * 3600.0 - 60.0))
        stop = start + float(rng.uniform(1.0, 45.0))
        near = any(start < at + 120.0 and stop > at - 120.0 for at in CRAMPS)
        if not near and not any(start < b + 5.0 and stop > a - 5.0 for a, b in spans):
            spans.append((start, stop))
    return sorted(spans)


def night(seed: int) -> Iterator[LinkEvent]:
    """The events; EMG is noise of 3 uV, and of 30 uV in the cramps."""
    rng = np.random.default_rng(seed)
    noise = np.round(rng.normal(0.0, 1.25, (64, SIZE, 1)) * 2.4 * 4) / 4
    still = np.tile([0.0, 0.0, 1.0], (ACC, 1)) + rng.normal(0.0, 0.001, (ACC, 3))
    spans, encoder = away(rng), CrampLinkEncoder(usual_info(1))
    restarts, true_rate = [9_000.0, 27_000.0], 1000.0 * (1.0 + PPM * 1e-6)
    booted, connected = 0, False
    for number in range(int(HOURS * 3600.0 * true_rate) // SIZE):
        at = number * SIZE / true_rate
        there = not any(start <= at < stop for start, stop in spans)
        # The device's own clock counts its own microseconds.
        if restarts and at >= restarts[0] and there:
            restarts.pop(0)
            encoder.restart(number)
            booted = number
        t_us = (number - booted) * SIZE * 1000
        if there != connected:
            connected = there
            ns = int(at * 1e9)
            yield Connected(ns) if there else Disconnected(ns, "lost")
            if there:
                yield Received(encoder.info_message(t_us), ns, DATA_UUID)
        if not there:
            encoder.skip(SIZE, ACC)
            continue
        strong = any(start <= at < start + SECONDS for start in CRAMPS)
        emg = noise[rng.integers(64)] * (10.0 if strong else 1.0)
        arrival = int((at + SIZE / true_rate + rng.exponential(0.01)) * 1e9)
        yield Received(encoder.data(t_us, emg, still), arrival, DATA_UUID)


@pytest.mark.slow
def test_ten_hours(tmp_path: Path) -> None:
    grown: list[int] = []

    def watched() -> Iterator[LinkEvent]:
        for count, event in enumerate(night(1)):
            if count % 22_500 == 0:  # an hour
                grown.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
            yield event

    lived = live(tmp_path, watched(), Settings(timezone="Europe/Oslo"))
    quality, recording = lived.session.state.quality, open_capture(lived.path)
    parts = (quality.received, quality.lost, quality.not_connected)
    assert sum(part.get("emg", 0) for part in parts) == recording.lengths["emg"]
    assert quality.reconnects == 300
    assert quality.restarts == 2
    true_samples = HOURS * 3600.0 * 1000.0 * (1.0 + PPM * 1e-6)
    # Exact within epochs; two estimated gaps of at most 0.1 s each.
    assert abs(recording.lengths["emg"] - true_samples) <= 200 + SIZE
    found = [one for one in lived.replay.episodes if one.duration_s > 40.0]
    assert len(found) == len(CRAMPS)
    for episode, true in zip(found, CRAMPS, strict=True):
        assert episode.onset_s == pytest.approx(true, abs=1.0)
        assert episode.duration_s == pytest.approx(SECONDS, abs=2.0)
    # After the second hour nothing grows any more (in kB).
    assert grown[-1] - grown[2] < 20_000
    assert text(replay_recording(open_capture(lived.path), Settings())) == text(lived.replay)
