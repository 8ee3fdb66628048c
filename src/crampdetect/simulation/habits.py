"""What a person brings into every night: how often things happen, and which conditions exist."""

from dataclasses import dataclass

import numpy as np

from crampdetect.simulation.draws import lognormal
from crampdetect.simulation.parameters import NightParameters
from crampdetect.simulation.seeds import Origin, Seeds

__all__ = ["Habits", "cramp_night_factor", "draw_habits"]

#: Nights in a year, for the season.
YEAR_NIGHTS = 365.25


@dataclass(frozen=True, slots=True)
class Habits:
    """Traits that last; the factors multiply the table's mean rates and have a mean of 1.

    Parameters
    ----------
    cramp_factor, body_factor, limb_factor : float
        Of cramps, large and isolated movements.
    periodic_per_h : float
        Periodic limb movements per hour; 0 in most persons.
    gets_up : bool
        Whether the person goes to the toilet every night.
    stretches : float
        0 to 1, uniform: the lower, the rather the person stretches in the evening.
    rhythmic, clonus, myoclonus, tonic_sleep, dystonia, restless, partner, warms_bed : bool
        Whether there are such nights at all.
    """

    cramp_factor: float
    body_factor: float
    limb_factor: float
    periodic_per_h: float
    gets_up: bool
    stretches: float
    rhythmic: bool
    clonus: bool
    myoclonus: bool
    tonic_sleep: bool
    dystonia: bool
    restless: bool
    partner: bool
    warms_bed: bool


def draw_habits(parameters: NightParameters, seeds: Seeds) -> Habits:
    """Draw what stays the same in all nights of a person.

    Each trait has its own stream, so that a share in the table moves no other trait.

    Examples
    --------
    >>> one = draw_habits(NightParameters(), Seeds(1))
    >>> one == draw_habits(NightParameters(), Seeds(1, night=5))
    True
    """
    given = parameters

    def factor(origin: Origin, shape: float) -> float:
        return float(seeds.of_person(origin).gamma(shape, 1.0 / shape))

    def has(origin: Origin, share: float) -> bool:
        return bool(seeds.of_person(origin).random() < share)

    periodic = seeds.of_person(Origin.PERIODIC)
    affected = periodic.random() < given.periodic_share
    per_hour = lognormal(periodic, given.periodic_per_h, (0.0, 90.0))
    return Habits(
        cramp_factor=factor(Origin.CRAMP, given.cramp_heterogeneity),
        body_factor=factor(Origin.BODY_MOVEMENT, given.body_movement_shape),
        limb_factor=factor(Origin.LIMB_MOVEMENT, given.limb_movement_shape),
        periodic_per_h=per_hour if affected else 0.0,
        gets_up=has(Origin.UPRIGHT, given.toilet_share),
        stretches=float(seeds.of_person(Origin.HOLD).random()),
        rhythmic=has(Origin.RHYTHMIC, given.rhythmic_share),
        clonus=has(Origin.CLONUS, given.clonus_share),
        myoclonus=has(Origin.MYOCLONUS, given.myoclonus_train_share),
        tonic_sleep=has(Origin.TONIC, given.tonic_sleep_share),
        dystonia=has(Origin.DYSTONIA, given.dystonia_share),
        restless=has(Origin.RESTLESS_LEGS, given.restless_share),
        partner=has(Origin.VIBRATION, given.partner_share),
        warms_bed=has(Origin.MAINS_RISE, given.mains_rise_persons),
    )


def cramp_night_factor(parameters: NightParameters, seeds: Seeds) -> float:
    """How this night's cramp rate stands to the person's own: a slow course of nights, and season.

    The logarithm follows an autoregression from night to night; its mean over nights is 1.

    Examples
    --------
    >>> steady = NightParameters(cramp_night_sd=0.0, cramp_season_depth=0.33)
    >>> round(cramp_night_factor(steady, Seeds(1, night=91)), 2)
    1.33
    """
    sd, keep = parameters.cramp_night_sd, parameters.cramp_night_correlation
    steps = seeds.of_person(Origin.NIGHT).standard_normal(seeds.night + 1)
    course = float(steps[0])
    for step in steps[1:]:
        course = keep * course + float(np.sqrt(1.0 - keep**2)) * float(step)
    years = seeds.night / YEAR_NIGHTS + parameters.cramp_season_phase
    season = 1.0 + parameters.cramp_season_depth * float(np.sin(2 * np.pi * years))
    return float(np.exp(sd * course - sd**2 / 2)) * season
