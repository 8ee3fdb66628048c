"""The real recordings beside the checkout: each loads, or is refused with the right words."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from crampdetect.errors import RecordingError
from crampdetect.storage.readers import open_recording
from crampdetect.storage.recording import ReadOptions
from tests.readers_golden import content

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "data"
pytestmark = [
    pytest.mark.real_data,
    pytest.mark.skipif(not FOLDER.is_dir(), reason=f"no real recordings in {FOLDER}"),
]
NONE = ReadOptions()
TRIGNO_1259, TRIGNO_1926 = Fraction(34000, 27), Fraction(52000, 27)


@dataclass(frozen=True)
class Loads:
    """What a file of this pattern must show; `level` bounds the median of |EMG| after its mean."""

    pattern: str
    rate: Fraction | int
    unit: str
    channels: int = 1
    acc_rate: Fraction | int | None = None
    level: tuple[float, float] = (0.0, np.inf)
    options: ReadOptions = NONE
    warning: str = ""


@dataclass(frozen=True)
class Refused:
    """A word that the sentence of the refusal must hold."""

    pattern: str
    word: str
    options: ReadOptions = NONE


GIVEN = ReadOptions(rate=Fraction(1000))
FIRST = ReadOptions(rate=Fraction(1000), emg=("1",))
TABLE: tuple[Loads | Refused, ...] = (
    Loads("isb_bitalino/gC_calf_rest.txt", 1000, "uV", level=(2, 30)),
    Loads("isb_bitalino/g*.txt", 1000, "uV", level=(1, 400)),
    Loads("biosignalsplux/emg_1000_hz_16_bits_solo.h5", 1000, "uV", level=(1, 200)),
    Loads("biosignalsplux/emg_bursts.h5", 1000, "uV", level=(0.5, 200)),
    Refused("biosignalsplux/emg_10_hz_16_bits.h5", "10 Hz"),
    Loads("biosignalsplux/emg_acc_classification/*.txt", 1000, "uV", warning="not calibrated"),
    Refused("biosignalsplux/lying.txt", "no leg EMG"),
    Refused("biosignalsplux/walking.txt", "no leg EMG"),
    Loads("delsys/discover142.csv", TRIGNO_1259, "uV", acc_rate=Fraction(4000, 27)),
    Loads("delsys/discover150.csv", TRIGNO_1259, "uV", acc_rate=Fraction(4000, 27)),
    Loads("delsys/discover164_*.csv", TRIGNO_1926, "uV", acc_rate=Fraction(2000, 27)),
    Loads("delsys/emgworks.csv", TRIGNO_1926, "uV", acc_rate=Fraction(4000, 27)),
    Loads("delsys/emgio_truncated_*.csv", TRIGNO_1259, "uV", acc_rate=Fraction(4000, 27)),
    Loads("electrophys_unam/S10_*.wav", 44100, "a.u.", warning="--unit"),
    Loads("electrophys_unam/S9_*.wav", 10000, "a.u.", warning="--unit"),
    Loads("formats/openbci/*.txt", 250, "uV", acc_rate=250, warning="--emg"),
    Loads("formats/shimmer/ecg_calibrated.csv.gz", 512, "uV"),
    Refused("formats/shimmer/triaxcal_calibrated.csv.gz", "no leg EMG"),
    Refused("formats/shimmer/*.bin", "no known format"),
    Loads("formats/biosppy/emg.txt", 1000, "a.u."),
    Refused("formats/biosppy/acc.txt", "no leg EMG"),
    Refused("formats/xdf/minimal.xdf", "no leg EMG"),
    Refused("formats/axivity_etc/*.cwa", "AX3"),
    Refused("formats/axivity_etc/*.npz", "npz"),
    Refused("formats/axivity_etc/*.rda", "xz"),
    Refused("formats/axivity_etc/ActiGraph13.csv", "no names"),
    Refused("elderly_lowerlimb/derived_npz/*.npz", "npz"),
    Refused("formats/wfdb/*.hea", "WFDB"),
    Refused("formats/wfdb/*.dat", "WFDB"),
    Refused("formats/wfdb/*.atr", "WFDB"),
    Refused("formats/wfdb/*.qrs", "no known format"),
    Refused("formats/wfdb/binformats.d*", "no known format"),
    Refused("formats/annot_somnomedics/*.txt", "no known format"),
    Refused("formats/edf/SC4001EC-Hypnogram.edf", "annotations only"),
    Refused("formats/edf/mne_test.edf", "EMG"),
    Refused("formats/edf/pyedflib_test_utf8.edf", "EMG"),
    Refused("formats/edf/short_psg.[be]df", "EMG"),
    Refused("formats/edf/test_subsecond.edf", "EMG"),
    Loads("gait_c3d/psyc9080_*.csv.gz", 2000, "uV", channels=2, level=(1, 1e6)),
    Loads("gait_c3d/btk_PiG_*.csv.gz", 1000, "uV"),
    Loads("gait_c3d/btk_Gait*.csv.gz", 1000, "uV", warning="unit is probably wrong"),
    Loads("musclesynergies/derived_ID*.csv.gz", 1000, "a.u.", channels=3, level=(1, 100)),
    Refused("musclesynergies/derived_cycles.csv", "--rate"),
    Refused("musclesynergies/RAW_DATA.RData", "expected"),
    Loads("psyc9080_emg/*.txt", 1000, "a.u.", options=FIRST),
    Refused("psyc9080_emg/FDI-1.txt", "--rate"),
    Refused("psyc9080_emg/biceps_*.txt", "--emg", options=GIVEN),
    Loads("uci_lower_limb/*.txt", 1000, "uV", options=GIVEN, level=(0.5, 500)),
    Refused("uci_lower_limb/*.txt", "--rate"),
    Refused("rsleep_psg/*.csv", "expected"),
    Refused("shank_imu/*.trc", ".trc"),
)
#: Papers, tables and licences: no recordings, and none of the table's business.
NO_SIGNALS = (".md", ".xlsx", ".tsv", ".json", ".Rd")
NO_SIGNAL_NAMES = ("LICENSE", "_readme_", "EMGmetadata", "delsys_channelmap")


def _cases() -> list[tuple[Path, Loads | Refused]]:
    seen: set[tuple[Path, type]] = set()
    cases = []
    for rule in TABLE:
        for path in sorted(FOLDER.glob(rule.pattern)):
            if (path, type(rule)) not in seen:
                seen.add((path, type(rule)))
                cases.append((path, rule))
    return cases


CASES = _cases()


def test_the_table_names_every_signal_file() -> None:
    named = {path for path, _ in CASES}
    files = {path for path in FOLDER.rglob("*") if path.is_file()}
    left = {
        path
        for path in files - named
        if path.suffix not in NO_SIGNALS and not path.name.startswith(NO_SIGNAL_NAMES)
    }
    assert not left
    assert all(any(FOLDER.glob(rule.pattern)) for rule in TABLE)


@pytest.mark.parametrize(
    ("path", "rule"), CASES, ids=[f"{type(r).__name__}-{p.name}" for p, r in CASES]
)
def test_file(path: Path, rule: Loads | Refused) -> None:
    if isinstance(rule, Refused):
        with pytest.raises(RecordingError) as caught:
            open_recording(path, rule.options)
        assert rule.word in str(caught.value).replace(str(FOLDER), "")
        assert path.name in str(caught.value)
        return
    opened = open_recording(path, rule.options)
    infos = {info.stream: info for info in opened.signals}
    emg = infos["emg"]
    assert (emg.nominal_sampling_frequency, emg.unit) == (rule.rate, rule.unit)
    assert len(emg.channels) == rule.channels
    found = content(opened).values
    assert 0.1 < opened.duration < 600
    level = np.nanmedian(np.abs(found - np.nanmean(found, axis=0)))
    assert rule.level[0] <= level <= rule.level[1]
    assert rule.warning in "\n".join(opened.warnings)
    if rule.acc_rate is None:
        assert "acc" not in infos
    else:
        assert infos["acc"].nominal_sampling_frequency == rule.acc_rate
        axes = content(opened, "acc").values
        assert axes.shape[1] == 3
        # Gravity is there, whatever the leg does (some exports begin with zeros).
        length = np.linalg.norm(axes[len(axes) // 5 :], axis=1)
        assert 0.7 < np.nanmedian(length) < 1.4


def test_wav_values_are_those_of_the_standard_library() -> None:
    import wave

    path = FOLDER / "electrophys_unam" / "S10_EMG_calf_recruitment.wav"
    with wave.open(str(path)) as file:
        expected = np.frombuffer(file.readframes(file.getnframes()), "<i2")
    np.testing.assert_array_equal(content(open_recording(path)).values[:, 0], expected)


def test_the_public_xdf_example_has_the_values_of_pyxdf() -> None:
    import pyxdf

    path = FOLDER / "formats" / "xdf" / "minimal.xdf"
    streams, _ = pyxdf.load_xdf(str(path), synchronize_clocks=False, dejitter_timestamps=False)
    expected = streams[0]["time_series"]
    options = ReadOptions(emg=("1", "2", "3"), rate=Fraction(1000))
    values = content(open_recording(path, options)).values
    # By the given rate (the true one, 10 Hz, is refused) the stamps show holes.
    np.testing.assert_array_equal(values[~np.isnan(values[:, 0])], expected)


def test_bitalino_counts_lose_nothing_in_a_whole_recording() -> None:
    path = FOLDER / "isb_bitalino" / "gD_s2_quadriceps_t1.txt"
    opened = open_recording(path)
    assert opened.lengths["emg"] == 92_850
    assert content(opened).gaps == []
