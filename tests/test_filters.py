"""What passes the EMG filter and the decimator, measured with tones that run through them."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import butter, sosfreqz

from crampdetect.detection.decimation import Decimator, decimation_factor
from crampdetect.detection.filtering import EmgFilter, design
from crampdetect.detection.flow import Filtered
from crampdetect.detection.mains import MainsEvidence, line_frequencies, usable_band
from crampdetect.detection.types import Array, Gap, Samples

RATES = [Fraction(text) for text in ("200", "250", "500", "1000", "1024", "1259.259", "2148")]


def tone(rate: Fraction, frequency: float, seconds: float = 10.0) -> Array:
    time = np.arange(int(seconds * rate)) / float(rate)
    return np.sin(2 * np.pi * frequency * time + 0.3)[:, np.newaxis]


def amplitude(values: Array, rate: Fraction) -> float:
    """Of a tone, from its last 2 s."""
    last = values[-int(2 * rate) :]
    return float(np.sqrt(2.0 * (last * last).mean()))


def filtered(rate: Fraction, values: Array, mains: int = 50) -> Array:
    out = EmgFilter(rate, 0, mains).push(Samples("emg", 0, values))
    return np.concatenate([one.values for one in out if isinstance(one, Filtered)])


def gain(rate: Fraction, frequency: float, mains: int = 50) -> float:
    return amplitude(filtered(rate, tone(rate, frequency), mains), rate)


def decibels(ratio: float) -> float:
    return 20.0 * float(np.log10(max(ratio, 1e-12)))


@pytest.mark.parametrize("rate", RATES)
def test_a_tone_in_the_band_passes_and_one_below_it_does_not(rate: Fraction) -> None:
    assert gain(rate, 75.0) == pytest.approx(1.0, abs=0.02)
    assert gain(rate, 20.0) == pytest.approx(np.sqrt(0.5), abs=0.01)
    # Motion artefact: 24 dB an octave below 20 Hz.
    assert decibels(gain(rate, 10.0)) < -23.0
    assert decibels(gain(rate, 5.0)) < -45.0


@pytest.mark.parametrize("rate", [Fraction(2000), Fraction(2148)])
def test_the_upper_edge_is_450_hz(rate: Fraction) -> None:
    assert gain(rate, 425.0) > 0.75 > 0.65 > gain(rate, 475.0)
    assert decibels(gain(rate, 900.0)) < -40.0


@pytest.mark.parametrize("rate", RATES)
def test_the_band_is_scipys_butterworth_away_from_the_lines(rate: Fraction) -> None:
    low, high = usable_band(rate)
    reference = butter(4, (low, high), "bandpass", fs=float(rate), output="sos")
    frequencies = np.linspace(low, high, 2000)
    lines = np.array(line_frequencies(50, rate))
    away = (np.abs(frequencies[:, np.newaxis] - lines) > 12.0).all(axis=1)
    _, ours = sosfreqz(design(rate, 50), frequencies[away], fs=float(rate))
    _, plain = sosfreqz(reference, frequencies[away], fs=float(rate))
    np.testing.assert_allclose(np.abs(ours), np.abs(plain), atol=0.08)


@pytest.mark.parametrize("mains", [50, 60])
@pytest.mark.parametrize("rate", RATES)
def test_hum_is_taken_out_where_it_shows(rate: Fraction, mains: int) -> None:
    # The grid keeps 0.02 Hz in quiet times and 0.1 Hz always; harmonics stray by their multiple.
    assert decibels(gain(rate, mains, mains)) < -60.0
    assert decibels(gain(rate, mains + 0.1, mains)) < -18.0
    for harmonic in range(2, 6):
        assert decibels(gain(rate, harmonic * mains, mains)) < -25.0
        assert decibels(gain(rate, harmonic * (mains + 0.02), mains)) < -13.5


@pytest.mark.parametrize("rate", [Fraction(1000), Fraction(2000)])
def test_all_harmonics_in_the_band_are_taken_out(rate: Fraction) -> None:
    for harmonic in range(2, 9):
        assert decibels(gain(rate, harmonic * 50.0)) < -60.0
        assert decibels(gain(rate, harmonic * 50.1)) < -14.0
        assert gain(rate, (harmonic + 0.5) * 50.0) > 0.6


@pytest.mark.parametrize(
    ("rate", "mains", "harmonic", "shows_at"),
    [
        *((200, 50, 3, 50), (200, 50, 5, 50), (200, 60, 3, 20), (200, 60, 4, 40)),
        *((250, 50, 3, 100), (250, 50, 4, 50), (250, 60, 3, 70), (250, 60, 5, 50)),
        (500, 60, 5, 200),
    ],
)
def test_folded_harmonics(rate: int, mains: int, harmonic: int, shows_at: int) -> None:
    # Sampled at this rate, the harmonic is the same tone as the one it folds to.
    folded = tone(Fraction(rate), harmonic * mains)
    spectrum = np.abs(np.fft.rfft(folded[:, 0]))
    assert np.argmax(spectrum) * rate / folded.shape[0] == pytest.approx(shows_at)
    assert shows_at in line_frequencies(mains, Fraction(rate))
    assert decibels(amplitude(filtered(Fraction(rate), folded, mains), Fraction(rate))) < -60.0


@pytest.mark.parametrize("rate", RATES)
def test_an_offset_of_the_electrode_leaves_no_step(rate: Fraction) -> None:
    # The filter starts at rest on its first sample, here and after a gap.
    stage = EmgFilter(rate, 0, 50)
    offset = np.full((int(rate), 1), 3000.0)
    out = stage.push(Samples("emg", 0, offset))
    out += stage.push(Gap("emg", 10_000, 20_000, "missing"))
    out += stage.push(Samples("emg", 20_000, -offset))
    runs = [one for one in out if isinstance(one, Filtered)]
    assert [one.fresh_at for one in runs] == [0, 20_000]
    assert max(float(np.abs(one.values).max()) for one in runs) < 1e-3


@settings(max_examples=30, deadline=None)
@given(
    st.sampled_from(RATES),
    st.sampled_from([50, 60]),
    st.floats(-0.1, 0.1),
    st.floats(4.0, 100.0),
    st.integers(0, 99),
)
def test_the_mains_frequency_is_found(
    rate: Fraction, mains: int, astray: float, hum: float, seed: int
) -> None:
    evidence = MainsEvidence(rate)
    count = 10 * evidence.piece_length
    time = np.arange(count) / float(rate)
    signal = np.random.default_rng(seed).normal(0.0, 5.0, count)
    signal += hum * np.sin(2 * np.pi * (mains + astray) * time)
    for piece in signal.reshape(10, -1):
        evidence.add(piece)
    assert evidence.decide() == mains


@pytest.mark.parametrize(("rate", "becomes"), [(44100, 2100), (10000, 2000), (4000, 2000)])
def test_decimation_keeps_tones_and_leaves_no_alias(rate: int, becomes: int) -> None:
    factor = decimation_factor(Fraction(rate))
    assert rate == factor * becomes

    def through(frequency: float) -> float:
        (out,) = Decimator(factor).push(Samples("emg", 0, tone(Fraction(rate), frequency, 4.0)))
        assert isinstance(out, Samples)
        assert out.values.flags.c_contiguous
        return amplitude(out.values, Fraction(becomes))

    for frequency in (20.0, 100.0, 300.0, 450.0):
        assert through(frequency) == pytest.approx(1.0, abs=0.01)
    for frequency in (becomes / 2 + 1, becomes - 450, becomes - 100):
        assert decibels(through(frequency)) < -60.0


@given(st.integers(2, 40), st.lists(st.integers(1, 50), min_size=1, max_size=12), st.integers(0, 9))
def test_a_decimated_index_is_a_multiple_of_the_factor(
    factor: int, sizes: list[int], first: int
) -> None:
    stage, position = Decimator(factor), first
    kept: list[int] = []
    for size in sizes:
        for out in stage.push(Samples("emg", position, np.full((size, 2), 7.0))):
            assert isinstance(out, Samples)
            np.testing.assert_allclose(out.values, 7.0, rtol=1e-6)
            kept += range(out.start, out.stop)
        position += size
    assert kept == [index // factor for index in range(first, position) if index % factor == 0]


@given(st.integers(0, 200), st.integers(1, 200), st.integers(2, 21))
def test_a_gap_covers_the_kept_samples_that_it_covered(
    start: int, length: int, factor: int
) -> None:
    stop = start + length
    out = Decimator(factor).push(Gap("emg", start, stop, "missing", True))
    lost = [index // factor for index in range(start, stop) if index % factor == 0]
    assert [index for gap in out for index in range(gap.start, gap.stop)] == lost


@pytest.mark.parametrize("rate", [2200, 2201, 4400, 4401, 44100, 48000])
def test_the_factor_is_the_smallest_that_is_enough(rate: int) -> None:
    factor = decimation_factor(Fraction(rate))
    assert rate / factor <= 2200 < rate / max(1, factor - 1) or (factor == 1 and rate <= 2200)


def test_a_wrong_factor_or_mains_is_the_callers_mistake() -> None:
    with pytest.raises(ValueError, match="expected at least 2"):
        Decimator(1)
    with pytest.raises(ValueError, match="expected 50, 60 or None"):
        EmgFilter(Fraction(1000), 0, 55)
