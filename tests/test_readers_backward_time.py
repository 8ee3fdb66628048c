"""Time that runs backwards: refused with its line, whatever the format; jitter is tolerated."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from crampdetect.detection.types import Array
from crampdetect.errors import RecordingError
from crampdetect.storage.readers import open_recording
from crampdetect.storage.readers.backward_time import refuse_backward_time
from crampdetect.storage.readers.losses import StampLoss
from tests.readers_golden import brainflow, openbci, shimmer, write


def _csv(stamps: Array) -> str:
    return "time_s,EMG [mV]\n" + "".join(f"{t:.3f},{i % 7}\n" for i, t in enumerate(stamps))


def _dates(stamps: Array) -> str:
    base = np.datetime64("2024-05-01T22:15:00")
    moments = base + np.round(stamps * 1000).astype("timedelta64[ms]")
    return "time,EMG [mV]\n" + "".join(f"{t},{i % 7}\n" for i, t in enumerate(moments))


def _shimmer(stamps: Array) -> str:
    return shimmer((1.6e12 + stamps * 1000).tolist(), [0.1] * len(stamps))


def _openbci(stamps: Array) -> str:
    return openbci([0] * len(stamps), (1.7e9 + stamps).tolist())


def _brainflow(stamps: Array) -> str:
    return brainflow([0] * len(stamps), (1.7e9 + stamps).tolist())


@pytest.mark.parametrize(
    ("text", "header", "origin"),
    [
        (_csv, 1, 0.0),
        (_dates, 1, 1714601700.0),
        (_shimmer, 3, 1.6e9),
        (_openbci, 6, 1.7e9),
        (_brainflow, 0, 1.7e9),
    ],
)
@pytest.mark.parametrize("back", [6.0, 30.0])
def test_time_that_runs_backwards_is_refused(
    tmp_path: Path, text: Callable[[Array], str], header: int, origin: float, back: float
) -> None:
    index = np.arange(12_000)
    stamps = index / 250
    stamps[9000:] -= back
    path = write(tmp_path, "a.csv", text(stamps))
    with pytest.raises(RecordingError) as caught:
        open_recording(path)
    before, after = origin + 35.996, origin + 36 - back
    assert str(caught.value) == (
        f"{path}: time runs backwards at line {header + 9001}: {before} s then {after} s; "
        "expected rising times"
    )


def test_empty_lines_count_as_lines(tmp_path: Path) -> None:
    lines = _csv(np.concatenate((np.arange(200_000) / 1000, np.arange(9) / 1000))).split("\n")
    lines[5:5] = ["", ""]
    path = write(tmp_path, "a.csv", "\r\n".join(lines))
    with pytest.raises(RecordingError, match=r"at line 200004: 199\.999 s then 0\.0 s"):
        open_recording(path)


def test_a_counter_outweighs_the_clock_of_the_computer(tmp_path: Path) -> None:
    stamps = 1.7e9 + np.arange(3000) / 250
    stamps[2000:] -= 6
    path = write(tmp_path, "a.txt", openbci([i % 256 for i in range(3000)], stamps.tolist()))
    assert open_recording(path).lengths["emg"] == 3000


class _Lines:
    def place(self, row: int) -> str:
        return f"row {row}"


def _refusal(loss: StampLoss, stamps: Array, cuts: list[int]) -> str:
    blocks = np.split(stamps[:, np.newaxis], cuts)
    try:
        passed = list(refuse_backward_time(Path("a"), blocks, loss, _Lines()))
    except RecordingError as error:
        return str(error)
    np.testing.assert_array_equal(np.concatenate(passed)[:, 0], stamps)
    return ""


CUTS = [[], [499, 500, 501, 502], list(range(1, 1000)), [0, 0, 3, 3, 997]]


@pytest.mark.parametrize("cuts", CUTS)
@pytest.mark.parametrize("back", [5, 100, 400])
def test_whatever_the_blocks(cuts: list[int], back: int) -> None:
    stamps = np.arange(1000.0)
    stamps[500:] -= back
    stamps[[498, 503]] = np.nan
    found = _refusal(StampLoss(0, Fraction(1)), stamps, cuts)
    assert f"at row 500: 499.0 s then {500 - back}.0 s" in found


@pytest.mark.parametrize("cuts", CUTS)
def test_a_step_of_one_sample_is_tolerated(cuts: list[int]) -> None:
    stamps = np.arange(1000.0)
    stamps[500:] -= 2  # from 499 to 498
    assert not _refusal(StampLoss(0, Fraction(1)), stamps, cuts)
    stamps[500:] -= 1
    assert _refusal(StampLoss(0, Fraction(1)), stamps, cuts)
    assert not _refusal(StampLoss(0, Fraction(1), rounding=0.5), stamps, cuts)


@pytest.mark.parametrize("cuts", CUTS)
def test_one_damaged_stamp_and_equal_stamps_are_tolerated(cuts: list[int]) -> None:
    stamps = np.arange(1000.0)
    stamps[[100, 500, 999]] = [1e9, -5.0, 3.0]
    stamps[700:800] = 750.0
    assert not _refusal(StampLoss(0, Fraction(1)), stamps, cuts)


@pytest.mark.parametrize(("back", "refused"), [(0.09, False), (0.15, True)])
def test_times_of_arrival_may_run_back_within_their_jitter(back: float, refused: bool) -> None:
    stamps = np.arange(1000) / 1000
    stamps[500:] -= back
    loss = StampLoss(0, Fraction(1000), estimated=True)
    assert bool(_refusal(loss, stamps, [])) is refused


@pytest.mark.parametrize("cuts", CUTS)
def test_time_that_turns_and_runs_back_row_by_row(cuts: list[int]) -> None:
    stamps = np.concatenate((np.arange(500.0), np.arange(500.0, 0, -1)))
    assert "time runs backwards" in _refusal(StampLoss(0, Fraction(1)), stamps, cuts)


def test_times_are_said_as_they_are_printed() -> None:
    stamps = np.array([7.0, 8.0, 18.0, 19.0, 9.0, 10.0])  # 9 * 0.001 is 0.009000000000000001
    found = _refusal(StampLoss(0, Fraction(1000), stamp_unit=1e-3), stamps, [])
    assert "at row 4: 0.019 s then 0.009 s;" in found
