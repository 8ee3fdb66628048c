"""The table, second part: cramps, how often, how strong, and what the sleeper does."""

from dataclasses import dataclass

from crampdetect.simulation.parameters_rest import LogNormal, Range

__all__ = ["CrampParameters"]


@dataclass(frozen=True, kw_only=True)
class CrampParameters:
    """Cramps; see `crampdetect.simulation.parameters` for how to read a line."""

    # --- cramps: how often
    cramps_per_night: float = 1.1  # per person, both legs, 8 h [V Roguin 2017]; 0.4 [V Frusso]
    cramp_heterogeneity: float = 2.5  # gamma shape between persons, 2-3 [D from V]
    cramp_branching: float = 0.2  # cramps that follow a cramp (Hawkes) [A]
    cramp_branching_time_s: float = 3600.0  # threshold lowered >= 60 min [V Miller 2017 -> A]
    cramp_night_sd: float = 0.4  # of the log rate between nights of a person [A]
    cramp_night_correlation: float = 0.8  # from one night to the next, 0.7-0.9 [A]
    cramp_season_depth: float = 0.0  # 0.33 in a year with seasons; 0: none [V Garrison -> A]
    cramp_season_phase: float = 0.0  # of night 0, in years after spring [A]
    cramp_time_tilt: float = 0.0  # late over early, -1/3 to 1/3 is a factor of 2 [A]
    cramp_side_share: float = 0.5  # of cramps that are in the leg with the sensor [R-m]
    cramp_both_share: float = 0.03  # of cramps that are in both legs at once [A]

    # --- cramps: what the electrode catches
    cramp_attenuated_share: float = 0.10  # focus beside the electrode: x0.3 [V focality -> A]
    cramp_attenuation: float = 0.3  # [A]
    cramp_missed_share: float = 0.05  # focus elsewhere: nothing under the electrode [A]
    cramp_placement_share: float = 0.5  # cramps that share the fate of the night's placement [A]
    cramp_heads: tuple[float, float, float] = (0.60, 0.25, 0.15)  # medial, lateral, both [V -> A]
    cramp_other_head: Range = (0.05, 0.5)  # what the other head shows of it [A]

    # --- cramps: course
    cramp_duration_s: LogNormal = (60.0, 0.8)  # 55.6 +- 19.2 s [V Minetto 2011 -> D]
    cramp_long_share: float = 0.10  # second, longer component [D]
    cramp_long_duration_s: LogNormal = (300.0, 0.6)  # "seconds to 10 min" [V Hallegraeff -> D]
    cramp_duration_clip_s: Range = (5.0, 900.0)  # [D]
    cramp_ramp_s: LogNormal = (3.0, 0.8)  # 10-90 %, builds over 1-10 s or abruptly [R-m]
    cramp_ramp_clip_s: Range = (0.3, 20.0)  # [A]
    cramp_ramp_choices_s: tuple[float, ...] = ()  # if any: one of these instead [A]
    cramp_level: LogNormal = (8.0, 0.8)  # plateau over floor; x2-6 at night [V Chaney -> A]
    cramp_level_clip: Range = (1.5, 50.0)  # 5-95 % of the above are 2.1-30 [A]
    cramp_waxing_sd: float = 0.25  # log Ornstein-Uhlenbeck (OU) [V Minetto 2009 -> A]
    cramp_waxing_time_s: float = 4.0  # [A]
    cramp_common_drive: float = 0.10  # depth at 1.4 Hz [V Minetto 2009 frequency -> A depth]
    cramp_spectrum_scale: LogNormal = (1.15, 0.15)  # Serrao x1.35, Roeleveld [V -> A]
    cramp_spectrum_clip: Range = (0.8, 1.5)  # both directions [A]
    cramp_spectrum_fade: Range = (0.05, 0.20)  # of the median frequency, lost per min [R-m]
    cramp_fall_s: Range = (2.0, 15.0)  # ends by itself [A]
    cramp_prodrome_share: float = 0.40  # 0.3-2 twitches/s before [R-m]
    cramp_prodrome_s: Range = (0.0, 20.0)  # [A]
    cramp_twitch_s: Range = (10.0, 60.0)  # dying twitches afterwards [A]
    cramp_after_share: float = 0.5  # raised floor afterwards [V Chaney -> A]
    cramp_after_factor: Range = (1.2, 2.0)  # "nearly twice baseline" [V Chaney -> A]
    cramp_after_s: Range = (60.0, 1800.0)  # [A]

    # --- cramps: motion and reaction
    cramp_tilt_sd_deg: float = 4.0  # plantarflexion seen at the shank [A]
    cramp_tremor_g: LogNormal = (0.006, 0.5)  # mechanomyogram (MMG), 6-15 Hz, RMS [R-m]
    cramp_tremor_clip_g: Range = (0.002, 0.020)  # [A]
    cramp_still_share: float = 0.85  # leg still at onset [V Chaney -> A]
    cramp_still_s: Range = (5.0, 45.0)  # shortest undisturbed time [V Chaney 41 +- 11 s -> A]
    cramp_awakening_s: LogNormal = (35.0, 0.5)  # latency [V Chaney -> A]
    cramp_awakening_clip_s: Range = (5.0, 90.0)  # [A]
    cramp_reactions: tuple[float, ...] = (0.45, 0.15, 0.30, 0.10)  # in bed, sit, stand, none [A]
    cramp_walk_share: float = 0.5  # who stands up walks [A]
    cramp_stretch_share: float = 0.5  # ended by stretch, else by itself [V Bertolasi -> A]
    cramp_surge: Range = (1.3, 3.0)  # forced stretch first raises EMG [V Ross & Thomas -> A]
    cramp_removal_share: float = 0.05  # device torn off within minutes [A]
