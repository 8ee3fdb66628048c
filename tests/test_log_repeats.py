"""The same recording again: what the log keeps, which leg it is of, and which run counts."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from crampdetect.errors import LogError
from crampdetect.storage.log import EpisodeLog, open_log
from crampdetect.storage.log_schema import participant
from tests.test_log_examples import example_replay, with_recording


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EpisodeLog]:
    with open_log(str(tmp_path / "episodes.sqlite")) as opened:
        yield opened


def test_what_the_log_keeps_is_told_and_a_repeat_leaves_no_row(log: EpisodeLog) -> None:
    log.add(with_recording(example_replay(), participant="P1", muscle="soleus"))
    other = with_recording(
        example_replay(), participant="P2", muscle="soleus", timezone="Europe/Oslo"
    )
    assert log.add(other).kept == (("time zone", "Europe/Berlin"), ("participant", "P1"))
    assert log.recordings()[0].participant == "P1"
    with log._reading() as connection:
        assert list(connection.scalars(select(participant.c.id))) == ["P1"]


def test_a_repeat_may_tell_whose_night_it_was(log: EpisodeLog) -> None:
    log.add(example_replay())
    assert log.add(with_recording(example_replay(), participant="P1")).kept == ()
    assert log.recordings()[0].participant == "P1"


@pytest.mark.parametrize("again", [False, True])
def test_the_other_leg_is_refused_in_one_sentence(log: EpisodeLog, again: bool) -> None:
    log.add(with_recording(example_replay(), side="left"))
    other = with_recording(example_replay(), side="right", participant="P9")
    with pytest.raises(LogError, match="one leg") as caught:
        log.add(other, again=again)
    assert "left" in str(caught.value) and "right" in str(caught.value)
    assert (log.recordings()[0].side, len(log.runs())) == ("left", 1)


def test_the_run_that_counts_is_told(log: EpisodeLog) -> None:
    first, second = example_replay(config="a"), example_replay(config="b")
    assert (log.add(first).replaced, log.add(first).current) == (None, None)
    assert log.add(second).replaced == first.run
    assert log.add(second).current is None
    assert log.add(first).current == second.run
    log.pin(1)
    assert log.add(example_replay(config="c")).current == first.run
