"""From where to where uncertain numbers may lie: cramps, and how motor units fire.

Widened within the evidence where there is any, else by a factor of about two each way [A]; see
`stress_nights`.
"""

from crampdetect.simulation.stress import Stress

__all__ = ["CRAMP_STRESS", "MOTOR_UNIT_STRESS"]

CRAMP_STRESS = {
    "cramp_heterogeneity": Stress("log", 0.6, 3.0),
    "cramp_branching": Stress("between", 0.0, 0.4),
    "cramp_branching_time_s": Stress("log", 1200.0, 7200.0),
    "cramp_night_sd": Stress("between", 0.0, 0.7),
    "cramp_night_correlation": Stress("between", 0.7, 0.9),
    "cramp_time_tilt": Stress("between", -0.333, 0.333),
    "cramp_both_share": Stress("between", 0.0, 0.1),
    "cramp_attenuated_share": Stress("between", 0.03, 0.28),
    "cramp_attenuation": Stress("between", 0.15, 0.5),
    "cramp_missed_share": Stress("between", 0.02, 0.12),
    "cramp_placement_share": Stress("between", 0.0, 1.0),
    "cramp_heads": Stress("shares", 0.5, 2.0),
    "cramp_other_head": Stress("factor", 0.5, 1.6),
    "cramp_duration_s": Stress("median", 30.0, 180.0),
    "cramp_long_share": Stress("between", 0.03, 0.2),
    "cramp_long_duration_s": Stress("median", 180.0, 420.0),
    "cramp_ramp_s": Stress("median", 0.4, 10.0),  # "over 1-10 s or abruptly"
    "cramp_ramp_clip_s": Stress("factor", 0.3, 1.0),  # abrupt: 0.1 s
    "cramp_level": Stress("median", 3.0, 13.0),  # a stratum at 2-4, a strong one near half of MVC
    "cramp_waxing_sd": Stress("between", 0.1, 0.4),
    "cramp_waxing_time_s": Stress("log", 2.0, 8.0),
    "cramp_common_drive": Stress("between", 0.0, 0.25),
    "cramp_spectrum_scale": Stress("median", 0.85, 1.4),  # both directions
    "cramp_spectrum_fade": Stress("ends", -0.05, 0.30),
    "cramp_fall_s": Stress("factor", 0.3, 2.0),
    "cramp_prodrome_share": Stress("between", 0.1, 0.7),
    "cramp_prodrome_s": Stress("factor", 0.5, 1.45),  # below the 30 s that events may lead
    "cramp_twitch_s": Stress("factor", 0.5, 2.0),
    "cramp_after_share": Stress("between", 0.2, 0.8),
    "cramp_after_factor": Stress("ends", 1.05, 2.5),
    "cramp_after_s": Stress("factor", 0.5, 2.0),
    "cramp_tilt_sd_deg": Stress("log", 1.5, 8.0),
    "cramp_tremor_g": Stress("median", 0.002, 0.020),
    "cramp_tremor_clip_g": Stress("factor", 0.4, 2.5),  # to 50 mg
    "cramp_still_share": Stress("between", 0.60, 0.95),
    "cramp_still_s": Stress("factor", 0.5, 1.5),
    "cramp_awakening_s": Stress("median", 15.0, 60.0),
    "cramp_reactions": Stress("shares", 0.4, 2.5),
    "cramp_walk_share": Stress("between", 0.2, 0.8),
    "cramp_stretch_share": Stress("between", 0.2, 0.8),
    "cramp_surge": Stress("ends", 1.05, 4.0),
    "cramp_removal_share": Stress("between", 0.0, 0.15),
}
MOTOR_UNIT_STRESS = {
    "doublet_s": Stress("factor", 0.6, 1.5),
    "common_drive_frequency": Stress("between", 1.0, 1.8),  # 1.4 +- 0.4
    "muap_size_range": Stress("log", 5.0, 30.0),
    "muap_size_sd": Stress("between", 0.1, 0.6),
    "muap_length_sd": Stress("between", 0.25, 0.8),
    "cramp_units": Stress("factor", 0.5, 1.7),
    # the two overlap widely and are drawn apart: regularity must not decide
    "cramp_isi_cv": Stress("median", 0.15, 0.60),
    "voluntary_isi_cv": Stress("median", 0.10, 0.45),
    "cramp_doublet_share": Stress("between", 0.0, 0.09),  # 4.1 +- 4.7 %
    "cramp_start_rate": Stress("between", 14.0, 26.0),  # 20.0 +- 5.9
    "cramp_start_rate_sd": Stress("between", 3.0, 9.0),
    "cramp_end_rate": Stress("between", 5.2, 6.8),  # 6.0 +- 0.8
    "cramp_peak_rate": Stress("between", 17.0, 33.0),  # 25.0 +- 8.0
    "cramp_peak_rate_sd": Stress("between", 4.0, 10.0),
    "cramp_rate_decay": Stress("log", 1.5, 6.0),
    "cramp_unit_active_s": Stress("log", 12.0, 60.0),
    "cramp_unit_active_sd_s": Stress("log", 9.0, 30.0),
    "voluntary_units": Stress("factor", 0.5, 1.7),
    "voluntary_doublet_share": Stress("between", 0.0, 0.05),
    "voluntary_start_rate": Stress("between", 6.0, 10.0),
    "voluntary_start_rate_sd": Stress("between", 0.5, 2.0),
    "voluntary_peak_rate": Stress("between", 14.0, 28.0),
    "voluntary_peak_rate_sd": Stress("between", 1.0, 6.0),
    "voluntary_common_drive": Stress("between", 0.0, 0.25),
    "voluntary_last_recruited": Stress("between", 0.4, 0.9),
    "tonic_peak_rate": Stress("between", 10.0, 20.0),
}
