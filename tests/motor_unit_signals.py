"""What the tests of motor units share: ways of firing, and activities as samples."""

import numpy as np
from scipy.signal import welch

from crampdetect.detection.types import Array
from crampdetect.simulation.firing import Firing, cramp_firing, voluntary_firing
from crampdetect.simulation.parameters import NightParameters
from crampdetect.simulation.parts import Activation
from crampdetect.simulation.tracks import ActivationTrack

__all__ = ["CRAMP", "TABLE", "VOLUNTARY", "median_frequency", "sampled", "sampled_part"]

TABLE = NightParameters()
VOLUNTARY = voluntary_firing(TABLE, np.random.default_rng(1))
CRAMP = cramp_firing(TABLE, np.random.default_rng(1))


def sampled(
    firing: Firing | None,
    envelope_uv: Array,
    *,
    seed: int = 0,
    rate: float = 1000.0,
    scale: float = 1.0,
    drift: float = 0.0,
    channel: int = 0,
    block: int = 60_000,
) -> Array:
    """Samples of an activity on the fast grid that begins at 0 s."""
    rng = np.random.default_rng(seed)
    part = Activation(0.0, envelope_uv, rng, scale, spectrum_drift=drift, firing=firing)
    return sampled_part(part, rate, channel, block)


def sampled_part(
    part: Activation, rate: float = 1000.0, channel: int = 0, block: int = 60_000
) -> Array:
    track = ActivationTrack(part, rate, channel)
    values = np.zeros(track.stop)
    for start in range(0, values.size, block):
        stop = min(values.size, start + block)
        track.add_to(values[start:stop], np.arange(start, stop) / rate, start)
    return values


def median_frequency(values: Array, rate: float = 1000.0) -> float:
    frequencies, power = welch(values, rate, nperseg=round(rate))
    return float(np.interp(0.5, np.cumsum(power) / power.sum(), frequencies))
