"""Which run of a recording counts: the newest, unless a person pinned another."""

from sqlalchemy import Connection, func, select, update

from crampdetect.storage.log_schema import run

__all__ = ["pin_run", "unpin_run"]


def pin_run(connection: Connection, run_id: int) -> None:
    """Make one run current and keep it so when newer ones come; ValueError if there is none."""
    _clear(connection, _recording_of(connection, run_id))
    chosen = update(run).where(run.c.id == run_id)
    connection.execute(chosen.values(is_current=True, pinned=True))


def unpin_run(connection: Connection, run_id: int) -> None:
    """Make the newest run of the same recording current; ValueError if there is no such run."""
    recording_id = _recording_of(connection, run_id)
    _clear(connection, recording_id)
    newest = connection.scalar(select(func.max(run.c.id)).where(run.c.recording_id == recording_id))
    connection.execute(update(run).where(run.c.id == newest).values(is_current=True))


def _clear(connection: Connection, recording_id: str) -> None:
    # The old current run goes first: two at once, even within a transaction, are refused.
    mine = run.c.recording_id == recording_id
    connection.execute(update(run).where(mine).values(is_current=False, pinned=False))


def _recording_of(connection: Connection, run_id: int) -> str:
    found = connection.scalar(select(run.c.recording_id).where(run.c.id == run_id))
    if found is None:
        raise ValueError(f"there is no run {run_id} in the episode log; expected a run's number")
    return str(found)
