"""What a caller says about a file, where the file or the program knows better."""

import pytest

import crampdetect
from crampdetect.resources import demo_recording


def test_units_are_those_that_are_known() -> None:
    for unit in ("a.u.", "µV"):
        assert crampdetect.replay(demo_recording(), unit=unit)
    with pytest.raises(ValueError, match=r"'bananas'.*a\.u\."):
        crampdetect.replay(demo_recording(), unit="bananas")
    with pytest.raises(ValueError, match=r"'bananas'.*m/s"):
        crampdetect.replay(demo_recording(), acc_unit="bananas")


def test_a_rate_that_the_file_states_itself_is_said_to_have_no_effect() -> None:
    told = crampdetect.replay(demo_recording(), rate=1000, acc_rate=25).warnings
    assert "--rate has no effect: the file states its rate, 500 Hz" in told
    assert "--acc-rate has no effect: the file states its rate, 50 Hz" in told
    told = crampdetect.replay(demo_recording(), rate=500, acc_rate=50).warnings
    assert not any("no effect" in each for each in told)
