"""Which channels are used: by name, and as a person asks."""

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crampdetect.errors import RecordingError
from crampdetect.storage.channels import Choice, choose_channels
from crampdetect.storage.recording import ReadOptions

PATH = Path("night.edf")
KILO = Fraction(1000)


def choose(
    names: list[str],
    rates: list[int] | None = None,
    emg: tuple[str, ...] = (),
    acc: tuple[str, ...] = (),
) -> Choice:
    found = [Fraction(rate) for rate in rates] if rates else [KILO] * len(names)
    return choose_channels(names, found, ReadOptions(emg=emg, acc=acc), PATH)


def test_the_best_class_wins_wherever_it_stands() -> None:
    assert choose(["EMG 1", "EMG Leg", "EMG Calf"]).emg == (2,)
    assert choose(["EMG 1", "EMG Leg", "EMG Chin"]).emg == (1,)
    assert choose(["EEG", "EMG Chin", "EMG 1"]).emg == (2,)


def test_all_channels_of_one_leg_are_taken() -> None:
    names = ["EMG_R_Gastrocnemius medial", "EMG_R_Soleus", "EMG_R_Tibialis Anterior"]
    choice = choose(names)
    assert choice.emg == (0, 1)
    assert choice.warnings == ()


def test_of_two_legs_the_first_is_taken_and_told() -> None:
    choice = choose(["EMG_L_Soleus", "EMG_R_Soleus", "EMG_L_Gastrocnemius"])
    assert choice.emg == (0, 2)
    (said,) = choice.warnings
    assert "'EMG_R_Soleus'" in said
    assert "--emg" in said


def test_a_channel_of_another_rate_is_left_out_and_told() -> None:
    choice = choose(["Gastroc", "Soleus"], [1000, 500])
    assert choice.emg == (0,)
    assert "'Soleus'" in choice.warnings[0]


def test_of_unnamed_muscles_the_first_is_taken_and_told() -> None:
    choice = choose(["EMG 1", "EMG 2", "EMG 3"])
    assert choice.emg == (0,)
    assert "'EMG 2', 'EMG 3'" in choice.warnings[0]


def test_a_channel_too_slow_is_passed_over_where_another_serves() -> None:
    assert choose(["EMG Calf envelope", "EMG Calf"], [50, 1000]).emg == (1,)


def test_without_a_leg_emg_the_channels_are_listed() -> None:
    with pytest.raises(
        RecordingError, match=r"night\.edf: no leg EMG .*'EEG Cz', 'EMG Chin'.*--emg"
    ):
        choose(["EEG Cz", "EMG Chin"])


@pytest.mark.parametrize("emg", [(), ("Calf",)])
def test_below_200_hz_is_refused(emg: tuple[str, ...]) -> None:
    with pytest.raises(RecordingError, match=r"'Calf' has 199 Hz; expected at least 200 Hz"):
        choose(["Calf"], [199], emg=emg)
    assert choose(["Calf"], [200], emg=emg).emg == (0,)


NAMES = ["EMG 1", "emg 1", "EMG 12", "Aux", "3"]


@pytest.mark.parametrize(
    ("asked", "position"),
    [
        ("EMG 1", 0),
        ("emg 1", 1),
        ("aux", 3),
        ("Au", 3),
        ("12", 2),
        ("3", 4),
        ("#3", 2),
        ("4", 3),
        ("2", 1),
    ],
)
def test_a_person_may_ask_by_name_part_or_number(asked: str, position: int) -> None:
    names = NAMES if asked != "12" else [*NAMES, *["x"] * 6, "twelfth"]
    expected = position if asked != "12" else 11
    assert choose(names, emg=(asked,)).emg == (expected,)


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ("EMG", "fits several channels .*expected one"),
        ("eMG 1", "fits several channels"),
        ("Deltoid", "no channel is called 'Deltoid' .*the file has 'EMG 1'"),
        ("0", "no channel is called '0'"),
        ("6", "no channel is called '6'"),
        ("", "no channel is called ''"),
        ("²", "no channel is called '²'"),
    ],
)
def test_what_nobody_can_mean_is_refused(asked: str, sentence: str) -> None:
    with pytest.raises(RecordingError, match=rf"night\.edf: .*{sentence}"):
        choose(NAMES, emg=(asked,))


def test_asked_channels_need_one_rate() -> None:
    with pytest.raises(RecordingError, match=r"different rates .*'A' 1000 Hz, 'B' 500 Hz"):
        choose(["A", "B"], [1000, 500], emg=("A", "B"))
    with pytest.raises(RecordingError, match="acceleration channels have different rates"):
        choose(["EMG", "A", "B"], [1000, 100, 50], acc=("A", "B"))


def test_asked_channels_keep_their_order_and_count_once() -> None:
    assert choose(["A", "B"], emg=("B", "A", "B")).emg == (1, 0)


def test_acceleration_that_is_none_is_refused() -> None:
    with pytest.raises(RecordingError, match="cannot be the acceleration"):
        choose(["EMG", "A", "B", "C", "D"], acc=("A", "B", "C", "D"))
    with pytest.raises(RecordingError, match="cannot be the acceleration"):
        choose(["EMG", "A"], acc=("EMG",))
    with pytest.raises(RecordingError, match="'A' has 0 Hz"):
        choose(["EMG", "A"], [1000, 0], acc=("A",))


def test_axes_come_in_order() -> None:
    assert choose(["EMG", "ACC Z", "ACC X", "ACC Y"]).acc == (2, 3, 1)


def test_the_accelerometer_of_the_same_sensor_is_taken() -> None:
    sensor = ["EMG 1", "ACC X", "ACC Y", "ACC Z", "GYRO X", "GYRO Y", "GYRO Z"]
    rates = [1259, *[148] * 6]
    choice = choose(sensor * 3, rates * 3, emg=("#8",))
    assert choice.acc == (8, 9, 10)
    # Named apart, the words count and not the place.
    names = ["Calf EMG 2", "ACC.X 1", "ACC.Y 1", "ACC.Z 1", "ACC.X 2", "ACC.Y 2", "ACC.Z 2"]
    assert choose(names).acc == (4, 5, 6)


def test_the_accelerometer_of_the_other_leg_is_not_preferred() -> None:
    names = ["L Calf", "R ACC X", "R ACC Y", "R ACC Z", "ACC X", "ACC Y", "ACC Z"]
    assert choose(names).acc == (4, 5, 6)


def test_low_noise_is_preferred_to_wide_range() -> None:
    names = [f"S_Accel_{kind}_{axis}_CAL" for kind in ("WR", "LN") for axis in "XYZ"]
    assert choose([*names, "S_EMG_CH1"]).acc == (3, 4, 5)
    # Also where the wide-range one stands nearer.
    assert choose(["S_EMG_CH1", *names]).acc == (4, 5, 6)


def test_three_axes_are_preferred_to_one_and_one_to_none() -> None:
    assert choose(["EMG", "ACC Z", "leg acc x", "leg acc y", "leg acc z"]).acc == (2, 3, 4)
    assert choose(["EMG", "ACC Z", "Gyro X"]).acc == (1,)
    assert choose(["EMG", "Gyro X", "Mag Y"]).acc == ()


def test_axes_without_a_letter_are_taken_in_order() -> None:
    assert choose(["EXG EMG", *(f"Accel Channel {i}" for i in range(3))]).acc == (1, 2, 3)
    assert choose(["EMG", "XYZ", "XYZ", "XYZ"]).acc == (1, 2, 3)


def test_axes_of_other_rates_are_no_accelerometer_together() -> None:
    choice = choose(["EMG", "ACC X", "ACC Y", "ACC Z"], [1000, 100, 100, 50])
    assert choice.acc == (1, 2)


@given(
    names=st.lists(st.text(max_size=20), max_size=12),
    emg=st.lists(st.text(max_size=5), max_size=2),
    rate=st.sampled_from([0, 100, 1000]),
)
def test_any_names_give_a_choice_or_one_error(names: list[str], emg: list[str], rate: int) -> None:
    options = ReadOptions(emg=tuple(emg))
    try:
        choice = choose_channels(names, [Fraction(rate)] * len(names), options, PATH)
    except RecordingError as error:
        assert "night.edf" in str(error)
    else:
        assert choice.emg
        assert not set(choice.emg) & set(choice.acc)
        assert len(choice.acc) <= 3
