"""A replayed recording as MNE's Raw: the signals that were judged, and what was found in them."""

from collections.abc import Mapping
from datetime import UTC
from typing import Any

import numpy as np

from crampdetect.detection.types import Array, Samples, SignalInfo
from crampdetect.errors import CrampdetectError
from crampdetect.records import Replay
from crampdetect.storage.recording import RecordingFile

__all__ = ["raw_array"]

MICROVOLT = 1e-6


def raw_array(recording: RecordingFile, replay: Replay) -> Any:  # noqa: ANN401 - no stable types
    """An ``mne.io.RawArray`` of the signals with annotations.

    Parameters
    ----------
    recording : RecordingFile
        Read once more, whole.
    replay : Replay
        Of that recording.

    Raises
    ------
    CrampdetectError
        If MNE is not installed.
    """
    try:
        import mne
    except ModuleNotFoundError as error:
        raise CrampdetectError(
            "this needs MNE, which is not installed; expected: pip install 'crampdetect[mne]'"
        ) from error
    values, gaps = _filled(recording)
    by_stream = {info.stream: info for info in recording.signals}
    emg = by_stream["emg"]
    scale = MICROVOLT if emg.unit == "uV" else 1.0
    rows = [values["emg"].T * scale]
    names, types = list(emg.channels), ["emg" if emg.unit == "uV" else "misc"] * len(emg.channels)
    if "acc" in by_stream:
        rows.append(_at_rate_of(emg, by_stream["acc"], values))
        names += [f"{each} (acc)" if each in names else each for each in by_stream["acc"].channels]
        types += ["misc"] * len(by_stream["acc"].channels)
    info = mne.create_info(names, float(emg.nominal_sampling_frequency), types)
    raw = mne.io.RawArray(np.concatenate(rows), info, verbose="error")
    if replay.recording.start is not None:
        raw.set_meas_date(replay.recording.start.astimezone(UTC))
    marks = sorted(_marks(replay) | gaps)
    onsets, durations, texts = zip(*marks, strict=True) if marks else ((), (), ())
    # Without orig_time, onsets count from the first sample, which is what they do here.
    raw.set_annotations(mne.Annotations(onsets, durations, texts), verbose="error")
    return raw


def _filled(
    recording: RecordingFile,
) -> tuple[dict[str, Array], set[tuple[float, float, str]]]:
    """Values by stream with 0 in gaps, and the gaps as marks."""
    values: dict[str, Array] = {
        info.stream: np.zeros((recording.lengths[info.stream], len(info.channels)))
        for info in recording.signals
    }
    rates = {info.stream: info.nominal_sampling_frequency for info in recording.signals}
    gaps: set[tuple[float, float, str]] = set()
    for item in recording.read():
        if isinstance(item, Samples):
            values[item.stream][item.start : item.stop] = item.values
        else:
            rate = rates[item.stream]
            gaps.add((float(item.start / rate), float((item.stop - item.start) / rate), "BAD_gap"))
    return values, gaps


def _at_rate_of(emg: SignalInfo, acc: SignalInfo, values: Mapping[str, Array]) -> Array:
    """Acceleration interpolated linearly to the instants of the EMG, shape (n_axes, n_samples)."""
    wanted = np.arange(len(values["emg"])) / float(emg.nominal_sampling_frequency)
    there = np.arange(len(values["acc"])) / float(acc.nominal_sampling_frequency)
    if not there.size:
        return np.zeros((len(acc.channels), wanted.size))
    return np.stack([np.interp(wanted, there, column) for column in values["acc"].T])


def _marks(replay: Replay) -> set[tuple[float, float, str]]:
    """Episodes and the file's own annotations, as far as they lie within the recording."""
    end = replay.recording.duration_s
    found = {(each.onset_s, each.duration_s, each.kind) for each in replay.episodes}
    own = {
        (each.onset_s, min(each.duration_s, end - each.onset_s), each.text)
        for each in replay.annotations
        if 0 <= each.onset_s < end
        and not each.text.upper().startswith("BAD_GAP")  # these come from the gaps themselves
    }
    return found | own
