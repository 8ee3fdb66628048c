"""The firmware in a simulated Arduino Uno, recorded by `crampdetect night` over its serial line."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from crampdetect.session_capture import decode_capture
from crampdetect.storage.capture_reader import read_capture
from tests.firmware_simavr import SimulatedUno
from tests.test_cli_night import grown

pytestmark = pytest.mark.avr


def test_a_night_with_the_uno_loses_nothing(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    emg = rng.normal(0.0, 30.0, 5_000)
    folder = tmp_path / "captures"
    with SimulatedUno(tmp_path / "uno", noise_mv=3.0) as uno:
        port = uno.start(emg)
        words = [sys.executable, "-m", "crampdetect", "night", "--kind", "cramplink-serial"]
        words += ["--device", f"{port}@250000", "--no-check", "--no-log", "--folder", str(folder)]
        child = subprocess.Popen(
            words,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            text=True,
            env={**os.environ, "CRAMPDETECT_CONFIG": str(tmp_path / "none.toml")},
        )
        path = grown(folder, 60_000)  # about 15 s
        child.send_signal(signal.SIGINT)
        out, err = child.communicate(timeout=60)
    assert child.returncode == 0, err
    assert "an excerpt" in out
    decoded = decode_capture(read_capture(path), path)
    emg_info, acc_info = decoded.signals
    assert float(emg_info.nominal_sampling_frequency) == 1000.0
    assert float(acc_info.nominal_sampling_frequency) == 100.0
    assert decoded.quality.received["emg"] > 10_000
    assert decoded.quality.lost.get("emg", 0) == 0
    assert decoded.quality.not_connected.get("emg", 0) == 0
    assert decoded.quality.restarts == 0
