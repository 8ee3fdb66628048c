"""Outputs as bytes: what one run said, whatever it was cut into."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from crampdetect.detection.flow import (
    Aligned,
    Candidate,
    EmgWindows,
    Filtered,
    MotionWindows,
    PostureWindows,
    Progress,
    RestedWindows,
)
from crampdetect.detection.types import Gap, Samples

__all__ = ["joined"]

BATCHES = (Samples, Filtered, EmgWindows, MotionWindows, PostureWindows, RestedWindows, Aligned)


def joined(outputs: Iterable[Any]) -> dict[str, bytes]:
    """Everything that was said, by type and field, with the bounds of batches forgotten.

    Arrays are joined; where a batch starts is checked to follow the one before. ``Progress`` says
    how far a batch reached, so only the last one is kept.
    """
    parts: dict[str, list[bytes]] = defaultdict(list)
    expected: dict[str, int] = {}
    for output in outputs:
        name = type(output).__name__
        if isinstance(output, Progress):
            parts[name] = [repr(output).encode()]
        elif isinstance(output, Gap):
            merge_gap(parts[name], output)
        elif isinstance(output, BATCHES):
            follow(name, output, expected)
            collect(name, output, parts)
        elif isinstance(output, Candidate):
            collect(name, output, parts)
        else:
            parts[name].append(repr(output).encode())
    return {key: b"".join(values) for key, values in parts.items()}


def merge_gap(said: list[bytes], gap: Gap) -> None:
    """Gaps that touch are one."""
    start = gap.start
    if said:
        first, last = (int(number) for number in said[-1].rstrip(b";").split(b"-"))
        if last == gap.start:
            said.pop()
            start = first
    said.append(f"{start}-{gap.stop};".encode())


def follow(name: str, output: Any, expected: dict[str, int]) -> None:
    """A batch of windows follows the one before without a hole."""
    if isinstance(output, EmgWindows | MotionWindows | PostureWindows | Aligned):
        count = output.count if isinstance(output, Aligned) else length(output)
        assert output.first == expected.get(name, output.first)
        expected[name] = output.first + count


def length(output: EmgWindows | MotionWindows | PostureWindows) -> int:
    column = output.quality if isinstance(output, EmgWindows) else output.dynamic
    return int(column.shape[0])


def collect(name: str, output: Any, parts: dict[str, list[bytes]]) -> None:
    """Add the arrays of a batch, field by field."""
    for field in fields(output):
        value = getattr(output, field.name)
        key = f"{name}.{field.name}"
        if isinstance(value, np.ndarray):
            parts[key].append(np.ascontiguousarray(value).tobytes())
        elif isinstance(value, tuple):
            for index, one in enumerate(value):
                if is_dataclass(one):
                    collect(f"{key}.{index}", one, parts)
        elif is_dataclass(value):
            collect(key, value, parts)
        elif isinstance(output, Candidate):
            parts[key].append(repr(value).encode())
