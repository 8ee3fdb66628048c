"""The order of the stages: the only file that knows it.

Samples and Gaps go in; episodes, provisional verdicts, quality spans and aligned windows come out.
Live and replay feed the same object.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction

import numpy as np

from crampdetect.detection.alignment import Alignment
from crampdetect.detection.candidates import Candidates
from crampdetect.detection.decimation import Decimator, decimation_factor
from crampdetect.detection.emg_windows import EmgWindowing
from crampdetect.detection.filtering import EmgFilter
from crampdetect.detection.flow import Aligned, EmgWindows, Judged, Progress, Reached
from crampdetect.detection.judging import Judge
from crampdetect.detection.merging import Merging
from crampdetect.detection.model import Model
from crampdetect.detection.motion import MotionWindowing
from crampdetect.detection.posture import Posture
from crampdetect.detection.profiles import Profile
from crampdetect.detection.resting import RestingLevel
from crampdetect.detection.types import (
    LOWEST_EMG_RATE,
    Episode,
    Gap,
    Motion,
    Provisional,
    Samples,
    SignalInfo,
    Span,
    Stream,
)
from crampdetect.detection.uniting import Uniting
from crampdetect.detection.valid_time import ValidTime

__all__ = ["LOWEST_ACC_RATE", "Detector", "Output"]

Output = Episode | Provisional | Span | Aligned
#: Slower acceleration (Hz) has fewer than two samples in half a window and is not used.
LOWEST_ACC_RATE = Fraction(4)


class _Channel:
    """The stages of one EMG channel up to its resting level."""

    def __init__(self, info: SignalInfo, rate: Fraction, column: int, mains: int | None) -> None:
        rails = info.rails[column] if info.rails else None
        resolution = info.resolution[column] if info.resolution else None
        self.filter = EmgFilter(rate, column, mains)
        self.windowing = EmgWindowing(rate, info.capability, rails, resolution)
        self.resting = RestingLevel(resolution)


class Detector:
    """Finds episodes in the streams of one leg.

    Parameters
    ----------
    signals : sequence of SignalInfo
        One ``emg`` stream and at most one ``acc`` stream.
    model : Model
    profile : Profile
    mains : 50, 60 or None
        None: decided from the signal.
    shank_axis : int
        0, 1 or 2: accelerometer axis along the shank.

    Raises
    ------
    ValueError
        No EMG stream, more than one of a kind, or EMG slower than 200 Hz.
    ModelError
        The model has no variant for these signals.

    Attributes
    ----------
    rate : Fraction
        Rate (Hz) that the indices of the outputs count in: the EMG rate after decimation.
    """

    def __init__(
        self,
        signals: Sequence[SignalInfo],
        model: Model,
        profile: Profile,
        *,
        mains: int | None = None,
        shank_axis: int = 0,
    ) -> None:
        emg, acc = _streams(signals)
        factor = decimation_factor(emg.nominal_sampling_frequency)
        self.rate = emg.nominal_sampling_frequency / factor
        self._decimator = Decimator(factor) if factor > 1 else None
        count = len(emg.channels)
        self._channels = [_Channel(emg, self.rate, column, mains) for column in range(count)]
        self._motion = None
        if acc is not None:
            self._motion = MotionWindowing(acc.nominal_sampling_frequency, len(acc.channels))
        self._posture = Posture(shank_axis)
        self._alignment = Alignment(count, acc is not None)
        motion: Motion = "none" if acc is None else "acc3" if len(acc.channels) == 3 else "acc"
        judge = Judge(
            model,
            model.variant(emg.capability, motion),
            model.variant(emg.capability, "none"),
            profile,
            emg.channels,
        )
        self._candidates = [Candidates(index, profile.on, profile.off) for index in range(count)]
        self._merging = [Merging(judge) for _ in range(count)]
        self._uniting = Uniting(count, self.rate)
        self._valid = ValidTime(self.rate, count)
        self._reached: dict[Stream, int] = {}

    def push(self, item: Samples | Gap) -> list[Output]:
        """All outputs that `item` completes.

        Raises
        ------
        ValueError
            `item` does not follow the one before it in its stream, or holds NaN or infinity.
        """
        expected = self._reached.get(item.stream, 0)
        if item.start != expected or item.stop < item.start:
            raise ValueError(
                f"{item.stream} samples {item.start} to {item.stop} follow {expected}; "
                "expected no jump and no overlap (a Gap says what is missing)"
            )
        self._reached[item.stream] = item.stop
        if isinstance(item, Samples) and not np.isfinite(item.values).all():
            raise ValueError(f"{item.stream} samples hold NaN or infinity; expected a Gap instead")
        if item.stream == "acc":
            return self._push_motion(item)
        items = [item] if self._decimator is None else self._decimator.push(item)
        return self._push_emg(items)

    def flush(self) -> list[Output]:
        """What is still owed at the end of the recording."""
        out: list[Output] = []
        for index, channel in enumerate(self._channels):
            for filtered in channel.filter.flush():
                out += self._windows(index, channel.windowing.push(filtered))
        for aligned in self._alignment.flush():
            out += self._decide(aligned)
        for candidates, merging in zip(self._candidates, self._merging, strict=True):
            for found in candidates.flush():
                out += self._verdicts(merging.push(found))
            out += self._verdicts(merging.flush())
        return [*out, *self._uniting.flush(), *self._valid.flush()]

    def _push_motion(self, item: Samples | Gap) -> list[Output]:
        out: list[Output] = []
        if self._motion is None:
            raise ValueError("acceleration was pushed into a detector that declares none")
        for windows in self._motion.push(item):
            for posture in self._posture.push(windows):
                for aligned in self._alignment.push(posture):
                    out += self._decide(aligned)
        return out

    def _push_emg(self, items: Iterable[Samples | Gap]) -> list[Output]:
        out: list[Output] = []
        for item in items:
            if isinstance(item, Gap):
                out += self._valid.push(item)
            elif item.values.shape[0] == 0:
                continue
            # After the gap itself: what is reached is accounted for.
            out += self._valid.push(Reached(item.stop))
            for index, channel in enumerate(self._channels):
                for filtered in channel.filter.push(item):
                    out += self._windows(index, channel.windowing.push(filtered))
        return out

    def _windows(self, index: int, found: Iterable[EmgWindows]) -> list[Output]:
        out: list[Output] = []
        for windows in found:
            for rested in self._channels[index].resting.push(windows):
                for aligned in self._alignment.push((index, rested)):
                    out += self._decide(aligned)
        return out

    def _decide(self, aligned: Aligned) -> list[Output]:
        said: list[Output] = []
        for candidates, merging in zip(self._candidates, self._merging, strict=True):
            for found in candidates.push(aligned):
                said += self._verdicts(merging.push(found))
        # By window, then by channel: the order must not depend on how many windows came at once.
        looks = sorted(
            (one for one in said if isinstance(one, Provisional)), key=lambda one: one.window
        )
        others = [one for one in said if not isinstance(one, Provisional)]
        return [aligned, *self._valid.push(aligned), *looks, *others]

    def _verdicts(self, found: Iterable[Judged | Provisional | Progress]) -> list[Output]:
        out: list[Output] = []
        for item in found:
            if isinstance(item, Provisional):
                out.append(item)
            else:
                out += self._uniting.push(item)
        return out


def _streams(signals: Sequence[SignalInfo]) -> tuple[SignalInfo, SignalInfo | None]:
    emg = [info for info in signals if info.stream == "emg"]
    acc = [info for info in signals if info.stream == "acc"]
    if len(emg) != 1 or len(acc) > 1:
        raise ValueError(
            f"found {len(emg)} EMG and {len(acc)} acceleration streams; "
            "expected one EMG stream and at most one of acceleration"
        )
    rate = emg[0].nominal_sampling_frequency
    if rate < LOWEST_EMG_RATE:
        raise ValueError(f"EMG at {float(rate):g} Hz; expected at least {LOWEST_EMG_RATE} Hz")
    if acc and acc[0].nominal_sampling_frequency < LOWEST_ACC_RATE:
        raise ValueError(
            f"acceleration at {float(acc[0].nominal_sampling_frequency):g} Hz; "
            f"expected at least {LOWEST_ACC_RATE} Hz"
        )
    return emg[0], acc[0] if acc else None
