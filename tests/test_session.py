"""Identity, notes and pacing of a session."""

from dataclasses import replace
from datetime import datetime
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest

from crampdetect.detection.types import Gap, Samples
from crampdetect.records import Replay
from crampdetect.resources import demo_recording
from crampdetect.session import Settings, replay_recording
from crampdetect.session_pacing import in_step
from crampdetect.storage.readers import open_recording
from crampdetect.storage.recording import ReadOptions, RecordingFile
from tests.streams import Leg

LEG = Leg(Fraction(500), Fraction(50), 200.0, ((120.0, 150.0, 6.0),), ())


def recording(tmp_path: Path, leg: Leg = LEG, **changes: object) -> RecordingFile:
    """The leg as a file would give it."""
    path = tmp_path / "night.bin"
    path.write_bytes(b"some night")
    lengths = {"emg": int(leg.seconds * leg.rate), "acc": int(leg.seconds * leg.acc_rate)}

    def read() -> list[Samples | Gap]:
        return [*leg.pieces("emg", 10**9), *leg.pieces("acc", 10**9)]

    opened = RecordingFile(
        path,
        "test",
        leg.signals(),
        None,
        None,
        Fraction(leg.seconds),
        lambda: iter(read()),
        {"emg": lengths["emg"], "acc": lengths["acc"]},
    )
    return replace(opened, **changes)  # type: ignore[arg-type]


def scored(opened: RecordingFile, **settings: object) -> Replay:
    return replay_recording(opened, Settings(**settings))  # type: ignore[arg-type]


def test_everything_that_decides_is_in_the_configuration_hash(tmp_path: Path) -> None:
    opened = recording(tmp_path)
    base = scored(opened).run.config_hash
    comb = tuple(replace(info, comb_filtered=info.stream == "emg") for info in LEG.signals())
    others = [
        scored(opened, profile="strict"),
        scored(opened, mains=60),
        scored(opened, shank_axis="z"),
        scored(replace(opened, signals=comb)),
        scored(replace(opened, options=ReadOptions(acc_unit="mg"))),
        scored(recording(tmp_path, replace(LEG, rate=Fraction(1000)))),
    ]
    hashes = [other.run.config_hash for other in others]
    assert len({base, *hashes}) == len(hashes) + 1
    # What does not decide is not in it.
    same = scored(opened, timezone="Europe/Oslo", participant="P", side="left")
    assert same.run.config_hash == base


def test_an_episodes_id_is_its_recording_configuration_channel_and_onset(tmp_path: Path) -> None:
    opened = recording(tmp_path)
    (episode,) = scored(opened).episodes
    assert scored(opened).episodes[0].id == episode.id
    assert scored(opened, profile="strict").episodes[0].id != episode.id
    later = recording(tmp_path, replace(LEG, bursts=((121.0, 150.0, 6.0),)))
    assert scored(later).episodes[0].id != episode.id


def test_a_stream_that_ends_early_is_missing_from_there(tmp_path: Path) -> None:
    opened = recording(tmp_path)
    short = [item for item in LEG.pieces("acc", 50) if item.stop <= 100 * 50]

    def read() -> list[Samples | Gap]:
        return [*LEG.pieces("emg", 10**9), *short]

    lengths = {**opened.lengths, "acc": 100 * 50}
    replay = scored(replace(opened, read=lambda: iter(read()), lengths=lengths))
    (episode,) = replay.episodes
    assert "still_at_onset_s" not in episode.measures  # judged without motion
    assert replay.quality.valid_s > 150.0
    early = [item for item in LEG.pieces("acc", 50) if item.stop <= 40 * 50]
    lengths = {**opened.lengths, "acc": 40 * 50}
    told = scored(
        replace(opened, read=lambda: iter([*LEG.pieces("emg", 10**9), *early]), lengths=lengths)
    )
    assert any("acceleration shows no motion for 80 %" in note for note in told.warnings)


def test_quality_adds_up_and_minutes_too() -> None:
    replay = replay_recording(open_recording(demo_recording()), Settings())
    total = sum(getattr(replay.quality, f"{name}_s") for name in FLAGS)
    assert total == pytest.approx(1800.0, abs=1e-6)
    assert len(replay.minutes) == 30
    for name in FLAGS:
        by_minute = sum(getattr(one.quality, f"{name}_s") for one in replay.minutes)
        assert by_minute == pytest.approx(getattr(replay.quality, f"{name}_s"), abs=1e-6)


FLAGS = ("valid", "gap", "lead_off", "mains", "clipped", "warm_up")


@pytest.mark.parametrize(
    ("start", "word"),
    [
        (datetime(2026, 3, 29, 2, 30), "never showed 2026-03-29 02:30:00"),
        (datetime(2026, 10, 25, 2, 30), "showed 2026-10-25 02:30:00 twice"),
    ],
)
def test_a_start_within_a_change_of_the_clock_is_told(
    tmp_path: Path, start: datetime, word: str
) -> None:
    replay = scored(recording(tmp_path, start_local=start), timezone="Europe/Oslo")
    assert any(word in note for note in replay.warnings)
    plain = scored(recording(tmp_path, start_local=start.replace(day=1)), timezone="Europe/Oslo")
    assert plain.warnings == ()


def test_long_gaps_come_in_step_and_whole() -> None:
    rates = {"emg": Fraction("1259.259"), "acc": Fraction(25)}
    day = 86400
    gaps = [Gap("emg", 0, int(day * rates["emg"]), "x"), Gap("acc", 0, day * 25, "x")]
    out = list(in_step(gaps, rates))  # type: ignore[arg-type]
    for stream, gap in zip(("emg", "acc"), gaps, strict=True):
        pieces = [one for one in out if one.stream == stream]
        assert pieces[0].start == gap.start
        assert pieces[-1].stop == gap.stop
        assert all(a.stop == b.start for a, b in pairwise(pieces))
        assert max(one.stop - one.start for one in pieces) <= 60 * rates[stream] + 1
    times = [float(one.start / rates[one.stream]) for one in out]
    assert times == sorted(times)
