"""From where to where uncertain numbers may lie: rest, movements, holds, contact and link.

Widened within the evidence where there is any, else by a factor of about two each way [A]. A field
that is not here is either known ([V], [D]), or of the sensor, which the caller chooses.
docs/simulation.md shows these ranges beside the defaults.
"""

from crampdetect.simulation.stress import Stress

__all__ = ["CONTACT_STRESS", "MOVEMENT_STRESS", "REST_STRESS"]

REST_STRESS = {
    "resting_uv": Stress("factor", 0.6, 2.5),  # gel to dry
    "resting_night_sd": Stress("between", 0.0, 0.3),
    "amplifier_noise_uv": Stress("factor", 0.5, 2.5),
    "resting_drift_sd": Stress("between", 0.05, 0.25),
    "resting_drift_time_s": Stress("log", 600.0, 2400.0),
    "maximal_contraction_uv": Stress("median", 70.0, 200.0),
    "sweat_share": Stress("between", 0.1, 0.4),
    "sweat_factor": Stress("factor", 0.8, 1.25),
    "hf_loss_share": Stress("between", 0.1, 0.5),
    "hf_loss_db": Stress("factor", 0.5, 2.0),
    "ageing_share": Stress("between", 0.05, 0.4),
    "ageing_uv": Stress("factor", 0.5, 2.0),
    "fasciculations_per_min": Stress("factor", 0.5, 2.0),
    "fasciculation_uv": Stress("factor", 0.5, 2.0),  # to 300 uV
    "myoclonus_uv": Stress("factor", 0.5, 2.0),
    "heartbeat_share": Stress("between", 0.1, 0.4),
    "heartbeat_uv": Stress("factor", 0.5, 2.0),
    "mains_deviation": Stress("between", 0.02, 0.2),
    "mains_uv": Stress("factor", 0.3, 3.0),
    "mains_rise_share": Stress("between", 0.05, 0.3),
    "mains_rise_persons": Stress("between", 0.3, 0.6),
    "mains_rise_uv": Stress("factor", 0.5, 3.0),
}
MOVEMENT_STRESS = {
    "body_movements": Stress("log", 36.0, 86.0),  # quartiles of the 54
    "posture_shifts": Stress("between", 7.0, 19.0),  # 1.6 +- 0.7 an hour
    "body_movement_s": Stress("median", 9.0, 13.5),
    "body_movement_uv": Stress("factor", 0.5, 2.0),
    "body_movement_g": Stress("factor", 0.4, 2.0),
    "body_movement_lead_s": Stress("factor", 0.2, 2.5),
    "overload_share": Stress("between", 0.0, 0.15),
    "limb_movements": Stress("log", 12.0, 75.0),
    "limb_movement_shape": Stress("log", 1.0, 4.0),
    "limb_movement_s": Stress("median", 1.1, 3.0),
    "limb_movement_uv": Stress("factor", 0.7, 2.0),
    "limb_movement_g": Stress("factor", 0.3, 2.0),
    "sleep_starts": Stress("factor", 0.5, 2.0),
    "sleep_start_s": Stress("factor", 0.7, 1.5),
    "motion_artefact_uv": Stress("factor", 0.2, 2.0),
    "partner_share": Stress("between", 0.2, 1.0),
    "partner_movements": Stress("factor", 0.5, 2.0),
    "partner_g": Stress("factor", 0.5, 3.0),
    "periodic_share": Stress("between", 0.2, 0.6),
    "periodic_per_h": Stress("median", 8.0, 24.0),
    "periodic_interval_s": Stress("median", 16.0, 36.0),
    "periodic_calf_share": Stress("factor", 0.5, 1.6),
    "rhythmic_share": Stress("between", 0.25, 0.45),
    "rhythmic_s": Stress("factor", 0.5, 2.0),
    "rhythmic_burst_s": Stress("factor", 0.7, 1.5),
    "alternating_share": Stress("between", 0.1, 0.6),
    "myoclonus_train_per_min": Stress("factor", 1.0, 2.0),
    "myoclonus_train_s": Stress("factor", 0.7, 1.3),
    "clonus_share": Stress("log", 0.005, 0.03),
    "clonus_rate": Stress("factor", 0.85, 1.15),
    "clonus_s": Stress("factor", 0.5, 2.0),
    "restless_share": Stress("between", 0.02, 0.2),
    "tonic_sleep_share": Stress("between", 0.02, 0.15),
    "tonic_level": Stress("factor", 0.8, 1.5),
    "tonic_s": Stress("factor", 0.5, 1.5),
    "phasic_per_min": Stress("factor", 0.5, 2.0),
    "dystonia_share": Stress("log", 0.01, 0.06),
    "dystonia_s": Stress("factor", 0.4, 1.5),
    "dystonia_effort": Stress("factor", 0.5, 1.5),
    "hold_sessions": Stress("between", 0.2, 1.0),
    "single_holds": Stress("between", 0.2, 2.0),
    "hold_s": Stress("factor", 0.6, 1.5),  # up to 30 s
    "hold_effort": Stress("factor", 0.4, 1.2),
    "hold_motion_g": Stress("factor", 0.1, 1.5),
    "hold_still_share": Stress("between", 0.05, 0.5),
    "toilet_trips": Stress("between", 0.9, 2.4),
    "toilet_share": Stress("between", 0.75, 0.95),
    "toilet_trip_s": Stress("factor", 0.5, 1.5),
    "standing_effort": Stress("factor", 0.5, 1.6),
    "walking_effort": Stress("factor", 0.6, 1.5),
}
CONTACT_STRESS = {
    "pops": Stress("log", 1.0, 8.0),
    "pop_uv": Stress("factor", 0.3, 1.5),
    "short_lead_off_share": Stress("between", 0.05, 0.4),
    "long_lead_off_share": Stress("between", 0.02, 0.12),
    "dropouts": Stress("log", 1.0, 20.0),
    "dropout_s": Stress("median", 0.2, 1.0),
    "long_dropout_share": Stress("between", 0.01, 0.08),
    "acc_noise_g": Stress("factor", 0.3, 2.0),
}
