"""Bring the windows of several channels and of the accelerometer together by index."""

from dataclasses import fields, replace
from typing import TypeVar

import numpy as np

from crampdetect.detection.flow import Aligned, EmgWindows, PostureWindows, RestedWindows
from crampdetect.detection.stage import Stage
from crampdetect.detection.types import Array

__all__ = ["Alignment"]


class Alignment(Stage["tuple[int, RestedWindows] | PostureWindows", Aligned]):
    """A window comes out once every declared stream has passed it.

    Parameters
    ----------
    n_channels : int
        EMG channels; pushed as ``(channel, windows)``.
    has_motion : bool
        Whether an accelerometer is declared; if so its windows are waited for.
    """

    def __init__(self, n_channels: int, has_motion: bool) -> None:
        self._emg: list[list[RestedWindows]] = [[] for _ in range(n_channels)]
        self._posture: list[PostureWindows] = []
        self._passed = [0] * n_channels
        self._motion_passed = 0
        self._has_motion = has_motion
        self._next = 0

    def push(self, item: tuple[int, RestedWindows] | PostureWindows) -> list[Aligned]:
        """All windows that every stream has now passed."""
        if isinstance(item, PostureWindows):
            self._posture.append(_copy(item))
            self._motion_passed = item.first + item.dynamic.shape[0]
        else:
            channel, rested = item
            self._emg[channel].append(_own(rested))
            self._passed[channel] = rested.windows.first + rested.level.shape[0]
        until = min(self._passed)
        if self._has_motion:
            until = min(until, self._motion_passed)
        return self._until(until)

    def flush(self) -> list[Aligned]:
        """Acceleration that ended early is unknown to the end."""
        return self._until(min(self._passed))

    def _until(self, until: int) -> list[Aligned]:
        count = until - self._next
        if count <= 0:
            return []
        first, self._next = self._next, until
        channels = tuple(_take_emg(parts, first, until) for parts in self._emg)
        for parts in self._emg:
            _drop_emg(parts, until)
        posture = _take_posture(self._posture, first, until)
        while self._posture and _posture_stop(self._posture[0]) <= until:
            self._posture.pop(0)
        return [Aligned(first, count, channels, posture)]


Batch = TypeVar("Batch", EmgWindows, PostureWindows)


def _copy(batch: Batch) -> Batch:
    """A batch of its own: what was pushed is the caller's."""
    arrays = {
        item.name: getattr(batch, item.name).copy()
        for item in fields(batch)
        if item.name != "first"
    }
    return replace(batch, **arrays)


def _own(rested: RestedWindows) -> RestedWindows:
    return RestedWindows(_copy(rested.windows), rested.level.copy(), rested.taken_back.copy())


def _take_emg(parts: list[RestedWindows], first: int, until: int) -> RestedWindows:
    features, quality, envelope, level, taken_back = [], [], [], [], []
    for part in parts:
        low = max(first, part.windows.first) - part.windows.first
        high = until - part.windows.first
        if low < min(high, part.level.shape[0]):
            features.append(part.windows.features[low:high])
            quality.append(part.windows.quality[low:high])
            envelope.append(part.windows.envelope[low:high])
            level.append(part.level[low:high])
            taken_back.append(part.taken_back[low:high])
    windows = EmgWindows(
        first, np.concatenate(features), np.concatenate(quality), np.concatenate(envelope)
    )
    return RestedWindows(windows, np.concatenate(level), np.concatenate(taken_back))


def _drop_emg(parts: list[RestedWindows], until: int) -> None:
    while parts and parts[0].windows.first + parts[0].level.shape[0] <= until:
        parts.pop(0)


def _posture_stop(part: PostureWindows) -> int:
    return part.first + int(part.dynamic.shape[0])


def _take_posture(parts: list[PostureWindows], first: int, until: int) -> PostureWindows:
    """Windows `first` to `until`, NaN where no part covers them."""
    count = until - first
    columns: Array = np.full((count, 7), np.nan)
    for part in parts:
        low, high = max(first, part.first), min(until, _posture_stop(part))
        if low < high:
            inside = slice(low - part.first, high - part.first)
            target = columns[low - first : high - first]
            target[:, 0] = part.dynamic[inside]
            target[:, 1:4] = part.gravity[inside]
            target[:, 4] = part.angle[inside]
            target[:, 5] = part.moving[inside]
            target[:, 6] = part.upright[inside]
    return PostureWindows(
        first, columns[:, 0], columns[:, 1:4], columns[:, 4], columns[:, 5], columns[:, 6]
    )
