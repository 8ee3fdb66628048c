"""An open episode log: one method a question, one transaction a method."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, Engine

from crampdetect.detection.types import KINDS
from crampdetect.records import MinuteRecord, RecordingRecord, Replay
from crampdetect.storage.log_engine import writing
from crampdetect.storage.log_errors import database_errors
from crampdetect.storage.log_forget import Forgotten, forget_recording
from crampdetect.storage.log_pin import pin_run, unpin_run
from crampdetect.storage.log_read import read_episodes, read_minutes, read_nights, read_runs
from crampdetect.storage.log_rows import (
    Added,
    EpisodeRow,
    NightRow,
    RunRow,
    Span,
    check_bounds,
    within,
)
from crampdetect.storage.log_values import check_replay
from crampdetect.storage.log_write import add_replay

__all__ = ["EpisodeLog"]


class EpisodeLog:
    """An open episode log. Made by :func:`crampdetect.storage.log.open_log`."""

    def __init__(self, engine: Engine, name: str, busy_timeout_s: float) -> None:
        self._engine = engine
        self._name = name
        self._busy_timeout_s = busy_timeout_s

    @property
    def name(self) -> str:
        """The file, or the URL without its password."""
        return self._name

    def add(self, replay: Replay, *, again: bool = False) -> Added:
        """Add a replay as a run, whole or not at all.

        The same recording with the same version, model, profile and configuration is in the log
        once: adding it again adds nothing, unless `again`. A new run becomes the current one
        unless the present one is pinned.

        Raises
        ------
        ValueError
            If the replay contradicts itself (a kind that does not exist, a number not finite).
        OtherLegError
            If the log holds the recording as one of the other leg (a LogError).
        LogError
            If the log cannot be written; nothing of the replay is in it then.
        """
        check_replay(replay)
        with self._errors(), writing(self._engine) as connection:
            return add_replay(connection, replay, again=again)

    def forget(self, recording_id: str) -> Forgotten:
        """Delete a recording with its runs and episodes; zeros if the log does not hold it."""
        with self._errors():
            return forget_recording(self._engine, recording_id)

    def pin(self, run_id: int) -> None:
        """Make `run_id` its recording's current run, and keep it so when newer ones come.

        Raises
        ------
        ValueError
            If there is no such run.
        """
        with self._errors(), writing(self._engine) as connection:
            pin_run(connection, run_id)

    def unpin(self, run_id: int) -> None:
        """Let the newest run of the recording of `run_id` be current again.

        Raises
        ------
        ValueError
            If there is no such run.
        """
        with self._errors(), writing(self._engine) as connection:
            unpin_run(connection, run_id)

    def nights(self, *, since: Span | None = None, until: Span | None = None) -> list[NightRow]:
        """Each recording with its current run, oldest first.

        Parameters
        ----------
        since, until : date, aware datetime or None
            Dates bound `night`, both included; instants bound the start, `until` excluded.
            Recordings without a known time are left out as soon as a bound is given.

        Notes
        -----
        Rates and the word for too little valid time: :func:`crampdetect.analysis.counts.counts_of`.
        """
        check_bounds((since, until))
        with self._reading() as connection:
            rows = read_nights(connection)
        return [row for row in rows if within(row.recording.start, row.night, since, until)]

    def recordings(self, participant: str | None = None) -> list[RecordingRecord]:
        """Every recording (of one participant), with the signals as the current run used them."""
        found = [row.recording for row in self.nights()]
        return [r for r in found if participant is None or r.participant == participant]

    def runs(self, recording_id: str | None = None) -> list[RunRow]:
        """Runs in the order they were added, of one recording or of all."""
        with self._reading() as connection:
            return read_runs(connection, recording_id)

    def minutes(self, run_id: int) -> list[MinuteRecord]:
        """Seconds by quality for each minute of one run."""
        with self._reading() as connection:
            return read_minutes(connection, run_id)

    def episodes(
        self,
        since: Span | None = None,
        until: Span | None = None,
        kinds: Sequence[str] | None = None,
        current_only: bool = True,
    ) -> list[EpisodeRow]:
        """Episodes in the order of nights and onsets.

        Parameters
        ----------
        since, until : date, aware datetime or None
            As for :meth:`nights`; instants bound the onset.
        kinds : sequence of str or None
            For example ``("cramp", "unsure")``; None means every kind.
        current_only : bool
            Leave out runs that another has replaced.

        Raises
        ------
        ValueError
            For a kind that does not exist, or a datetime without a zone.
        """
        check_bounds((since, until))
        unknown = set(kinds or ()) - set(KINDS)
        if unknown:
            raise ValueError(f"there is no kind {sorted(unknown)[0]!r}; expected one of {KINDS}")
        with self._reading() as connection:
            rows = list(read_episodes(connection, kinds, current_only))
        return [row for row in rows if within(row.episode.onset, row.night, since, until)]

    def close(self) -> None:
        """Close the database; the log cannot be used afterwards."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @contextmanager
    def _errors(self) -> Iterator[None]:
        with database_errors(self._name, self._busy_timeout_s):
            yield

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with self._errors(), self._engine.connect() as connection:
            yield connection
