"""What is done to the stream of items before the core: small frames gathered, long gaps cut.

The core must not hold a day of one stream's absence, and frames of 10 ms must not each cost it
a call; neither changes what it says (law 1).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction

import numpy as np

from crampdetect.detection.grid import WINDOW_STEP, bound, last_before
from crampdetect.detection.types import Gap, Samples, Stream

__all__ = ["Gathering", "InStep", "in_step"]

#: Longer gaps are handed on in pieces of this many seconds.
PIECE = Fraction(60)


class Gathering:
    """Joins small Samples until one passes the next bound of a window, where the core may speak.

    Parameters
    ----------
    rates : mapping of stream to Fraction
        In Hz.
    """

    def __init__(self, rates: Mapping[Stream, Fraction]) -> None:
        self._rates = rates
        self._held: dict[Stream, list[Samples]] = {stream: [] for stream in rates}
        self._until: dict[Stream, int] = {}

    def push(self, item: Samples | Gap) -> list[Samples | Gap]:
        """What may be handed on now."""
        held, rate = self._held[item.stream], self._rates[item.stream]
        if isinstance(item, Gap):
            return [*self._release(held), item]
        if not held:
            count = last_before(item.start, WINDOW_STEP, rate) + 1
            self._until[item.stream] = bound(count, WINDOW_STEP, rate)
        held.append(item)
        if item.stop >= self._until[item.stream]:
            return self._release(held)
        return []

    def flush(self) -> list[Samples | Gap]:
        """What is still held."""
        return [one for held in self._held.values() for one in self._release(held)]

    @staticmethod
    def _release(held: list[Samples]) -> list[Samples | Gap]:
        if not held:
            return []
        first = held[0]
        values = first.values if len(held) == 1 else np.concatenate([one.values for one in held])
        held.clear()
        return [Samples(first.stream, first.start, values)]


class InStep:
    """Hands items on, with gaps in pieces of at most a minute, ordered by start over all streams.

    Parameters
    ----------
    rates : mapping of stream to Fraction
        In Hz.
    """

    def __init__(self, rates: Mapping[Stream, Fraction]) -> None:
        self._rates = rates
        self._held: dict[Stream, Gap] = {}

    def push(self, item: Samples | Gap) -> Iterator[Samples | Gap]:
        """What comes before `item`, and `item` itself unless it is a gap, which waits."""
        held, rates = self._held, self._rates
        yield from self._until(item.start / rates[item.stream])
        if item.stream in held:  # a gap is followed by its own stream only after it has passed
            yield from self._until(held[item.stream].stop / rates[item.stream])
        if isinstance(item, Gap):
            held[item.stream] = item
        else:
            yield item

    def flush(self) -> Iterator[Samples | Gap]:
        """The gaps that still wait."""
        yield from self._until(None)

    def _until(self, time: Fraction | None) -> Iterator[Gap]:
        """Pieces of the held gaps that start before `time`, the earliest first; all if None."""
        held, rates = self._held, self._rates
        while held:
            stream = min(held, key=lambda name: held[name].start / rates[name])
            gap, rate = held[stream], rates[stream]
            if time is not None and gap.start / rate >= time:
                return
            stop = min(gap.stop, bound(last_before(gap.start, PIECE, rate) + 1, PIECE, rate))
            yield replace(gap, stop=stop)
            if stop < gap.stop:
                held[stream] = replace(gap, start=stop)
            else:
                del held[stream]


def in_step(
    items: Iterable[Samples | Gap], rates: Mapping[Stream, Fraction]
) -> Iterator[Samples | Gap]:
    """The same items as `InStep` gives them.

    Parameters
    ----------
    items : iterable of Samples and Gap
        In order of their start.
    rates : mapping of stream to Fraction
        In Hz.

    Examples
    --------
    >>> gap = Gap("emg", 0, 120_500, "missing")
    >>> [(one.start, one.stop) for one in in_step([gap], {"emg": Fraction(1000)})]
    [(0, 60000), (60000, 120000), (120000, 120500)]
    """
    pacing = InStep(rates)
    for item in items:
        yield from pacing.push(item)
    yield from pacing.flush()
