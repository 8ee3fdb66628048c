"""Stages: two methods, four laws.

1. Splits do not show: however the stream is cut into pushes, the joined outputs are the same to
   the last bit.
2. Memory is bounded: what is held does not grow with the night.
3. Nothing else counts: no clock, file, thread or random number; inputs are neither kept nor
   changed.
4. A gap is a fresh start for filters and windows; the resting baseline, the mains decision and an
   open episode may bridge one, by a written rule.

``tests/test_laws.py`` runs every stage through all four.
"""

from abc import ABC, abstractmethod
from typing import Generic, TypeVar

__all__ = ["Stage"]

In = TypeVar("In")
Out = TypeVar("Out")


class Stage(ABC, Generic[In, Out]):
    """One step of the way from samples to episodes."""

    @abstractmethod
    def push(self, item: In) -> list[Out]:
        """All that `item` completes, in order."""

    @abstractmethod
    def flush(self) -> list[Out]:
        """What is still owed at the end."""
