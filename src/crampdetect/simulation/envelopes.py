"""How activity rises, wavers, bursts and falls, on a slow grid of time."""

import numpy as np

from crampdetect.detection.types import Array

__all__ = ["GRID_RATE", "bursts", "log_wander", "smooth_steps", "taper", "train"]

#: Points per second of every envelope and motion: the fastest content is tremor of 15 Hz.
GRID_RATE = 100.0
#: A raised cosine rises from 10 to 90 % in this share of its whole length [D].
RAMP_10_90 = 0.5903


def smooth_steps(n: int, length: int) -> Array:
    """Half a raised cosine of `length` points from 0 to 1, then 1, `n` points in all."""
    phase = np.clip((np.arange(n) + 0.5) / max(length, 1), 0.0, 1.0)
    return np.asarray(0.5 - 0.5 * np.cos(np.pi * phase), dtype=np.float64)


def taper(n: int, ramp_s: float, fall_s: float, rate: float = GRID_RATE) -> Array:
    """Rise, plateau of 1 and fall; the times are those between 10 and 90 %.

    Parameters
    ----------
    n : int
        Points in all; rise and fall are shortened to fit.
    ramp_s, fall_s : float
        In seconds.
    rate : float
        Points per second.

    Examples
    --------
    >>> shape = taper(1000, 1.0, 1.0)
    >>> float(shape[500]), bool(shape[0] < 0.001), bool(shape[-1] < 0.001)
    (1.0, True, True)
    """
    rise, fall = (max(1, round(s * rate / RAMP_10_90)) for s in (ramp_s, fall_s))
    if rise + fall > n:
        rise, fall = max(1, rise * n // (rise + fall)), max(1, fall * n // (rise + fall))
    return smooth_steps(n, rise) * smooth_steps(n, fall)[::-1]


def log_wander(
    n: int, sd: float, time_s: float, rng: np.random.Generator, rate: float = GRID_RATE
) -> Array:
    """Positive wavering factor: the exponential of an Ornstein-Uhlenbeck process.

    Parameters
    ----------
    n : int
    sd : float
        Standard deviation of the logarithm.
    time_s : float
        Correlation time in seconds.
    rng : numpy.random.Generator
    rate : float
        Points per second.

    Returns
    -------
    Array, shape (n,)
        With a median of 1.
    """
    from scipy.signal import lfilter

    keep = float(np.exp(-1.0 / (rate * time_s)))
    noise = rng.standard_normal(n) * sd * np.sqrt(1.0 - keep**2)
    if n:
        noise[0] = rng.standard_normal() * sd
    return np.asarray(np.exp(lfilter([1.0], [1.0, -keep], noise)), dtype=np.float64)


def bursts(
    n: int,
    on_s: tuple[float, float],
    duty: float,
    rng: np.random.Generator,
    rate: float = GRID_RATE,
) -> Array:
    """Intermittent activity: bursts of random length and height with silence between.

    Parameters
    ----------
    n : int
    on_s : tuple of float
        Median and log standard deviation of a burst's length, in seconds.
    duty : float
        Share of time within bursts, 0 to 1.
    rng : numpy.random.Generator
    rate : float
        Points per second.

    Returns
    -------
    Array, shape (n,)
        0 between bursts; root mean square 1 within them.
    """
    envelope = np.zeros(n)
    position = 0
    while position < n:
        length = max(3, round(float(rng.lognormal(np.log(on_s[0]), on_s[1])) * rate))
        stop = min(n, position + length)
        height = float(rng.uniform(0.5, 1.0))
        envelope[position:stop] = height * taper(stop - position, 0.04, 0.08, rate)
        pause = float(rng.lognormal(np.log(on_s[0]), on_s[1])) * (1.0 - duty) / duty
        position = stop + max(1, round(pause * rate))
    active = envelope > 0.05
    return envelope / np.sqrt(np.mean(envelope[active] ** 2)) if active.any() else envelope


def train(
    n: int, burst_rate: float, on_s: float, rng: np.random.Generator, rate: float = GRID_RATE
) -> Array:
    """Rhythmic bursts, as in walking, rhythmic feet movements or clonus.

    Parameters
    ----------
    n : int
    burst_rate : float
        Bursts per second.
    on_s : float
        Length of a burst in seconds; kept below 70 % of the period.
    rng : numpy.random.Generator
        For 5 % jitter of the period and 20 % of the height.
    rate : float
        Points per second.

    Returns
    -------
    Array, shape (n,)
        0 between bursts, about 1 at their tops.
    """
    envelope = np.zeros(n)
    period = rate / burst_rate
    length = max(3, round(min(on_s * rate, 0.7 * period)))
    position = 0.0
    while position < n:
        start = round(position)
        stop = min(n, start + length)
        burst = 0.5 - 0.5 * np.cos(2 * np.pi * (np.arange(length) + 0.5) / length)
        height = max(0.3, float(rng.normal(1.0, 0.2)))
        envelope[start:stop] += height * np.sqrt(burst[: stop - start])
        position += period * max(0.5, float(rng.normal(1.0, 0.05)))
    return envelope
