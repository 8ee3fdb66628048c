"""From what is known of a night to faults that begin and end, each with its cause. Pure.

A fault begins when it was there for a while without a break, and ends likewise, so that a turn in
bed or a short reconnect is none. While no data come, nothing is said of what only data can show.
"""

from collections.abc import Callable
from dataclasses import dataclass

from crampdetect.alerting.night_facts import NightFacts
from crampdetect.devices.status_flags import BATTERY_LOW, CLIPPING, LEAD_OFF, SENSOR_FAULT

__all__ = ["CAUSES", "FaultChange", "FaultWatch"]

#: Silence that is a fault: a seizure monitor that people wear at night takes as long [A]. Data
#: flow again where the last came within the second figure.
SILENT_S, FLOWING_S = 30.0, 5.0
#: Per cent and mV of a battery at which it is low, and at which no more: a fall of some 10 % an
#: hour leaves more than an hour [A]; a uMyo switches itself off at 3200 mV.
LOW_PERCENT, FINE_PERCENT = 15, 20
LOW_MV, FINE_MV = 3400, 3500
#: Bytes on the disk: two hours of the richest shipped sensor at 14 kB/s [A].
LOW_BYTES, FINE_BYTES = 100_000_000, 150_000_000
#: Share of the last minute that must be judged; as the status line takes "worn".
JUDGED_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class FaultChange:
    """A fault began, or is over.

    Parameters
    ----------
    cause : str
        One of `CAUSES`.
    begun : bool
    text : str
        A sentence for a person; empty when it is over.
    """

    cause: str
    begun: bool
    text: str = ""


@dataclass(frozen=True, slots=True)
class _Rule:
    """When a fault is there, when it is no more, and for how many seconds each must hold."""

    there: Callable[[NightFacts], str | None]
    gone: Callable[[NightFacts], bool]
    after_s: float = 0.0
    over_s: float = 10.0
    of_data: bool = True


def _no_data(facts: NightFacts) -> str | None:
    if facts.silent_s < SILENT_S:
        return None
    if facts.connected:
        return (
            f"the sensor is connected but has sent nothing for {SILENT_S:.0f} s; "
            "switch it off and on"
        )
    return (
        f"no data from the sensor for {SILENT_S:.0f} s: it is being looked for; "
        "bring it nearer, and look whether it is switched on"
    )


def _battery(facts: NightFacts) -> str | None:
    percent, millivolts = facts.battery_percent, facts.battery_mv
    if percent is not None and percent <= LOW_PERCENT:
        return f"the sensor's battery is low ({percent} %): it may not last until morning"
    if percent is None and millivolts is not None and millivolts <= LOW_MV:
        volts = millivolts / 1000
        return f"the sensor's battery is low ({volts:.2f} V): it may not last until morning"
    if BATTERY_LOW in facts.flags:
        return "the sensor says that its battery is low: it may not last until morning"
    return None


def _battery_fine(facts: NightFacts) -> bool:
    if BATTERY_LOW in facts.flags:
        return False
    if facts.battery_percent is not None:
        return facts.battery_percent >= FINE_PERCENT
    return facts.battery_mv is None or facts.battery_mv >= FINE_MV


def _disk(facts: NightFacts) -> str | None:
    if facts.disk_free is None or facts.disk_free > LOW_BYTES:
        return None
    free = facts.disk_free / 1e6
    return f"only {free:.0f} MB are free on the disk: make space, or the night ends early"


def _disk_fine(facts: NightFacts) -> bool:
    return facts.disk_free is not None and facts.disk_free >= FINE_BYTES


def _flag(flag: str, text: str) -> Callable[[NightFacts], str | None]:
    return lambda facts: text if flag in facts.flags else None


def _unset(flag: str) -> Callable[[NightFacts], bool]:
    return lambda facts: flag not in facts.flags


def _not_judged(facts: NightFacts) -> str | None:
    if not facts.learnt or facts.judged is None or facts.judged >= JUDGED_SHARE:
        return None
    return "for minutes the signal could not be judged; look whether all electrodes are on"


def _judged(facts: NightFacts) -> bool:
    return facts.judged is not None and facts.judged >= JUDGED_SHARE


#: By cause. Seconds: a hand at an electrode or a stretch is no fault [A]; the resting level is
#: learnt anew within minutes after a gap, so what cannot be judged takes five [A].
_RULES: dict[str, _Rule] = {
    "no_data": _Rule(_no_data, lambda facts: facts.silent_s < FLOWING_S, of_data=False),
    "lead_off": _Rule(
        _flag(LEAD_OFF, "an electrode has no contact; press it on, or take a new one"),
        _unset(LEAD_OFF),
        after_s=20.0,
    ),
    "clipping": _Rule(
        _flag(CLIPPING, "the signal is at the sensor's limit; press the electrodes on"),
        _unset(CLIPPING),
        after_s=60.0,
        over_s=60.0,
    ),
    "not_judged": _Rule(_not_judged, _judged, after_s=300.0),
    "sensor_fault": _Rule(
        _flag(SENSOR_FAULT, "the sensor says that something in it is broken"), _unset(SENSOR_FAULT)
    ),
    "battery_low": _Rule(_battery, _battery_fine, over_s=60.0),
    "disk_low": _Rule(_disk, _disk_fine, of_data=False),
}
#: The closed set of causes.
CAUSES: tuple[str, ...] = tuple(_RULES)


class FaultWatch:
    """Says when faults begin and end."""

    def __init__(self) -> None:
        self._lasting: set[str] = set()
        self._since: dict[str, float] = {}

    def look(self, facts: NightFacts, now_s: float) -> list[FaultChange]:
        """What changed.

        Parameters
        ----------
        facts : NightFacts
        now_s : float
            Monotonic, in seconds; about once a second.
        """
        found = (self._look(cause, rule, facts, now_s) for cause, rule in _RULES.items())
        return [change for change in found if change is not None]

    def _look(self, cause: str, rule: _Rule, facts: NightFacts, now_s: float) -> FaultChange | None:
        lasts = cause in self._lasting
        text = rule.there(facts)
        changing = rule.gone(facts) if lasts else text is not None
        if not changing or (rule.of_data and facts.silent_s >= FLOWING_S):
            self._since.pop(cause, None)
            return None
        since = self._since.setdefault(cause, now_s)
        if now_s - since < (rule.over_s if lasts else rule.after_s):
            return None
        del self._since[cause]
        self._lasting ^= {cause}
        return FaultChange(cause, not lasts, "" if lasts else text or "")
