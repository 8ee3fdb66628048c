"""Recordings to learn from: real look-alikes in simulated rest, simulated cramps in real rest."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import numpy as np

from crampdetect.detection.types import Array, Samples, SignalInfo, Stream
from crampdetect.learning.real_manifest import RealSegment
from crampdetect.learning.real_segments import load_segment
from crampdetect.learning.real_splices import Splice, as_samples, level_of, looped, spliced
from crampdetect.simulation import NightParameters, SimulatedNight, quiet, scripted_night
from crampdetect.simulation.cramps import Cramp
from crampdetect.simulation.events import Event
from crampdetect.simulation.holds import VoluntaryHold
from crampdetect.simulation.movements import BodyMovement
from crampdetect.simulation.truth import EventKind, TruthEvent
from crampdetect.simulation.upright import Upright

__all__ = ["EMG_RATE", "Spliced", "cramp_alone", "motion_of", "spliced_candidates", "warm_rest"]

EMG_RATE = Fraction(1000)
DURATION_S = 1800.0
#: First place, and seconds from one to the next: the rest is learnt, and known again between.
FIRST_S, EVERY_S = 240.0, 250.0
PLACES = 6
#: What the look-alikes are called, and seconds they are made to last: (shortest, longest).
CALLED: dict[str, tuple[EventKind, tuple[float, float]]] = {
    "walking": ("upright", (15.0, 120.0)),
    "hold": ("voluntary_hold", (10.0, 120.0)),
    "squat": ("body_movement", (10.0, 90.0)),
    "contraction": ("limb_movement", (8.0, 90.0)),
    "dead": ("lead_off", (30.0, 120.0)),
    "mains": ("artefact", (30.0, 120.0)),
}
#: RMS over rest: what lies there (log-uniform) [A].
LEVELS = (2.5, 20.0)
QUIETER = (0.3, 1.0)


@dataclass(frozen=True, slots=True, eq=False)
class Spliced:
    """A recording to learn from, ready for a detector.

    Parameters
    ----------
    signals : tuple of SignalInfo
    items : tuple of Samples
        Of all streams, in time order.
    truth : tuple of TruthEvent
    subject : str
        Whose muscle it is.
    """

    signals: tuple[SignalInfo, ...]
    items: tuple[Samples, ...]
    truth: tuple[TruthEvent, ...]
    subject: str


def spliced_candidates(
    manifest: Sequence[RealSegment], folder: Path, seed: int
) -> Iterator[Spliced]:
    """Each stretch of a manifest in two recordings: EMG alone, and EMG beside simulated motion.

    Look-alikes come at six places of half an hour of simulated rest, looped to different lengths
    and at different levels; into a real rest come simulated cramps.

    Parameters
    ----------
    manifest : sequence of RealSegment
        Only those that may be learnt from (``real_manifest.segments_of``).
    folder : Path
        Of the recordings.
    seed : int

    Yields
    ------
    Spliced

    Raises
    ------
    RecordingError
        A file is missing, another one or too short.
    """
    for number, segment in enumerate(manifest):
        rng = np.random.default_rng((seed, number))
        values = load_segment(segment, folder, EMG_RATE)
        for moving in (False, True):
            if segment.activity == "rest":
                yield _cramps_in(segment, values, moving, rng)
            else:
                yield _look_alike(segment, values, moving, rng)


def warm_rest(seed: int, duration_s: float = DURATION_S, *, silent: bool = False) -> Array:
    """The EMG of a simulated rest in which nothing happens, shape (n_samples,), in uV.

    Parameters
    ----------
    seed : int
    duration_s : float
    silent : bool
        Without hum, twitches, heart beats and drift.
    """
    return _stream(_night([], seed, duration_s, silent), "emg")[:, 0]


def cramp_alone(length_s: float, level: float, seed: int) -> Array:
    """What a simulated cramp adds to a rest of 1 uV, from its onset to 30 s after its end.

    Returns
    -------
    Array, shape (n_samples,)
    """
    before_s, after_s = 30.0, 30.0
    cramp = Cramp(onset_s=before_s, duration_s=length_s, level=level)
    duration_s = before_s + length_s + after_s
    calm = _night([], seed, duration_s, True)
    with_it = _night([cramp], seed, duration_s, True)
    difference = _stream(with_it, "emg") - _stream(calm, "emg")
    start = int(before_s * EMG_RATE)
    return np.asarray(difference[start:, 0] / calm.truth.resting_uv, dtype=np.float64)


def motion_of(activity: str, onset_s: float, length_s: float) -> list[Event]:
    """Movements, without EMG of their own, that go with an activity."""
    if activity == "walking":
        return [Upright(onset_s=onset_s - 4, duration_s=length_s + 8, walks_s=length_s / 2)]
    if activity == "squat":
        return [
            Upright(onset_s=onset_s - 4, duration_s=length_s + 8),
            BodyMovement(onset_s=onset_s, duration_s=length_s),
        ]
    if activity == "contraction":
        return [BodyMovement(onset_s=onset_s - 0.5, duration_s=length_s + 1, motion_g=0.3)]
    if activity == "hold":
        return [VoluntaryHold(onset_s=onset_s, duration_s=length_s)]
    return []


def _look_alike(
    segment: RealSegment, values: Array, moving: bool, rng: np.random.Generator
) -> Spliced:
    kind, (shortest, longest) = CALLED[segment.activity]
    splices, truth, events = [], [], list[Event]()
    low, high = QUIETER if kind == "lead_off" else LEVELS
    for place in range(PLACES):
        onset_s = FIRST_S + EVERY_S * place + float(rng.uniform(0.0, 30.0))
        length_s = float(np.exp(rng.uniform(np.log(shortest), np.log(longest))))
        ratio = float(np.exp(rng.uniform(np.log(low), np.log(high))))
        part = looped(values, int(length_s * EMG_RATE), EMG_RATE, rng)
        splices.append(Splice(part, onset_s, ratio))
        level = max(1.0, ratio)
        truth.append(TruthEvent(kind, onset_s, length_s, level, f"real {segment.activity}"))
        events += motion_of(segment.activity, onset_s, length_s)
    seed = int(rng.integers(2**31))
    emg = spliced(warm_rest(seed), EMG_RATE, splices)
    return _recording(emg, events if moving else None, truth, seed, segment.subject)


def _cramps_in(
    segment: RealSegment, values: Array, moving: bool, rng: np.random.Generator
) -> Spliced:
    rest = looped(values, int(DURATION_S * EMG_RATE), EMG_RATE, rng)
    floor = level_of(values, EMG_RATE)
    truth, cramps = [], list[Event]()
    for place in range(PLACES):
        onset_s = FIRST_S + EVERY_S * place + float(rng.uniform(0.0, 30.0))
        length_s = float(np.clip(60.0 * np.exp(0.6 * rng.standard_normal()), 10.0, 180.0))
        level = float(np.clip(6.0 * np.exp(0.6 * rng.standard_normal()), 2.0, 30.0))
        cramp = Cramp(onset_s=onset_s, duration_s=length_s, level=level)
        activity = cramp_alone(length_s, level, int(rng.integers(2**31)))
        start = int(onset_s * EMG_RATE)
        rest[start : start + activity.shape[0]] += floor * activity
        truth.append(replace(cramp.truth(), detail="simulated cramp in a real rest"))
        cramps.append(cramp)
    seed = int(rng.integers(2**31))
    return _recording(rest, cramps if moving else None, truth, seed, segment.subject)


def _recording(
    emg: Array,
    events: list[Event] | None,
    truth: Sequence[TruthEvent],
    seed: int,
    subject: str,
) -> Spliced:
    """EMG as given, with the motion of `events` beside it (None: no accelerometer)."""
    night = _night(events or [], seed, DURATION_S, True)
    info, acc = night.signals
    # The real converter's rails and steps are not those of the simulated one.
    signals = [replace(info, channels=("EMG",), rails=(), resolution=())]
    items = list(as_samples(emg, EMG_RATE))
    if events is not None:
        signals.append(acc)
        motion = as_samples(_stream(night, "acc"), acc.nominal_sampling_frequency, "acc")
        items = [item for pair in zip(items, motion, strict=True) for item in pair]
    return Spliced(tuple(signals), tuple(items), tuple(truth), subject)


def _night(events: list[Event], seed: int, duration_s: float, silent: bool) -> SimulatedNight:
    table = NightParameters(duration_s=duration_s, emg_rate=EMG_RATE)
    return scripted_night(events, quiet(table) if silent else table, seed)


def _stream(night: SimulatedNight, stream: Stream) -> Array:
    parts = [
        item.values for item in night.read() if isinstance(item, Samples) and item.stream == stream
    ]
    return np.concatenate(parts)
