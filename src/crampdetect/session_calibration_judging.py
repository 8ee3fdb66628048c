"""What has to be seen in each step of a calibration, and why it was not."""

from collections.abc import Callable

import numpy as np

from crampdetect.detection.posture import MOVING, UPRIGHT_ANGLE
from crampdetect.detection.types import Array
from crampdetect.session_calibration_seen import Seen
from crampdetect.session_calibration_steps import WANTED_RAISES
from crampdetect.session_check_finding import CheckFinding, unheard
from crampdetect.session_check_raises import HIGH_ENOUGH, Raises, count_raises
from crampdetect.session_check_sensor import AXIS_NAMES, STEEPEST_LYING
from crampdetect.session_check_signals import ChannelRows, between
from crampdetect.session_check_steps import PRESS, rest_finding, usable_level

__all__ = ["judge"]

#: Turning over turns the shank by at least this (degrees); a step back and forth by less [A].
TURNED_DEG = 30.0
#: Last seconds of a step in which the leg should have come to rest again.
AFTER_S = 6.0
#: Walking shakes a shank by 0.5-2 g at each strike; a shuffle by a tenth of a g [A].
WALKING_G = 0.1


def judge(name: str, seen: Seen, start_s: float, stop_s: float) -> CheckFinding:
    """What a step showed, from `start_s` to `stop_s`."""
    return _JUDGES[name](seen, start_s, stop_s)


def _rest(seen: Seen, start_s: float, stop_s: float) -> CheckFinding:
    where, emg = between(start_s, stop_s), seen.signals.emg
    order = ("passed", "doubtful", "failed")
    found = [
        (rest_finding(rows, where, emg.unit == "uV", emg.unit), rows)
        for rows in seen.signals.channels
    ]
    finding, rows = min(found, key=lambda one: order.index(one[0].level))
    if finding.level != "failed":
        seen.rows, seen.rest = rows, usable_level(rows, where)
        seen.lying = seen.gravity(start_s, stop_s)
        seen.features["rest"] = {**finding.measures, **seen.measured(start_s, stop_s)}
    return finding


def _foot_raise(seen: Seen, start_s: float, stop_s: float) -> CheckFinding:
    expected = f"{WANTED_RAISES} times at least {HIGH_ENOUGH:g}"
    where = slice(int(2 * start_s), int(2 * stop_s))
    found: list[tuple[Raises, ChannelRows]] = []
    for rows in seen.signals.channels:
        rest = seen.rest if rows is seen.rows else usable_level(rows, slice(0, where.start))
        found.append((count_raises(rows.halves[where], rest or 0.0), rows))
    raises, _ = max(found, key=lambda one: (one[0].count, one[0].height))
    measures = {"count": float(raises.count), "height": raises.height}
    seen.features["foot_raise"] = {**measures, **seen.measured(start_s, stop_s)}
    if raises.count >= WANTED_RAISES:
        seen.raise_ratio = raises.height
        text = f"seen {raises.count} times, {raises.height:.0f} times your rest"
        return CheckFinding("foot_raise", "passed", text, expected, measures=measures)
    text = (
        f"only {raises.count} of {WANTED_RAISES} foot-raises were seen"
        if raises.count
        else f"your calf rose only {raises.height:.1f} times over rest"
    )
    return CheckFinding("foot_raise", "failed", text, expected, PRESS, measures)


def _stretch(seen: Seen, start_s: float, stop_s: float) -> CheckFinding:
    expected = "a signal all the time, and a foot that moves"
    measures = seen.features["stretch"] = seen.measured(start_s, stop_s)
    if "level_ratio" not in measures:
        return unheard("stretch", expected)
    text = f"{measures['level_ratio']:.1f} times your rest"
    if measures.get("strongest_motion_g", MOVING) < MOVING / 4 and measures["burst_ratio"] < 1.2:
        return CheckFinding("stretch", "doubtful", "nothing moved", expected, "", measures)
    return CheckFinding("stretch", "passed", text, expected, measures=measures)


def _turn(seen: Seen, start_s: float, stop_s: float) -> CheckFinding:
    expected = f"at least {TURNED_DEG:g} degrees, and stillness after it"
    after = seen.gravity(stop_s - AFTER_S, stop_s)
    if after is None or seen.lying is None:
        return CheckFinding(
            "turn", "failed", "the leg was not still after turning over", expected,
            "turn over in one go, then lie still until the next step",
        )  # fmt: skip
    turned = _angle(seen.lying, after)
    measures = seen.features["turn"] = {"turned_deg": turned, **seen.measured(start_s, stop_s)}
    if turned < TURNED_DEG:
        return CheckFinding(
            "turn", "failed", f"the sensor turned by {turned:.0f} degrees only", expected,
            "turn from your back to your side; if you did, fix the sensor to the leg", measures,
        )  # fmt: skip
    return CheckFinding("turn", "passed", f"turned by {turned:.0f} degrees", expected,
                        measures=measures)  # fmt: skip


def _stand(seen: Seen, start_s: float, stop_s: float) -> CheckFinding:
    expected = "one edge of the sensor level while you lie and upright while you stand"
    standing = seen.gravity(start_s, stop_s)
    if standing is None or seen.lying is None:
        return CheckFinding(
            "stand", "failed", "the leg was not still while standing", expected,
            "stand still for ten seconds, a hand on the bed",
        )  # fmt: skip
    axis = int(np.argmax(np.abs(standing)))
    upright, lying = _steepness(standing, axis), _steepness(seen.lying, axis)
    measures = {
        "upright_deg": upright,
        "lying_deg": lying,
        "turned_deg": _angle(seen.lying, standing),
    }
    seen.features["stand"] = {**measures, **seen.measured(start_s, stop_s)}
    if lying > STEEPEST_LYING:
        return CheckFinding(
            "stand", "failed", f"the leg turned by {measures['turned_deg']:.0f} degrees only from "
            "lying to standing", "about 90 degrees",
            "stand up straight; lie flat in the first step", measures,
        )  # fmt: skip
    if upright < UPRIGHT_ANGLE:
        return CheckFinding(
            "stand", "failed", f"the sensor sits askew: its best axis {AXIS_NAMES[axis]} is "
            f"{upright:.0f} degrees steep while you stand", f"{UPRIGHT_ANGLE:g} or more",
            "turn the sensor so that one edge runs along the shin", measures,
        )  # fmt: skip
    seen.shank_axis = AXIS_NAMES[axis]
    text = f"axis {AXIS_NAMES[axis]} runs along the shin"
    return CheckFinding("stand", "passed", text, expected, measures=measures)


def _walk(seen: Seen, start_s: float, stop_s: float) -> CheckFinding:
    expected = f"steps of {WALKING_G:g} g and a calf at {HIGH_ENOUGH:g} times rest"
    measures = seen.features["walk"] = seen.measured(start_s, stop_s)
    if "burst_ratio" not in measures:
        return unheard("walk", expected)
    burst = measures["burst_ratio"]
    if measures.get("motion_g", WALKING_G) < WALKING_G:
        text = f"the leg hardly moved ({measures['motion_g']:.2f} g)"
        return CheckFinding("walk", "failed", text, expected, "walk at your usual pace", measures)
    if burst < HIGH_ENOUGH:
        text = f"your calf rose only {burst:.1f} times over rest while walking"
        return CheckFinding("walk", "failed", text, expected, PRESS, measures)
    return CheckFinding("walk", "passed", f"{burst:.0f} times your rest", expected,
                        measures=measures)  # fmt: skip


def _angle(one: Array, two: Array) -> float:
    """Between two directions, in degrees."""
    norm = float(np.linalg.norm(one) * np.linalg.norm(two))
    if norm == 0.0:
        return 0.0
    return float(np.degrees(np.arccos(np.clip(float((one * two).sum()) / norm, -1.0, 1.0))))


def _steepness(gravity: Array, axis: int) -> float:
    """Angle of an axis above the level, in degrees."""
    size = float(np.linalg.norm(gravity))
    share = abs(float(gravity[axis])) / size if size > 0.0 else 0.0
    return float(np.degrees(np.arcsin(min(1.0, share))))


_JUDGES: dict[str, Callable[[Seen, float, float], CheckFinding]] = {
    "rest": _rest,
    "foot_raise": _foot_raise,
    "stretch": _stretch,
    "turn": _turn,
    "stand": _stand,
    "walk": _walk,
}
