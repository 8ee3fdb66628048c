"""Forgetting a recording: all of its runs, minutes and episodes, so that no byte of it stays."""

from dataclasses import dataclass

from sqlalchemy import Connection, Engine, delete, func, select, text

from crampdetect.storage.log_engine import writing
from crampdetect.storage.log_schema import episode, minute, participant, recording, run, signal

__all__ = ["Forgotten", "forget_recording"]


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How much was in the log of one recording."""

    recordings: int
    runs: int
    episodes: int


def forget_recording(engine: Engine, recording_id: str) -> Forgotten:
    """Delete a recording and everything found in it, in one transaction.

    Its participant goes too, unless another recording is of the same one. Of an SQLite log the
    freed pages are overwritten, and the write-ahead log is emptied unless another program is just
    reading; other databases have their own ways to vacuum.

    Parameters
    ----------
    engine : Engine
    recording_id : str

    Returns
    -------
    Forgotten
        Zeros if the log does not hold it.
    """
    is_sqlite = engine.dialect.name == "sqlite"
    with writing(engine) as connection:
        if is_sqlite:
            connection.execute(text("PRAGMA secure_delete = ON"))
        forgotten = _delete(connection, recording_id)
    if is_sqlite and forgotten.recordings:
        # Outside a transaction: the log's engine begins them itself.
        with engine.connect() as plain:
            plain.commit()
            plain.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    return forgotten


def _delete(connection: Connection, recording_id: str) -> Forgotten:
    mine = recording.c.id == recording_id
    of_whom = connection.scalar(select(recording.c.participant_id).where(mine))
    runs = select(run.c.id).where(run.c.recording_id == recording_id)
    episodes = connection.execute(delete(episode).where(episode.c.run_id.in_(runs))).rowcount
    for table in (minute, signal):
        connection.execute(delete(table).where(table.c.run_id.in_(runs)))
    scored = connection.execute(delete(run).where(run.c.recording_id == recording_id)).rowcount
    recordings = connection.execute(delete(recording).where(mine)).rowcount
    if of_whom is not None:
        others = select(func.count()).where(recording.c.participant_id == of_whom)
        if connection.scalar(others) == 0:
            connection.execute(delete(participant).where(participant.c.id == of_whom))
    return Forgotten(recordings, scored, episodes)
