"""NeuroKit2's EMG pipeline with its defaults: cleaning, amplitude, activation.

EMG only. A whole night takes minutes and gigabytes, so ``compare.py`` gives it a part of one.
"""

import neurokit2
from whole_recording import parse_arguments, print_result, read_signals


def main() -> None:
    """Read, process, count."""
    arguments = parse_arguments(__doc__)
    if arguments.night is None:
        return
    emg = read_signals(arguments.night, arguments.hours, "EMG")[0]
    _, found = neurokit2.emg_process(emg.values, sampling_rate=int(emg.rate))
    print_result(len(found["EMG_Onsets"]), emg.values.size / emg.rate / 3600)


if __name__ == "__main__":
    main()
