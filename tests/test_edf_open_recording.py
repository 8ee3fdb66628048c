"""Which reader gets a file: by content, then by suffix; a refusal names what it seems to be."""

import gzip
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from subprocess import run
from sys import executable

import numpy as np
import pytest

from crampdetect.errors import RecordingError
from crampdetect.storage.readers import content, open_recording
from tests.edf_building import HandFile, emg, ramp


def edf_bytes() -> bytes:
    return HandFile([emg(ramp(1000), 500)], 2).encode()


def npz_bytes() -> bytes:
    stream = io.BytesIO()
    np.savez(stream, emg=np.zeros(3))
    return stream.getvalue()


def zip_bytes() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as file:
        file.writestr("night.csv", "1,2")
    return stream.getvalue()


@pytest.mark.parametrize("name", ["night.edf", "night.csv", "night.REC", "night"])
def test_content_counts_and_not_the_suffix(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(edf_bytes())
    assert open_recording(path).format == "EDF"


REFUSED: list[tuple[str, bytes, str]] = [
    ("a.edf", b"", "the file is empty; expected a recording"),
    ("a.cwa", b"MD\xfc\x03" + bytes(2000), r"Axivity AX3/AX6 recording \(\.cwa\)"),
    ("a.bin", b"MD\xfc\x03" + bytes(2000), r"Axivity AX3/AX6 recording \(\.cwa\)"),
    ("a.npz", npz_bytes(), r"numpy archive \(\.npz\)"),
    ("a.dat", npz_bytes(), r"numpy archive \(\.npz\)"),
    ("a.zip", zip_bytes(), "a zip archive"),
    ("a.npy", b"\x93NUMPY\x01\x00", r"numpy array \(\.npy\)"),
    ("a.hea", b"100 2 360 650000\n100.dat 212 200 11 1024 995 -22131 0 MLII\n", "WFDB record"),
    ("a.dat", bytes(range(256)) * 8, "WFDB record"),
    ("a.atr", b"\x1c\x70\x00\x00" * 100, "WFDB record"),
    ("a.mat", b"MATLAB 5.0 MAT-file, Platform: GLNXA64" + bytes(200), "MATLAB file"),
    ("a.c3d", b"\x02\x50" + bytes(600), "C3D"),
    ("a.mcap", b"\x89MCAP0\r\n" + bytes(100), "MCAP capture, which a later version"),
    ("a.trc", b"PathFileType\t4\t(X/Y/Z)\tx.trc\n", "motion-capture text"),
    ("a.edf", b"1       X X X X" + b" " * 500, "named as EDF, but it does not begin like"),
    ("a.xyz", bytes(range(1, 256)) * 8, "content is of no known format"),
]


@pytest.mark.parametrize(("name", "raw", "sentence"), REFUSED)
def test_what_is_not_read_is_named(tmp_path: Path, name: str, raw: bytes, sentence: str) -> None:
    path = tmp_path / name
    path.write_bytes(raw)
    with pytest.raises(RecordingError, match=sentence) as caught:
        open_recording(path)
    assert str(path) in str(caught.value)
    assert "expected" in str(caught.value)


def test_what_is_no_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="there is no such file"):
        open_recording(tmp_path / "no.edf")
    with pytest.raises(RecordingError, match="this is a directory"):
        open_recording(tmp_path)
    with pytest.raises(RecordingError, match="cannot be opened"):
        open_recording(tmp_path / ("x" * 5000))
    with pytest.raises(RecordingError, match="cannot be opened"):
        open_recording(Path("a\0b.edf"))


@pytest.mark.parametrize("damage", [lambda raw: raw[: len(raw) // 2], lambda raw: raw[:5]])
def test_damaged_compression_is_told(tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    path = tmp_path / "a.csv.gz"
    path.write_bytes(damage(gzip.compress(b"time_s,EMG [mV]\n" + b"0,1\n" * 500)))
    with pytest.raises(RecordingError, match=r"a\.csv\.gz: the gzip compression is damaged"):
        open_recording(path)


def test_a_compressed_bomb_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # The rule with small numbers: beyond 200 times its size and beyond the allowance.
    monkeypatch.setattr(content, "ALWAYS_ALLOWED_BYTES", 1 << 20)
    path = tmp_path / "bomb.csv.gz"
    path.write_bytes(gzip.compress(b"0" * (4 << 20)))
    with pytest.raises(RecordingError, match=r"bomb\.csv\.gz: .* expected at most 200 times"):
        content.first_bytes(path)
    small = tmp_path / "flat.csv.gz"
    small.write_bytes(gzip.compress(b"0" * (1 << 19)))
    assert content.first_bytes(small) == b"0" * content.HEAD_BYTES


def test_a_text_that_compresses_well_is_no_bomb(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(content, "ALWAYS_ALLOWED_BYTES", 1)
    path = tmp_path / "a.csv.gz"
    text = "".join(f"{i},{i % 97}\n" for i in range(20_000)).encode()
    path.write_bytes(gzip.compress(text))
    assert content.first_bytes(path) == text[: content.HEAD_BYTES]


def test_opening_an_edf_file_loads_no_other_reader(tmp_path: Path) -> None:
    path = tmp_path / "a.edf"
    path.write_bytes(edf_bytes())
    heavy = ("h5py", "edfio", "pyedflib", "mne", "scipy", "crampdetect.storage.readers.xdf")
    code = (
        "import sys, pathlib, crampdetect.storage.readers as r;"
        f"list(r.open_recording(pathlib.Path({str(path)!r})).read());"
        f"print([m for m in {heavy!r} if m in sys.modules])"
    )
    done = run([executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
