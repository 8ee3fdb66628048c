"""Replays for the tests of the log, and a check that they are what a session would give."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from crampdetect.records import (
    EpisodeRecord,
    MinuteRecord,
    Quality,
    RecordingRecord,
    Replay,
    RunRecord,
    SignalRecord,
)
from crampdetect.storage.log_values import check_replay

BERLIN = ZoneInfo("Europe/Berlin")
EMG = SignalRecord("emg", ("Gastroc",), 1259.259259, "34000/27", "uV", "spectral", ("no notes",))
ACC = SignalRecord("acc", ("X", "Y", "Z"), 148.148148, "4000/27", "g", "acc3")


def example_replay(
    recording: str = "rec-0",
    *,
    config: str = "standard-1",
    kinds: tuple[str, ...] = ("cramp", "unsure", "limb_movement"),
    hours: float = 8.0,
    start: datetime | None = datetime(2026, 5, 4, 22, 30, tzinfo=BERLIN),
) -> Replay:
    """A night with 5 % of it lost and one episode of each kind named, an hour apart."""
    duration = hours * 3600
    episodes = tuple(
        EpisodeRecord(
            id=f"{recording}-{config}-{index}",
            kind=kind,
            onset_s=600.125 + 60 * index,
            duration_s=42.5,
            onset=None if start is None else start + timedelta(seconds=600.125 + 60 * index),
            probability=0.875,
            reasons=("the calf was tense for 42 s", "the leg lay still"),
            measures={"duration": 42.5, "rise": -0.25},
            channel="Gastroc",
            alerted=index == 0,
        )
        for index, kind in enumerate(kinds)
    )
    return Replay(
        recording=RecordingRecord(
            id=recording,
            content_hash="ab" * 32,
            path=f"nights/{recording}.edf",
            format="EDF+C",
            start=start,
            start_local=None if start is None else start.replace(tzinfo=None),
            timezone=None if start is None else "Europe/Berlin",
            duration_s=duration,
            signals=(EMG, ACC),
        ),
        run=RunRecord("0.1.0", "rules-1", "standard", config),
        quality=Quality(valid_s=0.95 * duration, gap_s=0.04 * duration, warm_up_s=0.01 * duration),
        minutes=tuple(
            MinuteRecord(index, Quality(valid_s=57.0, gap_s=2.5, warm_up_s=0.5))
            for index in range(round(hours * 60))
        ),
        episodes=episodes,
    )


def with_recording(replay: Replay, **changes: object) -> Replay:
    """The same replay of a recording that is described otherwise."""
    return replace(replay, recording=replace(replay.recording, **changes))  # type: ignore[arg-type]


def test_the_example_is_a_replay_that_the_log_takes() -> None:
    replay = example_replay()
    check_replay(replay)
    assert replay.recording.start is not None
    assert replay.recording.start.astimezone(UTC).hour == 20
    total = sum(
        (getattr(replay.quality, name) for name in Quality.__slots__),
        start=0.0,
    )
    assert abs(total - replay.recording.duration_s) < 1e-6
