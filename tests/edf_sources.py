"""Streams to be written, for the tests of the EDF writer."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from fractions import Fraction
from pathlib import Path

import numpy as np

from crampdetect.detection.types import Array, Gap, Samples, SignalInfo, Stream

START = datetime(2026, 3, 14, 2, 10, 0, 125_000)


def emg_info(rate: Fraction = Fraction(1000), **more: object) -> SignalInfo:
    return SignalInfo("emg", ("EMG Gastroc",), rate, "uV", **more)  # type: ignore[arg-type]


def acc_info(rate: Fraction) -> SignalInfo:
    return SignalInfo("acc", ("ACC X", "ACC Y", "ACC Z"), rate, "g", rails=((-4.0, 4.0),) * 3)


def items_of(
    stream: Stream, values: Array, gaps: Sequence[tuple[int, int]], block: int
) -> Iterator[Samples | Gap]:
    """Blocks of at most `block` rows between the gaps."""
    reached = 0
    for start, stop in [*gaps, (len(values), len(values))]:
        for begin in range(reached, start, block):
            end = min(begin + block, start)
            yield Samples(stream, begin, np.ascontiguousarray(values[begin:end]))
        if stop > start:
            yield Gap(stream, start, stop, "missing")
        reached = stop


def reading(values: Array, **more: object) -> Callable[[], Iterator[Samples | Gap]]:
    return lambda: items_of("emg", values, [], 777)


def left_behind(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())
