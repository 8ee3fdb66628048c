"""What the streams of a night say about themselves."""

from crampdetect.detection.types import SignalInfo
from crampdetect.simulation.parameters import NightParameters

__all__ = ["acc_info", "code_limits", "emg_info", "emg_step"]

_EMG_NAMES = {1: ("EMG Gastroc",), 2: ("EMG MG", "EMG LG")}
_ACC_NAMES = {1: ("ACC Z",), 3: ("ACC X", "ACC Y", "ACC Z")}


def code_limits(rail: float, resolution: float) -> tuple[int, int]:
    """Lowest and highest code of a converter with these rails, both ways.

    Examples
    --------
    >>> code_limits(4915.2, 0.15)
    (-32768, 32767)
    """
    half = round(rail / resolution)
    return -half, half - 1


def emg_step(parameters: NightParameters) -> float:
    """One converter code in the unit of the EMG stream: uV, or 1 in arbitrary units."""
    return parameters.emg_resolution_uv if parameters.emg_unit == "uV" else 1.0


def emg_info(parameters: NightParameters) -> SignalInfo:
    """Describe the EMG stream.

    A comb halves the step, since it gives the mean of two samples.

    Examples
    --------
    >>> info = emg_info(NightParameters(emg_channels=2))
    >>> info.channels, info.rails[1], info.resolution
    (('EMG MG', 'EMG LG'), (-4915.2, 4915.05), (0.15, 0.15))
    """
    n, step = parameters.emg_channels, emg_step(parameters)
    return SignalInfo(
        stream="emg",
        channels=_EMG_NAMES[n],
        nominal_sampling_frequency=parameters.emg_rate,
        unit=parameters.emg_unit,
        band=(parameters.emg_highpass, float(parameters.emg_rate) * 0.4),
        comb_filtered=parameters.comb_filtered,
        rails=(_rails(parameters.emg_rails_uv, parameters.emg_resolution_uv, step),) * n,
        resolution=(step / 2 if parameters.comb_filtered else step,) * n,
    )


def acc_info(parameters: NightParameters) -> SignalInfo | None:
    """Describe the ACC stream; None where there is no accelerometer."""
    n, step = parameters.acc_axes, parameters.acc_resolution_g
    if n == 0:
        return None
    return SignalInfo(
        stream="acc",
        channels=_ACC_NAMES[n],
        nominal_sampling_frequency=parameters.acc_rate,
        unit="g",
        rails=(_rails(parameters.acc_range_g, step, step),) * n,
        resolution=(step,) * n,
    )


def _rails(rail: float, resolution: float, step: float) -> tuple[float, float]:
    lowest, highest = code_limits(rail, resolution)
    return round(lowest * step, 9), round(highest * step, 9)
