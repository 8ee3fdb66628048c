"""The demo night is what its script makes, and what its README promises."""

import importlib.util
from collections import Counter
from pathlib import Path
from types import ModuleType

import numpy as np

from crampdetect.detection.types import Gap, Samples, Stream
from crampdetect.storage.readers.edf import open_edf
from crampdetect.storage.recording import ReadOptions
from tests.simulated_signals import whole

RECORDINGS = Path(__file__).resolve().parents[1] / "recordings"


def load_make_demo() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_demo", RECORDINGS / "make_demo.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_demo_is_what_its_script_makes(tmp_path: Path) -> None:
    made = load_make_demo().write_demo(tmp_path)
    kept, again = (
        (folder / "demo-night.edf").read_bytes() for folder in (RECORDINGS, made[0].parent)
    )
    assert made[1].read_bytes() == (RECORDINGS / "demo-night.truth.json").read_bytes()
    assert len(kept) == len(again) < 3_000_000
    header = 256 * 6
    assert kept[:header] == again[:header]
    before, after = (np.frombuffer(data[header:], "<i2").astype(int) for data in (kept, again))
    # other processors round exp and FFT differently, which may tip a sample to the next step
    assert np.abs(before - after).max() <= 1
    assert np.mean(before != after) < 0.001


def test_the_demo_is_read_back_as_it_was_simulated() -> None:
    demo = load_make_demo()
    night = demo.demo_night()
    recording = open_edf(RECORDINGS / "demo-night.edf", ReadOptions())
    assert recording.format == "EDF+C"
    assert recording.recording_id == demo.RECORDING_ID
    assert recording.start_local == demo.START_LOCAL
    assert recording.lengths == night.lengths
    assert recording.signals[0].capability == "spectral_reduced"
    gaps = [item for item in recording.read() if isinstance(item, Gap)]
    assert {(gap.stream, gap.start, gap.stop) for gap in gaps} == {
        ("emg", 325_000, 335_000),
        ("acc", 32_500, 33_500),
    }
    for stream, step in (("emg", 0.15), ("acc", 0.000125)):
        name: Stream = "emg" if stream == "emg" else "acc"
        made = whole(night, name)
        read = np.full_like(made, np.nan)
        for item in recording.read():
            if isinstance(item, Samples) and item.stream == stream:
                read[item.start : item.stop] = item.values
        np.testing.assert_allclose(read, made, rtol=0, atol=1.01 * step)


def test_the_demo_holds_what_its_readme_promises() -> None:
    truth = load_make_demo().demo_night().truth
    assert Counter(event.kind for event in truth.events) == {
        "cramp": 3,
        "body_movement": 8,
        "limb_movement": 8,
        "upright": 1,
        "artefact": 1,
        "gap": 1,
        "lead_off": 1,
    }
    assert [event.duration_s for event in truth.of_kind("cramp")] == [55, 28, 150]
    assert truth.of_kind("gap")[0].duration_s == 20
    assert truth.of_kind("lead_off")[0].duration_s == 60
