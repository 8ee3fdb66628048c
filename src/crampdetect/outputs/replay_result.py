"""What ``crampdetect.replay`` returns: rows, tables, a picture, and signals for MNE."""

from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crampdetect.errors import CrampdetectError
from crampdetect.outputs.replay_document import replay_document
from crampdetect.records import Replay
from crampdetect.storage.recording import RecordingFile

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["ReplayResult"]

Row = dict[str, Any]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class ReplayResult:
    """What one replay found.

    Parameters
    ----------
    replay : Replay
        The result as typed records, for programs that want more than rows.
    recording : RecordingFile
        The opened file, read again by `to_mne`.
    added : bool or None
        True where the log took it, False where it was there already, None without a log.
    """

    replay: Replay
    recording: RecordingFile
    added: bool | None = None

    def __repr__(self) -> str:
        """One line; the fields hold every window of the night."""
        counts, valid_h = self.counts, self.quality["valid_s"] / 3600
        return (
            f"<ReplayResult {self.replay.recording.path}: {counts['cramps']} cramps, "
            f"{counts['unsure']} unsure, {valid_h:.2f} valid hours, {counts['status']}>"
        )

    @property
    def document(self) -> Row:
        """The document of ``crampdetect replay --json``, schema 1."""
        return replay_document(self.replay)

    @property
    def episodes(self) -> list[Row]:
        """Cramps and unsure ones: id, kind, onset_s, duration_s, onset, probability, ..."""
        return list(self.document["episodes"])

    @property
    def rejected(self) -> list[Row]:
        """Look-alikes with the same keys, each with its reasons."""
        return list(self.document["rejected"])

    @property
    def quality(self) -> dict[str, float]:
        """Seconds valid and invalid by cause; they sum to the recording's duration."""
        return dict(self.document["quality"])

    @property
    def counts(self) -> Row:
        """cramps, unsure, per_valid_hour (None where it would mislead) and status."""
        return dict(self.document["counts"])

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a person should know about the file, a sentence each."""
        return self.replay.warnings

    def to_dataframe(self, *, rejected: bool = False) -> Any:  # noqa: ANN401 - optional pandas
        """Episodes as a pandas DataFrame, a row each.

        Parameters
        ----------
        rejected : bool
            Look-alikes too.

        Raises
        ------
        CrampdetectError
            If pandas is not installed.
        """
        try:
            import pandas as pd
        except ModuleNotFoundError as error:
            raise CrampdetectError(
                "a DataFrame needs pandas, which is not installed; expected: pip install pandas"
            ) from error
        rows = self.episodes + (self.rejected if rejected else [])
        names = ["id", "kind", "onset_s", "duration_s", "onset", "probability", "reasons"]
        frame = pd.DataFrame([{name: row[name] for name in names} for row in rows], columns=names)
        return frame.sort_values("onset_s", ignore_index=True)

    def to_mne(self) -> Any:  # noqa: ANN401 - MNE is optional and has no stable types
        """The signals that were judged as an ``mne.io.RawArray``, with annotations.

        EMG in volts at its own rate; acceleration in g (type ``misc``), interpolated to the rate
        of the EMG, as MNE knows one rate. Gaps hold 0 and are marked ``BAD_gap``. Episodes of
        every kind are annotations named by their kind. The whole recording is held in memory.

        Raises
        ------
        CrampdetectError
            If MNE is not installed.
        RecordingError
            If the file cannot be read any more.
        """
        from crampdetect.outputs.mne_raw import raw_array

        return raw_array(self.recording, self.replay)

    def plot(self, path: str | PathLike[str] | None = None) -> "Figure":
        """The picture of the night.

        Parameters
        ----------
        path : path-like or None
            Also write it here (.png, .pdf or .svg).

        Returns
        -------
        matplotlib.figure.Figure

        Raises
        ------
        CrampdetectError
            If matplotlib is not installed.
        RecordingError
            If the file cannot be written.
        """
        from crampdetect.outputs.night_plot import night_figure, plot_night

        if path is not None:
            plot_night(self.replay, Path(path))
        return night_figure(self.replay)
