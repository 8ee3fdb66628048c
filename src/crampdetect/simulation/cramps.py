"""A calf cramp: involuntary, sustained, irregular EMG in a leg that lies still."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from crampdetect.detection.types import Array
from crampdetect.simulation.envelopes import GRID_RATE, log_wander, smooth_steps, taper
from crampdetect.simulation.events import Event, Scene
from crampdetect.simulation.firing import cramp_firing
from crampdetect.simulation.motion import oscillation, tilt_bump
from crampdetect.simulation.parts import Activation, Motion, Part, Twitches
from crampdetect.simulation.seeds import Origin
from crampdetect.simulation.truth import EventKind

__all__ = ["Cramp"]

#: Band of the mechanical tremor, Hz [R-m].
TREMOR_BAND = (6.0, 15.0)
#: Grid points per second of the raised floor afterwards, which lasts minutes.
SLOW_GRID_RATE = 5.0


@dataclass(frozen=True, kw_only=True)
class Cramp(Event):
    """One cramp as the electrode sees it.

    Parameters
    ----------
    ramp_s, fall_s : float
        From 10 to 90 % and back, in seconds.
    surge : float
        Factor by which a forced stretch raises the EMG just before it stops it; 1: no stretch.
    surge_s : float
        Length of that surge, in seconds.
    tremor_g : float
        Mechanomyogram, RMS in g over all axes.
    tilt_deg : float
        Tilt of the shank by plantarflexion.
    spectrum_scale : float
        Median frequency over that at rest.
    spectrum_drift : float
        Change of the median frequency, as a share per minute.
    prodrome_s : float
        Seconds of twitches before onset.
    twitch_s : float
        Seconds of twitches afterwards.
    raised_s, raised_by : float
        How long the floor stays raised afterwards (s), and by which factor.
    """

    kind: ClassVar[EventKind] = "cramp"
    origin: ClassVar[Origin] = Origin.CRAMP

    ramp_s: float = 3.0
    fall_s: float = 3.0
    surge: float = 1.0
    surge_s: float = 0.0
    tremor_g: float = 0.006
    tilt_deg: float = 2.0
    spectrum_scale: float = 1.15
    spectrum_drift: float = 0.0
    prodrome_s: float = 0.0
    twitch_s: float = 20.0
    raised_s: float = 0.0
    raised_by: float = 1.0

    def parts(self, scene: Scene) -> list[Part]:
        """Activity, tremor, tilt, twitches around it and the floor afterwards."""
        strength, plateau = self._strength(scene)
        noise, raised_noise, drawing = scene.rng.spawn(3)
        level_uv = scene.active_uv(self.level)
        found: list[Part] = [
            Activation(
                self.onset_s,
                strength * level_uv,
                noise,
                self.spectrum_scale,
                spectrum_drift=self.spectrum_drift,
                firing=cramp_firing(scene.parameters, drawing),
                gains=self.gains,
            ),
            self._shake(scene, np.minimum(plateau, 1.0)),
            self._twitches(scene, level_uv),
        ]
        if self.raised_s > 0 and self.level > 1:
            n = round(self.raised_s * SLOW_GRID_RATE)
            shape = smooth_steps(n, 25) * smooth_steps(n, n // 2)[::-1]
            raised_uv = scene.active_uv(self.raised_by) * shape
            found.append(
                Activation(
                    self.offset_s,
                    raised_uv,
                    raised_noise,
                    grid_rate=SLOW_GRID_RATE,
                    gains=self.gains,
                )
            )
        return found

    def _strength(self, scene: Scene) -> tuple[Array, Array]:
        """Envelope with a plateau of RMS 1, and the bare ramp, plateau and fall.

        Only what is slow: motor units make it rough, and share their common drive.
        """
        given, rng = scene.parameters, scene.rng
        n = max(10, round(self.duration_s * GRID_RATE))
        plateau = taper(n, self.ramp_s, self.fall_s)
        waver = log_wander(n, given.cramp_waxing_sd, given.cramp_waxing_time_s, rng)
        full = plateau > 0.99
        # scaled in this cramp, not on average: the level asked for is the level shown
        waver /= np.sqrt(np.mean(waver[full if full.any() else slice(None)] ** 2))
        return plateau * waver * self._surge_factor(n), plateau

    def _surge_factor(self, n: int) -> Array:
        """Factor over time of the stretch that ends it."""
        factor = np.ones(n)
        length = min(n, round((self.surge_s + self.fall_s) * GRID_RATE))
        if self.surge > 1 and length > 0:
            factor[n - length :] += (self.surge - 1.0) * smooth_steps(length, 20)
        return factor

    def _shake(self, scene: Scene, plateau: Array) -> Motion:
        """Mechanomyogram and the tilt by plantarflexion."""
        tremor = oscillation(scene, self.onset_s, plateau, self.tremor_g, TREMOR_BAND)
        ramp = round(self.ramp_s * GRID_RATE * 1.5)
        tilt = tilt_bump(plateau.size, self.tilt_deg, 0.0, ramp)
        return Motion(self.onset_s, tremor.acceleration_g, tremor.artefact_uv, tilt)

    def _twitches(self, scene: Scene, level_uv: float) -> Twitches:
        """Fasciculations before (0.3-2 per s) and, dying away, after (0.2-3 per s) [R-m]/[A]."""
        rng = scene.rng
        if level_uv == 0:
            return Twitches(np.zeros(0), np.zeros(0), np.zeros(0))
        n_before = rng.poisson(rng.uniform(0.3, 2.0) * self.prodrome_s)
        before = self.onset_s - rng.uniform(0.0, 1.0, n_before) * self.prodrome_s
        n_after = rng.poisson(rng.uniform(0.2, 3.0) * self.twitch_s / 2)
        after = self.offset_s + rng.exponential(self.twitch_s / 3, n_after)
        times = np.sort(np.concatenate([before, after]))
        low, high = scene.parameters.fasciculation_uv
        peaks = rng.uniform(low, high, times.size) * rng.choice([-1.0, 1.0], times.size)
        return Twitches(times, peaks, rng.uniform(0.005, 0.015, times.size), self.gains)
