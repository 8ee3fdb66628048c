"""The stages with inputs that exercise them, ways to cut these inputs, and to join outputs."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np

from crampdetect.detection.alignment import Alignment
from crampdetect.detection.candidates import Candidates
from crampdetect.detection.decimation import Decimator
from crampdetect.detection.emg_windows import EmgWindowing
from crampdetect.detection.filtering import EmgFilter
from crampdetect.detection.flow import (
    Aligned,
    EmgWindows,
    Filtered,
    MotionWindows,
    PostureWindows,
    Reached,
    RestedWindows,
)
from crampdetect.detection.judging import Judge
from crampdetect.detection.merging import Merging
from crampdetect.detection.motion import MotionWindowing
from crampdetect.detection.posture import Posture
from crampdetect.detection.profiles import profile
from crampdetect.detection.resting import RestingLevel
from crampdetect.detection.types import Gap, Samples
from crampdetect.detection.uniting import Uniting
from crampdetect.detection.valid_time import ValidTime
from tests.streams import Leg, rules_model

RATE = Fraction(500)
ACC_RATE = Fraction(50)
AnyStage = Any


def leg(seconds: float, gaps: tuple[tuple[float, float], ...] = ((200.0, 203.7),)) -> Leg:
    """A leg with a burst each 100 s, some still and some moving, and a gap."""
    starts = range(100, int(seconds) - 60, 100)
    bursts = tuple((start, start + 8.0 + start % 37, 5.0) for start in starts)
    motions = tuple((start + 15.0, start + 20.0) for start in starts)
    return Leg(RATE, ACC_RATE, seconds, bursts, motions, gaps)


def run(stage: AnyStage, items: Iterable[Any]) -> list[Any]:
    """All outputs of `stage`."""
    out: list[Any] = []
    for item in items:
        out += stage.push(item)
    out += stage.flush()
    return out


def judge() -> Judge:
    """Judge of the shipped rules with motion."""
    model = rules_model()
    moving, unknown = (model.variant("spectral_reduced", motion) for motion in ("acc3", "none"))
    return Judge(model, moving, unknown, profile("standard-1"), ("E", "F"))


def emg_samples(seconds: float) -> list[Any]:
    return list(leg(seconds).pieces("emg", int(10 * RATE)))


def acc_samples(seconds: float) -> list[Any]:
    return list(leg(seconds).pieces("acc", int(10 * ACC_RATE)))


def filtered(seconds: float) -> list[Any]:
    return run(EmgFilter(RATE), emg_samples(seconds))


def windows(seconds: float) -> list[Any]:
    return run(EmgWindowing(RATE, "spectral_reduced", None, None), filtered(seconds))


def rested(seconds: float) -> list[Any]:
    return run(RestingLevel(None), windows(seconds))


def motion(seconds: float) -> list[Any]:
    return run(MotionWindowing(ACC_RATE, 3), acc_samples(seconds))


def posture(seconds: float) -> list[Any]:
    return run(Posture(0), motion(seconds))


def both(seconds: float) -> list[Any]:
    emg = [(0, one) for one in rested(seconds)]
    return [item for pair in zip(emg, posture(seconds), strict=False) for item in pair]


def aligned(seconds: float) -> list[Any]:
    return run(Alignment(1, True), both(seconds))


def candidates(seconds: float) -> list[Any]:
    return run(Candidates(0, 2.0, 1.5), aligned(seconds))


def judged(seconds: float) -> list[Any]:
    return [
        one for one in run(Merging(judge()), candidates(seconds)) if "Provis" not in str(type(one))
    ]


def accounted(seconds: float) -> list[Any]:
    gaps = [item for item in emg_samples(seconds) if isinstance(item, Gap)]
    return [Reached(int(seconds * RATE)), *gaps, *aligned(seconds)]


@dataclass(frozen=True)
class Case:
    """A stage, what it is fed, and whether a gap in it is a fresh start (law 4)."""

    name: str
    make: Callable[[], AnyStage]
    items: Callable[[float], list[Any]]
    fresh_after_gap: bool = False


CASES = [
    Case("Decimator", lambda: Decimator(2), emg_samples, True),
    Case("EmgFilter, mains given", lambda: EmgFilter(RATE, 0, 50), emg_samples, True),
    Case("EmgFilter, mains decided", lambda: EmgFilter(RATE), emg_samples),
    Case(
        "EmgWindowing", lambda: EmgWindowing(RATE, "spectral_reduced", None, None), filtered, True
    ),
    Case("MotionWindowing", lambda: MotionWindowing(ACC_RATE, 3), acc_samples, True),
    Case("RestingLevel", lambda: RestingLevel(0.1), windows),
    Case("Posture", lambda: Posture(0), motion),
    Case("Alignment", lambda: Alignment(1, True), both),
    Case("Candidates", lambda: Candidates(0, 2.0, 1.5), aligned),
    Case("Merging", lambda: Merging(judge()), candidates),
    Case("Uniting", lambda: Uniting(1, RATE), judged),
    Case("ValidTime", lambda: ValidTime(RATE, 1), accounted),
]


def cut(item: Any, size: int) -> Iterator[Any]:
    """`item` in parts of at most `size` samples or windows; what has no length comes whole."""
    if isinstance(item, tuple):
        yield from ((item[0], part) for part in cut(item[1], size))
        return
    count = length(item)
    if count is None or count <= size:
        yield item
        return
    for first in range(0, count, size):
        yield part_of(item, first, min(count, first + size))


def length(item: Any) -> int | None:
    """Samples or windows in `item`."""
    match item:
        case Samples(values=values) | Filtered(values=values):
            return int(values.shape[0])
        case EmgWindows(quality=column) | MotionWindows(dynamic=column):
            return int(column.shape[0])
        case PostureWindows(dynamic=column) | RestedWindows(level=column):
            return int(column.shape[0])
        case Aligned(count=count):
            return count
        case Gap(start=start, stop=stop):
            return stop - start
    return None


def part_of(item: Any, first: int, stop: int) -> Any:
    """Elements `first` to `stop` of a batch."""
    if isinstance(item, Gap):
        return replace(item, start=item.start + first, stop=item.start + stop)
    if isinstance(item, Aligned):
        return Aligned(
            item.first + first,
            stop - first,
            tuple(part_of(one, first, stop) for one in item.channels),
            part_of(item.posture, first, stop),
        )
    changes: dict[str, Any] = {}
    for field in fields(item):
        value = getattr(item, field.name)
        if isinstance(value, np.ndarray):
            changes[field.name] = value[first:stop].copy()
        elif field.name in ("start", "first"):
            changes[field.name] = value + first
        elif is_dataclass(value):
            changes[field.name] = part_of(value, first, stop)
    return replace(item, **changes)
