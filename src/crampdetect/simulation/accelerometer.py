"""Gravity and motion as an accelerometer on the calf sees them.

The x axis lies along the shank towards the foot, as far as the sensor is well placed. At rest the
sensor reads the reaction to gravity: lying x is near 0, and rolling moves gravity within the y-z
plane; upright x is -1 g.
"""

from dataclasses import dataclass
from math import ceil

import numpy as np

from crampdetect.detection.types import Array
from crampdetect.simulation.acc_mounting import Averaging, draw_mounting
from crampdetect.simulation.channels import code_limits
from crampdetect.simulation.envelopes import GRID_RATE
from crampdetect.simulation.parameters import NightParameters
from crampdetect.simulation.parts import Motion, Part, Pose
from crampdetect.simulation.person import Person
from crampdetect.simulation.sampling import quantised
from crampdetect.simulation.seeds import Origin, Seeds

__all__ = ["AccSampler", "PostureTrack", "gravity"]

#: Hz: motion of a limb has next to nothing above half of this, tremor (6-15 Hz) included [R-m].
AVERAGED_BELOW = 50.0


def gravity(pitch_deg: Array, roll_deg: Array) -> Array:
    """What a resting sensor reads, in g, shape (n, 3).

    Parameters
    ----------
    pitch_deg : Array, shape (n,)
        Angle of the shank below the horizontal, in degrees: 0 lying, 90 upright.
    roll_deg : Array, shape (n,)
        Roll about the shank, in degrees.

    Examples
    --------
    >>> gravity(np.array([0.0, 90.0]), np.array([0.0, 0.0])).round(3) + 0.0
    array([[ 0.,  0.,  1.],
           [-1.,  0.,  0.]])
    """
    pitch, roll = np.radians(pitch_deg), np.radians(roll_deg)
    level = np.cos(pitch)
    return np.column_stack([-np.sin(pitch), level * np.sin(roll), level * np.cos(roll)])


@dataclass(frozen=True, slots=True)
class _Turn:
    """From one posture to the next."""

    start_s: float
    duration_s: float
    before: tuple[float, float]
    after: tuple[float, float]

    def at(self, times_s: Array) -> tuple[Array, Array]:
        """Pitch and roll in degrees: a minimum-jerk course (Flash & Hogan 1985 [R-m])."""
        u = np.clip((times_s - self.start_s) / self.duration_s, 0.0, 1.0)
        s = u**3 * (10.0 - 15.0 * u + 6.0 * u**2)
        pitch, roll = (b + (a - b) * s for b, a in zip(self.before, self.after, strict=True))
        return pitch, roll


class PostureTrack:
    """The posture over time; poses are given in order of their start, blocks asked in order.

    Parameters
    ----------
    pitch_deg, roll_deg : float
        The posture at the beginning.

    Examples
    --------
    >>> track = PostureTrack(0.0, 0.0)
    >>> track.accept(Pose(10.0, 2.0, 90.0, 0.0))
    >>> pitch, _ = track.take(np.array([5.0, 11.0, 20.0]))
    >>> pitch
    array([ 0., 45., 90.])
    """

    def __init__(self, pitch_deg: float, roll_deg: float) -> None:
        here = (pitch_deg, roll_deg)
        self._turns = [_Turn(-np.inf, 1.0, here, here)]
        self._waiting: list[Pose] = []

    def accept(self, pose: Pose) -> None:
        """Take a pose that begins after the times asked for so far."""
        self._waiting.append(pose)
        self._waiting.sort(key=lambda waiting: waiting.start_s)

    def take(self, times_s: Array) -> tuple[Array, Array]:
        """Pitch and roll in degrees at the next times."""
        while self._waiting and self._waiting[0].start_s <= times_s[-1]:
            self._begin(self._waiting.pop(0))
        starts = np.array([turn.start_s for turn in self._turns])
        which = np.searchsorted(starts, times_s, side="right") - 1
        pitch, roll = np.zeros(times_s.size), np.zeros(times_s.size)
        for index, turn in enumerate(self._turns):
            inside = which == index
            if inside.any():
                pitch[inside], roll[inside] = turn.at(times_s[inside])
        self._turns = self._turns[int(which[-1]) :]
        return pitch, roll

    def _begin(self, pose: Pose) -> None:
        """Start a turn from wherever the last one has come to."""
        pitch, roll = self._turns[-1].at(np.array([pose.start_s]))
        here = (float(pitch[0]), float(roll[0]))
        goal = (pose.pitch_deg, here[1] + pose.roll_by_deg)
        self._turns.append(_Turn(pose.start_s, pose.duration_s, here, goal))


class AccSampler:
    """The ACC channels of one reading of a night.

    Below 50 Hz the sensor averages what it sees on a finer grid, as converters of such
    accelerometers do: fast motion would fold into the band of slow motion otherwise.
    """

    def __init__(
        self, rate: float, parameters: NightParameters, person: Person, seeds: Seeds
    ) -> None:
        self._rate = rate
        self._resolution_g = parameters.acc_resolution_g
        self._limits = code_limits(parameters.acc_range_g, parameters.acc_resolution_g)
        self._axes = slice(0, 3) if parameters.acc_axes == 3 else slice(2, 3)
        self._mounting = draw_mounting(parameters, seeds)
        self._noise_g = person.acc_noise_g
        self._rng = seeds.generator(Origin.ACCELEROMETER)
        self._posture = PostureTrack(person.pitch_deg, person.roll_deg)
        self._motions: list[Motion] = []
        self._average = Averaging(1 if rate >= AVERAGED_BELOW else ceil(GRID_RATE / rate))

    def accept(self, part: Part) -> None:
        """Take a part whose first sample has not been asked for yet."""
        if isinstance(part, Pose):
            self._posture.accept(part)
        elif isinstance(part, Motion):
            self._motions.append(part)

    def block(self, start: int, stop: int) -> Array:
        """Samples `start` to `stop` (exclusive) in g, shape (n_samples, n_axes)."""
        times = self._average.indices(start, stop) / (self._rate * self._average.factor)
        values = self._mounting.seen(self._average.push(self._acceleration(times)))
        values = values + self._noise_g * self._rng.standard_normal((stop - start, 3))
        return quantised(values[:, self._axes], self._resolution_g, self._limits)

    def _acceleration(self, times_s: Array) -> Array:
        """True acceleration at these times in g, shape (n, 3); of one row where it is constant."""
        pitch, roll = self._posture.take(times_s)
        moving = [motion for motion in self._motions if motion.start_s <= times_s[-1]]
        self._motions = [m for m in self._motions if _end_s(m) > times_s[-1]]
        # most minutes of a night
        if not moving and self._average.factor == 1 and np.ptp(pitch) == np.ptp(roll) == 0:
            return gravity(pitch[:1], roll[:1])
        dynamic = np.zeros((times_s.size, 3))
        for motion in moving:
            self._move(motion, times_s, pitch, roll, dynamic)
        return gravity(pitch, roll) + dynamic

    @staticmethod
    def _move(motion: Motion, times_s: Array, pitch: Array, roll: Array, dynamic: Array) -> None:
        """Add one motion to the posture and the acceleration of a block."""
        inside = slice(*np.searchsorted(times_s, [motion.start_s, _end_s(motion)]))
        grid = motion.start_s + (np.arange(motion.acceleration_g.shape[0]) + 0.5) / GRID_RATE
        now = times_s[inside]
        for axis in range(3):
            dynamic[inside, axis] += np.interp(now, grid, motion.acceleration_g[:, axis])
        pitch[inside] += np.interp(now, grid, motion.tilt_deg[:, 0])
        roll[inside] += np.interp(now, grid, motion.tilt_deg[:, 1])


def _end_s(motion: Motion) -> float:
    return motion.start_s + len(motion.acceleration_g) / GRID_RATE
