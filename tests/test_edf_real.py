"""The real EDF and BDF files beside the checkout: read, or refused with the right sentence."""

from pathlib import Path

import edfio
import numpy as np
import pytest

from crampdetect.detection.types import Samples
from crampdetect.errors import RecordingError
from crampdetect.storage.readers import open_recording
from crampdetect.storage.recording import ReadOptions

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "data" / "formats" / "edf"
pytestmark = [
    pytest.mark.real_data,
    pytest.mark.skipif(
        not FOLDER.is_dir(), reason="the real recordings are not beside the checkout"
    ),
]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("SC4001EC-Hypnogram.edf", "annotations only"),
        ("mne_test.edf", "no leg EMG"),
        ("pyedflib_test_utf8.edf", "no leg EMG"),
        ("test_subsecond.edf", "no leg EMG"),
        ("short_psg.edf", "no leg EMG .*'EMG submental'"),
        ("short_psg.bdf", "no leg EMG .*'EMG submental'"),
    ],
)
def test_files_without_a_leg_emg_are_refused(name: str, sentence: str) -> None:
    with pytest.raises(RecordingError, match=rf"{name}: .*{sentence}.* expected|{sentence}.*--emg"):
        open_recording(FOLDER / name)


@pytest.mark.parametrize(
    ("name", "channel", "rate"),
    [
        ("short_psg.edf", "EMG submental", "1 Hz"),
        ("short_psg.bdf", "EEG Fpz-Cz", "100 Hz"),
        ("test_subsecond.edf", "Fp1", "128 Hz"),
    ],
)
def test_slow_channels_are_refused_by_their_rate(name: str, channel: str, rate: str) -> None:
    with pytest.raises(RecordingError, match=f"'{channel}' has {rate}; expected at least 200 Hz"):
        open_recording(FOLDER / name, ReadOptions(emg=(channel,)))


def test_a_channel_of_140_has_the_values_that_edfio_reads() -> None:
    path = FOLDER / "mne_test.edf"
    opened = open_recording(path, ReadOptions(emg=("A1", "H16"), acc=("C3",), acc_unit="g"))
    truth = edfio.read_edf(path)
    for info, labels in zip(opened.signals, (("A1", "H16"), ("C3",)), strict=True):
        items = [i for i in opened.read() if i.stream == info.stream]
        values = np.concatenate([i.values for i in items if isinstance(i, Samples)])
        expected = np.stack([truth.get_signal(label).data for label in labels], axis=1)
        np.testing.assert_allclose(values, expected, atol=1e-9)
        assert info.nominal_sampling_frequency == 512
    assert opened.format == "EDF+C"
    assert len(opened.annotations) == len(truth.annotations)
    assert opened.start_local is not None
    assert opened.start_local.date() == truth.startdate
