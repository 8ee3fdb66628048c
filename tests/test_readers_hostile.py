"""Whatever bytes a reader gets: valid items or one RecordingError, within bounded time."""

import gzip
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crampdetect.storage.readers import open_recording
from crampdetect.storage.recording import ReadOptions
from tests.readers_golden import all_formats, content, survives, write

GOLDEN = all_formats()
READERS = tuple(GOLDEN)
#: Far above what a few kB need, far below a hang.
SECONDS = 5.0
_LENIENT = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
# What breaks numbers, rows, sizes and text.
_PIECES = st.sampled_from(
    [b"\n", b"\r", b"\t", b",", b";", b'"', b"\0", b"\xff", b"nan", b"inf", b"-", b"1e999", b"0",
     b"\x85", b"\xef\xbb\xbf", b"%", b"#", b"{", b"[" * 50, b"9" * 40, b"\xff\xff\xff\xff"]
)  # fmt: skip


@st.composite
def _mutated(draw: st.DrawFn, data: bytes) -> bytes:
    """A valid file with a few cuts, copies, changed bytes and insertions."""
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(data)))
        length = draw(st.integers(0, 40))
        action = draw(st.integers(0, 4))
        if action == 0:
            data = data[:at] + data[at + length :]
        elif action == 1:
            data = data[:at] + draw(_PIECES) + data[at:]
        elif action == 2:
            data = data[:at] + draw(st.binary(max_size=8)) + data[at + length :]
        elif action == 3:
            data = data[:at] + data[at : at + length] * 3 + data[at + length :]
        else:
            data = data[:at]
    return data


def _check(module: str, path: Path, data: bytes) -> None:
    path.write_bytes(data)
    begin = time.monotonic()
    survives(module, path)
    survives(module, path, ReadOptions(emg=("2",), unit="mV"))
    assert time.monotonic() - begin < SECONDS


@pytest.mark.parametrize("module", READERS)
def test_golden_files_are_read_by_their_reader_and_found_by_content(
    module: str, tmp_path: Path
) -> None:
    name, data = GOLDEN[module]
    path = write(tmp_path, "anything.bin", data)
    opened = open_recording(path)
    assert open_recording(write(tmp_path, name, data)).format == opened.format
    assert opened.lengths["emg"] == (500 if module == "xdf" else 60)
    assert len(content(opened).values) == opened.lengths["emg"]
    if module not in ("opensignals_hdf5", "xdf", "wav"):
        packed = open_recording(write(tmp_path, name + ".gz", gzip.compress(data)))
        assert (packed.format, packed.lengths) == (opened.format, opened.lengths)


@pytest.mark.parametrize("module", READERS)
@_LENIENT
@given(data=st.data())
def test_mutated_files(module: str, tmp_path: Path, data: st.DataObject) -> None:
    _check(module, tmp_path / "m", data.draw(_mutated(GOLDEN[module][1])))


@pytest.mark.parametrize("module", READERS)
@_LENIENT
@given(tail=st.binary(max_size=400))
def test_random_bytes_behind_a_true_beginning(module: str, tmp_path: Path, tail: bytes) -> None:
    _check(module, tmp_path / "r", tail)
    _check(module, tmp_path / "r", GOLDEN[module][1][: 8 * len(tail)] + tail)


@pytest.mark.parametrize("module", READERS)
def test_every_truncation_is_survived(module: str, tmp_path: Path) -> None:
    data = GOLDEN[module][1]
    for cut in range(0, len(data), max(len(data) // 60, 1)):
        _check(module, tmp_path / "t", data[:cut])


@pytest.mark.fuzz
@pytest.mark.parametrize("module", READERS)
@pytest.mark.skipif(sys.platform != "linux", reason="atheris runs on Linux only")
def test_coverage_guided_fuzzing(module: str, tmp_path: Path) -> None:
    pytest.importorskip("atheris")
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzz_readers", module, "5", str(tmp_path)],
        cwd=Path(__file__).resolve().parents[1],
        env=dict(os.environ),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
