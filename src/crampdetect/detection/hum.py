"""Whether strong mains hum is steady, as over good contact, or flutters, as over bad."""

import numpy as np
from numpy.typing import NDArray

from crampdetect.detection.mains import EITHER
from crampdetect.detection.types import Array

__all__ = ["MEMORY_WINDOWS", "HumFlutter"]

#: Flutter is the median over 20 s of strong hum: that of steady hum was below 1.9 in 99 % of
#: simulated windows, that of a real electrode in bad contact above 2.5 [A].
MEMORY_WINDOWS = 40
#: Bins (2 Hz) beside the line that show the noise its amplitude is measured in: beyond the main
#: lobe of the taper, on the side where the other mains frequency is not.
NEAREST, FARTHEST = 4, 7


class HumFlutter:
    """How much the hum's amplitude changes from half second to half second.

    In units of the noise beside the line, so that a gain or a strong muscle does not show: about 1
    for steady hum. An electrode in bad contact modulates its hum.
    """

    def __init__(self) -> None:
        # Steady hum has to be shown: until then it counts as unsteady.
        self._steps: Array = np.full(MEMORY_WINDOWS, np.inf)

    def forget(self) -> None:
        """The next windows do not follow those before."""
        self._steps = np.full(MEMORY_WINDOWS, np.inf)

    def of(self, power: Array, frequencies: Array, mains: int, strong: NDArray[np.bool_]) -> Array:
        """Flutter at each window, 0 where the hum is not strong.

        Parameters
        ----------
        power : Array, shape (n_windows + 1, n_frequencies)
            Tapered periodograms of the raw half windows.
        frequencies : Array, shape (n_frequencies,)
            In Hz.
        mains : 50, 60 or ``mains.EITHER``
        strong : array of bool, shape (n_windows,)
            Windows that the hum dominates; the others tell nothing about it and are passed over.

        Returns
        -------
        Array, shape (n_windows,)
        """
        flutter = np.zeros(strong.shape[0])
        rows = np.flatnonzero(strong)
        if rows.shape[0] == 0:
            return flutter
        steps = np.concatenate((self._steps, _steps(power, frequencies, mains)[rows]))
        recent = np.lib.stride_tricks.sliding_window_view(steps[1:], MEMORY_WINDOWS)
        # The middle one, not a mean of two: infinity stays what it is.
        middle = MEMORY_WINDOWS // 2
        flutter[rows] = np.partition(recent, middle, axis=1)[:, middle]
        self._steps = steps[-MEMORY_WINDOWS:].copy()
        return flutter


def _steps(power: Array, frequencies: Array, mains: int) -> Array:
    """Change of the fundamental's amplitude over the noise beside it, of each window."""
    line = np.zeros(power.shape[0])
    beside = np.zeros(power.shape[0])
    for one, side in ((50, -1), (60, 1)):
        if mains not in (one, EITHER):
            continue
        centre = int(np.argmin(np.abs(frequencies - one)))
        found = np.ascontiguousarray(power[:, centre - 1 : centre + 2]).sum(axis=1)
        bins = [centre + side * distance for distance in range(NEAREST, FARTHEST + 1)]
        noise = np.ascontiguousarray(np.take(power, bins, axis=1)).mean(axis=1)
        stronger = found > line
        line, beside = np.where(stronger, found, line), np.where(stronger, noise, beside)
    change = np.abs(np.diff(np.sqrt(line)))
    noise = np.sqrt((beside[:-1] + beside[1:]) / 2)
    steps: Array = np.divide(change, noise, out=np.zeros_like(change), where=noise > 0)
    return steps
