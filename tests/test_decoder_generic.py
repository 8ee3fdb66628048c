"""Generic frames of already decoded samples, their decoder, and the sources that make them."""

import json
import queue
import threading
import time
import zlib
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crampdetect.detection.types import Gap, Item, Samples
from crampdetect.devices.brainflow_source import BrainFlowLink, blocks_of_poll
from crampdetect.devices.generic import GenericDecoder
from crampdetect.devices.generic_frames import Described, description, is_sound, samples
from crampdetect.devices.lsl_source import LslLink
from crampdetect.devices.lsl_streams import StampedIndex, unit_factor
from crampdetect.link import Connected, Disconnected, LinkEvent
from tests.device_vectors import decoded, flags, gaps, values

EMG = Described("emg", ("EMG 1", "EMG 2"), Fraction(1000), "uV", 256)
ACC = Described("acc", ("ACC X", "ACC Y", "ACC Z"), Fraction(100), "g", 1 << 32)
MS = 1_000_000


def night(lost: range, started_s: float = 0.0) -> tuple[list[bytes], list[int]]:
    """Ten samples of EMG and one of acceleration each 10 ms; their bytes and times."""
    data, times = [description([EMG, ACC])], [0]
    for block in range(300):
        first = started_s + block * 0.01
        rows = np.arange(20.0).reshape(10, 2) + block
        if block not in lost:
            data.append(samples(0, block * 10 % 256, first, rows))
            times.append(10 * block + 10)
        if block % 4 == 3:
            acc = np.array([[0.0, 0.0, k / 100] for k in range(block - 3, block + 1)])
            data.append(samples(1, block - 3, first - 0.03, acc))
            times.append(10 * block + 10)
    return data, times


def test_both_streams_lie_on_one_time() -> None:
    decoder = GenericDecoder()
    items = decoded(decoder, *night(range(100, 102), started_s=1e9))
    assert gaps(items) == [[1000, 1020]]
    assert decoder.quality.received == {"emg": 2980, "acc": 300}
    heights = [row[2] for row in values(items, "acc")]
    assert heights == [k / 100 for k in range(300)]
    assert decoder.signals is not None
    emg, acc = decoder.signals
    assert (emg.channels, emg.unit, acc.unit) == (("EMG 1", "EMG 2"), "uV", "g")
    assert emg.nominal_sampling_frequency == 1000
    assert acc.nominal_sampling_frequency == 100


def test_another_description_is_told_and_left_out() -> None:
    decoder = GenericDecoder()
    data, times = night(range(0))
    other = Described("emg", ("EMG 1",), Fraction(500), "uV", 256)
    items = decoded(decoder, [*data[:10], description([other]), *data[10:]], [0, *times])
    assert flags(items) == ["other_signals"]
    assert decoder.quality.received["emg"] < 100


@given(st.binary(max_size=200), st.integers(0, 60), st.integers(0, 255))
def test_damage_never_raises(noise: bytes, at: int, change: int) -> None:
    decoder = GenericDecoder()
    data, _ = night(range(0))
    hurt = bytearray(data[3])
    hurt[at % len(hurt)] ^= change
    items = decoded(decoder, [noise, data[1], data[0], noise, data[1], bytes(hurt), data[3]])
    assert decoder.quality.received["emg"] in (20, 10)
    assert decoder.quality.corrupt >= 2
    assert values(items, "emg")[0] == [0.0, 1.0]


def framed(kind: int, body: bytes) -> bytes:
    text = bytes([kind]) + len(body).to_bytes(4, "little") + body
    return b"\xc5gn1" + text + zlib.crc32(text).to_bytes(4, "little")


@pytest.mark.parametrize(
    "change",
    [
        {"stream": "eeg"}, {"channels": []}, {"channels": ["a", "a"]}, {"channels": "EMG"},
        {"rate": "0"}, {"rate": "1/0"}, {"rate": "fast"}, {"unit": "V"}, {"modulus": 1},
        {"modulus": "x"}, {"modulus": None},
    ],
)  # fmt: skip
def test_a_description_that_cannot_be_judged_is_counted(change: dict[str, object]) -> None:
    row = {"stream": "emg", "channels": ["a"], "rate": "1000", "unit": "uV", "modulus": 256}
    good = framed(1, json.dumps({"streams": [row]}).encode())
    bad = framed(1, json.dumps({"streams": [{**row, **change}]}).encode())
    decoder = GenericDecoder()
    assert decoded(decoder, [bad, framed(1, b"\xff"), framed(1, b"[]"), framed(1, b"{}")]) == []
    assert decoder.quality.corrupt == 4
    assert decoder.signals is None
    assert is_sound(good)
    decoded(decoder, [good])
    assert decoder.signals is not None


def test_samples_that_are_no_numbers_or_do_not_fit_are_counted() -> None:
    decoder = GenericDecoder()
    good = samples(0, 0, 0.0, np.zeros((3, 2)))
    bad = [
        samples(0, 0, 0.0, np.full((3, 2), np.nan)),
        samples(0, 0, np.inf, np.zeros((3, 2))),
        samples(0, 0, 0.0, np.zeros((3, 3))),
        samples(2, 0, 0.0, np.zeros((3, 2))),
        framed(2, b"short"),
        framed(9, b""),
    ]
    items = decoded(decoder, [description([EMG]), *bad, good])
    assert decoder.quality.corrupt == len(bad)
    assert len(values(items, "emg")) == 3


def test_package_numbers_and_times_become_blocks() -> None:
    numbers = np.array([254.0, 255, 0, 3, 4])
    assert blocks_of_poll(numbers, 256) == [(254, 0, 3), (3, 3, 5)]
    index = StampedIndex(Fraction(1000))
    assert index.blocks(np.array([1.0, 1.001, 1.2])) == [(0, 0, 3)]
    assert index.blocks(np.array([1.201, 2.201])) == [(3, 0, 1), (1003, 1, 2)]
    assert unit_factor("acc", "M/S^2") == pytest.approx(1 / 9.80665)


class Hearing:
    """What a link delivers, in a thread of its own."""

    def __init__(self) -> None:
        self.events: queue.SimpleQueue[LinkEvent] = queue.SimpleQueue()
        self.decoder = GenericDecoder()
        self.items: list[Item] = []
        self.seen: list[LinkEvent] = []

    def until(self, samples_heard: int, seconds: float = 30.0) -> None:
        end = time.monotonic() + seconds
        while self.decoder.quality.received.get("emg", 0) < samples_heard:
            event = self.events.get(timeout=max(0.01, end - time.monotonic()))
            self.seen.append(event)
            self.items += self.decoder.push(event)

    def rest(self) -> None:
        while not self.events.empty():
            self.seen.append(self.events.get())
            self.items += self.decoder.push(self.seen[-1])
        self.items += self.decoder.flush()


@pytest.mark.slow
def test_brainflows_synthetic_board() -> None:
    pytest.importorskip("brainflow")
    states: list[str] = []
    hearing = Hearing()
    link = BrainFlowLink("-1", on_state=lambda text, reason: states.append(reason))
    link.start(hearing.events.put)
    try:
        hearing.until(500)
    finally:
        link.stop()
    hearing.rest()
    assert isinstance(hearing.seen[0], Connected)
    assert isinstance(hearing.seen[-1], Disconnected)
    assert states == ["connecting", "connected"]
    assert gaps(hearing.items) == []
    assert hearing.decoder.signals is not None
    emg, acc = hearing.decoder.signals
    assert (len(emg.channels), emg.unit) == (16, "uV")
    assert emg.nominal_sampling_frequency == 250
    assert acc.channels == ("ACC X", "ACC Y", "ACC Z")
    received = hearing.decoder.quality.received
    assert received["acc"] == pytest.approx(received["emg"], abs=1)
    again, repeated = GenericDecoder(), list[Item]()
    for event in hearing.seen:
        repeated += again.push(event)
    repeated += again.flush()
    assert content(repeated) == content(hearing.items)


def content(items: list[Item]) -> list[object]:
    out: list[object] = [one for one in items if isinstance(one, Gap)]
    for stream in ("emg", "acc"):
        rows = [one for one in items if isinstance(one, Samples) and one.stream == stream]
        out.append(np.concatenate([one.values for one in rows]).tobytes())
    return out


def test_boards_and_streams_that_cannot_be_are_refused() -> None:
    with pytest.raises(ValueError, match="expected its number in BrainFlow"):
        BrainFlowLink("synthetic")
    with pytest.raises(ValueError, match="expected the name of the one with EMG"):
        LslLink("a,b,c")
    pytest.importorskip("brainflow")
    with pytest.raises(ValueError, match="BrainFlow has no parameter 'port'"):
        BrainFlowLink("0:port=x")


@pytest.mark.slow
def test_an_lsl_stream_with_a_break() -> None:
    pylsl = pytest.importorskip("pylsl")
    info = pylsl.StreamInfo("crampdetect test EMG", "EMG", 2, 500, "float32", "crampdetect-test")
    channels = info.desc().append_child("channels")
    for label in ("Gastroc", "Tibialis"):
        channels.append_child("channel").append_child_value("label", label).append_child_value(
            "unit", "millivolts"
        )
    outlet = pylsl.StreamOutlet(info, chunk_size=10)
    sending = threading.Event()
    sending.set()

    def send() -> None:
        number, started = 0, pylsl.local_clock()
        outlet.wait_for_consumers(20.0)
        while sending.is_set():
            rows = [[float(number + k), -1.0] for k in range(10)]
            # 600 samples are never sent.
            late = 600 if number >= 500 else 0
            outlet.push_chunk(rows, started + (number + late + 9) / 500)
            number += 10
            threading.Event().wait(0.004)

    hearing, link = Hearing(), LslLink("crampdetect test EMG")
    thread = threading.Thread(target=send)
    thread.start()
    link.start(hearing.events.put)
    try:
        hearing.until(1000)
    finally:
        sending.clear()
        thread.join()
        link.stop()
    hearing.rest()
    assert hearing.decoder.signals is not None
    (emg,) = hearing.decoder.signals
    assert emg.channels == ("Gastroc", "Tibialis")
    assert emg.unit == "uV"
    assert emg.nominal_sampling_frequency == 500
    found = np.array([row[0] for row in values(hearing.items, "emg")]) / 1000.0
    assert (np.diff(found) == 1).all()
    ((first, stop),) = gaps(hearing.items)
    assert stop - first == pytest.approx(600, abs=2)
    assert found[0] + first == 500
