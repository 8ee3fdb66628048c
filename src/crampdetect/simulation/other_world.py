"""A second set of assumptions, and a night of nothing but look-alikes: for tests, never training.

What is found on nights of these tables says whether a classifier has learnt cramps or the habits
of the default table and its `worlds`.
"""

from dataclasses import replace

from crampdetect.simulation.parameters import NightParameters

__all__ = ["confounder_heavy", "other_world"]


def other_world(base: NightParameters) -> NightParameters:
    """Turn every assumption that might make a cramp easy to know, against the detector.

    Cramps fire as regularly as holds, have a lower spectrum than rest, rise in 0.3 or in 15 s, and
    show no common drive and no tremor; half of the sleepers do not react, three in ten stir at
    onset; movements have another shape in EMG and acceleration, and half of the holds come without
    motion. Beyond the ranges of `crampdetect.simulation.stress` where that is possible.

    Examples
    --------
    >>> other_world(NightParameters()).cramp_spectrum_scale
    (0.8, 0.05)
    """
    return replace(
        base,
        movement_family="pulses",
        # fires like a hold, without rotation of units; sounds lower than rest
        cramp_isi_cv=(0.25, 0.0),
        voluntary_isi_cv=(0.25, 0.0),
        cramp_doublet_share=0.0,
        voluntary_doublet_share=0.0,
        cramp_units=(40.0, 60.0),
        voluntary_units=(40.0, 60.0),
        cramp_start_rate=14.0,
        cramp_start_rate_sd=2.0,
        cramp_end_rate=13.0,
        cramp_peak_rate=25.0,
        cramp_peak_rate_sd=2.0,
        cramp_unit_active_s=3600.0,
        cramp_unit_active_sd_s=10.0,
        voluntary_common_drive=0.0,
        cramp_waxing_sd=0.06,
        cramp_waxing_time_s=1.0,
        cramp_common_drive=0.0,
        cramp_spectrum_scale=(0.8, 0.05),
        cramp_spectrum_clip=(0.65, 0.95),
        cramp_spectrum_fade=(-0.10, 0.0),
        # abrupt or slow, weaker, no twitches to announce it
        cramp_ramp_choices_s=(0.3, 15.0),
        cramp_level=(5.0, 0.6),
        cramp_duration_s=(45.0, 1.0),
        cramp_prodrome_share=0.0,
        # another body
        cramp_tremor_g=(0.0, 0.0),
        cramp_tremor_clip_g=(0.0, 0.0),
        cramp_tilt_sd_deg=0.5,
        cramp_still_share=0.70,
        cramp_reactions=(0.20, 0.15, 0.15, 0.50),
        cramp_stretch_share=0.25,
        cramp_awakening_s=(12.0, 0.6),
        # others
        hold_still_share=0.50,
        hold_s=(4.0, 30.0),
        single_holds=2.0,
        body_movement_s=(8.0, 0.7),
        body_movement_lead_s=(0.0, 0.05),
        resting_uv=(2.0, 7.0),
        mains_frequency=60.0,
        motion_artefact_uv=(5.0, 300.0),
        acc_noise_g=(0.004, 0.008),
    )


def confounder_heavy(base: NightParameters) -> NightParameters:
    """Two or three times as many of every look-alike; cramps as in `base`.

    Examples
    --------
    >>> confounder_heavy(NightParameters()).toilet_trips
    4.0
    """
    return replace(
        base,
        fasciculations_per_min=(2.0, 40.0),
        myoclonus_per_h=(100.0, 0.8),
        body_movements=110.0,
        posture_shifts=30.0,
        overload_share=0.15,
        limb_movements=80.0,
        sleep_starts=2.0,
        partner_share=1.0,
        partner_movements=100.0,
        periodic_share=1.0,
        periodic_per_h=(60.0, 0.2),
        rhythmic_share=1.0,
        rhythmic_trains=(3.0, 8.0),
        myoclonus_train_share=0.3,
        clonus_share=0.05,
        restless_share=0.25,
        tonic_sleep_share=0.30,
        dystonia_share=0.06,
        hold_sessions=3.0,
        single_holds=3.0,
        toilet_trips=4.0,
        toilet_share=1.0,
        pops=6.0,
        short_lead_off_share=0.4,
        long_lead_off_share=0.1,
        dropouts=12.0,
        mains_rise_share=0.3,
        mains_rise_persons=0.6,
        sweat_share=0.4,
        heartbeat_share=0.4,
    )
