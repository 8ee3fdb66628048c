"""What the shipped detector says about real stretches that were put into a warm rest."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path

import numpy as np

from crampdetect.detection.detector import Detector, Output
from crampdetect.detection.model import Model, parse_model
from crampdetect.detection.profiles import profile
from crampdetect.detection.types import Array, Episode, Samples, SignalInfo, Span
from crampdetect.learning.real_manifest import RealSegment, read_manifest
from crampdetect.learning.real_segments import load_segment
from crampdetect.learning.real_splices import Splice, as_samples, level_of, looped, spliced
from crampdetect.learning.real_split import read_split, segments_of
from crampdetect.learning.splicing import EMG_RATE, cramp_alone, motion_of, warm_rest
from crampdetect.resources import model_path
from crampdetect.session import DEFAULT_MODEL
from crampdetect.simulation import NightParameters, quiet, scripted_night
from crampdetect.simulation.cramps import Cramp
from crampdetect.simulation.events import Event
from tests.streams import ROOT

FOLDER = ROOT.parent / "shared" / "data"
DURATION_S = 1800.0
ONSETS = (240.0, 480.0, 720.0, 960.0, 1200.0)
#: The positive control: a cramp in the same rest, behind all look-alikes.
CONTROL = Cramp(onset_s=1560.0, duration_s=60.0, level=8.0)
SEED = 4
SHORTEST_WALK_S, LONGEST_S = 40.0, 100.0


def held_out_segments() -> tuple[RealSegment, ...]:
    """The test half of the manifest, and what has no licence to be learnt from."""
    models = ROOT / "models"
    held = segments_of(
        "test",
        read_manifest(models / "real_manifest.tsv"),
        read_split(models / "real_subjects.tsv"),
    )
    return held + read_manifest(ROOT / "tests" / "real_test_only.tsv", testing=True)


@cache
def default_model() -> Model:
    return parse_model(model_path(DEFAULT_MODEL).read_text(encoding="utf-8"), DEFAULT_MODEL)


@cache
def rest() -> Array:
    """A warm, silent rest with the control cramp in it."""
    values = warm_rest(SEED, DURATION_S, silent=True)
    add_cramp(values, CONTROL, level_of(values[: 60 * int(EMG_RATE)], EMG_RATE), 11)
    return values


def add_cramp(values: Array, cramp: Cramp, floor: float, seed: int) -> None:
    """Add a simulated cramp to an EMG whose rest has this level, in place."""
    activity = cramp_alone(cramp.duration_s, cramp.level, seed) * floor
    start = int(cramp.onset_s * EMG_RATE)
    stop = min(values.shape[0], start + activity.shape[0])
    values[start:stop] += activity[: stop - start]


@cache
def acceleration(events: tuple[Event, ...], duration_s: float = DURATION_S) -> Array:
    table = quiet(NightParameters(duration_s=duration_s, emg_rate=Fraction(1000)))
    night = scripted_night(events, table, SEED)
    found = [one.values for one in night.read() if one.stream == "acc" and isinstance(one, Samples)]
    return np.concatenate(found)


@dataclass(frozen=True)
class Said:
    episodes: tuple[Episode, ...]
    spans: tuple[Span, ...]

    def seconds(self, flag: str, start_s: float, stop_s: float) -> float:
        """Seconds of a quality flag within these bounds."""
        rate = float(EMG_RATE)
        return sum(
            max(0.0, min(one.stop / rate, stop_s) - max(one.start / rate, start_s))
            for one in self.spans
            if one.flag == flag
        )

    def within(self, start_s: float, stop_s: float) -> list[Episode]:
        rate = float(EMG_RATE)
        return [
            one
            for one in self.episodes
            if one.onset / rate < stop_s and one.offset / rate > start_s
        ]


def detect(emg: Array, acc: Array | None = None) -> Said:
    """The shipped default detector on one EMG channel and perhaps motion."""
    signals = [SignalInfo("emg", ("EMG",), EMG_RATE, "uV")]
    items: list[Samples] = list(as_samples(emg, EMG_RATE))
    if acc is not None:
        signals.append(SignalInfo("acc", ("X", "Y", "Z"), Fraction(100), "g"))
        motion = as_samples(acc, Fraction(100), "acc")
        items = [one for pair in zip(items, motion, strict=True) for one in pair]
    detector = Detector(signals, default_model(), profile("standard"))
    out: list[Output] = []
    for item in items:
        out += detector.push(item)
    out += detector.flush()
    return Said(
        tuple(one for one in out if isinstance(one, Episode)),
        tuple(one for one in out if isinstance(one, Span)),
    )


def lasting(segment: RealSegment, folder: Path = FOLDER) -> Array:
    """The stretch as long as it is; a few seconds of walking go on for longer."""
    values = load_segment(segment, folder, EMG_RATE)
    length = min(values.shape[0], int(LONGEST_S * EMG_RATE))
    if segment.activity in ("walking", "dead", "mains"):
        length = max(length, int(SHORTEST_WALK_S * EMG_RATE))
    if length == values.shape[0]:
        return values
    return looped(values, length, EMG_RATE, np.random.default_rng(1))


def judged(segment: RealSegment, ratio: float | None, motion: str) -> Said:
    """What is said of a stretch at five places.

    `ratio` None: its own level in microvolts. `motion`: ``none``, ``still`` or ``own``.
    """
    values = lasting(segment)
    floor = level_of(rest()[: 60 * int(EMG_RATE)], EMG_RATE)
    times = level_of(values, EMG_RATE) / floor if ratio is None else ratio
    emg = spliced(rest(), EMG_RATE, [Splice(values, onset, times) for onset in ONSETS])
    if motion == "none":
        return detect(emg)
    events: Iterable[Event] = ()
    if motion == "own":
        length_s = values.shape[0] / float(EMG_RATE)
        events = (one for at in ONSETS for one in motion_of(segment.activity, at, length_s))
    return detect(emg, acceleration((*events, CONTROL)))


def told(episodes: Sequence[Episode]) -> str:
    """Kind, seconds, probability and measures, for the message of a failure."""
    rate = float(EMG_RATE)
    return "\n".join(
        f"{one.kind} {one.onset / rate:.1f}-{one.offset / rate:.1f} s p={one.probability} "
        + " ".join(f"{name}={value:.3g}" for name, value in one.measures.items())
        for one in episodes
    )
