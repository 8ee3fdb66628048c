"""Contact that was lost without a sign: a channel that all at once is much quieter than ever."""

import numpy as np
from numpy.typing import NDArray

from crampdetect.detection.types import Array

__all__ = ["ContactLoss"]

#: Contact that was lost: below this share of the lowest level of the last hours, which is forgotten
#: by 0.1 % each 10 s (twice as high in two hours: sweat raises the floor) [A].
LOST_RATIO = 0.6
LOWEST_RISE = 1.001
#: After 20 min it is what the channel shows from now on (in windows of 0.5 s) [A].
GIVEN_UP_WINDOWS = 2400


class ContactLoss:
    """Remembers the lowest resting level, and whether contact was lost.

    Attributes
    ----------
    lost : bool
    """

    def __init__(self) -> None:
        self._lowest = float("nan")
        self._windows = 0
        self.lost = False

    def forget(self) -> None:
        """Start anew: the electrodes may have been put on again."""
        self._lowest, self._windows, self.lost = float("nan"), 0, False

    def follow(self, level: float) -> None:
        """Take note of a level that is rest."""
        lowest = self._lowest if self._lowest == self._lowest else level
        self._lowest = min(level, lowest * LOWEST_RISE)

    def falls(self, fallen: float) -> bool:
        """Whether a level that `fallen` stands for is none that a muscle can relax to."""
        if fallen < LOST_RATIO * self._lowest:
            self.lost = True
        return self.lost

    def quieter(self, rms: Array) -> NDArray[np.bool_]:
        """Which windows show no contact."""
        return (rms < LOST_RATIO * self._lowest) & self.lost

    def wait(self, recent: float, windows: int) -> bool:
        """`windows` have passed, most of them below `recent`; True if it will not come back."""
        self._windows += windows
        if recent >= LOST_RATIO * self._lowest:
            self._windows, self.lost = 0, False
        return self.lost and self._windows >= GIVEN_UP_WINDOWS
