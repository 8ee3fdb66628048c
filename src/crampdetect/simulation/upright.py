"""Out of bed: rising, walking, standing, sitting, and lying down again."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from crampdetect.detection.types import Array
from crampdetect.simulation.envelopes import GRID_RATE, bursts, log_wander, taper, train
from crampdetect.simulation.events import Event, Scene
from crampdetect.simulation.firing import voluntary_firing
from crampdetect.simulation.motion import jerky_motion, oscillation
from crampdetect.simulation.parts import Activation, Motion, Part, Pose
from crampdetect.simulation.seeds import Origin
from crampdetect.simulation.truth import EventKind

__all__ = ["Upright"]

#: Seconds to get up and to lie down again [A].
RISING_S = 3.0
#: Frequency (Hz) and decay (s) of the shank's ringing at heel strike [R-m].
HEEL_FREQUENCY, HEEL_DECAY_S = 12.0, 0.06


@dataclass(frozen=True, kw_only=True)
class Upright(Event):
    """A time out of bed: getting up, walking there and back if it walks, standing between.

    Parameters
    ----------
    level : float
        RMS while standing over the resting RMS.
    walking_level : float
        The same at the top of a walking burst.
    walks_s : float
        Seconds of walking at the beginning and again at the end; 0: only stands.
    stride_rate : float
        Strides per second of this leg.
    active_share : float
        Share of the standing time in which the calf is active; 0: sits.
    turn_deg, pitch_deg : float
        Roll on lying down relative to before, and pitch of the shank then, in degrees.
    """

    kind: ClassVar[EventKind] = "upright"
    origin: ClassVar[Origin] = Origin.UPRIGHT

    walking_level: float = 15.0
    walks_s: float = 0.0
    stride_rate: float = 0.8
    active_share: float = 0.85
    turn_deg: float = 0.0
    pitch_deg: float = 0.0

    def parts(self, scene: Scene) -> list[Part]:
        """Posture, bed exit and return, walking and standing."""
        rng = scene.rng
        rising = min(RISING_S, self.duration_s / 3)
        lean = float(np.clip(rng.normal(0.0, 5.0), -12.0, 12.0))
        found: list[Part] = [
            Pose(self.onset_s, rising, 88.0 + lean, 0.0),
            Pose(self.offset_s - rising, rising, self.pitch_deg, self.turn_deg),
            jerky_motion(scene, self.onset_s, rising + 1.0, 0.7),
            jerky_motion(scene, self.offset_s - rising, rising + 1.0, 0.7),
        ]
        start, stop = self.onset_s + rising, self.offset_s - rising
        walk = min(self.walks_s, (stop - start) / 2)
        if walk > 2:
            found += self._walk(scene, start, walk)
            found += self._walk(scene, stop - walk, walk)
            start, stop = start + walk, stop - walk
        if stop - start > 1:
            found += self._stand(scene, start, stop - start)
        return found

    def _stand(self, scene: Scene, start_s: float, length_s: float) -> list[Part]:
        """Tonic EMG with silent stretches, and sway of a few mg."""
        rng = scene.rng
        noise, drawing = rng.spawn(2)
        firing = voluntary_firing(scene.parameters, drawing)
        n = round(length_s * GRID_RATE)
        # silent stretches come as sway tips the load off the calf, every few seconds [A]
        duty = min(max(self.active_share, 0.02), 0.98)
        active = bursts(n, (6.0, 0.6), duty, rng) * log_wander(n, 0.2, 2.0, rng)
        envelope = active * taper(n, 0.5, 0.5) * scene.active_uv(self.level)
        sway = oscillation(scene, start_s, taper(n, 0.5, 0.5), 0.012, (0.2, 1.0))
        return [Activation(start_s, envelope, noise, firing=firing, gains=self.gains), sway]

    def _walk(self, scene: Scene, start_s: float, length_s: float) -> list[Part]:
        """EMG bursts of push-off, heel strikes along the shank, and the swing of the leg."""
        rng = scene.rng
        noise, drawing = rng.spawn(2)
        firing = voluntary_firing(scene.parameters, drawing)
        n = round(length_s * GRID_RATE)
        beats = train(n, self.stride_rate, float(rng.uniform(0.3, 0.5)), rng)
        edge = taper(n, 0.3, 0.3)
        envelope = beats * edge * scene.active_uv(self.walking_level)
        acceleration, tilt = self._gait(n, rng)
        motion = Motion(start_s, acceleration * edge[:, np.newaxis], np.zeros(n), tilt)
        shuffle = jerky_motion(scene, start_s, length_s, 0.3, duty=0.9)
        return [
            Activation(start_s, envelope, noise, firing=firing, gains=self.gains),
            motion,
            shuffle,
        ]

    def _gait(self, n: int, rng: np.random.Generator) -> tuple[Array, Array]:
        """Heel strikes of 0.5-2 g [R-h] and a swing of the shank of +-18 degrees [A]."""
        times = np.arange(n) / GRID_RATE
        acceleration = np.zeros((n, 3))
        ringing = np.exp(-times / HEEL_DECAY_S) * np.cos(2 * np.pi * HEEL_FREQUENCY * times)
        position = float(rng.uniform(0.0, GRID_RATE / self.stride_rate))
        while position < n:
            strike = round(position)
            strength = rng.uniform(0.5, 2.0) * np.array([-1.0, *rng.uniform(-0.35, 0.35, 2)])
            length = min(n - strike, 40)
            acceleration[strike : strike + length] += np.outer(ringing[:length], strength)
            position += GRID_RATE / self.stride_rate * max(0.7, float(rng.normal(1.0, 0.04)))
        swing = 18.0 * np.sin(2 * np.pi * self.stride_rate * times) * taper(n, 0.5, 0.5)
        return acceleration, np.column_stack([swing, np.zeros(n)])
