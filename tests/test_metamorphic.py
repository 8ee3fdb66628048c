"""What must not change the episodes: gain, rate, unselected channels, a second channel."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from scipy.signal import resample_poly

from crampdetect.detection.detector import Detector, Output
from crampdetect.detection.profiles import profile
from crampdetect.detection.types import Array, Episode, Samples, SignalInfo
from tests.streams import Leg, rules_model

LEG = Leg(
    Fraction(2000),
    seconds=420.0,
    bursts=((100.0, 140.0, 6.0), (180.0, 184.0, 9.0), (240.0, 275.0, 3.0), (330.0, 342.0, 8.0)),
    motions=((125.0, 130.0), (179.5, 184.0)),
)


def feed(emg: Array, rate: Fraction, **of_signal: object) -> list[Output]:
    """Outputs for this EMG beside the leg's acceleration."""
    info, acc = LEG.signals()
    info = replace(info, nominal_sampling_frequency=rate, **of_signal)  # type: ignore[arg-type]
    detector = Detector((info, acc), rules_model(), profile("standard-1"))
    out = detector.push(Samples("emg", 0, np.ascontiguousarray(emg)))
    out += detector.push(Samples("acc", 0, LEG.acc()))
    return out + detector.flush()


def summary(out: list[Output], rate: Fraction) -> list[tuple[str, float, float]]:
    """Kind, onset and offset in seconds."""
    return [
        (one.kind, float(one.onset / rate), float(one.offset / rate))
        for one in out
        if isinstance(one, Episode)
    ]


def assert_same(
    found: list[tuple[str, float, float]], expected: list[tuple[str, float, float]], within: float
) -> None:
    assert [one[0] for one in found] == [one[0] for one in expected]
    for one, other in zip(found, expected, strict=True):
        assert one[1:] == pytest.approx(other[1:], abs=within)


BASE = summary(feed(LEG.emg(), Fraction(2000)), Fraction(2000))


def test_the_leg_has_cramps_and_look_alikes() -> None:
    assert [kind for kind, _, _ in BASE] == ["cramp", "limb_movement", "cramp", "cramp"]


@pytest.mark.parametrize("gain", [0.5, 0.83, 1.7, 2.0])
def test_gain_changes_nothing(gain: float) -> None:
    found = summary(feed(LEG.emg() * gain, Fraction(2000)), Fraction(2000))
    assert_same(found, BASE, within=0.051)


@pytest.mark.parametrize("gain", [0.5, 2.0])
def test_gain_with_rails_and_lsb_changes_nothing(gain: float) -> None:
    lsb = 3.2
    coarse = np.clip(np.round(LEG.emg() / lsb) * lsb, -60.0, 60.0)
    whole = feed(coarse, Fraction(2000), rails=((-60.0, 60.0),), resolution=(lsb,))
    rails = ((-60.0 * gain, 60.0 * gain),)
    scaled = feed(coarse * gain, Fraction(2000), rails=rails, resolution=(lsb * gain,))
    assert summary(whole, Fraction(2000))
    assert summary(scaled, Fraction(2000)) == summary(whole, Fraction(2000))


@pytest.mark.parametrize(("up", "down"), [(1, 2), (64, 125), (279, 500), (5, 4), (2, 1)])
def test_rates_of_the_same_capability_give_the_same_episodes(up: int, down: int) -> None:
    rate = Fraction(2000) * up / down
    emg = resample_poly(LEG.emg(), up, down, axis=0)
    out = feed(emg, rate)
    used = rate if rate <= 2200 else rate / -(-rate // 2200)
    assert_same(summary(out, used), BASE, within=0.5)


def test_two_channels_of_one_leg_unite() -> None:
    twice = np.concatenate((LEG.emg(), LEG.emg() * 0.3), axis=1)
    channels = {"channels": ("MG", "LG"), "rails": (), "resolution": ()}
    found = summary(feed(twice, Fraction(2000), **channels), Fraction(2000))
    assert_same(found, BASE, within=0.5)


def test_a_dead_second_channel_costs_no_valid_time() -> None:
    from crampdetect.detection.types import Span

    dead = np.concatenate((LEG.emg(), np.zeros_like(LEG.emg())), axis=1)
    out = feed(dead, Fraction(2000), channels=("MG", "LG"))
    one = [item for item in feed(LEG.emg(), Fraction(2000)) if isinstance(item, Span)]
    assert [item for item in out if isinstance(item, Span)] == one
    assert_same(summary(out, Fraction(2000)), BASE, within=0.051)


@pytest.mark.parametrize("unit", ["uV", "a.u."])
def test_no_decision_reads_an_absolute_amplitude(unit: str) -> None:
    out = feed(LEG.emg() * (1.0 if unit == "uV" else 1e4), Fraction(2000), unit=unit)
    assert_same(summary(out, Fraction(2000)), BASE, within=0.051)


@pytest.mark.parametrize(
    ("rate", "comb", "capability"),
    [
        (200, False, "envelope"),
        (500, False, "spectral_reduced"),
        (800, False, "spectral"),
        (1116, True, "envelope"),
        (2148, False, "spectral"),
    ],
)
def test_what_a_sensor_cannot_show_is_off(rate: int, comb: bool, capability: str) -> None:
    leg = replace(LEG, rate=Fraction(rate), seconds=200.0)
    info = SignalInfo("emg", ("E",), Fraction(rate), "uV", comb_filtered=comb)
    assert info.capability == capability
    detector = Detector((info, leg.signals()[1]), rules_model(), profile("standard-1"))
    out = detector.push(Samples("emg", 0, leg.emg())) + detector.push(Samples("acc", 0, leg.acc()))
    out += detector.flush()
    (cramp,) = [one for one in out if isinstance(one, Episode) and one.kind == "cramp"]
    assert ("median_frequency" in cramp.measures) == (capability != "envelope")
