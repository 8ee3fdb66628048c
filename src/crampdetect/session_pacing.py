"""Long gaps in pieces and in step: the core must not hold a day of one stream's absence."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction

from crampdetect.detection.grid import bound, last_before
from crampdetect.detection.types import Gap, Samples, Stream

__all__ = ["InStep", "in_step"]

#: Longer gaps are handed on in pieces of this many seconds.
PIECE = Fraction(60)


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
