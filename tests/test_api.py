"""The public Python API on the demo night."""

import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

import crampdetect
from crampdetect import CrampdetectError, ModelError, RecordingError
from crampdetect.api import _rate
from crampdetect.detection.types import Samples
from crampdetect.outputs.replay_document import replay_document
from crampdetect.resources import demo_recording, demo_truth, model_names, model_path
from crampdetect.storage.log import open_log


@pytest.fixture(scope="module")
def result() -> crampdetect.ReplayResult:
    return crampdetect.replay(demo_recording(), timezone="Europe/Berlin")


def test_rows_and_document_are_one_and_the_same(result: crampdetect.ReplayResult) -> None:
    document = result.document
    assert document == replay_document(result.replay)
    assert result.episodes == document["episodes"] and result.episodes
    assert result.rejected == document["rejected"] and result.rejected
    assert result.counts["cramps"] == sum(row["kind"] == "cramp" for row in result.episodes)
    assert sum(result.quality.values()) == pytest.approx(1800.0)
    assert result.added is None
    assert result.warnings == result.replay.warnings


def test_nothing_is_written_unless_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    default = tmp_path / "default.sqlite"
    monkeypatch.setenv("CRAMPDETECT_LOG", str(default))
    crampdetect.replay(demo_recording())
    assert not default.exists()


def test_log_takes_a_replay_once(tmp_path: Path) -> None:
    log = tmp_path / "log.sqlite"
    assert crampdetect.replay(demo_recording(), log=log, side="left").added is True
    assert crampdetect.replay(demo_recording(), log=log, side="left").added is False
    assert crampdetect.replay(demo_recording(), log=log, side="left", again=True).added is True
    with open_log(str(log)) as opened:
        (night,) = opened.nights()
        assert night.recording.side == "left"


def test_the_same_as_the_command(
    result: crampdetect.ReplayResult, capsys: pytest.CaptureFixture[str]
) -> None:
    import json

    from crampdetect.cli.main import main

    zone = ["--timezone", "Europe/Berlin"]
    assert main(["replay", str(demo_recording()), "--json", "--no-log", *zone]) == 0
    assert json.loads(capsys.readouterr().out) == json.loads(json.dumps(result.document))


def test_to_dataframe(result: crampdetect.ReplayResult) -> None:
    frame = result.to_dataframe()
    assert list(frame["kind"]) == [row["kind"] for row in result.episodes]
    every = result.to_dataframe(rejected=True)
    assert len(every) == len(result.episodes) + len(result.rejected)
    assert every["onset_s"].is_monotonic_increasing


def test_to_mne_has_the_signals_in_volts_and_the_episodes(
    result: crampdetect.ReplayResult,
) -> None:
    raw = result.to_mne()
    assert raw.info["sfreq"] == 500.0
    assert raw.get_channel_types() == ["emg", "misc", "misc", "misc"]
    emg = raw.get_data(picks=[0])[0]
    blocks = [
        item
        for item in result.recording.read()
        if isinstance(item, Samples) and item.stream == "emg"
    ]
    for block in blocks:
        np.testing.assert_allclose(
            emg[block.start : block.stop], block.values[:, 0] * 1e-6, rtol=0, atol=1e-15
        )
    marks = raw.annotations
    cramps = [row["onset_s"] for row in result.episodes if row["kind"] == "cramp"]
    assert [m["onset"] for m in marks if m["description"] == "cramp"] == pytest.approx(cramps)
    gaps = [m for m in marks if m["description"] == "BAD_gap"]
    assert sum(m["duration"] for m in gaps) == pytest.approx(20.0 * len(gaps))
    assert raw.info["meas_date"].isoformat() == "2026-03-14T01:10:00+00:00"


def test_to_mne_holds_acceleration_in_time_with_the_muscle(
    result: crampdetect.ReplayResult,
) -> None:
    x = result.to_mne().get_data(picks=[1])[0]
    first = next(
        item
        for item in result.recording.read()
        if isinstance(item, Samples) and item.stream == "acc"
    )
    np.testing.assert_allclose(x[:1000:10], first.values[:100, 0])  # 50 Hz in 500 Hz


def test_plot_gives_a_figure_and_a_file(result: crampdetect.ReplayResult, tmp_path: Path) -> None:
    path = tmp_path / "night.svg"
    figure = result.plot(path)
    assert len(figure.axes) == 5
    assert path.read_text().startswith("<?xml")


def test_bad_arguments_are_a_callers_mistake() -> None:
    demo = demo_recording()
    with pytest.raises(ValueError, match="side"):
        crampdetect.replay(demo, side="both")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="lucky"):
        crampdetect.replay(demo, profile="lucky")
    with pytest.raises(ValueError, match="rate"):
        crampdetect.replay(demo, rate=0)
    with pytest.raises(ValueError, match="acc_rate"):
        crampdetect.replay(demo, acc_rate="fast")
    with pytest.raises(RecordingError, match=r"missing\.edf"):
        crampdetect.replay("missing.edf")
    with pytest.raises(RecordingError, match="nothing"):
        crampdetect.replay(demo, emg="nothing")


def test_a_result_is_one_line(result: crampdetect.ReplayResult) -> None:
    told = repr(result)
    assert told.startswith("<ReplayResult ") and "\n" not in told and len(told) < 200
    cramps, unsure = result.counts["cramps"], result.counts["unsure"]
    assert f"demo-night.edf: {cramps} cramps, {unsure} unsure" in told
    assert f"{result.quality['valid_s'] / 3600:.2f} valid hours, excerpt" in told


def test_a_picture_that_cannot_be_written_names_its_file(
    result: crampdetect.ReplayResult, tmp_path: Path
) -> None:
    with pytest.raises(RecordingError, match=r"night\.svg: .*cannot be written"):
        result.plot(tmp_path / "missing" / "night.svg")


def test_rates_are_what_was_written() -> None:
    assert _rate("rate", 1259.259) == Fraction(1259259, 1000)
    assert _rate("rate", "34000/27") == Fraction(34000, 27)
    assert _rate("rate", Fraction(1, 3)) == Fraction(1, 3)
    for wrong in ("1/0", float("nan"), float("inf"), -1):
        with pytest.raises(ValueError, match="rate is"):
            _rate("rate", wrong)


@pytest.mark.parametrize(
    ("package", "call", "words"),
    [("mne", "to_mne", "crampdetect[mne]"), ("pandas", "to_dataframe", "pip install pandas")],
)
def test_a_missing_extra_is_one_sentence(
    result: crampdetect.ReplayResult,
    package: str,
    call: str,
    words: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(CrampdetectError) as caught:
        getattr(result, call)()
    assert words in str(caught.value)


def test_importing_the_package_loads_nothing_heavy() -> None:
    program = "import sys, crampdetect; print('numpy' in sys.modules, dir(crampdetect)[-1])"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "False replay\n"


def test_models_and_demo_are_found() -> None:
    assert demo_recording().is_file() and demo_truth().is_file()
    for name in model_names():
        assert model_path(name).read_text().startswith("{")
    assert model_path(str(model_path(model_names()[0]))).is_file()
    with pytest.raises(ModelError, match="nobodys"):
        model_path("nobodys")
    with pytest.raises(ModelError, match=r"no/such\.json"):
        model_path("no/such.json")


def test_resources_of_a_wheel_come_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from crampdetect import resources

    inside = tmp_path / "site-packages" / "crampdetect"
    (inside / "_data" / "models").mkdir(parents=True)
    (inside / "_data" / "models" / "own.json").write_text("{}")
    (inside / "_data" / "recordings").mkdir()
    monkeypatch.setattr(resources, "_PACKAGE", inside)
    assert model_names() == ("own",)
    with pytest.raises(RecordingError, match="install crampdetect again"):
        demo_recording()


def test_a_folder_beside_site_packages_is_not_taken_for_a_checkout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from crampdetect import resources

    inside = tmp_path / "lib" / "site-packages" / "crampdetect"
    inside.mkdir(parents=True)
    (tmp_path / "lib" / "models").mkdir()
    (tmp_path / "lib" / "models" / "somebodys.json").write_text("{}")
    monkeypatch.setattr(resources, "_PACKAGE", inside)
    assert model_names() == ()
