"""Small synthetic recordings for the tests of the core."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from scipy.signal import butter, sosfilt

from crampdetect.detection.detector import Detector, Output
from crampdetect.detection.model import Model, parse_model
from crampdetect.detection.profiles import profile
from crampdetect.detection.types import Array, Gap, Samples, SignalInfo, Stream

ROOT = Path(__file__).resolve().parents[1]
Item = Samples | Gap


def rules_model() -> Model:
    """The shipped rule-based model."""
    return parse_model((ROOT / "models/rules-1.json").read_text(encoding="utf-8"), "rules-1")


@dataclass(frozen=True)
class Leg:
    """A made-up leg: noise at rest, bursts of EMG, bursts of motion, all in seconds."""

    rate: Fraction = Fraction(1000)
    acc_rate: Fraction = Fraction(100)
    seconds: float = 240.0
    #: (start, stop, multiple of rest) of steady muscle activity.
    bursts: tuple[tuple[float, float, float], ...] = ((120.0, 160.0, 6.0),)
    #: (start, stop) of leg motion.
    motions: tuple[tuple[float, float], ...] = ((140.0, 145.0),)
    #: (start, stop) of lost samples in both streams.
    gaps: tuple[tuple[float, float], ...] = ()
    channels: int = 1
    axes: int = 3
    hum: float = 2.0
    gain: float = 1.0
    seed: int = 1

    def signals(self) -> tuple[SignalInfo, ...]:
        """Descriptions of the streams."""
        emg = SignalInfo("emg", tuple(f"EMG {i}" for i in range(self.channels)), self.rate, "uV")
        if self.axes == 0:
            return (emg,)
        return emg, SignalInfo("acc", ("X", "Y", "Z")[: self.axes], self.acc_rate, "g")

    def emg(self) -> Array:
        """Shape (n_samples, n_channels), microvolts."""
        generator = np.random.default_rng(self.seed)
        count = int(self.seconds * self.rate)
        time = np.arange(count) / float(self.rate)
        band = butter(
            2,
            (30, min(200, 0.44 * float(self.rate))),
            "bandpass",
            fs=float(self.rate),
            output="sos",
        )
        values = sosfilt(band, generator.normal(size=(count, self.channels)), axis=0) * 6.0
        for start, stop, level in self.bursts:
            values[(time >= start) & (time < stop)] *= level
        values += self.hum * np.sin(2 * np.pi * 50.02 * time)[:, np.newaxis]
        return np.ascontiguousarray(values * self.gain)

    def acc(self) -> Array:
        """Shape (n_samples, axes), g; lying: gravity along z."""
        generator = np.random.default_rng(self.seed + 1)
        count = int(self.seconds * self.acc_rate)
        time = np.arange(count) / float(self.acc_rate)
        values = generator.normal(size=(count, self.axes)) * 0.003
        values[:, -1] += 1.0
        for start, stop in self.motions:
            inside = (time >= start) & (time < stop)
            values[inside] += generator.normal(size=(int(inside.sum()), self.axes)) * 0.3
        return np.ascontiguousarray(values)

    def pieces(self, stream: Stream, size: int) -> Iterator[Item]:
        """Samples of at most `size` and Gaps of one stream, in order."""
        rate = self.rate if stream == "emg" else self.acc_rate
        values = self.emg() if stream == "emg" else self.acc()
        holes = [(round(a * rate), round(b * rate)) for a, b in self.gaps]
        position = 0
        for start, stop in [*holes, (values.shape[0], values.shape[0])]:
            for first in range(position, start, size):
                yield Samples(stream, first, values[first : min(start, first + size)].copy())
            if stop > start:
                yield Gap(stream, start, stop, "missing")
            position = stop


def detect(leg: Leg, items: Iterator[Item], profile_name: str = "standard-1") -> list[Output]:
    """All outputs of a detector that is fed `items`."""
    detector = Detector(leg.signals(), rules_model(), profile(profile_name))
    out: list[Output] = []
    for item in items:
        out += detector.push(item)
    return out + detector.flush()


def in_blocks(leg: Leg, seconds: float = 10.0) -> Iterator[Item]:
    """Both streams block by block."""
    streams = [leg.pieces("emg", max(1, int(seconds * leg.rate)))]
    if leg.axes:
        streams.append(leg.pieces("acc", max(1, int(seconds * leg.acc_rate))))
    waiting = [next(stream, None) for stream in streams]
    while any(item is not None for item in waiting):
        for index, stream in enumerate(streams):
            item = waiting[index]
            if item is not None:
                yield item
                waiting[index] = next(stream, None)
