"""Excessive fragmentary myoclonus: sparse short bursts for half an hour and more, no motion."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from crampdetect.simulation.envelopes import GRID_RATE
from crampdetect.simulation.events import Event, Scene
from crampdetect.simulation.parts import Activation, Part
from crampdetect.simulation.seeds import Origin
from crampdetect.simulation.truth import EventKind

__all__ = ["MyoclonusTrain"]

#: Length of a burst, s [R-h].
MYOCLONUS_BURST_S = (0.075, 0.150)


@dataclass(frozen=True, kw_only=True)
class MyoclonusTrain(Event):
    """A stretch of sleep with `per_min` bursts a minute at random times; `level` is their RMS."""

    kind: ClassVar[EventKind] = "limb_movement"
    origin: ClassVar[Origin] = Origin.MYOCLONUS

    per_min: float = 8.0

    def parts(self, scene: Scene) -> list[Part]:
        """Bursts of 75-150 ms."""
        rng = scene.rng
        found: list[Part] = []
        for noise in rng.spawn(rng.poisson(self.per_min * self.duration_s / 60.0)):
            n = max(5, round(float(rng.uniform(*MYOCLONUS_BURST_S)) * GRID_RATE))
            start = self.onset_s + float(rng.random()) * max(0.0, self.duration_s - n / GRID_RATE)
            height = scene.active_uv(self.level) * float(np.exp(0.5 * rng.standard_normal()))
            envelope = height * np.hanning(n + 2)[1:-1]
            found.append(Activation(start, envelope, noise, gains=self.gains))
        return found
