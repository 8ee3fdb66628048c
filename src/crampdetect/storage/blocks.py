"""What all readers do with blocks of samples: cut out NaN, join gaps, merge streams in time."""

import heapq
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import pairwise

import numpy as np

from crampdetect.detection.types import Array, Gap, Samples, Stream

__all__ = ["interleave", "merge_gaps", "split_nan"]

#: No amplifier, in whatever unit, says more (in uV it is a million volts); its fourth power is
#: still far from overflow.
LARGEST_VALUE = 1e12


def split_nan(stream: Stream, start: int, values: Array) -> list[Samples | Gap]:
    """Cut a block where a row is not finite: NaN never enters the core.

    Parameters
    ----------
    stream : {"emg", "acc"}
    start : int
        Index of the first row since the recording began.
    values : Array, shape (n_samples, n_channels)

    Returns
    -------
    list of Samples and Gap
        In order, covering every row once. A row with NaN or infinity in any channel belongs to a
        ``Gap(cause="nan")``, as does one beyond ``LARGEST_VALUE``; consecutive rows are one gap.
        Samples are float64, C-contiguous.

    Examples
    --------
    >>> split_nan("emg", 10, np.array([[1.0], [np.nan], [np.nan], [2.0]]))[1]
    Gap(stream='emg', start=11, stop=13, cause='nan', estimated=False)
    """
    if values.shape[0] == 0:
        return []
    # NaN compares false, so it is no usable value either.
    finite = np.asarray((np.abs(values) <= LARGEST_VALUE).all(axis=1))
    edges = np.flatnonzero(finite[1:] != finite[:-1]) + 1
    bounds = [0, *edges.tolist(), values.shape[0]]
    items: list[Samples | Gap] = []
    for first, last in pairwise(bounds):
        if finite[first]:
            piece = np.ascontiguousarray(values[first:last], dtype=np.float64)
            items.append(Samples(stream, start + first, piece))
        else:
            items.append(Gap(stream, start + first, start + last, "nan"))
    return items


def merge_gaps(items: Iterable[Samples | Gap]) -> Iterator[Samples | Gap]:
    """Join adjacent gaps of one stream with the same cause, so that block sizes do not show.

    At most one gap per stream is held back. Use it on each stream before `interleave`: a gap
    that is held back while another stream flows comes late.

    Parameters
    ----------
    items : iterable of Samples and Gap
        In order within each stream.

    Yields
    ------
    Samples or Gap

    Examples
    --------
    >>> list(merge_gaps([Gap("emg", 0, 5, "nan"), Gap("emg", 5, 9, "nan")]))
    [Gap(stream='emg', start=0, stop=9, cause='nan', estimated=False)]
    """
    held: dict[Stream, Gap] = {}
    for item in items:
        before = held.pop(item.stream, None)
        if isinstance(item, Gap):
            if before is not None and _joins(before, item):
                item = Gap(item.stream, before.start, item.stop, item.cause, item.estimated)
                before = None
            held[item.stream] = item
        if before is not None:
            yield before
        if isinstance(item, Samples):
            yield item
    yield from held.values()


def interleave(
    streams: Mapping[Stream, Iterator[Samples | Gap]], rates: Mapping[Stream, Fraction]
) -> Iterator[Samples | Gap]:
    """Merge per-stream iterators so that none runs ahead of another by more than one block.

    The item that *starts* first comes first (ties: the order of `streams`). By its start and not
    by its stop, because a gap is known at once: said early, it lets the core judge the other
    stream's windows instead of holding them for as long as the gap lasts.

    Parameters
    ----------
    streams : mapping of stream to iterator
        Each in order.
    rates : mapping of stream to Fraction
        In Hz.

    Yields
    ------
    Samples or Gap

    Examples
    --------
    >>> emg = iter([Gap("emg", 0, 2000, "nan"), Gap("emg", 2000, 3000, "missing")])
    >>> acc = iter([Gap("acc", 0, 100, "nan")])
    >>> rates = {"emg": Fraction(1000), "acc": Fraction(100)}
    >>> [(gap.stream, gap.start) for gap in interleave({"emg": emg, "acc": acc}, rates)]
    [('emg', 0), ('acc', 0), ('emg', 2000)]
    """
    waiting: list[tuple[Fraction, int, Samples | Gap]] = []
    names = tuple(streams)
    for order, name in enumerate(names):
        _advance(waiting, streams[name], rates[name], order)
    while waiting:
        _, order, item = heapq.heappop(waiting)
        yield item
        _advance(waiting, streams[names[order]], rates[names[order]], order)


def _advance(
    waiting: list[tuple[Fraction, int, Samples | Gap]],
    stream: Iterator[Samples | Gap],
    rate: Fraction,
    order: int,
) -> None:
    item = next(stream, None)
    if item is not None:
        # One item a stream waits at any time: (time, order) is unique, items are never compared.
        heapq.heappush(waiting, (item.start / rate, order, item))


def _joins(before: Gap, after: Gap) -> bool:
    return (before.stop, before.cause, before.estimated) == (
        after.start,
        after.cause,
        after.estimated,
    )
