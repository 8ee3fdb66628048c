"""What reaches the sensor from outside the leg: an overloaded input, and a bed that is moved."""

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from crampdetect.simulation.envelopes import GRID_RATE, bursts, taper
from crampdetect.simulation.events import Event, Scene
from crampdetect.simulation.motion import oscillation
from crampdetect.simulation.parts import Motion, Part
from crampdetect.simulation.seeds import Origin
from crampdetect.simulation.truth import EventKind, TruthEvent

__all__ = ["BedVibration", "Overload"]

#: Hz: what a mattress passes on of another person's movement [A].
VIBRATION_BAND = (1.0, 8.0)
#: Hz: swing of the overloaded input, below the 20 Hz of motion artefact [A].
OVERLOAD_BAND = (1.5, 6.0)
#: Peak over RMS of narrow noise [D].
PEAK_OVER_RMS = 3.0


@dataclass(frozen=True, kw_only=True)
class Overload(Event):
    """A movement so strong that the input is driven to its rails, `times` as far as they reach."""

    kind: ClassVar[EventKind] = "artefact"
    origin: ClassVar[Origin] = Origin.OVERLOAD

    times: float = 2.0

    def parts(self, scene: Scene) -> list[Part]:
        """A swing that the converter cuts."""
        n = max(20, round(self.duration_s * GRID_RATE))
        frequency = float(scene.rng.uniform(*OVERLOAD_BAND))
        phase = float(scene.rng.uniform(0.0, 2 * np.pi))
        swing = np.sin(2 * np.pi * frequency * np.arange(n) / GRID_RATE + phase)
        peak_uv = self.times * scene.parameters.emg_rails_uv
        artefact = peak_uv * swing * taper(n, 0.1, 0.2)
        return [Motion(self.onset_s, np.zeros((n, 3)), artefact, np.zeros((n, 2)))]

    def truth(self) -> TruthEvent:
        """Nothing can be judged then."""
        return replace(super().truth(), invalid=True)


@dataclass(frozen=True, kw_only=True)
class BedVibration(Event):
    """Another person in the bed moves: the accelerometer feels it, the muscle does not."""

    kind: ClassVar[EventKind] = "artefact"
    origin: ClassVar[Origin] = Origin.VIBRATION

    motion_g: float = 0.01

    def parts(self, scene: Scene) -> list[Part]:
        """A shake in bursts; `motion_g` is about its largest acceleration."""
        n = max(20, round(self.duration_s * GRID_RATE))
        shape = bursts(n, (0.8, 0.5), 0.6, scene.rng) * taper(n, 0.1, 0.2)
        rms_g = self.motion_g / PEAK_OVER_RMS
        return [oscillation(scene, self.onset_s, shape, rms_g, VIBRATION_BAND)]
