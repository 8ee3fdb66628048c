"""Adding to the log and asking it."""

import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from math import nan
from pathlib import Path
from subprocess import run as run_program

import pytest
from sqlalchemy import Engine, event

from crampdetect.errors import LogError
from crampdetect.records import Quality
from crampdetect.storage.log import EpisodeLog, open_log
from tests.test_log_examples import ACC, BERLIN, EMG, example_replay, with_recording


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EpisodeLog]:
    with open_log(str(tmp_path / "episodes.sqlite")) as opened:
        yield opened


def test_what_is_added_comes_back_as_it_was(log: EpisodeLog) -> None:
    replay = with_recording(
        example_replay(), participant="P7", side="left", muscle="gastrocnemius", electrode_site="m"
    )
    added = log.add(replay)

    assert (added.is_new, added.replaced_current) == (True, False)
    assert log.recordings() == [replay.recording]
    assert [row.episode for row in log.episodes()] == list(replay.episodes)
    assert log.minutes(added.run_id) == list(replay.minutes)
    (night,) = log.nights()
    assert (night.night, night.cramps, night.unsure) == (date(2026, 5, 4), 1, 1)
    assert (night.quality, night.duration_s) == (replay.quality, 8 * 3600)
    assert night.run.run == replay.run
    assert abs((night.run.created_at - datetime.now(UTC)).total_seconds()) < 60


def test_times_come_back_in_the_wearers_zone(log: EpisodeLog) -> None:
    log.add(example_replay())
    (first, *_) = log.episodes()
    assert first.episode.onset is not None
    assert first.episode.onset.isoformat() == "2026-05-04T22:40:00.125000+02:00"


def test_the_same_replay_adds_nothing(log: EpisodeLog) -> None:
    first = log.add(example_replay())
    second = log.add(example_replay())
    assert second.run_id == first.run_id
    assert (second.is_new, second.replaced_current) == (False, False)
    assert len(log.episodes(current_only=False)) == 3


@pytest.mark.parametrize("field", ["version", "model", "profile", "config_hash"])
def test_another_detector_is_a_new_run_that_becomes_current(log: EpisodeLog, field: str) -> None:
    replay = example_replay(kinds=("cramp",))
    log.add(replay)
    other = replace(replay, run=replace(replay.run, **{field: "other"}))
    added = log.add(other)
    assert (added.is_new, added.replaced_current) == (True, True)
    assert [(row.run, row.is_current) for row in log.runs("rec-0")] == [
        (replay.run, False),
        (other.run, True),
    ]
    assert len(log.episodes()) == 1
    assert len(log.episodes(current_only=False)) == 2


def test_again_adds_a_run_beside_the_old_one_with_the_same_episode_ids(log: EpisodeLog) -> None:
    first = log.add(example_replay())
    again = log.add(example_replay(), again=True)
    assert again.is_new
    assert again.replaced_current
    assert [(row.run_id, row.repeat, row.is_current) for row in log.runs()] == [
        (first.run_id, 0, False),
        (again.run_id, 1, True),
    ]
    assert log.nights()[0].cramps == 1
    assert log.add(example_replay()).run_id == again.run_id


def test_a_pinned_run_stays_current_until_it_is_unpinned(log: EpisodeLog) -> None:
    old = log.add(example_replay(config="a")).run_id
    middle = log.add(example_replay(config="b")).run_id
    log.pin(old)
    newest = log.add(example_replay(config="c"))
    assert not newest.replaced_current
    assert [row.run_id for row in log.runs() if row.is_current] == [old]
    log.unpin(middle)
    assert [row.run_id for row in log.runs() if row.is_current] == [newest.run_id]
    assert not any(row.pinned for row in log.runs())


def test_a_run_that_is_not_there_cannot_be_pinned(log: EpisodeLog) -> None:
    with pytest.raises(ValueError, match="no run 7"):
        log.pin(7)


def test_a_later_replay_tells_what_was_unknown(log: EpisodeLog) -> None:
    log.add(example_replay(start=None))
    assert log.nights()[0].night is None
    known = with_recording(example_replay(), side="left")
    assert not log.add(known).is_new
    assert log.nights()[0].night == date(2026, 5, 4)
    # The run added without a start has no onsets: they follow from the start.
    assert [row.episode.onset for row in log.episodes()] == [e.onset for e in known.episodes]


def test_a_new_run_describes_the_recording_anew_and_forgets_nothing(log: EpisodeLog) -> None:
    log.add(with_recording(example_replay(), side="left", muscle="soleus"))
    worn = {"muscle": "gastrocnemius", "electrode_site": "mid calf", "participant": "P1"}
    log.add(with_recording(example_replay(), **worn), again=True)
    (record,) = log.recordings(participant="P1")
    assert (record.side, record.muscle) == ("left", "gastrocnemius")
    assert record.electrode_site == "mid calf"


def test_a_later_run_may_have_used_other_signals(log: EpisodeLog) -> None:
    log.add(example_replay(config="both"))
    assert log.recordings()[0].signals == (EMG, ACC)
    log.add(with_recording(example_replay(config="emg only"), signals=(EMG,)))
    assert log.recordings()[0].signals == (EMG,)
    log.add(with_recording(example_replay(config="other order"), signals=(ACC, EMG)))
    assert log.recordings()[0].signals == (ACC, EMG)


@pytest.mark.parametrize(
    ("hour", "day", "night"),
    [
        (22, 4, date(2026, 5, 4)),
        (1, 5, date(2026, 5, 4)),
        (11, 5, date(2026, 5, 4)),
        (12, 5, date(2026, 5, 5)),
    ],
)
def test_a_night_is_named_after_its_evening(
    log: EpisodeLog, hour: int, day: int, night: date
) -> None:
    log.add(example_replay(start=datetime(2026, 5, day, hour, tzinfo=BERLIN)))
    in_utc = datetime(2026, 5, day, hour, tzinfo=BERLIN).astimezone(UTC)
    log.add(example_replay("utc", start=in_utc))
    local = datetime(2026, 5, day, hour)
    log.add(with_recording(example_replay("local", start=None), start_local=local))
    assert [row.night for row in log.nights()] == [night] * 3


def test_nights_come_in_order_and_those_without_a_start_last(log: EpisodeLog) -> None:
    log.add(example_replay("unknown", start=None))
    log.add(example_replay("late", start=datetime(2026, 5, 6, 22, tzinfo=BERLIN)))
    log.add(example_replay("early", start=datetime(2026, 5, 5, 22, tzinfo=BERLIN)))
    assert [row.recording.id for row in log.nights()] == ["early", "late", "unknown"]
    bounded = log.nights(since=date(2026, 5, 6), until=date(2026, 5, 6))
    assert [row.recording.id for row in bounded] == ["late"]


def test_episodes_are_chosen_by_time_and_kind(log: EpisodeLog) -> None:
    log.add(example_replay())
    second = datetime(2026, 5, 4, 20, 41, 0, 125_000, tzinfo=UTC)
    assert [row.episode.kind for row in log.episodes(since=second)] == ["unsure", "limb_movement"]
    assert [row.episode.kind for row in log.episodes(until=second)] == ["cramp"]
    assert [row.episode.kind for row in log.episodes(kinds=("unsure",))] == ["unsure"]
    assert log.episodes(since=date(2026, 5, 5)) == []
    assert log.episodes(until=date(2026, 5, 3)) == []
    assert len(log.episodes(since=date(2026, 5, 4), until=date(2026, 5, 4))) == 3


def test_questions_that_make_no_sense_are_refused(log: EpisodeLog) -> None:
    with pytest.raises(ValueError, match="no time zone"):
        log.episodes(since=datetime(2026, 5, 4))
    with pytest.raises(ValueError, match="no kind 'cramps'"):
        log.episodes(kinds=("cramps",))


def test_replays_that_contradict_themselves_are_refused(log: EpisodeLog) -> None:
    good = example_replay()
    first = good.episodes[0]
    wrong = {
        "a 'spasm'": replace(good, episodes=(replace(first, kind="spasm"),)),
        "occurs twice": replace(good, episodes=(first, first)),
        "not finite": replace(good, episodes=(replace(first, measures={"rise": nan}),)),
        "'Left'": with_recording(good, side="Left"),
        "minute occurs twice": replace(good, minutes=good.minutes[:1] * 2),
        "no time zone": with_recording(good, start=datetime(2026, 5, 4)),
    }
    for sentence, replay in wrong.items():
        with pytest.raises(ValueError, match=sentence):
            log.add(replay)
    assert log.recordings() == []


def test_names_that_are_not_unicode_are_kept_readable(log: EpisodeLog) -> None:
    log.add(with_recording(example_replay(), path="night\udcff.edf", participant="P\0"))
    (record,) = log.recordings()
    assert record.path == "night\\udcff.edf"
    assert record.participant == "P\N{REPLACEMENT CHARACTER}"


def test_an_unknown_zone_is_one_sentence(log: EpisodeLog) -> None:
    log.add(with_recording(example_replay(), timezone="Mars/Olympus"))
    with pytest.raises(LogError, match="time zone 'Mars/Olympus'"):
        log.nights()


def test_a_night_without_any_episode_is_a_night(log: EpisodeLog) -> None:
    log.add(example_replay(kinds=()))
    assert (log.nights()[0].cramps, log.episodes()) == (0, [])
    assert log.nights()[0].quality != Quality()


def test_a_night_takes_as_many_statements_however_many_episodes_it_has(log: EpisodeLog) -> None:
    said: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        said.append(statement)

    counts = []
    event.listen(Engine, "before_cursor_execute", note)
    try:
        for number in (4, 400):
            said.clear()
            log.add(example_replay(f"night {number}", kinds=("limb_movement",) * number))
            counts.append(len(said))
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert counts[0] == counts[1] > 0


def test_opening_a_log_imports_neither_alembic_nor_pandas(tmp_path: Path) -> None:
    program = (
        "import sys; from crampdetect.storage.log import open_log; "
        f"open_log({str(tmp_path / 'new.sqlite')!r}).close(); "
        "print([name for name in ('alembic', 'pandas', 'scipy', 'sqlalchemy.dialects.postgresql')"
        " if name in sys.modules])"
    )
    done = run_program([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
