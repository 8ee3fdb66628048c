"""Forgetting a recording takes all of it from the log, and nothing of others."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from crampdetect.storage.log import open_log
from crampdetect.storage.log_engine import connect, parsed_url
from crampdetect.storage.log_forget import Forgotten, forget_recording
from tests.test_log_examples import example_replay, with_recording


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "episodes.sqlite"
    with open_log(str(path)) as log:
        for config in ("x", "y"):
            log.add(with_recording(example_replay("ALPHA", config=config), participant="P-ALPHA"))
        log.add(with_recording(example_replay("BETA"), participant="P-BETA"))
        log.add(with_recording(example_replay("GAMMA"), participant="P-BETA"))
    return path


def engine_of(path: Path) -> Engine:
    return connect(parsed_url(f"sqlite:///{path}"), 1.0)


def test_all_runs_and_episodes_of_one_recording_go_and_no_other(file: Path) -> None:
    engine = engine_of(file)
    assert forget_recording(engine, "ALPHA") == Forgotten(recordings=1, runs=2, episodes=6)
    assert forget_recording(engine, "ALPHA") == Forgotten(0, 0, 0)
    engine.dispose()
    with open_log(str(file)) as log:
        assert [row.recording.id for row in log.nights()] == ["BETA", "GAMMA"]
        assert {row.recording.id for row in log.episodes(current_only=False)} == {"BETA", "GAMMA"}
        assert [row.recording_id for row in log.runs()] == ["BETA", "GAMMA"]


def test_no_byte_of_it_stays_in_the_files_of_the_log(file: Path) -> None:
    def content() -> bytes:
        return b"".join(path.read_bytes() for path in file.parent.iterdir())

    assert b"ALPHA" in content()
    engine = engine_of(file)
    forget_recording(engine, "ALPHA")
    assert b"ALPHA" not in content()  # while it is open: the write-ahead log is empty too
    assert b"P-BETA" in content()
    engine.dispose()


def test_a_participant_goes_with_the_last_recording(file: Path) -> None:
    engine = engine_of(file)
    with engine.connect() as connection:
        names = connection.exec_driver_sql("SELECT id FROM participant ORDER BY id")
        assert list(names.scalars()) == ["P-ALPHA", "P-BETA"]
    forget_recording(engine, "ALPHA")
    forget_recording(engine, "BETA")
    with engine.connect() as connection:
        left = connection.exec_driver_sql("SELECT id FROM participant")
        assert list(left.scalars()) == ["P-BETA"]
    engine.dispose()


def test_what_fails_half_way_forgets_nothing(file: Path) -> None:
    engine = engine_of(file)

    def fail(*arguments: object) -> None:
        if str(arguments[2]).startswith("DELETE FROM recording"):
            raise KeyboardInterrupt

    event.listen(engine, "before_cursor_execute", fail)
    with pytest.raises(KeyboardInterrupt):
        forget_recording(engine, "ALPHA")
    engine.dispose()
    with open_log(str(file)) as log:
        assert len(log.runs("ALPHA")) == 2
        assert len(log.episodes(current_only=False)) == 12


def test_it_can_be_added_again_afterwards(file: Path) -> None:
    engine = engine_of(file)
    forget_recording(engine, "ALPHA")
    engine.dispose()
    with open_log(str(file)) as log:
        assert log.add(example_replay("ALPHA")).is_new
