"""The picture of a night: complete, the same every time, and without a trace of a display."""

import subprocess
import sys
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crampdetect.outputs.clock_times import Clock
from crampdetect.outputs.night_axis import clock_ticks, columns, label_rows
from crampdetect.outputs.night_plot import night_figure, plot_night
from crampdetect.records import Annotation, NightTrace
from tests.synthetic_night import START, night


def words(figure: object) -> str:
    from matplotlib.text import Text

    found = figure.findobj(Text)  # type: ignore[attr-defined]
    return "\n".join(each.get_text() for each in found)


@pytest.mark.parametrize("suffix", ["png", "pdf", "svg"])
def test_the_same_night_gives_the_same_bytes(tmp_path: Path, suffix: str) -> None:
    first, second = tmp_path / f"a.{suffix}", tmp_path / f"b.{suffix}"
    plot_night(night(1.0), first)
    plot_night(night(1.0), second)
    assert first.read_bytes() == second.read_bytes()
    assert first.stat().st_mode & 0o777 == 0o600


def test_a_png_is_wide_enough_to_read(tmp_path: Path) -> None:
    plot_night(night(), tmp_path / "a.png")
    header = (tmp_path / "a.png").read_bytes()[16:24]
    width, height = int.from_bytes(header[:4], "big"), int.from_bytes(header[4:], "big")
    assert width >= 1700 and 1.35 < width / height < 1.45  # A4, landscape


def test_what_a_reader_needs_is_in_words() -> None:
    told = words(night_figure(night()))
    for part in (
        "Night of 13 March 2026: 3 cramps, 1 unsure; 0.39 cramps per valid hour",
        "7 h 45 min valid of 8 h (97 %)",
        "56 body movements",
        "01:17, 41 s", "01:23, 1 min 4 s", "02:40, 22 s unsure", "04:20, 3 min",
        "electrode off 6 min 40 s", "no data 1 min 35 s", "mains hum too strong 5 min",
        "clock time (Europe/Berlin)", "23:00", "EMG RMS (µV)", "motion (mg)", "upright",
        "model rules-1", "not a medical device", "night.edf", "resting level",
    ):  # fmt: skip
        assert part in told, part


def test_panels_are_left_out_where_nothing_was_measured() -> None:
    assert len(night_figure(night()).axes) == 5
    figure = night_figure(night(with_motion=False))
    assert len(figure.axes) == 3
    one_axis = night()
    if one_axis.trace is None:
        raise AssertionError("the night has a trace")
    blind = np.full_like(one_axis.trace.time_s, np.nan)
    without_posture = replace(one_axis, trace=replace(one_axis.trace, shank_angle=blind))
    assert len(night_figure(without_posture).axes) == 4


def test_an_excerpt_without_a_clock_and_a_simulation_say_so() -> None:
    excerpt = night(0.5, start=None)
    told = words(night_figure(excerpt))
    assert "Excerpt: no cramps" in told and "since the recording began" in told
    marked = replace(night(), annotations=(Annotation(0.0, 0.0, "Simulated recording"),))
    assert "Simulated night of 13 March 2026" in words(night_figure(marked))


def test_all_kinds_of_names_can_be_drawn(tmp_path: Path) -> None:
    for name in ("$^^$.edf", "夜\u202e.edf", "\x1b[31m.edf", "n" * 250 + ".edf"):
        plot_night(night(0.5, path=name), tmp_path / "a.png")


@pytest.mark.parametrize("windows", [0, 1, 2])
def test_recordings_of_hardly_a_window(tmp_path: Path, windows: int) -> None:
    nothing = np.full(windows, np.nan)
    trace = NightTrace(np.linspace(0.0, 0.5, windows), nothing, nothing, nothing, nothing, "a.u.")
    short = night(0.5)
    short = replace(
        short,
        trace=trace,
        episodes=(),
        invalid_spans=(),
        recording=replace(short.recording, duration_s=1.0),
        quality=replace(short.quality, valid_s=0.0, lead_off_s=0.0, gap_s=0.0, mains_s=0.0),
    )
    plot_night(short, tmp_path / "a.png")


def test_a_dead_electrode_does_not_set_the_scale() -> None:
    whole = night()
    if whole.trace is None:
        raise AssertionError("the night has a trace")
    envelope = whole.trace.envelope.copy()
    (off,) = (span for span in whole.invalid_spans if span[2] == "lead_off")
    inside = (whole.trace.time_s >= off[0]) & (whole.trace.time_s < off[1])
    envelope[inside] = 1e-20
    axes = night_figure(replace(whole, trace=replace(whole.trace, envelope=envelope))).axes[1]
    assert axes.get_ylim()[0] > 0.1


def test_refusals(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"expected \.png"):
        plot_night(night(0.5), tmp_path / "a.jpg")
    with pytest.raises(ValueError, match="trace=True"):
        plot_night(replace(night(0.5), trace=None), tmp_path / "a.png")
    assert list(tmp_path.iterdir()) == []


def test_a_persons_matplotlib_settings_do_not_matter(tmp_path: Path) -> None:
    import matplotlib

    plot_night(night(0.5), tmp_path / "a.png")
    with matplotlib.rc_context({"text.usetex": True, "axes.facecolor": "red", "font.size": 40}):
        plot_night(night(0.5), tmp_path / "b.png")
        assert matplotlib.rcParams["font.size"] == 40
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()


def test_drawing_does_not_load_pyplot() -> None:
    program = (
        "import sys, crampdetect.outputs.night_plot; print('matplotlib.pyplot' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "False\n"


def test_without_matplotlib_one_sentence_says_what_to_install() -> None:
    program = (
        "import sys; sys.modules['matplotlib'] = None\n"
        "from crampdetect.cli.main import main\n"
        "sys.exit(main(['replay', '--demo', '--no-log', '--plot', 'x.png']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stdout == ""  # known before the work, not after it
    assert done.stderr.count("\n") == 1 and "crampdetect[plot]" in done.stderr


@given(st.integers(2, 400), st.integers(1, 50), st.data())
def test_columns_lose_no_peak_and_keep_holes(n: int, most: int, data: st.DataObject) -> None:
    values = np.array(
        data.draw(st.lists(st.floats(0, 1e6) | st.just(np.nan), min_size=n, max_size=n))
    )
    reduced = columns(np.linspace(0.0, (n - 1) / 2, n), values, most)
    assert reduced.time_s.size <= most + 1 and reduced.high.size == reduced.time_s.size
    if np.isfinite(values).any():
        assert np.nanmax(reduced.high) == np.nanmax(values)
        assert np.nanmin(reduced.low) == np.nanmin(values)
        some = np.isfinite(reduced.low)
        assert (reduced.low[some] <= reduced.median[some]).all()
        assert (reduced.median[some] <= reduced.high[some]).all()
    else:
        assert np.isnan(reduced.high).all()


def test_a_missing_stretch_of_windows_is_a_hole() -> None:
    time_s = np.concatenate([np.arange(0, 10), np.arange(20, 30)]).astype(float)
    reduced = columns(time_s, np.ones(20), 30)
    assert np.isnan(reduced.high[10:20]).all() and (reduced.high[:10] == 1).all()
    assert reduced.time_s[20] == 20.5


def test_ticks_are_round_clock_times_also_when_the_clock_changes() -> None:
    positions, labels = clock_ticks(Clock(START, "Europe/Berlin"), 8 * 3600.0, 12)
    assert labels == ["23:00", "00:00", "01:00", "02:00", "03:00", "04:00", "05:00", "06:00"]
    assert positions[0] == 770.0
    spring = START.replace(day=28, hour=23, minute=0, second=0)
    _, labels = clock_ticks(Clock(spring, "Europe/Berlin"), 5 * 3600.0, 12)
    assert "03:00" in labels and "02:00" not in labels


def test_ticks_of_short_recordings_have_seconds() -> None:
    _, labels = clock_ticks(Clock(datetime(2026, 3, 14, 2, 10, 5), None), 60.0, 12)
    assert labels[0] == "02:10:10"
    assert clock_ticks(Clock(None, None), 60.0, 12)[1][0] == "0:00:00"


@given(st.lists(st.floats(0, 100), max_size=20), st.integers(1, 3))
def test_labels_of_one_row_never_overlap(centres: list[float], rows: int) -> None:
    centres = sorted(centres)
    placed = label_rows(centres, [5.0] * len(centres), rows)
    for row in range(rows):
        mine = [centre for centre, at in zip(centres, placed, strict=True) if at == row]
        assert all(later - earlier >= 5.0 - 1e-9 for earlier, later in pairwise(mine))
