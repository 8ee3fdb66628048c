"""BioSPPy's EMG pipeline with its defaults: high-pass filter and onsets of activity.

EMG only; BioSPPy joins no acceleration to it.
"""

from biosppy.signals.emg import emg as process_emg
from whole_recording import parse_arguments, print_result, read_signals


def main() -> None:
    """Read, process, count."""
    arguments = parse_arguments(__doc__)
    if arguments.night is None:
        return
    emg = read_signals(arguments.night, arguments.hours, "EMG")[0]
    found = process_emg(emg.values, sampling_rate=emg.rate, show=False)
    print_result(len(found["onsets"]), emg.values.size / emg.rate / 3600)


if __name__ == "__main__":
    main()
