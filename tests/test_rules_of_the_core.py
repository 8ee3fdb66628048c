"""The written rules: resting level, bridging, merging, quality, posture."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from crampdetect.detection.detector import Detector, Output
from crampdetect.detection.mains import line_frequencies
from crampdetect.detection.profiles import EARLIER, PROFILES, profile
from crampdetect.detection.types import Array, Episode, Gap, Provisional, Samples, Span
from tests.streams import Leg, detect, in_blocks, rules_model

RATE = Fraction(1000)


def episodes(out: list[Output], *kinds: str) -> list[Episode]:
    return [one for one in out if isinstance(one, Episode) and (not kinds or one.kind in kinds)]


def spans(out: list[Output]) -> list[Span]:
    return [one for one in out if isinstance(one, Span)]


def seconds(out: list[Output], flag: str, rate: Fraction = RATE) -> float:
    return float(
        sum(one.stop - one.start for one in out if isinstance(one, Span) and one.flag == flag)
        / rate
    )


def feed(leg: Leg, emg: Array, acc: Array | None = None, **settings: object) -> list[Output]:
    detector = Detector(leg.signals(), rules_model(), profile("standard-1"), **settings)  # type: ignore[arg-type]
    out = detector.push(Samples("emg", 0, np.ascontiguousarray(emg)))
    if leg.axes:
        out += detector.push(Samples("acc", 0, leg.acc() if acc is None else acc))
    return out + detector.flush()


def waxing(leg: Leg, start: float, stop: float, level: float) -> Array:
    """The leg's EMG with a cramp that waxes and wanes (log-OU, sd 0.25, 4 s) in it."""
    emg = leg.emg()
    generator = np.random.default_rng(5)
    count = int((stop - start) * leg.rate)
    steps = int(stop - start) * 10 + 2
    walk = np.zeros(steps)
    for i in range(1, steps):
        walk[i] = walk[i - 1] * (1 - 0.025) + generator.normal() * 0.25 * np.sqrt(0.05)
    gain = level * np.exp(np.interp(np.arange(count) / count * (steps - 1), np.arange(steps), walk))
    first = int(start * leg.rate)
    emg[first : first + count] *= gain[:, np.newaxis]
    return emg


def test_a_night_that_starts_within_a_cramp_does_not_learn_it_as_rest() -> None:
    leg = Leg(seconds=300.0, bursts=((200.0, 230.0, 2.6),), motions=())
    out = feed(leg, waxing(leg, 0.0, 80.0, 6.0))
    assert seconds(out, "warm_up") >= 80.0
    (cramp,) = episodes(out, "cramp")
    assert float(cramp.onset / RATE) == pytest.approx(200.0, abs=0.5)


def test_the_resting_level_is_learnt_anew_after_a_long_lead_off() -> None:
    leg = Leg(seconds=1000.0, bursts=((900.0, 930.0, 4.0),), motions=())
    emg = leg.emg()
    emg[200_000:600_000] = 0.0  # flat for 400 s, then put on again with twice the noise
    emg[600_000:] *= 2.0
    out = feed(leg, emg)
    assert seconds(out, "lead_off") == pytest.approx(400.0, abs=1.0)
    assert seconds(out, "warm_up") > 60.0
    (cramp,) = episodes(out, "cramp")
    assert cramp.measures["level_ratio"] == pytest.approx(4.0, rel=0.1)


def test_a_steadily_raised_level_becomes_the_new_rest() -> None:
    leg = Leg(seconds=600.0, bursts=((200.0, 600.0, 1.9),), motions=())
    out = feed(leg, leg.emg())
    assert episodes(out, "cramp") == []
    assert [one.kind for one in episodes(out)] == ["tonic"]
    assert episodes(out)[0].offset < 360 * RATE


def test_an_episode_bridges_a_short_gap_and_ends_at_a_long_one() -> None:
    leg = Leg(seconds=300.0, bursts=((150.0, 200.0, 6.0),), motions=(), gaps=((170.0, 172.0),))
    (cramp,) = episodes(detect(leg, in_blocks(leg)), "cramp")
    assert float((cramp.offset - cramp.onset) / RATE) == pytest.approx(50.0, abs=0.5)
    assert cramp.measures["unknown_fraction"] > 0.03
    torn = replace(leg, gaps=((170.0, 260.0),))
    (cramp,) = episodes(detect(torn, in_blocks(torn)), "cramp")
    assert float((cramp.offset - cramp.onset) / RATE) == pytest.approx(20.0, abs=0.5)


@pytest.mark.parametrize(("pause", "count"), [(10.0, 1), (25.0, 1), (35.0, 2), (70.0, 2)])
def test_cramps_less_than_30_s_apart_are_one(pause: float, count: int) -> None:
    bursts = ((120.0, 150.0, 6.0), (150.0 + pause, 180.0 + pause, 6.0))
    leg = Leg(seconds=400.0, bursts=bursts, motions=())
    found = episodes(detect(leg, in_blocks(leg)), "cramp")
    assert len(found) == count
    if count == 1:
        assert found[0].measures["merged_pieces"] == 2.0
        assert found[0].measures["duration_s"] == pytest.approx(60.0 + pause, abs=0.5)


def test_activity_of_20_minutes_is_tonic_and_counts_once() -> None:
    leg = Leg(Fraction(500), Fraction(25), 1700.0, ((100.0, 1500.0, 6.0),), ())
    found = episodes(detect(leg, in_blocks(leg, 60.0)))
    assert [one.kind for one in found] == ["tonic"]
    assert found[0].probability == 0.0


def test_a_clear_cramp_alerts_within_15_s_and_a_movement_never() -> None:
    leg = Leg(
        seconds=260.0, bursts=((120.0, 160.0, 6.0), (200.0, 230.0, 6.0)), motions=((199.0, 230.0),)
    )
    out = detect(leg, in_blocks(leg, 1.0))
    alerts = [one for one in out if isinstance(one, Provisional) and one.kind == "cramp"]
    first = min(alerts, key=lambda one: one.window)
    assert first.window / 2 - 120.0 <= 15.0
    assert [one.alerted for one in episodes(out)] == [True, False]


@pytest.mark.parametrize(("shank_axis", "kind"), [(0, "upright"), (1, "cramp"), (2, "cramp")])
def test_standing_is_not_a_cramp_where_the_shanks_axis_is_told(shank_axis: int, kind: str) -> None:
    leg = Leg(seconds=300.0, bursts=((180.0, 230.0, 5.0),), motions=())
    acc = leg.acc()
    acc[17000:24000, 2] -= 1.0  # lying: gravity along z; standing: along x
    acc[17000:24000, 0] += 1.0
    out = feed(leg, leg.emg(), acc, shank_axis=shank_axis)
    assert [one.kind for one in episodes(out)] == [kind]


def test_a_sensor_that_is_turned_switches_posture_off() -> None:
    """Upright for most of the still time cannot be a night: posture is not believed then."""
    leg = Leg(Fraction(500), Fraction(25), 2200.0, ((2100.0, 2130.0, 5.0),), ())
    acc = leg.acc()[:, [2, 1, 0]].copy()  # gravity along the axis that is set as the shank's
    (cramp,) = episodes(feed(leg, leg.emg(), acc))
    assert cramp.kind == "cramp"
    assert "upright_fraction" not in cramp.measures


def test_walking_rhythm_is_rhythmic() -> None:
    steps = tuple((150.0 + i * 1.2, 150.45 + i * 1.2, 8.0) for i in range(25))
    leg = Leg(seconds=300.0, bursts=steps, motions=((150.0, 181.0),))
    assert [one.kind for one in episodes(detect(leg, in_blocks(leg)))] == ["rhythmic"]


def test_quality_flags() -> None:
    leg = Leg(seconds=600.0, bursts=(), motions=((500.0, 560.0),), hum=1.0)
    emg = leg.emg()
    time = np.arange(emg.shape[0]) / 1000.0
    emg[150_000:170_000] = 0.0
    emg[200_000:230_000, 0] += 300.0 * np.sin(2 * np.pi * 50.0 * time[200_000:230_000])
    emg[300_000:310_000] = np.clip(emg[300_000:310_000] * 1500.0, -3000.0, 3000.0)
    emg[400_000:430_000] = 5000.0
    out = feed(leg, emg)
    assert seconds(out, "lead_off") == pytest.approx(50.0, abs=2.5)
    assert seconds(out, "mains") == pytest.approx(30.0, abs=1.5)
    assert seconds(out, "clipped") == pytest.approx(10.0, abs=1.5)
    # Movement is valid time: nothing else is lost but the minute of warm-up.
    total = sum(seconds(out, flag) for flag in ("valid", "lead_off", "mains", "clipped", "warm_up"))
    assert total == 600.0
    assert seconds(out, "warm_up") < 60.0
    assert episodes(out, "cramp", "unsure") == []


@pytest.mark.parametrize("mains", [50, 60])
def test_the_mains_frequency_is_found_and_removed(mains: int) -> None:
    leg = Leg(seconds=200.0, bursts=(), motions=(), hum=0.0)
    time = np.arange(200_000) / 1000.0
    hum = sum(8.0 / k * np.sin(2 * np.pi * k * (mains + 0.03) * time) for k in (1, 2, 3, 5))
    told = feed(leg, leg.emg() + np.asarray(hum)[:, np.newaxis], mains=mains)
    found = feed(leg, leg.emg() + np.asarray(hum)[:, np.newaxis])
    assert [one for one in found if isinstance(one, Span)] == [
        one for one in told if isinstance(one, Span)
    ]


def test_lines_fold_at_low_rates() -> None:
    assert line_frequencies(50, Fraction(200)) == (50.0,)
    assert line_frequencies(60, Fraction(250)) == (50.0, 60.0, 70.0)
    assert line_frequencies(60, Fraction(500)) == (60.0, 120.0, 180.0, 200.0)
    assert line_frequencies(50, Fraction(1000))[-1] == 450.0


def test_a_gap_alone_yields_nothing_and_no_input_yields_nothing() -> None:
    leg = Leg(axes=0)
    detector = Detector(leg.signals(), rules_model(), profile("standard-1"))
    assert detector.push(Gap("emg", 0, 10_000, "missing"))
    out = detector.flush()
    assert all(isinstance(one, Span) and one.flag == "gap" for one in out)
    assert Detector(leg.signals(), rules_model(), profile("standard-1")).flush() == []


@pytest.mark.parametrize("version", ["", "-1"])
def test_profiles_are_ordered(version: str) -> None:
    names = [f"{name}{version}" for name in ("strict", "standard", "sensitive")]
    strict, standard, sensitive = (profile(name) for name in names)
    assert strict.on >= standard.on >= sensitive.on
    assert strict.cramp > standard.cramp > sensitive.cramp
    assert strict.unsure > standard.unsure > sensitive.unsure


def test_profiles_are_named_with_a_version_and_earlier_ones_stay() -> None:
    for short, found in PROFILES.items():
        assert found.name.rpartition("-")[0] == short
        assert profile(short) is profile(found.name) is found
    for full, found in EARLIER.items():
        assert profile(full) is found
        assert found.name == full
        assert found not in PROFILES.values()
    with pytest.raises(ValueError, match=r"'loose'; expected one of strict, standard, sensitive"):
        profile("loose")


def test_a_cramp_on_a_link_that_loses_a_little_all_the_time_does_not_vanish() -> None:
    gaps = tuple((150.0 + 4 * i, 150.05 + 4 * i) for i in range(20))
    leg = Leg(seconds=300.0, bursts=((160.0, 220.0, 8.0),), motions=(), gaps=gaps)
    (episode,) = episodes(detect(leg, in_blocks(leg)))
    assert episode.kind == "unsure"
    assert "part of it could not be measured" in episode.reasons


def test_a_steady_contraction_at_the_start_is_taken_back_as_rest() -> None:
    leg = Leg(seconds=500.0, bursts=((0.0, 90.0, 8.0), (300.0, 330.0, 4.0)), motions=())
    out = feed(leg, leg.emg())
    assert seconds(out, "warm_up") >= 90.0
    (cramp,) = episodes(out, "cramp")
    assert float(cramp.onset / RATE) == pytest.approx(300.0, abs=0.5)


def test_hum_of_either_frequency_that_comes_later_is_no_cramp() -> None:
    leg = Leg(seconds=400.0, bursts=(), motions=(), hum=0.0)
    time = np.arange(400_000) / 1000.0
    for mains in (50.0, 60.0):
        emg = leg.emg()
        emg[200_000:260_000, 0] += 10.0 * np.sin(2 * np.pi * mains * time[200_000:260_000])
        assert episodes(feed(leg, emg), "cramp", "unsure") == []


@pytest.mark.parametrize("acc", [0.0, 4.0, 9.81])
def test_an_accelerometer_without_gravity_is_no_witness_of_stillness(acc: float) -> None:
    leg = Leg(seconds=300.0, bursts=((180.0, 230.0, 5.0),), motions=())
    dead = np.zeros((30_000, 3))
    dead[:, 2] = acc
    (episode,) = episodes(feed(leg, leg.emg(), dead))
    assert "no motion sensor, so a held muscle cannot be told from a cramp" in episode.reasons


def test_lost_acceleration_is_no_stillness() -> None:
    leg = Leg(seconds=300.0, bursts=((180.0, 230.0, 5.0),), motions=((178.0, 230.0),))
    torn = replace(leg, gaps=((170.0, 205.0),))
    items = [*leg.pieces("emg", 20_000), *torn.pieces("acc", 2_000)]
    (episode,) = episodes(detect(leg, iter(items)))
    assert episode.probability <= 0.65


def test_a_second_cramp_behind_a_pause_in_the_reaction_is_judged_too() -> None:
    bursts = ((120.0, 160.0, 8.0), (162.5, 230.0, 1.7), (230.0, 275.0, 13.0))
    leg = Leg(seconds=400.0, bursts=bursts, motions=((140.0, 158.0), (222.0, 226.0)))
    found = episodes(detect(leg, in_blocks(leg)), "cramp", "unsure")
    assert any(one.offset > 250 * RATE for one in found)


def test_samples_that_do_not_follow_are_refused() -> None:
    leg = Leg(axes=0)
    detector = Detector(leg.signals(), rules_model(), profile("standard-1"))
    detector.push(Samples("emg", 0, np.ones((10, 1))))
    with pytest.raises(ValueError, match="no jump and no overlap"):
        detector.push(Samples("emg", 11, np.ones((10, 1))))
    with pytest.raises(ValueError, match="NaN or infinity"):
        detector.push(Samples("emg", 10, np.full((10, 1), np.nan)))
