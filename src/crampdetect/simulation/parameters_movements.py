"""The table, third part: movements in bed, tonic activity, holds, and times out of bed."""

from dataclasses import dataclass

from crampdetect.simulation.parameters_rest import LogNormal, Range

__all__ = ["MovementParameters"]


@dataclass(frozen=True, kw_only=True)
class MovementParameters:
    """Look-alikes; see `crampdetect.simulation.parameters` for how to read a line."""

    # --- movements
    movement_family: str = "bursts"  # or "pulses": another shape, for a second world [A]
    body_movements: float = 54.0  # large muscle movements, 6.8/h [V Ibrahim 2023 -> D]
    body_movement_shape: float = 3.0  # gamma between persons, from the quartiles 36-86 [D]
    posture_shifts: float = 13.0  # 1.6/h, among the body movements [V Skarpsno 2017]
    body_movement_s: LogNormal = (11.0, 0.5)  # mean 12.4 s, 3-45 s [V Ibrahim 2023]
    body_movement_uv: Range = (20.0, 200.0)  # log-uniform [A]
    body_movement_g: Range = (0.2, 1.5)  # peak, log-uniform [R-m]
    body_movement_lead_s: Range = (0.0, 0.5)  # motion before EMG [A]
    overload_share: float = 0.05  # of strong body movements that drive the input to its rails [A]
    limb_movements: float = 30.0  # isolated [A]
    limb_movement_shape: float = 2.0  # gamma between persons, range 0-100 [A]
    limb_movement_s: LogNormal = (1.8, 0.5)  # 0.5-10 s by rule [V AASM -> A distribution]
    limb_movement_uv: Range = (8.0, 150.0)  # log-uniform; >= 8 uV by rule [V AASM -> A]
    limb_movement_g: Range = (0.05, 0.5)  # peak [R-m]
    sleep_starts: float = 0.7  # hypnic jerks in the first half hour, a night [A]
    sleep_start_s: Range = (0.02, 0.25)  # [R-m]
    motion_artefact_uv: Range = (50.0, 2000.0)  # raw, < 20 Hz, with each movement [A]
    partner_share: float = 0.6  # persons whose bed is moved by another [A]
    partner_movements: float = 40.0  # then, felt by the accelerometer only [A]
    partner_g: Range = (0.003, 0.03)  # peak, log-uniform [A]

    # --- periodic, rhythmic and jerky activity
    periodic_share: float = 0.35  # persons with periodic limb movements (PLM) [V Frauscher -> A]
    periodic_per_h: LogNormal = (12.0, 0.9)  # cap 90/h [V Frauscher: 18 % above 15/h -> A]
    periodic_interval_s: LogNormal = (25.0, 0.35)  # within 10-90 s [V WASM 2016 -> A]
    periodic_calf_share: Range = (0.2, 0.6)  # tibialis-dominant, calf gets this [R-m]
    rhythmic_share: float = 0.33  # persons with trains of them [V Frauscher 2014]
    rhythmic_trains: Range = (1.0, 5.0)  # a night; 90th percentile of all is 4 [V Frauscher -> D]
    rhythmic_rate: Range = (0.3, 4.0)  # Hz [V Yang & Winkelman 2010]
    rhythmic_s: Range = (6.0, 60.0)  # [V Wichniak 2001 10-15 s -> A]
    rhythmic_burst_s: Range = (0.1, 1.0)  # [V Wichniak 0.3-0.7 -> A]
    alternating_share: float = 0.3  # trains that alternate between the legs (ALMA) [A]
    myoclonus_train_share: float = 0.09  # persons with excessive myoclonus [V Frauscher 2014]
    myoclonus_train_per_min: Range = (5.0, 20.0)  # >= 5 for >= 20 min [R-h]
    myoclonus_train_s: Range = (1200.0, 5400.0)  # [R-h]
    clonus_share: float = 0.01  # persons [R-m]
    clonus_rate: Range = (4.0, 8.0)  # Hz [R-m]
    clonus_s: Range = (5.0, 60.0)  # [R-m]
    restless_share: float = 0.07  # persons with restless legs, awake in the evening [R-m]

    # --- tonic activity
    tonic_sleep_share: float = 0.05  # persons without atonia in REM sleep [A]
    tonic_level: Range = (2.0, 4.0)  # over the floor, >= 2 by rule [V2 RBDtector -> A]
    tonic_s: Range = (600.0, 1800.0)  # 3-5 periods, 90 min apart [A]
    phasic_per_min: Range = (1.0, 10.0)  # bursts upon it [A]
    phasic_s: Range = (0.1, 5.0)  # [V2 RBDtector]
    dystonia_share: float = 0.02  # persons, 1-3 holds a night [A]
    dystonia_s: Range = (300.0, 3600.0)  # [R-m]
    dystonia_effort: Range = (0.1, 0.4)  # of MVC, antagonists too [A]

    # --- holds
    hold_sessions: float = 0.5  # evening stretch of 6 x 10 s [V Hallegraeff -> A share]
    single_holds: float = 0.5  # further holds while awake [A]
    hold_s: Range = (2.0, 20.0)  # of single holds [A]
    hold_effort: Range = (0.20, 0.80)  # of MVC [A]
    hold_motion_g: Range = (0.1, 0.4)  # peak of the movement before it [A]
    hold_still_share: float = 0.15  # pushed against the bed end, hardly any motion [A]

    # --- up and about
    toilet_trips: float = 1.3  # mean [A]
    toilet_share: float = 0.85  # persons who get up every night [V NHANES -> A]
    toilet_trip_s: Range = (120.0, 600.0)  # [R-m]
    standing_effort: Range = (0.05, 0.20)  # of MVC, active 74-98 % of it [V dos Anjos -> A]
    walking_effort: Range = (0.20, 0.60)  # of MVC in bursts at 0.7-1 Hz stride [R-h]
