"""Sustained activity that is no cramp: voluntary holds, tonic sleep activity, dystonia."""

from dataclasses import dataclass
from typing import ClassVar

from crampdetect.simulation.envelopes import GRID_RATE, log_wander, taper
from crampdetect.simulation.events import Event, Scene
from crampdetect.simulation.firing import tonic_firing, voluntary_firing
from crampdetect.simulation.motion import jerky_motion, oscillation
from crampdetect.simulation.parts import Activation, Part
from crampdetect.simulation.seeds import Origin
from crampdetect.simulation.truth import EventKind

__all__ = ["Tonic", "VoluntaryHold"]

#: Grid points per second of activity that lasts for minutes to hours.
SLOW_GRID_RATE = 10.0


@dataclass(frozen=True, kw_only=True)
class VoluntaryHold(Event):
    """A deliberate plantarflexion or stretch: the leg is put in place first, then held steadily.

    `level` is that of the steady part; `motion_g` the preceding movement in g, `lead_s` how long
    before the EMG it begins (it ends with the first second of the hold).
    """

    kind: ClassVar[EventKind] = "voluntary_hold"
    origin: ClassVar[Origin] = Origin.HOLD

    motion_g: float = 0.2
    lead_s: float = 1.5

    def parts(self, scene: Scene) -> list[Part]:
        """Motion, smooth ramp within a second, steady plateau, release with motion."""
        rng = scene.rng
        noise, drawing = rng.spawn(2)
        firing = voluntary_firing(scene.parameters, drawing)
        n = max(10, round(self.duration_s * GRID_RATE))
        # discharge intervals vary by 15 % against 45 % in cramp [R-m]: a third of the wavering
        envelope = taper(n, 0.6, 0.4) * log_wander(n, 0.06, 1.0, rng)
        envelope *= scene.active_uv(self.level)
        tremor = oscillation(scene, self.onset_s, taper(n, 0.6, 0.4), 0.008, (8.0, 12.0))
        start = self.onset_s - self.lead_s
        before = jerky_motion(scene, start, self.lead_s + 1.0, self.motion_g, tilt_deg=12.0)
        after = jerky_motion(scene, self.offset_s - 0.5, 1.5, 0.7 * self.motion_g, tilt_deg=8.0)
        return [
            Activation(self.onset_s, envelope, noise, firing=firing, gains=self.gains),
            tremor,
            before,
            after,
        ]


@dataclass(frozen=True, kw_only=True)
class Tonic(Event):
    """Activity that lasts for minutes to an hour: REM sleep without atonia, dystonia."""

    kind: ClassVar[EventKind] = "tonic"
    origin: ClassVar[Origin] = Origin.TONIC

    ramp_s: float = 20.0

    def parts(self, scene: Scene) -> list[Part]:
        """A slow rise, a slowly wavering plateau and a slow fall, without motion."""
        rng = scene.rng
        noise, drawing = rng.spawn(2)
        firing = tonic_firing(scene.parameters, drawing)
        n = max(10, round(self.duration_s * SLOW_GRID_RATE))
        envelope = taper(n, self.ramp_s, self.ramp_s, SLOW_GRID_RATE)
        envelope *= log_wander(n, 0.15, 30.0, rng, SLOW_GRID_RATE)
        level_uv = scene.active_uv(self.level)
        return [
            Activation(
                self.onset_s,
                envelope * level_uv,
                noise,
                firing=firing,
                gains=self.gains,
                grid_rate=SLOW_GRID_RATE,
            )
        ]
