"""Steps of the check that look at the sensor: acceleration and radio link."""

from dataclasses import dataclass

import numpy as np

from crampdetect.detection.posture import MOVING
from crampdetect.link import LinkQuality
from crampdetect.session_check_finding import CheckFinding, nothing_heard
from crampdetect.session_check_signals import MotionRows

__all__ = ["AXIS_NAMES", "LinkFacts", "gravity_finding", "loss_finding"]

AXIS_NAMES = ("x", "y", "z")
#: Gravity may be off by this share at rest; sensors are off by 5-10 % at most, and beyond a quarter
#: the detector does not believe it (`detection.posture`) [A].
GOOD_GRAVITY, DOUBTFUL_GRAVITY = 0.05, 0.10
#: Angle of the shank above the level, in degrees, while its wearer lies; upright is above 55
#: (`detection.posture`), a pillow under the calf makes 20 [A].
STEEPEST_LYING = 45.0
#: Least windows (5 s) in which the leg lies still.
STILL_WINDOWS = 10
#: Lost samples as a share of all: a good link loses none, and 5 % leave no minute whole [A].
GOOD_LOSS, MOST_LOSS = 0.01, 0.05
#: Share of the time that can be judged: a night needs 70 %, and a check has no long gaps [A].
GOOD_HEARD, LEAST_HEARD = 0.95, 0.70


def gravity_finding(motion: MotionRows | None, where: slice, axis: int) -> CheckFinding:
    """Whether the acceleration sensor shows gravity, and along the shank little of it.

    Parameters
    ----------
    motion : MotionRows or None
        None: the sensor has none.
    where : slice
        Windows in which the leg lay at rest.
    axis : int
        The one that is set to lie along the shank.
    """
    expected = "1 g, within 5 %, while you lie still"
    if motion is None:
        text = "this sensor has none, so movement cannot be told"
        return CheckFinding("gravity", "passed", text, expected)
    dynamic = motion.dynamic[where]
    if np.isnan(dynamic).all():
        return nothing_heard("gravity", expected)
    still = dynamic < MOVING
    if not (motion.dynamic > 0.0).any():
        return CheckFinding(
            "gravity", "failed", "the acceleration never changes", expected,
            "switch the sensor off and on, then check again",
        )  # fmt: skip
    if motion.axes < 3:
        return CheckFinding("gravity", "passed", "movement is seen, posture is not", expected)
    if np.count_nonzero(still) < STILL_WINDOWS:
        return CheckFinding(
            "gravity", "doubtful", "the leg never lay still", expected, "lie still for a minute"
        )
    return _gravity(np.median(motion.gravity[where][still], axis=0).tolist(), axis)


def _gravity(gravity: list[float], axis: int) -> CheckFinding:
    size = float(np.linalg.norm(gravity))
    share = abs(gravity[axis]) / size if size > 0.0 else 0.0
    angle = float(np.degrees(np.arcsin(min(1.0, share))))
    measures = {"gravity_g": size, "shank_angle_deg": angle}
    expected = "1 g, within 5 %, while you lie still"
    off = abs(size - 1.0)
    if off > DOUBTFUL_GRAVITY:
        return CheckFinding(
            "gravity", "failed", f"gravity reads {size:.2f} g", expected,
            "switch the sensor off and on; if it stays so, the movement part is broken", measures,
        )  # fmt: skip
    if angle > STEEPEST_LYING:
        level = AXIS_NAMES[int(np.argmin(np.abs(gravity)))]
        return CheckFinding(
            "gravity", "doubtful",
            f"axis {AXIS_NAMES[axis]} should lie along the shin, but stands {angle:.0f} degrees "
            f"steep (axis {level} lies most level)",
            "a level shin while you lie",
            "lie down; if you did, turn the sensor as in the picture or run crampdetect calibrate",
            measures,
        )  # fmt: skip
    if off > GOOD_GRAVITY:
        return CheckFinding(
            "gravity", "doubtful", f"gravity reads {size:.2f} g", expected,
            "no harm tonight; if it grows, the movement part is failing", measures,
        )  # fmt: skip
    found = f"gravity reads {size:.2f} g, axis {AXIS_NAMES[axis]} lies along the shin"
    return CheckFinding("gravity", "passed", found, expected, measures=measures)


@dataclass(frozen=True, slots=True)
class LinkFacts:
    """EMG samples that were received, lost, and missed without a link; times it was lost."""

    received: int
    lost: int
    not_connected: int
    reconnects: int

    @classmethod
    def of(cls, quality: LinkQuality) -> "LinkFacts":
        """As the decoder counts now."""
        return cls(
            quality.received.get("emg", 0),
            quality.lost.get("emg", 0),
            quality.not_connected.get("emg", 0),
            quality.reconnects,
        )

    def since(self, earlier: "LinkFacts") -> "LinkFacts":
        """What came after `earlier`."""
        return LinkFacts(
            self.received - earlier.received,
            self.lost - earlier.lost,
            self.not_connected - earlier.not_connected,
            self.reconnects - earlier.reconnects,
        )


def loss_finding(facts: LinkFacts, heard_share: float, silent: bool) -> CheckFinding:
    """Whether the radio (or cable) brings everything.

    Parameters
    ----------
    facts : LinkFacts
    heard_share : float
        Share of the time that no gap touches.
    silent : bool
        The sensor fell silent before the end.
    """
    expected = "less than 1 % lost"
    closer = "move the computer closer to the bed, with nothing between it and the leg"
    total = facts.received + facts.lost + facts.not_connected
    if facts.received == 0:
        return nothing_heard("loss", expected)
    lost = (facts.lost + facts.not_connected) / total
    measures = {
        "received": float(facts.received),
        "lost": float(facts.lost),
        "not_connected": float(facts.not_connected),
        "heard_share": heard_share,
    }
    if silent:
        return CheckFinding("loss", "failed", "the sensor fell silent", expected,
                            f"is it still on? {closer}", measures)  # fmt: skip
    usable = f"{100 * lost:.1f} % was lost, {100 * heard_share:.0f} % of the time can be judged"
    if lost > MOST_LOSS or heard_share < LEAST_HEARD:
        return CheckFinding("loss", "failed", usable, expected, closer, measures)
    if facts.reconnects or facts.not_connected:
        count = max(1, facts.reconnects)
        text = f"the link broke {'once' if count == 1 else f'{count} times'} ({usable})"
        return CheckFinding("loss", "doubtful", text, "no break", closer, measures)
    if lost > GOOD_LOSS or heard_share < GOOD_HEARD:
        return CheckFinding("loss", "doubtful", usable, expected, closer, measures)
    found = f"{100 * lost:.1f} % was lost" if facts.lost else "nothing was lost"
    return CheckFinding("loss", "passed", found, expected, measures=measures)
