"""REM sleep without atonia: low tonic activity for minutes, with phasic bursts upon it."""

from dataclasses import dataclass

from crampdetect.simulation.envelopes import GRID_RATE, log_wander, taper
from crampdetect.simulation.events import Scene
from crampdetect.simulation.firing import voluntary_firing
from crampdetect.simulation.holds import Tonic
from crampdetect.simulation.motion import jerky_motion
from crampdetect.simulation.parts import Activation, Part

__all__ = ["RemActivity"]

#: A phasic burst over the tonic activity, and the share of bursts in which the leg jerks [A].
PHASIC_OVER_TONIC, PHASIC_JERK_SHARE = (1.5, 6.0), 0.15


@dataclass(frozen=True, kw_only=True)
class RemActivity(Tonic):
    """Tonic activity and `phasic_per_min` bursts a minute."""

    phasic_per_min: float = 4.0

    def parts(self, scene: Scene) -> list[Part]:
        """The tonic part, bursts of 0.1-5 s, and a jerk with few of them."""
        found = super().parts(scene)
        rng = scene.rng
        firing = voluntary_firing(scene.parameters, rng.spawn(1)[0])
        low, high = scene.parameters.phasic_s
        for noise in rng.spawn(rng.poisson(self.phasic_per_min * self.duration_s / 60.0)):
            length = float(low * (high / low) ** rng.random())
            start = self.onset_s + float(rng.random()) * max(0.0, self.duration_s - length)
            n = max(5, round(length * GRID_RATE))
            envelope = taper(n, 0.05, 0.1) * log_wander(n, 0.3, 0.2, rng)
            envelope *= scene.active_uv(self.level) * float(rng.uniform(*PHASIC_OVER_TONIC))
            found.append(Activation(start, envelope, noise, firing=firing, gains=self.gains))
            if rng.random() < PHASIC_JERK_SHARE:
                peak_g = float(rng.uniform(0.03, 0.2))
                found.append(jerky_motion(scene, start, max(0.4, length), peak_g, duty=0.95))
        return found
