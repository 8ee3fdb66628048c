"""A hold that begins without motion: the foot pushed against the bed end."""

from dataclasses import dataclass

import numpy as np

from crampdetect.simulation.envelopes import GRID_RATE
from crampdetect.simulation.events import Scene
from crampdetect.simulation.holds import VoluntaryHold
from crampdetect.simulation.motion import tilt_bump
from crampdetect.simulation.parts import Motion, Part

__all__ = ["IsometricHold"]

#: The shank gives by this much, SD in degrees [A].
YIELD_SD_DEG = 1.5


@dataclass(frozen=True, kw_only=True)
class IsometricHold(VoluntaryHold):
    """A voluntary hold in a leg that hardly moves; the hardest look-alike of a cramp."""

    def parts(self, scene: Scene) -> list[Part]:
        """The hold and its tremor, without the movements around it; the shank gives a little."""
        found = [one for one in super().parts(scene) if not _is_movement(one)]
        n = max(10, round(self.duration_s * GRID_RATE))
        pitch, roll = (float(angle) for angle in scene.rng.normal(0.0, YIELD_SD_DEG, 2))
        tilt = tilt_bump(n, pitch, roll, round(0.6 * GRID_RATE))
        return [*found, Motion(self.onset_s, np.zeros((n, 3)), np.zeros(n), tilt)]


def _is_movement(part: Part) -> bool:
    """Whether it is a movement that disturbs the electrodes, as tremor does not."""
    return isinstance(part, Motion) and bool(part.artefact_uv.any())
