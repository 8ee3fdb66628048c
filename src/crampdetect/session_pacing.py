"""Long gaps in pieces and in step: the core must not hold a day of one stream's absence."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction

from crampdetect.detection.grid import bound, last_before
from crampdetect.detection.types import Gap, Samples, Stream

__all__ = ["in_step"]

#: Longer gaps are handed on in pieces of this many seconds.
PIECE = Fraction(60)


def in_step(
    items: Iterable[Samples | Gap], rates: Mapping[Stream, Fraction]
) -> Iterator[Samples | Gap]:
    """The same items, with gaps in pieces of at most a minute, ordered by start over all streams.

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
    held: dict[Stream, Gap] = {}
    for item in items:
        yield from _until(held, item.start / rates[item.stream], rates)
        if item.stream in held:  # a gap is followed by its own stream only after it has passed
            yield from _until(held, held[item.stream].stop / rates[item.stream], rates)
        if isinstance(item, Gap):
            held[item.stream] = item
        else:
            yield item
    yield from _until(held, None, rates)


def _until(
    held: dict[Stream, Gap], time: Fraction | None, rates: Mapping[Stream, Fraction]
) -> Iterator[Gap]:
    """Pieces of the held gaps that start before `time`, the earliest first; all if None."""
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
