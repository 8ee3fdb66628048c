"""The comb filter of a sensor that removes mains hum by itself, at the cost of its spectrum."""

from itertools import pairwise

import numpy as np

from crampdetect.detection.types import Array
from crampdetect.simulation.parameters import NightParameters
from crampdetect.simulation.seeds import Origin, Seeds

__all__ = ["CombFilter", "comb_courses"]

#: Mean seconds until the firmware takes the other mains frequency, and until it is back [A].
USUAL_S, OTHER_S = 3600.0, 300.0


def comb_courses(parameters: NightParameters, seeds: Seeds) -> list[tuple[float, float]]:
    """When the comb is tuned to which mains frequency.

    Parameters
    ----------
    parameters : NightParameters
    seeds : Seeds

    Returns
    -------
    list of (float, float)
        Start in seconds and mains frequency in Hz, in order; the first starts at 0.

    Notes
    -----
    The uMyo's firmware takes the mains frequency whose line is the stronger one; in weak hum
    it errs. How often is not published.

    Examples
    --------
    >>> comb_courses(NightParameters(comb_filtered=True), Seeds(1))
    [(0.0, 50.0)]
    """
    usual = parameters.mains_frequency
    courses = [(0.0, usual)]
    if parameters.comb_flips:
        other = 110.0 - usual  # 60 for 50, 50 for 60
        rng = seeds.generator(Origin.SENSOR, 3)
        time = float(rng.exponential(USUAL_S))
        while time < parameters.duration_s:
            is_usual = courses[-1][1] == usual
            courses.append((time, other if is_usual else usual))
            time += float(rng.exponential(OTHER_S if is_usual else USUAL_S))
    return courses


class CombFilter:
    """Adds to each sample that of half a mains period before it: nulls at odd multiples of mains.

    ``y[n] = x[n] + x[n - d]`` with ``d`` of 11 (50 Hz) or 9 (60 Hz) at 1116 Hz, as the firmware
    of the uMyo has it [V]; before the first sample it has seen zeros.

    Parameters
    ----------
    rate : float
        In Hz.
    courses : list of (float, float)
        See `comb_courses`.
    channels : int

    Examples
    --------
    >>> comb = CombFilter(1116.0, [(0.0, 50.0)], 1)
    >>> comb.push(np.ones((12, 1)))[:, 0].astype(int).tolist()
    [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2]
    """

    def __init__(self, rate: float, courses: list[tuple[float, float]], channels: int) -> None:
        delays = [max(1, round(rate / (2 * mains))) for _, mains in courses]
        starts = [int(np.ceil(start_s * rate)) for start_s, _ in courses]
        self._pieces = list(zip(pairwise([*starts, 1 << 62]), delays, strict=True))
        self._position = 0
        self._before = np.zeros((max(delays), channels))

    def push(self, values: Array) -> Array:
        """The next samples, shape (n_samples, n_channels): the sum of two, so of gain 2."""
        joined = np.concatenate([self._before, values])
        old = self._before.shape[0]
        out = np.empty_like(values)
        for (piece_start, piece_stop), delay in self._pieces:
            first = max(piece_start - self._position, 0)
            last = min(piece_stop - self._position, values.shape[0])
            if first < last:
                earlier = joined[old + first - delay : old + last - delay]
                out[first:last] = values[first:last] + earlier
        self._position += values.shape[0]
        self._before = joined[joined.shape[0] - old :]
        return out
