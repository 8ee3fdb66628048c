"""The step of the check that looks at the battery."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from crampdetect.session_check_finding import CheckFinding

__all__ = ["BatteryFacts", "battery_finding"]

#: Charge at bedtime, in per cent: a sensor that lasts a night takes less than half [A].
GOOD_PERCENT, LEAST_PERCENT = 50, 20
#: The same of a lithium cell in millivolts: about half and a fifth of its charge [A].
GOOD_MV, LEAST_MV = 3750, 3600
#: A night, where nobody said when it ends.
NIGHT = timedelta(hours=8)


@dataclass(frozen=True, slots=True)
class BatteryFacts:
    """What is known of the battery; times in the wearer's zone.

    Parameters
    ----------
    percent, millivolts : int or None
        As last heard.
    empty : datetime or None
        When it will be empty; None while that cannot be said.
    now : datetime
    until : datetime or None
        When the night ends, if somebody said so.
    said_low : bool
        The sensor itself calls it low.
    """

    percent: int | None
    millivolts: int | None
    empty: datetime | None
    now: datetime
    until: datetime | None = None
    said_low: bool = False


def battery_finding(facts: BatteryFacts) -> CheckFinding:
    """Whether it lasts the night."""
    end = facts.until or facts.now + NIGHT
    expected = f"enough until {end:%H:%M}"
    charge = "charge the sensor now (never while you wear it), or for the next night"
    measures: dict[str, float] = {}
    if facts.percent is not None:
        measures["percent"] = float(facts.percent)
    if facts.millivolts is not None:
        measures["millivolts"] = float(facts.millivolts)
    if facts.empty is not None:
        text = f"{_charge(facts)}lasts until about {facts.empty:%H:%M}"
        measures["lasts_h"] = (facts.empty - facts.now).total_seconds() / 3600
        if facts.empty < end or facts.said_low:
            return CheckFinding("battery", "failed", text, expected, charge, measures)
        return CheckFinding("battery", "passed", text, expected, measures=measures)
    unsaid = "how long it lasts cannot be said yet"
    if facts.percent is None and facts.millivolts is None and not facts.said_low:
        text = f"this sensor has not told its battery; {unsaid}"
        return CheckFinding("battery", "doubtful", text, expected, "charge it before each night")
    text = f"{_charge(facts)}{unsaid}" if not facts.said_low else "the sensor says that it is low"
    value, good, least = (
        (facts.percent, GOOD_PERCENT, LEAST_PERCENT)
        if facts.percent is not None
        else (facts.millivolts, GOOD_MV, LEAST_MV)
    )
    if facts.said_low or (value is not None and value < least):
        return CheckFinding("battery", "failed", text, expected, charge, measures)
    if value is not None and value < good:
        return CheckFinding("battery", "doubtful", text, expected, charge, measures)
    return CheckFinding("battery", "passed", text, expected, measures=measures)


def _charge(facts: BatteryFacts) -> str:
    if facts.percent is not None:
        return f"{facts.percent} %, "
    return "" if facts.millivolts is None else f"{facts.millivolts / 1000:.2f} V, "
