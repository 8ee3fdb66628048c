"""The plain offline script: what one writes with numpy and scipy when the night fits in memory.

Zero-phase band-pass and mains notches, RMS in windows of 1 s, a threshold over a running
percentile, motion before the onset as the one reason against. No spectrum, no gaps, no signal
quality, no posture, no log.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from scipy.ndimage import percentile_filter
from scipy.signal import butter, iirnotch, sosfiltfilt, tf2sos
from whole_recording import Signal, parse_arguments, print_result, read_signals

Array = NDArray[np.float64]

MAINS_HZ = 50
WINDOW_S, STEP_S = 1.0, 0.5
#: The level at rest is the lowest fifth of the ten minutes around.
REST_PERCENTILE, REST_S = 20, 600
#: Active from three times the level at rest, for at least five seconds.
ACTIVE_RATIO, SHORTEST_S = 3.0, 5.0
#: The leg moved (g, RMS of the axes) in the two seconds before.
MOTION_G, BEFORE_S = 0.02, 2.0


def filtered(signal: Signal) -> Array:
    """Band-pass 20-450 Hz (or what the rate allows) without mains hum and its harmonics."""
    high = min(450.0, 0.45 * signal.rate)
    band = butter(4, (20.0, high), "bandpass", fs=signal.rate, output="sos")
    notches = [
        tf2sos(*iirnotch(hum, 30.0, fs=signal.rate)) for hum in range(MAINS_HZ, int(high), MAINS_HZ)
    ]
    return np.asarray(sosfiltfilt(np.vstack([band, *notches]), signal.values))


def root_mean_squares(values: Array, rate: float) -> Array:
    """RMS of each window."""
    windows = sliding_window_view(values, int(WINDOW_S * rate))[:: int(STEP_S * rate)]
    return np.asarray(np.sqrt(np.mean(windows**2, axis=1)))


def motion(axes: list[Signal]) -> Array | None:
    """Dynamic acceleration of each window, in g; None without acceleration."""
    if not axes:
        return None
    highpass = butter(2, 0.5, "highpass", fs=axes[0].rate, output="sos")
    squares = [
        root_mean_squares(sosfiltfilt(highpass, axis.values), axis.rate) ** 2 for axis in axes
    ]
    return np.asarray(np.sqrt(np.sum(squares, axis=0)))


def find_events(emg: Signal, axes: list[Signal]) -> list[tuple[float, float]]:
    """Onset and duration in seconds of what stays active and does not follow motion."""
    level = root_mean_squares(filtered(emg), emg.rate)
    moved = motion(axes)
    resting = percentile_filter(level, REST_PERCENTILE, size=int(REST_S / STEP_S), mode="nearest")
    edges = np.diff((level > ACTIVE_RATIO * resting).astype(int), prepend=0, append=0)
    events: list[tuple[float, float]] = []
    for start, stop in zip(np.flatnonzero(edges > 0), np.flatnonzero(edges < 0), strict=True):
        before = slice(max(0, start - int(BEFORE_S / STEP_S)), start + 1)
        is_still = moved is None or moved[before].max(initial=0.0) < MOTION_G
        if is_still and (stop - start) * STEP_S >= SHORTEST_S:
            events.append((float(start * STEP_S), float((stop - start) * STEP_S)))
    return events


def main() -> None:
    """Read, filter, threshold, count."""
    arguments = parse_arguments(__doc__)
    if arguments.night is None:
        return
    emg = read_signals(arguments.night, arguments.hours, "EMG")[0]
    events = find_events(emg, read_signals(arguments.night, arguments.hours, "ACC"))
    print_result(len(events), emg.values.size / emg.rate / 3600)


if __name__ == "__main__":
    main()
