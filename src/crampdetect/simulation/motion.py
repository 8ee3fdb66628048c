"""Movement of the shank and the artefact it leaves in the EMG."""

import numpy as np

from crampdetect.detection.types import Array
from crampdetect.simulation.envelopes import GRID_RATE, bursts, smooth_steps, taper
from crampdetect.simulation.events import Scene
from crampdetect.simulation.parts import Motion

__all__ = ["directed", "jerky_motion", "oscillation", "tilt_bump"]

#: Voluntary movement has most of its power here, Hz [R-m]; peak is about 3 times the RMS [D].
MOTION_BAND = (0.5, 6.0)
PEAK_OVER_RMS = 3.0
#: Corner of the 1/f slope of motion artefact, Hz (De Luca 2010: energy below 20 Hz [V]).
ARTEFACT_CORNER = 0.7
#: Points that filters are given to settle.
SETTLING = 300


def _band_noise(n: int, low: float, high: float, rng: np.random.Generator) -> Array:
    """Noise of unit RMS between two frequencies, shape (n, 3)."""
    from scipy.signal import butter, sosfilt

    sos = butter(2, [low, high], "bandpass", fs=GRID_RATE, output="sos")
    white = rng.standard_normal((n + SETTLING, 3))
    # the power of white noise that passes the band, so that short stretches are not rescaled
    passed = np.sqrt((high - low) / (GRID_RATE / 2))
    return np.asarray(sosfilt(sos, white, axis=0)[SETTLING:] / passed, dtype=np.float64)


def directed(values: Array, rng: np.random.Generator) -> Array:
    """Weight the three axes so that one random direction dominates; the total RMS stays."""
    weights = np.abs(rng.standard_normal(3)) + 0.3
    return np.asarray(values * (weights / np.linalg.norm(weights)), dtype=np.float64)


def tilt_bump(n: int, pitch_deg: float, roll_deg: float, length: int) -> Array:
    """A passing tilt: there within `length` points, and back in time; shape (n, 2)."""
    shape = smooth_steps(n, min(length, n // 2)) * smooth_steps(n, min(length, n // 2))[::-1]
    return np.outer(shape, [pitch_deg, roll_deg])


def _artefact(acceleration: Array, peak_uv: float, rng: np.random.Generator) -> Array:
    """What cable and skin make of the motion: its 1/f-weighted projection, tapered to 0."""
    from scipy.signal import lfilter

    if acceleration.shape[0] == 0:
        return np.zeros(0)
    direction = rng.standard_normal(3)
    keep = float(np.exp(-2 * np.pi * ARTEFACT_CORNER / GRID_RATE))
    swing = lfilter([1.0 - keep], [1.0, -keep], acceleration @ direction)
    swing = swing * taper(swing.size, 0.15, 0.3)
    largest = float(np.abs(swing).max())
    return np.asarray(swing * (peak_uv / largest if largest > 0 else 0.0), dtype=np.float64)


def jerky_motion(
    scene: Scene,
    start_s: float,
    length_s: float,
    peak_g: float,
    *,
    duty: float = 0.7,
    tilt_deg: float = 0.0,
) -> Motion:
    """Irregular movement of a limb or the whole body.

    Parameters
    ----------
    scene : Scene
    start_s, length_s : float
        In seconds.
    peak_g : float
        Largest dynamic acceleration, about; the motion artefact grows with it.
    duty : float
        Share of time in motion.
    tilt_deg : float
        Largest passing tilt of the shank, in degrees.
    """
    rng = scene.rng
    n = max(8, round(length_s * GRID_RATE))
    waxing = bursts(n, (1.2, 0.5), duty, rng) + 0.1
    waxing *= taper(n, 0.1, 0.2) * peak_g / PEAK_OVER_RMS
    acceleration = directed(_band_noise(n, *MOTION_BAND, rng), rng) * waxing[:, np.newaxis]
    low, high = scene.parameters.motion_artefact_uv
    # log-uniform in the share of the range that this strength of movement reaches
    share = min(1.0, peak_g / 1.0)
    peak_uv = low * (high / low) ** float(rng.uniform(0.0, share))
    pitch, roll = rng.uniform(-tilt_deg, tilt_deg, 2)
    tilt = tilt_bump(n, float(pitch), float(roll), round(0.35 * n))
    return Motion(start_s, acceleration, _artefact(acceleration, peak_uv, rng), tilt)


def oscillation(
    scene: Scene, start_s: float, envelope: Array, rms_g: float, band: tuple[float, float]
) -> Motion:
    """Tremor or sway: narrow-band noise under an envelope, too small to disturb the electrodes.

    Parameters
    ----------
    scene : Scene
    start_s : float
        In seconds.
    envelope : Array, shape (n,)
        Relative strength on the grid, 1 = `rms_g` over all axes.
    rms_g : float
        In g.
    band : tuple of float
        In Hz.
    """
    n = envelope.size
    acceleration = directed(_band_noise(n, *band, scene.rng), scene.rng)
    acceleration = acceleration * (rms_g * envelope)[:, np.newaxis]
    return Motion(start_s, acceleration, np.zeros(n), np.zeros((n, 2)))
