"""Signals of a check: through the detector's own filter and windows, and kept for some minutes.

A night must not keep what it heard; a check or a calibration, which lasts a few minutes, may.
"""

from dataclasses import replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from crampdetect.detection.decimation import Decimator, decimation_factor
from crampdetect.detection.detector import LOWEST_ACC_RATE
from crampdetect.detection.emg_windows import EmgWindowing
from crampdetect.detection.features import column
from crampdetect.detection.filtering import EmgFilter
from crampdetect.detection.flow import EmgWindows
from crampdetect.detection.grid import WINDOW_STEP
from crampdetect.detection.motion import MotionWindowing
from crampdetect.detection.quality import GAP, VALID
from crampdetect.detection.types import Array, Gap, Item, Samples, SignalInfo, Stream
from crampdetect.session_check_contact import contact_of

__all__ = ["ChannelRows", "LegSignals", "MotionRows", "between"]


def between(start_s: float, stop_s: float) -> slice:
    """Windows (or half seconds) that lie wholly between two times.

    Examples
    --------
    >>> between(15.0, 60.0)
    slice(30, 119, None)
    """
    step = float(WINDOW_STEP)
    return slice(int(np.ceil(start_s / step)), int(stop_s / step) - 1)


class ChannelRows:
    """Windows of one EMG channel, each 0.5 s later than the one before, the first at 0 s.

    Attributes
    ----------
    rms, line_ratio : Array, shape (n_windows,)
        Of the filtered signal in the unit of the stream; share of mains in the raw one.
    quality : array of int8, shape (n_windows,)
    halves : Array, shape (n_windows,)
        RMS of each window's first half second.
    contact : array of int8, shape (n_halves,)
        Raw half seconds: as `session_check_contact.contact_of` says; they come
        at once, while windows may wait for the mains frequency.
    """

    def __init__(self, info: SignalInfo, rate: Fraction, number: int, mains: int | None) -> None:
        self._rails = info.rails[number] if info.rails else None
        self._resolution = info.resolution[number] if info.resolution else None
        self._filter = EmgFilter(rate, number, mains)
        self._windowing = EmgWindowing(rate, info.capability, self._rails, self._resolution)
        self._number = number
        self._half = int(info.nominal_sampling_frequency * WINDOW_STEP)
        self._raw: Array = np.empty(0)
        self.name = info.channels[number]
        self.rms = self.line_ratio = self.halves = np.empty(0)
        self.quality: NDArray[np.int8] = np.empty(0, dtype=np.int8)
        self.contact: NDArray[np.int8] = np.empty(0, dtype=np.int8)

    def push_raw(self, item: Samples | Gap) -> None:
        """The signal as it came: what the electrodes do shows there at once."""
        if isinstance(item, Gap):
            self._raw = np.empty(0)
            return
        raw = np.concatenate((self._raw, item.values[:, self._number]))
        count = raw.shape[0] // self._half
        self._raw = raw[count * self._half :].copy()
        if count:
            halves = raw[: count * self._half].reshape(count, self._half)
            found = contact_of(halves, self._rails, self._resolution)
            self.contact = np.concatenate((self.contact, found))

    def push(self, item: Samples | Gap) -> None:
        """The signal at the rate that the detector judges."""
        for filtered in self._filter.push(item):
            self._keep(self._windowing.push(filtered))

    def flush(self) -> None:
        """The signal is over."""
        for filtered in self._filter.flush():
            self._keep(self._windowing.push(filtered))

    def valid_rms(self, where: slice) -> Array:
        """RMS of the windows there that can be judged."""
        good: Array = self.rms[where][self.quality[where] == VALID]
        return good

    def _keep(self, found: list[EmgWindows]) -> None:
        for windows in found:
            features = windows.features
            self.rms = np.concatenate((self.rms, features[:, column("root_mean_square")]))
            ratio = features[:, column("line_ratio")]
            self.line_ratio = np.concatenate((self.line_ratio, ratio))
            self.quality = np.concatenate((self.quality, windows.quality))
            half = np.sqrt(windows.envelope.mean(axis=1))
            self.halves = np.concatenate((self.halves, half))


class MotionRows:
    """Windows of the acceleration.

    Attributes
    ----------
    dynamic : Array, shape (n_windows,)
        In g.
    gravity : Array, shape (n_windows, 3)
        Mean acceleration in g; NaN with fewer than three axes.
    """

    def __init__(self, info: SignalInfo) -> None:
        self.axes = len(info.channels)
        self._windowing = MotionWindowing(info.nominal_sampling_frequency, self.axes)
        self.dynamic: Array = np.empty(0)
        self.gravity: Array = np.empty((0, 3))

    def push(self, item: Samples | Gap) -> None:
        """Acceleration as it came."""
        for windows in self._windowing.push(item):
            self.dynamic = np.concatenate((self.dynamic, windows.dynamic))
            self.gravity = np.concatenate((self.gravity, windows.gravity))


class LegSignals:
    """All streams of one leg; the first sample of each is its index 0.

    Parameters
    ----------
    signals : tuple of SignalInfo
    mains : 50, 60 or None
        None: decided from the first 60 s; windows come after that.

    Attributes
    ----------
    channels : list of ChannelRows
    motion : MotionRows or None
    """

    def __init__(self, signals: tuple[SignalInfo, ...], mains: int | None) -> None:
        (emg,) = (info for info in signals if info.stream == "emg")
        acc = next((info for info in signals if _is_usable_acc(info)), None)
        self.emg, self._rate = emg, emg.nominal_sampling_frequency
        factor = decimation_factor(self._rate)
        self._decimator = Decimator(factor) if factor > 1 else None
        rate = self._rate / factor
        numbers = range(len(emg.channels))
        self.channels = [ChannelRows(emg, rate, number, mains) for number in numbers]
        self.motion = None if acc is None else MotionRows(acc)
        self._origins: dict[Stream, int] = {}
        self._stop = 0

    @property
    def seconds(self) -> float:
        """EMG that has come, gaps included."""
        return float(Fraction(self._stop) / self._rate)

    @property
    def judged_s(self) -> float:
        """Up to where windows have come of all channels."""
        count = min(rows.rms.shape[0] for rows in self.channels)
        return count * float(WINDOW_STEP)

    def push(self, item: Item) -> None:
        """The next samples or gap of a stream; what the sensor says of itself is passed over."""
        if not isinstance(item, Samples | Gap) or item.stop == item.start:
            return
        origin = self._origins.setdefault(item.stream, item.start)
        if isinstance(item, Gap):
            moved: Samples | Gap = replace(item, start=item.start - origin, stop=item.stop - origin)
        else:
            moved = replace(item, start=item.start - origin)
        if item.stream == "acc":
            if self.motion is not None:
                self.motion.push(moved)
            return
        self._stop = moved.stop
        slower = [moved] if self._decimator is None else self._decimator.push(moved)
        for rows in self.channels:
            rows.push_raw(moved)
            for one in slower:
                rows.push(one)

    def flush(self) -> None:
        """The signal is over: windows that waited for the mains frequency come now."""
        for rows in self.channels:
            rows.flush()

    def heard_share(self, start_s: float, stop_s: float) -> float:
        """Share of the windows between two times that no gap touches; 0 where there are none."""
        wanted = between(start_s, stop_s)
        count: int = max(1, wanted.stop - wanted.start)
        found = [int((rows.quality[wanted] != GAP).sum()) for rows in self.channels]
        return max(found) / count


def _is_usable_acc(info: SignalInfo) -> bool:
    """As the detector: slower acceleration has fewer than two samples in half a window."""
    return info.stream == "acc" and info.nominal_sampling_frequency >= LOWEST_ACC_RATE
