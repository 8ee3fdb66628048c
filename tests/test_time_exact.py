"""Time is exact at hour 8: window bounds, an impulse's place, an episode's onset and duration."""

from fractions import Fraction
from itertools import pairwise
from math import ceil

import numpy as np
import pytest

from crampdetect.detection.detector import Detector
from crampdetect.detection.emg_windows import EmgWindowing
from crampdetect.detection.features import column
from crampdetect.detection.flow import Filtered
from crampdetect.detection.grid import (
    BIN_LENGTH,
    WINDOW_STEP,
    bound,
    bounds,
    first_at,
    last_before,
)
from crampdetect.detection.profiles import profile
from crampdetect.detection.types import Episode, Gap, Samples, SignalInfo, Span
from tests.streams import Leg, rules_model

TEXTS = ["200", "250", "256", "500", "512", "1000", "1116", "1259.259", "2000"]
RATES = [Fraction(text) for text in TEXTS]
HOUR_8 = 8 * 3600


@pytest.mark.parametrize("rate", RATES, ids=str)
def test_window_bounds_are_exact_for_a_whole_night(rate: Fraction) -> None:
    count = 2 * HOUR_8
    found = bounds(0, count, WINDOW_STEP, rate)
    for window in (1, 7, 12345, count - 1):
        assert (
            found[window] == ceil(window * WINDOW_STEP * rate) == bound(window, WINDOW_STEP, rate)
        )
    assert (np.diff(found) >= int(rate / 2)).all()


@pytest.mark.parametrize("rate", RATES, ids=str)
def test_counts_and_indices_are_inverse(rate: Fraction) -> None:
    for index in (0, 1, 999, int(HOUR_8 * rate) - 1, int(HOUR_8 * rate)):
        count = first_at(index, BIN_LENGTH, rate)
        assert bound(count, BIN_LENGTH, rate) >= index
        assert count == 0 or bound(count - 1, BIN_LENGTH, rate) < index
        count = last_before(index, BIN_LENGTH, rate)
        assert bound(count, BIN_LENGTH, rate) <= index < bound(count + 1, BIN_LENGTH, rate)


@pytest.mark.parametrize("rate", RATES, ids=str)
def test_an_impulse_at_hour_8_is_in_its_own_windows_and_bin(rate: Fraction) -> None:
    begin = int((HOUR_8 - 5) * rate)
    values = np.zeros(int(10 * rate))
    impulse = int(HOUR_8 * rate + rate / 3)
    values[impulse - begin] = 1000.0
    stage = EmgWindowing(rate, "envelope", None, None)
    out = [*stage.push(Gap("emg", 0, begin, "missing"))]
    out += stage.push(Filtered(begin, values, values, 50, begin))
    rms = np.concatenate([one.features[:, column("root_mean_square")] for one in out])
    expected = [
        window
        for window in range(2 * HOUR_8 - 4, 2 * HOUR_8 + 4)
        if ceil(window * rate / 2) <= impulse < ceil((window + 2) * rate / 2)
    ]
    assert np.flatnonzero(rms > 0).tolist() == expected
    bins = np.concatenate([one.envelope.reshape(-1) for one in out])
    (found,) = np.flatnonzero(bins > 0).tolist()
    assert ceil(found * rate / 20) <= impulse < ceil((found + 1) * rate / 20)


@pytest.mark.parametrize("rate", RATES, ids=str)
def test_an_episode_at_hour_8_begins_within_one_window_step(rate: Fraction) -> None:
    leg = Leg(rate, seconds=240.0, bursts=((120.0, 150.0, 6.0),), motions=(), axes=0)
    shift = HOUR_8 - 120
    offset = ceil(shift * rate)
    detector = Detector(leg.signals(), rules_model(), profile("standard"))
    out = detector.push(Gap("emg", 0, offset, "missing"))
    for item in leg.pieces("emg", 50_000):
        assert isinstance(item, Samples)
        out += detector.push(Samples("emg", item.start + offset, item.values))
    out += detector.flush()
    (episode,) = [one for one in out if isinstance(one, Episode)]
    onset = float(episode.onset / detector.rate) - offset / float(rate)
    assert abs(onset - 120.0) <= 0.1
    assert abs(float((episode.offset - episode.onset) / detector.rate) - 30.0) <= 0.25
    spans = [one for one in out if isinstance(one, Span)]
    assert (spans[0].start, spans[0].stop, spans[0].flag) == (0, offset, "gap")
    assert spans[-1].stop == offset + leg.emg().shape[0]
    assert all(a.stop == b.start for a, b in pairwise(spans))


def test_gap_seconds_are_exact_to_the_sample() -> None:
    leg = Leg(Fraction("1259.259"), seconds=200.0, gaps=((100.0013, 117.3),), axes=0)
    detector = Detector(leg.signals(), rules_model(), profile("standard"))
    out = [one for item in leg.pieces("emg", 999) for one in detector.push(item)]
    out += detector.flush()
    gap = next(item for item in leg.pieces("emg", 999) if isinstance(item, Gap))
    spans = [one for one in out if isinstance(one, Span) and one.flag == "gap"]
    assert [(one.start, one.stop) for one in spans] == [(gap.start, gap.stop)]


def test_rates_below_200_hz_are_refused_by_the_core() -> None:
    slow = SignalInfo("emg", ("E",), Fraction(199), "uV")
    with pytest.raises(ValueError, match=r"199 Hz; expected at least 200 Hz"):
        Detector((slow,), rules_model(), profile("standard"))
