"""Plain tables: separators, names and units, rates from headers and stamps, numbers alone."""

from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from crampdetect.detection.types import Gap
from crampdetect.errors import RecordingError
from crampdetect.storage.readers.plain_csv import open_plain_csv, recognises
from crampdetect.storage.readers.selection import Channel, select_streams
from crampdetect.storage.recording import ReadOptions, RecordingFile
from tests.readers_golden import content, plain, write

NONE = ReadOptions()


def _open(folder: Path, text: str | bytes, options: ReadOptions = NONE) -> RecordingFile:
    path = write(folder, "t.csv", text)
    assert recognises(path.read_bytes())
    return open_plain_csv(path, options)


def _values(folder: Path, text: str | bytes, options: ReadOptions = NONE) -> list[float]:
    column: list[float] = content(_open(folder, text, options)).values[:, 0].tolist()
    return column


@pytest.mark.parametrize(
    ("delimiter", "comma"), [(",", False), (";", False), (";", True), ("\t", False), ("\t", True)]
)
@pytest.mark.parametrize("rate", [Fraction(1000), Fraction(512), Fraction(34000, 27)])
def test_separators_and_decimal_marks(
    tmp_path: Path, delimiter: str, comma: bool, rate: Fraction
) -> None:
    text = plain([i / 8 for i in range(400)], rate, delimiter, comma)
    opened = _open(tmp_path, text)
    emg, acc = opened.signals
    assert (emg.channels, emg.unit) == (("EMG [mV]",), "uV")
    assert emg.nominal_sampling_frequency == acc.nominal_sampling_frequency == rate
    np.testing.assert_allclose(content(opened).values[:, 0], np.arange(400) * 125.0)
    assert content(opened).gaps == []
    assert content(opened, "acc").values[0].tolist() == [1.0]
    assert opened.warnings == ()


def test_blanks_as_separator(tmp_path: Path) -> None:
    text = "t  EMG_uV\n" + "".join(f"{i / 1000:.3f}   {i}\n" for i in range(50))
    assert _values(tmp_path, text) == [float(i) for i in range(50)]


def test_time_in_milliseconds_and_a_hole(tmp_path: Path) -> None:
    rows = [*range(100), *range(130, 200)]
    for head in ("time_ms,EMG (uV)", "Time [ms],EMG (uV)", "Zeit (ms),EMG (µV)"):
        text = head + "\n" + "".join(f"{2 * i},{i}\n" for i in rows)
        opened = _open(tmp_path, text)
        assert opened.signals[0].nominal_sampling_frequency == 500
        assert content(opened).gaps == [Gap("emg", 100, 130, "missing")]
        np.testing.assert_array_equal(content(opened).values[rows, 0], rows)


def test_unix_time_gives_an_aware_start(tmp_path: Path) -> None:
    text = "timestamp,EMG\n" + "".join(f"{1700000000000 + i},{i}\n" for i in range(50))
    opened = _open(tmp_path, text)
    assert opened.signals[0].nominal_sampling_frequency == 1000
    assert opened.start == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)


def test_dates_give_a_naive_start(tmp_path: Path) -> None:
    text = "when;EMG [mV]\n" + "".join(
        f"2024-05-01 22:15:{i / 500:09.6f};{i}\n" for i in range(200)
    )
    opened = _open(tmp_path, text)
    assert opened.signals[0].nominal_sampling_frequency == 500
    assert (opened.start, opened.start_local) == (None, datetime(2024, 5, 1, 22, 15))


def test_empty_cells_and_nan_are_gaps(tmp_path: Path) -> None:
    cells = ["1", "", "nan", "4", "5", "N/A", "7"]
    text = "t,EMG [uV],acc_x [g]\n" + "".join(
        f"{i / 1000},{cell},1\n" for i, cell in enumerate(cells)
    )
    opened = _open(tmp_path, text, ReadOptions(rate=Fraction(1000)))
    assert content(opened).gaps == [Gap("emg", 1, 3, "nan"), Gap("emg", 5, 6, "nan")]
    assert content(opened, "acc").gaps == []


def test_a_given_rate_is_used_exactly(tmp_path: Path) -> None:
    rate = Fraction(34000, 27)
    opened = _open(tmp_path, plain([1.0] * 100), ReadOptions(rate=Fraction(1001, 1)))
    assert opened.signals[0].nominal_sampling_frequency == 1001
    opened = _open(tmp_path, plain([1.0] * 100), ReadOptions(rate=rate))
    assert opened.signals[0].nominal_sampling_frequency == rate
    assert any("not 1259.26 Hz as given" in warning for warning in opened.warnings)
    assert content(opened).gaps == []


@pytest.mark.parametrize(
    "head",
    ["# rate = 1000", "# Sampling Rate (Hz):= 1000.00", "# sampling frequency: 1 kHz", "%fs=1000"],
)
def test_small_headers(tmp_path: Path, head: str) -> None:
    text = f"# Simple Text Format\n{head}\n# Units:= mV\n# Labels:= EMG\tacc_x\n"
    opened = _open(tmp_path, text + "1.0\t2\n2.0\t2\n3.0\t2\n")
    assert opened.signals[0].nominal_sampling_frequency == 1000
    assert content(opened).values[:, 0].tolist() == [1000, 2000, 3000]
    # One unit for all columns is no unit of acceleration.
    assert [info.stream for info in opened.signals] == ["emg"]


def test_uci_header(tmp_path: Path) -> None:
    text = (
        "File Name: a.log\nChannel 4: 'Recto', 3 values, engineering units: mV, no filters.\n"
        "Channel 5: 'EMG Semi', 3 values, engineering units: mV, no filters.\n\n"
        "0.5\t0.25\n0.5\t0.5\n\t\n"
    )
    with pytest.raises(RecordingError, match="expected it with --rate"):
        _open(tmp_path, text)
    opened = _open(tmp_path, text, ReadOptions(rate=Fraction(1000)))
    assert opened.signals[0].channels == ("EMG Semi",)
    assert content(opened).values[:2, 0].tolist() == [250, 500]
    assert content(opened).gaps == [Gap("emg", 2, 3, "nan")]


def test_a_row_of_units_below_the_names(tmp_path: Path) -> None:
    text = "time,EMG,acc x,acc y,acc z\ns,mV,m/s^2,m/s^2,m/s^2\n" + "".join(
        f"{i / 1000:.3f},0.5,0,0,9.80665\n" for i in range(30)
    )
    opened = _open(tmp_path, text)
    assert content(opened).values[0, 0] == 500
    assert content(opened, "acc").values[0].tolist() == [0, 0, 1]


def test_numbers_alone(tmp_path: Path) -> None:
    rate = Fraction(1000)
    assert _values(tmp_path, "1\n2\n3\n", ReadOptions(rate=rate)) == [1, 2, 3]
    three = "1\t-5\t9\r\n2\t-6\t9\r\n\t\t\r\n"
    with pytest.raises(RecordingError, match="3 columns have no names; expected --emg"):
        _open(tmp_path, three, ReadOptions(rate=rate))
    opened = _open(tmp_path, three, ReadOptions(rate=rate, emg=("2",), unit="uV"))
    assert content(opened).values[:2, 0].tolist() == [-5, -6]
    with pytest.raises(RecordingError, match="no channel is called '4'"):
        _open(tmp_path, three, ReadOptions(rate=rate, emg=("4",)))


def test_numbers_mean_columns_of_the_file(tmp_path: Path) -> None:
    opened = _open(tmp_path, "t,a,b\n0.000,1,2\n0.001,1,2\n", ReadOptions(emg=("3",)))
    assert content(opened).values[:, 0].tolist() == [2, 2]


def test_no_rate_anywhere(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match=r"t\.csv: .*--rate"):
        _open(tmp_path, "EMG,acc_x\n1,2\n1,2\n")


def test_text_among_the_numbers_is_named(tmp_path: Path) -> None:
    rows = [f"{i / 1000:.3f},{i}" for i in range(9000)]
    rows[8000] = "8.000,Fehler"
    with pytest.raises(RecordingError, match="line 8002, column 2 holds 'Fehler'"):
        _open(tmp_path, "time,EMG [uV]\n" + "\n".join(rows))


def test_a_unit_that_cannot_be_true_is_a_warning_never_a_factor(tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    text = "time,EMG [V]\n" + "".join(
        f"{i / 1000:.3f},{value:.4f}\n" for i, value in enumerate(rng.normal(0, 3.0, 3000))
    )
    opened = _open(tmp_path, text)
    assert any("--unit" in warning for warning in opened.warnings)
    assert np.abs(content(opened).values).max() > 1e6


def test_only_some_units_known(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="only some EMG channels have a known unit"):
        _open(tmp_path, "time,GM [mV],GL [x]\n0.000,1,2\n0.001,1,2\n")


def test_scale_and_offset_both_become_microvolts() -> None:
    channel = Channel("EMG", Fraction(1000), "mV", 0, scale=2.0, offset=-1.0, counts=(0.0, 10.0))
    plan = select_streams([channel], NONE, Path("t.csv")).streams[0]
    assert (plan.scale.tolist(), plan.offset.tolist()) == ([2000.0], [-1000.0])
    assert plan.info.rails == ((-1000.0, 19000.0),)
    given = select_streams([channel], ReadOptions(unit="uV"), Path("t.csv")).streams[0]
    # A unit given by a person is that of the numbers in the file.
    assert (given.scale.tolist(), given.offset.tolist()) == ([1.0], [0.0])


def test_a_jump_of_weeks_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="holes of at most 7 days"):
        _open(tmp_path, plain([1.0] * 99) + "9999999.0,1.0,1.0\n")


def test_a_dead_column_does_not_hold_the_other_stream_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crampdetect.storage.readers.text_lines.BLOCK_BYTES", 1000)
    text = "t,EMG [uV],acc_x [g]\n0.000,1,1\n0.001,1,1\n" + "".join(
        f"{i / 1000:.3f},,1\n" for i in range(2, 5000)
    )
    opened = _open(tmp_path, text)
    behind = {"emg": 0, "acc": 0}
    for item in opened.read():
        behind[item.stream] = item.stop
        assert behind["emg"] - behind["acc"] < 600
    assert content(opened).values[:2, 0].tolist() == [1, 1]
    assert sum(gap.stop - gap.start for gap in content(opened).gaps) == 4998


@pytest.mark.parametrize(
    "head", [b"", b"Dear reader,\nthis is no table.\n", b"\x00\x01\x02", b"MIT License\n\n2024\n"]
)
def test_what_is_no_table(head: bytes) -> None:
    assert not recognises(head)


def test_rows_without_a_value_at_the_start_belong_to_the_table(tmp_path: Path) -> None:
    """Once they were taken for lines of the header, and the name and the gap were lost."""
    text = "EMG [uV]\n" + "nan\n" * 20 + "".join(f"{i % 9}\n" for i in range(3000))
    opened = open_plain_csv(write(tmp_path, "late.csv", text), ReadOptions(rate=Fraction(1000)))
    assert opened.signals[0].channels == ("EMG [uV]",)
    assert opened.signals[0].unit == "uV"
    first = next(iter(opened.read()))
    assert (type(first), first.start, first.stop) == (Gap, 0, 20)
