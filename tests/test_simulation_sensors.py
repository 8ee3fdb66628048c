"""Every sensor that can be simulated obeys its rate, rails, steps and description."""

import re
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from crampdetect.detection.types import SignalInfo
from crampdetect.simulation import (
    NightParameters,
    quiet,
    scripted_night,
    simulate_night,
)
from crampdetect.simulation.channels import code_limits
from crampdetect.simulation.contact import LeadOff, Pop
from crampdetect.simulation.events import Event
from crampdetect.simulation.movements import BodyMovement
from crampdetect.simulation.sensors import SENSORS, with_sensor
from tests.simulated_signals import SHORT, STILL, rms, whole
from tests.streams import ROOT

#: Row of models/README.md of each sensor.
ROWS = {
    "umyo-base": "uMyo, USB base",
    "umyo": "uMyo, direct BLE",
    "shimmer3-1024": "Shimmer3 or 3R EMG",
    "shimmer3-512": "Shimmer3 or 3R EMG",
    "bitalino": "BITalino",
    "myoware": "MyoWare 2.0 RAW with own firmware",
    "gforcepro": "gForcePro+",
    "npg-lite": "NPG Lite, stock firmware",
    "cyton": "OpenBCI Cyton",
    "ganglion": "OpenBCI Ganglion",
    "myo": "Myo armband",
    "mentalab": "Mentalab Explore",
    "muscleban": "biosignalsplux muscleBAN",
    "delsys": "Delsys Trigno",
}
MINUTE = replace(SHORT, duration_s=61.0, mains_uv=(2.0, 2.0))


def of(signals: tuple[SignalInfo, ...], stream: str) -> SignalInfo | None:
    return next((info for info in signals if info.stream == stream), None)


@pytest.mark.parametrize("name", ROWS)
def test_a_sensor_is_what_the_model_card_says(name: str) -> None:
    text = (ROOT / "models" / "README.md").read_text(encoding="utf-8").split("## Sensors")[1]
    rows = [re.split(r" *\| *", line)[1:6] for line in text.splitlines() if line.startswith("| ")]
    rate = SENSORS[name].emg_rate
    found = [row for row in rows if row[0] == ROWS[name] and row[1] == str(int(rate))]
    assert len(found) == 1, rows
    _, _, comb, axes, capability = found[0]
    signals = scripted_night([], with_sensor(MINUTE, name)).signals
    emg, acc = of(signals, "emg"), of(signals, "acc")
    assert emg is not None
    assert emg.comb_filtered == (comb == "yes")
    assert emg.capability == capability
    assert len(acc.channels if acc else ()) == int(axes)


def test_every_sensor_has_a_row_but_the_default() -> None:
    assert set(SENSORS) == {"default", *ROWS}
    assert with_sensor(NightParameters(), "default") == NightParameters()
    with pytest.raises(ValueError, match="'ubiquity' is unknown, expected one of default, umyo"):
        with_sensor(NightParameters(), "ubiquity")


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("name", SENSORS)
def test_values_lie_on_the_steps_and_within_the_rails(name: str, channels: int) -> None:
    events: list[Event] = [
        Pop(onset_s=20, duration_s=2, height_uv=1e6),
        BodyMovement(onset_s=30, duration_s=10, level=30, motion_g=12.0),
        LeadOff(onset_s=50, duration_s=5),
    ]
    parameters = replace(with_sensor(MINUTE, name), emg_channels=channels)
    night = scripted_night(events, parameters, 3)
    for info in night.signals:
        values = whole(night, info.stream)
        assert values.shape == (
            -(-61 * info.nominal_sampling_frequency // 1),
            len(info.channels),
        )
        assert len(info.rails) == len(info.resolution) == len(info.channels)
        for column, (step, rails) in enumerate(zip(info.resolution, info.rails, strict=True)):
            assert step is not None
            assert rails is not None
            found = values[:, column] / step
            assert np.abs(found - np.rint(found)).max() < 1e-6
            assert found.min() * step >= rails[0] - step / 10
            assert found.max() * step <= rails[1] + step / 10
        if info.stream == "emg":  # an electrode that is off is at the rail
            assert values[:, 0].max() == pytest.approx(info.rails[0][1])  # type: ignore[index]
            assert info.unit == SENSORS[name].emg_unit
            assert info.amplitude_known == (name not in ("myo", "npg-lite"))


@pytest.mark.parametrize("name", SENSORS)
def test_a_sensors_night_is_the_same_every_time(name: str) -> None:
    parameters = with_sensor(replace(NightParameters(), duration_s=130.0, emg_channels=2), name)
    first, again = (simulate_night(parameters, 4, night=2) for _ in range(2))
    other = simulate_night(parameters, 4, night=3)
    for info in first.signals:
        values = whole(first, info.stream)
        assert np.array_equal(values, whole(again, info.stream), equal_nan=True)
        assert not np.array_equal(values, whole(other, info.stream), equal_nan=True)


def test_a_coarse_converter_repeats_its_codes() -> None:
    night = scripted_night([], quiet(with_sensor(MINUTE, "bitalino")), 5)
    rest = whole(night, "emg")[1000:, 0]
    assert np.unique(rest).size < 10
    assert np.mean(np.diff(rest) == 0) > 0.3
    # the scale of a.u. is hidden, the same in all nights of a device and not that of another
    loud = with_sensor(replace(STILL, duration_s=20.0, resting_uv=(50.0, 50.0)), "myo")
    gains = [rms(whole(scripted_night([], loud, seed), "emg")) for seed in (1, 2, 3)]
    assert max(gains) > 1.1 * min(gains)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"acc_rate": Fraction(5)}, "5 Hz.*at least 10"),
        ({"emg_channels": 3}, "emg_channels is 3, expected 1 or 2"),
        ({"acc_axes": 2}, "acc_axes is 2, expected 0 or 1 or 3"),
        ({"emg_unit": "mV"}, "'mV', expected uV or a.u."),
        ({"emg_rails_uv": 0.1}, "rails of 0.1 in steps of 0.15"),
        ({"acc_range_g": 1e6}, "2 to 24 bits"),
    ],
)
def test_what_no_sensor_is_is_refused(change: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        replace(NightParameters(), **change)  # type: ignore[arg-type]


@pytest.mark.parametrize(("bits", "step"), [(8, 4.0), (10, 3.2), (12, 1.0), (16, 0.15), (24, 0.02)])
def test_code_limits_are_those_of_the_bits(bits: int, step: float) -> None:
    half = 1 << (bits - 1)
    assert code_limits(half * step, step) == (-half, half - 1)
