"""The table, first part: rest, skin, background twitches, heart and mains."""

from dataclasses import dataclass

__all__ = ["LogNormal", "Range", "RestParameters"]

Range = tuple[float, float]
LogNormal = tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class RestParameters:
    """What is always there; see `crampdetect.simulation.parameters` for how to read a line."""

    # --- rest
    resting_uv: Range = (1.5, 4.0)  # RMS of a relaxed calf, gel 1-3, dry 3-10 uV [R-m]
    resting_night_sd: float = 0.15  # of the log floor between nights, by placement [A]
    amplifier_noise_uv: float = 0.4  # white; typical of 16-24 bit wearables [A]
    resting_drift_sd: float = 0.12  # of the log floor within a night [A]
    resting_drift_time_s: float = 1200.0  # correlation time of that drift [A]
    maximal_contraction_uv: LogNormal = (120.0, 0.4)  # calf MVC RMS, older 50-250 uV [R-m]

    # --- skin and electrodes
    sweat_share: float = 0.20  # nights whose floor rises by the factor below until morning [A]
    sweat_factor: Range = (1.5, 4.0)  # [A]
    hf_loss_share: float = 0.20  # nights in which sweat bridges and high frequencies fade [A]
    hf_loss_db: Range = (1.5, 4.5)  # lost above 150 Hz by morning, "-3 dB drift" [A]
    ageing_share: float = 0.15  # nights in which contact noise rises as electrodes dry [A]
    ageing_uv: Range = (0.5, 3.0)  # white contact noise by morning, RMS [A]

    # --- background twitches and heart
    fasciculations_per_min: Range = (0.5, 20.0)  # log-uniform; 5-15 ms, peaks below [R-m]
    fasciculation_uv: Range = (20.0, 150.0)  # peak; 20-300 in the literature [R-m]
    myoclonus_per_h: LogNormal = (40.0, 1.0)  # 90th percentile 143.7/h [V Frauscher 2014]
    myoclonus_uv: Range = (10.0, 60.0)  # 75-150 ms bursts [R-h lengths, A amplitudes]
    heartbeat_share: float = 0.20  # nights with ECG crosstalk at 50-80 beats per min [R-m]
    heartbeat_uv: Range = (1.0, 5.0)  # [R-m]

    # --- mains
    mains_frequency: float = 50.0  # Hz; 60 in the Americas [R-h]
    mains_deviation: float = 0.1  # Hz, largest slow excursion [R-m]
    mains_uv: Range = (1.0, 5.0)  # amplitude of the fundamental, three harmonics beside it [R-m]
    mains_rise_share: float = 0.15  # nights with an hour-long step, e.g. heated blanket [A]
    mains_rise_persons: float = 0.30  # persons to whom such nights happen at all [A]
    mains_rise_uv: Range = (10.0, 50.0)  # [A]
