"""One session over one recording: source -> detector -> what is printed and logged.

The same for live and replay (`session_judging`, `session_night`). Indices become seconds and dates
here, nowhere below.
"""

from collections.abc import Callable, Iterator
from fractions import Fraction

from crampdetect.detection.grid import bound
from crampdetect.detection.types import Gap, Samples, Stream
from crampdetect.records import Replay
from crampdetect.session_judging import Judging
from crampdetect.session_settings import DEFAULT_MODEL, DETECTION_VERSION, Settings
from crampdetect.storage.recording import RecordingFile

__all__ = ["DEFAULT_MODEL", "DETECTION_VERSION", "Settings", "replay_recording"]


def replay_recording(
    recording: RecordingFile,
    settings: Settings,
    *,
    progress: Callable[[float], None] | None = None,
    trace: bool = False,
) -> Replay:
    """Find the episodes of a recording.

    Parameters
    ----------
    recording : RecordingFile
    settings : Settings
    progress : callable, optional
        Called with the seconds of the recording done so far.
    trace : bool
        Collect what a picture needs.

    Raises
    ------
    RecordingError
        The recording cannot be read to its end.
    ModelError
        The model is not one, or does not fit the recording.
    ValueError
        A setting is not one of those allowed.
    """
    judging = Judging(
        recording.signals,
        settings,
        acc_unit=recording.options.acc_unit,
        recorded=recording.settings,
        trace=trace,
    )
    rates = {info.stream: info.nominal_sampling_frequency for info in judging.signals}
    for item in _to_the_end(recording, rates):
        judging.push(item)
        if progress is not None:
            progress(float(item.stop / rates[item.stream]))
    judging.finish()
    return judging.replay(recording)


def _to_the_end(recording: RecordingFile, rates: dict[Stream, Fraction]) -> Iterator[Samples | Gap]:
    """The items of the streams that are used; one that ends early is missing from there."""
    ends = {stream: bound(1, recording.duration, rate) for stream, rate in rates.items()}
    for item in recording.read():
        if item.stream not in rates:
            continue
        yield item
        if item.stop == recording.lengths[item.stream] < ends[item.stream]:
            yield Gap(item.stream, item.stop, ends[item.stream], "missing")
