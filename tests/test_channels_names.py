"""What a channel's name says."""

import pytest

from crampdetect.storage.channel_names import EmgClass, meaning


@pytest.mark.parametrize(
    ("name", "expected", "side"),
    [
        ("EMG_R_Gastrocnemius medial", EmgClass.CALF, "right"),
        ("GastrocMed_R", EmgClass.CALF, "right"),
        ("Left Calf", EmgClass.CALF, "left"),
        ("R_GL", EmgClass.CALF, "right"),
        ("MG", EmgClass.CALF, ""),
        ("LG", EmgClass.CALF, ""),
        ("RGM", EmgClass.CALF, "right"),
        ("SO", EmgClass.CALF, ""),
        ("LSOL", EmgClass.CALF, "left"),
        ("Triceps surae", EmgClass.CALF, ""),
        ("Leg/L", EmgClass.LEG, "left"),
        ("EMG Leg R", EmgClass.LEG, "right"),
        ("LLEG", EmgClass.LEG, "left"),
        ("LAT", EmgClass.LEG, "left"),
        ("RAT", EmgClass.LEG, "right"),
        ("RTIB", EmgClass.LEG, "right"),
        ("L_TA", EmgClass.LEG, "left"),
        ("EMG_Tibialis Anterior", EmgClass.LEG, ""),
        ("PLMr", EmgClass.LEG, "right"),
        ("EMG", EmgClass.ANY_EMG, ""),
        ("EMG 1", EmgClass.ANY_EMG, ""),
        ("sEMG", EmgClass.ANY_EMG, ""),
        ("EMGBITREV A1", EmgClass.ANY_EMG, ""),
        ("Shimmer_952D_EMG_CH1_24BIT_CAL", EmgClass.ANY_EMG, ""),
        ("EMG Vastus lat", EmgClass.ANY_EMG, ""),
        ("EMG submental", EmgClass.NOT_EMG, ""),
        ("EMG Chin", EmgClass.NOT_EMG, ""),
        ("Chin1-Chin2", EmgClass.NOT_EMG, ""),
        ("EMG mentalis", EmgClass.NOT_EMG, ""),
        ("EMG Masseter L", EmgClass.NOT_EMG, "left"),
        ("EOG left", EmgClass.NOT_EMG, "left"),
        ("LEOG", EmgClass.NOT_EMG, ""),
        ("ECG", EmgClass.NOT_EMG, ""),
        ("EEG Fpz-Cz", EmgClass.NOT_EMG, ""),
        ("SpO2", EmgClass.NOT_EMG, ""),
        ("SaO2", EmgClass.NOT_EMG, ""),
        ("vastus_lat", EmgClass.NOT_EMG, ""),
        ("Leg position", EmgClass.NOT_EMG, ""),
        ("Calf ACC X", EmgClass.NOT_EMG, ""),
        ("Gyro_X leg", EmgClass.NOT_EMG, ""),
        ("", EmgClass.NOT_EMG, ""),
    ],
)
def test_meanings_of_emg_names(name: str, expected: EmgClass, side: str) -> None:
    said = meaning(name)
    assert said.emg == expected
    assert said.side == side or expected == EmgClass.NOT_EMG


@pytest.mark.parametrize(
    ("name", "axis"),
    [
        ("ACC X", 0),
        ("ACC.Y 1", 1),
        ("acc_z", 2),
        ("zAcc", 2),
        ("AccX", 0),
        ("ACCX", 0),
        ("Accel_LN_Y", 1),
        ("Shimmer_952D_Accel_WR_Z_CAL", 2),
        ("ACC X (148Hz)", 0),
        ("Accel Channel 1", 1),
        ("Acceleration Y", 1),
        ("XYZ", None),
    ],
)
def test_axes_of_accelerometers(name: str, axis: int | None) -> None:
    assert meaning(name).is_acceleration
    assert meaning(name).axis == axis


@pytest.mark.parametrize(
    "name", ["Gyro X", "GYRO X (148Hz)", "xGyr", "Mag X", "zMag", "EMG 1", "X"]
)
def test_what_is_no_accelerometer(name: str) -> None:
    assert not meaning(name).is_acceleration
