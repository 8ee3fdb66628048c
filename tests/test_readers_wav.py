"""WAV: every width, extensible and streamed headers, cut files."""

import struct
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from crampdetect.errors import RecordingError
from crampdetect.storage.readers.wav import open_wav, recognises
from crampdetect.storage.recording import ReadOptions
from tests.readers_golden import content, wav, write

NONE = ReadOptions()


def _riff(fmt: bytes, data: bytes, size: int | None = None, before: bytes = b"") -> bytes:
    chunk = b"fmt " + struct.pack("<I", len(fmt)) + fmt
    body = before + chunk + b"data" + struct.pack("<I", len(data) if size is None else size) + data
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WAVE" + body


def _format(kind: int, channels: int, rate: int, bits: int, extra: bytes = b"") -> bytes:
    align = channels * bits // 8
    return struct.pack("<HHIIHH", kind, channels, rate, rate * align, align, bits) + extra


@pytest.mark.parametrize("bits", [8, 16, 24, 32])
def test_integers_of_every_width(tmp_path: Path, bits: int) -> None:
    half = 2 ** (bits - 1)
    values = np.array([[0, 5], [1, 5], [-1, 5], [half - 1, 5], [-half, 5]])
    path = write(tmp_path, "a.wav", wav(values, 10_000, bits))
    assert recognises(path.read_bytes())
    opened = open_wav(path, NONE)
    np.testing.assert_array_equal(content(opened).values[:, 0], values[:, 0])
    info = opened.signals[0]
    assert (info.unit, float(info.nominal_sampling_frequency)) == ("a.u.", 10_000.0)
    assert info.rails == ((-half, half - 1),)
    assert opened.channels_available == ("EMG 1", "EMG 2")
    assert any("--unit" in warning for warning in opened.warnings)


@pytest.mark.parametrize("bits", [32, 64])
def test_floats_with_a_given_unit(tmp_path: Path, bits: int) -> None:
    values = np.array([0.5, -0.25, 1e-3])
    data = _riff(_format(3, 1, 2000, bits), values.astype(f"<f{bits // 8}").tobytes())
    opened = open_wav(write(tmp_path, "a.wav", data), ReadOptions(unit="mV"))
    np.testing.assert_allclose(content(opened).values[:, 0], values * 1000, rtol=1e-6)
    assert opened.signals[0].unit == "uV"


def test_extensible_header_and_odd_chunks_before_the_data(tmp_path: Path) -> None:
    extra = struct.pack("<HHIH", 22, 24, 0, 1) + b"\0" * 14
    note = b"LIST" + struct.pack("<I", 3) + b"abc\0"
    data = _riff(_format(0xFFFE, 1, 1000, 16, extra), struct.pack("<3h", 1, 2, 3), before=note)
    opened = open_wav(write(tmp_path, "a.wav", data), NONE)
    assert content(opened).values[:, 0].tolist() == [1, 2, 3]


@pytest.mark.parametrize("size", [0, 0xFFFFFFFF])
def test_streamed_file_without_size(tmp_path: Path, size: int) -> None:
    data = _riff(_format(1, 1, 1000, 16), struct.pack("<3h", 1, 2, 3), size)
    opened = open_wav(write(tmp_path, "a.wav", data), NONE)
    assert content(opened).values[:, 0].tolist() == [1, 2, 3]


def test_long_file_with_64_bit_size(tmp_path: Path) -> None:
    sizes = b"ds64" + struct.pack("<IQQQI", 28, 0, 4, 2, 0)
    data = _riff(_format(1, 1, 1000, 16), struct.pack("<3h", 1, 2, 3), 0xFFFFFFFF, sizes)
    opened = open_wav(write(tmp_path, "a.wav", b"RF64" + data[4:]), NONE)
    assert content(opened).values[:, 0].tolist() == [1, 2]


def test_cut_file_says_so(tmp_path: Path) -> None:
    whole = wav(np.arange(100)[:, np.newaxis], 1000)
    opened = open_wav(write(tmp_path, "a.wav", whole[:-51]), NONE)
    assert opened.lengths == {"emg": 74}
    assert any("cut short: 149 of 200 bytes" in warning for warning in opened.warnings)


def test_many_blocks_and_a_given_rate(tmp_path: Path) -> None:
    values = np.arange(1_100_000) % 30_000
    path = write(tmp_path, "a.wav", wav(values[:, np.newaxis], 44_100))
    opened = open_wav(path, ReadOptions(rate=Fraction(1259, 1)))
    np.testing.assert_array_equal(content(opened).values[:, 0], values)
    assert opened.duration == Fraction(1_100_000, 1259)


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (_riff(_format(2, 1, 1000, 16), b"12"), "encoding 2"),
        (_riff(_format(1, 0, 1000, 16), b"12"), "0 channels"),
        (_riff(_format(1, 1, 0, 16), b"12"), "0 Hz"),
        (_riff(_format(1, 1, 1000, 12), b"12"), "12 bits"),
        (_riff(_format(1, 1, 100, 16), b"12"), "has 100 Hz; expected at least 200"),
        (_riff(_format(1, 1, 1000, 16), b""), "no samples"),
        (b"RIFF\0\0\0\0WAVE", "no format or no data"),
        (b"RIFF\0\0\0\0WAVEfmt \4\0\0\0\0\0\0\0", "cut short"),
    ],
)
def test_what_is_refused(tmp_path: Path, data: bytes, word: str) -> None:
    with pytest.raises(RecordingError, match=word):
        open_wav(write(tmp_path, "a.wav", data), NONE)
