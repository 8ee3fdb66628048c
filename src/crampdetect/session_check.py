"""The two-minute check at bedtime: will this night be worth wearing a sensor for?

Its time is the index of the EMG, so that a test or a demo may run it as fast as it likes: a minute
of rest, then a minute in which the wearer points the foot down five times. It ends as soon as the
fifth is seen, or when no electrode shows anything.
"""

from datetime import datetime, timedelta

import numpy as np

from crampdetect.detection.types import Item, SignalInfo, Status
from crampdetect.devices.status_flags import BATTERY_LOW, LEAD_OFF, SENSOR_FAULT
from crampdetect.link import LinkQuality
from crampdetect.session_check_battery import BatteryFacts, battery_finding
from crampdetect.session_check_contact import CONTACT_GOOD
from crampdetect.session_check_finding import CheckFinding, nothing_heard
from crampdetect.session_check_raises import count_raises
from crampdetect.session_check_sensor import LinkFacts, gravity_finding, loss_finding
from crampdetect.session_check_signals import ChannelRows, LegSignals, between
from crampdetect.session_check_steps import (
    SETTLED_HALVES,
    WANTED_RAISES,
    contact_finding,
    contraction_finding,
    mains_finding,
    rest_finding,
    usable_level,
)
from crampdetect.session_night_state import BatteryForecast

__all__ = ["CHECK_STEPS", "LENGTH_S", "BedtimeCheck"]

#: The steps in the order of printing.
CHECK_STEPS = ("contact", "mains", "rest", "contractions", "gravity", "loss", "battery")
#: The check, in seconds: the mains frequency is decided from the first 60 s, which are rest.
LENGTH_S = 120.0
RAISES_S = 60.0
#: Rest begins when filters and wearer have come to rest, and hum has been heard for 10 s [A].
REST_S = 15.0
#: From here on every half second counts for the link.
HEARD_S = 3.0
#: Without contact for so long (half seconds) the rest of the check tells nothing [A].
HOPELESS_HALVES = 40


class BedtimeCheck:
    """Follows one check.

    Parameters
    ----------
    signals : tuple of SignalInfo
    quality : LinkQuality
        The decoder's own; what it counts from now on belongs to the check.
    mains : 50, 60 or None
        None: decided from the signal.
    shank_axis : int
        0, 1 or 2: acceleration axis along the shank.
    percent_per_hour, millivolts_per_hour : float or None
        What earlier nights took from the battery.
    """

    def __init__(
        self,
        signals: tuple[SignalInfo, ...],
        quality: LinkQuality,
        *,
        mains: int | None = None,
        shank_axis: int = 0,
        percent_per_hour: float | None = None,
        millivolts_per_hour: float | None = None,
    ) -> None:
        self._signals = LegSignals(signals, mains)
        self._quality, self._before = quality, LinkFacts.of(quality)
        self._axis = shank_axis
        self._use = (percent_per_hour, millivolts_per_hour)
        self._forecast = BatteryForecast()
        self._charge: tuple[int | None, int | None] = (None, None)
        self._flags: dict[str, float] = {}
        self._counted_at = 0.0
        self._count = 0
        self._silent = False

    @property
    def seconds(self) -> float:
        """How long it has lasted."""
        return self._signals.seconds

    @property
    def done(self) -> bool:
        """Whether there is nothing more to wait for."""
        return self.seconds >= LENGTH_S or self._count >= WANTED_RAISES or self._hopeless()

    @property
    def prompt(self) -> str:
        """What the wearer should do now; changes only when that changes."""
        if self.seconds < RAISES_S:
            return "Lie down as you will sleep, let the leg go loose and do not move (one minute)."
        if self._count:
            return f"Good: {self._count} of {WANTED_RAISES}."
        return (
            "Now point the foot down like on a pedal, hold it for three seconds and let go. "
            f"{WANTED_RAISES} times."
        )

    def push(self, item: Item) -> None:
        """Samples, a gap, or what the sensor says of itself."""
        if isinstance(item, Status):
            self._flags[item.flag] = self.seconds
            return
        self._signals.push(item)
        judged = self._signals.judged_s
        if judged > RAISES_S and judged != self._counted_at:
            self._counted_at = judged
            self._count = max(self._raises(rows)[0] for rows in self._signals.channels)

    def battery(self, monotonic_ns: int, millivolts: int | None, percent: int | None) -> None:
        """What the sensor says of its battery."""
        self._charge = (millivolts, percent)
        self._forecast.add(monotonic_ns, millivolts, percent)

    def fell_silent(self) -> None:
        """The sensor sends no more."""
        self._silent = True

    def findings(
        self, now_ns: int, now: datetime, until: datetime | None = None
    ) -> tuple[CheckFinding, ...]:
        """The check is over: a finding for every one of `CHECK_STEPS`.

        Parameters
        ----------
        now_ns : int
            Monotonic time.
        now : datetime
            The same in the wearer's zone.
        until : datetime or None
            When the night will end.
        """
        self._signals.flush()
        if self.seconds == 0.0:
            return (*(nothing_heard(step, "a signal") for step in CHECK_STEPS[:5]),
                    self._loss(), self._battery(now_ns, now, until))  # fmt: skip
        emg = self._signals.emg
        known, rest = emg.unit == "uV", between(REST_S, RAISES_S)
        rows = max(self._signals.channels, key=self._raises)
        levels = [usable_level(each, rest) for each in self._signals.channels]
        off = self._flags.get(LEAD_OFF)
        raises = count_raises(rows.halves[self._asked()], usable_level(rows, rest))
        heard = self._signals.heard_share(RAISES_S, max(RAISES_S + 1.0, self.seconds - 1.0))
        return (
            contact_finding(
                self._signals.channels,
                known,
                levels,
                None if off is None else self.seconds - off,
                SENSOR_FAULT in self._flags,
            ),
            mains_finding(rows, rest),
            rest_finding(rows, rest, known, emg.unit),
            contraction_finding(raises, usable_level(rows, rest), heard),
            gravity_finding(self._signals.motion, rest, self._axis),
            self._loss(),
            self._battery(now_ns, now, until),
        )

    def _raises(self, rows: ChannelRows) -> tuple[int, float]:
        """Contractions of a channel, and their height."""
        level = usable_level(rows, between(REST_S, RAISES_S))
        found = count_raises(rows.halves[self._asked()], level)
        return found.count, found.height

    def _asked(self) -> slice:
        """Half seconds in which contractions are asked for."""
        return slice(int(2 * RAISES_S), int(2 * LENGTH_S))

    def _hopeless(self) -> bool:
        contacts = [rows.contact[SETTLED_HALVES:] for rows in self._signals.channels]
        return all(
            each.shape[0] >= HOPELESS_HALVES and not np.any(each[-HOPELESS_HALVES:] == CONTACT_GOOD)
            for each in contacts
        )

    def _loss(self) -> CheckFinding:
        facts = LinkFacts.of(self._quality).since(self._before)
        end = max(HEARD_S + 1.0, self.seconds - 1.0)
        return loss_finding(facts, self._signals.heard_share(HEARD_S, end), self._silent)

    def _battery(self, now_ns: int, now: datetime, until: datetime | None) -> CheckFinding:
        millivolts, percent = self._charge
        left = self._hours_left(now_ns)
        empty = None if left is None else now + timedelta(hours=left)
        low = BATTERY_LOW in self._flags
        return battery_finding(BatteryFacts(percent, millivolts, empty, now, until, low))

    def _hours_left(self, now_ns: int) -> float | None:
        """By what it said in this check, else by what earlier nights took."""
        empty_ns = self._forecast.empty_ns()
        if empty_ns is not None:
            return (empty_ns - now_ns) / 3600e9
        millivolts, percent = self._charge
        by_percent, by_millivolts = self._use
        if percent is not None and by_percent is not None:
            return percent / by_percent
        if millivolts is not None and by_millivolts is not None:
            return max(0.0, (millivolts - BatteryForecast.EMPTY_MV) / by_millivolts)
        return None
