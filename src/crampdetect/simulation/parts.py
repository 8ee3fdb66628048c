"""What events are made of: the seam between what happens and how it is sampled.

An event turns itself into parts on a slow grid; ``sampling.py`` turns parts into samples at any
rate. A motor-unit model replaces `Activation` without touching the rest.
"""

from dataclasses import dataclass

import numpy as np

from crampdetect.detection.types import Array
from crampdetect.simulation.envelopes import GRID_RATE

__all__ = ["Activation", "Contact", "Hum", "Motion", "Part", "Pose", "Step", "Twitches"]


@dataclass(frozen=True, slots=True, eq=False)
class Activation:
    """Muscle activity: noise with the spectrum of EMG under an envelope.

    Parameters
    ----------
    start_s : float
    envelope_uv : Array, shape (n,)
        RMS at each grid point, in uV.
    rng : numpy.random.Generator
        Of the noise; taken over by whoever samples this part.
    spectrum_scale : float
        See `crampdetect.simulation.spectrum.muscle_power`.
    grid_rate : float
        Grid points per second.
    """

    start_s: float
    envelope_uv: Array
    rng: np.random.Generator
    spectrum_scale: float = 1.0
    grid_rate: float = GRID_RATE


@dataclass(frozen=True, slots=True, eq=False)
class Motion:
    """Movement of the shank that leaves no lasting change of posture, on the grid of `GRID_RATE`.

    Parameters
    ----------
    start_s : float
    acceleration_g : Array, shape (n, 3)
        Without gravity, in g, along the sensor's axes.
    artefact_uv : Array, shape (n,)
        What the electrodes pick up from it, in uV, below 20 Hz.
    tilt_deg : Array, shape (n, 2)
        Passing change of pitch and roll, in degrees.
    """

    start_s: float
    acceleration_g: Array
    artefact_uv: Array
    tilt_deg: Array


@dataclass(frozen=True, slots=True)
class Pose:
    """A lasting change of posture: to an absolute pitch, rolled on by so many degrees.

    Pitch is the angle of the shank below the horizontal: 0 lying, 90 upright.
    """

    start_s: float
    duration_s: float
    pitch_deg: float
    roll_by_deg: float


@dataclass(frozen=True, slots=True, eq=False)
class Twitches:
    """Single motor-unit potentials: peaks in uV, whole lengths in seconds; arrays of shape (n,)."""

    times_s: Array
    peaks_uv: Array
    lengths_s: Array


@dataclass(frozen=True, slots=True)
class Step:
    """An electrode pop: a jump of `height_uv` that decays with `time_constant_s`."""

    start_s: float
    height_uv: float
    time_constant_s: float


@dataclass(frozen=True, slots=True)
class Contact:
    """An electrode that is off: what the amplifier then shows.

    `mode` is ``"rail"`` (saturated), ``"flat"`` (no signal) or ``"mains"`` (swamped by hum of
    `hum_uv`).
    """

    start_s: float
    duration_s: float
    mode: str
    hum_uv: float = 0.0


@dataclass(frozen=True, slots=True)
class Hum:
    """Additional mains hum of `amplitude_uv` for a while, rising and falling within a second."""

    start_s: float
    duration_s: float
    amplitude_uv: float


Part = Activation | Motion | Pose | Twitches | Step | Contact | Hum
