"""The one table of numbers behind a simulated night, each with its source and evidence tag.

Tags: [V] read at the published source; [R-m] general knowledge, medium confidence, not read at a
source; [D] derived from tagged numbers; [A] assumption without a source. Names in brackets are the
publications, listed in docs/evidence.md; sleep-movement definitions follow AASM and WASM 2016.
Figures obtained on such nights are *simulation* figures.

Ranges ``(low, high)`` are drawn uniformly; ``LN(median, sigma)`` is a lognormal whose logarithm has
standard deviation sigma. Rates are per 8 h unless the name says otherwise.
"""

from dataclasses import dataclass
from fractions import Fraction

from crampdetect.detection.types import LOWEST_EMG_RATE

__all__ = ["NightParameters"]

Range = tuple[float, float]
LogNormal = tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class NightParameters:
    """How nights are drawn; every field is a default that may be replaced.

    Raises
    ------
    ValueError
        For an EMG rate below 200 Hz, an ACC rate below 25 Hz or a duration that is not positive.

    Examples
    --------
    >>> NightParameters(emg_rate=Fraction(500), duration_s=3600).emg_rate
    Fraction(500, 1)
    """

    # --- recording
    duration_s: float = 28_800.0  # 8 h, the unit of the base rates
    emg_rate: Fraction = Fraction(1000)  # Hz; lab norm >= 1000 [V2 SENIAM/ISEK]
    acc_rate: Fraction = Fraction(100)  # Hz; 50-100 needed for mechanomyogram (MMG) [R-m]
    emg_resolution_uv: float = 0.15  # 16 bit over +-4.9 mV, "rails 1.5-5 mV" [A]
    acc_resolution_g: float = 0.000125  # 16 bit over +-4.1 g (+-4 g part) [A]

    # --- rest
    resting_uv: Range = (1.5, 4.0)  # RMS of a relaxed calf, gel 1-3, dry 3-10 uV [R-m]
    amplifier_noise_uv: float = 0.4  # white; typical of 16-24 bit wearables [A]
    resting_drift_sd: float = 0.12  # of the log floor, correlation time below [A]
    resting_drift_time_s: float = 1200.0  # [A]
    sweat_share: float = 0.20  # nights whose floor rises by the factor below [A]
    sweat_factor: Range = (1.5, 4.0)  # [A]
    fasciculations_per_min: Range = (0.5, 20.0)  # log-uniform; 5-15 ms, peaks below [R-m]
    fasciculation_uv: Range = (20.0, 150.0)  # peak; 20-300 in the literature [R-m]
    myoclonus_per_h: LogNormal = (40.0, 1.0)  # 90th percentile 143.7/h [V Frauscher 2014]
    myoclonus_uv: Range = (10.0, 60.0)  # 75-150 ms bursts [R-h lengths, A amplitudes]
    heartbeat_share: float = 0.20  # nights with ECG crosstalk of 1-5 uV at 50-80 bpm [R-m]
    heartbeat_uv: Range = (1.0, 5.0)  # [R-m]
    maximal_contraction_uv: LogNormal = (120.0, 0.4)  # calf MVC RMS, older 50-250 uV [R-m]

    # --- mains
    mains_frequency: float = 50.0  # Hz
    mains_deviation: float = 0.1  # Hz, largest slow excursion [R-m]
    mains_uv: Range = (1.0, 5.0)  # amplitude of the fundamental, three harmonics beside it [R-m]
    mains_rise_share: float = 0.15  # nights with an hour-long step, e.g. heated blanket [A]
    mains_rise_uv: Range = (10.0, 50.0)  # [A]

    # --- cramps
    cramps_per_night: float = 1.1  # per 8 h; trial patients [V Roguin 2017]; 0.4 [V Frusso] to 3
    cramp_heterogeneity: float = 2.5  # gamma shape between persons, 2-3 [D from V]
    cramp_branching: float = 0.2  # cramps that follow a cramp (Hawkes) [A]
    cramp_branching_time_s: float = 3600.0  # threshold lowered >= 60 min [V Miller 2017 -> A]
    cramp_duration_s: LogNormal = (60.0, 0.8)  # 55.6 +- 19.2 s [V Minetto 2011 -> D]
    cramp_long_share: float = 0.10  # second, longer component [D]
    cramp_long_duration_s: LogNormal = (300.0, 0.6)  # "seconds to 10 min" [V Hallegraeff 2017]
    cramp_duration_clip_s: Range = (5.0, 900.0)  # [D]
    cramp_ramp_s: LogNormal = (3.0, 0.8)  # 10-90 %; clip below [R-m]/[A]
    cramp_ramp_clip_s: Range = (1.0, 10.0)  # "builds over ~1-10 s" [R-m]
    cramp_level: LogNormal = (8.0, 0.8)  # plateau over floor; x2-6 seen at night [V Chaney -> A]
    cramp_level_clip: Range = (2.0, 30.0)  # 5-95 % of the above [A]
    cramp_attenuated_share: float = 0.10  # focus beside the electrode: x0.3 [V focality; A]
    cramp_attenuation: float = 0.3  # [A]
    cramp_missed_share: float = 0.05  # focus elsewhere: nothing under the electrode [A]
    cramp_waxing_sd: float = 0.25  # log Ornstein-Uhlenbeck (OU) [V Minetto 2009 -> A]
    cramp_waxing_time_s: float = 4.0  # [A]
    cramp_roughness_sd: float = 0.15  # ISI CV 0.45 makes the envelope rough [D from V]
    cramp_roughness_time_s: float = 0.2  # [A]
    cramp_common_drive: float = 0.10  # depth at 1.4 Hz [V Minetto 2009 frequency, A depth]
    cramp_spectrum_scale: LogNormal = (1.15, 0.15)  # Serrao x1.35, Roeleveld [V -> A]
    cramp_tilt_sd_deg: float = 4.0  # plantarflexion seen at the shank [A]
    cramp_tremor_g: LogNormal = (0.006, 0.5)  # MMG 6-15 Hz, clip 2-20 mg [R-m]/[A]
    cramp_still_share: float = 0.85  # leg still at onset [V Chaney -> A]
    cramp_still_s: Range = (5.0, 45.0)  # shortest undisturbed time [V Chaney 41 +- 11 s -> A]
    cramp_prodrome_share: float = 0.40  # 0.3-2 twitches/s for up to 20 s before [R-m]/[A]
    cramp_awakening_s: LogNormal = (35.0, 0.5)  # latency [V Chaney -> A]
    cramp_reactions: tuple[float, ...] = (0.45, 0.15, 0.30, 0.10)  # in bed, sit, stand, none [A]
    cramp_stretch_share: float = 0.5  # ended by stretch, else by itself [V Bertolasi -> A]
    cramp_surge: Range = (1.3, 3.0)  # forced stretch first raises EMG [V Ross & Thomas -> A]
    cramp_after_share: float = 0.5  # floor x1.2-2 for 1-30 min afterwards [V Chaney -> A]
    cramp_after_factor: Range = (1.2, 2.0)  # "nearly twice baseline" [V Chaney]

    # --- movements
    body_movements: float = 54.0  # large muscle movements, 6.8/h [V Ibrahim 2023 -> D]
    body_movement_shape: float = 3.0  # gamma, from the quartiles 36-86 [D]
    posture_shifts: float = 13.0  # 1.6/h, among the body movements [V Skarpsno 2017]
    body_movement_s: LogNormal = (11.0, 0.5)  # mean 12.4 s, 3-45 s [V Ibrahim 2023]
    body_movement_uv: Range = (20.0, 200.0)  # log-uniform [A]
    body_movement_g: Range = (0.2, 1.5)  # peak, log-uniform [R-m]/[A]
    limb_movements: float = 30.0  # isolated [A]
    limb_movement_shape: float = 2.0  # gamma, range 0-100 [A]
    limb_movement_s: LogNormal = (1.8, 0.5)  # 0.5-10 s by rule [V AASM; A distribution]
    limb_movement_uv: Range = (8.0, 150.0)  # log-uniform; >= 8 uV by rule [V AASM; A]
    limb_movement_g: Range = (0.05, 0.5)  # peak [R-m]
    periodic_share: float = 0.35  # persons with periodic limb movements (PLM) [V/R-m]
    periodic_per_h: LogNormal = (12.0, 0.9)  # cap 90/h [V Frauscher 2014: 18 % above 15/h]
    periodic_interval_s: LogNormal = (25.0, 0.35)  # within 10-90 s [V WASM 2016; A]
    periodic_calf_share: Range = (0.2, 0.6)  # tibialis-dominant, calf gets this [R-m]
    rhythmic_share: float = 0.33  # nights with 1-4 trains [V Frauscher 2014]
    rhythmic_rate: Range = (0.3, 4.0)  # Hz [V Yang & Winkelman 2010]
    rhythmic_s: Range = (6.0, 60.0)  # [V Wichniak 2001 10-15 s; A]
    clonus_share: float = 0.01  # persons, 4-8 Hz [R-m]
    tonic_sleep_share: float = 0.05  # persons with tonic REM activity: floor x2-4 [V2]/[A]
    dystonia_share: float = 0.02  # persons, 1-3 holds of 5-60 min at 10-40 % MVC [R-m]/[A]
    motion_artefact_uv: Range = (50.0, 2000.0)  # raw, < 20 Hz, with each movement [A]

    # --- up and about
    toilet_trips: float = 1.3  # 85 % have >= 1 above 60 y [V NHANES]; rate [A]
    toilet_trip_s: Range = (120.0, 600.0)  # [R-m]
    standing_effort: Range = (0.05, 0.20)  # of MVC, active 74-98 % of the time [V dos Anjos]
    walking_effort: Range = (0.20, 0.60)  # of MVC in bursts at 0.7-1 Hz stride [R-h]
    hold_sessions: float = 0.5  # evening stretch of 6 x 10 s [V Hallegraeff; A share]
    single_holds: float = 0.5  # further holds of 2-20 s while awake [A]
    hold_effort: Range = (0.20, 0.80)  # of MVC [A]

    # --- contact and link
    pops: float = 2.0  # electrode steps with recovery 0.1-5 s [A]
    short_lead_off_share: float = 0.15  # nights with one of LN(30 s, 0.7) [A]
    long_lead_off_share: float = 0.05  # nights with one of 5-120 min [A; 4.9 % V Beniczky]
    dropouts: float = 5.0  # of LN(0.4 s, 1.2) [A]
    dropout_s: LogNormal = (0.4, 1.2)  # [A]
    long_dropout_share: float = 0.03  # nights with 1-20 min [A]
    acc_noise_g: Range = (0.002, 0.004)  # RMS per axis; datasheet class of wearables [A]

    def __post_init__(self) -> None:
        if self.emg_rate < LOWEST_EMG_RATE:
            raise ValueError(
                f"an EMG rate of {float(self.emg_rate):g} Hz cannot be simulated, "
                f"expected at least {int(LOWEST_EMG_RATE)} Hz"
            )
        if self.acc_rate < 25:
            raise ValueError(
                f"an ACC rate of {float(self.acc_rate):g} Hz cannot be simulated, "
                "expected at least 25 Hz"
            )
        if not self.duration_s > 0:
            raise ValueError(f"a night of {self.duration_s:g} s was asked, expected more than 0 s")
