"""Real stretches in a rest: no seam, no shift, the level that was asked for."""

from fractions import Fraction
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crampdetect.detection.types import Array
from crampdetect.learning.real_manifest import Activity, RealSegment
from crampdetect.learning.real_segments import resampled
from crampdetect.learning.real_splices import Splice, as_samples, level_of, looped, spliced
from crampdetect.learning.splicing import (
    EMG_RATE,
    cramp_alone,
    motion_of,
    spliced_candidates,
    warm_rest,
)

RATE = Fraction(1000)


def noise(seconds: float, level: float = 1.0, seed: int = 1) -> Array:
    """Noise between 60 and 200 Hz: what the filter leaves as it is, mostly."""
    generator = np.random.default_rng(seed)
    count = int(seconds * RATE)
    spectrum = np.fft.rfft(generator.normal(size=count))
    frequencies = np.fft.rfftfreq(count, 1 / 1000)
    spectrum[(frequencies < 65) | (frequencies > 95)] = 0
    values = np.fft.irfft(spectrum, count)
    return np.asarray(values / values.std() * level)


@pytest.mark.parametrize("rate", [Fraction(44100), Fraction(34000, 27), Fraction(2000)])
def test_a_tone_stays_a_tone_at_another_rate(rate: Fraction) -> None:
    time = np.arange(int(2 * rate)) / float(rate)
    found = resampled(np.sin(2 * np.pi * 80 * time), rate, RATE)
    expected = np.sin(2 * np.pi * 80 * np.arange(found.shape[0]) / 1000)
    assert abs(found.shape[0] - 2000) <= 1
    np.testing.assert_allclose(found[100:-100], expected[100:-100], atol=0.02)


def test_what_is_above_half_the_new_rate_does_not_fold() -> None:
    time = np.arange(20000) / 10000
    found = resampled(np.sin(2 * np.pi * 900 * time), Fraction(10000), RATE)
    assert np.abs(found[100:-100]).max() < 0.01


def test_rates_without_a_common_multiple_are_refused() -> None:
    with pytest.raises(ValueError, match="common multiple"):
        resampled(np.zeros(10), Fraction(1000003, 7), RATE)


@settings(max_examples=30, deadline=None)
@given(st.floats(0.5, 10.0), st.integers(1000, 30000), st.integers(0, 1000))
def test_a_loop_is_as_long_as_asked_and_as_loud_throughout(
    seconds: float, length: int, seed: int
) -> None:
    values = noise(max(seconds, 1.1), 3.0)
    found = looped(values, length, RATE, np.random.default_rng(seed))
    assert found.shape == (length,)
    pieces = found[: length // 500 * 500].reshape(-1, 500).std(axis=1)
    assert pieces.min() > 0.6 * 3.0 * 0.7
    assert pieces.max() < 1.5 * 3.0


def test_a_stretch_that_is_too_short_to_loop_is_refused() -> None:
    with pytest.raises(ValueError, match=r"0\.5 s to loop; expected at least 1 s"):
        looped(noise(0.5), 5000, RATE, np.random.default_rng(1))


@pytest.mark.parametrize("ratio", [0.5, 4.0, 8.0])
def test_a_splice_has_its_level_and_its_place_and_leaves_the_rest_alone(ratio: float) -> None:
    rest = noise(120.0, 2.0)
    before = rest.copy()
    out = spliced(rest, RATE, [Splice(noise(20.0, 500.0, 2), 70.0, ratio)])
    assert (rest == before).all()
    assert (out[:70_000] == rest[:70_000]).all()
    assert (out[90_000:] == rest[90_000:]).all()
    inside = level_of(out[71_000:89_000], RATE) / level_of(rest[:60_000], RATE)
    assert inside == pytest.approx(ratio, rel=0.05)
    # No click at the seams.
    assert np.abs(np.diff(out)).max() < 1.5 * np.abs(np.diff(out[71_000:89_000])).max() + 2.0


@pytest.mark.parametrize(("onset_s", "word"), [(110.0, "within the 120 s"), (-1.0, "within")])
def test_a_splice_outside_the_rest_is_refused(onset_s: float, word: str) -> None:
    with pytest.raises(ValueError, match=word):
        spliced(noise(120.0), RATE, [Splice(noise(20.0), onset_s, 4.0)])


def test_a_silent_stretch_has_no_level_to_match() -> None:
    with pytest.raises(ValueError, match="silent"):
        spliced(noise(120.0), RATE, [Splice(np.zeros(2000), 10.0, 4.0)])


def test_samples_follow_one_another() -> None:
    values = noise(130.0)
    parts = list(as_samples(values, RATE))
    assert [(one.start, one.stop) for one in parts] == [
        (0, 60_000),
        (60_000, 120_000),
        (120_000, 130_000),
    ]
    assert (np.concatenate([one.values for one in parts])[:, 0] == values).all()
    assert all(one.values.flags.c_contiguous for one in parts)


def test_a_cramp_alone_has_the_level_of_its_cramp() -> None:
    activity = cramp_alone(60.0, 8.0, 3)
    assert activity.shape == (90_000,)
    middle = level_of(activity[20_000:50_000], RATE)
    assert middle == pytest.approx(np.sqrt(8.0**2 - 1.0), rel=0.25)
    assert np.abs(activity[85_000:]).max() < 60.0


def test_a_warm_rest_is_the_same_for_a_seed_and_another_for_another() -> None:
    first = warm_rest(1, 120.0, silent=True)
    assert (first == warm_rest(1, 120.0, silent=True)).all()
    assert first.std() != warm_rest(2, 120.0, silent=True).std()


def a_segment(folder: Path, activity: Activity, level: float = 100.0) -> RealSegment:
    path = folder / f"{activity}.csv"
    path.write_text("EMG (uV)\n" + "\n".join(f"{value:.3f}" for value in noise(12.0, level)))
    digest = sha256(path.read_bytes()).hexdigest()
    return RealSegment(
        path.name, digest, "MIT", "here", "somebody", "calf", activity, "EMG (uV)", 1.0, 11.0, RATE
    )


@pytest.mark.parametrize(
    ("activity", "kind"),
    [
        ("walking", "upright"),
        ("hold", "voluntary_hold"),
        ("squat", "body_movement"),
        ("contraction", "limb_movement"),
        ("dead", "lead_off"),
        ("mains", "artefact"),
        ("rest", "cramp"),
    ],
)
def test_candidates_come_with_and_without_motion_and_with_their_truth(
    tmp_path: Path, activity: Activity, kind: str
) -> None:
    segment = a_segment(tmp_path, activity)
    alone, beside = list(spliced_candidates([segment], tmp_path, 7))
    assert [[info.stream for info in one.signals] for one in (alone, beside)] == [
        ["emg"],
        ["emg", "acc"],
    ]
    for one in (alone, beside):
        assert {event.kind for event in one.truth} == {kind}
        assert len(one.truth) == 6
        assert one.truth[-1].offset_s < 1800.0
        assert one.subject == "somebody"
        emg = np.concatenate([item.values for item in one.items if item.stream == "emg"])
        assert emg.shape == (1_800_000, 1)
        first = one.truth[0]
        start, stop = (int(1000 * second) for second in (first.onset_s, first.offset_s))
        times = level_of(emg[start:stop, 0], EMG_RATE) / level_of(emg[:200_000, 0], EMG_RATE)
        assert (times > 1.2) == (kind != "lead_off")
    again = next(spliced_candidates([segment], tmp_path, 7))
    assert all((a.values == b.values).all() for a, b in zip(alone.items, again.items, strict=True))


@pytest.mark.parametrize("activity", ["walking", "squat", "contraction", "hold"])
def test_motion_brings_no_muscle_of_its_own(activity: str) -> None:
    assert all(one.level == 1.0 for one in motion_of(activity, 100.0, 20.0))
    assert motion_of("dead", 100.0, 20.0) == []
