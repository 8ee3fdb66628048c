"""What is known of a night while it lasts: for a status line, a page, and faults to tell."""

from collections import deque
from fractions import Fraction

import numpy as np

from crampdetect.detection.detector import Output
from crampdetect.detection.features import column
from crampdetect.detection.flow import Aligned
from crampdetect.detection.grid import BIN_LENGTH
from crampdetect.detection.quality import VALID
from crampdetect.detection.types import Episode, Gap, Provisional, Samples, Status
from crampdetect.link import Connected, Disconnected, LinkEvent, LinkQuality

__all__ = ["BatteryForecast", "NightState"]

#: Windows of 0.5 s in the last minute.
MINUTE_WINDOWS = 120
#: A forecast needs a fall that is seen over at least this long [A].
FORECAST_SPAN_S = 1800.0
MOST_READINGS = 720
#: A sensor repeats what it says of itself at least every 10 s (CrampLink's STATUS).
FLAG_HOLDS_S = 15.0


class BatteryForecast:
    """When a battery will be empty: a straight line through what it said.

    Lithium cells fall along a curve that is flat in the middle, so the forecast is pessimistic
    at first and late at the end; it is told as "about".
    """

    #: The uMyo switches itself off below this (its firmware); others are near it.
    EMPTY_MV = 3200

    def __init__(self) -> None:
        self._readings: deque[tuple[int, float]] = deque(maxlen=MOST_READINGS)
        self._empty = float(self.EMPTY_MV)

    def add(self, monotonic_ns: int, millivolts: int | None, percent: int | None) -> None:
        """One reading; per cent go before millivolts where both are known."""
        value = percent if percent is not None else millivolts
        if value is not None:
            self._empty = 0.0 if percent is not None else float(self.EMPTY_MV)
            self._readings.append((monotonic_ns, float(value)))

    def empty_ns(self) -> int | None:
        """Monotonic time at which it will be empty; None while that cannot be said."""
        line = self._line()
        if line is None:
            return None
        slope, offset = line
        return self._readings[0][0] + int((self._empty - offset) / slope * 1e9)

    def per_hour(self) -> tuple[str, float] | None:
        """``"percent"`` or ``"millivolts"``, and how much an hour takes; None while not known."""
        line = self._line()
        if line is None:
            return None
        return ("percent" if self._empty == 0.0 else "millivolts"), round(-3600.0 * line[0], 3)

    def _line(self) -> tuple[float, float] | None:
        """Slope per second, below 0, and the value at the first reading."""
        if len(self._readings) < 3:
            return None
        origin = self._readings[0][0]
        seconds = np.array([(at - origin) / 1e9 for at, _ in self._readings])
        values = np.array([value for _, value in self._readings])
        if seconds[-1] - seconds[0] < FORECAST_SPAN_S:
            return None
        slope, offset = np.polyfit(seconds, values, 1)
        return (float(slope), float(offset)) if slope < 0.0 else None


class NightState:
    """Follows a night.

    Parameters
    ----------
    quality : LinkQuality
        The decoder's own, which it keeps up to date.

    Attributes
    ----------
    connected : bool
    marks, cramps, unsure : int
    lasting : Provisional or None
        A cramp that seems to be going on.
    """

    def __init__(self, quality: LinkQuality) -> None:
        self.quality = quality
        self.connected = False
        self.last_heard_ns = 0
        self.marks = self.cramps = self.unsure = 0
        self.lasting: Provisional | None = None
        self._flags: dict[str, float] = {}
        self.forecast = BatteryForecast()
        self.battery_mv: int | None = None
        self.battery_percent: int | None = None
        self.seconds = 0.0
        self._rate: Fraction | None = None
        self._ratios: deque[float] = deque(maxlen=MINUTE_WINDOWS)
        self._worn: deque[bool] = deque(maxlen=MINUTE_WINDOWS)
        self._valid_windows = 0

    def begin(self, rate: Fraction) -> None:
        """The signals are known; `rate` (Hz) is what outputs count in."""
        self._rate = rate

    def heard(self, event: LinkEvent) -> None:
        """An event of the link."""
        if isinstance(event, Connected):
            self.connected = True
        elif isinstance(event, Disconnected):
            self.connected = False
        else:
            self.last_heard_ns = event.monotonic_ns

    def item(self, item: Samples | Gap) -> None:
        """Samples or a gap."""
        if item.stream == "emg" and self._rate is not None:
            self.seconds = float(item.stop / self._rate)

    def status(self, status: Status) -> None:
        """What the sensor says of itself."""
        self._flags[status.flag] = self.seconds

    @property
    def flags(self) -> set[str]:
        """What the sensor said of itself in the last seconds, e.g. ``"lead_off"``."""
        since = self.seconds - FLAG_HOLDS_S
        return {flag for flag, said in self._flags.items() if said >= since}

    def battery(self, monotonic_ns: int, millivolts: int | None, percent: int | None) -> None:
        """A reading."""
        self.battery_mv, self.battery_percent = millivolts, percent
        self.forecast.add(monotonic_ns, millivolts, percent)

    def output(self, output: Output) -> None:
        """An output of the detector."""
        if isinstance(output, Episode):
            self.cramps += output.kind == "cramp"
            self.unsure += output.kind == "unsure"
            if self.lasting is not None and self._is_settled(output, self.lasting):
                self.lasting = None
        elif isinstance(output, Provisional):
            self.lasting = output if output.kind == "cramp" else None
        elif isinstance(output, Aligned):
            self._windows(output)

    @property
    def rate(self) -> Fraction:
        """What outputs count in, in Hz.

        Raises
        ------
        ValueError
            The signals are not known yet.
        """
        if self._rate is None:
            raise ValueError("the rate was asked for before the first sample")
        return self._rate

    def _is_settled(self, episode: Episode, lasting: Provisional) -> bool:
        """Whether the verdict is on what seemed to last, not on something earlier."""
        return episode.offset / self.rate > lasting.onset_bin * BIN_LENGTH

    @property
    def level(self) -> float | None:
        """Median level of the last minute over the resting level; None while not known."""
        return float(np.median(self._ratios)) if self._ratios else None

    @property
    def worn(self) -> float | None:
        """Share of the last minute that could be judged; None before the first window."""
        return sum(self._worn) / len(self._worn) if self._worn else None

    @property
    def valid_hours(self) -> float:
        """Hours that could be judged so far, to half a second."""
        return self._valid_windows / 7200.0

    def _windows(self, aligned: Aligned) -> None:
        worn = np.zeros(aligned.count, dtype=bool)
        ratio = np.full(aligned.count, np.nan)
        for rested in aligned.channels:
            good = (rested.windows.quality == VALID) & ~np.isnan(rested.level)
            rms = rested.windows.features[:, column("root_mean_square")]
            best = np.divide(rms, rested.level, out=np.full(aligned.count, np.nan), where=good)
            ratio, worn = np.fmax(ratio, best), worn | good
        self._worn.extend(worn.tolist())
        self._ratios.extend(ratio[worn].tolist())
        self._valid_windows += int(worn.sum())
