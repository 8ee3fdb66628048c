"""Steps of the check that look at the EMG: electrodes, hum, rest and contractions."""

from collections.abc import Sequence

import numpy as np

from crampdetect.detection.quality import HUM_SHARE, MAINS
from crampdetect.session_check_contact import (
    CONTACT_CLIPPED,
    CONTACT_FLAT,
    CONTACT_GOOD,
    CONTACT_RAILED,
)
from crampdetect.session_check_finding import CheckFinding, CheckLevel, unheard
from crampdetect.session_check_raises import (
    HIGH_ENOUGH,
    Raises,
    resting_level,
    unsteadiness,
)
from crampdetect.session_check_signals import ChannelRows

__all__ = [
    "PRESS",
    "SETTLED_HALVES",
    "WANTED_RAISES",
    "contact_finding",
    "contraction_finding",
    "mains_finding",
    "rest_finding",
    "usable_level",
]

#: How many contractions are asked for, and how many are enough to begin a night with doubt [A].
WANTED_RAISES, FEWEST_RAISES = 5, 3
#: The first seconds, in which an amplifier settles, tell nothing of the electrodes (half seconds).
SETTLED_HALVES = 4
#: Share of half seconds with bad contact from which it is doubtful, and from which failed [A].
DOUBTFUL_SHARE, FAILED_SHARE = 0.05, 0.5
#: Below this share of time without gaps a raise may well have been missed [A].
LEAST_HEARD = 0.7
#: Windows (10 s) that a level at rest needs at least.
LEAST_WINDOWS = 20
#: Rest of a calf in uV: gel electrodes show 1-3, dry ones 3-10; a quarter of the least is none, and
#: three times the most is a loose electrode rather than a muscle [A].
QUIETEST_UV, NOISY_UV, LOOSE_UV = 0.3, 12.0, 30.0
#: A leg at rest stays below 1.25 (`detection.resting`); one that was moved is beyond this [A].
RESTLESS = 1.5
#: A sensor repeats at least every 10 s that an electrode is off (CrampLink's STATUS).
STILL_OFF_S = 15.0
PRESS = "press the electrodes firmly for ten seconds; if that does not help, put on new ones"
_GOOD_CONTACT = "a lively signal from every electrode"
_REST = "a steady, quiet muscle"
_BAD = {
    CONTACT_FLAT: "shows no signal at all",
    CONTACT_RAILED: "is driven to its limit",
    CONTACT_CLIPPED: "is cut off at its limit",
}


def contact_finding(
    channels: Sequence[ChannelRows],
    known_uv: bool,
    resting: Sequence[float],
    said: float | None = None,
    fault: bool = False,
) -> CheckFinding:
    """Whether the electrodes touch the skin.

    Parameters
    ----------
    channels : sequence of ChannelRows
    known_uv : bool
        Whether amplitudes are microvolts.
    resting : sequence of float
        RMS at rest by channel; NaN where it could not be told.
    said : float or None
        Seconds ago that the sensor itself said that an electrode is off.
    fault : bool
        The sensor says that a part of it has failed.
    """
    problems: list[str] = []
    worst = 0.0
    bad_channels = 0
    for rows, rest in zip(channels, resting, strict=True):
        found = rows.contact[SETTLED_HALVES:]
        if found.shape[0] == 0:
            return unheard("contact", _GOOD_CONTACT)
        share = float((found != CONTACT_GOOD).mean())
        if known_uv and rest < QUIETEST_UV:
            problems.append(f"{rows.name} shows almost nothing ({rest:.2f} uV)")
            share = 1.0
        elif share > DOUBTFUL_SHARE:
            bad = found[found != CONTACT_GOOD]
            how = int(np.bincount(bad).argmax())
            problems.append(f"{rows.name} {_BAD[how]} for {100 * share:.0f} % of the time")
        worst, bad_channels = max(worst, share), bad_channels + (share >= FAILED_SHARE)
    measures = {"bad_share": worst}
    if said is not None:
        problems.append("the sensor says that an electrode is off")
    if fault:
        problems.append("the sensor says that a part of it has failed")
    # One good channel is enough for a night, though not what was meant.
    off_now = said is not None and said <= STILL_OFF_S
    failed = bad_channels == len(channels) or off_now or fault
    if not problems:
        return CheckFinding("contact", "passed", "they hold well", _GOOD_CONTACT, measures=measures)
    level: CheckLevel = "failed" if failed else "doubtful"
    return CheckFinding("contact", level, "; ".join(problems), _GOOD_CONTACT, PRESS, measures)


def mains_finding(rows: ChannelRows, where: slice) -> CheckFinding:
    """Whether hum of the mains spoils the signal at rest."""
    expected = "less hum than signal"
    quality, ratio = rows.quality[where], rows.line_ratio[where]
    ratio = ratio[~np.isnan(ratio)]
    if ratio.shape[0] < LEAST_WINDOWS:
        return unheard("mains", expected)
    share = float(np.median(ratio))
    spoilt = float((quality == MAINS).mean())
    measures = {"line_share": share, "spoilt_share": spoilt}
    unplug = "switch off a heated blanket, move chargers and cables away from the leg"
    if spoilt >= FAILED_SHARE:
        return CheckFinding(
            "mains", "failed", f"hum hides the muscle ({100 * share:.1f} % of what is heard)",
            expected, f"{PRESS}; {unplug}", measures,
        )  # fmt: skip
    if share >= HUM_SHARE or spoilt > DOUBTFUL_SHARE:
        return CheckFinding(
            "mains", "doubtful",
            f"strong hum ({100 * share:.1f} % of what is heard), which can still be taken away",
            expected, unplug, measures,
        )  # fmt: skip
    return CheckFinding("mains", "passed", "no hum that matters", expected, measures=measures)


def rest_finding(rows: ChannelRows, where: slice, known_uv: bool, unit: str) -> CheckFinding:
    """How quiet the muscle is at rest."""
    rms = rows.valid_rms(where)
    if rms.shape[0] < LEAST_WINDOWS:
        return unheard("rest", _REST)
    level, moved = resting_level(rms), unsteadiness(rms)
    measures = {"level": level, "unsteadiness": moved}
    found = f"{level:.1f} {unit}" if known_uv else "steady (this sensor has no scale)"
    if known_uv and level < QUIETEST_UV:
        return CheckFinding(
            "rest", "failed", f"{level:.2f} uV, which is quieter than any muscle",
            "1 to 10 uV", PRESS, measures,
        )  # fmt: skip
    if known_uv and level > LOOSE_UV:
        return CheckFinding(
            "rest", "failed", f"{level:.0f} uV, which is noise of a loose electrode",
            "1 to 10 uV", PRESS, measures,
        )  # fmt: skip
    if moved > RESTLESS:
        lie = "lie down, let the leg go loose for a minute, then check again"
        text = f"the leg did not rest: it went up and down {moved:.1f} times"
        return CheckFinding("rest", "doubtful", text, _REST, lie, measures)
    if known_uv and level > NOISY_UV:
        return CheckFinding("rest", "doubtful", f"{found}, rather noisy", "1 to 10 uV", PRESS,
                            measures)  # fmt: skip
    return CheckFinding("rest", "passed", found, _REST, measures=measures)


def contraction_finding(raises: Raises, rest: float, heard_share: float) -> CheckFinding:
    """Whether the calf is seen to work.

    Parameters
    ----------
    raises : Raises
    rest : float
        NaN where it could not be told.
    heard_share : float
        Of the time in which they were asked for.
    """
    expected = f"{WANTED_RAISES} times at least {HIGH_ENOUGH:g} times your rest"
    if rest != rest:
        return unheard("contractions", expected)
    measures = {"count": float(raises.count), "height": raises.height}
    told = (
        f"your calf was seen to work {raises.count} times, up to {raises.height:.1f} times rest"
        if raises.count
        else f"your calf rose only {raises.height:.1f} times over rest"
    )
    if raises.count >= WANTED_RAISES:
        found = f"seen {raises.count} times, {raises.height:.0f} times your rest"
        return CheckFinding("contractions", "passed", found, expected, measures=measures)
    if heard_share < LEAST_HEARD:
        return CheckFinding(
            "contractions", "doubtful", "the radio lost too much to count them", expected,
            "see to the radio link first, then check again", measures,
        )  # fmt: skip
    again = (
        "point the foot down as hard as you can, five times; if you did, the electrodes are not "
        f"over the calf muscle or hold badly: {PRESS}"
    )
    level: CheckLevel = "doubtful" if raises.count >= FEWEST_RAISES else "failed"
    return CheckFinding("contractions", level, told, expected, again, measures)


def usable_level(rows: ChannelRows, where: slice) -> float:
    """RMS at rest; NaN where there are too few windows."""
    rms = rows.valid_rms(where)
    return resting_level(rms) if rms.shape[0] >= LEAST_WINDOWS else float("nan")
