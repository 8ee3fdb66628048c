"""Strong hum over good contact is judged, hum of an electrode that is off is not."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crampdetect.detection.detector import Detector, Output
from crampdetect.detection.hum import MEMORY_WINDOWS, HumFlutter
from crampdetect.detection.profiles import profile
from crampdetect.detection.types import Array, Episode, Span
from crampdetect.simulation import NightParameters, SimulatedNight, scripted_night
from crampdetect.simulation.contact import LeadOff, MainsRise
from crampdetect.simulation.cramps import Cramp
from tests.streams import rules_model

RATE = 1000
HALF = RATE // 2
FREQUENCIES: Array = np.fft.rfftfreq(HALF, 1 / RATE).astype(np.float64)


def halves(hum: float, wobble: float = 0.0, mains: float = 50.0, seed: int = 1) -> Array:
    """Power of 200 half windows of white noise (1 uV) and hum whose amplitude wobbles slowly."""
    generator = np.random.default_rng(seed)
    time = np.arange(200 * HALF) / RATE
    slow = np.repeat(generator.normal(size=200), HALF)
    values = hum * (1 + wobble * slow) * np.sin(2 * np.pi * mains * time)
    values = (values + generator.normal(size=time.shape[0])).reshape(-1, HALF) * np.hanning(HALF)
    return np.asarray(np.abs(np.fft.rfft(values, axis=1)) ** 2)


def flutter(power: Array, mains: int = 50) -> Array:
    return HumFlutter().of(power, FREQUENCIES, mains, np.ones(power.shape[0] - 1, dtype=bool))


@pytest.mark.parametrize("mains", [50, 60])
@pytest.mark.parametrize("hum", [10.0, 50.0, 1000.0])
def test_steady_hum_does_not_flutter_once_it_is_known(mains: int, hum: float) -> None:
    found = flutter(halves(hum, mains=mains + 0.07), mains)
    assert np.isinf(found[: MEMORY_WINDOWS // 2 - 1]).all()
    assert (found[MEMORY_WINDOWS:] < 2.1).all()
    either = flutter(halves(hum, mains=mains + 0.07), 0)
    assert (either[MEMORY_WINDOWS:] < 2.1).all()


def test_hum_that_comes_and_goes_by_a_few_per_cent_flutters() -> None:
    found = flutter(halves(50.0, wobble=0.05))
    assert (found > 2.1).all()


def test_windows_without_hum_are_passed_over() -> None:
    power = halves(50.0)
    strong = np.zeros(power.shape[0] - 1, dtype=bool)
    strong[::2] = True
    meter = HumFlutter()
    found = meter.of(power, FREQUENCIES, 50, strong)
    assert (found[~strong] == 0.0).all()
    kept = flutter(power)[0::2]
    assert found[strong].shape == kept.shape
    meter.forget()
    assert np.isinf(meter.of(power[:10], FREQUENCIES, 50, strong[:9])[::2]).all()


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 150), st.floats(0.25, 4.0))
def test_cuts_and_gain_do_not_show(cut: int, gain: float) -> None:
    power = halves(20.0)
    strong = np.ones(power.shape[0] - 1, dtype=bool)
    meter = HumFlutter()
    parts = (
        meter.of(power[: cut + 1], FREQUENCIES, 50, strong[:cut]),
        meter.of(power[cut:], FREQUENCIES, 50, strong[cut:]),
    )
    assert (np.concatenate(parts) == flutter(power)).all()
    np.testing.assert_allclose(flutter(power * gain**2), flutter(power), rtol=1e-9)


def judged(night: SimulatedNight) -> list[Output]:
    detector = Detector(night.signals, rules_model(), profile("standard"))
    out: list[Output] = []
    for item in night.read():
        out += detector.push(item)
    return out + detector.flush()


def seconds(out: list[Output], flag: str, start: float, stop: float) -> float:
    spans = [one for one in out if isinstance(one, Span) and one.flag == flag]
    return sum(max(0.0, min(one.stop / RATE, stop) - max(one.start / RATE, start)) for one in spans)


def rest(hours: float, level_uv: float) -> NightParameters:
    return replace(
        NightParameters(),
        duration_s=hours * 3600.0,
        resting_uv=(level_uv, level_uv),
        sweat_share=0.0,
        emg_rate=Fraction(RATE),
    )


@pytest.mark.slow
@pytest.mark.parametrize("level_uv", [1.0, 2.0, 3.0])
@pytest.mark.parametrize("hum_uv", [10.0, 30.0, 50.0])
def test_a_heated_blanket_costs_no_valid_time_and_hides_no_cramp(
    hum_uv: float, level_uv: float
) -> None:
    onsets = (900.0, 1500.0, 2100.0, 2700.0)
    events = [
        MainsRise(onset_s=600.0, duration_s=2400.0, hum_uv=hum_uv),
        *(Cramp(onset_s=onset, duration_s=60.0, level=8.0) for onset in onsets),
    ]
    out = judged(scripted_night(events, rest(3300 / 3600, level_uv), int(hum_uv + level_uv)))
    assert seconds(out, "valid", 600.0, 3000.0) >= 0.95 * 2400.0
    said = [one for one in out if isinstance(one, Episode) and one.kind in ("cramp", "unsure")]
    assert [one.kind for one in said] == ["cramp"] * len(onsets)
    assert [one.onset / RATE for one in said] == pytest.approx(onsets, abs=3.0)


@pytest.mark.parametrize("hum_uv", [200.0, 1500.0, 4000.0, 10000.0])
def test_a_lead_that_is_off_and_full_of_hum_is_not_judged(hum_uv: float) -> None:
    event = LeadOff(onset_s=200.0, duration_s=200.0, mode="mains", hum_uv=hum_uv)
    out = judged(scripted_night([event], rest(500 / 3600, 2.0), 3))
    # The windows at its bounds hold half of each.
    assert seconds(out, "valid", 200.0, 400.0) <= 1.0
    assert seconds(out, "valid", 60.0, 199.0) == pytest.approx(139.0, abs=1.0)
    assert not [one for one in out if isinstance(one, Episode) and one.kind == "cramp"]
