"""``crampdetect replay``: files in, nights printed, logged and drawn.

All files are opened first. A file that is refused costs one line on stderr and the exit code 2;
the others are done all the same, and nothing of the refused one reaches the log.
"""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from crampdetect.cli.options import (
    add_judging_options,
    add_log_option,
    add_reading_options,
    add_wearer_options,
    read_options,
    settings,
)
from crampdetect.cli.plot_targets import plot_targets
from crampdetect.cli.terminal import complain, json_printable, progress_bar, say
from crampdetect.errors import CrampdetectError, RecordingError

if TYPE_CHECKING:
    from crampdetect.records import Replay
    from crampdetect.storage.log_access import EpisodeLog
    from crampdetect.storage.recording import RecordingFile

__all__ = ["EPILOG", "add_arguments", "run"]

EPILOG = """\
example:
  crampdetect replay night.edf --timezone Europe/Berlin --side left --plot night.png
  crampdetect replay *.edf --json --no-log > nights.json
  crampdetect replay table.csv --emg calf --rate 1000 --unit mV

With several files, --plot names a folder. A file that cannot be read costs a line on
stderr and the exit code 2; the other files are done. The demo night is added to a log
only where --log says so.
"""


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("files", metavar="FILE", nargs="*", type=Path, help="recordings")
    parser.add_argument("--demo", action="store_true", help="replay the simulated demo night")
    parser.add_argument(
        "--json",
        action="store_true",
        help="print one JSON document, schema 1 (a list for several files), and nothing else",
    )
    parser.add_argument(
        "--plot",
        metavar="PNG",
        type=Path,
        help="draw the night into this .png, .pdf or .svg; a folder for several files",
    )
    add_log_option(parser)
    parser.add_argument("--no-log", action="store_true", help="do not add to the episode log")
    parser.add_argument(
        "--again", action="store_true", help="add a new run beside one already in the log"
    )
    add_reading_options(parser)
    add_judging_options(parser)
    add_wearer_options(parser)


def run(arguments: Namespace) -> int:
    """Replay every file; 2 if one of them was refused."""
    files = _files(arguments)
    targets = plot_targets(arguments.plot, files)
    night = _Nights(arguments)
    opened = list(night.open(files))
    if not opened:
        return 2
    with night.log() as log:
        for position, recording in opened:
            night.replay(recording, targets[position], log)
    night.close()
    return 2 if night.refused else 0


def _files(arguments: Namespace) -> list[Path]:
    files: list[Path] = arguments.files
    if arguments.demo:
        from crampdetect.resources import demo_recording

        files = [*files, demo_recording()]
    if not files:
        raise ValueError("no recording was given; expected FILE or --demo")
    if arguments.no_log and (arguments.log is not None or arguments.again):
        raise ValueError("--no-log contradicts --log and --again; expected one or the other")
    return files


class _Nights:
    """What is done with each file, and what is printed at the end."""

    def __init__(self, arguments: Namespace) -> None:
        self.refused = False
        self._arguments = arguments
        self._settings = settings(arguments)
        self._as_list = len(arguments.files) + arguments.demo > 1
        self._demo: Path | None = None
        if arguments.demo:
            from crampdetect.resources import demo_recording

            self._demo = demo_recording()
        self._documents: list[Replay] = []

    def open(self, files: list[Path]) -> Iterator[tuple[int, "RecordingFile"]]:
        """The readable ones of `files` with their positions."""
        from crampdetect.session_open import open_source

        options = read_options(self._arguments)
        for position, path in enumerate(files):
            try:
                yield position, open_source(path, options)
            except RecordingError as error:
                self._refuse(error)

    def log(self) -> "AbstractContextManager[EpisodeLog | None]":
        """The log, opened before the work so that a wrong one is known at once."""
        only_demo = self._arguments.demo and not self._arguments.files
        if self._arguments.no_log or (only_demo and self._arguments.log is None):
            return nullcontext()
        from crampdetect.storage.log import open_log

        return open_log(self._arguments.log)

    def replay(
        self, recording: "RecordingFile", plot: Path | None, log: "EpisodeLog | None"
    ) -> None:
        """Judge one recording, add it to the log, draw and print it."""
        from crampdetect.session import replay_recording

        try:
            with progress_bar(recording.path.name, float(recording.duration)) as progress:
                replay = replay_recording(
                    recording, self._settings, progress=progress, trace=plot is not None
                )
        except RecordingError as error:
            self._refuse(error)
            return
        # Drawn first: a picture that fails must leave nothing in the log.
        if plot is not None:
            from crampdetect.outputs.night_plot import plot_night

            plot_night(replay, plot)
        in_log = self._add(replay, recording.path, log)
        if in_log is None:
            return
        if self._arguments.json:
            self._documents.append(replay)
        else:
            self._print(replay, in_log, plot)

    def close(self) -> None:
        """Print what comes once."""
        if not self._arguments.json:
            from crampdetect.outputs.night_text import CLAIM

            say(CLAIM)
        elif self._documents:
            from crampdetect.outputs.replay_document import document_text

            print(json_printable(document_text(self._documents, as_list=self._as_list)), end="")

    def _add(self, replay: "Replay", path: Path, log: "EpisodeLog | None") -> list[str] | None:
        """Lines about the log; None where it refused the recording."""
        if log is None or (path == self._demo and self._arguments.log is None):
            return ["not added to the log"]
        from crampdetect.cli.log_words import log_lines
        from crampdetect.storage.log_errors import OtherLegError

        try:
            return log_lines(log.add(replay, again=self._arguments.again), replay.run)
        except OtherLegError as error:
            self._refuse(error)
            return None

    def _print(self, replay: "Replay", in_log: list[str], plot: Path | None) -> None:
        from crampdetect.outputs.night_text import night_lines

        for line in night_lines(replay):
            say(line)
        for line in in_log:
            say(f"  {line}")
        if plot is not None:
            say(f"  drawn: {plot}")
        say()

    def _refuse(self, error: CrampdetectError) -> None:
        complain(str(error))
        self.refused = True
