"""What events are made of: the seam between what happens and how it is sampled.

An event turns itself into parts on a slow grid; ``sampling.py`` turns parts into samples at any
rate.
"""

from dataclasses import dataclass

import numpy as np

from crampdetect.detection.types import Array
from crampdetect.simulation.envelopes import GRID_RATE
from crampdetect.simulation.firing import Firing

__all__ = [
    "CHANNEL_GAINS",
    "Activation",
    "Contact",
    "Hum",
    "Motion",
    "Part",
    "Pose",
    "Step",
    "Twitches",
]

#: RMS of calf activity in the EMG channels over that in the first: medial, lateral head [A].
CHANNEL_GAINS = (1.0, 0.7)


@dataclass(frozen=True, slots=True, eq=False)
class Activation:
    """Muscle activity: motor units, or noise with the spectrum of EMG, under an envelope.

    Parameters
    ----------
    start_s : float
    envelope_uv : Array, shape (n,)
        RMS at each grid point, in uV, where the channel's gain is 1.
    rng : numpy.random.Generator
        Nothing may have been drawn from it: every channel starts streams of its own from its seed.
    spectrum_scale : float
        See `crampdetect.simulation.spectrum.muscle_power`.
    grid_rate : float
        Grid points per second.
    spectrum_drift : float
        Change of the spectrum along frequency, as a share per minute; motor units only.
    firing : Firing or None
        How its motor units fire; None: Gaussian noise, as of very many small units.
    gains : tuple of float
        RMS in each EMG channel over the envelope; a channel beyond the end shows nothing.
    """

    start_s: float
    envelope_uv: Array
    rng: np.random.Generator
    spectrum_scale: float = 1.0
    grid_rate: float = GRID_RATE
    spectrum_drift: float = 0.0
    firing: Firing | None = None
    gains: tuple[float, ...] = CHANNEL_GAINS


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
    """Single motor-unit potentials: peaks in uV, whole lengths in seconds; arrays of shape (n,).

    `gains` are the peaks in each EMG channel over `peaks_uv`.
    """

    times_s: Array
    peaks_uv: Array
    lengths_s: Array
    gains: tuple[float, ...] = CHANNEL_GAINS


@dataclass(frozen=True, slots=True)
class Step:
    """An electrode pop: a jump of `height_uv` that decays with `time_constant_s`.

    `channel` is the EMG channel, None: all.
    """

    start_s: float
    height_uv: float
    time_constant_s: float
    channel: int | None = 0


@dataclass(frozen=True, slots=True)
class Contact:
    """An electrode that is off: what the amplifier then shows.

    `mode` is ``"rail"`` (saturated), ``"flat"`` (no signal), ``"mains"`` (swamped by hum of
    `hum_uv`) or ``"noise"`` (1/f noise and hum); `channel` the EMG channel, None: all.
    """

    start_s: float
    duration_s: float
    mode: str
    hum_uv: float = 0.0
    channel: int | None = 0


@dataclass(frozen=True, slots=True)
class Hum:
    """Additional mains hum of `amplitude_uv` for a while, rising and falling within a second."""

    start_s: float
    duration_s: float
    amplitude_uv: float


Part = Activation | Motion | Pose | Twitches | Step | Contact | Hum
