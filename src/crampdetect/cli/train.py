"""``crampdetect train``: the models anew, from a seed."""

import os
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from crampdetect.cli.numbers import whole_number
from crampdetect.cli.targets import refuse_existing
from crampdetect.cli.terminal import printable, say
from crampdetect.errors import CrampdetectError

if TYPE_CHECKING:
    from crampdetect.learning.harvest import Harvest

__all__ = ["EPILOG", "add_arguments", "run"]

#: As the loader of models has it (``detection/model.py``); numpy behind it would cost `--help`.
LONGEST_NAME = 64

EPILOG = """\
example:
  crampdetect train boosted.json --seed 0
  crampdetect train boosted.json --seed 0 --real recordings --manifest manifest.tsv

Makes nights by numbers, learns from their events and writes a model of plain numbers, with
boosted.report.json beside it: what was tried, chosen and left out. The same seed gives the
same model for any number of workers. It takes about three quarters of an hour on two cores
(--size quick: minutes, to try out that it works, not for use). --real mixes in segments of
real recordings that are listed with their licence and SHA-256; it reads them where they are.
"""


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("out", metavar="FILE.json", type=Path, help="the model")
    parser.add_argument(
        "--seed", metavar="N", type=whole_number, default=0, help="0 to 99 (default: 0)"
    )
    parser.add_argument(
        "--size", choices=("full", "quick"), default="full", help="how many nights (default: full)"
    )
    parser.add_argument("--name", help="of the model (default: the file's)")
    parser.add_argument(
        "--workers",
        metavar="N",
        type=whole_number,
        default=os.cpu_count() or 1,
        help="processes (default: one a core)",
    )
    parser.add_argument("--real", metavar="DIR", type=Path, help="folder of real recordings")
    parser.add_argument(
        "--manifest", metavar="FILE", type=Path, help="which of them, with licence and SHA-256"
    )
    parser.add_argument("--force", action="store_true", help="replace a model that exists")


def run(arguments: Namespace) -> int:
    """Train, and write model and report."""
    out: Path = arguments.out
    if out.suffix != ".json":
        raise ValueError(f"model file is {out.name}; expected a name that ends in .json")
    if (arguments.real is None) != (arguments.manifest is None):
        raise ValueError("found one of --real and --manifest; expected both or none")
    if arguments.workers < 1:
        raise ValueError("found 0 workers; expected at least 1")
    name = arguments.name or out.stem
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        raise ValueError(f"model name is {name!r}; expected 1 to {LONGEST_NAME} printable letters")
    report = out.with_suffix(".report.json")
    refuse_existing([out, report], force=arguments.force)

    import json
    from dataclasses import asdict

    from crampdetect.detection.model import parse_model
    from crampdetect.detection.profiles import profile
    from crampdetect.learning.night_plans import plans
    from crampdetect.storage.whole_file import whole_file

    try:
        from crampdetect.learning.training import FULL, QUICK, gather, train
    except ModuleNotFoundError as error:
        raise CrampdetectError(
            "training needs scikit-learn, which is not installed; "
            "expected: pip install 'crampdetect[train]'"
        ) from error

    size = FULL if arguments.size == "full" else QUICK
    # All that can be refused is refused before the hour, not after it.
    plans("train", arguments.seed, size.train)
    out.parent.mkdir(parents=True, exist_ok=True)
    tell = _Teller()
    real = _real(arguments)
    harvests = gather(arguments.seed, size, profile("standard"), arguments.workers, tell)
    trained = train(name, harvests, arguments.seed, tell, real)
    parse_model(trained.text, out.name)  # what is written can be loaded
    tell.end()
    told = {**trained.report, "nights": asdict(size)}
    for path, text in (
        (report, json.dumps(told, indent=1) + "\n"),
        (out, trained.text),
    ):
        with whole_file(path) as file:
            file.write(text.encode())
    say(f"wrote {out} and {report.name}")
    return 0


def _real(arguments: Namespace) -> "list[Harvest]":
    """What is learnt from real recordings."""
    if arguments.real is None:
        return []
    from crampdetect.detection.profiles import profile
    from crampdetect.learning.real_training import real_harvests

    return real_harvests(arguments.manifest, arguments.real, profile("standard"), arguments.seed)


class _Teller:
    """One line on a terminal that says what is being done; silent in a pipe."""

    def __init__(self) -> None:
        self._shown = sys.stderr.isatty()

    def __call__(self, what: str, share: float) -> None:
        if self._shown:
            text = f"{printable(what)} {100 * share:3.0f} %"
            print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)

    def end(self) -> None:
        """Leave the line clean."""
        if self._shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
