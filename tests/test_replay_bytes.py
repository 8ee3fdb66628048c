"""The document of a replay is the same bytes, however the recording was read."""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crampdetect.detection.types import Gap, Samples, SignalInfo, Stream
from crampdetect.outputs.replay_document import document_text
from crampdetect.session import Settings, replay_recording
from crampdetect.storage.edf_writer import write_edf
from crampdetect.storage.readers import open_recording
from crampdetect.storage.recording import ReadOptions, RecordingFile
from tests.laws import cut
from tests.streams import Item, Leg

BURSTS = ((80.0, 110.0, 6.0), (118.0, 121.0, 8.0))
RULES = Settings(model="rules-1", profile="standard-1")
RATES = [Fraction(200), Fraction(1000), Fraction("1259.259"), Fraction(2500)]


def opened(path: Path, leg: Leg, read: list[Item]) -> RecordingFile:
    """A recording that is read as `read` says."""
    lengths = {"emg": int(leg.seconds * leg.rate), "acc": int(leg.seconds * leg.acc_rate)}
    return RecordingFile(
        path,
        "test",
        leg.signals(),
        None,
        None,
        Fraction(leg.seconds),
        lambda: iter(read),
        {"emg": lengths["emg"], "acc": lengths["acc"]},
    )


def text(path: Path, leg: Leg, read: list[Item]) -> str:
    """What the default model says, and the rules, which call these steps of noise cramps."""
    ways = (Settings(), RULES)
    return document_text([replay_recording(opened(path, leg, read), way) for way in ways])


def by_time(leg: Leg, items: Iterator[Item]) -> list[Item]:
    """In order of their start over both streams, as readers give them."""
    rates = {"emg": leg.rate, "acc": leg.acc_rate}
    return sorted(items, key=lambda item: item.start / rates[item.stream])


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(RATES),
    st.lists(st.tuples(st.floats(5.0, 150.0), st.floats(0.003, 8.0)), max_size=2),
    st.lists(st.integers(1, 5000), min_size=1, max_size=6),
)
def test_any_cut_gives_the_same_document(
    tmp_path: Path, rate: Fraction, holes: list[tuple[float, float]], sizes: list[int]
) -> None:
    (tmp_path / "night").write_bytes(b"some night")
    gaps: list[tuple[float, float]] = []
    for start, length in sorted(holes):
        if not gaps or start > gaps[-1][1] + 0.1:
            gaps.append((start, start + length))
    leg = Leg(rate, Fraction(50), 165.0, BURSTS, ((95.0, 100.0),), tuple(gaps))
    whole = [*leg.pieces("emg", 10**9), *leg.pieces("acc", 10**9)]
    expected = text(tmp_path / "night", leg, by_time(leg, iter(whole)))
    parts = [
        part
        for number, item in enumerate(whole)
        for part in cut(item, sizes[number % len(sizes)] + 40)
    ]
    assert text(tmp_path / "night", leg, by_time(leg, iter(parts))) == expected
    assert '"cramp"' in expected or gaps


@pytest.mark.parametrize("seconds", [0.001, 0.02, 0.737, 60.0])
def test_sample_by_sample_to_blocks_of_a_minute(tmp_path: Path, seconds: float) -> None:
    (tmp_path / "night").write_bytes(b"some night")
    leg = Leg(Fraction(500), Fraction(25), 130.0, BURSTS[:1], ((95.0, 100.0),), ((60.1, 61.0),))
    size = {"emg": max(1, int(seconds * leg.rate)), "acc": max(1, int(seconds * leg.acc_rate))}
    parts = [*leg.pieces("emg", size["emg"]), *leg.pieces("acc", size["acc"])]
    whole = [*leg.pieces("emg", 10**9), *leg.pieces("acc", 10**9)]
    cut_up = text(tmp_path / "night", leg, by_time(leg, iter(parts)))
    assert cut_up == text(tmp_path / "night", leg, by_time(leg, iter(whole)))
    assert '"kind": "cramp"' in cut_up


def test_unselected_channels_change_nothing(tmp_path: Path) -> None:
    leg = Leg(Fraction(500), Fraction(25), 200.0, BURSTS, ((95.0, 100.0),), ((60.1, 61.0),))
    emg, acc = leg.signals()
    both = SignalInfo("emg", ("EMG Gastroc", "EMG Chin"), leg.rate, "uV")
    noise = np.random.default_rng(3).normal(size=(int(leg.seconds * leg.rate), 1)) * 80.0

    def two() -> Iterator[Samples | Gap]:
        for item in leg.pieces("emg", 5000):
            if isinstance(item, Samples):
                beside = np.ascontiguousarray(noise[item.start : item.stop])
                yield replace(item, values=np.concatenate((item.values, beside), axis=1))
            else:
                yield item
        yield from leg.pieces("acc", 250)

    def one() -> Iterator[Samples | Gap]:
        yield from leg.pieces("emg", 5000)
        yield from leg.pieces("acc", 250)

    lengths: dict[Stream, int] = {
        "emg": int(leg.seconds * leg.rate),
        "acc": int(leg.seconds * leg.acc_rate),
    }
    grid: dict[tuple[Stream, int], tuple[float, float]] = {("emg", 0): (-500.0, 500.0)}
    single = replace(emg, channels=("EMG Gastroc",))
    alone = write_edf(
        tmp_path / "one.edf",
        (single, acc),
        one,
        lengths=lengths,
        start_local=None,
        ranges=grid,
    )
    beside = write_edf(
        tmp_path / "two.edf",
        (both, acc),
        two,
        lengths=lengths,
        start_local=None,
        ranges=grid,
    )
    options = ReadOptions(emg=("EMG Gastroc",))
    found = [replay_recording(open_recording(path, options), RULES) for path in (alone, beside)]
    said = [
        [(one.kind, one.onset_s, one.duration_s) for one in replay.episodes] for replay in found
    ]
    assert said[0] == said[1]
    assert "cramp" in [kind for kind, _, _ in said[0]]
    assert found[0].quality == found[1].quality
