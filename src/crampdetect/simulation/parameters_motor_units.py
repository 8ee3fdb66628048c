"""The table, motor units: how many there are, how they fire, and how their potentials differ."""

from dataclasses import dataclass
from typing import Literal

from crampdetect.simulation.parameters_rest import LogNormal, Range

__all__ = ["MotorUnitParameters"]


@dataclass(frozen=True, kw_only=True)
class MotorUnitParameters:
    """Motor units; see `crampdetect.simulation.parameters` for how to read a line.

    Rates are in pulses per second (pps); ISI is the inter-spike interval, CV its coefficient of
    variation.
    """

    # --- motor units: both ways of firing
    isi_distribution: Literal["gamma", "lognormal"] = "gamma"  # of the intervals [A]
    doublet_s: float = 0.010  # longest interval within a doublet [A]
    common_drive_frequency: float = 1.4  # Hz, 1.4 +- 0.4 [V Minetto 2009]
    muap_size_range: float = 10.0  # amplitude of the largest unit over the smallest [A]
    muap_size_sd: float = 0.3  # of the log amplitude beside size, by depth [A]
    muap_length_sd: float = 0.5  # of the log length, 5-15 ms [R-m]

    # --- motor units: in cramp
    cramp_units: Range = (15.0, 60.0)  # active at once under one electrode [V Minetto 2009 -> A]
    cramp_isi_cv: LogNormal = (0.45, 0.22)  # 44.6 +- 9.7 % [V Minetto 2009]
    cramp_doublet_share: float = 0.04  # of discharges, 4.1 +- 4.7 % [V Minetto 2009]
    cramp_start_rate: float = 20.0  # pps as a unit begins; 20.0 +- 5.9 [V Minetto 2011 -> A]
    cramp_start_rate_sd: float = 6.0  # over units [V Minetto 2011 -> A]
    cramp_end_rate: float = 6.0  # pps before it drops out; minimum 6.0 +- 0.8 [V Minetto 2009]
    cramp_peak_rate: float = 25.0  # pps, cap; maximum 25.0 +- 8.0 [V Minetto 2009]
    cramp_peak_rate_sd: float = 8.0  # over units [V Minetto 2009]
    cramp_rate_decay: float = 3.0  # power of the fall; gives a mean of 14.5-20 pps [D]
    cramp_unit_active_s: float = 25.0  # 23.6 +- 16.2, 29.5 +- 21.8 s [V Minetto 2009, 2011]
    cramp_unit_active_sd_s: float = 18.0  # [V Minetto 2009, 2011]

    # --- motor units: voluntary, and tonic in sleep
    voluntary_units: Range = (30.0, 60.0)  # that full effort recruits under one electrode [A]
    voluntary_isi_cv: LogNormal = (0.15, 0.25)  # 10-25 % [R-m]
    voluntary_doublet_share: float = 0.0  # [A]
    voluntary_start_rate: float = 8.0  # pps at recruitment [R-m]
    voluntary_start_rate_sd: float = 1.0  # over units [A]
    voluntary_peak_rate: float = 25.0  # pps at full effort; calf 16 [V] to 20-25 [R-m]
    voluntary_peak_rate_sd: float = 2.0  # over units [A]
    voluntary_common_drive: float = 0.10  # depth of the rate [A]
    voluntary_last_recruited: float = 0.6  # share of full drive at which the last joins [R-m]
    tonic_peak_rate: float = 14.0  # pps, of tonic activity in sleep and dystonia [A]
