"""Who sleeps, and how the sensor sits: what stays the same for one night."""

from dataclasses import dataclass

import numpy as np

from crampdetect.detection.types import Array
from crampdetect.simulation.draws import log_uniform, lognormal, lying_pitch
from crampdetect.simulation.envelopes import log_wander
from crampdetect.simulation.parameters import NightParameters
from crampdetect.simulation.seeds import Origin, Seeds

__all__ = ["Person", "RestingFloor", "draw_person"]

#: Points per second of the floor's slow course.
FLOOR_GRID_RATE = 0.1


@dataclass(frozen=True, slots=True)
class Person:
    """Traits of the night: levels in uV (RMS or amplitude), rates in their names, pose in deg."""

    resting_uv: float
    maximal_uv: float
    sweat_factor: float
    mains_uv: float
    fasciculations_per_min: float
    myoclonus_per_h: float
    heartbeat_uv: float
    heart_rate: float
    acc_noise_g: float
    pitch_deg: float
    roll_deg: float


def draw_person(parameters: NightParameters, seeds: Seeds) -> Person:
    """Draw the traits of one night.

    Examples
    --------
    >>> person = draw_person(NightParameters(resting_uv=(2.5, 2.5)), Seeds(1))
    >>> person.resting_uv
    2.5
    """
    rng = seeds.generator(Origin.PERSON)
    # always drawn, used or not, so that no trait shifts the next
    sweats, sweat_factor = rng.random(), float(rng.uniform(*parameters.sweat_factor))
    beats, heartbeat_uv = rng.random(), float(rng.uniform(*parameters.heartbeat_uv))
    return Person(
        resting_uv=float(rng.uniform(*parameters.resting_uv)),
        maximal_uv=lognormal(rng, parameters.maximal_contraction_uv, (50.0, 250.0)),
        sweat_factor=sweat_factor if sweats < parameters.sweat_share else 1.0,
        mains_uv=float(rng.uniform(*parameters.mains_uv)),
        fasciculations_per_min=_log_uniform_or_zero(rng, parameters.fasciculations_per_min),
        myoclonus_per_h=lognormal(rng, parameters.myoclonus_per_h, (0.0, 600.0)),
        heartbeat_uv=heartbeat_uv if beats < parameters.heartbeat_share else 0.0,
        heart_rate=float(rng.uniform(50.0, 80.0)),
        acc_noise_g=float(rng.uniform(*parameters.acc_noise_g)),
        pitch_deg=lying_pitch(rng),
        roll_deg=float(rng.uniform(-180.0, 180.0)),
    )


def _log_uniform_or_zero(rng: np.random.Generator, low_high: tuple[float, float]) -> float:
    return log_uniform(rng, low_high) if low_high[0] > 0 else 0.0


class RestingFloor:
    """The slow course of the resting RMS over one night.

    Parameters
    ----------
    parameters : NightParameters
    person : Person
    seeds : Seeds
    """

    def __init__(self, parameters: NightParameters, person: Person, seeds: Seeds) -> None:
        n = int(parameters.duration_s * FLOOR_GRID_RATE) + 2
        drift = log_wander(
            n,
            parameters.resting_drift_sd,
            parameters.resting_drift_time_s,
            seeds.generator(Origin.REST, 0),
            FLOOR_GRID_RATE,
        )
        rise = person.sweat_factor ** np.linspace(0.0, 1.0, n)
        self._levels_uv = person.resting_uv * drift * rise

    def level_uv(self, times_s: Array) -> Array:
        """Resting RMS in uV at these times."""
        grid = np.arange(self._levels_uv.size)
        return np.asarray(np.interp(times_s * FLOOR_GRID_RATE, grid, self._levels_uv))

    def at(self, time_s: float) -> float:
        """Resting RMS in uV at one time."""
        return float(self.level_uv(np.array([time_s]))[0])
