"""Damaged EDF headers and files: one clear sentence each, never another exception."""

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crampdetect.errors import RecordingError
from crampdetect.storage.readers import open_recording
from crampdetect.storage.readers.edf import open_edf
from crampdetect.storage.recording import ReadOptions
from tests.edf_building import HandFile, HandSignal, emg, ramp

OPTIONS = ReadOptions()
#: The generous end of "bounded": opening and reading the small file takes some milliseconds.
BOUND_S = 5.0


def whole() -> HandFile:
    acc = HandSignal("ACC X", ramp(200), 100, "g")
    tals = {0: [b"+0.5\x150.1\x14BAD_x\x14\0"]}
    return HandFile([emg(ramp(1000), 500), acc], 2, kind="EDF+D", tals=dict(tals))


def put(position: int, value: bytes) -> Callable[[bytes], bytes]:
    return lambda raw: raw[:position] + value + raw[position + len(value) :]


# Fields of the signals in a header of three (EMG, ACC, annotations).
LABEL, UNIT, PHYSICAL_MIN = 256, 256 + 3 * 96, 256 + 3 * 104
DIGITAL_MIN, PER_RECORD = 256 + 3 * 120, 256 + 3 * 216

FIRST = b"+0\x14\x14\0+0.5\x150.1\x14BAD_x\x14\0"
YEARS = b"-99999999\x14\x14".ljust(len(FIRST), b"\0")

DAMAGES: list[tuple[str, Callable[[bytes], bytes], str]] = [
    ("cut in the fixed header", lambda raw: raw[:100], "truncated"),
    ("cut in the signal header", lambda raw: raw[:500], "header is truncated"),
    ("cut at the data", lambda raw: raw[: 256 * 4], "truncated: it holds 0 whole"),
    ("cut in the last record", lambda raw: raw[:-1], "truncated: it holds 1 whole"),
    ("more records than held", put(236, b"99999999"), "expected 99999999"),
    ("huge header", put(184, b"99999999"), "claims to be 99999999 bytes"),
    ("huge number of signals", put(252, b"9999"), "claims to be 1024 bytes"),
    ("huge header and signals", put(184, b"2560000 ..."[:8] + b""), "claims to be 2560000"),
    ("no signals", put(252, b"0   "), "claims 0 signals"),
    ("negative signals", put(252, b"-1  "), "claims -1 signals"),
    ("signals no number", put(252, b"abcd"), "number of signals is 'abcd'"),
    ("records no number", put(236, b"many    "), "number of data records is 'many'"),
    ("records below -1", put(236, b"-7      "), "claims -7 data records"),
    ("duration no number", put(244, b"1 second"), "duration is '1 second'"),
    ("duration with a comma", put(244, b"0,5     "), "duration is '0,5'"),
    ("duration zero", put(244, b"0       "), "no signal has a sampling rate"),
    ("duration negative", put(244, b"-1      "), "no signal has a sampling rate"),
    ("duration tiny", put(244, b"1e-9    "), "expected at most 200000 Hz"),
    ("duration of megabytes", put(244, b"1e999999"), "expected a decimal number"),
    ("duration not a number", put(244, b"nan     "), "expected a decimal number"),
    ("duration infinite", put(244, b"inf     "), "expected a decimal number"),
    ("duration long", put(244, b"9999999 "), "expected at least 200 Hz"),
    ("number not ASCII", put(236, "2²".encode()), "in ASCII digits"),
    ("number in other digits", put(236, "٢      ".encode()[:8]), "in ASCII digits"),
    ("label not text", put(LABEL, b"\x01\x02\xff\xfe\x80"), "printable ASCII or UTF-8 text"),
    ("unit not text", put(UNIT, b"\x93\x94"), "printable ASCII or UTF-8 text"),
    ("zero samples", put(PER_RECORD, b"0       "), "truncated|0 Hz"),
    ("negative samples", put(PER_RECORD, b"-500    "), "-500; expected above zero"),
    ("samples no number", put(PER_RECORD, b"5e2     "), "is '5e2'"),
    ("huge samples", put(PER_RECORD, b"99999999"), "truncated: it holds 0 whole"),
    ("physical range zero", put(PHYSICAL_MIN, b"3276.7  "), "physical range .* is zero"),
    ("physical no number", put(PHYSICAL_MIN, b"low     "), "physical minimum .* is 'low'"),
    ("digital range swapped", put(DIGITAL_MIN, b"32767   "), "digital range .* 32767 to 32767"),
    ("digital range too wide", put(DIGITAL_MIN, b"-32769  "), "digital range .* -32769"),
    ("digital no number", put(DIGITAL_MIN, b"-3e4    "), "digital minimum .* is '-3e4'"),
    ("no onset", lambda raw: raw.replace(b"+1\x14\x14", b"1s\x14\x14"), "record 2 has no onset"),
    ("onset in years", lambda raw: raw.replace(b"+1\x14\x14\0\0\0\0\0\0\0", b"+99999999\x14\x14"),
     "days after the start"),
    ("first onset in years", lambda raw: raw.replace(FIRST, YEARS),
     "days after the start"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "damage", "sentence"), DAMAGES, ids=[d[0] for d in DAMAGES])
def test_each_damage_is_one_sentence_that_names_the_file(
    tmp_path: Path, name: str, damage: Callable[[bytes], bytes], sentence: str
) -> None:
    path = tmp_path / "night.edf"
    damaged = damage(whole().encode())
    assert damaged != whole().encode()
    path.write_bytes(damaged)
    with pytest.raises(RecordingError, match=sentence) as caught:
        open_recording(path)
    said = str(caught.value)
    assert str(path) in said
    assert "expected" in said
    assert "\n" not in said


def test_the_undamaged_file_is_read(tmp_path: Path) -> None:
    opened = open_recording(whole().write(tmp_path / "night.edf"))
    assert opened.lengths == {"emg": 1000, "acc": 200}


def test_annotations_alone_are_no_recording(tmp_path: Path) -> None:
    path = HandFile([], 1, duration="0", kind="EDF+C").write(tmp_path / "scores.edf")
    with pytest.raises(RecordingError, match="annotations only; expected signals"):
        open_edf(path, OPTIONS)


def test_a_discontinuous_file_without_annotations_is_refused(tmp_path: Path) -> None:
    raw = HandFile([emg(ramp(1000), 500)], 2).encode()
    path = tmp_path / "night.edf"
    path.write_bytes(put(192, b"EDF+D")(raw))
    with pytest.raises(RecordingError, match="no annotation signal; expected the onset"):
        open_edf(path, OPTIONS)


def test_a_killed_writer_without_a_whole_record_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "night.edf"
    path.write_bytes(HandFile([emg(ramp(1000), 500)], 2, claimed="-1").encode()[: 512 + 900])
    with pytest.raises(RecordingError, match="no whole data record"):
        open_edf(path, OPTIONS)


def test_a_flood_of_annotations_is_refused(tmp_path: Path) -> None:
    entry = b"+1\x14x\x14\0"
    file = HandFile([emg(ramp(500), 500)], 1, kind="EDF+C", annotation_samples=800_000)
    file.tals[0] = [entry * 200_001]
    with pytest.raises(RecordingError, match="more than 200000 annotations"):
        open_edf(file.write(tmp_path / "night.edf"), OPTIONS)


def test_a_file_that_shrinks_while_it_is_read_is_told(tmp_path: Path) -> None:
    path = HandFile([emg(ramp(1000), 500)], 2).write(tmp_path / "night.edf")
    opened = open_edf(path, OPTIONS)
    path.write_bytes(path.read_bytes()[:-10])
    with pytest.raises(RecordingError, match="became shorter"):
        list(opened.read())
    path.unlink()
    with pytest.raises(RecordingError, match="cannot be opened again"):
        list(opened.read())


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_mutated_headers_give_samples_or_one_error_in_bounded_time(
    tmp_path: Path, data: st.DataObject
) -> None:
    raw = bytearray(whole().encode())
    fields = st.sampled_from([b"0", b"-1", b"1e9", b"99999999", b" ", b"\xff", b"\0", b"1e-30"])
    for _ in range(data.draw(st.integers(1, 4))):
        position = data.draw(st.integers(0, len(raw) - 1))
        value = data.draw(st.one_of(st.binary(min_size=1, max_size=8), fields))
        raw[position : position + len(value)] = value
    if data.draw(st.booleans()):
        raw = raw[: data.draw(st.integers(0, len(raw)))]
    path = tmp_path / "mutated.edf"
    path.write_bytes(bytes(raw))
    began = time.perf_counter()
    try:
        opened = open_edf(path, OPTIONS)
        reached = dict.fromkeys(opened.lengths, 0)
        for item in opened.read():
            assert item.start == reached[item.stream]
            reached[item.stream] = item.stop
            if hasattr(item, "values"):
                assert np.isfinite(item.values).all()
        assert reached == opened.lengths
    except RecordingError as error:
        assert "mutated.edf" in str(error)
    assert time.perf_counter() - began < BOUND_S
