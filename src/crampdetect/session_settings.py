"""What a person chooses for a session, and the hash of everything that decides."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace

from crampdetect.detection.model import LARGEST_MODEL, Model, parse_model
from crampdetect.detection.profiles import Profile
from crampdetect.detection.types import SignalInfo
from crampdetect.errors import ModelError, RecordingError
from crampdetect.resources import model_path

__all__ = [
    "AXES",
    "DEFAULT_MODEL",
    "DETECTION_VERSION",
    "Settings",
    "config_hash",
    "load_model",
    "recorded",
    "settled",
]

#: Part of every configuration hash; raised whenever the core may give another result.
DETECTION_VERSION = 3
DEFAULT_MODEL = "boosted-3"
AXES = {"x": 0, "y": 1, "z": 2}


@dataclass(frozen=True, slots=True)
class Settings:
    """What a person chooses for a session.

    Parameters
    ----------
    profile : str or None
        ``"strict"``, ``"standard"`` or ``"sensitive"``. None, here and below: as the recording
        says, else as usual (standard; x).
    model : str or None
        Name of a shipped model or path of a model file; None is the default one.
    mains : 50, 60 or None
        None: decided from the signal.
    shank_axis : str or None
        ``"x"``, ``"y"`` or ``"z"``: accelerometer axis along the shank.
    timezone : str or None
        IANA name for files whose start has no zone.
    participant, side, muscle, electrode_site : str or None
    """

    profile: str | None = None
    model: str | None = None
    mains: int | None = None
    shank_axis: str | None = None
    timezone: str | None = None
    participant: str | None = None
    side: str | None = None
    muscle: str | None = None
    electrode_site: str | None = None


#: What holds where neither a person nor the recording says anything.
DEFAULTS = {"profile": "standard", "shank_axis": "x"}


def recorded(settings: Settings) -> dict[str, str]:
    """What is said, as text for the head of a capture."""
    said = {one.name: getattr(settings, one.name) for one in fields(settings)}
    return {name: str(value) for name, value in said.items() if value is not None}


def settled(settings: Settings, of_recording: Mapping[str, str]) -> Settings:
    """The settings with what was not said filled in: as recorded, else as usual.

    Parameters
    ----------
    settings : Settings
    of_recording : mapping of str to str
        What `recorded` gave when the night was captured; empty for files of others.

    Raises
    ------
    RecordingError
        The recording says something impossible.

    Examples
    --------
    >>> found = settled(Settings(side="left"), {"profile": "strict", "side": "right"})
    >>> found.profile, found.side, found.shank_axis
    ('strict', 'left', 'x')
    """
    filled: dict[str, object] = {}
    for one in fields(settings):
        value = of_recording.get(one.name, DEFAULTS.get(one.name))
        if getattr(settings, one.name) is None and value is not None:
            filled[one.name] = _mains(value) if one.name == "mains" else value
    return replace(settings, **filled)  # type: ignore[arg-type]


def _mains(text: str) -> int:
    if text not in ("50", "60"):
        raise RecordingError(f"the recording says mains of {text!r}; expected 50 or 60")
    return int(text)


def load_model(name: str | None) -> tuple[Model, str]:
    """The model and the SHA-256 of its file."""
    path = model_path(name or DEFAULT_MODEL)
    try:
        if path.stat().st_size > LARGEST_MODEL:
            raise ModelError(f"{path.name}: model is larger than {LARGEST_MODEL} bytes")
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ModelError(f"{path.name}: model cannot be read ({error})") from error
    return parse_model(text, name or DEFAULT_MODEL), hashlib.sha256(text.encode()).hexdigest()


def config_hash(
    signals: tuple[SignalInfo, ...],
    acc_unit: str | None,
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
        "acc_unit": acc_unit,
    }
    text = json.dumps(document, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]
