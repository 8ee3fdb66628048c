"""Who sleeps, and how the sensor sits: what stays the same within one night."""

from dataclasses import dataclass

import numpy as np

from crampdetect.detection.types import Array
from crampdetect.simulation.draws import log_uniform, lognormal, lying_pitch
from crampdetect.simulation.envelopes import log_wander
from crampdetect.simulation.habits import Habits, cramp_night_factor, draw_habits
from crampdetect.simulation.parameters import NightParameters
from crampdetect.simulation.seeds import Origin, Seeds

__all__ = ["Person", "RestingFloor", "caught_by_electrode", "draw_person"]

#: Points per second of the floor's slow course.
FLOOR_GRID_RATE = 0.1
#: What the table means by "until morning".
FULL_NIGHT_S = 28_800.0


@dataclass(frozen=True, slots=True)
class Person:
    """A person in one night: levels in uV (RMS or amplitude), rates in their names, pose in deg.

    `sweat_factor` is by how much the floor has risen by morning, `ageing_uv` the contact noise
    and `hf_loss_db` the loss of high frequencies by then; `placement` is what the electrode catches
    of most cramps: ``"full"``, ``"beside"`` or ``"missed"``.
    """

    resting_uv: float
    maximal_uv: float
    sweat_factor: float
    hf_loss_db: float
    ageing_uv: float
    mains_uv: float
    fasciculations_per_min: float
    myoclonus_per_h: float
    heartbeat_uv: float
    heart_rate: float
    acc_noise_g: float
    pitch_deg: float
    roll_deg: float
    placement: str
    cramps_per_night: float
    habits: Habits


def draw_person(parameters: NightParameters, seeds: Seeds) -> Person:
    """Draw who sleeps, and how that person and the sensor are in this night.

    Examples
    --------
    >>> person = draw_person(NightParameters(resting_uv=(2.5, 2.5)), Seeds(1))
    >>> person.resting_uv
    2.5
    """
    body, rng = seeds.of_person(Origin.PERSON), seeds.generator(Origin.PERSON)
    habits = draw_habits(parameters, seeds)
    # always drawn, used or not, so that no trait shifts the next
    resting_uv = float(body.uniform(*parameters.resting_uv))
    placed = float(np.exp(parameters.resting_night_sd * rng.standard_normal()))
    exact = parameters.resting_uv[0] == parameters.resting_uv[1]
    return Person(
        resting_uv=resting_uv if exact else resting_uv * placed,
        maximal_uv=lognormal(body, parameters.maximal_contraction_uv, (50.0, 250.0)),
        fasciculations_per_min=_log_uniform_or_zero(body, parameters.fasciculations_per_min),
        myoclonus_per_h=lognormal(body, parameters.myoclonus_per_h, (0.0, 600.0)),
        heart_rate=float(body.uniform(50.0, 80.0)),
        acc_noise_g=float(body.uniform(*parameters.acc_noise_g)),
        sweat_factor=_in_some(rng, parameters.sweat_share, parameters.sweat_factor, 1.0),
        hf_loss_db=_in_some(rng, parameters.hf_loss_share, parameters.hf_loss_db, 0.0),
        ageing_uv=_in_some(rng, parameters.ageing_share, parameters.ageing_uv, 0.0),
        mains_uv=float(rng.uniform(*parameters.mains_uv)),
        heartbeat_uv=_in_some(rng, parameters.heartbeat_share, parameters.heartbeat_uv, 0.0),
        pitch_deg=lying_pitch(rng),
        roll_deg=float(rng.uniform(-180.0, 180.0)),
        placement=caught_by_electrode(parameters, rng),
        cramps_per_night=parameters.cramps_per_night
        * habits.cramp_factor
        * cramp_night_factor(parameters, seeds),
        habits=habits,
    )


def caught_by_electrode(parameters: NightParameters, rng: np.random.Generator) -> str:
    """Draw what the electrode catches of a cramp, since cramps are focal."""
    caught = rng.random()
    if caught < parameters.cramp_missed_share:
        return "missed"
    if caught < parameters.cramp_missed_share + parameters.cramp_attenuated_share:
        return "beside"
    return "full"


def _in_some(
    rng: np.random.Generator, share: float, low_high: tuple[float, float], otherwise: float
) -> float:
    """A uniform draw in a share of nights; both are drawn whether used or not."""
    happens, value = rng.random() < share, float(rng.uniform(*low_high))
    return value if happens else otherwise


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
        # in shares of 8 h: a short recording is the beginning of a night
        progress = np.linspace(0.0, min(1.0, parameters.duration_s / FULL_NIGHT_S), n)
        muscle_uv = person.resting_uv * drift * person.sweat_factor**progress
        self._ageing_uv = person.ageing_uv * progress
        self._levels_uv = np.hypot(muscle_uv, self._ageing_uv)

    def level_uv(self, times_s: Array) -> Array:
        """Resting RMS in uV at these times."""
        grid = np.arange(self._levels_uv.size)
        return np.asarray(np.interp(times_s * FLOOR_GRID_RATE, grid, self._levels_uv))

    def contact_uv(self, times_s: Array) -> Array:
        """The part of it that is noise of ageing electrodes, RMS in uV."""
        grid = np.arange(self._ageing_uv.size)
        return np.asarray(np.interp(times_s * FLOOR_GRID_RATE, grid, self._ageing_uv))

    def at(self, time_s: float) -> float:
        """Resting RMS in uV at one time."""
        return float(self.level_uv(np.array([time_s]))[0])
