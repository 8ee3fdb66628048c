"""``crampdetect convert``: any recording as EDF+, with what the detector found in it."""

from argparse import ArgumentParser, Namespace
from dataclasses import astuple
from pathlib import Path
from typing import TYPE_CHECKING

from crampdetect.cli.options import (
    add_judging_options,
    add_reading_options,
    read_options,
    settings,
)
from crampdetect.cli.targets import refuse_existing
from crampdetect.cli.terminal import progress_bar, say

if TYPE_CHECKING:
    from crampdetect.records import Annotation
    from crampdetect.storage.recording import RecordingFile

__all__ = ["EPILOG", "add_arguments", "run"]

EPILOG = """\
example:
  crampdetect convert opensignals.txt night.edf --timezone Europe/Berlin
  crampdetect convert night.xdf night.edf --no-episodes

The signals that would be judged are written, with episodes of every kind as annotations
named by their kind, and gaps marked BAD_gap. Annotations BAD_... become gaps: neither their
words nor the signal under them are kept. A recording finer than 16 bits becomes .bdf.
"""


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("file", metavar="FILE", type=Path, help="a recording")
    parser.add_argument("out", metavar="OUT", type=Path, help="the .edf (or .bdf) to write")
    parser.add_argument(
        "--no-episodes", action="store_true", help="write the signals without judging them"
    )
    parser.add_argument("--force", action="store_true", help="replace OUT if it exists")
    add_reading_options(parser)
    add_judging_options(parser)


def run(arguments: Namespace) -> int:
    """Write it."""
    from crampdetect.session_open import open_source
    from crampdetect.session_records import Wearing, recording_record
    from crampdetect.storage.edf_writer import write_edf

    _check_target(arguments.file, arguments.out, arguments.force)
    recording = open_source(arguments.file, read_options(arguments))
    # A file of others is known by its content; its EDF form carries that identity on, so that a
    # replay of either adds nothing to the log of the other.
    record = recording_record(recording, recording.signals, arguments.timezone, Wearing())
    annotations = {each for each in recording.annotations if not _marks_gap(each)}
    if not arguments.no_episodes:
        annotations |= _found(recording, arguments)
    written = write_edf(
        arguments.out,
        recording.signals,
        recording.read,
        lengths=recording.lengths,
        start_local=record.start_local,
        annotations=sorted(annotations, key=astuple),
        recording_id=record.id,
    )
    say(f"wrote {written} with {len(annotations)} annotations")
    return 0


def _check_target(source: Path, out: Path, force: bool) -> None:
    """Refuse to write over the recording itself, or without leave over another file."""
    if out.suffix.lower() not in (".edf", ".bdf"):
        raise ValueError(f"{out} is no EDF by its name; expected one ending in .edf or .bdf")
    # A recording finer than 16 bits becomes a .bdf whatever was asked.
    targets = (out, out.with_suffix(".bdf"))
    for target in targets:
        if target.exists() and source.exists() and target.samefile(source):
            raise ValueError(f"{target} is the recording itself; expected another name for OUT")
    refuse_existing(targets, force=force)


def _marks_gap(annotation: "Annotation") -> bool:
    """Whether the mark became a gap when the file was read; the writer marks gaps itself."""
    return annotation.text.strip().upper().startswith("BAD_")


def _found(recording: "RecordingFile", arguments: Namespace) -> set["Annotation"]:
    from crampdetect.records import Annotation
    from crampdetect.session import replay_recording

    with progress_bar(recording.path.name, float(recording.duration)) as progress:
        replay = replay_recording(recording, settings(arguments), progress=progress)
    return {Annotation(each.onset_s, each.duration_s, each.kind) for each in replay.episodes}
