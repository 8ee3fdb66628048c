"""``crampdetect evaluate``: how good the verdicts of nights are whose truth is known."""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from crampdetect.cli.numbers import whole_number
from crampdetect.cli.plot_targets import plot_targets
from crampdetect.cli.targets import refuse_existing
from crampdetect.cli.terminal import complain, json_printable, say

if TYPE_CHECKING:
    from crampdetect.learning.scoring_pairs import PairedNight
    from crampdetect.learning.scoring_report import Report

__all__ = ["EPILOG", "add_arguments", "run"]

EPILOG = """\
example:
  crampdetect simulate nights --nights 3 --seed 7
  crampdetect replay nights/*.edf --json --no-log > results.json
  crampdetect evaluate nights results.json --plot evaluation.png
  crampdetect evaluate night.truth.json night.json --json

A truth belongs to the result that is named like it: night-0007.truth.json to that of a
recording night-0007.edf, or, if it names none, to night-0007.json. Every figure stands
twice: for verdicts `cramp`, and with `unsure` counted as cramp. Figures on simulated nights
are simulation.
"""

#: Where ``--json`` stands without a name.
_STDOUT = Path("-")


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "truth",
        metavar="TRUTH",
        type=Path,
        help="*.truth.json, a TSV or CSV with onset, duration and eventType, or a folder of them",
    )
    parser.add_argument(
        "results",
        metavar="RESULTS",
        type=Path,
        help="what `crampdetect replay --json` printed, or a folder of such *.json",
    )
    parser.add_argument(
        "--json",
        metavar="FILE",
        type=Path,
        nargs="?",
        const=_STDOUT,
        help="write one JSON document, schema 1; without FILE print it and nothing else",
    )
    parser.add_argument(
        "--plot", metavar="PNG", type=Path, help="draw the figures into this .png, .pdf or .svg"
    )
    parser.add_argument(
        "--tsv",
        metavar="FOLDER",
        type=Path,
        help="write the scored events as tables in the columns of SzCORE",
    )
    parser.add_argument(
        "--seed",
        metavar="N",
        type=whole_number,
        default=0,
        help="of the patients drawn again and of the simulated trials (default: 0)",
    )
    parser.add_argument("--force", action="store_true", help="replace files that exist")


def run(arguments: Namespace) -> int:
    """Score, then write and print."""
    from crampdetect.learning.scoring import score
    from crampdetect.learning.scoring_pairs import read_nights

    (plot,) = plot_targets(arguments.plot, [arguments.truth])
    named = [each for each in (arguments.json, plot) if each not in (None, _STDOUT)]
    refuse_existing(named, force=arguments.force)
    nights = read_nights(arguments.truth, arguments.results)
    if arguments.tsv is not None:
        _refuse_tables(arguments.tsv, nights, force=arguments.force)
    report = score([each.night for each in nights], seed=arguments.seed)
    if plot is not None:
        from crampdetect.outputs.evaluation_plot import plot_evaluation

        plot_evaluation(report, plot)
    if arguments.tsv is not None:
        from crampdetect.learning.szcore_tsv import write_szcore

        write_szcore(arguments.tsv, nights, report)
    _tell(report, nights, arguments.json)
    wrote = [str(each) for each in (*named, arguments.tsv) if each is not None]
    if wrote and sys.stderr.isatty():
        complain(f"wrote {', '.join(wrote)}")
    return 0


def _refuse_tables(folder: Path, nights: "Sequence[PairedNight]", *, force: bool) -> None:
    from crampdetect.learning.szcore_tsv import szcore_files

    if folder.exists() and not folder.is_dir():
        raise ValueError(f"{folder} is a file; expected a folder for the tables")
    refuse_existing(szcore_files(folder, nights), force=force)


def _tell(report: "Report", nights: "Sequence[PairedNight]", target: Path | None) -> None:
    """The document, or the table for people, or both where the document has a file."""
    if target == _STDOUT:
        print(json_printable(report.to_json()), end="")
        return
    if target is not None:
        from crampdetect.storage.whole_file import write_whole

        write_whole(target, [report.to_json().encode()])
    from crampdetect.learning.scoring_tables import report_lines

    for line in report_lines(report, sorted({each.detector for each in nights})):
        say(line)
