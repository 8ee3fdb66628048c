"""What the tests of the simulation share: short nights, and their signals in one piece."""

import numpy as np
from scipy.signal import butter, sosfiltfilt

from crampdetect.detection.types import Array, Samples, Stream
from crampdetect.simulation import (
    NightParameters,
    SimulatedNight,
    quiet,
)

__all__ = ["SHORT", "STILL", "muscle_band", "rms", "seconds", "whole"]

SHORT = NightParameters(duration_s=300.0, resting_uv=(2.5, 2.5))
#: Nothing but the floor, the sensor's noise and the events.
STILL = quiet(SHORT)


def whole(night: SimulatedNight, stream: Stream) -> Array:
    """All samples of a stream, NaN in gaps."""
    info = next(info for info in night.signals if info.stream == stream)
    values = np.full((night.lengths[stream], len(info.channels)), np.nan)
    for item in night.read():
        if isinstance(item, Samples) and item.stream == stream:
            values[item.start : item.stop] = item.values
    return values


def seconds(values: Array, rate: float, start: float, stop: float) -> Array:
    return values[round(start * rate) : round(stop * rate)]


def rms(values: Array) -> float:
    return float(np.sqrt(np.mean(values**2)))


def muscle_band(values: Array, rate: float) -> Array:
    sos = butter(4, [20.0, min(450.0, 0.45 * rate)], "bandpass", fs=rate, output="sos")
    return np.asarray(sosfiltfilt(sos, values[:, 0]))
