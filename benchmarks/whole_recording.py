"""How an offline script reads: the whole night, at once, as float64."""

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

import edfio
import numpy as np
from numpy.typing import NDArray

__all__ = ["Arguments", "Signal", "parse_arguments", "print_result", "read_signals"]


@dataclass(frozen=True)
class Signal:
    """One channel: values in the unit of the file, rate in Hz."""

    values: NDArray[np.float64]
    rate: float


@dataclass(frozen=True)
class Arguments:
    """`night` is None when only the imports are wanted; `hours` is None for all of it."""

    night: Path | None
    hours: float | None


def parse_arguments(description: str | None) -> Arguments:
    """Every contender takes the same."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("night", nargs="?", type=Path, help="EDF; without it: only import")
    parser.add_argument("--hours", type=float, help="read only so many from the beginning")
    given = parser.parse_args()
    return Arguments(given.night, given.hours)


def read_signals(night: Path, hours: float | None, begins: str) -> list[Signal]:
    """Channels whose label begins with `begins`, such as ``"EMG"``."""
    recording = edfio.read_edf(night)
    stop_s = recording.duration if hours is None else min(hours * 3600, recording.duration)
    return [
        Signal(signal.get_data_slice(0, stop_s), signal.sampling_frequency)
        for signal in recording.signals
        if signal.label.upper().startswith(begins)
    ]


def print_result(events: int, hours: float) -> None:
    """One line of JSON for ``compare.py``."""
    print(json.dumps({"events": events, "hours": hours}))
