"""XDF recordings (LabRecorder): streams by type, name and labels; holes by their time stamps.

Time stamps serve to find holes and the offset between two streams. The clock offsets that the
recorder measures would bend the time axis of every sample; they are kept out of all decisions, but
for the first one, which aligns streams of different computers.
"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np

from crampdetect.detection.types import Array
from crampdetect.errors import RecordingError
from crampdetect.storage.channel_names import EmgClass, meaning
from crampdetect.storage.readers.grid import LONGEST_GAP_SECONDS, StreamPlan, Table
from crampdetect.storage.readers.grid_recording import grid_recording
from crampdetect.storage.readers.losses import BACKLOG_SECONDS, StampLoss
from crampdetect.storage.readers.selection import Channel, Selection, select_streams
from crampdetect.storage.readers.xdf_chunks import MAGIC, SAMPLES, chunks, decode_samples
from crampdetect.storage.readers.xdf_headers import StreamHeader
from crampdetect.storage.readers.xdf_survey import XdfSurvey, survey_file, usable_streams
from crampdetect.storage.recording import ReadOptions, RecordingFile

__all__ = ["open_xdf", "recognises"]

#: Rows gathered before they are given on; recorders write 0.5 s a chunk.
_ROWS = 1 << 15


def recognises(head: bytes) -> bool:
    """Whether a file begins as XDF.

    Examples
    --------
    >>> recognises(b"XDF:\\x01"), recognises(b"0       ")
    (True, False)
    """
    return head.startswith(MAGIC)


@dataclass(frozen=True, slots=True)
class _XdfGrid:
    """The samples of one stream: column 0 is the time stamp (s), the others are its channels."""

    path: Path
    header: StreamHeader
    n_rows: int

    def rows(self, columns: Sequence[int]) -> Iterator[Array]:
        """Yield blocks, shape (n_rows, n_columns); a stamp that the recorder left out is NaN.

        A sample without stamp follows the one before it after one period, by the format.
        """
        waiting: list[Array] = []
        n_waiting = 0
        for stamps, values in self._decoded():
            waiting.append(np.column_stack((stamps, values))[:, list(columns)])
            n_waiting += len(stamps)
            if n_waiting >= _ROWS:
                yield np.concatenate(waiting)
                waiting, n_waiting = [], 0
        if waiting:
            yield np.concatenate(waiting)

    def count(self) -> int:
        """Number of samples."""
        return self.n_rows

    def place(self, row: int) -> str:
        """The number of a sample, for a sentence."""
        return f"sample {row + 1}"

    def _decoded(self) -> Iterator[tuple[Array, Array]]:
        with self.path.open("rb") as file:
            for chunk in chunks(self.path, file):
                if chunk.tag != SAMPLES or chunk.stop - chunk.start < 4:
                    continue
                file.seek(chunk.start)
                if struct.unpack("<I", file.read(4))[0] == self.header.number:
                    data = file.read(chunk.stop - chunk.start - 4)
                    yield decode_samples(self.path, data, self.header)


def open_xdf(path: Path, options: ReadOptions) -> RecordingFile:
    """Open an XDF file.

    Parameters
    ----------
    path : Path
    options : ReadOptions
        A channel is named ``"stream label"``; ``rate`` and ``acc_rate`` replace nominal rates.

    Returns
    -------
    RecordingFile
        Gaps are marked as estimated: they come from time stamps.

    Raises
    ------
    RecordingError
        A damaged header or chunk, time stamps that are no times or run backwards, no EMG stream,
        or a rate below 200 Hz.
    """
    try:
        survey = survey_file(path)
    except OSError as error:
        raise RecordingError(
            f"{path}: the file cannot be read ({error}); expected an XDF file"
        ) from error
    rate_given = options.rate is not None or options.acc_rate is not None
    streams, problems = usable_streams(survey, rate_given=rate_given)
    firsts, channels = [0], []
    for header in streams:
        channels.extend(_channels(header, firsts[-1], options))
        firsts.append(len(channels))
    chosen = _select(path, channels, options, problems)
    tables = [_table(path, survey, streams, firsts, plan) for plan in chosen.streams]
    aligned = _aligned(tables, survey)
    return grid_recording(
        path,
        "XDF",
        aligned,
        start=survey.start if survey.start and survey.start.tzinfo else None,
        start_local=survey.start if survey.start and not survey.start.tzinfo else None,
        warnings=(*map(_as_warning, problems), *survey.warnings, *chosen.warnings),
        channels_available=[channel.name for channel in channels],
    )


def _select(
    path: Path, channels: Sequence[Channel], options: ReadOptions, problems: Sequence[str]
) -> Selection:
    """Choose; a refusal says first what is wrong with the file, which may be its cause."""
    try:
        return select_streams(channels, options, path)
    except RecordingError as error:
        if not problems:
            raise
        # Without a channel, the advice to choose one would lead nowhere.
        also = [str(error).removeprefix(f"{path}: ")] if channels else []
        raise RecordingError(f"{path}: {'; '.join([*problems, *also])}") from error


def _as_warning(problem: str) -> str:
    return f"{problem[0].upper()}{problem[1:]}; the rest is used"


def _channels(header: StreamHeader, first: int, options: ReadOptions) -> list[Channel]:
    """The channels of a stream; a bare label is read with the stream's type ("EMG ch1")."""
    channels = []
    for i, label in enumerate(header.labels):
        name = f"{header.name} {label or i + 1}".strip()
        said = meaning(label)
        speaks = said.emg != EmgClass.NOT_EMG or said.is_acceleration
        guess = name if speaks else f"{header.kind} {name}"
        given = options.acc_rate if meaning(guess).is_acceleration else options.rate
        rate = given or header.rate or Fraction(0)
        unit = header.units[i].removesuffix("s")  # "microvolts"
        channels.append(Channel(name, rate, unit, first + i, guess_name=guess))
    return channels


def _table(
    path: Path,
    survey: XdfSurvey,
    streams: Sequence[StreamHeader],
    firsts: Sequence[int],
    plan: StreamPlan,
) -> Table:
    """One stream of the recording from one stream of the file."""
    owners = {int(np.searchsorted(firsts, column, side="right")) - 1 for column in plan.columns}
    if len(owners) > 1:
        raise RecordingError(
            f"{path}: the chosen {plan.info.stream} channels are of several XDF streams "
            f"({', '.join(plan.info.channels)}); expected one stream"
        )
    owner = owners.pop()
    header = streams[owner]
    # Column 0 of the grid is the stamp.
    columns = tuple(column - firsts[owner] + 1 for column in plan.columns)
    rate = plan.info.nominal_sampling_frequency
    grid = _XdfGrid(path, header, survey.counts[header.number])
    own = StreamPlan(plan.info, columns, plan.scale, plan.offset)
    # Stamps deduced back from the end of a late chunk overlap those of the chunk before it.
    loss = StampLoss(0, rate, estimated=True, jitter=BACKLOG_SECONDS)
    return Table(grid, (own,), loss)


def _aligned(tables: Sequence[Table], survey: XdfSurvey) -> list[Table]:
    """Let the stream that began later begin with a gap."""
    numbers = [table.grid.header.number for table in tables if isinstance(table.grid, _XdfGrid)]
    if any(number not in survey.first_stamps for number in numbers):
        return list(tables)
    same_clock = any(number not in survey.first_offsets for number in numbers)
    begins = [
        survey.first_stamps[n] + (0.0 if same_clock else survey.first_offsets[n]) for n in numbers
    ]
    late = [begin - min(begins) for begin in begins]
    if not all(0 <= seconds <= LONGEST_GAP_SECONDS for seconds in late):
        survey.warnings.append(
            "The time stamps of the streams are days apart: they are taken to begin together"
        )
        return list(tables)
    return [
        Table(table.grid, table.streams, table.loss, lead=round(Fraction(seconds) * table.rate))
        for table, seconds in zip(tables, late, strict=True)
    ]
