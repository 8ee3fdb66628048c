"""Movements of leg and body: short, intermittent, and the leg moves with them."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from crampdetect.simulation.envelopes import GRID_RATE, bursts, log_wander, taper, train
from crampdetect.simulation.events import Event, Scene
from crampdetect.simulation.firing import voluntary_firing
from crampdetect.simulation.motion import jerky_motion, oscillation
from crampdetect.simulation.parts import Activation, Part, Pose
from crampdetect.simulation.seeds import Origin
from crampdetect.simulation.truth import EventKind

__all__ = ["BodyMovement", "LimbMovement", "Rhythmic"]


@dataclass(frozen=True, kw_only=True)
class BodyMovement(Event):
    """A large muscle movement, with or without a lasting change of posture.

    Parameters
    ----------
    motion_g : float
        Largest dynamic acceleration, in g.
    lead_s : float
        Seconds by which motion leads the EMG.
    turn_deg : float
        Lasting roll, in degrees; 0: back to where it was.
    pitch_deg : float
        Pitch of the shank after a turn, in degrees; near 0 while lying.
    """

    kind: ClassVar[EventKind] = "body_movement"
    origin: ClassVar[Origin] = Origin.BODY_MOVEMENT

    motion_g: float = 0.5
    lead_s: float = 0.2
    turn_deg: float = 0.0
    pitch_deg: float = 0.0

    def parts(self, scene: Scene) -> list[Part]:
        """Motion first, bursts of EMG with it, and perhaps another posture."""
        rng = scene.rng
        duty = float(rng.uniform(0.3, 0.8))  # [A]
        noise, drawing = rng.spawn(2)
        firing = voluntary_firing(scene.parameters, drawing)
        found: list[Part] = [
            jerky_motion(
                scene, self.onset_s, self.duration_s, self.motion_g, duty=0.8, tilt_deg=25.0
            )
        ]
        lead = min(self.lead_s, 0.5 * self.duration_s)
        n = max(5, round((self.duration_s - lead) * GRID_RATE))
        envelope = bursts(n, (0.9, 0.5), duty, rng) * scene.active_uv(self.level)
        found.append(
            Activation(self.onset_s + lead, envelope, noise, firing=firing, gains=self.gains)
        )
        if self.turn_deg:
            length = min(self.duration_s, float(rng.uniform(1.5, 4.0)))
            start = self.onset_s + float(rng.uniform(0.0, 1.0)) * (self.duration_s - length)
            found.append(Pose(start, length, self.pitch_deg, self.turn_deg))
        return found


@dataclass(frozen=True, kw_only=True)
class LimbMovement(Event):
    """One movement of the leg, isolated or of a periodic series: burst and jerk together."""

    kind: ClassVar[EventKind] = "limb_movement"
    origin: ClassVar[Origin] = Origin.LIMB_MOVEMENT

    motion_g: float = 0.15

    def parts(self, scene: Scene) -> list[Part]:
        """One burst of EMG, and a jerk that returns to the same posture."""
        rng = scene.rng
        noise, drawing = rng.spawn(2)
        firing = voluntary_firing(scene.parameters, drawing)
        n = max(5, round(self.duration_s * GRID_RATE))
        envelope = taper(n, 0.1, 0.25) * log_wander(n, 0.2, 0.3, rng)
        envelope *= scene.active_uv(self.level)
        moving = max(0.4, min(3.0, self.duration_s))
        return [
            Activation(self.onset_s, envelope, noise, firing=firing, gains=self.gains),
            jerky_motion(scene, self.onset_s, moving, self.motion_g, duty=0.95, tilt_deg=8.0),
        ]


@dataclass(frozen=True, kw_only=True)
class Rhythmic(Event):
    """Rhythmic feet movements, alternating activation or clonus: a train of short bursts.

    Parameters
    ----------
    burst_rate : float
        Bursts per second.
    burst_s : float
        Length of a burst, in seconds.
    motion_g : float
        RMS of the oscillation, in g.
    """

    kind: ClassVar[EventKind] = "rhythmic"
    origin: ClassVar[Origin] = Origin.RHYTHMIC

    burst_rate: float = 1.2
    burst_s: float = 0.4
    motion_g: float = 0.03

    def parts(self, scene: Scene) -> list[Part]:
        """A train of EMG bursts and the foot's oscillation with them."""
        rng = scene.rng
        noise, drawing = rng.spawn(2)
        firing = voluntary_firing(scene.parameters, drawing)
        n = max(10, round(self.duration_s * GRID_RATE))
        beats = train(n, self.burst_rate, self.burst_s, rng)
        band = (max(0.3, 0.7 * self.burst_rate), max(2.0, 2.5 * self.burst_rate))
        swing = oscillation(scene, self.onset_s, np.sqrt(beats), self.motion_g, band)
        envelope = beats * scene.active_uv(self.level)
        return [Activation(self.onset_s, envelope, noise, firing=firing, gains=self.gains), swing]
