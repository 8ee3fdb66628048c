"""One session over one source: source -> detector -> what is printed and logged.

The same for live and replay. Indices become seconds and dates here, nowhere below.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from fractions import Fraction

from crampdetect.detection.detector import LOWEST_ACC_RATE, Detector
from crampdetect.detection.flow import Aligned
from crampdetect.detection.grid import bound
from crampdetect.detection.model import LARGEST_MODEL, Model, parse_model
from crampdetect.detection.profiles import Profile, profile
from crampdetect.detection.types import (
    Episode,
    Gap,
    Provisional,
    Samples,
    SignalInfo,
    Span,
    Stream,
)
from crampdetect.errors import ModelError
from crampdetect.records import Replay, RunRecord
from crampdetect.resources import model_path
from crampdetect.session_pacing import in_step
from crampdetect.session_records import (
    Wearing,
    clock_notes,
    episode_record,
    recording_record,
)
from crampdetect.session_trace import Spans, TraceCollector, UnseenMotion
from crampdetect.storage.recording import ReadOptions, RecordingFile
from crampdetect.version import __version__

__all__ = ["DETECTION_VERSION", "Settings", "replay_recording"]

#: Part of every configuration hash; raised whenever the core may give another result.
DETECTION_VERSION = 3
DEFAULT_MODEL = "boosted-1"
AXES = {"x": 0, "y": 1, "z": 2}


@dataclass(frozen=True, slots=True)
class Settings:
    """What a person chooses for a session.

    Parameters
    ----------
    profile : str
        ``"strict"``, ``"standard"`` or ``"sensitive"``.
    model : str or None
        Name of a shipped model or path of a model file; None is the default one.
    mains : 50, 60 or None
        None: decided from the signal.
    shank_axis : str
        ``"x"``, ``"y"`` or ``"z"``: accelerometer axis along the shank.
    timezone : str or None
        IANA name for files whose start has no zone.
    participant, side, muscle, electrode_site : str or None
    """

    profile: str = "standard"
    model: str | None = None
    mains: int | None = None
    shank_axis: str = "x"
    timezone: str | None = None
    participant: str | None = None
    side: str | None = None
    muscle: str | None = None
    electrode_site: str | None = None


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
    chosen, (model, model_hash) = profile(settings.profile), _load_model(settings.model)
    if settings.shank_axis not in AXES:
        raise ValueError(f"shank axis is {settings.shank_axis!r}; expected x, y or z")
    signals, notes = _usable(recording.signals)
    detector = Detector(
        signals, model, chosen, mains=settings.mains, shank_axis=AXES[settings.shank_axis]
    )
    spans, episodes = Spans(detector.rate), list[Episode]()
    unseen = UnseenMotion(signals)
    collector = TraceCollector(signals[0].unit, AXES[settings.shank_axis]) if trace else None
    for output in _outputs(detector, recording, signals, progress):
        if isinstance(output, Episode):
            episodes.append(output)
        elif isinstance(output, Span):
            spans.add(output)
        elif isinstance(output, Aligned):
            unseen.add(output)
            if collector is not None:
                collector.add(output)
    config_hash = _config_hash(signals, recording.options, chosen, model_hash, settings)
    who = Wearing(settings.participant, settings.side, settings.muscle, settings.electrode_site)
    record = recording_record(recording, signals, settings.timezone, who)
    return Replay(
        recording=record,
        run=RunRecord(__version__, model.name, chosen.name, config_hash),
        quality=spans.quality(),
        minutes=spans.minutes(),
        episodes=tuple(episode_record(one, record, config_hash, detector.rate) for one in episodes),
        annotations=recording.annotations,
        warnings=(*recording.warnings, *notes, *unseen.notes(), *clock_notes(record)),
        invalid_spans=spans.invalid(),
        trace=None if collector is None else collector.trace(),
    )


def _outputs(
    detector: Detector,
    recording: RecordingFile,
    signals: tuple[SignalInfo, ...],
    progress: Callable[[float], None] | None,
) -> Iterator[Episode | Provisional | Span | Aligned]:
    """Everything the detector says; a stream that ends early is said to be missing from there."""
    rates = {info.stream: info.nominal_sampling_frequency for info in signals}
    ends = {stream: bound(1, recording.duration, rate) for stream, rate in rates.items()}
    for item in in_step(_to_the_end(recording, rates, ends), rates):
        yield from detector.push(item)
        if progress is not None:
            progress(float(item.stop / rates[item.stream]))
    yield from detector.flush()


def _to_the_end(
    recording: RecordingFile, rates: dict[Stream, Fraction], ends: dict[Stream, int]
) -> Iterator[Samples | Gap]:
    """The items of the streams that are used; one that ends early is missing from there."""
    for item in recording.read():
        if item.stream not in rates:
            continue
        yield item
        if item.stop == recording.lengths[item.stream] < ends[item.stream]:
            yield Gap(item.stream, item.stop, ends[item.stream], "missing")


def _usable(signals: tuple[SignalInfo, ...]) -> tuple[tuple[SignalInfo, ...], list[str]]:
    """Leave out acceleration that is too slow to show motion."""
    kept, notes = [], []
    for info in signals:
        rate = info.nominal_sampling_frequency
        if info.stream == "acc" and rate < LOWEST_ACC_RATE:
            notes.append(
                f"acceleration at {float(rate):g} Hz is not used: at least {LOWEST_ACC_RATE} Hz "
                "are needed"
            )
        else:
            kept.append(info)
    return tuple(kept), notes


def _load_model(name: str | None) -> tuple[Model, str]:
    """The model and the SHA-256 of its file."""
    path = model_path(name or DEFAULT_MODEL)
    try:
        if path.stat().st_size > LARGEST_MODEL:
            raise ModelError(f"{path.name}: model is larger than {LARGEST_MODEL} bytes")
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ModelError(f"{path.name}: model cannot be read ({error})") from error
    return parse_model(text, name or DEFAULT_MODEL), hashlib.sha256(text.encode()).hexdigest()


def _config_hash(
    signals: tuple[SignalInfo, ...],
    options: ReadOptions,
    chosen: Profile,
    model_hash: str,
    settings: Settings,
) -> str:
    """Hash of everything that decides: code version, model, profile, signals, settings."""
    document = {
        "detection": DETECTION_VERSION,
        "model": model_hash,
        "profile": asdict(chosen),
        "mains": settings.mains,
        "shank_axis": settings.shank_axis,
        "signals": [
            [
                info.stream,
                list(info.channels),
                str(info.nominal_sampling_frequency),
                info.unit,
                info.comb_filtered,
            ]
            for info in signals
        ],
        # Motion is judged in g, so its unit decides; EMG only relative to its own rest.
        "acc_unit": options.acc_unit,
    }
    text = json.dumps(document, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]
