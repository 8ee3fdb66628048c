"""A Replay made up from a few numbers, for tests of what is printed, drawn and kept.

Nothing here has seen the detector: the episodes are what the test says they are.
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from crampdetect.records import (
    EpisodeRecord,
    MinuteRecord,
    NightTrace,
    Quality,
    RecordingRecord,
    Replay,
    RunRecord,
    SignalRecord,
)

START = datetime(2026, 3, 13, 22, 47, 10, tzinfo=ZoneInfo("Europe/Berlin"))
CRAMPS = ((9_000.0, 41.0, "cramp"), (9_400.0, 64.0, "cramp"), (20_000.0, 180.0, "cramp"))
UNSURE = ((14_000.0, 22.0, "unsure"),)
STEP_S = 0.5


def night(
    hours: float = 8.0,
    found: tuple[tuple[float, float, str], ...] = CRAMPS + UNSURE,
    *,
    start: datetime | None = START,
    with_motion: bool = True,
    path: str = "night.edf",
    seed: int = 1,
) -> Replay:
    """A night of `hours` with `found` (onset_s, duration_s, kind) and the usual look-alikes."""
    duration_s = hours * 3600
    chance = np.random.default_rng(seed)
    moves = np.sort(chance.uniform(60, duration_s - 60, int(7 * hours)))
    spans = tuple((a, b, kind) for a, b, kind in found if a + b < duration_s)
    others = tuple((float(at), 9.0, "body_movement") for at in moves)
    others += ((duration_s * 0.5, 300.0, "upright"), (duration_s * 0.9, 4.0, "limb_movement"))
    invalid = (
        (0.0, 120.0, "warm_up"),
        (duration_s * 0.3, duration_s * 0.3 + 95.0, "gap"),
        (duration_s * 0.62, duration_s * 0.62 + 400.0, "lead_off"),
        (duration_s * 0.8, duration_s * 0.8 + 300.0, "mains"),
    )
    return Replay(
        recording=_recording(path, start, duration_s),
        run=RunRecord("0.1.0", "rules-1", "standard", "0123456789abcdef"),
        quality=_quality(duration_s, invalid),
        minutes=tuple(
            MinuteRecord(each, Quality(valid_s=60.0)) for each in range(int(duration_s // 60))
        ),
        episodes=tuple(_episode(each, start) for each in sorted(spans + others)),
        warnings=("channels EMG 2, EMG 3 were left out (choose with --emg)",),
        invalid_spans=invalid,
        trace=_trace(duration_s, spans, others, invalid, chance, with_motion),
    )


def _recording(path: str, start: datetime | None, duration_s: float) -> RecordingRecord:
    return RecordingRecord(
        id="6f0a4c2e-9a55-4b7e-8d53-1c9a1f0e2b11",
        content_hash="ab" * 32,
        path=path,
        format="EDF+C",
        start=start,
        start_local=None if start is None else start.replace(tzinfo=None),
        timezone=None if start is None else "Europe/Berlin",
        duration_s=duration_s,
        signals=(
            SignalRecord("emg", ("EMG Gastroc",), 500.0, "500/1", "uV", "spectral_reduced"),
            SignalRecord("acc", ("ACC X", "ACC Y", "ACC Z"), 50.0, "50/1", "g", "acc3"),
        ),
    )


def _quality(duration_s: float, invalid: tuple[tuple[float, float, str], ...]) -> Quality:
    lost = {cause: stop - begin for begin, stop, cause in invalid}
    return Quality(
        valid_s=duration_s - sum(lost.values()),
        gap_s=lost["gap"],
        lead_off_s=lost["lead_off"],
        mains_s=lost["mains"],
        warm_up_s=lost["warm_up"],
    )


def _episode(span: tuple[float, float, str], start: datetime | None) -> EpisodeRecord:
    onset_s, duration_s, kind = span
    moment = None
    if start is not None:
        moment = start.astimezone(UTC) + timedelta(seconds=onset_s)
    return EpisodeRecord(
        id=f"{kind}-{onset_s:.3f}",
        kind=kind,
        onset_s=round(onset_s, 3),
        duration_s=duration_s,
        onset=moment,
        probability={"cramp": 0.93, "unsure": 0.52}.get(kind, 0.04),
        reasons=("6 times the resting level", "leg still at onset"),
        measures={"plateau_ratio": 6.0},
        channel="EMG Gastroc",
    )


def _trace(
    duration_s: float,
    spans: tuple[tuple[float, float, str], ...],
    others: tuple[tuple[float, float, str], ...],
    invalid: tuple[tuple[float, float, str], ...],
    chance: np.random.Generator,
    with_motion: bool,
) -> NightTrace:
    time_s = np.arange(0.0, duration_s - 1.0, STEP_S)
    rest = 2.5 * np.exp(0.2 * np.sin(time_s / 4000))
    envelope = rest * chance.lognormal(0.05, 0.12, time_s.size)
    motion = 0.003 * chance.lognormal(0, 0.15, time_s.size)
    angle = np.full(time_s.size, 4.0)
    for onset, length, kind in spans + others:
        inside = (time_s >= onset) & (time_s < onset + length)
        envelope[inside] *= 6.0 if kind in ("cramp", "unsure") else 20.0
        motion[inside] *= 1.5 if kind in ("cramp", "unsure") else 80.0
        if kind == "body_movement":
            angle[time_s >= onset] = chance.uniform(-10, 15)
        if kind == "upright":
            angle[inside] = 86.0
    for begin, stop, _ in invalid:
        lost = (time_s >= begin) & (time_s < stop)
        envelope[lost] = np.nan
        rest[lost] = np.nan
    if not with_motion:
        motion, angle = np.full(time_s.size, np.nan), np.full(time_s.size, np.nan)
    return NightTrace(time_s, envelope, rest, motion, angle, "uV")
