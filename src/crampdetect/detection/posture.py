"""From motion windows to: does the leg move, and is the shank upright.

The longitudinal axis of the shank is a setting (``shank_axis``): one pose cannot tell it from the
axis that happens to be level. If the chosen axis stands upright for most of the still time the
sensor must be turned, so posture is switched off for as long as that holds.
"""

from collections import deque

import numpy as np

from crampdetect.detection.flow import MotionWindows, PostureWindows
from crampdetect.detection.stage import Stage
from crampdetect.detection.types import Array

__all__ = ["MOVING", "Posture"]

#: Dynamic acceleration (g) from which a leg moves: twice the tremor of a cramp (2-20 mg), a fifth
#: of a repositioning (0.2-1.5 g) [A].
MOVING = 0.04
#: Turning of gravity within 2 s (4 windows), in degrees, that is motion however slow [A].
TURNING = 8.0
TURNING_WINDOWS = 4
#: What three axes show of gravity at rest, in g: sensors are off by 5-10 % at most [A].
GRAVITY_RANGE = (0.75, 1.25)
#: Shank within 35 degrees of vertical is upright (standing stays within 25 [R-m]).
UPRIGHT_ANGLE = 55.0
#: Still windows (30 min) before the axis is doubted, and the share that makes it doubtful [A].
DOUBT_WINDOWS = 3600
DOUBT_SHARE = 0.5


class Posture(Stage[MotionWindows, PostureWindows]):
    """Judge motion and posture window by window.

    Parameters
    ----------
    shank_axis : int
        0, 1 or 2: the accelerometer axis along the shank.
    """

    def __init__(self, shank_axis: int) -> None:
        self._axis = shank_axis
        self._past: deque[Array] = deque(
            [np.full(3, np.nan)] * TURNING_WINDOWS, maxlen=TURNING_WINDOWS
        )
        self._still = 0
        self._still_upright = 0

    def push(self, item: MotionWindows) -> list[PostureWindows]:
        """The same windows with motion and posture."""
        count = item.dynamic.shape[0]
        norm = np.sqrt((item.gravity * item.gravity).sum(axis=1))
        with np.errstate(divide="ignore", invalid="ignore"):
            direction = item.gravity / norm[:, np.newaxis]
            along = np.minimum(np.abs(direction[:, self._axis]), 1.0)
        angle = np.degrees(np.arcsin(along)).astype(np.float32).astype(np.float64)
        earlier = np.vstack((*self._past, direction))[:count]
        self._past.extend(direction[-TURNING_WINDOWS:].copy())
        cosine = np.clip((earlier * direction).sum(axis=1), -1.0, 1.0)
        turned = np.degrees(np.arccos(cosine))
        # Without gravity it is no accelerometer at rest: dead, at its rail, or in another unit.
        still = item.dynamic < MOVING
        dead = still & ((norm < GRAVITY_RANGE[0]) | (norm > GRAVITY_RANGE[1]))
        moving = ((item.dynamic >= MOVING) | (turned >= TURNING)).astype(np.float64)
        moving[np.isnan(item.dynamic) | dead] = np.nan
        upright = (angle >= UPRIGHT_ANGLE).astype(np.float64)
        upright[np.isnan(angle) | dead] = np.nan
        self._doubt(moving, upright)
        return [PostureWindows(item.first, item.dynamic, item.gravity, angle, moving, upright)]

    def flush(self) -> list[PostureWindows]:
        """Nothing is owed."""
        return []

    def _doubt(self, moving: Array, upright: Array) -> None:
        """Count still windows, and make posture unknown while the axis cannot be right."""
        for index, (moves, stands) in enumerate(
            zip(moving.tolist(), upright.tolist(), strict=True)
        ):
            if moves == 0.0 and stands == stands:
                self._still += 1
                self._still_upright += int(stands)
            if self._still >= DOUBT_WINDOWS and self._still_upright > DOUBT_SHARE * self._still:
                upright[index] = np.nan
