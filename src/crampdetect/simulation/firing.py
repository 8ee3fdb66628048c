"""How motor units fire: the numbers behind one muscle activity, voluntary or in cramp."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from crampdetect.simulation.draws import lognormal
from crampdetect.simulation.parameters import NightParameters

__all__ = ["Firing", "cramp_firing", "tonic_firing", "voluntary_firing"]

#: Coefficients of variation that a renewal train may have [A].
ISI_CV_CLIP = (0.02, 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Firing:
    """Motor units under one electrode and how they discharge; rates in pulses per second (pps).

    Parameters
    ----------
    style : {"voluntary", "cramp"}
        ``"voluntary"``: units are recruited in the order of their size as the drive rises, and
        fire while it is above their threshold. ``"cramp"``: units fire for a while at a falling
        rate, drop out and are replaced by others.
    n_units : int
        Units that full drive recruits (voluntary), or that are active at once (cramp).
    isi_cv : float
        Coefficient of variation of the inter-spike intervals (ISI) at a constant rate.
    isi_distribution : {"gamma", "lognormal"}
    doublet_share : float
        Share of discharges that follow another within 3 ms to `doublet_s`.
    doublet_s : float
        In seconds.
    start_rate, start_rate_sd : float
        Rate of a unit as it begins, mean and standard deviation over units.
    end_rate : float
        Rate of a unit before it drops out (cramp).
    peak_rate, peak_rate_sd : float
        Of the first unit at full drive (voluntary), or a cap (cramp); mean and SD over units.
    decay_power : float
        Of the fall from start to end rate over a unit's time; higher: it stays high longer.
    unit_active_s, unit_active_sd_s : float
        How long a unit stays active in cramp, mean and standard deviation, in seconds.
    common_drive, common_drive_frequency : float
        Depth, relative to the rate, and frequency (Hz) of what all units follow together.
    size_range : float
        Amplitude of the largest unit over that of the smallest.
    size_sd : float
        Of the logarithm of amplitude, from the units' depth, beside size.
    last_recruited : float
        Share of the drive at which the largest unit joins in.
    full_uv : float
        RMS at full drive, in uV (voluntary).
    muap_sd : float
        Of the logarithm of the potentials' length over units.
    """

    style: Literal["voluntary", "cramp"]
    n_units: int
    isi_cv: float
    isi_distribution: Literal["gamma", "lognormal"] = "gamma"
    doublet_share: float = 0.0
    doublet_s: float = 0.010
    start_rate: float = 8.0
    start_rate_sd: float = 1.0
    end_rate: float = 6.0
    peak_rate: float = 25.0
    peak_rate_sd: float = 2.0
    decay_power: float = 3.0
    unit_active_s: float = 25.0
    unit_active_sd_s: float = 18.0
    common_drive: float = 0.0
    common_drive_frequency: float = 1.4
    size_range: float = 10.0
    size_sd: float = 0.3
    last_recruited: float = 0.6
    full_uv: float = 120.0
    muap_sd: float = 0.5


def voluntary_firing(parameters: NightParameters, rng: np.random.Generator) -> Firing:
    """Draw how units fire in one movement, hold, step or stance.

    Examples
    --------
    >>> from crampdetect.simulation.parameters import NightParameters
    >>> firing = voluntary_firing(NightParameters(), np.random.default_rng(1))
    >>> firing.style, 0.05 < firing.isi_cv < 0.4
    ('voluntary', True)
    """
    return Firing(
        style="voluntary",
        n_units=_count(parameters.voluntary_units, rng),
        isi_cv=lognormal(rng, parameters.voluntary_isi_cv, ISI_CV_CLIP),
        isi_distribution=parameters.isi_distribution,
        doublet_share=parameters.voluntary_doublet_share,
        doublet_s=parameters.doublet_s,
        start_rate=parameters.voluntary_start_rate,
        start_rate_sd=parameters.voluntary_start_rate_sd,
        peak_rate=parameters.voluntary_peak_rate,
        peak_rate_sd=parameters.voluntary_peak_rate_sd,
        common_drive=parameters.voluntary_common_drive,
        common_drive_frequency=parameters.common_drive_frequency,
        size_range=parameters.muap_size_range,
        size_sd=parameters.muap_size_sd,
        last_recruited=parameters.voluntary_last_recruited,
        full_uv=parameters.maximal_contraction_uv[0],
        muap_sd=parameters.muap_length_sd,
    )


def tonic_firing(parameters: NightParameters, rng: np.random.Generator) -> Firing:
    """Draw how units fire for minutes to an hour: recruited in order, at low rates."""
    return replace(voluntary_firing(parameters, rng), peak_rate=parameters.tonic_peak_rate)


def cramp_firing(parameters: NightParameters, rng: np.random.Generator) -> Firing:
    """Draw how units fire in one cramp.

    Examples
    --------
    >>> from crampdetect.simulation.parameters import NightParameters
    >>> firing = cramp_firing(NightParameters(), np.random.default_rng(1))
    >>> firing.style, 15 <= firing.n_units <= 60, firing.doublet_share
    ('cramp', True, 0.04)
    """
    return Firing(
        style="cramp",
        n_units=_count(parameters.cramp_units, rng),
        isi_cv=lognormal(rng, parameters.cramp_isi_cv, ISI_CV_CLIP),
        isi_distribution=parameters.isi_distribution,
        doublet_share=parameters.cramp_doublet_share,
        doublet_s=parameters.doublet_s,
        start_rate=parameters.cramp_start_rate,
        start_rate_sd=parameters.cramp_start_rate_sd,
        end_rate=parameters.cramp_end_rate,
        peak_rate=parameters.cramp_peak_rate,
        peak_rate_sd=parameters.cramp_peak_rate_sd,
        decay_power=parameters.cramp_rate_decay,
        unit_active_s=parameters.cramp_unit_active_s,
        unit_active_sd_s=parameters.cramp_unit_active_sd_s,
        # power follows the rate, so twice the depth of the amplitude
        common_drive=min(1.0, 2.0 * parameters.cramp_common_drive),
        common_drive_frequency=parameters.common_drive_frequency,
        size_range=parameters.muap_size_range,
        size_sd=parameters.muap_size_sd,
        muap_sd=parameters.muap_length_sd,
    )


def _count(low_high: tuple[float, float], rng: np.random.Generator) -> int:
    """Draw a number of units."""
    return max(2, round(float(rng.uniform(*low_high))))
