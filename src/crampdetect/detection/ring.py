"""The newest values of a series, in bounded memory."""

import numpy as np

from crampdetect.detection.types import Array

__all__ = ["Ring"]


class Ring:
    """The newest `size` values."""

    def __init__(self, size: int) -> None:
        self._values = np.zeros(size)
        self._count = self._position = 0

    def extend(self, values: Array) -> None:
        """Put `values` in place of the oldest."""
        size = self._values.shape[0]
        values = values[-size:]
        first = min(values.shape[0], size - self._position)
        self._values[self._position : self._position + first] = values[:first]
        self._values[: values.shape[0] - first] = values[first:]
        self._position = (self._position + values.shape[0]) % size
        self._count = min(self._count + values.shape[0], size)

    def values(self) -> Array:
        """What is held, in no particular order."""
        return self._values[: self._count]

    def in_order(self) -> Array:
        """What is held, the oldest first."""
        if self._count < self._values.shape[0]:
            return self._values[: self._count].copy()
        return np.roll(self._values, -self._position)

    def clear(self) -> None:
        """Forget everything."""
        self._count = self._position = 0

    def refill(self, values: Array) -> None:
        """Hold `values` (the last ones, if there are too many) and nothing else."""
        values = values.copy()
        self.clear()
        self.extend(values)
