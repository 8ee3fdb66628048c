"""``crampdetect recover``: nights that were cut off get their end and come into the log."""

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from crampdetect.cli.options import add_log_option
from crampdetect.cli.terminal import complain, say
from crampdetect.errors import RecordingError

if TYPE_CHECKING:
    from crampdetect.storage.log_access import EpisodeLog

__all__ = ["EPILOG", "add_arguments", "finish_unfinished", "run"]

EPILOG = """\
example:
  crampdetect recover

A night that a power failure or a kill cut off is whole up to its last second. It is judged as
any other, comes into the log once, and gets its end. `crampdetect night` does the same before
it begins.
"""


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--folder", metavar="DIR", type=Path, help="where captures are kept")
    add_log_option(parser)


def run(arguments: Namespace) -> int:
    """Finish every unfinished night; 1 if one of them cannot be."""
    from crampdetect.storage.log import open_log
    from crampdetect.storage.nights_folder import captures_folder, unfinished

    folder = captures_folder(arguments.folder)
    if not unfinished(folder):
        say(f"no night in {folder} was cut off")
        return 0
    with open_log(arguments.log) as log:
        return 1 if finish_unfinished(folder, log) else 0


def finish_unfinished(folder: Path, log: "EpisodeLog") -> int:
    """Judge, log and end every night in `folder` that was cut off; how many could not be.

    Judged first, ended last: what is interrupted here is done again, and adds nothing twice.
    """
    from crampdetect.cli.log_words import log_lines
    from crampdetect.outputs.night_text import counts_text, span_text
    from crampdetect.session import Settings, replay_recording
    from crampdetect.session_capture import open_capture
    from crampdetect.storage.capture_recovery import end_unfinished
    from crampdetect.storage.nights_folder import unfinished

    failed = 0
    for night in unfinished(folder):
        try:
            recording = open_capture(night.path)
        except RecordingError as error:
            complain(f"{error}; it stays as it is")
            failed += 1
            continue
        replay = replay_recording(recording, Settings())
        added = log.add(replay)
        end_unfinished(night.path)
        say(f"recovered {span_text(replay.recording)}")
        from crampdetect.analysis.counts import counts

        found = counts(replay.episodes, replay.quality, replay.recording.duration_s)
        say(f"  {counts_text(found, replay.quality.valid_s)}")
        for line in log_lines(added, replay.run):
            say(f"  {line}")
    return failed
