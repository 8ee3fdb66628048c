"""Every look-alike looks as it should, in both streams."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.signal import welch

from crampdetect.simulation import NightParameters, plan_events, scripted_night
from crampdetect.simulation.disturbances import BedVibration, Overload
from crampdetect.simulation.events import Event
from crampdetect.simulation.isometric import IsometricHold
from crampdetect.simulation.person import RestingFloor, draw_person
from crampdetect.simulation.pulses import PulsedBodyMovement, PulsedLimbMovement
from crampdetect.simulation.rem import RemActivity
from crampdetect.simulation.seeds import Seeds
from crampdetect.simulation.skin import HighFrequencyLoss
from crampdetect.simulation.twitching import MyoclonusTrain
from tests.simulated_signals import STILL, muscle_band, rms, seconds, whole


def test_a_sensor_may_be_torn_off_after_a_cramp() -> None:
    parameters = NightParameters(
        cramps_per_night=6.0, cramp_side_share=1.0, cramp_removal_share=1.0
    )
    events = plan_events(parameters, 4)
    removed = next(event for event in events if event.detail == "sensor removed after a cramp")
    first = next(event for event in events if event.kind == "cramp")
    assert first.offset_s + 20 <= removed.onset_s <= first.offset_s + 240
    assert removed.offset_s == parameters.duration_s
    assert removed.truth().invalid


def test_a_cramp_of_the_other_leg_is_only_a_reaction() -> None:
    parameters = NightParameters(cramps_per_night=20.0, cramp_side_share=0.0, cramp_both_share=0.0)
    events = plan_events(parameters, 4)
    assert not any(event.kind == "cramp" for event in events)
    assert any(event.detail.endswith("of the other leg") for event in events)


def test_two_channels_see_cramps_of_either_head() -> None:
    parameters = NightParameters(cramps_per_night=20.0, cramp_side_share=1.0, emg_channels=2)
    cramps = [e for s in range(40) for e in plan_events(parameters, s) if e.kind == "cramp"]
    gains = np.array([cramp.gains for cramp in cramps])
    assert (gains.max(axis=1) == 1.0).all()
    assert np.mean(gains[:, 1] <= 0.5) == pytest.approx(0.60, abs=0.08)
    assert np.mean(gains[:, 0] <= 0.5) == pytest.approx(0.25, abs=0.08)


def dynamic(event: Event, start: float, stop: float) -> float:
    acc = seconds(whole(scripted_night([event], STILL, 1), "acc"), 100, start, stop)
    return float(acc.std(axis=0).max())


def test_some_holds_begin_in_a_still_leg() -> None:
    hold = IsometricHold(onset_s=100, duration_s=15, level=20, motion_g=0.4)
    assert dynamic(hold, 97, 100) < 0.005
    assert dynamic(hold, 101, 114) < 0.02
    emg = muscle_band(whole(scripted_night([hold], STILL, 1), "emg"), 1000)
    plateau = rms(seconds(emg, 1000, 102, 113)) / rms(seconds(emg, 1000, 10, 90))
    assert plateau == pytest.approx(20, rel=0.25)


def test_an_overloaded_input_is_cut_at_its_rails_and_said_to_be() -> None:
    night = scripted_night([Overload(onset_s=100, duration_s=2, times=2.0)], STILL, 1)
    emg = whole(night, "emg")[:, 0]
    inside = seconds(emg, 1000, 100, 102)
    assert np.mean(np.abs(inside) > 4915) > 0.2
    assert np.abs(seconds(emg, 1000, 90, 99.9)).max() < 100
    assert night.truth.events[0].invalid


def test_a_moved_bed_moves_the_accelerometer_only() -> None:
    shake = BedVibration(onset_s=100, duration_s=10, motion_g=0.03)
    still = whole(scripted_night([], STILL, 1), "emg")
    assert np.array_equal(whole(scripted_night([shake], STILL, 1), "emg"), still)
    assert dynamic(shake, 100, 110) > 1.3 * dynamic(shake, 50, 60)


def test_rem_activity_is_low_and_has_bursts_upon_it() -> None:
    rem = RemActivity(onset_s=30, duration_s=240, level=3, ramp_s=5, phasic_per_min=8)
    emg = muscle_band(whole(scripted_night([rem], STILL, 2), "emg"), 1000)
    levels = np.sqrt((seconds(emg, 1000, 40, 260).reshape(-1, 200) ** 2).mean(axis=1))
    rest = rms(seconds(emg, 1000, 2, 28))
    assert np.median(levels) / rest == pytest.approx(3, rel=0.3)
    assert np.percentile(levels, 99) / rest > 5


def test_fragmentary_myoclonus_is_sparse() -> None:
    train = MyoclonusTrain(onset_s=10, duration_s=280, level=12, per_min=10)
    emg = muscle_band(whole(scripted_night([train], STILL, 2), "emg"), 1000)
    levels = np.sqrt((seconds(emg, 1000, 10, 290).reshape(-1, 50) ** 2).mean(axis=1))
    rest = float(np.median(levels))
    assert 0.005 < np.mean(levels > 3 * rest) < 0.06
    assert levels.max() > 8 * rest


@pytest.mark.parametrize("event_class", [PulsedBodyMovement, PulsedLimbMovement])
def test_movements_of_the_other_family_are_movements(
    event_class: type[PulsedBodyMovement] | type[PulsedLimbMovement],
) -> None:
    event = event_class(onset_s=100, duration_s=9, level=15, motion_g=0.5)
    night = scripted_night([event], STILL, 2)
    emg = muscle_band(whole(night, "emg"), 1000)
    levels = np.sqrt((seconds(emg, 1000, 100, 109).reshape(-1, 100) ** 2).mean(axis=1))
    rest = rms(seconds(emg, 1000, 10, 90))
    assert 8 < levels.max() / rest < 70
    assert dynamic(event, 100, 109) > 0.02
    acc = seconds(whole(night, "acc"), 100, 100, 109)
    frequencies, power = welch(acc - acc.mean(axis=0), 100, nperseg=256, axis=0)
    total = power.sum(axis=1)
    # the first family ends at 6 Hz
    assert total[frequencies > 6].sum() > 0.25 * total.sum()


def test_sweat_takes_high_frequencies_and_has_no_seams() -> None:
    person = replace(draw_person(NightParameters(), Seeds(1)), hf_loss_db=6.0)
    times = 27_000 + np.arange(4000) / 1000
    values = np.random.default_rng(1).standard_normal(4000)
    at_once = HighFrequencyLoss(1000.0, person).apply(values, times)
    loss = HighFrequencyLoss(1000.0, person)
    pieces = [loss.apply(values[a:b], times[a:b]) for a, b in ((0, 7), (7, 1500), (1500, 4000))]
    assert np.allclose(np.concatenate(pieces), at_once, atol=1e-12)
    frequencies, before = welch(values, 1000, nperseg=500)
    _, after = welch(at_once, 1000, nperseg=500)
    low, high = frequencies < 60, frequencies > 350
    assert after[low].sum() / before[low].sum() > 0.85
    assert after[high].sum() / before[high].sum() < 0.45


def test_ageing_electrodes_raise_the_floor() -> None:
    parameters = NightParameters(
        ageing_share=1.0, ageing_uv=(3.0, 3.0), sweat_share=0.0, resting_drift_sd=0.0
    )
    person = draw_person(parameters, Seeds(1))
    floor = RestingFloor(parameters, person, Seeds(1))
    assert floor.at(0.0) == pytest.approx(person.resting_uv, rel=0.01)
    assert floor.at(28_800.0) == pytest.approx(np.hypot(person.resting_uv, 3.0), rel=0.01)
    assert floor.contact_uv(np.array([14_400.0]))[0] == pytest.approx(1.5, rel=0.01)
