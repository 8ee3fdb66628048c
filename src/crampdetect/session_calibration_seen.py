"""What the steps of a calibration showed so far."""

import numpy as np

from crampdetect.detection.posture import MOVING
from crampdetect.detection.types import Array
from crampdetect.session_check_signals import ChannelRows, LegSignals, between

__all__ = ["Seen"]

#: Share of the strongest half seconds that a step's level is taken from: bursts fill a third [A].
BURSTS_PERCENTILE = 90.0
#: Least windows of gravity, and of a level (2 s).
LEAST = 4


class Seen:
    """What the steps so far showed; `judge` adds to it.

    Attributes
    ----------
    features : dict of str to dict of str to float
        By step.
    rest, raise_ratio : float or None
    shank_axis : str or None
    lying : Array, shape (3,), or None
        Gravity while the wearer lay at rest, in g.
    """

    def __init__(self, signals: LegSignals) -> None:
        self.signals = signals
        self.rows: ChannelRows = signals.channels[0]
        self.features: dict[str, dict[str, float]] = {}
        self.rest: float | None = None
        self.raise_ratio: float | None = None
        self.shank_axis: str | None = None
        self.lying: Array | None = None

    def gravity(self, start_s: float, stop_s: float) -> Array | None:
        """Median of the still windows, in g; None where the leg was not still."""
        motion = self.signals.motion
        if motion is None or motion.axes < 3:
            return None
        where = between(start_s, stop_s)
        still = motion.dynamic[where] < MOVING
        if np.count_nonzero(still) < LEAST:
            return None
        found: Array = np.median(motion.gravity[where][still], axis=0)
        return found

    def measured(self, start_s: float, stop_s: float) -> dict[str, float]:
        """Features of any step, as far as they can be told."""
        where = between(start_s, stop_s)
        rms = self.rows.valid_rms(where)
        out: dict[str, float] = {}
        if self.rest and rms.shape[0] >= LEAST:
            out["level_ratio"] = float(np.median(rms)) / self.rest
            out["burst_ratio"] = float(np.percentile(rms, BURSTS_PERCENTILE)) / self.rest
        motion = self.signals.motion
        if motion is not None:
            dynamic = motion.dynamic[where]
            dynamic = dynamic[~np.isnan(dynamic)]
            if dynamic.shape[0] >= LEAST:
                out["motion_g"] = float(np.median(dynamic))
                out["strongest_motion_g"] = float(dynamic.max())
        return out
