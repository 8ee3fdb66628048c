"""Movements of another shape: overlapping pulses with a long tail, in a faster band of motion.

The second family of movements, of `other_world` only: a classifier that has learnt how the first
family is drawn must not profit from it.
"""

from dataclasses import dataclass

import numpy as np

from crampdetect.detection.types import Array
from crampdetect.simulation.envelopes import GRID_RATE, taper
from crampdetect.simulation.events import Scene
from crampdetect.simulation.firing import voluntary_firing
from crampdetect.simulation.motion import oscillation
from crampdetect.simulation.movements import BodyMovement, LimbMovement
from crampdetect.simulation.parameters import NightParameters
from crampdetect.simulation.parts import Activation, Motion, Part, Pose

__all__ = ["PulsedBodyMovement", "PulsedLimbMovement", "movement_classes"]

#: Hz: faster than the first family's 0.5-6 Hz [A].
PULSE_MOTION_BAND = (1.5, 10.0)
#: A pulse: rise (median, s), spread of its height (log), and pulses per second of a movement [A].
PULSE_RISE_S, PULSE_SPREAD, PULSE_RATE = 0.25, 0.8, 0.6
#: Peak acceleration over its RMS where it is strongest [D].
PEAK_OVER_RMS = 3.0


def movement_classes(
    parameters: NightParameters,
) -> tuple[type[BodyMovement], type[LimbMovement]]:
    """Return the classes of large and of limb movements that the table asks for.

    Examples
    --------
    >>> [one.__name__ for one in movement_classes(NightParameters(movement_family="pulses"))]
    ['PulsedBodyMovement', 'PulsedLimbMovement']
    """
    if parameters.movement_family == "pulses":
        return PulsedBodyMovement, PulsedLimbMovement
    return BodyMovement, LimbMovement


def _pulses(n: int, count: int, rng: np.random.Generator) -> Array:
    """Overlapping lognormal pulses of random height, root mean square 1 where active."""
    times = (np.arange(n) + 0.5) / GRID_RATE
    total = np.zeros(n)
    for _ in range(count):
        since = np.maximum(times - float(rng.uniform(0.0, 0.8)) * n / GRID_RATE, 1e-6)
        rise = PULSE_RISE_S * float(np.exp(0.5 * rng.standard_normal()))
        height = float(np.exp(PULSE_SPREAD * rng.standard_normal()))
        total += height * np.exp(-0.5 * (np.log(since / rise) / 0.7) ** 2)
    total *= taper(n, 0.05, 0.3)
    active = total > 0.1 * total.max()
    return np.asarray(total / np.sqrt(np.mean(total[active] ** 2)) if active.any() else total)


def _moved(scene: Scene, start_s: float, envelope: Array, peak_g: float) -> Motion:
    """Motion under an envelope, and the artefact that follows its speed."""
    from scipy.signal import lfilter

    shape = envelope / max(float(envelope.max()), 1e-9)
    motion = oscillation(scene, start_s, shape, peak_g / PEAK_OVER_RMS, PULSE_MOTION_BAND)
    low, high = scene.parameters.motion_artefact_uv
    peak_uv = low * (high / low) ** float(scene.rng.uniform(0.0, min(1.0, peak_g)))
    speed = lfilter([0.05], [1.0, -0.95], motion.acceleration_g.sum(axis=1))
    speed = speed * taper(speed.size, 0.1, 0.2)
    largest = float(np.abs(speed).max()) if speed.size else 0.0
    artefact = speed * (peak_uv / largest) if largest > 0 else speed
    return Motion(start_s, motion.acceleration_g, np.asarray(artefact), motion.tilt_deg)


@dataclass(frozen=True, kw_only=True)
class PulsedBodyMovement(BodyMovement):
    """A large muscle movement made of pulses."""

    def parts(self, scene: Scene) -> list[Part]:
        """Motion and EMG under pulses of their own, and perhaps another posture."""
        rng = scene.rng
        noise, drawing = rng.spawn(2)
        lead = min(self.lead_s, 0.5 * self.duration_s)
        n = max(8, round(self.duration_s * GRID_RATE))
        n_emg = max(8, round((self.duration_s - lead) * GRID_RATE))
        count = 2 + int(rng.poisson(PULSE_RATE * self.duration_s))
        found: list[Part] = [
            _moved(scene, self.onset_s, _pulses(n, count, rng), self.motion_g),
            Activation(
                self.onset_s + lead,
                _pulses(n_emg, count, rng) * scene.active_uv(self.level),
                noise,
                firing=voluntary_firing(scene.parameters, drawing),
                gains=self.gains,
            ),
        ]
        if self.turn_deg:
            length = min(self.duration_s, float(rng.uniform(0.8, 2.5)))
            start = self.onset_s + float(rng.uniform(0.0, 1.0)) * (self.duration_s - length)
            found.append(Pose(start, length, self.pitch_deg, self.turn_deg))
        return found


@dataclass(frozen=True, kw_only=True)
class PulsedLimbMovement(LimbMovement):
    """A movement of the leg made of a pulse or two."""

    def parts(self, scene: Scene) -> list[Part]:
        """EMG and motion under a common pulse, the leg back where it was."""
        rng = scene.rng
        noise, drawing = rng.spawn(2)
        n = max(8, round(self.duration_s * GRID_RATE))
        envelope = _pulses(n, int(rng.integers(1, 3)), rng)
        emg = Activation(
            self.onset_s,
            envelope * scene.active_uv(self.level),
            noise,
            firing=voluntary_firing(scene.parameters, drawing),
            gains=self.gains,
        )
        return [emg, _moved(scene, self.onset_s, envelope, self.motion_g)]
