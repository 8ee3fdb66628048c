"""What a session adds up: quality by flag and minute, and the trace for a picture."""

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from crampdetect.detection.features import column
from crampdetect.detection.flow import Aligned
from crampdetect.detection.grid import WINDOW_STEP
from crampdetect.detection.quality import VALID
from crampdetect.detection.types import Array, SignalInfo, Span
from crampdetect.records import MinuteRecord, NightTrace, Quality

__all__ = ["Spans", "TraceCollector", "UnseenMotion"]

MINUTE = Fraction(60)


class Spans:
    """Quality spans added up exactly, in rational seconds.

    Parameters
    ----------
    rate : Fraction
        That the spans count in, in Hz.
    """

    def __init__(self, rate: Fraction) -> None:
        self._rate = rate
        self._total: dict[str, Fraction] = {}
        self._minutes: list[dict[str, Fraction]] = []
        self._invalid: list[tuple[float, float, str]] = []

    def add(self, span: Span) -> None:
        """Count one span."""
        start, stop = span.start / self._rate, span.stop / self._rate
        self._total[span.flag] = self._total.get(span.flag, Fraction(0)) + stop - start
        if span.flag != "valid":
            self._invalid.append((round(float(start), 3), round(float(stop), 3), span.flag))
        while start < stop:
            minute = int(start // MINUTE)
            end = min(stop, (minute + 1) * MINUTE)
            while len(self._minutes) <= minute:
                self._minutes.append({})
            row = self._minutes[minute]
            row[span.flag] = row.get(span.flag, Fraction(0)) + end - start
            start = end

    def quality(self) -> Quality:
        """Seconds by flag over the whole recording."""
        return _quality(self._total)

    def minutes(self) -> tuple[MinuteRecord, ...]:
        """The same by minute."""
        return tuple(
            MinuteRecord(minute, _quality(row)) for minute, row in enumerate(self._minutes)
        )

    def invalid(self) -> tuple[tuple[float, float, str], ...]:
        """Start and stop in seconds, and the cause, of all that is not valid."""
        return tuple(self._invalid)


def _quality(row: dict[str, Fraction]) -> Quality:
    return Quality(**{f"{flag}_s": float(seconds) for flag, seconds in row.items()})


class UnseenMotion:
    """How much of the time a declared accelerometer did not show motion.

    Parameters
    ----------
    signals : sequence of SignalInfo
    """

    def __init__(self, signals: Sequence[SignalInfo]) -> None:
        self._declared = any(info.stream == "acc" for info in signals)
        self._windows = self._unseen = 0

    def add(self, aligned: Aligned) -> None:
        """Count a batch of windows."""
        self._windows += aligned.count
        self._unseen += int(np.isnan(aligned.posture.moving).sum())

    def notes(self) -> list[str]:
        """A sentence, if more than half of the time is unseen."""
        if not self._declared or self._unseen * 2 <= self._windows:
            return []
        share = 100 * self._unseen / self._windows
        return [
            f"the acceleration shows no motion for {share:.0f} % of the time: samples are missing, "
            "or at rest it is not 1 g (dead, at its limit, or in another unit, see --acc-unit)"
        ]


class TraceCollector:
    """Gathers one value per window for a picture of the night.

    Parameters
    ----------
    unit : str
        Of the EMG.
    shank_axis : int
    """

    def __init__(self, unit: str, shank_axis: int) -> None:
        self._unit, self._axis = unit, shank_axis
        self._parts: list[Array] = []

    def add(self, aligned: Aligned) -> None:
        """Take over a batch of windows."""
        part = np.full((aligned.count, 5), np.nan)
        part[:, 0] = (aligned.first + np.arange(aligned.count)) * float(WINDOW_STEP)
        best = np.full(aligned.count, -1.0)
        for rested in aligned.channels:
            usable = rested.windows.quality == VALID
            rms = np.where(usable, rested.windows.features[:, column("root_mean_square")], np.nan)
            # Before the level is learnt channels are compared by amplitude alone.
            ratio = np.nan_to_num(np.where(np.isnan(rested.level), rms, rms / rested.level))
            taken = usable & (ratio > best)
            part[taken, 1], part[taken, 2] = rms[taken], rested.level[taken]
            best = np.maximum(best, ratio)
        part[:, 3] = aligned.posture.dynamic
        part[:, 4] = aligned.posture.angle
        self._parts.append(part)

    def trace(self) -> NightTrace:
        """All of it."""
        table = np.concatenate(self._parts) if self._parts else np.empty((0, 5))
        time, envelope, level, motion, angle = (table[:, index].copy() for index in range(5))
        return NightTrace(time, envelope, level, motion, angle, self._unit)
