"""Whatever bytes a decoder gets, cut and timed as they like: nothing raises, nothing grows."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crampdetect.devices.catalogue import DEVICES
from tests.decoder_fuzzing import corpus, survives


@pytest.mark.parametrize("kind", DEVICES)
@settings(max_examples=30)
@given(data=st.data())
def test_mutated_nights(kind: str, data: st.DataObject) -> None:
    night = bytearray(corpus(kind))
    for _ in range(data.draw(st.integers(0, 6))):
        at = data.draw(st.integers(0, len(night)))
        night[at : at + data.draw(st.integers(0, 8))] = data.draw(st.binary(max_size=8))
    survives(kind, bytes(night))
    survives(kind, data.draw(st.binary(max_size=500)))


@pytest.mark.fuzz
@pytest.mark.parametrize("kind", DEVICES)
@pytest.mark.skipif(sys.platform != "linux", reason="atheris runs on Linux only")
def test_coverage_guided_fuzzing(kind: str, tmp_path: Path) -> None:
    pytest.importorskip("atheris")
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzz_decoders", kind, "5", str(tmp_path)],
        cwd=Path(__file__).resolve().parents[1],
        env=dict(os.environ),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
